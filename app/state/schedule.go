package state

import (
	"time"

	"sendoff/engine/delivery"
)

// ScheduleForm is a schedule as a person edits it.
type ScheduleForm struct {
	At   bool   // on a date; else once confirmed
	Date string // "2026-12-31"
	Time string // "09:00"
	Zone string // "Europe/Amsterdam"
}

// ScheduleProblem is the key of the sentence for what is wrong with a form.
type ScheduleProblem string

// Problems.
const (
	DateInvalid ScheduleProblem = "edit.date_invalid"
	ZoneInvalid ScheduleProblem = "edit.zone_invalid"
)

// FormOf fills a form. Without a date it suggests nine o'clock tomorrow in zone.
func FormOf(s delivery.Schedule, now time.Time, zone string) ScheduleForm {
	f := ScheduleForm{At: s.Mode == delivery.AtDate, Time: "09:00", Zone: zone}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	f.Date = now.In(loc).AddDate(0, 0, 1).Format(time.DateOnly)
	if t, err := time.Parse("2006-01-02T15:04:05", s.Local); err == nil && f.At {
		f.Date, f.Time, f.Zone = t.Format(time.DateOnly), t.Format("15:04"), s.Zone
	}
	return f
}

// Schedule reads a form. The engine resolves the instant, with what clocks skip
// and repeat; here only what cannot be a date is refused.
func (f ScheduleForm) Schedule() (delivery.Schedule, ScheduleProblem) {
	if !f.At {
		return delivery.Schedule{Mode: delivery.OnceConfirmed}, ""
	}
	t, err := time.Parse("2006-01-02 15:04", f.Date+" "+f.Time)
	if err != nil {
		return delivery.Schedule{}, DateInvalid
	}
	if _, err := time.LoadLocation(f.Zone); err != nil || f.Zone == "" || f.Zone == "Local" {
		return delivery.Schedule{}, ZoneInvalid
	}
	return delivery.Schedule{Mode: delivery.AtDate, Local: t.Format("2006-01-02T15:04:05"), Zone: f.Zone}, ""
}
