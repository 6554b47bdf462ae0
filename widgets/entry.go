package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// input is Fyne's entry without its frame. Escape goes to the dialog around it.
type input struct {
	widget.Entry
	onFocus func(bool)
	onKey   func(fyne.KeyName) bool // true when nothing else is to happen
	onUndo  func(redo bool)         // nil: what was typed here
	escape  func()                  // nil: Escape is for what is around
}

func (e *input) FocusGained() { e.Entry.FocusGained(); e.onFocus(true) }
func (e *input) FocusLost()   { e.Entry.FocusLost(); e.onFocus(false) }
func (e *input) TypedKey(k *fyne.KeyEvent) {
	if e.onKey != nil && e.onKey(k.Name) {
		return
	}
	if k.Name == fyne.KeyEscape && e.escape != nil {
		e.escape()
		return
	}
	switch k.Name {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF5, fyne.KeyF10:
		unused(e, k)
	default:
		e.Entry.TypedKey(k)
	}
}

// TypedShortcut implements fyne.Shortcutable. What is not of a text field is the
// window's.
func (e *input) TypedShortcut(s fyne.Shortcut) {
	if redo, ok := undoing(s); ok && e.onUndo != nil {
		e.onUndo(redo)
		return
	}
	if _, custom := s.(*desktop.CustomShortcut); custom && !editing(s) {
		passOn(e, s)
		return
	}
	e.Entry.TypedShortcut(s)
}

// undoing reports whether a shortcut takes back, or makes again with redo:
// Ctrl+Z, and Ctrl+Y or Ctrl+Shift+Z.
func undoing(s fyne.Shortcut) (redo, ok bool) {
	switch s := s.(type) {
	case *fyne.ShortcutUndo:
		return false, true
	case *fyne.ShortcutRedo:
		return true, true
	case *desktop.CustomShortcut:
		shift := fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift
		return true, s.KeyName == fyne.KeyZ && s.Modifier == shift
	}
	return false, false
}

// editing reports whether a text field knows a shortcut of its own: those that
// move or select by words.
func editing(s fyne.Shortcut) bool {
	k := s.(*desktop.CustomShortcut).KeyName
	return k == fyne.KeyLeft || k == fyne.KeyRight || k == fyne.KeyHome || k == fyne.KeyEnd || k == fyne.KeyBackspace || k == fyne.KeyDelete
}

// Entry is a field to type in, with a label above and, when something is wrong
// with what was typed, a sentence below.
type Entry struct {
	widget.BaseWidget
	in      *input
	frame   *Box
	label   *Text
	wrong   *Text
	column  *fyne.Container
	focused bool
}

// NewEntry makes a field of one line. An empty label takes no room.
func NewEntry(label, hint string) *Entry { return newEntry(label, hint, 1, false) }

// NewArea makes a field of several rows; mono is for code.
func NewArea(label, hint string, rows int, mono bool) *Entry {
	return newEntry(label, hint, rows, mono)
}

func newEntry(label, hint string, rows int, mono bool) *Entry {
	e := &Entry{in: &input{}, label: NewText(label, Caption()), wrong: NewText("", Caption().In(look.Red)).Wrap()}
	e.in.onFocus = func(on bool) { e.focused = on; e.paint() }
	e.in.MultiLine = rows > 1
	e.in.PlaceHolder = hint
	e.in.TextStyle.Monospace = mono
	if rows > 1 {
		e.in.Wrapping = fyne.TextWrapWord
	}
	e.in.ExtendBaseWidget(e.in)
	if rows > 1 {
		e.in.SetMinRowsVisible(rows)
	}
	sizes := map[fyne.ThemeSizeName]float32{theme.SizeNameInputBorder: 0}
	if rows == 1 {
		sizes[theme.SizeNameScrollBar], sizes[theme.SizeNameScrollBarSmall] = 0, 0
	}
	bare := container.NewThemeOverride(e.in, override{
		sizes:  sizes,
		colors: map[fyne.ThemeColorName]fyne.ThemeColorName{theme.ColorNameInputBackground: "", theme.ColorNameShadow: ""}})
	field := fyne.CanvasObject(bare)
	in := Insets{Top: 0, Right: 4, Bottom: 0, Left: 4}
	if rows > 1 {
		in = Pad(2, 4)
	} else {
		field = Sized(60, look.ButtonHeight, bare)
	}
	e.frame = NewBox(look.Surface, look.Line, look.RadiusSmall, in, field)
	Show(e.label, label != "")
	e.wrong.Hide()
	e.column = VStack(5, e.label, e.frame, e.wrong)
	e.ExtendBaseWidget(e)
	return e
}

func (e *Entry) paint() {
	line := look.Line
	switch {
	case e.wrong.Visible():
		line = look.Red
	case e.focused:
		line = look.Action
	}
	e.frame.SetColors(look.Surface, line)
}

// Text is what was typed.
func (e *Entry) Text() string { return e.in.Text }

// Label is what stands above it.
func (e *Entry) Label() string { return e.label.Text() }

// SetText changes it, with the cursor at the end.
func (e *Entry) SetText(s string) {
	if s == e.in.Text {
		return
	}
	e.in.SetText(s)
	if !e.in.MultiLine {
		e.in.CursorColumn = len([]rune(s))
		e.in.Refresh()
	}
}

// snippet is a clipboard that holds a text to be inserted.
type snippet string

func (s snippet) Content() string { return string(s) }
func (snippet) SetContent(string) {}

// Insert puts a text at the cursor, in place of what is selected.
func (e *Entry) Insert(s string) { e.in.TypedShortcut(&fyne.ShortcutPaste{Clipboard: snippet(s)}) }

// Enclose puts one text before and one behind what is selected; the cursor is then
// between them.
func (e *Entry) Enclose(before, behind string) {
	e.Insert(before + e.in.SelectedText() + behind)
	if !e.in.MultiLine {
		e.in.CursorColumn -= len([]rune(behind))
		e.in.Refresh()
	}
}

// Each changes every line of what is selected; without a selection f makes a line
// of nothing.
func (e *Entry) Each(f func(i int, line string) string) {
	lines := strings.Split(e.in.SelectedText(), "\n")
	for i, l := range lines {
		lines[i] = f(i, l)
	}
	e.Insert(strings.Join(lines, "\n"))
}

// SetOnChanged is called after every change.
func (e *Entry) SetOnChanged(f func(string)) { e.in.OnChanged = f }

// SetOnReturn is called when Return is pressed in a field of one line.
func (e *Entry) SetOnReturn(f func()) { e.in.OnSubmitted = func(string) { f() } }

// Present is SetText with the beginning of a long line in sight while nobody types
// there.
func (e *Entry) Present(s string) {
	if s == e.in.Text {
		return
	}
	e.SetText(s)
	if !e.in.MultiLine && !e.focused {
		e.in.CursorColumn = 0
		e.in.Refresh()
	}
}

// SetOnUndo takes the shortcuts that take back what was typed here and make it
// again: for a form with a way back of its own.
func (e *Entry) SetOnUndo(f func(redo bool)) { e.in.onUndo = f }

// SetOnKey is asked about every key before the field is; true when nothing else is
// to happen.
func (e *Entry) SetOnKey(f func(fyne.KeyName) bool) { e.in.onKey = f }

// SetOnEscape is called when Escape is pressed here: for a form beside what it is
// about.
func (e *Entry) SetOnEscape(f func()) { e.in.escape = f }

// SetPlaceHolder changes the hint.
func (e *Entry) SetPlaceHolder(s string) { e.in.SetPlaceHolder(s) }

// SetPassword hides what is typed.
func (e *Entry) SetPassword(on bool) { e.in.Password = on; e.in.Refresh() }

// SetError shows what is wrong; empty for nothing.
func (e *Entry) SetError(s string) {
	if s == e.wrong.Text() {
		return
	}
	e.wrong.Set(s)
	Show(e.wrong, s != "")
	e.paint()
	e.column.Refresh()
}

// Error is what is wrong.
func (e *Entry) Error() string { return e.wrong.Text() }

// SetEnabled lets it be typed in or not.
func (e *Entry) SetEnabled(on bool) {
	if on == !e.in.Disabled() {
		return
	}
	if on {
		e.in.Enable()
	} else {
		e.in.Disable()
	}
}

// Target is what gets the keyboard.
func (e *Entry) Target() fyne.Focusable { return e.in }

// CreateRenderer implements fyne.Widget.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(e.column) }

// Field puts a label above an input that has none.
func Field(label string, o fyne.CanvasObject) *fyne.Container {
	return VStack(5, NewText(label, Caption()), o)
}
