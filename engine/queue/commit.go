package queue

import (
	"context"
	"time"
)

// How long a commit waits for company. Connections stand still behind an intent,
// so it waits briefly; an outcome delays nobody and can wait for the next intent.
const (
	lingerIntent  = time.Millisecond // more where a commit takes long
	lingerOutcome = 10 * time.Millisecond
)

// committer collects what the next transaction makes durable. Its fields are
// guarded by Queue.mu, apart from those of the committing goroutine.
type committer struct {
	kick     chan struct{}
	outcomes []Outcome
	intents  []Ref
	waiting  []*worker // whose intents they are
	since    time.Time // when the first of them came, or the last commit ended
	intended time.Time // likewise for the first intent
	urgent   bool      // somebody waits for the commit itself
	busy     int       // connections that hold a message, waiting ones included
	took     time.Duration
	closing  bool
	lost     []Outcome // not stored: the store failed

	// Of the committing goroutine alone.
	spare struct {
		outcomes []Outcome
		intents  []Ref
		waiting  []*worker
		claims   []ClaimRequest
	}
}

// arm makes sure that a commit comes: soon, or at once when it is urgent or when
// enough connections wait for it.
func (q *Queue) arm(urgent bool) {
	c := &q.commits
	if q.broken {
		c.lost = append(c.lost, c.outcomes...)
		c.outcomes = c.outcomes[:0]
		return
	}
	c.urgent = c.urgent || urgent
	first := c.since.IsZero()
	if first {
		c.since = time.Now()
	}
	if len(c.intents) == 1 && c.intended.IsZero() {
		c.intended = time.Now()
		first = true
	}
	if first || c.ripe() {
		select {
		case c.kick <- struct{}{}:
		default:
		}
	}
}

// ripe reports whether waiting longer would gain nothing: somebody waits for the
// commit itself, or every connection that holds a message waits for its intent.
// One sync serves them all; starting while some are still on their way splits
// them into groups that take turns, at twice the syncs.
func (c *committer) ripe() bool {
	return c.urgent || c.closing || len(c.intents) >= c.busy
}

// wait is how long the commit may still wait.
func (c *committer) wait(now time.Time) time.Duration {
	d := c.since.Add(lingerOutcome).Sub(now)
	if !c.intended.IsZero() {
		linger := min(c.took, max(lingerIntent, c.took/4), lingerOutcome)
		d = min(d, c.intended.Add(linger).Sub(now))
	}
	return d
}

// restart lets what came during a commit wait a moment longer, for the
// connections that the commit has just let go.
func (c *committer) restart(now time.Time) {
	if !c.since.IsZero() {
		c.since = now
	}
	if !c.intended.IsZero() {
		c.intended = now
	}
}

// commitLoop is the one goroutine that commits. It ends when it is told to and
// nothing is left, or when the store fails.
func (q *Queue) commitLoop(ctx context.Context) {
	c := &q.commits
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		q.mu.Lock()
		now := time.Now()
		claims := q.claims(now)
		switch {
		case len(c.outcomes)+len(c.intents)+len(claims) == 0:
			c.since, c.urgent = time.Time{}, false
			closing := c.closing
			q.mu.Unlock()
			if closing {
				return
			}
			<-c.kick
			continue
		case !c.ripe():
			if wait := c.wait(now); wait > 0 {
				q.mu.Unlock()
				timer.Reset(wait)
				select {
				case <-c.kick:
				case <-timer.C:
				}
				continue
			}
		}
		b, waiting := q.batch(claims, now)
		q.mu.Unlock()

		done, err := q.o.Store.Commit(ctx, b)
		if err != nil {
			q.storeFailed(err, b, waiting)
			return
		}
		q.committed(b, waiting, done, time.Since(now))
	}
}

// claims lists what the flows want to claim.
func (q *Queue) claims(now time.Time) []ClaimRequest {
	s := &q.commits.spare
	s.claims = s.claims[:0]
	for _, f := range q.flows {
		if n := q.wants(f, now); n > 0 {
			s.claims = append(s.claims, ClaimRequest{Delivery: f.ID, Max: n})
		}
	}
	return s.claims
}

// batch takes everything that waits.
func (q *Queue) batch(claims []ClaimRequest, now time.Time) (Batch, []*worker) {
	c := &q.commits
	b := Batch{Outcomes: c.outcomes, Intents: c.intents, Claims: claims, Now: now.Round(0)}
	waiting := c.waiting
	c.outcomes, c.intents, c.waiting = c.spare.outcomes[:0], c.spare.intents[:0], c.spare.waiting[:0]
	c.spare.outcomes, c.spare.intents, c.spare.waiting = b.Outcomes, b.Intents, waiting
	c.since, c.intended, c.urgent = time.Time{}, time.Time{}, false
	for _, r := range claims {
		q.flows[r.Delivery].asked = r.Max
	}
	return b, waiting
}

// committed takes up what a transaction made true.
func (q *Queue) committed(b Batch, waiting []*worker, done Committed, took time.Duration) {
	if len(done.Refused) == 0 {
		for _, w := range waiting {
			w.granted <- true
		}
	} else {
		refused := make(map[Ref]bool, len(done.Refused))
		for _, r := range done.Refused {
			refused[r] = true
		}
		for i, w := range waiting {
			w.granted <- !refused[b.Intents[i]]
		}
	}

	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	q.commits.took = took
	q.commits.restart(now)
	poke := len(done.Refused) > 0
	for _, r := range done.Refused {
		// Somebody changed a state that we have not seen yet.
		if f := q.flows[r.Delivery]; f != nil && !f.moot {
			f.moot = true
			q.release(f)
			q.asked++
		}
	}
	var f *flow
	for i := range b.Outcomes {
		o := &b.Outcomes[i]
		if f == nil || f.ID != o.Delivery {
			f = q.flows[o.Delivery]
		}
		if f == nil {
			continue
		}
		f.owned--
		if o.To.Ended() {
			f.meter.add(now, 1)
		}
	}
	for id, n := range done.Counters {
		f := q.flows[id]
		if f == nil {
			continue
		}
		f.Counters, f.NextDue = n, done.NextDue[id]
		f.turn++
		f.plan(now)
		if !f.dirty || f.due() != "" || f.gone && f.atRest() {
			poke = true
		}
		f.dirty = true
	}
	for _, r := range b.Claims {
		f := q.flows[r.Delivery]
		if f == nil {
			continue
		}
		poke = q.received(f, done.Jobs[r.Delivery], now) || poke
	}
	for _, l := range q.lanes {
		q.dispatch(l, now)
	}
	q.drained()
	if poke {
		q.poke()
	}
}

// received puts claimed messages into the flow's buffer, or gives them back when
// it may not send any more. It reports whether the Run loop has something to
// wait for.
func (q *Queue) received(f *flow, js []Job, now time.Time) bool {
	f.dry = len(js) < f.asked
	f.asked = 0
	f.owned += len(js)
	f.fill(js)
	if q.stopping || !f.sends() || f.lane.held(now) {
		q.release(f)
	}
	f.plan(now)
	q.refill(f, now)
	return f.dry || f.gone
}

// storeFailed ends everything: what cannot be recorded must not happen. The
// commit is not tried again, for nobody knows what became of it.
func (q *Queue) storeFailed(err error, b Batch, waiting []*worker) {
	q.mu.Lock()
	q.broken = true
	c := &q.commits
	c.lost = append(c.lost, b.Outcomes...)
	c.lost = append(c.lost, c.outcomes...)
	waiting = append(waiting, c.waiting...)
	c.outcomes, c.intents, c.waiting = nil, nil, nil
	q.mu.Unlock()
	for _, w := range waiting {
		w.granted <- false
	}
	q.fail(err)
	q.rescue()
}

// rescue passes on the outcomes that could not be stored.
func (q *Queue) rescue() {
	q.mu.Lock()
	lost := q.commits.lost
	q.commits.lost = nil
	q.mu.Unlock()
	if len(lost) == 0 || q.o.Rescue == nil {
		return
	}
	if err := q.o.Rescue(lost); err != nil {
		q.fail(err)
	}
}

// intend records that the worker is about to write the final dot and waits
// until that is durable. It reports false when it must not be written.
func (q *Queue) intend(w *worker, r Ref) bool {
	q.mu.Lock()
	if q.broken {
		q.mu.Unlock()
		return false
	}
	c := &q.commits
	c.intents = append(c.intents, r)
	c.waiting = append(c.waiting, w)
	q.arm(false)
	q.mu.Unlock()
	return <-w.granted
}
