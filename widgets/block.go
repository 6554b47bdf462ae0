package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Block is a card with a title, a small button at its right, and a content.
type Block struct {
	widget.BaseWidget
	ground   *crisp
	title    *Text
	pen      *Button
	editable bool
	content  fyne.CanvasObject
	objects  []fyne.CanvasObject
}

// NewBlock makes a card. onEdit is called by a pencil; nil for none.
func NewBlock(title string, onEdit func()) *Block {
	b := &Block{ground: newCrisp(), title: NewText(title, Heading()).Trim(), pen: NewIconButton(IconEdit, "", onEdit), editable: onEdit != nil}
	b.ExtendBaseWidget(b)
	b.SetContent(nil)
	return b
}

// SetMenu puts dots in place of the pencil.
func (b *Block) SetMenu(tip string, onTap func(at fyne.CanvasObject)) {
	b.pen.SetIcon(IconMore)
	b.pen.SetToolTip(tip)
	b.pen.SetOnTap(func() { onTap(b.pen) })
	b.SetEditable(true)
}

// SetToolTip is what the pencil says to a pointer that rests on it.
func (b *Block) SetToolTip(s string) { b.pen.SetToolTip(s) }

// SetTitle changes the title; a card without one begins with its content.
func (b *Block) SetTitle(s string) {
	if s != b.title.Text() {
		b.title.Set(s)
		b.Refresh()
	}
}

// SetEditable shows or hides the pencil.
func (b *Block) SetEditable(on bool) {
	if on != b.editable {
		b.editable = on
		b.Refresh()
	}
}

// SetContent changes the content.
func (b *Block) SetContent(o fyne.CanvasObject) {
	if b.objects != nil && o == b.content {
		return
	}
	b.content = o
	b.objects = append(b.ground.objects(), b.title, b.pen)
	if o != nil {
		b.objects = append(b.objects, o)
	}
	b.Refresh()
}

// head is the height of the title.
func (b *Block) head() float32 {
	if b.title.Text() == "" && !b.editable {
		return 0
	}
	return 30
}

func (b *Block) place(s fyne.Size) {
	const m = look.CardMargin
	b.ground.set(paint(b, look.Surface), paint(b, look.Line), look.Radius, 1, scaleOf(b))
	b.ground.place(0, 0, s)
	Show(b.pen, b.editable)
	top := float32(14)
	if b.head() == 0 {
		top = m
	}
	w := s.Width - 2*m
	if b.editable {
		w -= 32
	}
	h := b.title.MinSize().Height
	put(b.title, m, top, w, h)
	put(b.pen, s.Width-m-24, top+floor((h-32)/2), 32, 32)
	if b.content != nil {
		y := top + b.head()
		put(b.content, m, y, s.Width-2*m, s.Height-y-m)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Block) CreateRenderer() fyne.WidgetRenderer { return &blockRenderer{b} }

type blockRenderer struct{ b *Block }

func (r *blockRenderer) Destroy()                     {}
func (r *blockRenderer) Objects() []fyne.CanvasObject { return r.b.objects }
func (r *blockRenderer) Layout(s fyne.Size)           { r.b.place(s) }
func (r *blockRenderer) Refresh()                     { r.b.place(r.b.Size()); canvas.Refresh(r.b) }
func (r *blockRenderer) MinSize() fyne.Size {
	b := r.b
	b.ground.rescale(b)
	m := fyne.NewSize(160, 14+b.head()+look.CardMargin)
	if b.head() == 0 {
		m.Height = 2 * look.CardMargin
	}
	if b.content != nil && b.content.Visible() {
		if w := b.Size().Width - 2*look.CardMargin; w > 0 {
			m.Height += heightFor(b.content, w)
		} else {
			m.Height += b.content.MinSize().Height
		}
		m.Width = max(m.Width, b.content.MinSize().Width+2*look.CardMargin)
	}
	return m
}
