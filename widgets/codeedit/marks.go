package codeedit

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets"
	"sendoff/widgets/look"
)

// reach is the cells that a mark underlines: the piece at its place.
func (a *area) reach(n int) (from, to int) {
	p := a.e.spots[n]
	b := a.e.buf
	i := b.rowOf(p)
	r := b.rows[i]
	from = a.cellOf(p, i)
	to = from + 1
	if i-b.read > ahead {
		return from, to
	}
	for _, t := range b.pieces(i) {
		if r.from+t.From <= p.col && p.col < r.from+t.To {
			to = max(to, a.cellOf(pos{p.line, r.from + t.To}, i))
		}
	}
	return from, to
}

// wave is the line below what is wrong.
type wave struct {
	img   *canvas.Image
	w     int
	ink   color.Color
	scale float32
}

func (v *wave) set(cells float32, ink color.Color, scale float32) {
	w := max(4, int(cells*scale))
	if v.img != nil && v.w == w && v.ink == ink && v.scale == scale {
		return
	}
	v.w, v.ink, v.scale = w, ink, scale
	period := max(2, int(3*scale))
	h := period
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	thick := max(1, int(scale))
	for x := range w {
		y := x % (2 * (h - 1))
		if y >= h {
			y = 2*(h-1) - y
		}
		for k := range thick {
			m.Set(x, min(h-1, y+k), ink)
		}
	}
	if v.img == nil {
		v.img = &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScalePixels}
	}
	v.img.Image = m
	v.img.Refresh()
}

func (a *area) drawWaves(first, last int) {
	used := 0
	scale := float32(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(a); c != nil && c.Scale() > 0 {
		scale = c.Scale()
	}
	for n, p := range a.e.spots {
		i := a.e.buf.rowOf(p)
		if i < first || i > last || a.e.marks[n].Line == 0 {
			continue
		}
		from, to := a.reach(n)
		if used == len(a.waves) {
			a.waves = append(a.waves, &wave{})
		}
		v := a.waves[used]
		used++
		v.set(float32(to-from)*a.cell, a.color(a.e.marks[n].Tone.Text()), scale)
		place(v.img, a.x(from), top(i)+rowHeight-3, float32(to-from)*a.cell, 3)
		a.shown = append(a.shown, v.img)
	}
}

// tell shows the remark of a mark below it.
func (a *area) tell(n int) {
	a.told = n
	m := a.e.marks[n]
	a.bubble.text.Set(m.Text)
	a.bubble.text.SetTone(m.Tone)
	p := a.e.spots[n]
	i := a.e.buf.rowOf(p)
	w := min(a.e.scroll.Size().Width-a.gutter-right-2*padding, a.bubble.text.Natural()+20, 460)
	a.bubble.Resize(fyne.NewSize(w, a.bubble.MinSize().Height))
	h := a.bubble.MinSize().Height
	x := max(a.gutter, min(a.x(a.cellOf(p, i)), a.e.scroll.Size().Width-right-w))
	y := top(i) + rowHeight + 2
	if y+h > a.e.scroll.Offset.Y+a.e.scroll.Size().Height {
		y = top(i) - h - 2
	}
	place(a.bubble, x, y, w, h)
	a.bubble.Show()
	a.draw()
}

// hush hides the remark.
func (a *area) hush() {
	if a.told >= 0 {
		a.told = -1
		a.bubble.Hide()
		a.draw()
	}
}

// bubble is a remark over the text.
type bubble struct {
	widget.BaseWidget
	text *widgets.Text
	box  *widgets.Box
}

func newBubble() *bubble {
	b := &bubble{text: widgets.NewText("", widgets.Small()).Wrap()}
	b.box = widgets.NewBox(look.Surface, look.Line, look.RadiusSmall, widgets.Pad(6, 10), b.text)
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *bubble) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.box) }
