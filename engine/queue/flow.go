package queue

import (
	"time"

	"sendoff/engine/delivery"
)

// Sizes of the window on the database. A flow holds as many claimed messages that
// have not begun as leave within a moment, a few for each connection at least, and
// twice as many whenever they ran out. It asks for more at half of it. A claim is
// looked up in the suppression lists when it is made, so the window is kept short
// in time, and not in number.
const (
	buffered = 4
	ahead    = 200 * time.Millisecond
	deepest  = 8192
	tries    = 3 // sessions that one message may break before it is deferred
)

// flow is one active delivery. Its fields are guarded by Queue.mu.
type flow struct {
	Active
	legs  []*leg
	gone  bool                  // no longer active in the store: nothing new begins
	pause *delivery.PauseReason // what a breaker found; nothing new begins
	known uint64                // Queue.asked when we paused it ourselves
	quiet time.Time             // no change of state is tried before it

	owned int           // messages claimed for us whose end is not durable yet
	turn  uint64        // counts the commits that touched the flow
	seen  uint64        // turn when Active was last read
	broke map[int64]int // sessions that a message has broken, by Seq

	// Figures.
	dirty bool
	force bool
	shown time.Time
	rate  float64 // as last shown
	meter meter
}

// atRest reports whether nothing of the flow is in the queue's hands.
func (f *flow) atRest() bool {
	for _, g := range f.legs {
		if g.asked > 0 {
			return false
		}
	}
	return f.owned == 0
}

// dry reports whether the store has no more for any of the legs.
func (f *flow) dry() bool {
	for _, g := range f.legs {
		if !g.dry {
			return false
		}
	}
	return true
}

// sends reports whether messages of the flow may begin.
func (f *flow) sends() bool {
	return !f.gone && f.pause == nil && (f.State == delivery.Sending || f.State == delivery.Retrying)
}

// release gives the claimed messages of a leg that have not begun back to the store.
func (q *Queue) release(g *leg) {
	if g.buffered() == 0 {
		return
	}
	for g.buffered() > 0 {
		j := g.next()
		q.settle(g, Outcome{Ref: j.Ref, To: delivery.MsgPending, Attempt: j.Attempt, At: q.now()})
	}
	q.arm(true)
}

// releaseAll does so with all legs of a flow.
func (q *Queue) releaseAll(f *flow) {
	for _, g := range f.legs {
		q.release(g)
	}
}

// settle hands the outcome of a message that was never committed to over to the
// store: no journal has to remember it.
func (q *Queue) settle(g *leg, o Outcome) {
	g.settled(o)
	q.stores.outcomes = append(q.stores.outcomes, o)
	q.arm(g.ended() || g.flow.gone || q.stopping || q.stores.hasty())
}

// settled notes that a message has left the leg's hands.
func (g *leg) settled(o Outcome) {
	f := g.flow
	if o.To == delivery.MsgPending {
		g.pass -= 1 / g.weight
		for _, x := range f.legs {
			x.dry = false // it can be claimed again by the commit that releases it
		}
	} else {
		delete(f.broke, o.Seq)
	}
	if f.several() {
		g.moved = time.Now()
	}
}

// wants returns how many messages to claim for a leg now.
func (q *Queue) wants(g *leg, now time.Time) int {
	f := g.flow
	if q.stopping || g.asked > 0 || !f.sends() || g.lane.held(now) {
		return 0
	}
	if g.dry && (g.retry.IsZero() || g.retry.After(now)) {
		return 0
	}
	// Without a connection one message is enough to find out whether there can
	// be one; where another relay can have it, it waits for none.
	size := 1
	if g.lane.live > 0 {
		size = g.size()
	} else if f.several() {
		return 0
	}
	if g.buffered() > size/2 {
		return 0
	}
	n := size - g.buffered()
	if f.several() {
		n = min(n, f.share(g, now))
	}
	return n
}

// refill asks for a transaction when a leg's buffer wants claims.
func (q *Queue) refill(f *flow, now time.Time) {
	for _, g := range f.legs {
		if q.wants(g, now) > 0 {
			q.arm(true)
			return
		}
	}
}

// trip pauses a delivery for a reason that needs a person. The Run loop makes it
// so in the store; from here on nothing of it begins.
func (q *Queue) trip(f *flow, k delivery.Kind, detail string) {
	if !f.sends() {
		return
	}
	f.pause = &delivery.PauseReason{At: q.now(), Kind: k, Detail: detail}
	q.releaseAll(f)
	q.poke()
}

// due returns the change of state that the figures call for, or "".
func (f *flow) due() delivery.Action {
	c := &f.Counters
	switch {
	case f.gone:
		return ""
	case f.pause != nil:
		return delivery.Pause
	case f.State != delivery.Sending && f.State != delivery.Retrying:
		return ""
	case c.Open() == 0:
		return delivery.Finish
	case f.State == delivery.Sending && c.Pending+c.Claimed+c.Committing == 0:
		return delivery.Retry
	}
	return ""
}
