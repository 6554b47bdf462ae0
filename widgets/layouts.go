package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/widgets/look"
)

func visible(os []fyne.CanvasObject) []fyne.CanvasObject {
	for i, o := range os {
		if !o.Visible() {
			out := append([]fyne.CanvasObject{}, os[:i]...)
			for _, o := range os[i+1:] {
				if o.Visible() {
					out = append(out, o)
				}
			}
			return out
		}
	}
	return os
}

// vstack puts things under each other, each as wide as it may be and as high as
// it then needs.
type vstack struct{ gap float32 }

func (l vstack) Layout(os []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for _, o := range visible(os) {
		h := heightFor(o, s.Width)
		put(o, 0, y, s.Width, h)
		y += h + l.gap
	}
}

func (l vstack) MinSize(os []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for i, o := range visible(os) {
		k := o.MinSize()
		m.Width = max(m.Width, k.Width)
		m.Height += k.Height
		if i > 0 {
			m.Height += l.gap
		}
	}
	return m
}

// VStack puts things under each other.
func VStack(gap float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(vstack{gap}, os...)
}

// hstack puts things beside each other, in the middle or on one baseline; with
// fill the last one gets what is left.
type hstack struct {
	gap      float32
	baseline bool
	fill     bool
}

// standing is how far below the top of o its letters stand.
func standing(o fyne.CanvasObject) float32 {
	if b, ok := o.(interface{ Baseline() float32 }); ok {
		return b.Baseline()
	}
	return o.MinSize().Height
}

func (l hstack) Layout(os []fyne.CanvasObject, s fyne.Size) {
	os = visible(os)
	x, base := float32(0), float32(0)
	for _, o := range os {
		base = max(base, standing(o))
	}
	for i, o := range os {
		m := o.MinSize()
		if l.fill && i == len(os)-1 {
			m.Width = max(0, s.Width-x)
		} else if t, ok := o.(*Text); ok && t.trim {
			m.Width = max(0, min(t.Natural(), s.Width-x))
		}
		y := floor((s.Height - m.Height) / 2)
		if l.baseline {
			y = base - standing(o)
		}
		put(o, x, y, m.Width, m.Height)
		x += m.Width + l.gap
	}
}

func (l hstack) MinSize(os []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	base, below := float32(0), float32(0)
	for i, o := range visible(os) {
		k := o.MinSize()
		m.Width += k.Width
		if i > 0 {
			m.Width += l.gap
		}
		m.Height = max(m.Height, k.Height)
		base, below = max(base, standing(o)), max(below, k.Height-standing(o))
	}
	if l.baseline {
		m.Height = base + below
	}
	return m
}

// HStack puts things beside each other, each in the middle of the height.
func HStack(gap float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(hstack{gap: gap}, os...)
}

// HFill is HStack whose last thing gets the width that is left.
func HFill(gap float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(hstack{gap: gap, fill: true}, os...)
}

// Baseline is HFill whose texts stand on one line.
func Baseline(gap float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(hstack{gap: gap, baseline: true, fill: true}, os...)
}

// Replace changes the things in a container.
func Replace(c *fyne.Container, os ...fyne.CanvasObject) {
	c.Objects = os
	c.Refresh()
}

// inset keeps a distance around its things.
type inset struct{ in Insets }

func (l inset) Layout(os []fyne.CanvasObject, s fyne.Size) {
	for _, o := range os {
		put(o, l.in.Left, l.in.Top, s.Width-l.in.Left-l.in.Right, s.Height-l.in.Top-l.in.Bottom)
	}
}

func (l inset) MinSize(os []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range visible(os) {
		m = m.Max(o.MinSize())
	}
	return m.AddWidthHeight(l.in.Left+l.in.Right, l.in.Top+l.in.Bottom)
}

// Inset keeps a distance around a thing.
func Inset(in Insets, o fyne.CanvasObject) *fyne.Container { return container.New(inset{in}, o) }

// sized gives its things a least size, 0 for what they ask.
type sized struct{ min fyne.Size }

func (l sized) Layout(os []fyne.CanvasObject, s fyne.Size) {
	for _, o := range os {
		put(o, 0, 0, s.Width, s.Height)
	}
}

func (l sized) MinSize(os []fyne.CanvasObject) fyne.Size {
	m := l.min
	for _, o := range visible(os) {
		k := o.MinSize()
		if l.min.Width == 0 {
			m.Width = max(m.Width, k.Width)
		}
		if l.min.Height == 0 {
			m.Height = max(m.Height, k.Height)
		}
	}
	return m
}

// Sized gives a thing exactly these measures to ask for; 0 is its own.
func Sized(w, h float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(sized{fyne.NewSize(w, h)}, o)
}

// ends puts one thing at the left and one at the right. The right one keeps its
// width, the left one gets the rest.
type ends struct{ gap float32 }

func (l ends) Layout(os []fyne.CanvasObject, s fyne.Size) {
	r := os[1].MinSize()
	if !os[1].Visible() {
		r.Width = -l.gap
	}
	w := s.Width - r.Width - l.gap
	h := heightFor(os[0], w)
	put(os[0], 0, floor((s.Height-h)/2), w, h)
	put(os[1], s.Width-r.Width, floor((s.Height-r.Height)/2), r.Width, r.Height)
}

func (l ends) MinSize(os []fyne.CanvasObject) fyne.Size {
	a, b := os[0].MinSize(), os[1].MinSize()
	if !os[1].Visible() {
		return a
	}
	return fyne.NewSize(a.Width+l.gap+b.Width, max(a.Height, b.Height))
}

// Ends puts one thing at the left and one at the right.
func Ends(left, right fyne.CanvasObject) *fyne.Container { return container.New(ends{16}, left, right) }

// columns puts things side by side where there is room, else under each other.
type columns struct {
	share float32 // of the first, when two
	least float32 // width at which they stand side by side
	gap   float32
	width float32
}

func (l *columns) stacked() bool { return l.width < l.least }

func (l *columns) widths(n int, w float32) []float32 {
	out := make([]float32, n)
	rest := w - l.gap*float32(n-1)
	for i := range out {
		out[i] = floor(rest / float32(n))
	}
	if n == 2 {
		out[0] = floor(rest * l.share)
	}
	sum := float32(0)
	for _, x := range out[:n-1] {
		sum += x
	}
	out[n-1] = rest - sum
	return out
}

func (l *columns) Layout(os []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	os = visible(os)
	if len(os) == 0 {
		return
	}
	if l.stacked() {
		vstack{l.gap}.Layout(os, s)
		return
	}
	ws := l.widths(len(os), s.Width)
	x, h := float32(0), float32(0)
	for i, o := range os {
		h = max(h, heightFor(o, ws[i]))
	}
	for i, o := range os {
		put(o, x, 0, ws[i], h)
		x += ws[i] + l.gap
	}
}

func (l *columns) MinSize(os []fyne.CanvasObject) fyne.Size {
	os = visible(os)
	if l.stacked() {
		return vstack{l.gap}.MinSize(os)
	}
	var m fyne.Size
	for _, o := range os {
		k := o.MinSize()
		m = fyne.NewSize(m.Width+k.Width, max(m.Height, k.Height))
	}
	// Narrower windows stack, so this asks for no more than a stack would.
	return fyne.NewSize(vstack{l.gap}.MinSize(os).Width, m.Height)
}

// Columns puts things side by side where there is room, else under each other;
// share is how much of the width the first of two gets.
func Columns(share float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(&columns{share: share, least: look.StackBelow, gap: look.Gap}, os...)
}

// Split is Columns that stand side by side from a width on, with a gap.
func Split(least, gap, share float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(&columns{share: share, least: least, gap: gap}, os...)
}

// fillEnd puts things beside each other, in the middle of the height; the first
// one gets the width that the others leave.
type fillEnd struct{ gap float32 }

func (l fillEnd) Layout(os []fyne.CanvasObject, s fyne.Size) {
	x := s.Width
	shown := visible(os)
	for i := len(shown) - 1; i >= 0; i-- {
		m := shown[i].MinSize()
		if i == 0 {
			m.Width = max(0, x)
		}
		x -= m.Width
		put(shown[i], max(0, x), floor((s.Height-m.Height)/2), m.Width, m.Height)
		x -= l.gap
	}
}

func (l fillEnd) MinSize(os []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for i, o := range visible(os) {
		k := o.MinSize()
		if i > 0 {
			m.Width += l.gap
		}
		m = fyne.NewSize(m.Width+k.Width, max(m.Height, k.Height))
	}
	return m
}

// FillEnd puts things beside each other; the first gets the width that is left.
func FillEnd(gap float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(fillEnd{gap}, os...)
}
