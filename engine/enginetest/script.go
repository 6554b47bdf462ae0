package enginetest

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// A Step is one thing that a scripted peer does.
type Step func(*Peer) error

// Script is what a peer does with one connection, from its greeting on. The
// connection is closed at its end.
type Script []Step

// Peer is a scripted peer in the midst of a connection.
type Peer struct {
	Conn net.Conn
	r    *bufio.Reader

	mu       sync.Mutex
	commands []string
	bodies   []string
}

// NewPeer prepares a peer on a connection.
func NewPeer(c net.Conn) *Peer { return &Peer{Conn: c, r: bufio.NewReader(c)} }

// Play runs a script to its end, or to its first error, and closes the
// connection.
func (p *Peer) Play(s Script) error {
	defer func() { _ = p.Conn.Close() }()
	for i, step := range s {
		if err := step(p); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
	}
	return nil
}

// Commands lists the lines that Expect has read so far.
func (p *Peer) Commands() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.commands...)
}

// Bodies lists the messages that Body has read to their end, dots unstuffed.
func (p *Peer) Bodies() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.bodies...)
}

// Say writes raw bytes.
func Say(s string) Step {
	return func(p *Peer) error {
		_, err := p.Conn.Write([]byte(s))
		return err
	}
}

// Expect reads one line, which must begin with prefix in any case.
func Expect(prefix string) Step {
	return func(p *Peer) error {
		line, err := p.r.ReadString('\n')
		if err != nil {
			return err
		}
		line = strings.TrimRight(line, "\r\n")
		p.mu.Lock()
		p.commands = append(p.commands, line)
		p.mu.Unlock()
		if len(line) < len(prefix) || !strings.EqualFold(line[:len(prefix)], prefix) {
			return fmt.Errorf("got %q, want %s", line, prefix)
		}
		return nil
	}
}

// Body reads a message up to and including its final dot.
func Body() Step {
	return func(p *Peer) error {
		var body strings.Builder
		for {
			line, err := p.r.ReadString('\n')
			if err != nil {
				return err
			}
			if line == ".\r\n" {
				p.mu.Lock()
				p.bodies = append(p.bodies, body.String())
				p.mu.Unlock()
				return nil
			}
			body.WriteString(strings.TrimPrefix(line, "."))
		}
	}
}

// Skip reads and drops n bytes.
func Skip(n int) Step {
	return func(p *Peer) error {
		_, err := p.r.Discard(n)
		return err
	}
}

// Drip writes one byte, and then the next one after d.
func Drip(s string, d time.Duration) Step {
	return func(p *Peer) error {
		for i := range len(s) {
			if _, err := p.Conn.Write([]byte{s[i]}); err != nil {
				return err
			}
			time.Sleep(d)
		}
		return nil
	}
}

// Wait does nothing for d.
func Wait(d time.Duration) Step {
	return func(*Peer) error {
		time.Sleep(d)
		return nil
	}
}

// Until does nothing until c is closed. Reading and writing stop meanwhile: the
// peer has stalled.
func Until(c <-chan struct{}) Step {
	return func(*Peer) error {
		<-c
		return nil
	}
}

// Silence reads whatever comes and says nothing, until the other side hangs up.
func Silence() Step {
	return func(p *Peer) error {
		var b [4096]byte
		for {
			if _, err := p.r.Read(b[:]); err != nil {
				return nil
			}
		}
	}
}

// Hangup closes the connection in an orderly way.
func Hangup() Step {
	return func(p *Peer) error { return p.Conn.Close() }
}

// Reset closes the connection with a TCP reset.
func Reset() Step {
	return func(p *Peer) error {
		if t, ok := p.Conn.(*net.TCPConn); ok {
			_ = t.SetLinger(0)
		}
		return p.Conn.Close()
	}
}

// Secure goes on over TLS.
func Secure(c *tls.Config) Step {
	return func(p *Peer) error {
		secured := tls.Server(p.Conn, c)
		if err := secured.Handshake(); err != nil {
			return err
		}
		p.Conn = secured
		p.r.Reset(secured)
		return nil
	}
}

// Join makes one script of several.
func Join(scripts ...Script) Script {
	var all Script
	for _, s := range scripts {
		all = append(all, s...)
	}
	return all
}

// Opening greets and answers EHLO with the given extensions.
func Opening(extensions ...string) Script {
	return Script{Say("220 relay.example ESMTP\r\n"), Expect("EHLO "), Say(Hello(extensions...))}
}

// Hello is the reply to EHLO.
func Hello(extensions ...string) string {
	lines := append([]string{"relay.example"}, extensions...)
	var b strings.Builder
	for i, l := range lines {
		sep := "-"
		if i == len(lines)-1 {
			sep = " "
		}
		b.WriteString("250" + sep + l + "\r\n")
	}
	return b.String()
}

// Message takes one message, in lock-step.
func Message() Script {
	return Script{
		Expect("MAIL FROM:"), Say("250 2.1.0 OK\r\n"),
		Expect("RCPT TO:"), Say("250 2.1.5 OK\r\n"),
		Expect("DATA"), Say("354 go ahead\r\n"),
		Body(), Say("250 2.0.0 queued\r\n"),
	}
}

// Farewell answers QUIT.
func Farewell() Script {
	return Script{Expect("QUIT"), Say("221 2.0.0 bye\r\n")}
}

// Server plays scripts on a loopback port: the first connection gets the first
// script, and so on; connections beyond the last are closed at once.
type Server struct {
	l    net.Listener
	wg   sync.WaitGroup
	mu   sync.Mutex
	errs []error
	ps   []*Peer
}

// Serve starts a Server.
func Serve(scripts ...Script) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{l: l}
	s.wg.Go(func() {
		for i := 0; ; i++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if i >= len(scripts) {
				_ = c.Close()
				continue
			}
			p := NewPeer(c)
			s.mu.Lock()
			s.ps = append(s.ps, p)
			s.mu.Unlock()
			s.wg.Go(func() {
				if err := p.Play(scripts[i]); err != nil {
					s.mu.Lock()
					s.errs = append(s.errs, fmt.Errorf("connection %d: %w", i, err))
					s.mu.Unlock()
				}
			})
		}
	})
	return s, nil
}

// Port is where the server listens on 127.0.0.1.
func (s *Server) Port() int { return s.l.Addr().(*net.TCPAddr).Port }

// Peer is the i-th connection, nil when there was none.
func (s *Server) Peer(i int) *Peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i >= len(s.ps) {
		return nil
	}
	return s.ps[i]
}

// Close stops listening, waits for the scripts to end, and returns what went
// wrong in them.
func (s *Server) Close() error {
	_ = s.l.Close()
	s.wg.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.errs...)
}
