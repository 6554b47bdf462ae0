package event_test

import (
	"context"
	"sync"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

func status(id delivery.ID, accepted int64) event.Status {
	return event.Status{Status: delivery.Status{ID: id, Counters: delivery.Counters{Accepted: accepted}}}
}

func TestLatestWinsAndNothingGrows(t *testing.T) {
	var h event.Hub
	s := h.Subscribe(func() []event.Event { return []event.Event{status(1, 0), event.Lists{}} })
	defer s.Close()
	for i := range int64(10000) {
		h.Publish(status(1, i), status(2, i))
	}
	got, err := s.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 {
		t.Fatalf("%d events, want the latest of three keys", len(got))
	}
	if st, ok := got[0].(event.Status); !ok || st.ID != 1 || st.Counters.Accepted != 9999 {
		t.Errorf("first %+v: the snapshot's key keeps its place and has the last value", got[0])
	}
	if more := s.Take(); len(more) != 0 {
		t.Errorf("still there: %v", more)
	}
}

func TestNothingAfterClose(t *testing.T) {
	var h event.Hub
	s := h.Subscribe(nil)
	s.Close()
	s.Close()
	h.Publish(event.Lists{})
	if got := s.Take(); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Next(ctx); err == nil {
		t.Error("waits for ever")
	}
}

// TestFinalValueArrives: whatever the interleaving, a reader that keeps reading
// ends with the last value.
func TestFinalValueArrives(t *testing.T) {
	var h event.Hub
	s := h.Subscribe(nil)
	defer s.Close()
	const last = 5000
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range int64(last + 1) {
			h.Publish(status(1, i))
		}
	})
	seen := int64(-1)
	for seen != last {
		es, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range es {
			n := e.(event.Status).Counters.Accepted
			if n <= seen {
				t.Fatalf("%d after %d", n, seen)
			}
			seen = n
		}
	}
	wg.Wait()
}
