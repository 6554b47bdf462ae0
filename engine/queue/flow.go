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
	lane  *lane
	gone  bool                  // no longer active in the store: nothing new begins
	pause *delivery.PauseReason // what a breaker found; nothing new begins
	known uint64                // Queue.asked when we paused it ourselves
	quiet time.Time             // no change of state is tried before it

	jobs   []Job // claimed, not begun: jobs[head:]
	head   int
	asked  int // claims in the transaction that runs
	depth  int // most messages in the buffer; 0: the least
	taken  int // messages taken out of it since …
	gauged time.Time
	owned  int       // messages claimed for us whose end is not durable yet
	dry    bool      // the store has no more …
	retry  time.Time // … before this moment; zero: until something changes
	turn   uint64    // counts the commits that touched the flow
	seen   uint64    // turn when Active was last read

	// Breakers.
	code     int // of the last non-recipient refusals, equal and in a row
	enhanced string
	refusals int
	doubts   int           // messages in doubt in a row
	broke    map[int64]int // sessions that a message has broken, by Seq

	// Figures.
	dirty bool
	force bool
	shown time.Time
	rate  float64 // as last shown
	meter meter
}

// atRest reports whether nothing of the flow is in the queue's hands.
func (f *flow) atRest() bool { return f.owned == 0 && f.asked == 0 }

func (f *flow) buffered() int { return len(f.jobs) - f.head }

// sends reports whether messages of the flow may begin.
func (f *flow) sends() bool {
	return !f.gone && f.pause == nil && (f.State == delivery.Sending || f.State == delivery.Retrying)
}

// next takes one message out of the buffer.
func (f *flow) next() Job {
	j := f.jobs[f.head]
	f.jobs[f.head] = Job{}
	f.head++
	f.taken++
	if f.head == len(f.jobs) {
		f.jobs, f.head = f.jobs[:0], 0
	}
	return j
}

// fill adds claimed messages to the buffer.
func (f *flow) fill(js []Job) {
	if f.head > 0 {
		n := copy(f.jobs, f.jobs[f.head:])
		clear(f.jobs[n:])
		f.jobs, f.head = f.jobs[:n], 0
	}
	f.jobs = append(f.jobs, js...)
}

// release gives the claimed messages that have not begun back to the store.
func (q *Queue) release(f *flow) {
	if f.buffered() == 0 {
		return
	}
	for f.buffered() > 0 {
		j := f.next()
		q.settle(f, Outcome{Ref: j.Ref, To: delivery.MsgPending, Attempt: j.Attempt, At: time.Now()})
	}
	q.arm(true)
}

// settle hands the outcome of a message that was never committed to over to the
// store: no journal has to remember it.
func (q *Queue) settle(f *flow, o Outcome) {
	f.settled(o)
	q.stores.outcomes = append(q.stores.outcomes, o)
	q.arm(f.gone || q.stopping || q.stores.hasty())
}

// settled notes that a message has left the flow's hands.
func (f *flow) settled(o Outcome) {
	if o.To == delivery.MsgPending {
		f.dry = false // it can be claimed again by the commit that releases it
	} else {
		delete(f.broke, o.Seq)
	}
}

// wants returns how many messages to claim for a flow now.
func (q *Queue) wants(f *flow, now time.Time) int {
	if q.stopping || f.asked > 0 || !f.sends() || f.lane.held(now) {
		return 0
	}
	if f.dry && (f.retry.IsZero() || f.retry.After(now)) {
		return 0
	}
	// Without a connection one message is enough to find out whether there can
	// be one.
	size := 1
	if f.lane.live > 0 {
		size = max(f.depth, f.least())
	}
	if f.buffered() > size/2 {
		return 0
	}
	return size - f.buffered()
}

// least is the smallest buffer of a flow whose connections are all at work.
func (f *flow) least() int { return buffered * f.lane.limit() }

// gauge fits the buffer to the speed at which messages leave, when new ones come.
func (f *flow) gauge(now time.Time) {
	want := f.least()
	if d := now.Sub(f.gauged); d > 0 {
		want = max(want, int(float64(f.taken)/d.Seconds()*ahead.Seconds()))
	}
	if f.buffered() == 0 && f.lane.live > 0 && f.taken > 0 {
		want = max(want, 2*f.depth)
	}
	f.depth = min(max(want, f.depth-f.depth/8), deepest)
	f.gauged, f.taken = now, 0
}

// plan sets when a flow without messages asks the store again.
func (f *flow) plan(now time.Time) {
	f.retry = f.NextDue
	if f.NextDue.After(now) || f.Counters.Pending+f.Counters.Deferred == 0 {
		return
	}
	// A store that says "now" and has nothing must not make us spin; one that
	// knows no moment is asked again without haste.
	wait := poll
	if !f.NextDue.IsZero() {
		wait = frame
	}
	f.retry = now.Add(wait).Round(0)
}

// refill asks for a transaction when the flow's buffer wants claims.
func (q *Queue) refill(f *flow, now time.Time) {
	if q.wants(f, now) > 0 {
		q.arm(true)
	}
}

// trip pauses a delivery for a reason that needs a person. The Run loop makes it
// so in the store; from here on nothing of it begins.
func (q *Queue) trip(f *flow, k delivery.Kind, detail string) {
	if !f.sends() {
		return
	}
	f.pause = &delivery.PauseReason{At: time.Now(), Kind: k, Detail: detail}
	q.release(f)
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
