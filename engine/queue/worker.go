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

var errNoDot = errors.New("the intent was not granted")

// worker is one connection and the goroutine that owns it.
type worker struct {
	q       *Queue
	lane    *lane
	account delivery.Account // as it was when the connection was wanted
	wake    chan struct{}
	granted chan bool
	scratch Scratch
	idle    *time.Timer
	dot     func(context.Context) error // beforeDot, made once

	session Sender // guarded by Queue.mu, for cut
	woken   bool   // guarded by Queue.mu

	// The one message it holds.
	flow    *flow
	job     Job
	until   time.Time // its validity
	intent  intent
	refused bool
	spent   bool // a panic left the session in the middle of something
	done    int  // messages of this session that the relay said something about
}

// intent is how far the record before the final dot has come.
type intent int

const (
	notAsked intent = iota
	asked           // handed in
	granted         // durable: the dot may have been written
)

// run opens the connection, sends while there is something to send, and closes.
func (w *worker) run() {
	q := w.q
	defer func() {
		if p := recover(); p != nil {
			w.panicked(p, debug.Stack())
		}
		w.leave()
	}()
	s, err := q.o.Dialer.Dial(q.dialCtx, w.account)
	q.mu.Lock()
	if err != nil {
		w.lane.dialing--
		if !q.stopping {
			q.dialFailed(w.lane, err, time.Now())
		}
		q.mu.Unlock()
		return
	}
	w.session = s
	q.opened(w.lane, time.Now())
	q.mu.Unlock()

	w.dot = w.beforeDot
	w.idle = time.NewTimer(q.o.Idle)
	defer w.idle.Stop()
	for w.next() {
		if !w.deliver() {
			return
		}
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
	delete(l.workers, w)
	if w.session != nil {
		l.live--
	}
	q.dispatch(l, time.Now())
	q.poke()
}

// next takes a message, waiting for one until the connection has been idle for
// too long.
func (w *worker) next() bool {
	q, l := w.q, w.lane
	for {
		q.mu.Lock()
		if w.woken {
			w.woken = false
			l.woken--
		}
		if w.flow != nil || w.pick() {
			q.mu.Unlock()
			return true
		}
		if q.stopping || len(l.workers) > l.limit() {
			q.mu.Unlock()
			return false
		}
		l.parked = append(l.parked, w)
		q.mu.Unlock()
		w.idle.Reset(q.o.Idle)
		select {
		case <-w.wake:
		case <-w.idle.C:
			if w.unpark() {
				return false
			}
			<-w.wake
		case <-q.quit:
			if !w.unpark() {
				<-w.wake
			}
		}
	}
}

// pick takes the next message of the lane, under Queue.mu.
func (w *worker) pick() bool {
	q := w.q
	if q.stopping || len(w.lane.workers) > w.lane.limit() {
		return false
	}
	f, j, ok := w.lane.take()
	if !ok {
		return false
	}
	w.flow, w.job, w.until, w.intent, w.refused = f, j, f.Validity, notAsked, false
	q.commits.busy++
	if f.buffered() == 0 || !f.dry {
		q.refill(f, time.Now())
	}
	return true
}

// unpark takes the worker off the list; false means that a wake-up is on its way.
func (w *worker) unpark() bool {
	w.q.mu.Lock()
	defer w.q.mu.Unlock()
	n := slices.Index(w.lane.parked, w)
	if n < 0 {
		return false
	}
	w.lane.parked = slices.Delete(w.lane.parked, n, n+1)
	return true
}

// deliver sends the message that the worker holds and hands in what became of
// it. It reports whether the session can take another message.
func (w *worker) deliver() bool {
	q, f, j := w.q, w.flow, w.job
	now := time.Now()
	if j.Attempt > 1 && !w.until.IsZero() && now.After(w.until) {
		return w.skip(Outcome{Ref: j.Ref, To: delivery.MsgRejected,
			Attempt: j.Attempt, Nature: delivery.NatureExpired, At: now.Round(0)})
	}
	mail, err := q.o.Renderer.Render(q.hardCtx, &w.scratch, j)
	if err != nil {
		q.mu.Lock()
		if q.hardCtx.Err() == nil {
			q.trip(f, delivery.KindOf(err), detailOf(err))
		}
		q.mu.Unlock()
		return w.skip(w.back())
	}
	if q.mayNotBegin(f) {
		return w.skip(w.back())
	}
	res := w.session.Send(q.hardCtx, mail, w.dot)
	return w.finish(res, nil)
}

// skip hands in the outcome of a message that the session never saw.
func (w *worker) skip(o Outcome) bool {
	return w.finish(transport.Result{Usable: true}, &o)
}

// mayNotBegin reports whether the delivery was paused or stopped, or the queue
// told to end, since the message was taken.
func (q *Queue) mayNotBegin(f *flow) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.stopping || !f.sends()
}

// beforeDot makes the intent durable.
func (w *worker) beforeDot(context.Context) error {
	if w.intent != notAsked {
		return errNoDot // one dot a message, whatever the transport does
	}
	w.intent = asked
	if !w.q.intend(w, w.job.Ref) {
		w.refused = true
		return errNoDot
	}
	w.intent = granted
	return w.q.hardCtx.Err()
}

// back is the outcome of a message that nothing happened to.
func (w *worker) back() Outcome {
	return Outcome{Ref: w.job.Ref, To: delivery.MsgPending, Attempt: w.job.Attempt, At: time.Now().Round(0)}
}

// finish hands in the outcome (judging res when it is not known) and takes the next
// message under the same lock, so that the committer sees a connection that is
// still at work and lets the outcome share a transaction with its next intent.
func (w *worker) finish(res transport.Result, known *Outcome) bool {
	q, f := w.q, w.flow
	q.mu.Lock()
	defer q.mu.Unlock()
	var o Outcome
	if known != nil {
		o = *known
	} else {
		o = q.judge(w, f, res)
	}
	w.flow = nil
	q.commits.busy--
	if w.refused && !q.broken {
		// The store has settled it together with the refusal.
		f.owned--
		f.dry = false
		q.drained()
		q.poke()
	} else {
		if res.Usable {
			w.pick()
		}
		q.settle(f, o)
	}
	return res.Usable
}

// panicked records what a panic left behind and ends the queue: a defect must not
// go on sending.
func (w *worker) panicked(p any, stack []byte) {
	q := w.q
	w.spent = true
	if f := w.flow; f != nil {
		o := w.back()
		if w.intent == granted {
			o.To, o.Nature = delivery.MsgInDoubt, delivery.NatureLostReply
		}
		q.mu.Lock()
		w.flow = nil
		q.commits.busy--
		q.settle(f, o)
		q.mu.Unlock()
	}
	q.fail(&delivery.Error{Op: "send", Kind: delivery.KindInternal, Err: fmt.Errorf("panic: %v\n%s", p, stack)})
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
