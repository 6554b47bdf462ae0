package transport_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// TestCutAfterEveryByte breaks a conversation after every single byte, in either
// direction, and holds what Send says against what the relay has.
//
// Nothing is accepted or in doubt before the dot. After it, a message is accepted
// when the whole reply was read, and otherwise in doubt.
func TestCutAfterEveryByte(t *testing.T) {
	const final = "250 2.0.0 queued as 7\r\n"
	for _, pipelining := range []bool{false, true} {
		script := Join(Opening("X", "SIZE 1000000"), Message()[:7], Script{Say(final), Silence()})
		if pipelining {
			script = Join(Opening("X", "PIPELINING"), group("250 OK", "250 OK", "354 go"), Script{Body(), Say(final), Silence()})
		}
		heard, said := whole(t, script)
		for cut := 0; cut <= heard; cut++ {
			c := cutCase{script, cut, -1}
			dialled, dots, r, bodies := c.run(t)
			switch {
			case !dialled:
				continue // nothing was said about any message
			case cut == heard:
				if r.Outcome != transport.Accepted || r.Reply.Text != "queued as 7" || bodies != 1 {
					t.Errorf("nothing was cut: %+v", r)
				}
			case cut >= heard-len(final):
				if r.Outcome != transport.InDoubt || dots != 1 || bodies != 1 || r.Usable {
					t.Errorf("pipelining %v, %d bytes of the last reply: %+v, %d bodies", pipelining, cut-(heard-len(final)), r, bodies)
				}
			default:
				if r.Outcome != transport.Again || r.Fault != delivery.FaultNetwork || dots != 0 || bodies != 0 || r.Usable {
					t.Errorf("pipelining %v, after %d of %d bytes read: %+v", pipelining, cut, heard, r)
				}
			}
		}
		const dot = 5
		for cut := 0; cut < said; cut++ {
			c := cutCase{script, -1, cut}
			dialled, dots, r, bodies := c.run(t)
			if !dialled {
				continue
			}
			if bodies != 0 || r.Outcome == transport.Accepted || r.Usable {
				t.Errorf("pipelining %v, after %d of %d bytes written: %+v, %d bodies", pipelining, cut, said, r, bodies)
			}
			begun := cut > said-dot // some of the dot has left
			want := transport.Again
			if begun {
				want = transport.InDoubt
			}
			if r.Outcome != want || begun && dots != 1 {
				t.Errorf("pipelining %v, after %d of %d bytes written: %s, want %s", pipelining, cut, said, r.Outcome, want)
			}
		}
	}
}

type cutCase struct {
	script      Script
	read, write int
}

// run plays the case and tells what either side has seen.
func (c cutCase) run(t *testing.T) (dialled bool, dots int, r transport.Result, bodies int) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		peer := NewPeer(theirs)
		done := make(chan error, 1)
		go func() { done <- peer.Play(c.script) }()
		s, err := transport.Dial(context.Background(), transport.Config{
			Host: "127.0.0.1", Port: 25, Security: delivery.SecurityNone,
			Dial: func(context.Context, string, string) (net.Conn, error) { return CutAfter(ours, c.read, c.write), nil },
		})
		if err == nil {
			dialled = true
			r = Send(context.Background(), s, mail(), func(context.Context) error { dots++; return nil })
			s.Abort()
		}
		_ = ours.Close()
		<-done
		bodies = len(peer.Bodies())
	})
	return dialled, dots, r, bodies
}

// whole counts the bytes of an uncut conversation.
func whole(t *testing.T, script Script) (heard, said int) {
	t.Helper()
	counted := &counter{}
	ours, theirs := net.Pipe()
	counted.Conn = ours
	peer := NewPeer(theirs)
	done := make(chan error, 1)
	go func() { done <- peer.Play(script) }()
	c := transport.Config{Host: "127.0.0.1", Port: 25, Security: delivery.SecurityNone,
		Dial: func(context.Context, string, string) (net.Conn, error) { return counted, nil }}
	s := dial(t, c)
	if r := send(s, mail()); r.Outcome != transport.Accepted {
		t.Fatalf("%+v", r)
	}
	s.Abort()
	<-done
	if !strings.HasSuffix(string(counted.said), "\r\n.\r\n") {
		t.Fatalf("ends in %q", counted.said)
	}
	return counted.heard, len(counted.said)
}

type counter struct {
	net.Conn
	heard int
	said  []byte
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.heard += n
	return n, err
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.said = append(c.said, b[:n]...)
	return n, err
}
