package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/transport"
)

// worker is one connection. It is the session's feed: the goroutine that owns it
// and, with a window, the session's own second one call its methods.
type worker struct {
	q       *Queue
	lane    *lane
	account delivery.Account // as it was when the connection was wanted
	wake    chan struct{}
	idle    *time.Timer
	scratch []*Scratch // that no message uses; of the goroutine that calls Next

	// Guarded by Queue.mu.
	session Sender
	window  int
	items   []*held // what it holds, in the order in which it was taken
	open    int     // intents without a durable outcome, handed in ones included
	blocked bool    // stands still until something is durable
	working bool    // counted in syncer.busy
	listed  bool    // in lane.parked
	woken   bool
	done    int  // messages of this session that the relay said something about
	over    bool // the session takes nothing more
	spent   bool // a panic left the session in the middle of something
	free    []*held
}

// run opens the connection, sends while there is something to send, and closes.
func (w *worker) run() {
	q := w.q
	defer w.leave()
	defer func() {
		if p := recover(); p != nil {
			w.panicked(p, debug.Stack())
		}
	}()
	s, err := q.o.Dialer.Dial(q.dialCtx, w.account)
	q.mu.Lock()
	if err != nil {
		w.lane.dialing--
		if !q.stopping {
			q.dialFailed(w.lane, err, q.now())
		}
		q.mu.Unlock()
		return
	}
	w.session, w.window = s, max(1, s.Window())
	q.syncs.deep = q.syncs.deep || w.window > 2
	w.lane.reach = max(w.lane.reach, w.window)
	q.opened(w.lane, q.now())
	q.mu.Unlock()

	w.idle = time.NewTimer(q.o.Idle)
	defer w.idle.Stop()
	s.Run(q.hardCtx, w)
	q.mu.Lock()
	defer q.mu.Unlock()
	w.over = true
	for len(w.items) > 0 {
		h := w.items[0]
		if h.handed {
			panic("a session kept a message")
		}
		w.finish(h, h.back())
	}
}

// leave closes the connection and makes room for another one.
func (w *worker) leave() {
	q, l := w.q, w.lane
	switch {
	case w.session == nil:
	case w.spent:
		w.session.Abort()
	default:
		_ = w.session.Close() // nothing depends on the farewell
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	// Its place is free when nothing of it is open any more: what a crash may
	// leave in doubt is bounded by the connections.
	for w.open > 0 && !q.broken {
		w.block()
		q.mu.Unlock()
		<-w.wake
		q.mu.Lock()
	}
	delete(l.workers, w)
	if w.session != nil {
		l.live--
		l.window = 1 // what let us in may have changed
		if l.live == 0 {
			l.tried = time.Time{}
		}
	}
	w.work()
	q.dispatch(l, q.now())
	q.poke()
}

// Next takes a message and renders it. With wait it waits for one until the
// connection has been idle for too long.
func (w *worker) Next(ctx context.Context, wait bool) *transport.Mail {
	q := w.q
	for {
		q.mu.Lock()
		w.arrive()
		h := w.ready()
		if h == nil {
			if !wait || w.mayGo() {
				q.mu.Unlock()
				return nil
			}
			w.park()
			q.mu.Unlock()
			if !w.await(ctx) {
				return nil
			}
			continue
		}
		h.handed = true
		w.intend()
		q.mu.Unlock()
		if w.render(h) {
			return &h.Mail
		}
	}
}

// ready returns the next message for the session, under Queue.mu.
func (w *worker) ready() *held {
	if n := slices.IndexFunc(w.items, func(h *held) bool { return !h.handed }); n >= 0 {
		return w.items[n]
	}
	return w.pick()
}

// pick takes the next message of the lane, under Queue.mu.
func (w *worker) pick() *held {
	q := w.q
	if w.over || q.stopping || len(w.lane.workers) > w.lane.places() {
		return nil
	}
	g, j, ok := w.lane.take()
	if !ok {
		return nil
	}
	var h *held
	if n := len(w.free); n > 0 {
		h, w.free = w.free[n-1], w.free[:n-1]
	} else {
		h = &held{worker: w}
	}
	h.leg, h.job, h.until = g, j, g.flow.Validity
	w.items = append(w.items, h)
	w.work()
	q.refill(g.flow, q.now())
	return h
}

// mayGo reports whether a connection without a message to take has nothing to
// wait for.
func (w *worker) mayGo() bool {
	return w.over && len(w.items) == 0 || (w.q.stopping || len(w.lane.workers) > w.lane.places()) && len(w.items) == 0
}

// park lets the lane know that the connection takes a message.
func (w *worker) park() {
	if !w.listed {
		w.listed = true
		w.lane.parked = append(w.lane.parked, w)
	}
}

// arrive takes the connection off the list of those who wait for a message.
func (w *worker) arrive() {
	if w.woken {
		w.woken = false
		w.lane.woken--
	}
	if w.listed {
		w.listed = false
		n := slices.Index(w.lane.parked, w)
		w.lane.parked = slices.Delete(w.lane.parked, n, n+1)
	}
}

// await waits for a wake-up. It reports false when the session is to end: it has
// been idle for too long, or ctx has ended.
func (w *worker) await(ctx context.Context) bool {
	q := w.q
	w.idle.Reset(q.o.Idle)
	quit := q.quit
	for {
		select {
		case <-w.wake:
			return true
		case <-quit:
			q.mu.Lock()
			none := len(w.items) == 0
			q.mu.Unlock()
			if none {
				return true // Next sees that it is over
			}
			quit = nil // what is on its way is heard out
		case <-ctx.Done():
		case <-w.idle.C:
			q.mu.Lock()
			if len(w.items) > 0 && ctx.Err() == nil {
				q.mu.Unlock()
				w.idle.Reset(q.o.Idle)
				continue
			}
			w.arrive()
			q.mu.Unlock()
			return false
		}
		if ctx.Err() != nil {
			q.mu.Lock()
			w.arrive()
			q.mu.Unlock()
			return false
		}
	}
}

// rouse wakes the connection up.
func (w *worker) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// work counts the connection among those that have messages, or no longer.
func (w *worker) work() {
	if has := len(w.items) > 0; has != w.working {
		w.working = has
		if has {
			w.q.syncs.busy++
		} else {
			w.q.syncs.busy--
		}
	}
}

// panicked records what a panic left behind and ends the queue: a defect must not
// go on sending.
func (w *worker) panicked(p any, stack []byte) {
	q := w.q
	q.mu.Lock()
	w.spent, w.over = true, true
	for len(w.items) > 0 {
		h := w.items[0]
		o := h.back()
		if h.begun && h.intent == durable {
			o.To, o.Nature = delivery.MsgInDoubt, delivery.NatureLostReply
		}
		w.finish(h, o)
	}
	q.mu.Unlock()
	q.fail(&delivery.Error{Op: "send", Kind: delivery.KindInternal, Err: fmt.Errorf("panic: %v\n%s", p, stack)})
	q.cut()
}

// detailOf returns what an error says beyond its kind.
func detailOf(err error) string {
	var e *delivery.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	if e.Detail == "" && e.Err != nil {
		return e.Err.Error()
	}
	return e.Detail
}
