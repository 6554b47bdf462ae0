package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	tooltip "github.com/dweymouth/fyne-tooltip/widget"

	"sendoff/widgets/look"
)

// Swatch shows colours of a document and is pressed to choose them.
type Swatch struct {
	tooltip.ToolTipWidget
	colors  []color.Color
	parts   []*canvas.Rectangle
	ring    *crisp
	focused bool
	chosen  bool
	onTap   func()
}

var (
	_ fyne.Tappable      = (*Swatch)(nil)
	_ fyne.Focusable     = (*Swatch)(nil)
	_ fyne.Accessible    = (*Swatch)(nil)
	_ desktop.Cursorable = (*Swatch)(nil)
)

// NewSwatch makes one of some colours side by side; the tip says which.
func NewSwatch(tip string, onTap func(), colors ...color.Color) *Swatch {
	s := &Swatch{ring: newCrisp(), onTap: onTap}
	s.SetToolTip(tip)
	for range colors {
		s.parts = append(s.parts, canvas.NewRectangle(nil))
	}
	s.ExtendBaseWidget(s)
	s.SetColors(colors...)
	return s
}

// SetColors changes them; there are as many as before.
func (s *Swatch) SetColors(colors ...color.Color) {
	s.colors = colors
	for i, p := range s.parts {
		p.FillColor = colors[i]
		p.Refresh()
	}
}

// SetChosen marks the one that is in use.
func (s *Swatch) SetChosen(on bool) {
	if s.chosen != on {
		s.chosen = on
		s.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (s *Swatch) Tapped(*fyne.PointEvent) {
	if s.onTap != nil {
		s.onTap()
	}
}

// TypedKey implements fyne.Focusable.
func (s *Swatch) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		s.Tapped(nil)
		return
	}
	unused(s, e)
}

// TypedRune implements fyne.Focusable.
func (s *Swatch) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (s *Swatch) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost implements fyne.Focusable.
func (s *Swatch) FocusLost() { s.focused = false; s.Refresh() }

// Cursor implements desktop.Cursorable.
func (s *Swatch) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel implements fyne.Accessible.
func (s *Swatch) AccessibilityLabel() string { return s.ToolTip() }

// AccessibilityRole implements fyne.Accessible.
func (s *Swatch) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (s *Swatch) place(size fyne.Size) {
	line := look.Line
	switch {
	case s.focused:
		line = look.Ring
	case s.chosen:
		line = look.Action
	}
	s.ring.set(paint(s, look.Surface), paint(s, line), 7, 2, scaleOf(s))
	s.ring.place(0, 0, size)
	w := (size.Width - 8) / float32(max(1, len(s.parts)))
	for i, p := range s.parts {
		put(p, 4+float32(i)*w, 4, w, size.Height-8)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Swatch) CreateRenderer() fyne.WidgetRenderer {
	os := s.ring.objects()
	for _, p := range s.parts {
		os = append(os, p)
	}
	return &drawn{objects: os, layout: s.place, min: func() fyne.Size { s.ring.rescale(s); return fyne.NewSize(31, 34) },
		refresh: func() { s.place(s.Size()); canvas.Refresh(s) }}
}
