package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// typing is how long a pause in typing is that starts a search.
const typing = 250 * time.Millisecond

// Search is a field whose text narrows something: it calls back when a person
// pauses, and at once for Return. Escape empties it.
type Search struct {
	widget.BaseWidget
	in      *input
	icon    *Icon
	frame   *Box
	after   func(time.Duration, func())
	changed func(string)
	told    string
	number  int
	width   float32
}

// NewSearch makes an empty one. after calls a function on the UI goroutine once a
// time has passed.
func NewSearch(hint string, after func(time.Duration, func()), changed func(string)) *Search {
	s := &Search{in: &input{}, icon: NewIcon(IconSearch, 14, look.Muted), after: after, changed: changed, width: 240}
	s.in.PlaceHolder = hint
	s.in.onFocus = func(on bool) {
		line := look.Line
		if on {
			line = look.Action
		}
		s.frame.SetColors(look.Surface, line)
	}
	s.in.onKey = func(k fyne.KeyName) bool {
		switch {
		case k == fyne.KeyEscape && s.in.Text != "":
			s.in.SetText("")
			s.tell()
			return true
		case k == fyne.KeyReturn || k == fyne.KeyEnter:
			s.tell()
			return true
		}
		return false
	}
	s.in.OnChanged = func(string) {
		s.number++
		n := s.number
		s.after(typing, func() {
			if n == s.number {
				s.tell()
			}
		})
	}
	s.in.ExtendBaseWidget(s.in)
	bare := container.NewThemeOverride(s.in, override{
		sizes:  map[fyne.ThemeSizeName]float32{theme.SizeNameInputBorder: 0},
		colors: map[fyne.ThemeColorName]fyne.ThemeColorName{theme.ColorNameInputBackground: "", theme.ColorNameShadow: ""}})
	s.frame = NewBox(look.Surface, look.Line, look.RadiusSmall, Insets{Right: 4, Left: 12}, HFill(0, s.icon, Sized(60, look.ButtonHeight, bare)))
	s.ExtendBaseWidget(s)
	return s
}

// Wide changes the width that it asks for; it is 240.
func (s *Search) Wide(w float32) *Search { s.width = w; return s }

// Text is what was typed.
func (s *Search) Text() string { return s.in.Text }

// SetText changes it without calling back.
func (s *Search) SetText(text string) {
	s.told = text
	s.in.SetText(text)
	s.in.CursorColumn = len([]rune(text))
	s.number++
}

// Target is what gets the keyboard.
func (s *Search) Target() fyne.Focusable { return s.in }

func (s *Search) tell() {
	s.number++
	if s.in.Text != s.told {
		s.told = s.in.Text
		s.changed(s.in.Text)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Search) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{s.frame}, layout: func(size fyne.Size) { put(s.frame, 0, 0, size.Width, size.Height) },
		min:     func() fyne.Size { return fyne.NewSize(s.width, look.ButtonHeight) },
		refresh: func() { s.frame.Refresh() }}
}
