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

var errNoDot = errors.New("the intent cannot be recorded")

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

// render makes the message; false: there is nothing to send, and the message has
// been settled.
func (w *worker) render(h *held) bool {
	q := w.q
	now := q.now()
	if h.job.Attempt > 1 && !h.until.IsZero() && now.After(h.until) {
		w.end(h, Outcome{Ref: h.job.Ref, To: delivery.MsgRejected,
			Attempt: h.job.Attempt, Nature: delivery.NatureExpired, At: now.Round(0)})
		return false
	}
	if h.scratch == nil {
		h.scratch = w.room()
	}
	mail, err := q.o.Renderer.Render(q.hardCtx, h.scratch, h.job)
	if err != nil {
		q.mu.Lock()
		if q.hardCtx.Err() == nil {
			q.unrendered(h.leg, err)
		}
		q.mu.Unlock()
		w.end(h, h.back())
		return false
	}
	mail.Tag = h
	h.Mail = mail
	return true
}

// room is where the next message is rendered: as few places as possible by turns,
// so that they stay in the processor's cache.
func (w *worker) room() *Scratch {
	n := len(w.scratch)
	if n == 0 {
		return new(Scratch)
	}
	s := w.scratch[n-1]
	w.scratch = w.scratch[:n-1]
	return s
}

// Free takes back where a message was rendered.
func (w *worker) Free(m *transport.Mail) {
	h := m.Tag.(*held)
	if h.scratch != nil {
		w.scratch = append(w.scratch, h.scratch)
		h.scratch = nil
	}
}

// unrendered acts on a message that could not be made: for want of what the
// account needs to sign it, which another relay may not need, or for a reason that
// is the delivery's.
func (q *Queue) unrendered(g *leg, err error) {
	k := delivery.KindOf(err)
	if k == delivery.KindSigning || personal(k) {
		q.drop(g, k, detailOf(err))
		return
	}
	q.trip(g.flow, k, detailOf(err))
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

// rouse wakes the connection up.
func (w *worker) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
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
