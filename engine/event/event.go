// Package event carries what changed from the engine to whoever watches.
//
// A subscription is a mailbox of latest values: every event has a key, and a
// newer event with the same key replaces the one not yet read. So a slow
// subscriber neither blocks the engine nor grows memory, and still always ends
// up with the truth: events are complete values or bare "ask again" notes, never
// deltas. The first batch is a snapshot, given by the publisher at Subscribe.
//
// A Hub is safe for concurrent use. A Subscription belongs to one reader.
package event

import (
	"context"
	"sync"

	"sendoff/engine/delivery"
)

// Event is something that changed.
type Event interface {
	// Key says which earlier event this one replaces.
	Key() string
}

// Status carries the live figures of one delivery.
type Status struct{ delivery.Status }

// Key is one per delivery.
func (e Status) Key() string { return "status/" + e.ID.String() }

// Changed says that the stored delivery changed beyond its figures (state,
// content, plan): ask again.
type Changed struct{ ID delivery.ID }

// Key is one per delivery.
func (e Changed) Key() string { return "changed/" + e.ID.String() }

// Lists says that a list changed: deliveries, audiences, profiles, quarantine,
// accounts or operators.
type Lists struct{}

// Key is one for all lists.
func (Lists) Key() string { return "lists" }

// Raise says that a second start asked this window to come to the front.
type Raise struct{}

// Key is one for all.
func (Raise) Key() string { return "raise" }

// Fatal says that the engine stopped sending because it can no longer keep its
// record.
type Fatal struct{ Err error }

// Key is one for all.
func (Fatal) Key() string { return "fatal" }

// Warning says that something beside the sending failed, such as the daily copy of
// the workspace; sending goes on.
type Warning struct{ Err error }

// Key is one for all.
func (Warning) Key() string { return "warning" }

// Hub hands events to every subscription. The zero value is ready.
type Hub struct {
	mu   sync.Mutex
	subs map[*Subscription]struct{}
}

// Publish hands the events to every subscription. It never blocks.
func (h *Hub) Publish(events ...Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		s.put(events)
	}
}

// Subscribe opens a mailbox that already holds the events of snapshot, taken
// while no other event can slip in between.
func (h *Hub) Subscribe(snapshot func() []Event) *Subscription {
	s := &Subscription{hub: h, kick: make(chan struct{}, 1), latest: map[string]Event{}}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.subs == nil {
		h.subs = map[*Subscription]struct{}{}
	}
	h.subs[s] = struct{}{}
	if snapshot != nil {
		s.put(snapshot())
	}
	return s
}

// Subscription is one reader's mailbox.
type Subscription struct {
	hub  *Hub
	kick chan struct{}

	mu     sync.Mutex
	order  []string
	latest map[string]Event
}

func (s *Subscription) put(events []Event) {
	if len(events) == 0 {
		return
	}
	s.mu.Lock()
	for _, e := range events {
		k := e.Key()
		if _, ok := s.latest[k]; !ok {
			s.order = append(s.order, k)
		}
		s.latest[k] = e
	}
	s.mu.Unlock()
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// Ready is signalled when the mailbox holds something.
func (s *Subscription) Ready() <-chan struct{} { return s.kick }

// Take empties the mailbox, oldest key first. It may return nothing.
func (s *Subscription) Take() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Event, 0, len(s.order))
	for _, k := range s.order {
		out = append(out, s.latest[k])
	}
	s.order = s.order[:0]
	clear(s.latest)
	return out
}

// Next waits for at least one event.
func (s *Subscription) Next(ctx context.Context) ([]Event, error) {
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.kick:
			if es := s.Take(); len(es) > 0 {
				return es, nil
			}
		}
	}
}

// Close ends the subscription. Calling it again does nothing.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	delete(s.hub.subs, s)
	s.hub.mu.Unlock()
}
