package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Row is a thing over the whole width that can be pressed, such as a line of a
// short list.
type Row struct {
	widget.BaseWidget
	name    string
	inside  fyne.CanvasObject
	ground  *crisp
	onTap   func()
	hover   bool
	focused bool
}

var (
	_ fyne.Tappable      = (*Row)(nil)
	_ fyne.Focusable     = (*Row)(nil)
	_ fyne.Accessible    = (*Row)(nil)
	_ desktop.Hoverable  = (*Row)(nil)
	_ desktop.Cursorable = (*Row)(nil)
)

const (
	rowSide float32 = 8 // what a row keeps at its left and right
	rowEdge float32 = 5 // and above and below
)

// NewRow makes a row around a content; name is what it is called. A nil onTap makes
// it a row to read.
func NewRow(name string, content fyne.CanvasObject, onTap func()) *Row {
	r := &Row{name: name, inside: content, ground: newCrisp(), onTap: onTap}
	r.ExtendBaseWidget(r)
	return r
}

// Tapped implements fyne.Tappable.
func (r *Row) Tapped(*fyne.PointEvent) {
	if r.onTap != nil {
		r.onTap()
	}
}

// TypedKey implements fyne.Focusable: Space and Return press.
func (r *Row) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		r.Tapped(nil)
	case fyne.KeyDown, fyne.KeyUp:
		if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil {
			if e.Name == fyne.KeyDown {
				c.FocusNext()
			} else {
				c.FocusPrevious()
			}
		}
	default:
		unused(r, e)
	}
}

// TypedRune implements fyne.Focusable.
func (r *Row) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (r *Row) FocusGained() { r.focused = true; r.Refresh() }

// FocusLost implements fyne.Focusable.
func (r *Row) FocusLost() { r.focused = false; r.Refresh() }

// MouseIn implements desktop.Hoverable.
func (r *Row) MouseIn(*desktop.MouseEvent) { r.hover = r.onTap != nil; r.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (r *Row) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *Row) MouseOut() { r.hover = false; r.Refresh() }

// Cursor implements desktop.Cursorable.
func (r *Row) Cursor() desktop.Cursor {
	if r.onTap == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// AccessibilityLabel implements fyne.Accessible.
func (r *Row) AccessibilityLabel() string { return r.name }

// AccessibilityRole implements fyne.Accessible.
func (r *Row) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (r *Row) place(s fyne.Size) {
	fill, line := fyne.ThemeColorName(""), fyne.ThemeColorName("")
	if r.hover {
		fill = look.Chip
	}
	if r.focused {
		fill, line = look.BlueOn, look.Action
	}
	r.ground.set(paint(r, fill), paint(r, line), 6, 1, scaleOf(r))
	r.ground.place(0, 0, s)
	put(r.inside, rowSide, rowEdge, s.Width-2*rowSide, heightFor(r.inside, s.Width-2*rowSide))
}

// CreateRenderer implements fyne.Widget.
func (r *Row) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: append(r.ground.objects(), r.inside), layout: r.place,
		min: func() fyne.Size {
			if w := r.Size().Width - 2*rowSide; w > 0 {
				return fyne.NewSize(60, heightFor(r.inside, w)+2*rowEdge)
			}
			return r.inside.MinSize().AddWidthHeight(2*rowSide, 2*rowEdge)
		},
		refresh: func() { r.place(r.Size()); canvas.Refresh(r) }}
}
