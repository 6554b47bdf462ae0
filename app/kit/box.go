package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// box is a rounded ground with a content inside a margin.
type box struct {
	widget.BaseWidget
	fill, line fyne.ThemeColorName
	radius     float32
	pad        [4]float32 // top, right, bottom, left
	content    fyne.CanvasObject
	rect       *canvas.Rectangle
}

func newBox(fill, line fyne.ThemeColorName, radius float32, pad [4]float32, content fyne.CanvasObject) *box {
	b := &box{fill: fill, line: line, radius: radius, pad: pad, content: content, rect: canvas.NewRectangle(nil)}
	b.ExtendBaseWidget(b)
	return b
}

func (b *box) paint() {
	v := fyne.CurrentApp().Settings().ThemeVariant()
	b.rect.FillColor = b.Theme().Color(b.fill, v)
	b.rect.CornerRadius = b.radius
	b.rect.StrokeWidth = 0
	if b.line != "" {
		b.rect.StrokeColor, b.rect.StrokeWidth = b.Theme().Color(b.line, v), 1
	}
}

func (b *box) set(fill, line fyne.ThemeColorName) {
	if fill != b.fill || line != b.line {
		b.fill, b.line = fill, line
		b.Refresh()
	}
}

// Layout places the content inside the margin.
func (b *box) Layout(s fyne.Size) {
	b.rect.Resize(s)
	if b.content != nil {
		b.content.Move(fyne.NewPos(b.pad[3], b.pad[0]))
		b.content.Resize(fyne.NewSize(max(0, s.Width-b.pad[1]-b.pad[3]), max(0, s.Height-b.pad[0]-b.pad[2])))
	}
}

// CreateRenderer implements fyne.Widget.
func (b *box) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	objects := []fyne.CanvasObject{b.rect}
	if b.content != nil {
		objects = append(objects, b.content)
	}
	return &renderer{objects: objects, layout: b.Layout, refresh: func() { b.paint(); b.rect.Refresh() }, min: func() fyne.Size {
		m := fyne.Size{}
		if b.content != nil {
			m = b.content.MinSize()
		}
		return m.AddWidthHeight(b.pad[1]+b.pad[3], b.pad[0]+b.pad[2])
	}}
}

// renderer is a WidgetRenderer made of functions.
type renderer struct {
	objects []fyne.CanvasObject
	layout  func(fyne.Size)
	refresh func()
	min     func() fyne.Size
}

func (r *renderer) Destroy()                     {}
func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *renderer) Layout(s fyne.Size)           { r.layout(s) }
func (r *renderer) MinSize() fyne.Size           { return r.min() }
func (r *renderer) Refresh()                     { r.refresh() }

// Show shows or hides, and lets the neighbours know when something changed.
func Show(o fyne.CanvasObject, show bool) {
	switch {
	case show && !o.Visible():
		o.Show()
	case !show && o.Visible():
		o.Hide()
	}
}
