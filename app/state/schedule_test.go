package state_test

import (
	"testing"

	"sendoff/app/state"
	"sendoff/engine/delivery"
)

func TestSuggest(t *testing.T) {
	local, zone := state.Suggest(delivery.Schedule{Mode: delivery.OnceConfirmed}, now, "Europe/Amsterdam")
	if local != "2026-11-24T09:00:00" || zone != "Europe/Amsterdam" {
		t.Errorf("got %s in %s", local, zone)
	}
	if local, zone = state.Suggest(delivery.Schedule{}, now, "Nowhere/Land"); local != "2026-11-24T09:00:00" || zone != "UTC" {
		t.Errorf("unknown zone: %s in %s", local, zone)
	}
	chosen := delivery.Schedule{Mode: delivery.AtDate, Local: "2027-01-02T03:04:00", Zone: "Asia/Tokyo"}
	if local, zone = state.Suggest(chosen, now, "UTC"); local != chosen.Local || zone != chosen.Zone {
		t.Errorf("what is chosen is lost: %s in %s", local, zone)
	}
}

// The clocks of the Netherlands jump from 02:00 to 03:00 on 28 March 2027 and
// back from 03:00 to 02:00 on 31 October 2027.
func TestScheduleNote(t *testing.T) {
	c := words(t, "en")
	const ams = "Europe/Amsterdam"
	for _, x := range []struct {
		local, zone, want string
		tone              state.Tone
	}{
		{"2026-12-01T09:00:00", ams, "That is 1 Dec 2026, 08:00 here (UTC).", state.Quiet},
		{"2026-11-01T09:00:00", ams, "This date is past: it leaves at once after Confirm.", state.Amber},
		{"2027-03-28T02:30:00", ams, "The clocks skip this time that night: it leaves on 28 Mar 2027, 03:00.", state.Amber},
		{"2027-10-31T02:30:00", ams, "The clocks show this time twice that night: it leaves the first time, on 31 Oct 2027, 02:30.", state.Amber},
	} {
		if got, tone := state.ScheduleNote(c, x.local, x.zone, now); got != x.want || tone != x.tone {
			t.Errorf("%s in %s: %q (%s), want %q (%s)", x.local, x.zone, got, tone, x.want, x.tone)
		}
	}
}
