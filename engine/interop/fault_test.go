//go:build unix

package interop

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/enginetest/invariant"
	"sendoff/engine/transport"
)

// The faults of the network and of relays, by the numbers of the fault table:
// each is done to a whole delivery, and afterwards the books are held against
// what the relay read. What belongs to certificates, to captive portals and to
// rendering is tested where it belongs.

// fault is one delivery to a relay that misbehaves.
type fault struct {
	*testing.T
	*rig
	relay  *relay
	id     delivery.ID
	people int
}

// faultOptions say how a fault is set up; the zero value is a usual delivery.
type faultOptions struct {
	people      int // 12
	connections int // 1
	size        int // of the messages
	extensions  []string
	reach       func(*transport.Config)
	user        string
	address     string // pattern
	drip        time.Duration
	port        int // where nobody listens: no relay is started
}

func startFault(t *testing.T, o faultOptions, hook func(moment) string) *fault {
	t.Helper()
	t.Parallel()
	f := &fault{T: t, rig: newRig(t), people: o.people}
	if f.people == 0 {
		f.people = 12
	}
	if o.address == "" {
		o.address = "p%d@post.example"
	}
	port := o.port
	if port == 0 {
		f.relay = startRelay(t, 0, o.drip, hook, o.extensions...)
		port = f.relay.port
	}
	f.Run()
	f.id = f.send("relay", f.audience(f.people, o.address), content(o.size), delivery.Account{Port: port, User: o.user,
		Security: delivery.SecurityNone, Connections: o.connections}, "secret", func(c *transport.Config) {
		c.Dial = narrow
		if o.reach != nil {
			o.reach(c)
		}
	})
	return f
}

// Run starts the engine, not a subtest.
func (f *fault) Run() { f.rig.Engine.Run() }

// ends waits for the end and checks everything.
func (f *fault) ends(want string) {
	f.T.Helper()
	v := f.until(f.T, f.id, 3*time.Minute, over)
	if got := summary(v, want); got != want {
		f.T.Errorf("got %s, want %s; %+v", got, want, v.Paused)
	}
	f.check()
}

func (f *fault) check() {
	f.T.Helper()
	var got []invariant.Receipt
	if f.relay != nil {
		got = f.relay.taken()
	}
	invariant.Check(f.T, f.Engine, f.id, got)
}

// fullyAccepted is how a delivery ends when nothing was lost.
func (f *fault) fullyAccepted() string { return fmt.Sprintf("finished accepted=%d", f.people) }

// the lines of the log by address.
func (f *fault) line(i int) delivery.Row {
	f.T.Helper()
	for _, r := range f.rows(f.T, f.id) {
		if r.Address == person(i) {
			return r
		}
	}
	f.T.Fatalf("%s is not in the log", person(i))
	return delivery.Row{}
}

func person(i int) string { return fmt.Sprintf("p%d@post.example", i) }

func pipelines() []string { return []string{"PIPELINING", "ENHANCEDSTATUSCODES"} }

func TestFault36NobodyListens(t *testing.T) {
	port := freePort(t)
	f := startFault(t, faultOptions{port: port}, nil)
	v := f.until(t, f.id, time.Minute, settled)
	if got, want := summary(v, ""), "paused:unreachable pending=12"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if want := fmt.Sprintf("127.0.0.1:%d", port); v.Paused == nil || v.Paused.Detail != want {
		t.Errorf("the reason is %+v, want the name of the host", v.Paused)
	}
	f.check()
	f.relay = startRelay(t, port, 0, nil)
	if err := f.Resume(context.Background(), f.who, f.id); err != nil {
		t.Fatal(err)
	}
	f.ends(f.fullyAccepted())
}

func TestFault37CutDuringTheEnvelope(t *testing.T) {
	t.Parallel()
	for _, stage := range []string{"mail", "rcpt", "data"} {
		for _, x := range [][]string{nil, pipelines()} {
			t.Run(fmt.Sprint(stage, x), func(t *testing.T) {
				cuts := 0
				f := startFault(t, faultOptions{extensions: x}, func(m moment) string {
					if m.stage == stage && m.done == 2 && cuts < 3 {
						cuts++
						return reset
					}
					return usually
				})
				f.ends(f.fullyAccepted())
			})
		}
	}
}

func TestFault38StalledBody(t *testing.T) {
	f := startFault(t, faultOptions{people: 4, size: 250 << 10, reach: func(c *transport.Config) { c.Timeouts.Block = time.Second }},
		func(m moment) string {
			if m.stage == "body" && m.link == 1 {
				return silence
			}
			return usually
		})
	f.ends(f.fullyAccepted())
	if d := transport.DefaultTimeouts().Block; d > 3*time.Minute {
		t.Errorf("a stalled write is given up after %v", d)
	}
}

func TestFault39ResetAfterTheDot(t *testing.T) {
	t.Parallel()
	for _, x := range [][]string{nil, pipelines()} {
		t.Run(fmt.Sprint(x), func(t *testing.T) {
			f := startFault(t, faultOptions{extensions: x}, func(m moment) string {
				if m.stage == "dot" && (m.to == person(3) || m.to == person(7)) {
					return reset
				}
				return usually
			})
			f.ends("finished accepted=10 in_doubt=2")
			for _, i := range []int{3, 7} {
				if r := f.line(i); r.State != delivery.MsgInDoubt {
					t.Errorf("%s is %s", r.Address, r.State)
				}
			}
		})
	}
}

func TestFault40SilenceAfterTheDot(t *testing.T) {
	f := startFault(t, faultOptions{extensions: pipelines(), reach: func(c *transport.Config) { c.Timeouts.Dot = 2 * time.Second }},
		func(m moment) string {
			if m.stage == "dot" && m.to == person(5) {
				return silence
			}
			return usually
		})
	f.ends("finished accepted=11 in_doubt=1")
	if d := transport.DefaultTimeouts().Dot; d != 10*time.Minute {
		t.Errorf("silence after the dot is waited for %v; RFC 5321 section 4.5.3.2.6 has ten minutes", d)
	}
}

func TestFault41ServiceNotAvailable(t *testing.T) {
	t.Parallel()
	for _, stage := range []string{"connect", "ehlo", "mail", "rcpt", "data", "dot"} {
		for _, x := range [][]string{nil, pipelines()} {
			t.Run(fmt.Sprint(stage, x), func(t *testing.T) {
				said := 0
				f := startFault(t, faultOptions{extensions: x}, func(m moment) string {
					if m.stage == stage && said < 2 && (m.done > 0 || stage == "connect" || stage == "ehlo") {
						said++
						return "421 4.3.2 Service shutting down"
					}
					return usually
				})
				f.ends(f.fullyAccepted())
			})
		}
	}
}

func TestFault42Greylisted(t *testing.T) {
	t.Parallel()
	for _, x := range [][]string{nil, pipelines()} {
		t.Run(fmt.Sprint(x), func(t *testing.T) {
			f := startFault(t, faultOptions{extensions: x}, func(m moment) string {
				if m.stage == "rcpt" && m.nth < 3 {
					return "451 4.7.1 Greylisted, come back later"
				}
				return usually
			})
			f.ends(f.fullyAccepted())
			for _, r := range f.rows(t, f.id) {
				m, err := f.Message(context.Background(), f.id, r.Seq)
				if err != nil || len(m.Attempts) != 3 || m.Attempts[0].Nature != delivery.NatureGreylisted {
					t.Errorf("%s: attempts %+v, %v", r.Address, m.Attempts, err)
				}
			}
		})
	}
}

func TestFault43NoSuchUser(t *testing.T) {
	t.Parallel()
	for _, x := range [][]string{nil, pipelines()} {
		t.Run(fmt.Sprint(x), func(t *testing.T) {
			f := startFault(t, faultOptions{people: 30, connections: 2, extensions: x}, func(m moment) string {
				if m.stage == "rcpt" && strings.HasPrefix(m.to, "p1") {
					return "550 5.1.1 User unknown"
				}
				return usually
			})
			f.ends("finished accepted=19 rejected=11")
			for _, r := range f.rows(t, f.id) {
				if r.State == delivery.MsgRejected && row(r) != "recipient user_unknown 550" {
					t.Errorf("%s: %s", r.Address, row(r))
				}
			}
		})
	}
}

func TestFault44LimitOfTheAccount(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]string{"daily": "550 5.4.5 Daily user sending limit exceeded", "recipients": "452 4.5.3 Too many recipients"} {
		t.Run(name, func(t *testing.T) {
			var taken atomic.Int64
			f := startFault(t, faultOptions{connections: 2, extensions: pipelines()}, func(m moment) string {
				switch {
				case m.stage == "dot":
					taken.Add(1)
				case m.stage == "rcpt" && taken.Load() >= 4:
					return reply
				}
				return usually
			})
			v := f.until(t, f.id, time.Minute, standing)
			c := v.Counters
			if v.State != delivery.Sending || v.Status.Hold == nil || v.Status.Hold.Kind != delivery.KindRelay || time.Until(v.Status.Hold.Until) < 5*time.Minute {
				t.Errorf("%s, hold %+v, want it to wait until there is room", summary(v, ""), v.Status.Hold)
			}
			if c.Rejected+c.Deferred+c.InDoubt != 0 || c.Accepted < 4 || c.Accepted > 6 {
				t.Errorf("%+v: a recipient is blamed for the account", c)
			}
			if err := f.Pause(context.Background(), f.who, f.id); err != nil {
				t.Fatal(err)
			}
			f.check()
		})
	}
}

func TestFault45PasswordRefusedMidRun(t *testing.T) {
	taken, tries := 0, 0
	f := startFault(t, faultOptions{connections: 4, extensions: []string{"AUTH PLAIN"}, user: "ann",
		reach: func(c *transport.Config) { c.MaxMessages = 2 }}, func(m moment) string {
		switch {
		case m.stage == "dot":
			taken++
		case m.stage == "auth" && taken >= 4:
			tries++
			return "535 5.7.8 Authentication credentials invalid"
		}
		return usually
	})
	v := f.until(t, f.id, time.Minute, settled)
	c := v.Counters
	if v.State != delivery.Paused || v.Paused.Kind != delivery.KindAuth || c.Accepted+c.Pending != 12 || c.Accepted == 0 {
		t.Errorf("%s; %+v", summary(v, ""), v.Paused)
	}
	f.check()
	f.relay.mu.Lock()
	defer f.relay.mu.Unlock()
	if tries > 2 {
		t.Errorf("the refused password was tried %d times; more may lock the account", tries)
	}
}
