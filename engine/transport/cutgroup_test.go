package transport_test

import (
	"context"
	"net"
	"testing"
	"testing/synctest"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// TestLookAheadCutAfterEveryByte breaks a conversation of three messages, each of
// whose envelopes leaves together with the end of the one before it, after every
// single byte in either direction. Whoever has a copy is accepted or in doubt;
// accepted is who was answered; who has none is offered again, unless some of the
// dot has left; nobody comes back twice.
func TestLookAheadCutAfterEveryByte(t *testing.T) {
	const yes = "250 2.0.0 queued\r\n"
	envelope := Script{Expect("MAIL FROM:"), Expect("RCPT TO:"), Expect("DATA")}
	const go3 = "250 ok\r\n250 ok\r\n354 go\r\n"
	script := Join(Opening("X", "PIPELINING"), envelope, Script{Say(go3), Body()}, envelope, Script{Say(yes + go3), Body()},
		envelope, Script{Say(yes + go3), Body(), Say(yes), Silence()})
	all := cutGroup(t, script, -1, -1)
	if all.outcomes != "accepted accepted accepted" || all.bodies != 3 {
		t.Fatalf("uncut: %+v", all)
	}
	check := func(what string, at int, c cutOutcome) {
		t.Helper()
		accepted, doubts := 0, 0
		for i, r := range c.results {
			switch r.Outcome {
			case transport.Accepted:
				accepted++
				if i >= c.bodies {
					t.Errorf("cut after %d bytes %s: message %d is accepted and has not arrived", at, what, i+1)
				}
			case transport.InDoubt:
				doubts++
			case transport.Again:
				if i < c.bodies {
					t.Errorf("cut after %d bytes %s: message %d has arrived and is offered again", at, what, i+1)
				}
			default:
				t.Errorf("cut after %d bytes %s: message %d is %s", at, what, i+1, r.Outcome)
			}
		}
		if doubts > 1 {
			t.Errorf("cut after %d bytes %s: %d in doubt, and one dot was on its way", at, what, doubts)
		}
		if c.bodies > accepted+doubts {
			t.Errorf("cut after %d bytes %s: %d arrived, %s", at, what, c.bodies, c.outcomes)
		}
	}
	for cut := range all.heard {
		check("read", cut, cutGroup(t, script, cut, -1))
	}
	for cut := range all.said {
		check("written", cut, cutGroup(t, script, -1, cut))
	}
	t.Logf("%d + %d cuts", all.heard, all.said)
}

type cutOutcome struct {
	outcomes    string
	results     []transport.Result // by number
	bodies      int
	heard, said int
}

// cutGroup plays a script on a connection that breaks.
func cutGroup(t *testing.T, script Script, read, write int) (c cutOutcome) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		peer := NewPeer(theirs)
		done := make(chan error, 1)
		go func() { done <- peer.Play(script) }()
		counted := &counter{Conn: CutAfter(ours, read, write)}
		s, err := transport.Dial(t.Context(), transport.Config{Host: "127.0.0.1", Port: 25, Security: delivery.SecurityNone,
			Dial: func(context.Context, string, string) (net.Conn, error) { return counted, nil }})
		f := several(3)
		if err == nil {
			s.Run(t.Context(), f)
			s.Abort()
		}
		_ = ours.Close()
		<-done
		c.bodies, c.heard, c.said = len(peer.Bodies()), counted.heard, len(counted.said)
		c.results = make([]transport.Result, 3)
		for i := range c.results {
			c.results[i].Outcome = transport.Again
		}
		for _, r := range f.Results() {
			c.results[r.I] = r.Result
		}
		c.outcomes = outcomes(f)
	})
	return c
}
