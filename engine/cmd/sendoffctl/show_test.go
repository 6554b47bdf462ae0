package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
)

// While something is sent, a person is told when the next message leaves and when
// all of them have.
func TestShowWhen(t *testing.T) {
	at := func(d time.Duration) string { return when.Add(d).Local().Format("2006-01-02 15:04:05") }
	open := delivery.Counters{Targeted: 100, Pending: 60, Deferred: 2, Accepted: 38}
	for _, c := range []struct {
		name  string
		state delivery.State
		count delivery.Counters
		s     delivery.Status
		want  string
		not   string
	}{
		{"at a rate", delivery.Sending, open, delivery.Status{Rate: 12.34, ETA: when.Add(time.Minute)}, "done       at about " + at(time.Minute) + ", at 12.3 a second", "next"},
		{"held by the account's limit", delivery.Sending, open,
			delivery.Status{ETA: when.Add(2 * time.Hour), Hold: &delivery.Hold{Kind: delivery.KindLimit, Detail: "30/min", Until: when.Add(time.Minute)}},
			"waiting    The account's own limit is reached: 30/min.\nnext       message at " + at(time.Minute) + "\ndone       at about " + at(2*time.Hour), "unknown"},
		{"only retries", delivery.Retrying, delivery.Counters{Targeted: 40, Deferred: 2, Accepted: 38}, delivery.Status{NextTry: when.Add(time.Minute)},
			"next       try of 2 deferred messages at " + at(time.Minute) + "\ndone       when the last of these tries has ended", "unknown"},
		{"nobody sends it", delivery.Sending, open, delivery.Status{}, "done       unknown: nothing leaves just now; sendoffctl delivery wait 3", "next"},
		{"stopped", delivery.Stopped, open, delivery.Status{NextTry: when}, "Stopped", "next"},
	} {
		v := in(c.state, c.count)
		v.Status = c.s
		f := &fake{views: []delivery.View{v}}
		r := ctl(t, f, "delivery", "show", "3")
		for want := range strings.Lines(c.want) {
			if !strings.Contains(strings.ToLower(r.out), strings.ToLower(strings.TrimSpace(want))) {
				t.Errorf("%s: no %q in\n%s", c.name, want, r.out)
			}
		}
		if strings.Contains(r.out, "  "+c.not+" ") {
			t.Errorf("%s: %q in\n%s", c.name, c.not, r.out)
		}
		var got map[string]any
		if err := json.Unmarshal([]byte(ctl(t, f, "--json", "delivery", "show", "3").out), &got); err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]time.Time{"done_at": c.s.ETA, "next_try": c.s.NextTry} {
			if stamped := stamp(want); got[key] != stamped {
				t.Errorf("%s: %s is %v, want %v", c.name, key, got[key], stamped)
			}
		}
	}
}
