package state

import (
	"time"

	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/schedule"
)

// localLayout is how a schedule writes the clock on the wall.
const localLayout = "2006-01-02T15:04:05"

// Suggest is what a schedule editor shows first: what is chosen, or nine o'clock
// tomorrow in zone.
func Suggest(s delivery.Schedule, now time.Time, zone string) (local, in string) {
	if s.Mode == delivery.AtDate && s.Local != "" {
		return s.Local, s.Zone
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc, zone = time.UTC, "UTC"
	}
	t := now.In(loc).AddDate(0, 0, 1)
	return time.Date(t.Year(), t.Month(), t.Day(), 9, 0, 0, 0, time.UTC).Format(localLayout), zone
}

// ScheduleNote tells what a local time in a zone means: how long from now, and
// what a change of the clocks does to it.
func ScheduleNote(c *text.Catalog, local, zone string, now time.Time) (string, Tone) {
	at, shift, err := schedule.Resolve(local, zone)
	if err != nil {
		return c.Error(err), Red
	}
	loc, err := schedule.Load(zone)
	if err != nil {
		return c.Error(err), Red
	}
	switch {
	case at.Before(now):
		return c.T("edit.note_past"), Amber
	case shift == schedule.ShiftGap:
		return c.T("edit.note_gap", "date", c.DateTimeIn(at, loc)), Amber
	case shift == schedule.ShiftOverlap:
		return c.T("edit.note_overlap", "date", c.DateTimeIn(at, loc)), Amber
	}
	return c.T("edit.note_leaves", "here", c.DateTime(at), "zone", c.Zone().String()), Quiet
}
