package preview

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"sendoff/app/state"
)

// Heights depend on widths here: a layout gives a thing its width first and asks for the
// height then. Each remembers what it needs between Layout and MinSize by asking again.

func heightAt(o fyne.CanvasObject, w float32) float32 {
	if o.Size().Width != w {
		o.Resize(fyne.NewSize(w, o.Size().Height))
	}
	return o.MinSize().Height
}

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

func gap(h float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(1, h))
	return r
}

// sheet places the paper in the middle, as wide as what shows the message.
type sheet struct{ p *paper }

func (l sheet) measures(width float32) (w, inner, x float32) {
	w, x = float32(state.PhoneWidth), phoneEdge
	if l.p.desktop {
		w = state.DesktopWidth
	}
	w = min(w, width)
	inner = w - 2*x
	switch {
	case l.p.bare:
		return w, w - 2, 1
	case l.p.desktop:
		inner = min(column, w-2*margin)
		x = float32(int((w - inner) / 2))
	}
	return w, inner, x
}

func (l sheet) Layout(os []fyne.CanvasObject, s fyne.Size) {
	w, inner, x := l.measures(s.Width)
	h, top := heightAt(os[1], inner), l.top()
	left := float32(int((s.Width - w) / 2))
	put(os[0], left, 0, w, max(h+2*top, leastPaper))
	put(os[1], left+x, top, inner, h)
}

func (l sheet) top() float32 {
	if l.p.bare {
		return 1
	}
	return margin
}

func (l sheet) MinSize(os []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(240, max(os[1].MinSize().Height+2*l.top(), leastPaper))
}

// item places a mark before a paragraph.
type item struct{ indent float32 }

func (l item) Layout(os []fyne.CanvasObject, s fyne.Size) {
	put(os[0], l.indent-18, 0, 18, os[0].MinSize().Height)
	put(os[1], l.indent, 0, max(1, s.Width-l.indent), heightAt(os[1], max(1, s.Width-l.indent)))
}

func (l item) MinSize(os []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.indent+8, os[1].MinSize().Height)
}

// natural is a thing that knows how wide it wants to be within a width.
type natural interface{ Wanted(width float32) float32 }

// placed puts one thing at the left or in the middle, as wide as it wants to be.
type placed struct{ center bool }

func (l placed) Layout(os []fyne.CanvasObject, s fyne.Size) {
	w := s.Width
	switch o := os[0].(type) {
	case natural:
		w = min(w, o.Wanted(s.Width))
	case *fyne.Container:
		if n, ok := o.Layout.(interface {
			Wanted([]fyne.CanvasObject) float32
		}); ok {
			w = min(w, n.Wanted(o.Objects))
		}
	}
	x := float32(0)
	if l.center {
		x = float32(int((s.Width - w) / 2))
	}
	put(os[0], x, 0, w, heightAt(os[0], w))
}

func (l placed) MinSize(os []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(8, os[0].MinSize().Height)
}

// pressed puts a ground behind words, with room around them.
type pressed struct{}

const (
	pressX float32 = 18
	pressY float32 = 9
)

// Wanted is the width of the words in one line, with the room.
func (pressed) Wanted(os []fyne.CanvasObject) float32 {
	return os[1].(interface{ Natural() float32 }).Natural() + 2*pressX + 1
}

func (pressed) Layout(os []fyne.CanvasObject, s fyne.Size) {
	put(os[0], 0, 0, s.Width, s.Height)
	w := max(1, s.Width-2*pressX)
	put(os[1], pressX, pressY, w, heightAt(os[1], w))
}

func (pressed) MinSize(os []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(2*pressX+8, os[1].MinSize().Height+2*pressY)
}
