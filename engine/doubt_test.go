package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"sendoff/engine/delivery"
)

// forgetful is a relay that takes every message, and hangs up instead of saying
// so the first time that somebody in lose gets one.
type forgetful struct {
	net.Listener
	mu   sync.Mutex
	lose map[string]bool
	got  map[string][]string // Message-IDs by recipient
}

func newForgetful(t *testing.T, lose ...string) *forgetful {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &forgetful{Listener: l, lose: map[string]bool{}, got: map[string][]string{}}
	for _, a := range lose {
		f.lose[a] = true
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go f.serve(c)
		}
	}()
	return f
}

func (f *forgetful) serve(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	fmt.Fprint(c, "220 relay\r\n")
	var to, id string
	for data := false; ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		switch verb := strings.ToUpper(line[:min(4, len(line))]); {
		case data && line == ".":
			data = false
			f.mu.Lock()
			f.got[to] = append(f.got[to], id)
			lost := f.lose[to]
			delete(f.lose, to)
			f.mu.Unlock()
			if lost {
				return
			}
			fmt.Fprint(c, "250 2.0.0 taken\r\n")
		case data:
			if v, ok := strings.CutPrefix(line, "Message-ID: "); ok {
				id = v
			}
		case verb == "DATA":
			data = true
			fmt.Fprint(c, "354 go on\r\n")
		case verb == "RCPT":
			_, to, _ = strings.Cut(line, "<")
			to, _, _ = strings.Cut(to, ">")
			fmt.Fprint(c, "250 2.1.5 ok\r\n")
		case verb == "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}

func (f *forgetful) ids(a string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.got[a]...)
}

// through makes the delivery go through a relay.
func (w *work) through(l net.Listener) {
	w.Helper()
	a, err := w.AddAccount(w.Context(), w.who, delivery.Account{Name: "relay", Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port,
		Security: delivery.SecurityNone, Connections: 1}, "")
	if err != nil {
		w.Fatal(err)
	}
	d := w.view().Draft
	d.Account = a.ID
	if err := w.EditDelivery(w.Context(), w.who, w.id, d); err != nil {
		w.Fatal(err)
	}
}

func (w *work) numberOf(address string) int64 {
	w.Helper()
	ns, err := w.MessageNumbers(w.Context(), w.id, delivery.LogQuery{Search: address})
	if err != nil || len(ns) != 1 {
		w.Fatalf("%s: %v, %v", address, ns, err)
	}
	return ns[0]
}

// TestDoubtsAreDecided: three replies are lost; one message is marked as sent, one
// left, one sent again under its own Message-ID, through the whole engine.
func TestDoubtsAreDecided(t *testing.T) {
	const sent, left, again = "p00003@post.example", "p00010@post.example", "p00017@post.example"
	relay := newForgetful(t, sent, left, again)
	w := newWork(t, t.TempDir(), 25)
	w.through(relay)
	w.confirm()
	w.Run()
	w.until(delivery.Finished)
	if c := w.trueLedger(); c.InDoubt != 3 || c.Accepted != 22 {
		t.Fatalf("%+v", c)
	}
	d, err := w.Doubt(t.Context(), w.id, w.numberOf(again))
	if err != nil || d.Cause != delivery.DoubtLostReply || d.In.Number != 1 || d.In.At.IsZero() || d.Relay != relay.Addr().String() ||
		relay.ids(again)[0] != d.MessageID || d.Bytes < 200 {
		t.Errorf("evidence %+v, %v; the relay has %v", d, err, relay.ids(again))
	}
	if _, err := w.Doubt(t.Context(), w.id, 1); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("of one who was never in doubt: %v", err)
	}
	for address, how := range map[string]delivery.Decision{sent: delivery.MarkSent, left: delivery.Leave} {
		if r, err := w.ResolveDoubt(t.Context(), w.who, w.id, []int64{w.numberOf(address)}, how); err != nil || r.Decided != 1 || r.State != delivery.Finished {
			t.Errorf("%s: %+v, %v", how, r, err)
		}
	}
	r, err := w.ResolveDoubt(t.Context(), w.who, w.id, []int64{w.numberOf(again)}, delivery.SendAgain)
	if err != nil || r != (delivery.Resolution{Decided: 1, Reopened: true, State: delivery.Confirmed}) {
		t.Fatalf("%+v, %v", r, err)
	}
	v := w.until(delivery.Finished)
	if c := w.trueLedger(); c.InDoubt != 1 || c.Accepted != 24 || v.Undecided() != 0 {
		t.Errorf("%+v, %d undecided", c, v.Undecided())
	}
	if ids := relay.ids(again); len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("sent again as %v, want its own Message-ID", ids)
	}
	for _, a := range []string{sent, left} {
		if ids := relay.ids(a); len(ids) != 1 {
			t.Errorf("%s got %v", a, ids)
		}
	}
	m, err := w.Message(t.Context(), w.id, w.numberOf(again))
	if err != nil || len(m.Attempts) != 2 || m.Attempts[0].State != delivery.MsgInDoubt || m.Attempts[1].State != delivery.MsgAccepted || m.Decided.By != "Marieke" {
		t.Errorf("%+v, %v", m.Attempts, err)
	}
	if m, err = w.Message(t.Context(), w.id, w.numberOf(sent)); err != nil || !m.Marked() || len(m.Attempts) != 1 || m.Attempts[0].State != delivery.MsgInDoubt {
		t.Errorf("%+v, %v", m.Attempts, err)
	}
	if n := doubts(t, w); n != 1 {
		t.Errorf("%d listed", n)
	}
	lines, err := w.Engine.Log(t.Context(), w.id)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, l := range lines {
		codes = append(codes, l.Code)
	}
	if got := strings.Join(codes, " "); strings.Count(got, "doubt_resolved") != 3 || strings.Count(got, "finished") != 2 || strings.Count(got, "started") != 2 {
		t.Errorf("the log: %s", got) // prepare_started, started
	}
}

func doubts(t *testing.T, w *work) (n int) {
	t.Helper()
	if err := w.EachDoubt(context.Background(), w.id, func(delivery.Doubt) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestSendAgainWhileSending: what is sent again in the midst of a delivery leaves
// with the rest, although the claims are past it.
func TestSendAgainWhileSending(t *testing.T) {
	const again = "p00000@post.example"
	relay := newForgetful(t, again)
	w := newWork(t, t.TempDir(), 3000)
	w.through(relay)
	w.confirm()
	w.Run()
	sub := w.Subscribe()
	defer sub.Close()
	for w.view().Counters.Accepted < 3 {
		if _, err := sub.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := w.ResolveDoubt(t.Context(), w.who, w.id, nil, delivery.SendAgain); err != nil || r.Decided != 1 || r.Reopened {
		t.Fatalf("%+v, %v", r, err)
	}
	w.until(delivery.Finished)
	if c := w.trueLedger(); c.Accepted != 3000 || len(relay.ids(again)) != 2 {
		t.Errorf("%+v, and %s got %v", c, again, relay.ids(again))
	}
}

// TestStoppedSendsNothingElse: what a stop cancelled stays cancelled when
// something is sent again, and the delivery is stopped again in the end.
func TestStoppedSendsNothingElse(t *testing.T) {
	const again = "p00000@post.example"
	relay := newForgetful(t, again)
	w := newWork(t, t.TempDir(), 4000)
	w.through(relay)
	w.confirm()
	w.Run()
	sub := w.Subscribe()
	defer sub.Close()
	for w.view().Counters.Accepted < 3 {
		if _, err := sub.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Stop(t.Context(), w.who, w.id); err != nil {
		t.Fatal(err)
	}
	before := w.trueLedger()
	if before.InDoubt != 1 || before.Cancelled == 0 {
		t.Fatalf("stopped too late, or without a doubt: %+v", before)
	}
	if r, err := w.ResolveDoubt(t.Context(), w.who, w.id, nil, delivery.SendAgain); err != nil || !r.Reopened {
		t.Fatalf("%+v, %v", r, err)
	}
	w.until(delivery.Stopped)
	after := w.trueLedger()
	want := before
	want.InDoubt, want.Accepted = 0, before.Accepted+1
	if after != want {
		t.Errorf("after %+v, want %+v", after, want)
	}
	// The dispatcher has forgotten it: it can be decided upon and closed.
	if r, err := w.ResolveDoubt(t.Context(), w.who, w.id, nil, delivery.SendAgain); err != nil || r.Decided != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
