package transport_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// This file is a relay that can misbehave in answer to any command of any message
// of a connection, however the commands come: one by one, in groups (RFC 2920),
// the next envelope together with the end of a message, or in chunks (RFC 3030).
// groupcases_test.go says what must become of the messages.

// mode is a way to hand several messages over on one connection.
type mode struct {
	name       string
	extensions []string
	send       func(s *transport.Session, ms []transport.Mail, dot func(i int) error) []transport.Result
}

// modes lists the ways that there are.
func modes() []mode {
	return []mode{
		{name: "lock-step", send: fed},
		{name: "pipelining", extensions: []string{"PIPELINING"}, send: oneByOne},
		{name: "look-ahead", extensions: []string{"PIPELINING"}, send: fed},
	}
}

// oneByOne has the next message come when the one before it is done.
func oneByOne(s *transport.Session, ms []transport.Mail, dot func(i int) error) []transport.Result {
	var out []transport.Result
	for i, m := range ms {
		out = append(out, enginetest.Send(context.Background(), s, m, func(context.Context) error { return dot(i) }))
	}
	return out
}

// fed has all messages ready from the beginning. What the session did not take is
// to be offered elsewhere.
func fed(s *transport.Session, ms []transport.Mail, dot func(i int) error) []transport.Result {
	f := enginetest.Feed{Mails: ms, BeforeDot: func(_ context.Context, i int) error { return dot(i) }}
	s.Run(context.Background(), &f)
	out := make([]transport.Result, len(ms))
	for i := range out {
		out[i].Outcome = transport.Again
	}
	for _, r := range f.Results() {
		out[r.I] = r.Result
	}
	return out
}

// at is a place in a conversation: a stage of the n-th transaction that the
// relay sees, from 1.
type at struct {
	message int
	stage   transport.Stage
}

// answers say what the relay does instead of the usual reply. It returns false
// when the connection ends there.
type answers map[at]func(*groupRelay) bool

// groupRelay is one connection of the relay.
type groupRelay struct {
	net.Conn
	r       *bufio.Reader
	answers answers
	stalled chan struct{}

	message int    // transactions begun
	rcpt    string // of the one that is open
	opened  bool   // MAIL was accepted
	held    []string
	last    byte // first digit of the last reply; 0 when there was none

	mu    sync.Mutex
	whole []string // recipients of the messages whose end has been read
	yes   []string // … and that were answered with 2xx
}

// say queues a reply. Replies to a group leave together, once there is nothing
// left to read, as RFC 2920 section 3.2 advises.
func (g *groupRelay) say(reply string) {
	g.held = append(g.held, reply)
	g.last = reply[0]
}

func (g *groupRelay) flush() bool {
	if len(g.held) == 0 {
		return true
	}
	_, err := io.WriteString(g, strings.Join(g.held, ""))
	g.held = g.held[:0]
	return err == nil
}

// reply gives the usual reply at a place, or what the test wants there. It
// reports whether that is good news, and whether the connection goes on.
func (g *groupRelay) reply(stage transport.Stage, usual string) (ok, more bool) {
	g.last = 0
	if f := g.answers[at{g.message, stage}]; f != nil {
		more = f(g)
		return g.last == usual[0], more
	}
	g.say(usual)
	return true, true
}

func (g *groupRelay) serve(extensions []string) {
	defer g.Close()
	g.say("220 relay.example ESMTP\r\n")
	for {
		if g.r.Buffered() == 0 && !g.flush() {
			return
		}
		line, err := g.r.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.TrimRight(line, "\r\n"))
		more := true
		switch {
		case strings.HasPrefix(verb, "EHLO"):
			g.say("250-relay.example\r\n")
			for _, x := range extensions {
				g.say("250-" + x + "\r\n")
			}
			g.say("250 HELP\r\n")
		case strings.HasPrefix(verb, "RSET"):
			g.opened, g.rcpt = false, ""
			g.say("250 2.0.0 OK\r\n")
		case strings.HasPrefix(verb, "QUIT"):
			g.say("221 2.0.0 bye\r\n")
			g.flush()
			return
		case strings.HasPrefix(verb, "MAIL"):
			if g.opened {
				g.say("503 5.5.1 nested MAIL\r\n")
				break
			}
			g.message++
			g.rcpt = ""
			g.opened, more = g.reply(transport.StageMail, "250 2.1.0 OK\r\n")
		case strings.HasPrefix(verb, "RCPT"):
			if !g.opened {
				g.say("503 5.5.1 no MAIL\r\n")
				break
			}
			to, _, _ := strings.Cut(line[len("RCPT TO:<"):], ">")
			var ok bool
			if ok, more = g.reply(transport.StageRcpt, "250 2.1.5 OK\r\n"); ok {
				g.rcpt = to
			}
		case strings.HasPrefix(verb, "DATA"):
			more = g.data()
		case strings.HasPrefix(verb, "BDAT "):
			more = g.chunk(strings.Fields(verb)[1:])
		default:
			g.say("502 5.5.1 what?\r\n")
		}
		if !more {
			return
		}
	}
}

// data reads a message after 354.
func (g *groupRelay) data() bool {
	if g.rcpt == "" {
		if f := g.answers[at{g.message, transport.StageData}]; f != nil {
			return f(g)
		}
		g.say("503 5.5.1 no valid recipients\r\n")
		return true
	}
	ok, more := g.reply(transport.StageData, "354 go ahead\r\n")
	if !more {
		return false
	}
	if !ok {
		return true
	}
	if !g.flush() {
		return false
	}
	if f := g.answers[at{g.message, transport.StageBody}]; f != nil && !f(g) {
		return false
	}
	for {
		line, err := g.r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			return g.end()
		}
	}
}

// chunk reads one BDAT chunk (RFC 3030 section 2).
func (g *groupRelay) chunk(args []string) bool {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		g.say("501 5.5.4 size\r\n")
		return true
	}
	if f := g.answers[at{g.message, transport.StageBody}]; f != nil && !f(g) {
		return false
	}
	if _, err := g.r.Discard(n); err != nil {
		return false
	}
	if g.rcpt == "" {
		g.say("503 5.5.1 no valid recipients\r\n")
		return true
	}
	if !slices.Contains(args[1:], "LAST") {
		g.say("250 2.0.0 " + args[0] + " octets\r\n")
		return true
	}
	return g.end()
}

// end answers a message that has been read to its end.
func (g *groupRelay) end() bool {
	to := g.rcpt
	g.mu.Lock()
	g.whole = append(g.whole, to)
	g.mu.Unlock()
	ok, more := g.reply(transport.StageDot, "250 2.0.0 queued\r\n")
	if ok {
		g.mu.Lock()
		g.yes = append(g.yes, to)
		g.mu.Unlock()
	}
	g.opened, g.rcpt = false, ""
	return more
}

// converse runs messages over one connection and describes what became of them and
// of the session.
func converse(t *testing.T, m mode, a answers, ms []transport.Mail, timeouts transport.Timeouts) (results []transport.Result, g *groupRelay) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	relay := make(chan *groupRelay, 1)
	var wg sync.WaitGroup
	wg.Go(func() {
		c, err := l.Accept()
		if err != nil {
			close(relay)
			return
		}
		_ = c.(*net.TCPConn).SetReadBuffer(small)
		g := &groupRelay{Conn: c, r: bufio.NewReaderSize(c, 256<<10), answers: a, stalled: make(chan struct{})}
		relay <- g
		g.serve(m.extensions)
	})
	s, err := transport.Dial(t.Context(), transport.Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port,
		Security: delivery.SecurityNone, Timeouts: timeouts, Dial: narrow})
	g = <-relay
	if err != nil {
		t.Fatal(err)
	}
	dots := make([]int, len(ms))
	results = m.send(s, ms, func(i int) error { dots[i]++; return nil })
	s.Abort()
	close(g.stalled)
	wg.Wait()
	if len(results) != len(ms) {
		t.Fatalf("%d results for %d messages", len(results), len(ms))
	}
	for i, r := range results {
		said := r.Outcome == transport.Accepted || r.Outcome == transport.InDoubt
		switch read := count(g.whole, ms[i].To); {
		case dots[i] > 1, said && dots[i] != 1:
			t.Errorf("message %d: beforeDot called %d times, then %s", i+1, dots[i], r.Outcome)
		case dots[i] == 0 && read > 0:
			t.Errorf("message %d: the relay read its end without beforeDot", i+1)
		case r.Outcome == transport.Accepted && count(g.yes, ms[i].To) != 1:
			t.Errorf("message %d is accepted, and the relay said yes %d times", i+1, count(g.yes, ms[i].To))
		case count(g.yes, ms[i].To) > 0 && !said:
			t.Errorf("message %d: the relay said yes and it is %s", i+1, r.Outcome)
		}
		if r.Outcome == transport.Accepted && (r.Reply.Code/100 != 2 || r.Err != nil) {
			t.Errorf("message %d is accepted without a 2xx: %+v, %v", i+1, r.Reply, r.Err)
		}
	}
	return results, g
}

// small is the size of the buffers between the two, so that a long message does
// not fit into them.
const small = 16 << 10

func narrow(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err == nil {
		_ = c.(*net.TCPConn).SetWriteBuffer(small)
	}
	return c, err
}

func count(list []string, s string) int {
	n := 0
	for _, x := range list {
		if x == s {
			n++
		}
	}
	return n
}

// letters are messages to different people.
func letters(n int) []transport.Mail {
	var ms []transport.Mail
	for i := range n {
		m := mail()
		m.To = fmt.Sprintf("p%d@mail.example", i+1)
		ms = append(ms, m)
	}
	return ms
}

// patient timeouts never run out in a test; hasty ones do against a stall.
func patient() transport.Timeouts { return transport.Timeouts{} }

func hasty() transport.Timeouts {
	const d = time.Second
	return transport.Timeouts{Mail: d, Rcpt: d, Data: d, Block: d, Dot: d}
}
