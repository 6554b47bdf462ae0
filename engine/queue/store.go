package queue

import (
	"context"
	"time"

	"sendoff/engine/delivery"
)

// How far the store may lag behind the journal, and how long it may be locked.
const (
	lag    = 50 * time.Millisecond
	most   = 1000 // outcomes that wait for no more
	locked = time.Second
)

// storer collects what the next transaction of the store does. Its fields are
// guarded by Queue.mu, apart from those of the goroutine that commits.
type storer struct {
	kick     chan struct{}
	outcomes []Outcome
	last     uint64    // number of the journal's record of the last of them
	since    time.Time // when the first of them came
	urgent   bool      // somebody waits for the transaction
	closing  bool

	// Of the committing goroutine alone.
	spare    []Outcome
	claims   []ClaimRequest
	prepared bool // the journal is
}

// hasty reports whether enough waits.
func (s *storer) hasty() bool { return len(s.outcomes) >= most }

// arm makes sure that a transaction comes: soon, or at once when it is urgent.
func (q *Queue) arm(urgent bool) {
	s := &q.stores
	first := s.since.IsZero()
	if first {
		s.since = time.Now()
	}
	if first || urgent && !s.urgent {
		s.urgent = s.urgent || urgent
		select {
		case s.kick <- struct{}{}:
		default:
		}
	}
}

// storeLoop is the one goroutine that commits to the store. It ends when it is
// told to and nothing is left, or when the store fails.
func (q *Queue) storeLoop(ctx context.Context) {
	s := &q.stores
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		q.mu.Lock()
		now := q.now()
		q.observe()
		claims := q.claims(now)
		if len(s.outcomes)+len(claims) == 0 {
			s.since, s.urgent = time.Time{}, false
			closing := s.closing
			q.mu.Unlock()
			if closing {
				return
			}
			<-s.kick
			continue
		}
		if wait := time.Until(s.since.Add(lag)); wait > 0 && !s.urgent && !s.closing {
			q.mu.Unlock()
			timer.Reset(wait)
			select {
			case <-s.kick:
			case <-timer.C:
			}
			continue
		}
		b := Batch{Outcomes: s.outcomes, Claims: claims, Applied: s.last, Now: now.Round(0)}
		s.outcomes, s.spare = s.spare[:0], s.outcomes
		s.since, s.urgent = time.Time{}, false
		for _, r := range claims {
			q.flows[r.Delivery].leg(r.Account).asked = r.Max
		}
		q.mu.Unlock()
		if !q.store(ctx, b) {
			return
		}
	}
}

// store commits a batch, and again as long as another program has the database.
func (q *Queue) store(ctx context.Context, b Batch) bool {
	if len(b.Claims) > 0 && !q.stores.prepared {
		if err := q.o.Journal.Prepare(); err != nil {
			q.storeFailed(err)
			return false
		}
		q.stores.prepared = true
	}
	begun := time.Now()
	for told := false; ; {
		done, err := q.o.Store.Commit(ctx, b)
		if err == nil {
			if b.Applied > 0 {
				q.o.Journal.Applied(b.Applied)
			}
			q.stored(b, done)
			return true
		}
		if !delivery.Is(err, delivery.KindLocked) || q.over() && time.Since(begun) > q.o.Grace {
			// The journal keeps what the store does not take.
			q.storeFailed(err)
			return false
		}
		if !told {
			q.storeLocked(err)
			told = true
		}
		time.Sleep(locked)
	}
}

// claims lists what the flows want to claim.
func (q *Queue) claims(now time.Time) []ClaimRequest {
	s := &q.stores
	s.claims = s.claims[:0]
	for _, f := range q.flows {
		for _, g := range f.legs {
			if n := q.wants(g, now); n > 0 {
				s.claims = append(s.claims, ClaimRequest{Delivery: f.ID, Account: g.via, Max: n, Domains: g.holds(now)})
			}
		}
	}
	return s.claims
}

// stored takes up what a transaction made true.
func (q *Queue) stored(b Batch, done Committed) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	poke := false
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
		if o.To == delivery.MsgPending {
			// Only now can it be claimed: a claim that was made since it left
			// our hands could not see it.
			for _, g := range f.legs {
				g.dry = false
			}
			poke = true
		}
		if o.To.Ended() {
			f.meter.add(now, 1)
		}
	}
	for id, n := range done.Counters {
		f := q.flows[id]
		if f == nil {
			continue
		}
		if s := done.States[id]; f.sends() && s != delivery.Sending && s != delivery.Retrying {
			// Somebody changed it, and nobody told us yet.
			f.gone = true
			q.releaseAll(f)
			q.asked++
			poke = true
		}
		f.Counters, f.NextDue = n, done.NextDue[id]
		f.turn++
		for _, g := range f.legs {
			g.plan(now)
		}
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
		js := done.Jobs[r.Delivery]
		if f.several() {
			js = jobsVia(js, r.Account)
		}
		poke = q.received(f.leg(r.Account), js, done.Limits[Via{r.Delivery, r.Account}], now) || poke
	}
	for _, l := range q.lanes {
		q.dispatch(l, now)
	}
	q.drained()
	if poke {
		q.poke()
	}
}

// jobsVia are those that one of several relays takes.
func jobsVia(js []Job, account int64) []Job {
	var out []Job
	for _, j := range js {
		if j.Account == account {
			out = append(out, j)
		}
	}
	return out
}

// received puts claimed messages into the leg's buffer, or gives them back when it
// may not send any more. It reports whether the Run loop has something to wait
// for.
func (q *Queue) received(g *leg, js []Job, limit Limit, now time.Time) bool {
	f := g.flow
	g.dry = len(js) < g.asked && !limit.More
	g.asked = 0
	g.bound, g.limit = limit, limit.Until
	if limit.Domain != "" && len(js) > 0 {
		g.limit = time.Time{} // others may come for other domains
	}
	f.owned += len(js)
	g.gauge(now)
	g.fill(js)
	g.pass += float64(len(js)) / g.weight
	if f.several() && len(js) > 0 && g.buffered() == len(js) {
		g.moved = now // it had nothing to be silent about
	}
	if q.stopping || !f.sends() || g.out != nil || g.lane.held(now) {
		q.release(g)
	}
	g.plan(now)
	q.refill(f, now)
	return g.dry || f.gone
}

// storeLocked says that another program has the database. Nothing is lost: the
// journal goes on, and nothing new is claimed.
func (q *Queue) storeLocked(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range q.flows {
		if f.sends() {
			q.note(f.ID, delivery.SeverityWarning, "database_locked", map[string]string{"detail": detailOf(err)})
		}
	}
}

// storeFailed ends the queue. What the connections hold they finish: its intents
// are in the journal, and so will be its outcomes.
func (q *Queue) storeFailed(err error) {
	q.mu.Lock()
	q.unstored = true
	q.mu.Unlock()
	q.fail(err)
}
