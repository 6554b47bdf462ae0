package widgets

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sendoff/widgets/look"
)

func TestMenu(t *testing.T) {
	chosen := ""
	at := NewButton("Marieke", NoIcon, Pill, nil)
	w := window(t, 400, 300, VStack(0, at))
	open := func() {
		ShowMenu(at, MenuItem{Label: "Marieke", Checked: true, OnTap: func() { chosen = "Marieke" }}, MenuItem{},
			MenuItem{Label: "Off", Disabled: true, OnTap: func() { chosen = "Off" }}, MenuItem{Label: "Pieter", OnTap: func() { chosen = "Pieter" }})
	}
	w.Canvas().Focus(at)
	open()
	if IsOpen(w) {
		t.Error("a menu counts as a dialog")
	}
	press(w, fyne.KeyDown)
	press(w, fyne.KeyDown)
	press(w, fyne.KeySpace)
	if chosen != "Pieter" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("chose %q", chosen)
	}
	if w.Canvas().Focused() != fyne.Focusable(at) {
		t.Error("the keyboard is not back where it was")
	}
	chosen = ""
	open()
	press(w, fyne.KeyEscape)
	open()
	test.TapCanvas(w.Canvas(), fyne.NewPos(390, 290))
	if chosen != "" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("chose %q", chosen)
	}
}

// A menu of several choices stays with its line lit until it is closed.
func TestChoicesStay(t *testing.T) {
	on := map[string]bool{}
	at := NewButton("All", NoIcon, Outlined, nil)
	w := window(t, 400, 300, VStack(0, at))
	items := func() []MenuItem {
		var out []MenuItem
		for _, s := range []string{"a", "b", "c"} {
			out = append(out, MenuItem{Label: s, Checked: on[s], OnTap: func() {
				on[s] = !on[s]
				at.SetText("a longer label, which makes the button wider")
			}})
		}
		return out
	}
	w.Canvas().Focus(at)
	ShowChoices(at, items)
	press(w, fyne.KeyDown)
	press(w, fyne.KeyReturn)
	press(w, fyne.KeyDown) // from where it was
	press(w, fyne.KeySpace)
	if !on["a"] || !on["b"] || on["c"] {
		t.Errorf("chose %v", on)
	}
	list, ok := w.Canvas().Focused().(*menuList)
	if !ok || list.lit != 1 || !list.rows[0].check.Visible() || !list.rows[1].check.Visible() || list.rows[2].check.Visible() {
		t.Fatalf("the menu is not there as it was: %+v", list)
	}
	press(w, fyne.KeySpace)
	if on["b"] || list.rows[1].check.Visible() {
		t.Error("a choice cannot be taken back")
	}
	press(w, fyne.KeyEscape)
	if w.Canvas().Overlays().Top() != nil || w.Canvas().Focused() != fyne.Focusable(at) {
		t.Error("Escape does not close it")
	}
	ShowChoices(at, items)
	test.TapCanvas(w.Canvas(), fyne.NewPos(390, 290))
	if w.Canvas().Overlays().Top() != nil {
		t.Error("a tap beside it does not close it")
	}
}

func TestSelectSearches(t *testing.T) {
	var got []int
	s := NewSelect([]string{"Europe/Amsterdam", "America/New_York", "America/Toronto"}, "Choose", func(i int) { got = append(got, i) }).Searchable("Search")
	w := window(t, 500, 400, s)
	s.open()
	in := w.Canvas().Focused().(*input)
	test.Type(in, "new york")
	press(w, fyne.KeyDown)
	press(w, fyne.KeyReturn)
	if s.Selected() != 1 || len(got) != 1 || got[0] != 1 {
		t.Errorf("chose %d, called back %v", s.Selected(), got)
	}
	s.SetSelected(7)
	if s.Selected() != -1 || len(got) != 1 {
		t.Errorf("%d, %v", s.Selected(), got)
	}
}

func TestRadioAndCheck(t *testing.T) {
	var chosen []int
	r := NewRadio([]string{"At once", "At a date", "Never"}, func(i int) { chosen = append(chosen, i) })
	w := window(t, 400, 300, r)
	r.SetSelected(0)
	w.Canvas().Focus(r.marks[0])
	press(w, fyne.KeyDown)
	press(w, fyne.KeyReturn)
	press(w, fyne.KeySpace)
	test.Tap(r.marks[2])
	if r.Selected() != 2 || len(chosen) != 2 || chosen[0] != 1 || chosen[1] != 2 {
		t.Errorf("%d after %v", r.Selected(), chosen)
	}
	var ticks []bool
	c := NewCheck("Request confirmation", func(on bool) { ticks = append(ticks, on) })
	w.SetContent(c)
	w.Canvas().Focus(c)
	press(w, fyne.KeySpace)
	c.SetEnabled(false)
	test.Tap(c)
	c.SetChecked(false)
	if len(ticks) != 1 || !ticks[0] || c.Checked() {
		t.Errorf("%v, %v", ticks, c.Checked())
	}
}

func TestEntryTellsWhatIsWrong(t *testing.T) {
	e := NewEntry("From", "")
	window(t, 400, 200, VStack(0, e))
	before := e.MinSize().Height
	e.SetError("This is not an address.")
	if e.MinSize().Height <= before || e.frame.line != look.Red {
		t.Error("nothing is said")
	}
	e.SetError("")
	if e.MinSize().Height != before || e.frame.line != look.Line {
		t.Error("it is said for ever")
	}
	e.SetText("José")
	if e.in.CursorColumn != 4 {
		t.Errorf("the cursor is at %d", e.in.CursorColumn)
	}
}

func picker(t *testing.T) (*DateTimeZone, fyne.Window) {
	words := PickerWords{Date: "Date", Time: "Time", Zone: "Zone", BadDate: "No date.", BadTime: "No time.", Search: "Search", NoZone: "Choose"}
	words.Months[10], words.Months[11] = "November", "December"
	p := NewDateTimeZone(words, []string{"Europe/Amsterdam", "UTC"}, func() time.Time { return time.Date(2026, 11, 23, 23, 59, 0, 0, time.Local) }, nil)
	return p, window(t, 700, 500, VStack(0, p))
}

func TestPickerValues(t *testing.T) {
	p, _ := picker(t)
	for _, c := range []struct {
		date, clock, zone, local string
		ok                       bool
	}{
		{"2026-12-31", "09:00", "UTC", "2026-12-31T09:00:00", true},
		{"2028-02-29", "23:59:30", "Europe/Amsterdam", "2028-02-29T23:59:30", true},
		{" 2026-12-31 ", "0905", "UTC", "2026-12-31T09:05:00", true},
		{"2026-02-29", "09:00", "UTC", "", false},
		{"31-12-2026", "09:00", "UTC", "", false},
		{"2026-12-31", "24:00", "UTC", "", false},
		{"2026-12-31", "", "UTC", "", false},
		{"2026-12-31", "09:00", "", "", false},
	} {
		p.SetValue("", c.zone)
		p.date.SetText(c.date)
		p.clock.SetText(c.clock)
		local, zone, ok := p.Value()
		if ok != c.ok || local != c.local || ok && zone != c.zone {
			t.Errorf("%+v: %q %q %v", c, local, zone, ok)
		}
	}
	p.SetValue("2026-03-29T02:30:00", "Asia/Tokyo")
	if local, zone, ok := p.Value(); !ok || local != "2026-03-29T02:30:00" || zone != "Asia/Tokyo" {
		t.Errorf("%q %q %v: what was set does not come back", local, zone, ok)
	}
}

func TestPickerTells(t *testing.T) {
	p, _ := picker(t)
	p.SetNote(func(local, zone string) (string, look.Tone) { return local + " in " + zone, look.AmberTone })
	p.SetValue("2026-11-26T09:00:00", "UTC")
	if p.note.Text() != "2026-11-26T09:00:00 in UTC" || !p.note.Visible() {
		t.Errorf("%q", p.note.Text())
	}
	p.date.SetText("2026-13-01")
	if p.date.Error() != "No date." || p.note.Visible() {
		t.Errorf("%q, note %v", p.date.Error(), p.note.Visible())
	}
}

func TestCalendar(t *testing.T) {
	p, w := picker(t)
	p.SetValue("2026-11-30T09:00:00", "UTC")
	p.open()
	c, ok := w.Canvas().Focused().(*calendar)
	if !ok {
		t.Fatalf("%T has the keyboard", w.Canvas().Focused())
	}
	// 1 November 2026 is a Sunday, so the month begins in the week of 26 October.
	if got := c.cells[0].date.Format(time.DateOnly); got != "2026-10-26" {
		t.Errorf("the first cell is %s", got)
	}
	if !c.cells[28].isNow || c.cells[28].date.Day() != 23 {
		t.Errorf("today is not marked")
	}
	press(w, fyne.KeyRight)
	if c.title.Text() != "December 2026" {
		t.Errorf("%q after the last of November", c.title.Text())
	}
	press(w, fyne.KeyDown)
	press(w, fyne.KeySpace)
	if local, _, _ := p.Value(); local != "2026-12-08T09:00:00" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("%q", local)
	}
	p.open()
	press(w, fyne.KeyEscape)
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Escape leaves the calendar open")
	}
}
