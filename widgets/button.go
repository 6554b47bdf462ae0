package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	tooltip "github.com/dweymouth/fyne-tooltip/widget"

	"sendoff/widgets/look"
)

// Kind says how a button stands among others. At most one in sight is Primary.
type Kind int

// Kinds.
const (
	Quiet Kind = iota
	Outlined
	Primary
	Danger
	FilledDanger // what cannot be undone, in a dialog that asks for it
	Back         // muted, of regular weight: the way back in a header
	Pill         // small, on a neutral ground: who is at work
)

// Button is pressed with the pointer or with Space. Return does nothing, so
// that a habit presses nothing.
type Button struct {
	tooltip.ToolTipWidget
	kind     Kind
	icon     IconName
	trailing IconName
	height   float32
	square   float32 // side of a button without label
	left     bool    // label at the left, chevron at the right
	disabled bool
	hover    bool
	focused  bool
	onTap    func()

	ground, ring *crisp
	img, tail    *Icon
	text         *Text
}

var (
	_ fyne.Widget        = (*Button)(nil)
	_ fyne.Tappable      = (*Button)(nil)
	_ fyne.Focusable     = (*Button)(nil)
	_ fyne.Disableable   = (*Button)(nil)
	_ fyne.Accessible    = (*Button)(nil)
	_ desktop.Hoverable  = (*Button)(nil)
	_ desktop.Cursorable = (*Button)(nil)
)

const (
	iconSize  float32 = 16
	iconGap   float32 = 7
	buttonPad float32 = 14
)

// NewButton makes a button. NoIcon is none.
func NewButton(label string, icon IconName, kind Kind, onTap func()) *Button {
	b := &Button{kind: kind, icon: icon, height: look.ButtonHeight, square: 32, onTap: onTap, ground: newCrisp(), ring: newCrisp(),
		img: NewIcon(icon, iconSize, look.Ink), tail: NewIcon(NoIcon, 12, look.Ink), text: NewText(label, TextStyle{Weight: Medium})}
	if kind == Back {
		b.text.SetStyle(Body())
	}
	if kind == Pill {
		b.height = 26
		b.text.SetStyle(TextStyle{Size: look.SizeCaption, Weight: SemiBold})
	}
	b.ExtendBaseWidget(b)
	return b
}

// NewIconButton makes a square button with a picture alone; the tip says what it
// does.
func NewIconButton(icon IconName, tip string, onTap func()) *Button {
	b := NewButton("", icon, Quiet, onTap)
	b.SetToolTip(tip)
	return b
}

// SetOnTap changes what pressing does.
func (b *Button) SetOnTap(f func()) { b.onTap = f }

// Text is the label.
func (b *Button) Text() string { return b.text.Text() }

// SetText changes the label.
func (b *Button) SetText(s string) {
	if s != b.text.Text() {
		b.text.Set(s)
		b.Refresh()
	}
}

// SetIcon changes the picture before the label.
func (b *Button) SetIcon(i IconName) {
	if i != b.icon {
		b.icon = i
		b.Refresh()
	}
}

// SetTrailing sets a small picture after the label: a chevron for a menu.
func (b *Button) SetTrailing(i IconName) *Button {
	if i != b.trailing {
		b.trailing = i
		b.Refresh()
	}
	return b
}

// SetKind changes how it stands among others.
func (b *Button) SetKind(k Kind) {
	if k != b.kind {
		b.kind = k
		b.Refresh()
	}
}

// Kind is how it stands among others.
func (b *Button) Kind() Kind { return b.kind }

// Enable lets it be pressed.
func (b *Button) Enable() { b.SetEnabled(true) }

// Disable keeps it from being pressed.
func (b *Button) Disable() { b.SetEnabled(false) }

// Disabled reports whether it cannot be pressed.
func (b *Button) Disabled() bool { return b.disabled }

// SetEnabled lets it be pressed or not.
func (b *Button) SetEnabled(on bool) {
	if b.disabled == on {
		b.disabled = !on
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	b.ToolTipWidget.MouseOut() // what is pressed needs no tip any more
	if !b.disabled && b.onTap != nil {
		b.onTap()
	}
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		b.Tapped(nil)
		return
	}
	unused(b, e)
}

// TypedRune implements fyne.Focusable.
func (b *Button) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() { b.focused = false; b.Refresh() }

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(e *desktop.MouseEvent) {
	b.hover = true
	// Tips are drawn in the window; over a dialog they have no place.
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && c.Overlays().Top() == nil {
		b.ToolTipWidget.MouseIn(e)
	}
	b.Refresh()
}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() {
	b.hover = false
	b.ToolTipWidget.MouseOut()
	b.Refresh()
}

// Cursor implements desktop.Cursorable.
func (b *Button) Cursor() desktop.Cursor {
	if b.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// AccessibilityLabel implements fyne.Accessible.
func (b *Button) AccessibilityLabel() string {
	if b.text.Text() == "" {
		return b.ToolTip()
	}
	return b.text.Text()
}

// AccessibilityRole implements fyne.Accessible.
func (b *Button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }
