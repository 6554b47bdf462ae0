package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// PictureCard is a picture with a name below it, to choose from a gallery. It is
// pressed with the pointer, Space or Return: a gallery is there to choose.
type PictureCard struct {
	widget.BaseWidget
	img      *canvas.Image
	text     *Text
	ground   *crisp
	hover    bool
	focused  bool
	disabled bool
	onTap    func()
}

var (
	_ fyne.Tappable      = (*PictureCard)(nil)
	_ fyne.Focusable     = (*PictureCard)(nil)
	_ fyne.Disableable   = (*PictureCard)(nil)
	_ fyne.Accessible    = (*PictureCard)(nil)
	_ desktop.Hoverable  = (*PictureCard)(nil)
	_ desktop.Cursorable = (*PictureCard)(nil)
)

// pictureRatio is the height of the picture in its card, of its width.
const pictureRatio float32 = 4.0 / 3

// NewPictureCard makes one.
func NewPictureCard(label string, img *canvas.Image, onTap func()) *PictureCard {
	p := &PictureCard{img: img, text: NewText(label, TextStyle{Weight: Medium}).Trim(), ground: newCrisp(), onTap: onTap}
	img.FillMode, img.ScaleMode = canvas.ImageFillStretch, canvas.ImageScaleSmooth
	p.ExtendBaseWidget(p)
	return p
}

// Text is the name.
func (p *PictureCard) Text() string { return p.text.Text() }

// Tapped implements fyne.Tappable.
func (p *PictureCard) Tapped(*fyne.PointEvent) {
	if !p.disabled {
		p.onTap()
	}
}

// TypedKey implements fyne.Focusable.
func (p *PictureCard) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		p.Tapped(nil)
	default:
		unused(p, e)
	}
}

// TypedRune implements fyne.Focusable.
func (p *PictureCard) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (p *PictureCard) FocusGained() { p.focused = true; p.Refresh() }

// FocusLost implements fyne.Focusable.
func (p *PictureCard) FocusLost() { p.focused = false; p.Refresh() }

// MouseIn implements desktop.Hoverable.
func (p *PictureCard) MouseIn(*desktop.MouseEvent) { p.hover = true; p.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (p *PictureCard) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (p *PictureCard) MouseOut() { p.hover = false; p.Refresh() }

// Cursor implements desktop.Cursorable.
func (p *PictureCard) Cursor() desktop.Cursor {
	if p.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// Enable lets it be pressed.
func (p *PictureCard) Enable() { p.SetEnabled(true) }

// Disable keeps it from being pressed.
func (p *PictureCard) Disable() { p.SetEnabled(false) }

// Disabled reports whether it cannot be pressed.
func (p *PictureCard) Disabled() bool { return p.disabled }

// SetEnabled lets it be pressed or not.
func (p *PictureCard) SetEnabled(on bool) {
	if p.disabled == on {
		p.disabled = !on
		p.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (p *PictureCard) AccessibilityLabel() string { return p.text.Text() }

// AccessibilityRole implements fyne.Accessible.
func (p *PictureCard) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (p *PictureCard) place(s fyne.Size) {
	line, width := look.Line, float32(1)
	switch {
	case p.focused:
		line, width = look.Ring, 3
	case p.hover && !p.disabled:
		line, width = look.Action, 2
	}
	p.ground.set(paint(p, look.Surface), paint(p, line), look.RadiusSmall, width, scaleOf(p))
	p.ground.place(0, 0, s)
	put(p.img, 8, 8, s.Width-16, floor((s.Width-16)*pictureRatio))
	h := p.text.MinSize().Height
	put(p.text, 12, s.Height-h-11, s.Width-24, h)
	p.text.SetColor(look.Ink)
	if p.disabled {
		p.text.SetColor(look.Muted)
	}
}

// CreateRenderer implements fyne.Widget.
func (p *PictureCard) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: append(p.ground.objects(), p.img, p.text), layout: p.place,
		min: func() fyne.Size {
			p.ground.rescale(p)
			return fyne.NewSize(120, floor((max(120, p.Size().Width)-16)*pictureRatio)+8+44)
		},
		refresh: func() { p.place(p.Size()); canvas.Refresh(p) }}
}
