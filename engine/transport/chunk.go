package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"sendoff/engine/delivery"
)

// parcel is one message on its way by BDAT.
type parcel struct {
	m    *Mail
	end  int // of its commands and its text in what is written
	sent atomic.Int32
}

// How much of a parcel has left.
const (
	onItsWay = iota
	whole    // or perhaps whole: the relay may have taken it
	torn     // surely not all of it
)

// maxBatch is how much is gathered before it is written: a window of messages of
// usual size leaves at once.
const maxBatch = 128 << 10

// farewell is how long a relay that has said 421 may take to close.
const farewell = 5 * time.Second

// chunks transmits by BDAT (RFC 3030): whole transactions one behind the other,
// as many as the feed commits to, while a second goroutine reads the replies.
//
// Every transaction begins with RSET. After a BDAT that failed a relay may keep
// the transaction open (RFC 3030 section 2), and then the message behind it would
// go to the recipient before it as well.
func (c *conversation) chunks() {
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	w := chunkWriter{conversation: c, ctx: ctx, out: c.s.buf[:0], sent: make(chan []*parcel, 4*windowChunks)}
	r := chunkReader{conversation: c, writer: &w, cancel: cancel}
	done := make(chan error, 1)
	go func() { done <- c.halt(cancel, r.run) }()
	failed := c.halt(cancel, w.run)
	close(w.sent)
	if err := errors.Join(failed, <-done); err != nil {
		panic(err) // it belongs to whoever called Run
	}
	c.s.dead = c.s.dead || r.ending || w.broken.Load()
	c.change = r.easing
	c.s.stale = true // whatever was refused last stands at the relay
	c.s.buf = w.out[:0]
}

// halt runs one half. When that panics the other one has nothing to wait for.
func (c *conversation) halt(cancel context.CancelFunc, run func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.s.Abort()
			cancel()
			err = fmt.Errorf("%v\n%s", p, debug.Stack())
		}
	}()
	run()
	return nil
}

// chunkWriter is the half that speaks.
type chunkWriter struct {
	*conversation
	ctx     context.Context // ends when the reader wants nothing new
	out     []byte
	batch   []*parcel      // in out
	sent    chan []*parcel // to the reader; there is room for a whole window
	mu      sync.Mutex     // held while a batch is on its way
	broken  atomic.Bool    // a write failed
	awaited atomic.Bool    // the reader waits without a deadline for the answer to what is on its way
}

func (w *chunkWriter) run() {
	for w.ctx.Err() == nil && !w.broken.Load() {
		m := w.take(w.ctx, len(w.batch) == 0)
		if m == nil {
			if len(w.batch) == 0 {
				return
			}
			w.flush()
			continue
		}
		if len(w.batch) > 0 && !w.feed.Ready(m) {
			w.flush()
		}
		if err := w.feed.Commit(w.ctx, m); err != nil || w.broken.Load() {
			w.flush()
			w.untouched(m)
			return
		}
		if !w.begin(m) {
			continue
		}
		w.add(m)
		if len(w.out) >= maxBatch {
			w.flush()
		}
	}
	w.flush()
}

// add appends a whole transaction to what is written next.
func (w *chunkWriter) add(m *Mail) {
	b := append(w.out, "RSET\r\n"...)
	b = w.s.appendRcpt(w.s.appendMail(b, m), m)
	b = strconv.AppendInt(append(b, "BDAT "...), int64(len(m.Data)), 10)
	w.out = append(append(b, " LAST\r\n"...), m.Data...)
	w.batch = append(w.batch, &parcel{m: m, end: len(w.out)})
	w.feed.Free(m)
}

// flush writes what has been gathered. The reader gets it first: a relay that
// answers before it has read everything must find somebody who listens.
func (w *chunkWriter) flush() {
	if len(w.batch) == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	batch := w.batch
	w.batch = nil
	w.sent <- batch
	n := 0
	var err error
	for n < len(w.out) && err == nil {
		var k int
		k, err = w.s.wire.write(w.out[n:min(len(w.out), n+maxBatch)], w.s.config.Timeouts.Block)
		n += k
	}
	for _, p := range batch {
		if err == nil || !w.before(n, p.end-1, err) {
			p.sent.Store(whole)
		} else {
			p.sent.Store(torn)
		}
	}
	w.out = w.out[:0]
	switch {
	case err != nil:
		// What the relay had to say about it is still read.
		w.broken.Store(true)
		_ = w.s.wire.conn.SetReadDeadline(time.Now().Add(drainTime))
	case w.awaited.Load():
		_ = w.s.wire.conn.SetReadDeadline(time.Now().Add(w.s.config.Timeouts.Dot))
	}
}

// chunkReader is the half that listens.
type chunkReader struct {
	*conversation
	writer *chunkWriter
	cancel context.CancelFunc
	heard  bool  // a transaction has ended: the session works
	ending bool  // the session is over when what is on its way has been heard out
	easing bool  // a message was refused: the rest goes one by one
	bye    bool  // the relay said 421
	err    error // why nothing is read any more
}

func (r *chunkReader) run() {
	for batch := range r.writer.sent {
		for _, p := range batch {
			res, ok := Result{}, false
			if r.err == nil {
				res, ok = r.transaction(p)
			}
			if !ok {
				res = r.lost(p)
			}
			r.heard = true
			res.Usable = !r.ending
			r.s.heard(res)
			if res.Outcome != Accepted {
				r.easing = true
				r.cancel()
			}
			r.feed.Done(p.m, res)
		}
	}
}

// end lets nothing new begin. What is on its way is heard out.
func (r *chunkReader) end() {
	r.ending = true
	r.cancel()
}

// transaction reads the replies to one message; ok means that they decide about
// it.
func (r *chunkReader) transaction(p *parcel) (res Result, ok bool) {
	t := &r.s.config.Timeouts
	for _, step := range [...]step{{stage: StageMail, reset: true, timeout: t.Mail}, {stage: StageMail, timeout: t.Mail},
		{stage: StageRcpt, timeout: t.Rcpt}, {stage: StageDot, timeout: t.Dot}} {
		reply, err := r.read(p, step)
		if err != nil {
			r.end()
			r.err = err
			r.s.wire.close()
			return res, ok // a refusal stands; only the connection is lost
		}
		v := Judge(step.stage, reply)
		switch {
		case v.Outcome == Continue:
		case ok && v.Outcome == Accepted:
			// It took the text of what it had refused: the two ends do not talk
			// about the same message any more, and to offer it again could be
			// a second copy.
			if res.Outcome != Accepted {
				res = r.contradiction()
			}
			r.end()
		case !ok:
			res, ok = r.judged(step, reply, v), true
		}
		if reply.Code == 421 {
			// Nothing behind it is processed (RFC 5321 section 3.8). Replies
			// that come nevertheless count.
			r.bye = true
			r.end()
		}
	}
	return res, ok
}

// judged is what a reply means for the message.
func (r *chunkReader) judged(step step, reply Reply, v Verdict) Result {
	res := Result{Verdict: v, Reply: reply, Stage: step.stage}
	switch {
	case step.reset && v.Outcome == Suspend && v.Fault == delivery.FaultAccount:
		r.end() // it wants something of us before anything else
	case step.reset:
		res.Verdict = Verdict{Again, delivery.FaultRelay, delivery.NatureUnreachable, delivery.KindProtocol}
		r.end()
	case reply.Code == 421 && step.stage == StageMail && r.heard && v.Outcome == Deferred:
		// The relay has had enough of this connection, not of the message.
		res.Outcome = Again
	case v.Kind == delivery.KindProtocol:
		r.end()
	}
	return res
}

// contradiction is the end of a message about which the relay said two things.
func (r *chunkReader) contradiction() Result {
	e := trouble(StageDot, r.s.config.addr(), errTwoMinds)
	res := Result{Verdict: Judge(StageDot, Reply{}), Stage: StageDot, Err: e}
	res.Kind = delivery.KindProtocol
	return res
}

var errTwoMinds = errors.New("the relay refused a command and took the text all the same")

// read reads one reply. While a message is still being written the clock for the
// answer to it has not begun; the writer starts it when it has finished.
func (r *chunkReader) read(p *parcel, step step) (Reply, error) {
	if reply, ok := r.s.wire.heard.next(r.s.wire.r); ok {
		return reply, nil
	}
	wait := step.timeout
	switch {
	case r.writer.broken.Load():
		wait = drainTime
	case r.bye:
		wait = farewell
	case step.stage == StageDot && p.sent.Load() == onItsWay:
		r.writer.awaited.Store(true)
		defer r.writer.awaited.Store(false)
		// In this order, so that one of the two sets the deadline.
		if err := r.s.wire.conn.SetReadDeadline(time.Time{}); err != nil {
			return Reply{}, err
		}
		if p.sent.Load() == onItsWay {
			return r.s.wire.next()
		}
	}
	return r.s.wire.read(wait)
}

// lost is the end of a message whose answer did not come.
func (r *chunkReader) lost(p *parcel) Result {
	// The socket is closed, so a writer in the midst of it is done at once.
	r.writer.mu.Lock()
	sent := p.sent.Load()
	r.writer.mu.Unlock()
	err := r.err
	stage := StageDot
	if sent == torn || r.bye && hungUp(err) {
		stage = StageMail
	}
	if r.ctx.Err() != nil {
		err = errors.Join(r.ctx.Err(), err)
	}
	e := trouble(stage, r.s.config.addr(), err)
	res := Result{Verdict: Judge(stage, Reply{}), Stage: stage, Err: e}
	res.Kind = e.Kind
	return res
}

// hungUp reports whether a relay has closed the connection. With commands of ours
// unread it does so by a reset.
func hungUp(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
}
