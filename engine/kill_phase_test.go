package engine_test

import (
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/enginetest/invariant"
)

// gate is a relay whose first connection follows a script; all others are taken
// by a receiver that keeps what it gets, once it is open.
type gate struct {
	l    net.Listener
	sink *enginetest.Sink

	mu    sync.Mutex
	peer  *enginetest.Peer
	shut  bool // whoever comes now is left waiting
	conns []net.Conn
}

func newGate(t *testing.T, script enginetest.Script) *gate {
	sink, err := enginetest.StartSink(enginetest.SinkOptions{Record: true})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{l: l, sink: sink}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			g.mu.Lock()
			g.conns = append(g.conns, c)
			first, shut := g.peer == nil, g.shut
			if first {
				g.peer = enginetest.NewPeer(c)
			}
			g.mu.Unlock()
			switch {
			case first:
				work.Go(func() { _ = g.peer.Play(script) })
			case !shut:
				work.Go(func() { g.forward(c) })
			}
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		g.mu.Lock()
		for _, c := range g.conns {
			_ = c.Close()
		}
		g.mu.Unlock()
		work.Wait()
		_ = sink.Close()
	})
	return g
}

func (g *gate) forward(c net.Conn) {
	s, err := net.Dial("tcp", g.sink.Addr())
	if err != nil {
		_ = c.Close()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(s, c)
		_ = s.(*net.TCPConn).CloseWrite()
	}()
	_, _ = io.Copy(c, s)
	_ = c.Close()
	<-done
	_ = s.Close()
}

func (g *gate) close(shut bool) {
	g.mu.Lock()
	g.shut = shut
	g.mu.Unlock()
}

// received is what all connections got, up to the dot.
func (g *gate) received() (out []invariant.Receipt) {
	for _, r := range g.sink.Receipts() {
		if r.Complete {
			out = append(out, invariant.Receipt{Recipient: trim(r.Recipient), MessageID: r.MessageID})
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.peer == nil {
		return out
	}
	var to []string
	for _, c := range g.peer.Commands() {
		if len(c) > 8 && c[:8] == "RCPT TO:" {
			to = append(to, trim(c[8:]))
		}
	}
	for i, b := range g.peer.Bodies() {
		out = append(out, invariant.Receipt{Recipient: to[i], MessageID: invariant.ID([]byte(b))})
	}
	return out
}

func trim(s string) string {
	return string(slices.DeleteFunc([]byte(s), func(c byte) bool { return c == '<' || c == '>' }))
}

// start runs the program that is killed.
func start(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), killDir+"="+dir)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// states lists the recipients' states by address.
func states(t *testing.T, e *engine.Engine, id delivery.ID) map[string]delivery.MessageState {
	t.Helper()
	out := map[string]delivery.MessageState{}
	if err := e.EachRow(t.Context(), id, engine.RowFilter{}, func(r delivery.Row) error {
		out[r.Address] = r.State
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// killedAt kills the program in the step that stands in the script as nil, lets
// it run to the end, and returns what became of the three recipients.
func killedAt(t *testing.T, script enginetest.Script) (doubts, copies int) {
	t.Helper()
	var child *exec.Cmd
	started := make(chan struct{})
	dead := make(chan struct{})
	for i, s := range script {
		if s == nil {
			script[i] = func(*enginetest.Peer) error {
				<-started
				defer close(dead)
				err := child.Process.Kill()
				_ = child.Wait()
				return err
			}
		}
	}
	g := newGate(t, script)
	dir := t.TempDir()
	id := confirmedFor(t, dir, 3, g.l.Addr().(*net.TCPAddr).Port, 1)
	child = start(t, dir)
	close(started)
	select {
	case <-dead:
	case <-time.After(time.Minute):
		_ = child.Process.Kill()
		t.Fatal("the program did not get there")
	}
	before := len(g.received())
	if c := start(t, dir); c.Wait() != nil {
		t.Fatal("the second run failed")
	}
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir, ReadOnly: true, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	invariant.Check(t, e, id, g.received())
	for _, s := range states(t, e, id) {
		switch s {
		case delivery.MsgInDoubt:
			doubts++
		case delivery.MsgAccepted:
		default:
			t.Errorf("a recipient is %s", s)
		}
	}
	return doubts, before
}

// opened is a relay that takes a message's envelope, in lock-step.
func opened(steps ...enginetest.Step) enginetest.Script {
	return enginetest.Join(enginetest.Opening("SIZE 1000000"), steps)
}

var (
	mail = []enginetest.Step{enginetest.Expect("MAIL FROM:"), enginetest.Say("250 2.1.0 OK\r\n")}
	rcpt = append(slices.Clone(mail), enginetest.Expect("RCPT TO:"), enginetest.Say("250 2.1.5 OK\r\n"))
	data = append(slices.Clone(rcpt), enginetest.Expect("DATA"), enginetest.Say("354 go ahead\r\n"))
)

// TestFault1KilledAtTheStart: nothing was claimed or said.
func TestFault1KilledAtTheStart(t *testing.T) {
	t.Parallel()
	if doubts, copies := killedAt(t, enginetest.Script{nil}); doubts != 0 || copies != 0 {
		t.Errorf("%d in doubt, %d copies", doubts, copies)
	}
}

// TestFault2KilledBeforeTheEnvelope: what was claimed waits again.
func TestFault2KilledBeforeTheEnvelope(t *testing.T) {
	t.Parallel()
	if doubts, copies := killedAt(t, enginetest.Script{enginetest.Say("220 relay.example ESMTP\r\n"), enginetest.Expect("EHLO "), nil}); doubts != 0 || copies != 0 {
		t.Errorf("%d in doubt, %d copies", doubts, copies)
	}
}

// TestFault3And4KilledBeforeTheDot: the intent goes to the disk while the relay
// answers the envelope, and body and dot leave in one write. Whoever finds an
// intent cannot know how far that write came: at most this one message is in
// doubt, nobody got it, and it is not sent again by itself.
func TestFault3And4KilledBeforeTheDot(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string][]enginetest.Step{
		"MAIL": {enginetest.Expect("MAIL FROM:"), nil},
		"RCPT": append(slices.Clone(mail), enginetest.Expect("RCPT TO:"), nil),
		"DATA": append(slices.Clone(rcpt), enginetest.Expect("DATA"), nil),
		"body": append(slices.Clone(data), enginetest.Skip(300), nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doubts, copies := killedAt(t, opened(steps...))
			if doubts > 1 || copies != 0 {
				t.Errorf("%d in doubt, %d copies", doubts, copies)
			}
			if name == "body" && doubts != 1 {
				t.Error("a message whose body had begun is not in doubt")
			}
		})
	}
}

// TestFault5KilledAfterTheDot: the relay has the message, and we do not know it.
func TestFault5KilledAfterTheDot(t *testing.T) {
	t.Parallel()
	if doubts, copies := killedAt(t, opened(append(slices.Clone(data), enginetest.Body(), nil)...)); doubts != 1 || copies != 1 {
		t.Errorf("%d in doubt, %d copies", doubts, copies)
	}
}

// TestFault6KilledAfterTheReply: it was read or it was not, and its record was
// durable or it was not; that nobody gets a second copy holds either way.
func TestFault6KilledAfterTheReply(t *testing.T) {
	t.Parallel()
	if doubts, copies := killedAt(t, opened(append(slices.Clone(data), enginetest.Body(), enginetest.Say("250 2.0.0 queued\r\n"), nil)...)); doubts > 1 || copies != 1 {
		t.Errorf("%d in doubt, %d copies", doubts, copies)
	}
}

// TestFault7KilledInTheRecovery: a recovery that is killed twenty times ends where
// one that is left alone ends.
func TestFault7KilledInTheRecovery(t *testing.T) {
	t.Parallel()
	var child *exec.Cmd
	ready, dead := make(chan struct{}), make(chan struct{})
	g := newGate(t, opened(append(slices.Clone(data), enginetest.Body(), func(*enginetest.Peer) error {
		<-ready
		defer close(dead)
		err := child.Process.Kill()
		_ = child.Wait()
		return err
	})...))
	dir, twin := t.TempDir(), t.TempDir()
	id := confirmedFor(t, dir, 3, g.l.Addr().(*net.TCPAddr).Port, 1)
	g.close(true) // from now on nobody gets a greeting
	child = start(t, dir)
	close(ready)
	<-dead
	if err := os.CopyFS(twin, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		c := start(t, dir)
		time.Sleep(time.Duration(i) * 4 * time.Millisecond)
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	var got [2]map[string]delivery.MessageState
	for i, dir := range []string{dir, twin} {
		e, err := engine.Open(t.Context(), engine.Options{Dir: dir, Secrets: noSecrets{}})
		if err != nil {
			t.Fatal(err)
		}
		got[i] = states(t, e, id)
		if i == 0 {
			invariant.Check(t, e, id, g.received())
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	doubts := 0
	for who, s := range got[0] {
		if s != got[1][who] {
			t.Errorf("%s is %s; after one recovery %s", who, s, got[1][who])
		}
		if s == delivery.MsgInDoubt {
			doubts++
		}
	}
	if doubts != 1 || len(got[0]) != 3 {
		t.Errorf("%v", got[0])
	}
}
