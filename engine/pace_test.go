package engine_test

import (
	"context"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/queue"
)

// What waits for the account's limit says when the next message leaves and when
// all will have: in the process that sends, and in one that only looks.
func TestPaceSeenFromOutside(t *testing.T) {
	sink, err := enginetest.StartSink(enginetest.SinkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	dir := t.TempDir()
	w := newWork(t, dir, 50)
	a, err := w.AddAccount(t.Context(), w.who, delivery.Account{Name: "slow", Host: "127.0.0.1", Port: sink.Port(), Security: delivery.SecurityNone,
		Connections: 1, PerHour: 20}, "")
	if err != nil {
		t.Fatal(err)
	}
	d := w.view().Draft
	d.Account = a.ID
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	w.confirm()
	began := time.Now()
	w.Run()
	// The dispatcher says nothing anew while nothing changes.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for v := w.view(); v.Status.Hold == nil; v = w.view() {
		select {
		case <-ctx.Done():
			t.Fatalf("never held: %+v", v.Status)
		case <-time.After(20 * time.Millisecond):
		}
	}
	outside, err := engine.Open(t.Context(), engine.Options{Dir: dir, ReadOnly: true, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	defer outside.Close()
	seen, err := outside.Delivery(t.Context(), w.id)
	if err != nil {
		t.Fatal(err)
	}
	for who, s := range map[string]delivery.Status{"inside": w.view().Status, "outside": seen.Status} {
		if s.Hold == nil || s.Hold.Kind != delivery.KindLimit || s.Hold.Detail != "20/h" {
			t.Errorf("%s: %+v", who, s)
			continue
		}
		// 20 an hour: the 21st after an hour, the last of the other 30 after an
		// hour and a half more at that rate.
		if next := s.Hold.Until.Sub(began); next < time.Hour-2*time.Second || next > time.Hour+time.Minute {
			t.Errorf("%s: the next message after %v", who, next)
		}
		if done := s.ETA.Sub(s.Hold.Until); done != 90*time.Minute {
			t.Errorf("%s: done %v after it", who, done)
		}
	}
	if err := w.Stop(t.Context(), w.who, w.id); err != nil {
		t.Fatal(err)
	}
	if v, err := outside.Delivery(t.Context(), w.id); err != nil || v.Status.Hold != nil || !v.Status.ETA.IsZero() {
		t.Errorf("after Stop: %+v, %v", v.Status, err)
	}
}

func TestETA(t *testing.T) {
	from := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	open := delivery.Counters{Targeted: 1000, Pending: 500, Deferred: 100, Accepted: 400}
	for _, c := range []struct {
		name string
		a    delivery.Account
		c    delivery.Counters
		rate float64
		want time.Duration // 0: not known
	}{
		{"at a rate", delivery.Account{}, open, 10, time.Minute},
		{"no rate yet, but one was measured before", delivery.Account{Rate: 5}, open, 0, 2 * time.Minute},
		{"nothing is known", delivery.Account{}, open, 0, 0},
		{"the limit is slower", delivery.Account{PerMinute: 60}, open, 10, 10 * time.Minute},
		{"the rate is slower", delivery.Account{PerSecond: 20}, open, 10, time.Minute},
		{"only deferred ones are left", delivery.Account{Rate: 5}, delivery.Counters{Targeted: 10, Deferred: 10}, 0, 0},
	} {
		got := queue.ETA(c.a, c.c, from, c.rate)
		if got.IsZero() != (c.want == 0) || c.want > 0 && got.Sub(from) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
