package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// modal lies over a whole window: it takes every tap, dims what is below and
// holds one card.
type modal struct {
	widget.BaseWidget
	dim    *canvas.Rectangle
	card   fyne.CanvasObject
	place  func(fyne.Size)
	escape func()
	closed func() // when the dialog below it goes
}

func newModal(card fyne.CanvasObject, place func(fyne.Size), onEscape func()) *modal {
	m := &modal{dim: canvas.NewRectangle(nil), card: card, place: place, escape: onEscape}
	m.ExtendBaseWidget(m)
	return m
}

// Tapped takes the tap away from what is below.
func (m *modal) Tapped(*fyne.PointEvent) {}

// TappedSecondary does the same.
func (m *modal) TappedSecondary(*fyne.PointEvent) {}

// Scrolled too.
func (m *modal) Scrolled(*fyne.ScrollEvent) {}

// CreateRenderer implements fyne.Widget.
func (m *modal) CreateRenderer() fyne.WidgetRenderer {
	layout := func(s fyne.Size) {
		m.dim.FillColor = paint(m, look.Dim)
		m.dim.Resize(s)
		m.place(s)
	}
	return &drawn{objects: []fyne.CanvasObject{m.dim, m.card}, layout: layout,
		min:     func() fyne.Size { return fyne.NewSize(200, 120) },
		refresh: func() { layout(m.Size()); canvas.Refresh(m) }}
}

// IsOpen reports whether a dialog lies over a window. Shortcuts still arrive
// then, and must do nothing.
func IsOpen(w fyne.Window) bool { return topModal(w.Canvas()) != nil }

// Dismiss does to every dialog over a window what Escape does.
func Dismiss(w fyne.Window) {
	for range len(w.Canvas().Overlays().List()) {
		m := topModal(w.Canvas())
		if m == nil || m.escape == nil {
			return
		}
		m.escape()
	}
}

func topModal(c fyne.Canvas) *modal {
	if c == nil {
		return nil
	}
	os := c.Overlays().List()
	for i := len(os) - 1; i >= 0; i-- {
		if m, ok := os[i].(*modal); ok {
			return m
		}
	}
	return nil
}

// unused passes a key on that o, which has the keyboard, has no use for: Escape
// to the dialog around it, and without a dialog any key to the window.
func unused(o fyne.CanvasObject, e *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	switch m := topModal(c); {
	case m != nil:
		if e.Name == fyne.KeyEscape && m.escape != nil {
			m.escape()
		}
	case c != nil && c.OnTypedKey() != nil:
		c.OnTypedKey()(e)
	}
}

// Unused passes on a key that a widget of another package has no use for.
func Unused(o fyne.CanvasObject, e *fyne.KeyEvent) { unused(o, e) }

// passOn gives a shortcut to the window that o, which has the keyboard, has no
// use for.
func passOn(o fyne.CanvasObject, s fyne.Shortcut) {
	if w, ok := fyne.CurrentApp().Driver().CanvasForObject(o).(fyne.Shortcutable); ok {
		w.TypedShortcut(s)
	}
}

// PassOn gives the window a shortcut that a widget of another package has no use
// for.
func PassOn(o fyne.CanvasObject, s fyne.Shortcut) { passOn(o, s) }
