package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Link is a text to press.
type Link struct {
	widget.BaseWidget
	text    *Text
	line    *canvas.Rectangle
	onTap   func()
	hover   bool
	focused bool
}

var (
	_ fyne.Tappable      = (*Link)(nil)
	_ fyne.Focusable     = (*Link)(nil)
	_ fyne.Accessible    = (*Link)(nil)
	_ desktop.Hoverable  = (*Link)(nil)
	_ desktop.Cursorable = (*Link)(nil)
)

// NewLink makes a link of the size of small text.
func NewLink(s string, onTap func()) *Link { return NewLinkStyle(s, Small(), onTap) }

// NewLinkStyle makes a link in a style; its colour is blue whatever that says.
func NewLinkStyle(s string, style TextStyle, onTap func()) *Link {
	l := &Link{text: NewText(s, style.In(look.Blue)), line: canvas.NewRectangle(nil), onTap: onTap}
	l.ExtendBaseWidget(l)
	return l
}

// Set changes the text.
func (l *Link) Set(s string) { l.text.Set(s) }

// Tapped implements fyne.Tappable.
func (l *Link) Tapped(*fyne.PointEvent) {
	if l.onTap != nil {
		l.onTap()
	}
}

// TypedKey implements fyne.Focusable: Space presses.
func (l *Link) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		l.Tapped(nil)
		return
	}
	unused(l.text, e)
}

// TypedRune implements fyne.Focusable.
func (l *Link) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (l *Link) FocusGained() { l.focused = true; l.Refresh() }

// FocusLost implements fyne.Focusable.
func (l *Link) FocusLost() { l.focused = false; l.Refresh() }

// MouseIn implements desktop.Hoverable.
func (l *Link) MouseIn(*desktop.MouseEvent) { l.hover = true; l.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (l *Link) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (l *Link) MouseOut() { l.hover = false; l.Refresh() }

// Cursor implements desktop.Cursorable.
func (l *Link) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel implements fyne.Accessible.
func (l *Link) AccessibilityLabel() string { return l.text.Text() }

// AccessibilityRole implements fyne.Accessible.
func (l *Link) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleLink }

// CreateRenderer implements fyne.Widget.
func (l *Link) CreateRenderer() fyne.WidgetRenderer {
	layout := func(s fyne.Size) {
		l.line.FillColor = paint(l.text, look.Blue)
		Show(l.line, l.hover || l.focused)
		l.text.Resize(s)
		put(l.line, 0, l.text.Baseline()+2, l.text.Natural(), 1)
	}
	return &drawn{objects: []fyne.CanvasObject{l.text, l.line}, layout: layout, min: l.text.MinSize,
		refresh: func() { layout(l.Size()); canvas.Refresh(l.text) }}
}
