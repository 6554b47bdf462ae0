package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Tile is a button with a picture above its name, for a palette. It is pressed
// with the pointer or with Space.
type Tile struct {
	widget.BaseWidget
	name     IconName
	icon     *Icon
	text     *Text
	ground   *crisp
	ring     *crisp
	hover    bool
	focused  bool
	disabled bool
	onTap    func()
}

var (
	_ fyne.Tappable      = (*Tile)(nil)
	_ fyne.Focusable     = (*Tile)(nil)
	_ fyne.Disableable   = (*Tile)(nil)
	_ fyne.Accessible    = (*Tile)(nil)
	_ desktop.Hoverable  = (*Tile)(nil)
	_ desktop.Cursorable = (*Tile)(nil)
)

// NewTile makes one.
func NewTile(label string, icon IconName, onTap func()) *Tile {
	t := &Tile{name: icon, icon: NewIcon(icon, 18, look.Ink), text: NewText(label, TextStyle{Size: look.SizeCaption}).Center().Trim(), ground: newCrisp(), ring: newCrisp(), onTap: onTap}
	t.ExtendBaseWidget(t)
	return t
}

// Text is the name.
func (t *Tile) Text() string { return t.text.Text() }

// Tapped implements fyne.Tappable.
func (t *Tile) Tapped(*fyne.PointEvent) {
	if !t.disabled {
		t.onTap()
	}
}

// TypedKey implements fyne.Focusable.
func (t *Tile) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		t.Tapped(nil)
		return
	}
	unused(t, e)
}

// TypedRune implements fyne.Focusable.
func (t *Tile) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (t *Tile) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost implements fyne.Focusable.
func (t *Tile) FocusLost() { t.focused = false; t.Refresh() }

// MouseIn implements desktop.Hoverable.
func (t *Tile) MouseIn(*desktop.MouseEvent) { t.hover = true; t.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (t *Tile) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *Tile) MouseOut() { t.hover = false; t.Refresh() }

// Cursor implements desktop.Cursorable.
func (t *Tile) Cursor() desktop.Cursor {
	if t.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// Enable lets it be pressed.
func (t *Tile) Enable() { t.SetEnabled(true) }

// Disable keeps it from being pressed.
func (t *Tile) Disable() { t.SetEnabled(false) }

// Disabled reports whether it cannot be pressed.
func (t *Tile) Disabled() bool { return t.disabled }

// SetEnabled lets it be pressed or not.
func (t *Tile) SetEnabled(on bool) {
	if t.disabled == on {
		t.disabled = !on
		t.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (t *Tile) AccessibilityLabel() string { return t.text.Text() }

// AccessibilityRole implements fyne.Accessible.
func (t *Tile) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (t *Tile) place(s fyne.Size) {
	fill, ink := look.Surface, look.Ink
	if t.disabled {
		ink = look.Muted
	} else if t.hover {
		fill = look.Chip
	}
	scale := scaleOf(t)
	t.ground.set(paint(t, fill), paint(t, look.Line), look.RadiusSmall, 1, scale)
	t.ground.place(0, 0, s)
	ring := look.Clear
	if t.focused {
		ring = look.Ring
	}
	t.ring.set(paint(t, look.Clear), paint(t, ring), look.RadiusSmall+3, 2, scale)
	t.ring.place(-3, -3, s.AddWidthHeight(6, 6))
	t.icon.Set(t.name, ink)
	t.text.SetColor(ink)
	h := t.text.MinSize().Height
	top := floor((s.Height - 18 - 5 - h) / 2)
	put(t.icon, floor((s.Width-18)/2), top, 18, 18)
	put(t.text, 2, top+18+5, s.Width-4, h)
}

// CreateRenderer implements fyne.Widget.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	os := append(t.ground.objects(), t.ring.objects()...)
	return &drawn{objects: append(os, t.icon, t.text), layout: t.place, min: func() fyne.Size { t.ground.rescale(t); return fyne.NewSize(64, 58) },
		refresh: func() { t.place(t.Size()); canvas.Refresh(t) }}
}
