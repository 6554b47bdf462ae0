//go:build unix

package interop

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/transport"
)

// The faults of replies, 49 to 60; fault_test.go has those of the connection.

func TestFault49BrokenReplies(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]string{
		"two codes": "250-one\r\n251 two\r\n", "long line": "250 " + strings.Repeat("x", 2001), "bare LF": "250 OK\n", "no code": "OK\r\n", "four digits": "2500 OK",
	} {
		for _, stage := range []string{"rcpt", "dot"} {
			t.Run(name+" at "+stage, func(t *testing.T) {
				f := startFault(t, faultOptions{extensions: pipelines()}, func(m moment) string {
					if m.stage == stage && m.to == person(4) && m.nth == 1 {
						return reply
					}
					return usually
				})
				if stage == "rcpt" {
					f.ends(f.fullyAccepted())
				} else {
					f.ends("finished accepted=11 in_doubt=1")
				}
			})
		}
	}
	t.Run("no text", func(t *testing.T) { // RFC 5321 section 4.2 allows it
		f := startFault(t, faultOptions{extensions: pipelines()}, func(m moment) string {
			if m.stage == "rcpt" || m.stage == "dot" {
				return "250"
			}
			return usually
		})
		f.ends(f.fullyAccepted())
	})
}

func TestFault50OddCodesAfterTheDot(t *testing.T) {
	odd := map[string]string{person(0): "251 forwarded", person(1): "252 perhaps", person(2): "200 well", person(3): "299 very well",
		person(4): "354 go ahead", person(5): "25000 well", person(6): "garbage"}
	f := startFault(t, faultOptions{}, func(m moment) string {
		if m.stage == "dot" {
			return odd[m.to]
		}
		return usually
	})
	f.ends("finished accepted=9 in_doubt=3")
	for i := range 7 {
		want := delivery.MsgAccepted
		if i > 3 {
			want = delivery.MsgInDoubt
		}
		if r := f.line(i); r.State != want {
			t.Errorf("%s is %s after %q", r.Address, r.State, odd[r.Address])
		}
	}
}

func TestFault51RefusedAtData(t *testing.T) {
	t.Parallel()
	for _, x := range [][]string{nil, pipelines()} {
		t.Run(fmt.Sprint(x), func(t *testing.T) {
			f := startFault(t, faultOptions{extensions: x}, func(m moment) string {
				if m.stage == "data" && m.to == person(2) {
					return "550 5.7.1 Not wanted"
				}
				return usually
			})
			f.ends("finished accepted=11 rejected=1")
			if r := f.line(2); r.State != delivery.MsgRejected || r.Code != 550 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestFault52RefusedWhileWriting(t *testing.T) {
	f := startFault(t, faultOptions{people: 4, size: 250 << 10, extensions: pipelines()}, func(m moment) string {
		if m.stage == "body" {
			return "552 5.3.4 Message too big\r\n"
		}
		return usually
	})
	// The relay goes on reading, for ever: what decides is its word.
	f.ends("finished rejected=4")
	for _, r := range f.rows(t, f.id) {
		if got, want := row(r), "content content_refused 552"; got != want {
			t.Errorf("%s: got %s, want %s", r.Address, got, want)
		}
	}
}

func TestFault53SmallerThanTheMessage(t *testing.T) {
	f := startFault(t, faultOptions{size: 100 << 10, extensions: []string{"SIZE 50000"}}, nil)
	f.ends("paused:message_too_large pending=7 rejected=5")
	if n := f.relay.asked("mail"); n != 0 {
		t.Errorf("%d messages were begun", n)
	}
	log, err := f.Engine.Log(context.Background(), f.id)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, l := range log {
		if l.Severity == delivery.SeverityError {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d errors in the log, want one: %+v", n, log)
	}
}

func TestFault54BareServer(t *testing.T) {
	t.Parallel()
	t.Run("HELO only", func(t *testing.T) {
		f := startFault(t, faultOptions{}, func(m moment) string {
			if m.stage == "ehlo" {
				return "502 5.5.1 what?"
			}
			return usually
		})
		f.ends(f.fullyAccepted())
	})
	t.Run("no SMTPUTF8", func(t *testing.T) {
		// No server is asked for what we do not do: the import sets aside
		// whom we cannot write to, with the reason.
		r := newRig(t)
		path := filepath.Join(t.TempDir(), "people.csv")
		write(t, path, "email,first_name\np0@post.example,Ann\njörg@post.example,Jörg\n", 0o600)
		in, err := r.Import(t.Context(), r.who, engine.ImportRequest{File: path, Name: "people"}, nil)
		if err != nil || in.Rows != 1 || in.Rejected != 1 {
			t.Fatalf("%+v, %v", in, err)
		}
		if b, err := os.ReadFile(in.RejectFile); err != nil || !strings.Contains(string(b), "jörg@post.example") {
			t.Errorf("set aside: %q, %v", b, err)
		}
	})
}

func TestFault55IdleConnectionClosed(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]string{"without a word": hangup, "with 421": "421 4.4.2 idle", "reset": reset} {
		for _, x := range [][]string{nil, pipelines()} {
			t.Run(fmt.Sprint(name, x), func(t *testing.T) {
				f := startFault(t, faultOptions{connections: 2, extensions: x}, func(m moment) string {
					if m.stage == "next" && m.done%2 == 0 {
						return does
					}
					return usually
				})
				if does == reset {
					// What the reset takes with it may be the reply.
					v := f.until(t, f.id, time.Minute, over)
					if c := v.Counters; v.State != delivery.Finished || c.Accepted+c.InDoubt != 12 || c.InDoubt > 6 {
						t.Errorf("%s", summary(v, ""))
					}
					f.check()
					return
				}
				f.ends(f.fullyAccepted())
			})
		}
	}
}

func TestFault56MessagesPerConnection(t *testing.T) {
	t.Parallel()
	for _, x := range [][]string{nil, pipelines()} {
		t.Run(fmt.Sprint(x), func(t *testing.T) {
			f := startFault(t, faultOptions{people: 250, connections: 2, extensions: x, reach: func(c *transport.Config) { c.MaxMessages = -1 }},
				func(m moment) string {
					if m.stage == "mail" && m.done == 100 {
						return "421 4.7.0 Too many messages in this connection"
					}
					return usually
				})
			f.ends(f.fullyAccepted())
			for _, r := range f.rows(t, f.id) {
				if r.Attempts != 1 {
					t.Errorf("%s took %d attempts: the relay said nothing about it", r.Address, r.Attempts)
				}
			}
		})
	}
}

func TestFault57SlowDrip(t *testing.T) {
	t.Parallel()
	t.Run("within the time", func(t *testing.T) {
		f := startFault(t, faultOptions{people: 3, extensions: pipelines(), drip: 5 * time.Millisecond}, nil)
		begin := time.Now()
		_ = f.view(f.id)
		if d := time.Since(begin); d > 5*time.Second {
			t.Errorf("a look at the delivery took %v", d)
		}
		f.ends(f.fullyAccepted())
	})
	t.Run("longer than the time", func(t *testing.T) {
		f := startFault(t, faultOptions{people: 3, reach: func(c *transport.Config) { c.Timeouts.Rcpt = time.Second }}, func(m moment) string {
			if m.stage == "rcpt" && m.to == person(1) && m.nth == 1 {
				time.Sleep(3 * time.Second) // and not one byte more
				return "250 2.1.5 at last"
			}
			return usually
		})
		f.ends(f.fullyAccepted())
	})
}

// TestFault59LinesBreak: all connections are reset again and again, wherever they
// are.
func TestFault59LinesBreak(t *testing.T) {
	const connections, cuts = 4, 12
	f := startFault(t, faultOptions{people: 300, connections: connections, extensions: pipelines()}, func(m moment) string {
		if m.stage == "dot" {
			time.Sleep(time.Millisecond)
		}
		return usually
	})
	for range cuts {
		before := len(f.relay.taken())
		for end := time.Now().Add(20 * time.Second); len(f.relay.taken()) < before+7 && time.Now().Before(end) && !f.view(f.id).State.Ended(); {
			time.Sleep(time.Millisecond)
		}
		f.relay.cut()
	}
	v := f.until(t, f.id, 2*time.Minute, over)
	if c := v.Counters; v.State != delivery.Finished || c.Accepted+c.InDoubt != 300 || c.InDoubt > connections*cuts {
		t.Errorf("%s, at most %d connections were cut", summary(v, ""), connections*cuts)
	}
	t.Logf("%d in doubt of at most %d", v.Counters.InDoubt, connections*cuts)
	f.check()
}

// TestFault60BlackHole: accepted is the relay's word, and no state claims more.
func TestFault60BlackHole(t *testing.T) {
	f := startFault(t, faultOptions{}, nil)
	f.ends(f.fullyAccepted())
	for _, s := range delivery.MessageStates() {
		if slices.Contains([]string{"delivered", "received", "sent"}, s.String()) {
			t.Errorf("a state says %s", s)
		}
	}
}
