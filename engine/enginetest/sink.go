package enginetest

import (
	"errors"
	"hash/fnv"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// SinkOptions say how a Sink behaves.
type SinkOptions struct {
	// Listen is where; empty: a free port of 127.0.0.1.
	Listen string

	// Delay holds every group of replies back, as a round trip would. What
	// is read meanwhile is not held up.
	Delay time.Duration

	// Chunking offers CHUNKING (RFC 3030).
	Chunking bool

	// Refuse is the share of recipients, 0 to 1, that RefuseReply is given
	// to, chosen by a hash of the address.
	Refuse      float64
	RefuseReply string // default "550 5.1.1 no such user"

	// Record keeps a Receipt of every message.
	Record bool

	// Truth is a file to which "recipient TAB message-id LF" is appended for
	// every message, before the reply that accepts it leaves: what a killed
	// client's peer knows. Empty: none.
	Truth string
}

// Receipt is one message as the Sink saw it.
type Receipt struct {
	Recipient string
	MessageID string // with its angle brackets
	Complete  bool   // the final dot came
}

// Sink is an SMTP receiver that throws messages away. It offers PIPELINING, insists
// on the order of commands, and does as little else as it can.
type Sink struct {
	o     SinkOptions
	l     net.Listener
	truth *os.File
	wg    sync.WaitGroup

	accepted, refused, incomplete, connections atomic.Int64

	mu       sync.Mutex
	receipts []Receipt
	conns    map[net.Conn]struct{}
	closed   bool
}

// StartSink starts a Sink.
func StartSink(o SinkOptions) (*Sink, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.RefuseReply == "" {
		o.RefuseReply = "550 5.1.1 no such user"
	}
	l, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, err
	}
	if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
		_ = l.Close()
		return nil, errors.New("sink: not a loopback address")
	}
	s := &Sink{o: o, l: l, conns: map[net.Conn]struct{}{}}
	if o.Truth != "" {
		if s.truth, err = os.OpenFile(o.Truth, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
			_ = l.Close()
			return nil, err
		}
	}
	s.wg.Go(s.accept)
	return s, nil
}

// Addr is host:port.
func (s *Sink) Addr() string { return s.l.Addr().String() }

// Port is where it listens on its loopback address.
func (s *Sink) Port() int { return s.l.Addr().(*net.TCPAddr).Port }

// Accepted counts the messages that got a 250 after their dot.
func (s *Sink) Accepted() int64 { return s.accepted.Load() }

// Refused counts the recipients that were refused.
func (s *Sink) Refused() int64 { return s.refused.Load() }

// Incomplete counts the messages that broke off before their dot.
func (s *Sink) Incomplete() int64 { return s.incomplete.Load() }

// Connections counts the connections so far.
func (s *Sink) Connections() int64 { return s.connections.Load() }

// Quiet waits until nobody is connected any more: all that was said is counted then.
func (s *Sink) Quiet() {
	for {
		s.mu.Lock()
		n := len(s.conns)
		s.mu.Unlock()
		if n == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// Receipts lists what was recorded.
func (s *Sink) Receipts() []Receipt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Receipt(nil), s.receipts...)
}

// Close closes every connection and waits for its end.
func (s *Sink) Close() error {
	s.mu.Lock()
	s.closed = true
	err := s.l.Close()
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
	if s.truth != nil {
		err = errors.Join(err, s.truth.Close())
	}
	return err
}

func (s *Sink) accept() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			_ = c.Close()
			return
		}
		s.conns[c] = struct{}{}
		s.mu.Unlock()
		s.connections.Add(1)
		s.wg.Go(func() {
			t := &taker{sink: s, conn: c, buf: make([]byte, 0, 64<<10)}
			t.run()
			_ = c.Close()
			s.mu.Lock()
			delete(s.conns, c)
			s.mu.Unlock()
		})
	}
}

// refuses decides about a recipient by its name alone.
func (s *Sink) refuses(rcpt string) bool {
	if s.o.Refuse <= 0 {
		return false
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, strings.ToLower(rcpt))
	return float64(h.Sum64()>>11)/(1<<53) < s.o.Refuse
}

func (s *Sink) receipt(r Receipt) {
	if !r.Complete {
		s.incomplete.Add(1)
	} else {
		s.accepted.Add(1)
	}
	if !s.o.Record {
		return
	}
	s.mu.Lock()
	s.receipts = append(s.receipts, r)
	s.mu.Unlock()
}
