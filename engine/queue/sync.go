package queue

import (
	"time"
)

// How long a sync waits for company. Connections stand still behind an intent, so
// it waits briefly, and longer where a sync takes long; an outcome alone delays
// nobody.
const (
	lingerIntent  = time.Millisecond
	lingerOutcome = 10 * time.Millisecond
	slowSync      = time.Millisecond // from here on one sync has to serve everybody
)

// syncer collects what the next write to the journal makes durable. Its fields
// are guarded by Queue.mu.
type syncer struct {
	kick    chan struct{}
	records []Record
	from    []*held   // whose message each record ends; nil: none
	to      []*held   // whose intent each record holds; nil: none
	since   time.Time // when the first of them came
	parked  int       // connections that stand still until something is durable
	busy    int       // connections that have messages
	deep    bool      // connections hold several intents each
	took    time.Duration
	closing bool

	spare struct { // what the last write is done with
		records  []Record
		from, to []*held
	}
}

// record puts one line into the next write to the journal.
func (q *Queue) record(r Record, from, to *held) {
	s := &q.syncs
	s.records = append(s.records, r)
	s.from = append(s.from, from)
	s.to = append(s.to, to)
	first := s.since.IsZero()
	if first {
		s.since = time.Now()
	}
	if first || s.ripe() {
		s.poke()
	}
}

func (s *syncer) poke() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// ripe reports whether waiting longer would gain nothing. A slow sync serves
// every connection: begun while some are on their way it splits them into groups
// that take turns, at twice the syncs. A fast one need not wait for all.
func (s *syncer) ripe() bool {
	enough := s.busy
	if s.took < slowSync {
		enough = (s.busy + 1) / 2
		if s.deep { // the others have something to send meanwhile
			enough = (2*s.busy + 2) / 3
		}
	}
	return s.closing || s.parked > 0 && s.parked >= enough
}

// wait is how long the write may still wait.
func (s *syncer) wait(now time.Time) time.Duration {
	linger := lingerOutcome
	if s.parked > 0 {
		linger = min(max(lingerIntent, s.took/4), lingerOutcome)
	}
	return s.since.Add(linger).Sub(now)
}

// syncLoop is the one goroutine that writes to the journal. It ends when it is
// told to and nothing is left, or when the journal fails.
func (q *Queue) syncLoop() {
	s := &q.syncs
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		q.mu.Lock()
		if len(s.records) == 0 {
			closing := s.closing
			q.mu.Unlock()
			if closing {
				return
			}
			<-s.kick
			continue
		}
		if !s.ripe() {
			if wait := s.wait(time.Now()); wait > 0 {
				q.mu.Unlock()
				timer.Reset(wait)
				select {
				case <-s.kick:
				case <-timer.C:
				}
				continue
			}
		}
		records, from, to := s.records, s.from, s.to
		s.records, s.from, s.to = s.spare.records[:0], s.spare.from[:0], s.spare.to[:0]
		s.since = time.Time{}
		q.mu.Unlock()

		begun := time.Now()
		last, err := q.o.Journal.Append(records)
		if err != nil {
			q.journalFailed(err)
			return
		}
		q.synced(records, from, to, last, time.Since(begun))
	}
}

// synced lets go of the connections that waited, and passes the outcomes on to
// the store.
func (q *Queue) synced(records []Record, from, to []*held, last uint64, took time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := &q.syncs
	s.took = took
	if !s.since.IsZero() {
		s.since = time.Now() // for those whom this one has let go
	}
	urgent := q.stopping
	for i := range records {
		r := &records[i]
		if r.HasOutcome {
			q.stores.outcomes = append(q.stores.outcomes, r.Outcome)
			h := from[i]
			w := h.worker
			urgent = h.leg.ended() || urgent || h.leg.flow.gone
			w.let(h)
			if !r.HasIntent {
				w.open--
				w.intend()
				w.unblock()
			}
		}
		if r.HasIntent {
			h := to[i]
			h.intent = durable
			h.worker.unblock()
		}
		from[i], to[i] = nil, nil
	}
	q.stores.last = last
	clear(records)
	s.spare.records, s.spare.from, s.spare.to = records, from, to
	q.arm(urgent || q.stores.hasty())
}

// journalFailed ends everything: what cannot be recorded must not happen. The
// write is not tried again, for nobody knows what became of it.
func (q *Queue) journalFailed(err error) {
	q.mu.Lock()
	q.broken = true
	s := &q.syncs
	s.records, s.from, s.to = nil, nil, nil
	for _, l := range q.lanes {
		for w := range l.workers {
			w.unblock()
		}
	}
	q.mu.Unlock()
	q.fail(err)
	q.cut()
}
