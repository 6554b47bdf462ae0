package queue

import (
	"math"
	"slices"
	"time"

	"sendoff/engine/delivery"
)

// Patience with one of several relays.
const (
	courtesy = time.Second      // for its first connection, before the others go ahead
	silence  = 10 * time.Second // with messages in hand, before the others go ahead
	glance   = time.Second      // between two looks at who may go
)

// leg is a delivery at one of its relays: most deliveries have one. Its fields are
// guarded by Queue.mu.
//
// Messages are divided by weight as weighted fair queueing does it: pass is how
// much a leg has taken per weight, and no leg gets further ahead of the last one
// than a buffer. Who comes back after an absence begins where the others are:
// what they took over stays theirs.
type leg struct {
	flow   *flow
	lane   *lane
	via    int64 // the account in claims: 0 of a delivery with one
	weight float64
	spare  bool

	jobs   []Job // claimed, not begun: jobs[head:]
	head   int
	asked  int // claims in the transaction that runs
	depth  int // most messages in the buffer; 0: the least
	taken  int // messages taken out of it since …
	gauged time.Time
	dry    bool      // the store has no more …
	retry  time.Time // … before this moment; zero: until something changes
	limit  time.Time // the account's limits let it begin no more before
	bound  Limit     // of the last claim

	// Of several.
	pass  float64
	runs  bool      // takes its share
	moved time.Time // when it last got or ended a message
	away  bool      // its absence is in the log
	out   *delivery.PauseReason

	// Breakers.
	code     int // of the last non-recipient refusals, equal and in a row
	enhanced string
	refusals int
	doubts   int // messages in doubt in a row
}

// newFlow makes the flow of a delivery, with a leg for each of its relays.
func (q *Queue) newFlow(a Active) *flow {
	f := &flow{Active: a, force: true}
	add := func(r Relay, via int64) {
		l := q.lanes[r.Account.ID]
		if l == nil {
			l = &lane{workers: map[*worker]struct{}{}, window: 1, lent: q.lent[r.Account.ID]}
			q.lanes[r.Account.ID] = l
		}
		g := &leg{flow: f, lane: l, via: via, weight: float64(max(1, r.Weight)), spare: r.Spare}
		l.legs = append(l.legs, g)
		f.legs = append(f.legs, g)
	}
	for _, r := range a.Relays {
		add(r, r.Account.ID)
	}
	if len(a.Relays) == 0 {
		add(Relay{Account: a.Account}, 0)
	}
	return f
}

// several reports whether the delivery has more than one relay.
func (f *flow) several() bool { return len(f.legs) > 1 }

// leg returns the one for an account as claims name it, or nil.
func (f *flow) leg(via int64) *leg {
	for _, g := range f.legs {
		if g.via == via {
			return g
		}
	}
	return nil
}

// name is the account's, for the log.
func (g *leg) name() string { return g.lane.account.Name }

func (g *leg) buffered() int { return len(g.jobs) - g.head }

// next takes one message out of the buffer.
func (g *leg) next() Job {
	j := g.jobs[g.head]
	g.jobs[g.head] = Job{}
	g.head++
	g.taken++
	if g.head == len(g.jobs) {
		g.jobs, g.head = g.jobs[:0], 0
	}
	return j
}

// fill adds claimed messages to the buffer.
func (g *leg) fill(js []Job) {
	if g.head > 0 {
		n := copy(g.jobs, g.jobs[g.head:])
		clear(g.jobs[n:])
		g.jobs, g.head = g.jobs[:n], 0
	}
	g.jobs = append(g.jobs, js...)
}

// least is the smallest buffer of a leg whose connections are all at work.
func (g *leg) least() int { return buffered * g.lane.limit() }

// size is how many messages its buffer should hold now.
func (g *leg) size() int { return max(g.depth, g.least()) }

// gauge fits the buffer to the speed at which messages leave, when new ones come.
func (g *leg) gauge(now time.Time) {
	want := g.least()
	if d := now.Sub(g.gauged); d > 0 {
		want = max(want, int(float64(g.taken)/d.Seconds()*ahead.Seconds()))
	}
	if g.buffered() == 0 && g.lane.live > 0 && g.taken > 0 {
		want = max(want, 2*g.depth)
	}
	g.depth = min(max(want, g.depth-g.depth/8), deepest)
	g.gauged, g.taken = now, 0
}

// plan sets when a leg without messages asks the store again.
func (g *leg) plan(now time.Time) {
	f := g.flow
	g.retry = f.NextDue
	if g.waits() {
		g.retry = now.Add(poll).Round(0) // an end of a message asks before
		return
	}
	if f.several() {
		// The flow's moment may be that of another leg's limit.
		if g.limit.After(now) {
			g.retry = g.limit
			return
		}
	}
	if f.NextDue.After(now) || f.Counters.Pending+f.Counters.Deferred == 0 {
		return
	}
	// A store that says "now" and has nothing must not make us spin; one that
	// knows no moment is asked again without haste.
	wait := poll
	if !f.NextDue.IsZero() {
		wait = frame
	}
	g.retry = now.Add(wait).Round(0)
}

// waits reports whether all that is left is for a domain of which no more may be
// on their way at once.
func (g *leg) waits() bool { return g.bound.Domain != "" && g.bound.Until.IsZero() }

// ended lets a leg that waits ask again, in the transaction that stores the end.
func (g *leg) ended() (urgent bool) {
	if !g.waits() {
		return false
	}
	g.dry = false
	return true
}

// can reports whether a leg of several could take messages now, or will as soon as
// its first connection is there.
func (g *leg) can(now time.Time) bool {
	l := g.lane
	if g.out != nil || l.held(now) || g.limit.After(now) {
		return false
	}
	return l.live > 0 || l.failures == 0 && (l.tried.IsZero() || now.Sub(l.tried) < courtesy)
}

// silent reports whether the relay sits on messages without a word: the others do
// not wait for it.
func (g *leg) silent(now time.Time) bool {
	return g.lane.live > 0 && g.buffered() > 0 && now.Sub(g.moved) > silence
}

// hopeless reports whether a person has to do something before the relay takes
// messages.
func (g *leg) hopeless() bool {
	return g.out != nil || !g.lane.proven && g.lane.failures >= patience
}

// rank decides which legs of several take messages now: those that can, and the
// spares when that is none of the others.
func (f *flow) rank(now time.Time) {
	spares := true
	for _, g := range f.legs {
		if !g.spare && g.can(now) && !g.silent(now) {
			spares = false
			break
		}
	}
	most := math.Inf(-1) // of the passes
	low := math.Inf(1)   // the lowest of those that ran and run
	for _, g := range f.legs {
		most = max(most, g.pass)
		if g.runs && f.mayRun(g, spares, now) {
			low = min(low, g.pass)
		}
	}
	if math.IsInf(low, 1) {
		low = most
	}
	for _, g := range f.legs {
		runs := f.mayRun(g, spares, now)
		if runs && !g.runs {
			g.pass = max(g.pass, low)
			g.moved = now
		}
		g.runs = runs
	}
}

func (f *flow) mayRun(g *leg, spares bool, now time.Time) bool {
	return g.can(now) && !g.silent(now) && (!g.spare || spares)
}

// share is how many messages a leg of several may claim: as many as keep it within
// a buffer of the one that is furthest behind.
func (f *flow) share(g *leg, now time.Time) int {
	f.rank(now)
	if !g.runs {
		return 0
	}
	low, slack := math.Inf(1), math.Inf(1)
	for _, x := range f.legs {
		if x.runs {
			low = min(low, x.pass)
			slack = min(slack, float64(x.size())/x.weight)
		}
	}
	n := int((low + slack - g.pass) * g.weight)
	if g.pass <= low {
		n = max(n, 1)
	}
	return max(n, 0)
}

// probes reports whether a lane without a connection should try to get one for a
// leg: of several relays none is given messages before it has one.
func (g *leg) probes(now time.Time) bool {
	f := g.flow
	if !f.several() || !f.sends() || g.out != nil || g.limit.After(now) || f.Counters.Pending+f.Counters.Deferred == 0 {
		return false
	}
	if f.Counters.Pending == 0 && f.NextDue.After(now) {
		return false
	}
	return !g.spare || !slices.ContainsFunc(f.legs, func(x *leg) bool { return !x.spare && x.can(now) && !x.silent(now) })
}

// look is when the Run loop has to see again who of several relays may go; zero:
// when something changes.
func (f *flow) look(now time.Time) time.Time {
	switch {
	case f.Counters.Pending == 0 && f.Counters.Deferred == 0:
		return time.Time{}
	case f.Counters.Pending == 0 && f.NextDue.After(now):
		return f.NextDue
	}
	return now.Add(glance).Round(0)
}

// drop leaves a relay out until a person has seen to it. When it was the last one,
// the delivery pauses.
func (q *Queue) drop(g *leg, k delivery.Kind, detail string) {
	f := g.flow
	if !f.sends() || g.out != nil {
		return
	}
	if !slices.ContainsFunc(f.legs, func(x *leg) bool { return x != g && !x.hopeless() }) {
		q.trip(f, k, detail)
		return
	}
	g.out = &delivery.PauseReason{At: q.now(), Kind: k, Detail: detail}
	q.absent(g, k, detail, time.Time{})
	q.release(g)
	f.force = true
	q.refill(f, q.now())
	q.poke()
}

// absent writes once to the log that the others take over from a relay.
func (q *Queue) absent(g *leg, k delivery.Kind, detail string, until time.Time) {
	p := map[string]string{"account": g.name(), "kind": string(k), "detail": detail}
	if !until.IsZero() {
		p["until"] = until.UTC().Format(time.RFC3339)
	}
	if !g.away || until.IsZero() {
		q.note(g.flow.ID, delivery.SeverityWarning, "relay_out", p)
	}
	g.away = true
}

// back writes to the log that a relay that was left out takes messages again.
func (q *Queue) back(l *lane) {
	for _, g := range l.legs {
		if g.away && g.flow.sends() {
			g.away = false
			q.note(g.flow.ID, delivery.SeverityInfo, "relay_back", map[string]string{"account": g.name()})
		}
	}
}

// Mended says that an account, or where its password is kept, was changed: relays
// that were left out of a delivery until a person has seen to them are tried
// again. It never blocks.
func (q *Queue) Mended() {
	q.mu.Lock()
	for _, f := range q.flows {
		for _, g := range f.legs {
			if g.out != nil {
				g.out = nil
				g.lane.rest()
			}
		}
	}
	q.mu.Unlock()
	q.Kick()
}
