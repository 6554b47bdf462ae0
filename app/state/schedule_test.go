package state_test

import (
	"testing"

	"sendoff/app/state"
	"sendoff/engine/delivery"
)

func TestScheduleForm(t *testing.T) {
	const ams = "Europe/Amsterdam"
	for _, c := range []struct {
		form    state.ScheduleForm
		want    delivery.Schedule
		problem state.ScheduleProblem
	}{
		{state.ScheduleForm{Date: "nonsense"}, delivery.Schedule{Mode: delivery.OnceConfirmed}, ""},
		{state.ScheduleForm{At: true, Date: "2026-12-01", Time: "09:00", Zone: ams},
			delivery.Schedule{Mode: delivery.AtDate, Local: "2026-12-01T09:00:00", Zone: ams}, ""},
		{state.ScheduleForm{At: true, Date: "2026-02-30", Time: "09:00", Zone: ams}, delivery.Schedule{}, state.DateInvalid},
		{state.ScheduleForm{At: true, Date: "2026-12-01", Time: "25:00", Zone: ams}, delivery.Schedule{}, state.DateInvalid},
		{state.ScheduleForm{At: true, Date: "2026-12-01", Time: "09:00", Zone: "Europe/Nowhere"}, delivery.Schedule{}, state.ZoneInvalid},
		{state.ScheduleForm{At: true, Date: "2026-12-01", Time: "09:00"}, delivery.Schedule{}, state.ZoneInvalid},
	} {
		got, problem := c.form.Schedule()
		if got != c.want || problem != c.problem {
			t.Errorf("%+v: got %+v, %q", c.form, got, problem)
		}
		if problem == "" && c.form.At {
			if back := state.FormOf(got, now, "UTC"); back != c.form {
				t.Errorf("back: %+v, want %+v", back, c.form)
			}
		}
	}
	if f := state.FormOf(delivery.Schedule{Mode: delivery.OnceConfirmed}, now, ams); f.At || f.Date != "2026-11-24" || f.Time != "09:00" {
		t.Errorf("suggestion %+v", f)
	}
}
