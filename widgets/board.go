package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Board is a document that is put together by hand: it holds Frames, has the
// keyboard for all of them, and shows where one that is dragged will land.
type Board struct {
	widget.BaseWidget
	content fyne.CanvasObject
	line    *canvas.Rectangle
	focused bool
	label   string

	OnKey      func(fyne.KeyName) bool            // false: of no use here
	OnShortcut func(*desktop.CustomShortcut) bool // likewise
	OnFocus    func(bool)
}

var (
	_ fyne.Focusable     = (*Board)(nil)
	_ fyne.Shortcutable  = (*Board)(nil)
	_ fyne.Accessible    = (*Board)(nil)
	_ desktop.Cursorable = (*Board)(nil)
)

// NewBoard makes one; label says what it is to who does not see it.
func NewBoard(label string, content fyne.CanvasObject) *Board {
	b := &Board{content: content, line: canvas.NewRectangle(nil), label: label}
	b.line.CornerRadius = 2
	b.line.Hide()
	b.ExtendBaseWidget(b)
	return b
}

// ShowLine shows where something will land: in the coordinates of the board.
func (b *Board) ShowLine(at fyne.Position, width float32) {
	b.line.FillColor = paint(b, look.Action)
	put(b.line, at.X, at.Y-2, width, 4)
	b.line.Show()
	b.line.Refresh()
}

// HideLine takes it away.
func (b *Board) HideLine() { Show(b.line, false) }

// Line is where the line is, and whether it is shown.
func (b *Board) Line() (at fyne.Position, width float32, shown bool) {
	return b.line.Position().AddXY(0, 2), b.line.Size().Width, b.line.Visible()
}

// Focused reports whether it has the keyboard.
func (b *Board) Focused() bool { return b.focused }

// TypedKey implements fyne.Focusable.
func (b *Board) TypedKey(e *fyne.KeyEvent) {
	if b.OnKey == nil || !b.OnKey(e.Name) {
		unused(b, e)
	}
}

// TypedRune implements fyne.Focusable.
func (b *Board) TypedRune(rune) {}

// TypedShortcut implements fyne.Shortcutable.
func (b *Board) TypedShortcut(s fyne.Shortcut) {
	if k, ok := s.(*desktop.CustomShortcut); ok && b.OnShortcut != nil && b.OnShortcut(k) {
		return
	}
	passOn(b, s)
}

// FocusGained implements fyne.Focusable.
func (b *Board) FocusGained() {
	b.focused = true
	if b.OnFocus != nil {
		b.OnFocus(true)
	}
}

// FocusLost implements fyne.Focusable.
func (b *Board) FocusLost() {
	b.focused = false
	if b.OnFocus != nil {
		b.OnFocus(false)
	}
}

// Cursor implements desktop.Cursorable.
func (b *Board) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// AccessibilityLabel implements fyne.Accessible.
func (b *Board) AccessibilityLabel() string { return b.label }

// AccessibilityRole implements fyne.Accessible.
func (b *Board) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// Resize gives the content its width before its height is asked for.
func (b *Board) Resize(s fyne.Size) {
	if s.Width != b.content.Size().Width {
		b.content.Resize(fyne.NewSize(s.Width, b.content.Size().Height))
	}
	b.BaseWidget.Resize(s)
}

// CreateRenderer implements fyne.Widget.
func (b *Board) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{b.content, b.line}, layout: func(s fyne.Size) { put(b.content, 0, 0, s.Width, s.Height) },
		min: func() fyne.Size { return b.content.MinSize() }, refresh: func() { b.content.Refresh(); canvas.Refresh(b) }}
}
