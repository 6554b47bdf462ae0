package schedule_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/schedule"
)

// TestFault69And71Resolve holds the rule against the published dates of each zone. The
// instants are written down from the zones' laws, not from a program.
func TestFault69And71Resolve(t *testing.T) {
	for _, c := range []struct {
		zone, local, utc string
		shift            schedule.Shift
	}{
		// Netherlands: forward 2026-03-29 02:00→03:00, back 2026-10-25 03:00→02:00.
		{"Europe/Amsterdam", "2026-12-01T09:00:00", "2026-12-01T08:00:00Z", schedule.ShiftNone},
		{"Europe/Amsterdam", "2026-07-01T09:00:00", "2026-07-01T07:00:00Z", schedule.ShiftNone},
		{"Europe/Amsterdam", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z", schedule.ShiftNone},
		{"Europe/Amsterdam", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z", schedule.ShiftGap},
		{"Europe/Amsterdam", "2026-03-29T02:30:00", "2026-03-29T01:00:00Z", schedule.ShiftGap},
		{"Europe/Amsterdam", "2026-03-29T02:59:59", "2026-03-29T01:00:00Z", schedule.ShiftGap},
		{"Europe/Amsterdam", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z", schedule.ShiftNone},
		{"Europe/Amsterdam", "2026-10-25T01:59:59", "2026-10-24T23:59:59Z", schedule.ShiftNone},
		{"Europe/Amsterdam", "2026-10-25T02:00:00", "2026-10-25T00:00:00Z", schedule.ShiftOverlap},
		{"Europe/Amsterdam", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z", schedule.ShiftOverlap},
		{"Europe/Amsterdam", "2026-10-25T02:59:59", "2026-10-25T00:59:59Z", schedule.ShiftOverlap},
		{"Europe/Amsterdam", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z", schedule.ShiftNone},
		// New York: forward 2026-03-08 02:00→03:00, back 2026-11-01 02:00→01:00.
		{"America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:00:00Z", schedule.ShiftGap},
		{"America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z", schedule.ShiftOverlap},
		{"America/New_York", "2026-11-01T02:00:00", "2026-11-01T07:00:00Z", schedule.ShiftNone},
		// Lord Howe moves by half an hour: forward 2026-10-04 02:00→02:30,
		// back 2026-04-05 02:00→01:30.
		{"Australia/Lord_Howe", "2026-10-04T01:59:00", "2026-10-03T15:29:00Z", schedule.ShiftNone},
		{"Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00Z", schedule.ShiftGap},
		{"Australia/Lord_Howe", "2026-10-04T02:30:00", "2026-10-03T15:30:00Z", schedule.ShiftNone},
		{"Australia/Lord_Howe", "2026-04-05T01:29:00", "2026-04-04T14:29:00Z", schedule.ShiftNone},
		{"Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z", schedule.ShiftOverlap},
		{"Australia/Lord_Howe", "2026-04-05T02:00:00", "2026-04-04T15:30:00Z", schedule.ShiftNone},
		// Kathmandu is 5:45 ahead all year, UTC is UTC.
		{"Asia/Kathmandu", "2026-06-01T00:00:00", "2026-05-31T18:15:00Z", schedule.ShiftNone},
		{"UTC", "2026-02-28T23:59:59", "2026-02-28T23:59:59Z", schedule.ShiftNone},
		// Samoa left out the 30th of December 2011.
		{"Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00Z", schedule.ShiftGap},
		{"Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00Z", schedule.ShiftNone},
		// Other ways to write the same.
		{"UTC", "2026-12-01T09:00", "2026-12-01T09:00:00Z", schedule.ShiftNone},
		{"UTC", " 2026-12-01 09:00 ", "2026-12-01T09:00:00Z", schedule.ShiftNone},
		{"UTC", "2026-12-01 09:00:30", "2026-12-01T09:00:30Z", schedule.ShiftNone},
	} {
		at, shift, err := schedule.Resolve(c.local, c.zone)
		if err != nil {
			t.Errorf("%s %s: %v", c.local, c.zone, err)
			continue
		}
		if got := at.UTC().Format(time.RFC3339); got != c.utc || shift != c.shift {
			t.Errorf("%s %s = %s %s, want %s %s", c.local, c.zone, got, shift, c.utc, c.shift)
		}
		if at.Location().String() != c.zone {
			t.Errorf("%s: the instant carries the zone %s", c.zone, at.Location())
		}
	}
}

func TestResolveRefuses(t *testing.T) {
	for _, c := range []struct{ local, zone, field string }{
		{"2026-12-01T09:00:00", "", "schedule.zone"},
		{"2026-12-01T09:00:00", "Local", "schedule.zone"},
		{"2026-12-01T09:00:00", "Europe/Amsterdm", "schedule.zone"},
		{"2026-12-01T09:00:00", "../UTC", "schedule.zone"},
		{"", "UTC", "schedule.at"},
		{"tomorrow", "UTC", "schedule.at"},
		{"2026-13-01T09:00:00", "UTC", "schedule.at"},
		{"2026-02-29T09:00:00", "UTC", "schedule.at"},
		{"2026-12-01T24:00:00", "UTC", "schedule.at"},
		{"2026-12-01T09:00:00.5", "UTC", "schedule.at"},
		{"2026-12-01T09:00:00Z", "UTC", "schedule.at"},
		{"2026-12-01T09:00:00+01:00", "UTC", "schedule.at"},
	} {
		_, _, err := schedule.Resolve(c.local, c.zone)
		e, ok := err.(*delivery.Error)
		if !ok || e.Kind != delivery.KindInvalid || e.Field != c.field {
			t.Errorf("%q %q: %v, want KindInvalid of %s", c.local, c.zone, err, c.field)
		}
	}
}

// TestRoundTrip checks the definition itself for any minute in any zone: outside
// gaps the instant shows the wall clock that was asked for, and no earlier
// instant does; in a gap no instant does, and the answer is where the gap ends.
func TestRoundTrip(t *testing.T) {
	zones := schedule.Zones()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		loc, err := schedule.Load(zone)
		if err != nil {
			t.Fatal(err)
		}
		// Half of the draws lie close to a change of the clock.
		base := time.Unix(rapid.Int64Range(1.5e9, 2.1e9).Draw(t, "unix"), 0).In(loc)
		if _, end := base.ZoneBounds(); !end.IsZero() && rapid.Bool().Draw(t, "near") {
			base = end.Add(time.Duration(rapid.IntRange(-180, 180).Draw(t, "minutes")) * time.Minute)
		}
		wall := base.Format("2006-01-02T15:04") + ":00"
		if rapid.Bool().Draw(t, "moved") { // may fall into a gap
			u, _ := time.Parse(schedule.Layout, wall)
			wall = u.Add(time.Duration(rapid.IntRange(-90, 90).Draw(t, "by")) * time.Minute).Format(schedule.Layout)
		}
		at, shift, err := schedule.Resolve(wall, zone)
		if err != nil {
			t.Fatal(err)
		}
		shows := 0
		for d := -4 * time.Hour; d <= 4*time.Hour; d += time.Minute {
			if at.Add(d).Format(schedule.Layout) != wall {
				continue
			}
			shows++
			if d < 0 {
				t.Fatalf("%s in %s: %v earlier the clock shows it too", wall, zone, -d)
			}
		}
		want := map[schedule.Shift]int{schedule.ShiftGap: 0, schedule.ShiftNone: 1, schedule.ShiftOverlap: 2}[shift]
		if shows != want {
			t.Fatalf("%s in %s: %s, but the clock shows it %d times", wall, zone, shift, shows)
		}
		if shift == schedule.ShiftGap {
			before, after := at.Add(-time.Second).Format(schedule.Layout), at.Format(schedule.Layout)
			if !(before < wall && wall < after) {
				t.Fatalf("%s in %s: the gap answered runs from %s to %s", wall, zone, before, after)
			}
		}
	})
}

func TestZones(t *testing.T) {
	zs := schedule.Zones()
	seen := map[string]bool{}
	for _, z := range zs {
		if _, err := schedule.Load(z); err != nil {
			t.Error(err)
		}
		if seen[z] || strings.TrimSpace(z) != z {
			t.Errorf("%q is there twice or has spaces", z)
		}
		seen[z] = true
	}
	if !slices.Contains(zs, "Europe/Amsterdam") || zs[0] != "UTC" {
		t.Error("UTC comes first and the Netherlands are in it")
	}
}

func FuzzResolve(f *testing.F) {
	f.Add("2026-03-29T02:30:00", "Europe/Amsterdam")
	f.Add("9999-12-31T23:59:59", "Pacific/Apia")
	f.Add("0000-01-01T00:00", "America/New_York")
	f.Fuzz(func(t *testing.T, local, zone string) {
		at, _, err := schedule.Resolve(local, zone)
		if err == nil && at.Location().String() != zone {
			t.Errorf("%q resolved in %s", zone, at.Location())
		}
		if err != nil && !delivery.Is(err, delivery.KindInvalid) {
			t.Errorf("%v is not KindInvalid", err)
		}
	})
}
