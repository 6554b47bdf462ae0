package schedule

import (
	"strings"
	"time"
	_ "time/tzdata" // Windows and slim containers have no zone database

	"sendoff/engine/delivery"
)

// Layout is how a contact date is stored: the wall clock without its zone.
const Layout = "2006-01-02T15:04:05"

// layouts are what people and files write besides.
var layouts = [...]string{Layout, "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}

// Shift tells whether the wall clock that was asked for exists once, never or
// twice.
type Shift string

// Shifts.
const (
	ShiftNone    Shift = "none"    // it exists once
	ShiftGap     Shift = "gap"     // the clock jumps over it: the first moment after the jump is meant
	ShiftOverlap Shift = "overlap" // the clock shows it twice: the first time is meant
)

// reach is further than any clock is from UTC, or was ever moved: Samoa skipped
// a whole day.
const reach = 50 * time.Hour

// Resolve returns the instant that a wall clock means in a zone. local is written
// as Layout, or without seconds; zone is an IANA name such as "Europe/Amsterdam".
// The instant carries that zone.
//
// A wall clock that exists twice means its first occurrence, so that a delivery
// leaves once and no later than read; one that does not exist means the first
// moment after the gap. time.Date promises neither.
//
// Errors are *delivery.Error of KindInvalid with Field "schedule.at" or
// "schedule.zone".
func Resolve(local, zone string) (time.Time, Shift, error) {
	loc, err := Load(zone)
	if err != nil {
		return time.Time{}, ShiftNone, err
	}
	wall, err := parse(local)
	if err != nil {
		return time.Time{}, ShiftNone, err
	}
	at, shift := resolve(wall, loc)
	return at, shift, nil
}

// Load returns a zone by its IANA name. "Local" and the empty name are refused:
// they mean something else on every machine.
func Load(zone string) (*time.Location, error) {
	if zone == "" || zone == "Local" {
		return nil, &delivery.Error{Op: "schedule", Kind: delivery.KindInvalid, Field: "schedule.zone", Detail: zone}
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return nil, &delivery.Error{Op: "schedule", Kind: delivery.KindInvalid, Field: "schedule.zone", Detail: zone, Err: err}
	}
	return loc, nil
}

// parse reads a wall clock as if it were UTC.
func parse(local string) (time.Time, error) {
	s := strings.TrimSpace(local)
	for _, l := range layouts {
		if t, err := time.Parse(l, s); err == nil && t.Nanosecond() == 0 {
			return t, nil
		}
	}
	return time.Time{}, &delivery.Error{Op: "schedule", Kind: delivery.KindInvalid, Field: "schedule.at", Detail: local}
}

// resolve walks the periods of constant offset around the wall clock. In a
// period with offset o, the wall clock w stands for the instant w-o, if that
// instant lies within the period.
func resolve(wall time.Time, loc *time.Location) (time.Time, Shift) {
	var found []time.Time
	var jump time.Time // the end of the last period that is over before the wall clock comes
	for t := wall.Add(-reach).In(loc); t.Before(wall.Add(reach)); {
		start, end := t.ZoneBounds()
		_, offset := t.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(loc)
		switch {
		case !start.IsZero() && at.Before(start):
		case !end.IsZero() && !at.Before(end):
			jump = end
		default:
			found = append(found, at)
		}
		if end.IsZero() {
			break
		}
		t = end
	}
	switch len(found) {
	case 0:
		return jump, ShiftGap
	case 1:
		return found[0], ShiftNone
	}
	return found[0], ShiftOverlap
}
