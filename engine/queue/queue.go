package queue

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"sendoff/engine/delivery"
)

// Queue is the dispatcher of one workspace. Make it with New; Run may be called
// once.
type Queue struct {
	o    Options
	wake chan struct{} // for the Run loop
	quit chan struct{} // closed when no new message may begin

	dialCtx context.Context // ends with quit
	hardCtx context.Context // ends when connections must be cut
	cutDial context.CancelFunc
	cutHard context.CancelFunc
	workers sync.WaitGroup

	mu       sync.Mutex
	begun    bool
	ended    bool
	stopping bool
	broken   bool  // the journal failed: nothing may be committed to any more
	unstored bool  // the store failed: the journal has what it lacks
	err      error // why the queue stopped by itself
	flows    map[delivery.ID]*flow
	lanes    map[int64]*lane
	lent     map[int64]int // connections that are kept free for others, by account …
	taken    map[int64]int // … and those that others have
	asked    uint64        // rereads of Active wanted …
	read     uint64        // … and done
	drains   []*drain
	lines    []line        // for the hooks, which the Run loop calls
	changes  []delivery.ID // likewise
	rng      *rand.Rand
	syncs    syncer
	stores   storer
	watch    watch
	trusted  map[delivery.ID]bool // paused for the clock: a person who resumes them knows
}

// line is a log line that waits for the Run loop.
type line struct {
	id     delivery.ID
	sev    delivery.Severity
	code   string
	params map[string]string
}

// drain is somebody who waits for a delivery to come to rest.
type drain struct {
	id   delivery.ID
	gen  uint64
	done chan struct{}
}

// New makes a queue that does nothing before Run.
func New(o Options) *Queue {
	q := &Queue{
		o:     o.withDefaults(),
		wake:  make(chan struct{}, 1),
		quit:  make(chan struct{}),
		flows: map[delivery.ID]*flow{},
		lanes: map[int64]*lane{}, lent: map[int64]int{}, taken: map[int64]int{},

		trusted: map[delivery.ID]bool{},
		rng:     rand.New(rand.NewPCG(o.Seed, 0x5e4d0ff)),
	}
	q.watch = watch{mono: time.Now(), wall: q.now().Round(0)}
	q.syncs.kick = make(chan struct{}, 1)
	q.stores.kick = make(chan struct{}, 1)
	return q
}

// Kick says that something about a delivery changed in the store: confirmed,
// paused, resumed, stopped, rescheduled. It never blocks.
func (q *Queue) Kick() {
	q.mu.Lock()
	q.asked++
	q.mu.Unlock()
	q.poke()
}

// poke wakes the Run loop.
func (q *Queue) poke() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Drain waits until the queue has seen the stored state of a delivery that was
// paused or stopped, no connection holds a message of it, and every outcome of it
// is durable. It returns the reason when the queue stopped by itself.
func (q *Queue) Drain(ctx context.Context, id delivery.ID) error {
	q.mu.Lock()
	if !q.begun || q.ended {
		defer q.mu.Unlock()
		return q.err
	}
	q.asked++
	d := &drain{id: id, gen: q.asked, done: make(chan struct{})}
	q.drains = append(q.drains, d)
	q.mu.Unlock()
	q.poke()
	select {
	case <-d.done:
		q.mu.Lock()
		defer q.mu.Unlock()
		return q.err
	case <-ctx.Done():
		q.mu.Lock()
		defer q.mu.Unlock()
		q.drains = slices.DeleteFunc(q.drains, func(x *drain) bool { return x == d })
		return context.Cause(ctx)
	}
}

// drained lets go of those whose delivery is at rest.
func (q *Queue) drained() {
	q.drains = slices.DeleteFunc(q.drains, func(d *drain) bool {
		f := q.flows[d.id]
		if !q.ended && (q.read < d.gen || f != nil && !f.atRest()) {
			return false
		}
		close(d.done)
		return true
	})
}

// Status returns the live figures of a delivery that the queue works on, and
// otherwise a Status with nothing but its ID.
func (q *Queue) Status(id delivery.ID) delivery.Status {
	q.mu.Lock()
	defer q.mu.Unlock()
	if f := q.flows[id]; f != nil && !f.gone {
		return f.figures(q.now())
	}
	return delivery.Status{ID: id}
}

// fail ends the queue for a reason of its own. Nothing new begins.
func (q *Queue) fail(err error) {
	q.mu.Lock()
	q.err = errors.Join(q.err, err)
	q.stop()
	q.mu.Unlock()
	q.poke()
}

// over reports whether nothing new may begin.
func (q *Queue) over() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.stopping
}

// stop lets nothing new begin.
func (q *Queue) stop() {
	if q.stopping {
		return
	}
	q.stopping = true
	close(q.quit)
	q.cutDial()
}

// cut closes every socket under whatever it is doing.
func (q *Queue) cut() {
	q.cutHard()
	q.mu.Lock()
	var all []Sender
	for _, l := range q.lanes {
		for w := range l.workers {
			if w.session != nil {
				all = append(all, w.session)
			}
		}
	}
	q.mu.Unlock()
	for _, s := range all {
		s.Abort()
	}
}

// note keeps a log line for the Run loop, which calls the hook.
func (q *Queue) note(id delivery.ID, sev delivery.Severity, code string, params map[string]string) {
	q.lines = append(q.lines, line{id, sev, code, params})
	q.poke()
}
