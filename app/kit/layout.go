package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/widgets/look"
)

// Gap is the distance between cards.
const Gap float32 = 16

const (
	margin     float32 = 20
	sideWidth  float32 = 232
	foldBelow  float32 = 1100 // the summary folds away in narrower windows
	stackBelow float32 = 1000 // blocks stand under each other
)

type vstack struct{ gap float32 }

// Layout gives the width first and then asks for the height: texts break.
func (l vstack) Layout(os []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for _, o := range os {
		if !o.Visible() {
			continue
		}
		if o.Size().Width != s.Width {
			o.Resize(fyne.NewSize(s.Width, o.Size().Height))
		}
		h := o.MinSize().Height
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(s.Width, h))
		y += h + l.gap
	}
}

func (l vstack) MinSize(os []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	n := 0
	for _, o := range os {
		if o.Visible() {
			k := o.MinSize()
			m.Width = max(m.Width, k.Width)
			m.Height += k.Height
			n++
		}
	}
	m.Height += l.gap * float32(max(0, n-1))
	return m
}

// VStack puts things under each other.
func VStack(gap float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(vstack{gap}, os...)
}

// Replace changes the things in a stack.
func Replace(c *fyne.Container, os []fyne.CanvasObject) {
	c.Objects = os
	c.Refresh()
}

type hstack struct{ gap float32 }

func (l hstack) Layout(os []fyne.CanvasObject, s fyne.Size) {
	x := float32(0)
	for _, o := range os {
		if o.Visible() {
			m := o.MinSize()
			o.Move(fyne.NewPos(x, (s.Height-m.Height)/2))
			o.Resize(m)
			x += m.Width + l.gap
		}
	}
}

func (l hstack) MinSize(os []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	n := 0
	for _, o := range os {
		if o.Visible() {
			k := o.MinSize()
			m.Width += k.Width
			m.Height = max(m.Height, k.Height)
			n++
		}
	}
	m.Width += l.gap * float32(max(0, n-1))
	return m
}

// HStack puts things beside each other.
func HStack(gap float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(hstack{gap}, os...)
}

// lineUp gives the last thing what width is left.
type lineUp struct{ gap float32 }

func (l lineUp) Layout(os []fyne.CanvasObject, s fyne.Size) {
	x := float32(0)
	for i, o := range os {
		m := o.MinSize()
		w := m.Width
		if i == len(os)-1 {
			w = max(0, s.Width-x)
		}
		o.Move(fyne.NewPos(x, (s.Height-m.Height)/2))
		o.Resize(fyne.NewSize(w, m.Height))
		x += w + l.gap
	}
}

func (l lineUp) MinSize(os []fyne.CanvasObject) fyne.Size { return hstack(l).MinSize(os) }

// Pair puts a fixed thing before one that takes the rest.
func Pair(a, b fyne.CanvasObject) *fyne.Container { return container.New(lineUp{12}, a, b) }

type columns struct{ width float32 }

func (l *columns) Layout(os []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	if s.Width < stackBelow-2*margin {
		vstack{Gap}.Layout(os, s)
		return
	}
	left := float32(int((s.Width - Gap) * 0.44))
	for i, o := range os {
		w, x := left, float32(0)
		if i == 1 {
			w, x = s.Width-left-Gap, left+Gap
		}
		o.Resize(fyne.NewSize(w, o.Size().Height))
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(w, o.MinSize().Height))
	}
}

func (l *columns) MinSize(os []fyne.CanvasObject) fyne.Size {
	if l.width < stackBelow-2*margin {
		return vstack{Gap}.MinSize(os)
	}
	var m fyne.Size
	for _, o := range os {
		k := o.MinSize()
		m.Width += k.Width
		m.Height = max(m.Height, k.Height)
	}
	return m
}

// Columns puts two things side by side where there is room.
func Columns(a, b fyne.CanvasObject) *fyne.Container { return container.New(&columns{}, a, b) }

// rule is a line of one pixel.
func rule() fyne.CanvasObject { return newBox(look.Line, "", 0, [4]float32{}, nil) }

// fixed gives a thing a size.
type fixed struct{ w, h float32 }

func (l fixed) Layout(os []fyne.CanvasObject, s fyne.Size) {
	for _, o := range os {
		o.Move(fyne.Position{})
		o.Resize(s)
	}
}
func (l fixed) MinSize(os []fyne.CanvasObject) fyne.Size { return fyne.NewSize(l.w, l.h) }

func tall(h float32, o fyne.CanvasObject) *fyne.Container { return container.New(fixed{24, h}, o) }

// Side makes the summary of a dashboard.
func Side(os ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewVScroll(newBox(look.Surface, "", 0, [4]float32{20, 20, 20, 20}, VStack(18, os...)))
}

// Frame is a screen: a summary that folds, an action bar and a page that
// scrolls.
type Frame struct {
	object *fyne.Container
	layout *frame
}

type frame struct {
	side, bar, line, edge, page fyne.CanvasObject
	inner                       *fyne.Container
	folded, wished              bool
}

// NewFrame makes a screen. A nil side means there is none.
func NewFrame(side fyne.CanvasObject, bar *Bar, page ...fyne.CanvasObject) *Frame {
	inner := container.New(pad{margin, margin}, VStack(Gap, page...))
	l := &frame{side: side, bar: bar, line: rule(), edge: rule(), inner: inner, page: container.NewVScroll(inner)}
	os := []fyne.CanvasObject{l.page, bar, l.line}
	if side != nil {
		os = append(os, side, l.edge)
	}
	return &Frame{container.New(l, os...), l}
}

// Object is the screen as a canvas object.
func (f *Frame) Object() fyne.CanvasObject { return f.object }

// ToggleSide shows or hides the summary.
func (f *Frame) ToggleSide() {
	if f.layout.side != nil {
		f.layout.wished, f.layout.folded = true, f.layout.side.Visible()
		f.layout.Layout(nil, f.object.Size())
		f.object.Refresh()
	}
}

func (l *frame) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	const barHeight = 52
	x := float32(0)
	if l.side != nil {
		show := s.Width >= foldBelow
		if l.wished {
			show = !l.folded
		}
		Show(l.side, show)
		Show(l.edge, show)
		if show {
			x = sideWidth
			l.side.Move(fyne.NewPos(0, 0))
			l.side.Resize(fyne.NewSize(sideWidth-1, s.Height))
			l.edge.Move(fyne.NewPos(sideWidth-1, 0))
			l.edge.Resize(fyne.NewSize(1, s.Height))
		}
	}
	l.bar.Move(fyne.NewPos(x, 0))
	l.bar.Resize(fyne.NewSize(s.Width-x, barHeight))
	l.line.Move(fyne.NewPos(x, barHeight-1))
	l.line.Resize(fyne.NewSize(s.Width-x, 1))
	l.inner.Resize(fyne.NewSize(s.Width-x, l.inner.Size().Height))
	l.page.Move(fyne.NewPos(x, barHeight))
	l.page.Resize(fyne.NewSize(s.Width-x, s.Height-barHeight))
}

func (l *frame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, 300) }

type pad struct{ x, y float32 }

func (l pad) Layout(os []fyne.CanvasObject, s fyne.Size) {
	for _, o := range os {
		o.Move(fyne.NewPos(l.x, l.y))
		o.Resize(fyne.NewSize(s.Width-2*l.x, max(0, s.Height-2*l.y)))
	}
}

func (l pad) MinSize(os []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range os {
		m = m.Max(o.MinSize())
	}
	return m.AddWidthHeight(2*l.x, 2*l.y)
}
