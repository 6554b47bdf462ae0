package sandbox

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"

	"sendoff/engine/delivery"
)

// Limits of the server. They hold against mistakes of programs on this machine;
// nobody else can connect.
const (
	maxMessageBytes = 25 << 20
	maxRecipients   = 100
	maxConnections  = 300 // an account has at most 256
	readTimeout     = 5 * time.Minute
	writeTimeout    = time.Minute
)

// DefaultGreylisting is how long a greylisting mailbox keeps saying so.
const DefaultGreylisting = 5 * time.Second

// Options say what world to start.
type Options struct {
	Listen      string        // default 127.0.0.1:0; an IP address of loopback, and a port
	Seed        uint64        // decides who behaves how
	Latency     time.Duration // before the reply to MAIL, RCPT and the final dot; 0: none
	Shares      Shares
	Greylisting time.Duration // default DefaultGreylisting
}

// Stats counts what a World did since it was started. A recipient that is
// refused twice counts twice.
type Stats struct {
	Connections int64
	TurnedAway  int64 // connections beyond the limit, or not from this machine
	Accepted    int64 // messages
	Bytes       int64 // of accepted messages
	Unknown     int64
	Disabled    int64
	Full        int64
	FullForNow  int64
	Greylisted  int64
}

// World is a running training mail world.
type World struct {
	server  *smtp.Server
	addr    string
	latency time.Duration
	boxes   *mailboxes

	gate   *gate
	done   chan struct{} // closed by Close
	served chan struct{} // closed when no more connections are accepted
	close  sync.Once

	connections, turnedAway, accepted, bytes atomic.Int64
	refused                                  [greylists + 1]atomic.Int64
}

// Start starts a world. The error is a *delivery.Error: KindInvalid for an
// address that is not of this machine (Field "listen") or impossible shares
// (Field "shares"), KindUnreachable when the port cannot be had.
func Start(o Options) (*World, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	// A name is refused without looking it up.
	at, err := netip.ParseAddrPort(o.Listen)
	if err != nil || !at.Addr().Unmap().IsLoopback() {
		return nil, &delivery.Error{Op: "sandbox", Kind: delivery.KindInvalid, Field: "listen", Detail: o.Listen, Err: err}
	}
	if o.Shares == (Shares{}) {
		o.Shares = DefaultShares()
	}
	if err := o.Shares.valid(); err != nil {
		return nil, &delivery.Error{Op: "sandbox", Kind: delivery.KindInvalid, Field: "shares", Err: err}
	}
	if o.Greylisting <= 0 {
		o.Greylisting = DefaultGreylisting
	}
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(at))
	if err != nil {
		return nil, &delivery.Error{Op: "sandbox", Kind: delivery.KindUnreachable, Detail: o.Listen, Err: err}
	}
	w := newWorld(o)
	w.serve(l)
	return w, nil
}

func newWorld(o Options) *World {
	w := &World{
		latency: o.Latency,
		boxes:   &mailboxes{seed: o.Seed, shares: o.Shares, grey: o.Greylisting, now: time.Now, seen: map[string]contact{}},
		done:    make(chan struct{}),
		served:  make(chan struct{}),
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{w: w}, nil }))
	s.Domain = "sandbox.example"
	s.MaxMessageBytes = maxMessageBytes
	s.MaxRecipients = maxRecipients
	s.ReadTimeout = readTimeout
	s.WriteTimeout = writeTimeout
	s.ErrorLog = log.New(io.Discard, "", 0) // clients that hang up are no news
	w.server = s
	return w
}

func (w *World) serve(l net.Listener) {
	w.addr = l.Addr().String()
	w.gate = &gate{Listener: l, w: w, open: map[*guest]struct{}{}}
	go func() {
		defer close(w.served)
		_ = w.server.Serve(w.gate)
	}()
}

// Addr is where the world listens, as host:port.
func (w *World) Addr() string { return w.addr }

// Stats tells what has happened so far.
func (w *World) Stats() Stats {
	return Stats{
		Connections: w.connections.Load(),
		TurnedAway:  w.turnedAway.Load(),
		Accepted:    w.accepted.Load(),
		Bytes:       w.bytes.Load(),
		Unknown:     w.refused[unknown].Load(),
		Disabled:    w.refused[disabled].Load(),
		Full:        w.refused[full].Load(),
		FullForNow:  w.refused[fullForNow].Load(),
		Greylisted:  w.refused[greylists].Load(),
	}
}

// Close ends the world: every connection is closed at once, and when it returns
// none of its goroutines is left. A second call does nothing.
func (w *World) Close() error {
	var err error
	w.close.Do(func() {
		close(w.done)
		err = w.gate.Close()
		<-w.served
		// Nobody comes in any more. Shutdown waits for those inside, and
		// has nothing to say about the listener that is news.
		w.gate.clear()
		_ = w.server.Shutdown(context.Background())
	})
	return err
}

// pause is the latency of the simulated net.
func (w *World) pause() error {
	if w.latency <= 0 {
		return nil
	}
	t := time.NewTimer(w.latency)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-w.done:
		return errClosing
	}
}

var errClosing = &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "Closing"}

// errInterrupted is never seen by anyone: the connection is gone.
var errInterrupted = errors.New("message interrupted")

// session is one client.
type session struct{ w *World }

// Mail takes any sender.
func (s *session) Mail(string, *smtp.MailOptions) error { return s.w.pause() }

// Rcpt answers as the mailbox does.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.w.pause(); err != nil {
		return err
	}
	how, refusal := s.w.boxes.answer(to)
	if refusal != nil {
		s.w.refused[how].Add(1)
		return refusal
	}
	return nil
}

// Data reads a message and forgets it.
func (s *session) Data(r io.Reader) error {
	n, err := io.Copy(io.Discard, r)
	if err != nil {
		var refusal *smtp.SMTPError
		if errors.As(err, &refusal) {
			return refusal
		}
		return errInterrupted
	}
	if err := s.w.pause(); err != nil {
		return err
	}
	s.w.accepted.Add(1)
	s.w.bytes.Add(n)
	return nil
}

// Reset has nothing to forget.
func (s *session) Reset() {}

// Logout has nothing to free.
func (s *session) Logout() error { return nil }
