package chart_test

import (
	"image"
	"image/color"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"sendoff/resources"
	"sendoff/widgets/chart"
	"sendoff/widgets/plotting"
)

// desk runs what is posted when the test asks, as the UI goroutine would.
type desk chan func()

func (d desk) post(f func()) { d <- f }

func data(n int) plotting.Chart {
	var ps []plotting.Point
	for i := range n {
		ps = append(ps, plotting.Point{At: time.Unix(int64(i), 0), Value: float64(i)})
	}
	return plotting.Chart{Series: []plotting.Series{{Points: ps}}}
}

// has counts the pixels of a colour in the window.
func has(img image.Image, want color.Color) int {
	n := 0
	wr, wg, wb, _ := want.RGBA()
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if r, g, b, _ := img.At(x, y).RGBA(); r>>8 == wr>>8 && g>>8 == wg>>8 && b>>8 == wb>>8 {
				n++
			}
		}
	}
	return n
}

func TestTheLastDataWin(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(test.Theme())
	r, err := plotting.NewRenderer(resources.FiguresTabular.Content())
	if err != nil {
		t.Fatal(err)
	}
	d := make(desk, 10)
	c := chart.New(r, 150, theme.ColorNameSeparator, d.post)
	w := test.NewTempWindow(t, c)
	w.Resize(fyne.NewSize(600, 200))
	for i := range 50 {
		c.Set(data(i), theme.ColorNameError)
	}
	c.Set(data(40), theme.ColorNameSuccess)
	// One picture is under way and one waits: no more than that.
	applied := 0
	for {
		select {
		case f := <-d:
			f()
			applied++
			continue
		case <-time.After(2 * time.Second):
		}
		break
	}
	if applied > 3 {
		t.Errorf("%d pictures for a burst of changes", applied)
	}
	img := w.Canvas().Capture()
	success := theme.Color(theme.ColorNameSuccess)
	failure := theme.Color(theme.ColorNameError)
	if has(img, success) < 50 || has(img, failure) != 0 {
		t.Errorf("success %d, error %d pixels: not the last data", has(img, success), has(img, failure))
	}
}
