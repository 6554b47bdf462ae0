package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Frame is a part of a document on a Board: it can be chosen and dragged. Its
// ground is the document's.
type Frame struct {
	widget.BaseWidget
	content  fyne.CanvasObject
	insets   Insets
	ground   *canvas.Rectangle
	lines    [4]*canvas.Rectangle
	hover    bool
	selected bool
	wrong    bool
	dragged  bool
	label    string

	OnTap  func()
	OnDrag func(at fyne.Position) // in the window
	OnDrop func()
}

var (
	_ fyne.Tappable      = (*Frame)(nil)
	_ fyne.Draggable     = (*Frame)(nil)
	_ fyne.Accessible    = (*Frame)(nil)
	_ desktop.Hoverable  = (*Frame)(nil)
	_ desktop.Cursorable = (*Frame)(nil)
)

// NewFrame makes one; label says what it is to who does not see it.
func NewFrame(label string, fill color.Color, radius float32, in Insets, content fyne.CanvasObject) *Frame {
	f := &Frame{content: content, insets: in, ground: canvas.NewRectangle(fill), label: label}
	f.ground.CornerRadius = radius
	for i := range f.lines {
		f.lines[i] = canvas.NewRectangle(color.Transparent)
	}
	f.ExtendBaseWidget(f)
	return f
}

// SetSelected draws the line around what is chosen.
func (f *Frame) SetSelected(on bool) {
	if f.selected != on {
		f.selected = on
		f.Refresh()
	}
}

// SetWrong draws a red line around what has a fault.
func (f *Frame) SetWrong(on bool) {
	if f.wrong != on {
		f.wrong = on
		f.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (f *Frame) Tapped(*fyne.PointEvent) {
	if f.OnTap != nil {
		f.OnTap()
	}
}

// Dragged implements fyne.Draggable.
func (f *Frame) Dragged(e *fyne.DragEvent) {
	if f.OnDrag != nil {
		f.dragged = true
		f.OnDrag(e.AbsolutePosition)
	}
}

// DragEnd implements fyne.Draggable.
func (f *Frame) DragEnd() {
	if f.dragged && f.OnDrop != nil {
		f.dragged = false
		f.OnDrop()
	}
}

// MouseIn implements desktop.Hoverable.
func (f *Frame) MouseIn(*desktop.MouseEvent) { f.hover = true; f.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (f *Frame) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (f *Frame) MouseOut() { f.hover = false; f.Refresh() }

// Cursor implements desktop.Cursorable.
func (f *Frame) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel implements fyne.Accessible.
func (f *Frame) AccessibilityLabel() string { return f.label }

// AccessibilityRole implements fyne.Accessible.
func (f *Frame) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (f *Frame) paint() {
	line := look.Clear
	switch {
	case f.wrong:
		line = look.Red
	case f.selected:
		line = look.Action
	case f.hover:
		line = look.Ring
	}
	for _, l := range f.lines {
		l.FillColor = paint(f, line)
	}
}

func (f *Frame) place(s fyne.Size) {
	f.paint()
	put(f.ground, 0, 0, s.Width, s.Height)
	in := f.insets
	put(f.content, in.Left, in.Top, s.Width-in.Left-in.Right, s.Height-in.Top-in.Bottom)
	w := float32(2)
	put(f.lines[0], 0, 0, s.Width, w)
	put(f.lines[1], 0, s.Height-w, s.Width, w)
	put(f.lines[2], 0, w, w, s.Height-2*w)
	put(f.lines[3], s.Width-w, w, w, s.Height-2*w)
}

// Resize gives the content its width before its height is asked for.
func (f *Frame) Resize(s fyne.Size) {
	if w := s.Width - f.insets.Left - f.insets.Right; w != f.content.Size().Width {
		f.content.Resize(fyne.NewSize(max(0, w), f.content.Size().Height))
	}
	f.BaseWidget.Resize(s)
}

// CreateRenderer implements fyne.Widget.
func (f *Frame) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{f.ground, f.content, f.lines[0], f.lines[1], f.lines[2], f.lines[3]}, layout: f.place,
		min: func() fyne.Size {
			return f.content.MinSize().AddWidthHeight(f.insets.Left+f.insets.Right, f.insets.Top+f.insets.Bottom)
		},
		refresh: func() { f.paint(); canvas.Refresh(f) }}
}
