package transport

import (
	"errors"
	"sync/atomic"
	"time"
)

// early is a reply that is read while a body is being written.
type early struct {
	seen  atomic.Bool   // something came: stop writing
	done  chan struct{} // closed when reply and err are set
	reply Reply
	err   error
}

// errEarly interrupts a write: the relay spoke, or hung up, in the midst of it.
var errEarly = errors.New("the relay answered before the end of the message")

// watch reads the next reply in the background and interrupts a write when it
// comes early. It ends with the reply or with the connection; the deadline is
// set by await, since until then the writes have theirs.
func (w *wire) watch() *early {
	e := &early{done: make(chan struct{})}
	_ = w.conn.SetReadDeadline(time.Time{})
	go func() {
		defer close(e.done)
		e.reply, e.err = w.next()
		// In this order: a writer sets its deadline first and looks at
		// seen afterwards, so one of the two stops it.
		e.seen.Store(true)
		_ = w.conn.SetWriteDeadline(time.Unix(1, 0))
	}()
	return e
}

// await waits at most d for what watch reads.
func (w *wire) await(e *early, d time.Duration) (Reply, error) {
	if err := w.conn.SetReadDeadline(time.Now().Add(d)); err != nil {
		w.close()
	}
	<-e.done
	return e.reply, e.err
}

// finish makes sure that nobody reads any more.
func (s *Session) finish(e *early) {
	select {
	case <-e.done:
	default:
		s.dead = true
		s.wire.close()
		<-e.done
	}
}

// writeWatched is write, unless a reply has come early.
func (w *wire) writeWatched(b []byte, d time.Duration, e *early) (int, error) {
	if err := w.conn.SetWriteDeadline(time.Now().Add(d)); err != nil {
		return 0, err
	}
	if e != nil && e.seen.Load() {
		return 0, errEarly
	}
	return w.conn.Write(b)
}
