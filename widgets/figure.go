package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// FigureButton is a figure with a label above and a note below that is chosen by
// a press or by Space, one of several.
type FigureButton struct {
	widget.BaseWidget
	label, big, note *Text
	ground, ring     *crisp
	chosen           bool
	hover, focused   bool
	onTap            func()
}

var (
	_ fyne.Tappable      = (*FigureButton)(nil)
	_ fyne.Focusable     = (*FigureButton)(nil)
	_ fyne.Accessible    = (*FigureButton)(nil)
	_ desktop.Hoverable  = (*FigureButton)(nil)
	_ desktop.Cursorable = (*FigureButton)(nil)
)

// NewFigureButton makes one.
func NewFigureButton(label string, onTap func()) *FigureButton {
	figure := SmallFigure()
	figure.Lead = 28
	b := &FigureButton{label: NewText(label, Caption()).Trim(), big: NewText("", figure), note: NewText("", Caption()).Trim(),
		ground: newCrisp(), ring: newCrisp(), onTap: onTap}
	b.ExtendBaseWidget(b)
	return b
}

// Set changes figure, note and colour.
func (b *FigureButton) Set(big, note string, tone look.Tone) {
	b.big.Set(big)
	b.note.Set(note)
	b.big.SetTone(tone)
}

// SetChosen marks it as the one that is chosen.
func (b *FigureButton) SetChosen(on bool) {
	if on != b.chosen {
		b.chosen = on
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *FigureButton) Tapped(*fyne.PointEvent) { b.onTap() }

// TypedKey implements fyne.Focusable.
func (b *FigureButton) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		b.onTap()
		return
	}
	unused(b, e)
}

// TypedRune implements fyne.Focusable.
func (b *FigureButton) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (b *FigureButton) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost implements fyne.Focusable.
func (b *FigureButton) FocusLost() { b.focused = false; b.Refresh() }

// MouseIn implements desktop.Hoverable.
func (b *FigureButton) MouseIn(*desktop.MouseEvent) { b.hover = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *FigureButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *FigureButton) MouseOut() { b.hover = false; b.Refresh() }

// Cursor implements desktop.Cursorable.
func (b *FigureButton) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel implements fyne.Accessible.
func (b *FigureButton) AccessibilityLabel() string { return b.label.Text() }

// AccessibilityRole implements fyne.Accessible.
func (b *FigureButton) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (b *FigureButton) place(s fyne.Size) {
	fill, line := look.Surface, look.Line
	switch {
	case b.chosen:
		fill, line = look.BlueOn, look.Blue
	case b.hover:
		fill = look.Chip
	}
	scale := scaleOf(b)
	b.ground.set(paint(b, fill), paint(b, line), look.Radius, 1, scale)
	b.ground.place(0, 0, s)
	ring := look.Clear
	if b.focused {
		ring = look.Ring
	}
	b.ring.set(paint(b, look.Clear), paint(b, ring), look.Radius+3, 2, scale)
	b.ring.place(-3, -3, s.AddWidthHeight(6, 6))
	y := float32(10)
	for _, t := range []*Text{b.label, b.big, b.note} {
		h := t.MinSize().Height
		put(t, 14, y, s.Width-28, h)
		y += h
	}
}

// CreateRenderer implements fyne.Widget.
func (b *FigureButton) CreateRenderer() fyne.WidgetRenderer {
	os := append(b.ground.objects(), b.ring.objects()...)
	return &drawn{objects: append(os, b.label, b.big, b.note), layout: b.place,
		min: func() fyne.Size {
			b.ground.rescale(b)
			h := b.label.MinSize().Height + b.big.MinSize().Height + b.note.MinSize().Height
			return fyne.NewSize(96, h+20)
		},
		refresh: func() { b.place(b.Size()); canvas.Refresh(b) }}
}
