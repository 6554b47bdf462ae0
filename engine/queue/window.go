package queue

import (
	"context"
	"errors"
	"slices"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/transport"
)

var errNoDot = errors.New("the intent cannot be recorded")

// held is one message in the hands of a connection.
type held struct {
	transport.Mail
	worker  *worker
	leg     *leg
	job     Job
	until   time.Time // its validity
	intent  intent
	handed  bool // to the session
	begun   bool
	scratch *Scratch // that its Data may live in
}

// intent is how far the record before the final dot has come.
type intent int

const (
	notAsked intent = iota
	asked           // handed in
	durable         // the dot may be written
)

// intend hands in the intents that the window has room for.
func (w *worker) intend() {
	for _, h := range w.items {
		if w.open >= w.window || w.q.broken {
			return
		}
		if h.intent == notAsked {
			h.intent = asked
			w.open++
			w.q.record(Record{HasIntent: true, Intent: Intent{h.job.Ref, h.job.Attempt}}, nil, h)
		}
	}
}

// Begin lets the first word about a message leave, unless its delivery was paused
// or stopped, or the queue told to end, since it was taken.
func (w *worker) Begin(m *transport.Mail) bool {
	q, h := w.q, m.Tag.(*held)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopping || !h.leg.flow.sends() {
		w.finish(h, h.back())
		return false
	}
	h.begun = true
	return true
}

// Ready reports whether the intent of a message is durable.
func (w *worker) Ready(m *transport.Mail) bool {
	h := m.Tag.(*held)
	w.q.mu.Lock()
	defer w.q.mu.Unlock()
	return h.intent == durable
}

// Commit waits until the intent of a message is durable. An error says that it
// never will be.
func (w *worker) Commit(ctx context.Context, m *transport.Mail) error {
	q, h := w.q, m.Tag.(*held)
	for {
		q.mu.Lock()
		switch {
		case q.broken:
			q.mu.Unlock()
			return errNoDot
		case h.intent == durable:
			q.mu.Unlock()
			return ctx.Err()
		}
		w.block()
		q.mu.Unlock()
		select {
		case <-w.wake:
		case <-ctx.Done():
			q.mu.Lock()
			w.unblock()
			q.mu.Unlock()
			return ctx.Err()
		}
	}
}

// block counts the connection among those that stand still until something is
// durable. The first one shortens the wait for company, so the syncer is told.
func (w *worker) block() {
	if !w.blocked {
		w.blocked = true
		w.q.syncs.parked++
		if w.q.syncs.parked == 1 || w.q.syncs.ripe() {
			w.q.syncs.poke()
		}
	}
}

// unblock lets go of a connection that waits for something to be durable. From
// here on it does not count as one that does, or the next sync begins too early.
func (w *worker) unblock() {
	if w.blocked {
		w.blocked = false
		w.q.syncs.parked--
		w.rouse()
	}
}

// Done takes up what became of a message.
func (w *worker) Done(m *transport.Mail, r transport.Result) {
	q, h := w.q, m.Tag.(*held)
	q.mu.Lock()
	defer q.mu.Unlock()
	o := q.judge(w, h, r)
	w.over = w.over || !r.Usable
	w.finish(h, o)
}

// end settles a message that the session never saw.
func (w *worker) end(h *held, o Outcome) {
	w.q.mu.Lock()
	defer w.q.mu.Unlock()
	w.finish(h, o)
}

// back is the outcome of a message that nothing happened to.
func (h *held) back() Outcome {
	return Outcome{Ref: h.job.Ref, To: delivery.MsgPending, Attempt: h.job.Attempt, At: h.worker.q.now().Round(0)}
}

// finish hands in the outcome of a message, together with the intent that takes
// its place in the window: a message that is there, or the next one of the lane.
// Under Queue.mu.
func (w *worker) finish(h *held, o Outcome) {
	q := w.q
	n := slices.Index(w.items, h)
	w.items = slices.Delete(w.items, n, n+1)
	if h.intent == notAsked {
		q.settle(h.leg, o)
		w.let(h)
	} else {
		h.leg.settled(o)
		r := Record{HasOutcome: true, Outcome: o}
		next := w.unasked()
		if next != nil {
			next.intent = asked
			r.HasIntent, r.Intent = true, Intent{next.job.Ref, next.job.Attempt}
		}
		q.record(r, h, next)
		if next != nil && !next.handed {
			w.rouse()
		}
	}
	w.work()
	if len(w.items) == 0 {
		w.rouse() // whoever waits for the end of what is on its way
	}
}

// unasked returns a message whose intent may be handed in now.
func (w *worker) unasked() *held {
	if w.q.broken || w.over {
		return nil
	}
	if n := slices.IndexFunc(w.items, func(x *held) bool { return x.intent == notAsked }); n >= 0 {
		return w.items[n]
	}
	return w.pick()
}

// let makes room for another message, once no record speaks of this one.
func (w *worker) let(h *held) {
	h.leg, h.job, h.intent, h.handed, h.begun, h.Mail = nil, Job{}, notAsked, false, false, transport.Mail{}
	w.free = append(w.free, h)
}
