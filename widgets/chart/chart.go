// Package chart shows a plot in a window. The picture is drawn off the UI
// goroutine; until a new one is there the last one stays, stretched if need be.
//
// A Chart belongs to the UI goroutine. The post function it is given carries
// finished pictures back there.
package chart

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/plotting"
)

// Chart is a plot that follows its size, the theme and its data.
type Chart struct {
	widget.BaseWidget
	r      *plotting.Renderer
	post   func(func())
	height float32
	grid   fyne.ThemeColorName

	data    plotting.Chart
	colors  []fyne.ThemeColorName
	img     *canvas.Image
	busy    bool // a picture is being drawn
	pending bool // and is outdated already
	asked   request
}

// request is what a picture is drawn for.
type request struct {
	w, h  int
	scale float64
}

// New makes an empty chart of a height. grid names the colour of its lines.
func New(r *plotting.Renderer, height float32, grid fyne.ThemeColorName, post func(func())) *Chart {
	c := &Chart{r: r, post: post, height: height, grid: grid, img: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleSmooth}}
	c.ExtendBaseWidget(c)
	return c
}

// Set changes what is drawn. colors are those of the series, by name, so that
// they follow the theme.
func (c *Chart) Set(data plotting.Chart, colors ...fyne.ThemeColorName) {
	c.data, c.colors = data, colors
	c.draw()
}

// CreateRenderer implements fyne.Widget.
func (c *Chart) CreateRenderer() fyne.WidgetRenderer { return &renderer{c} }

type renderer struct{ c *Chart }

func (r *renderer) Destroy()                     {}
func (r *renderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.c.img} }
func (r *renderer) MinSize() fyne.Size           { return fyne.NewSize(120, r.c.height) }
func (r *renderer) Refresh()                     { r.c.draw() }

func (r *renderer) Layout(s fyne.Size) {
	r.c.img.Resize(s)
	if q := r.c.request(); q != r.c.asked {
		r.c.draw()
	}
}

// request reads the size in pixels; zero before the chart is in a window.
func (c *Chart) request() request {
	at := fyne.CurrentApp().Driver().CanvasForObject(c)
	if at == nil {
		return request{}
	}
	scale := float64(at.Scale())
	size := c.Size()
	return request{int(math.Round(float64(size.Width) * scale)), int(math.Round(float64(size.Height) * scale)), scale}
}

// draw asks for a new picture; while one is being drawn it waits for it, so that
// at most one goroutine is at work and the last data always win.
func (c *Chart) draw() {
	q := c.request()
	if q.w < 1 || q.h < 1 {
		return
	}
	if c.busy {
		c.pending = true
		return
	}
	c.busy, c.asked = true, q
	data, style := c.data, plotting.Style{Grid: c.color(c.grid), Text: c.color(theme.ColorNamePlaceHolder), TextSize: 11}
	data.Series = append([]plotting.Series(nil), data.Series...)
	for i := range data.Series {
		if i < len(c.colors) {
			data.Series[i].Color = c.color(c.colors[i])
		}
	}
	go func() {
		img, err := c.r.Render(q.w, q.h, q.scale, data, style)
		c.post(func() { c.drawn(img, err) })
	}()
}

func (c *Chart) drawn(img *image.RGBA, err error) {
	c.busy = false
	if err == nil {
		c.img.Image = img
		c.img.Refresh()
	}
	if c.pending {
		c.pending = false
		c.draw()
	}
}

func (c *Chart) color(n fyne.ThemeColorName) color.Color {
	return c.Theme().Color(n, fyne.CurrentApp().Settings().ThemeVariant())
}
