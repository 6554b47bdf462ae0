package widgets

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// PickerWords are what a DateTimeZone says. Days begin with Monday.
type PickerWords struct {
	Date, Time, Zone         string // labels
	BadDate, BadTime         string // sentences below the fields
	Calendar, Previous, Next string // tips
	Search                   string // hint in the list of zones
	NoZone                   string // while no zone is chosen
	Months                   [12]string
	Days                     [7]string
}

// LocalLayout is how a DateTimeZone writes a moment of the clock on the wall.
const LocalLayout = "2006-01-02T15:04:05"

// DateTimeZone chooses a day, a time on the clock and the zone of that clock. It
// does not turn them into a moment: days on which clocks change are for others
// to judge, and for the note to tell.
type DateTimeZone struct {
	widget.BaseWidget
	words    PickerWords
	zones    []string
	today    func() time.Time
	date     *Entry
	clock    *Entry
	zone     *Select
	pick     *Button
	note     *Text
	noteOf   func(local, zone string) (string, look.Tone)
	onChange func()
	box      *fyne.Container
}

// NewDateTimeZone makes a picker over zones by IANA name. today is the day that
// the calendar marks; onChange, which may be nil, follows every change.
func NewDateTimeZone(words PickerWords, zones []string, today func() time.Time, onChange func()) *DateTimeZone {
	p := &DateTimeZone{words: words, zones: slices.Clone(zones), today: today, onChange: onChange,
		date: NewEntry(words.Date, "2026-12-31"), clock: NewEntry(words.Time, "09:00"), note: NewText("", SmallMuted()).Wrap()}
	p.zone = NewSelect(p.zones, words.NoZone, func(int) { p.changed() }).Searchable(words.Search)
	p.pick = NewButton("", IconCalendar, Outlined, p.open)
	p.pick.square = look.ButtonHeight
	p.pick.SetToolTip(words.Calendar)
	p.note.Hide()
	p.date.SetOnChanged(func(string) { p.changed() })
	p.clock.SetOnChanged(func(string) { p.changed() })
	// The button stands beside the field, below its label.
	day := Split(0, 6, 0.78, p.date, VStack(5, NewText(" ", Caption()), p.pick))
	p.box = VStack(8, Split(480, 12, 0.5, Split(220, 12, 0.62, day, p.clock), Field(words.Zone, p.zone)), p.note)
	p.ExtendBaseWidget(p)
	return p
}

// SetNote sets what tells, below the fields, what was chosen. It is called after
// every change that makes sense, and should be quick.
func (p *DateTimeZone) SetNote(f func(local, zone string) (string, look.Tone)) {
	p.noteOf = f
	p.tell()
}

// SetValue shows a local time, in LocalLayout, and a zone. A zone that is not in
// the list is added.
func (p *DateTimeZone) SetValue(local, zone string) {
	if t, err := time.Parse(LocalLayout, local); err == nil {
		p.date.SetText(t.Format(time.DateOnly))
		p.clock.SetText(t.Format("15:04"))
	}
	i := slices.Index(p.zones, zone)
	if i < 0 && zone != "" {
		p.zones = append(p.zones, zone)
		p.zone.SetOptions(p.zones)
		i = len(p.zones) - 1
	}
	p.zone.SetSelected(i)
	p.tell()
}

// Value is what was chosen; ok is false while something is missing or wrong.
func (p *DateTimeZone) Value() (local, zone string, ok bool) {
	d, t, okDay, okTime := p.read()
	if !okDay || !okTime || p.zone.Selected() < 0 {
		return "", "", false
	}
	return d.Format(time.DateOnly) + "T" + t.Format(time.TimeOnly), p.zones[p.zone.Selected()], true
}

func (p *DateTimeZone) read() (day, clock time.Time, okDay, okTime bool) {
	day, err := time.Parse(time.DateOnly, trimmed(p.date.Text()))
	okDay = err == nil
	for _, layout := range []string{"15:04", "15:04:05", "1504"} {
		if clock, err = time.Parse(layout, trimmed(p.clock.Text())); err == nil {
			return day, clock, okDay, true
		}
	}
	return day, clock, okDay, false
}

func (p *DateTimeZone) changed() {
	p.tell()
	if p.onChange != nil {
		p.onChange()
	}
}

// tell says what is wrong, or what was chosen.
func (p *DateTimeZone) tell() {
	_, _, okDay, okTime := p.read()
	say := func(e *Entry, ok bool, s string) {
		if ok || trimmed(e.Text()) == "" {
			s = ""
		}
		e.SetError(s)
	}
	say(p.date, okDay, p.words.BadDate)
	say(p.clock, okTime, p.words.BadTime)
	s, tone := "", look.Quiet
	if local, zone, ok := p.Value(); ok && p.noteOf != nil {
		s, tone = p.noteOf(local, zone)
	}
	p.note.Set(s)
	p.note.SetTone(tone)
	if Show(p.note, s != "") {
		p.box.Refresh()
	}
}

// open shows the calendar.
func (p *DateTimeZone) open() {
	showCalendar(p.pick, p.words, p.date, p.today())
}

// showCalendar opens a calendar at a button; the day that is chosen is written into
// an entry.
func showCalendar(at *Button, words PickerWords, into *Entry, now time.Time) {
	pop := newPopup(at)
	if pop == nil {
		return
	}
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	day, err := time.Parse(time.DateOnly, trimmed(into.Text()))
	if err != nil {
		day = today
	}
	c := newCalendar(words, day, today, func(d time.Time) {
		pop.close()
		into.SetText(d.Format(time.DateOnly))
	}, pop.close)
	pop.inside, pop.body = c, c
	pop.c.Overlays().Add(pop)
	pop.c.Focus(c)
}

// Target is what gets the keyboard first.
func (p *DateTimeZone) Target() fyne.Focusable { return p.date.Target() }

// CreateRenderer implements fyne.Widget.
func (p *DateTimeZone) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.box) }
