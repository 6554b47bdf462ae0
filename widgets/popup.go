package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// popup is a card over the window near a thing; a tap beside it closes it.
type popup struct {
	widget.BaseWidget
	c      fyne.Canvas
	at     fyne.CanvasObject
	shadow *canvas.Rectangle
	ground *crisp
	head   fyne.CanvasObject
	inside fyne.CanvasObject // decides the size
	body   fyne.CanvasObject // inside, or a scroller of it
	area   fyne.Position
	size   fyne.Size
	before fyne.Focusable
	most   float32 // height of what is below a search, when more than usual
}

func newPopup(at fyne.CanvasObject) *popup {
	c := fyne.CurrentApp().Driver().CanvasForObject(at)
	if c == nil {
		return nil
	}
	p := &popup{c: c, at: at, shadow: canvas.NewRectangle(nil), ground: newCrisp(), before: c.Focused()}
	p.ExtendBaseWidget(p)
	return p
}

// show opens it; search may be nil.
func (p *popup) show(list interface {
	fyne.CanvasObject
	fyne.Focusable
}, search *Entry) {
	p.inside, p.body = list, Scroll(list)
	p.c.Overlays().Add(p)
	if search != nil {
		p.head = search
		p.Refresh()
		p.c.Focus(search.Target())
		return
	}
	p.c.Focus(list)
}

func (p *popup) close() {
	p.c.Overlays().Remove(p)
	if p.before != nil {
		p.c.Focus(p.before)
	}
}

// Tapped closes it when the tap is beside the card.
func (p *popup) Tapped(e *fyne.PointEvent) {
	d := e.Position.Subtract(p.area)
	if d.X < 0 || d.Y < 0 || d.X > p.size.Width || d.Y > p.size.Height {
		p.close()
	}
}

// TappedSecondary does the same.
func (p *popup) TappedSecondary(e *fyne.PointEvent) { p.Tapped(e) }

func (p *popup) layout(s fyne.Size) {
	scale := scaleOf(p)
	p.ground.set(paint(p, look.Surface), paint(p, look.Line), look.RadiusSmall, 1, scale)
	p.shadow.FillColor, p.shadow.CornerRadius = paint(p, look.Surface), look.RadiusSmall
	p.shadow.Shadow = canvas.Shadow{Color: paint(p, look.Shade), BlurRadius: 20, Offset: fyne.NewPos(0, 6)}
	const pad, edge = 5, 8
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.at)
	m := p.inside.MinSize()
	w := max(m.Width, min(p.at.Size().Width-2*pad, 360), 150)
	h, head := m.Height, float32(0)
	if p.head != nil {
		w = max(w, 260)
		head = heightFor(p.head, w) + 6
		h = min(h, max(280, p.most))
	}
	below := s.Height - pos.Y - p.at.Size().Height - 4 - edge
	above := pos.Y - 4 - edge
	y := pos.Y + p.at.Size().Height + 4
	if h+head+2*pad > below && above > below {
		h = min(h, above-head-2*pad)
		y = pos.Y - 4 - (h + head + 2*pad)
	} else {
		h = min(h, below-head-2*pad)
	}
	x := pos.X
	if x+w+2*pad > s.Width-edge {
		x = pos.X + p.at.Size().Width - w - 2*pad
	}
	x = max(edge, min(x, s.Width-edge-w-2*pad))
	size := fyne.NewSize(w+2*pad, h+head+2*pad)
	p.area, p.size = fyne.NewPos(x, y), size
	put(p.shadow, x, y, size.Width, size.Height)
	p.ground.place(x, y, size)
	if p.head != nil {
		put(p.head, x+pad, y+pad, w, head-6)
	}
	put(p.body, x+pad, y+pad+head, w, h)
}

// CreateRenderer implements fyne.Widget.
func (p *popup) CreateRenderer() fyne.WidgetRenderer { return &popupRenderer{p} }

type popupRenderer struct{ p *popup }

func (r *popupRenderer) Destroy()           {}
func (r *popupRenderer) Layout(s fyne.Size) { r.p.layout(s) }
func (r *popupRenderer) MinSize() fyne.Size { r.p.ground.rescale(r.p); return fyne.NewSize(0, 0) }
func (r *popupRenderer) Refresh()           { r.p.layout(r.p.Size()); canvas.Refresh(r.p) }
func (r *popupRenderer) Objects() []fyne.CanvasObject {
	os := append([]fyne.CanvasObject{r.p.shadow}, r.p.ground.objects()...)
	if r.p.head != nil {
		os = append(os, r.p.head)
	}
	return append(os, r.p.body)
}
