package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Select is a button that opens a menu of which one line is chosen.
type Select struct {
	widget.BaseWidget
	options  []string
	selected int
	button   *Button
	hint     string
	search   string
	changed  func(int)
}

// NewSelect makes one; hint shows while nothing is chosen. onChanged is called
// when a person chooses.
func NewSelect(options []string, hint string, onChanged func(int)) *Select {
	s := &Select{options: options, selected: -1, hint: hint, changed: onChanged}
	s.button = NewButton(hint, NoIcon, Outlined, s.open).SetTrailing(IconDown)
	s.button.left = true
	s.button.text.Trim()
	s.ExtendBaseWidget(s)
	return s
}

// Searchable adds a field to the menu that narrows it; its hint is given.
func (s *Select) Searchable(hint string) *Select { s.search = hint; return s }

func (s *Select) open() {
	items := make([]MenuItem, len(s.options))
	for i, o := range s.options {
		items[i] = MenuItem{Label: o, Checked: i == s.selected, OnTap: func() {
			if i == s.selected {
				return
			}
			s.SetSelected(i)
			if s.changed != nil {
				s.changed(i)
			}
		}}
	}
	if s.search != "" {
		ShowSearchMenu(s.button, s.search, items...)
		return
	}
	ShowMenu(s.button, items...)
}

// Selected is the index of the chosen one, -1 for none.
func (s *Select) Selected() int { return s.selected }

// SetSelected chooses without calling back.
func (s *Select) SetSelected(i int) {
	s.selected = i
	if i < 0 || i >= len(s.options) {
		s.selected = -1
		s.button.SetText(s.hint)
		return
	}
	s.button.SetText(s.options[i])
}

// SetOnChanged is called when a person chooses.
func (s *Select) SetOnChanged(f func(int)) { s.changed = f }

// SetOptions changes what can be chosen; nothing is then.
func (s *Select) SetOptions(options []string) {
	s.options = options
	s.SetSelected(-1)
}

// SetEnabled lets it be opened or not.
func (s *Select) SetEnabled(on bool) { s.button.SetEnabled(on) }

// Target is what gets the keyboard.
func (s *Select) Target() fyne.Focusable { return s.button }

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.button) }
