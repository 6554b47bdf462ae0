package gallery_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sendoff/widgets"
	"sendoff/widgets/gallery"
	"sendoff/widgets/look"
)

// page is the gallery as high as it is, so that all of it is in one picture.
func page(t *testing.T, variant look.Variant, width float32) (fyne.Window, image.Image) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(variant))
	w := test.NewTempWindow(t, widgets.Root(10, 10, gallery.New()))
	w.SetPadded(false)
	for range 3 {
		w.Resize(fyne.NewSize(width, 4400))
		w.Resize(fyne.NewSize(width+1, 4401))
	}
	return w, w.Canvas().Capture()
}

// TestPhotograph takes the gallery in both looks. The pictures go to the folder
// that SENDOFF_PICTURES names.
func TestPhotograph(t *testing.T) {
	var taken [][]byte
	for _, v := range []look.Variant{look.Light, look.Dark} {
		_, img := page(t, v, 1280)
		seen := map[[3]uint32]int{}
		for y := 0; y < img.Bounds().Dy(); y += 4 {
			for x := 0; x < img.Bounds().Dx(); x += 4 {
				r, g, b, _ := img.At(x, y).RGBA()
				seen[[3]uint32{r >> 8, g >> 8, b >> 8}]++
			}
		}
		if len(seen) < 60 {
			t.Errorf("%s has %d colours", v, len(seen))
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		taken = append(taken, b.Bytes())
		if dir := os.Getenv("SENDOFF_PICTURES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, "gallery-"+string(v)+".png"), b.Bytes(), 0o644); err != nil {
				t.Error(err)
			}
		}
	}
	if bytes.Equal(taken[0], taken[1]) {
		t.Error("light and dark look the same")
	}
}

func walk(o fyne.CanvasObject, at fyne.Position, f func(fyne.CanvasObject, fyne.Position)) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	f(o, at)
	switch o := o.(type) {
	case *fyne.Container:
		for _, x := range o.Objects {
			walk(x, at, f)
		}
	case fyne.Widget:
		for _, x := range test.WidgetRenderer(o).Objects() {
			walk(x, at, f)
		}
	}
}

// Everything that the package offers is shown, and nothing sticks out.
func TestComplete(t *testing.T) {
	for _, width := range []float32{1280, 900} {
		w, _ := page(t, look.Light, width)
		texts := map[string]bool{}
		shown := map[string]bool{}
		walk(w.Content(), fyne.Position{}, func(o fyne.CanvasObject, at fyne.Position) {
			switch o := o.(type) {
			case *widgets.Text:
				texts[o.Text()] = true
				if o.Text() != "" && at.X+o.Size().Width > width+2 {
					t.Errorf("%v wide: %q ends at %v", width, o.Text(), at.X+o.Size().Width)
				}
			case *widgets.Button:
				for name, k := range gallery.Kinds() {
					if o.Kind() == k {
						shown[name] = true
					}
				}
			}
		})
		for _, i := range widgets.Icons() {
			if !texts[string(i)] {
				t.Errorf("the icon %s is not shown", i)
			}
		}
		for name := range gallery.Kinds() {
			if !shown[name] {
				t.Errorf("no button is %s", name)
			}
		}
		for _, tone := range gallery.Tones() {
			if !texts["Tone "+string(tone)] {
				t.Errorf("the tone %q is not shown", tone)
			}
		}
	}
}

// The lists are those of the source.
func TestListsAreWhole(t *testing.T) {
	count := func(file, pattern string) int {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return len(regexp.MustCompile(pattern).FindAll(b, -1))
	}
	if n := count("../icon.go", `(?m)^\tIcon\w+ +IconName = `); n != len(widgets.Icons()) {
		t.Errorf("%d icons in the source, %d in the list", n, len(widgets.Icons()))
	}
	if n := count("../look/color.go", `(?m)^\t\w+ +Tone = `); n != len(gallery.Tones()) {
		t.Errorf("%d tones in the source, %d in the list", n, len(gallery.Tones()))
	}
	if len(gallery.Kinds()) != int(widgets.Pill)+1 {
		t.Errorf("%d kinds", len(gallery.Kinds()))
	}
}
