package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// DateField is a day to type, as 2006-01-02, or to choose from a calendar.
type DateField struct {
	widget.BaseWidget
	words PickerWords
	today func() time.Time
	date  *Entry
	pick  *Button
	row   *fyne.Container
}

// NewDateField makes one. Of the words it needs those of the calendar.
func NewDateField(words PickerWords, today func() time.Time) *DateField {
	f := &DateField{words: words, today: today, date: NewEntry("", "2026-12-31")}
	f.pick = NewButton("", IconCalendar, Outlined, func() { showCalendar(f.pick, f.words, f.date, f.today()) })
	f.pick.square = look.ButtonHeight
	f.pick.SetToolTip(words.Calendar)
	f.row = FillEnd(6, f.date, f.pick)
	f.ExtendBaseWidget(f)
	return f
}

// SetText shows a day without calling back.
func (f *DateField) SetText(s string) { f.date.SetText(s) }

// SetOnChanged is called after every change.
func (f *DateField) SetOnChanged(do func(string)) { f.date.SetOnChanged(do) }

// Target is what gets the keyboard.
func (f *DateField) Target() fyne.Focusable { return f.date.Target() }

// CreateRenderer implements fyne.Widget.
func (f *DateField) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.row) }
