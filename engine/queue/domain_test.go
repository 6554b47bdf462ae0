package queue_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

// toTwo makes a delivery of which every second message is for slow.example.
func (r *rig) toTwo(n int, a delivery.Account, limits string) delivery.ID {
	if limits != "" {
		l, ok := delivery.ParseDomainLimit("dm1.slow.example=" + limits)
		if !ok {
			r.Fatal(limits)
		}
		a.DomainLimits = a.DomainLimits.With(l)
	}
	return r.m.Seed(queuetest.Seed{Messages: n, Account: a, Domain: func(seq int64) string {
		if seq%2 == 1 {
			return "slow.example"
		}
		return "free.example"
	}})
}

// ends counts accepted messages of both domains.
func (r *rig) ends(id delivery.ID) (slow, free int) {
	for _, m := range r.messages(id) {
		switch {
		case m.To != delivery.MsgAccepted:
		case strings.Contains(m.Address, "slow"):
			slow++
		default:
			free++
		}
	}
	return slow, free
}

func TestDomainLimit(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.toTwo(800, queuetest.Account(1, 4), "60/min")
		begin := time.Now()
		r.start()
		time.Sleep(10 * time.Second)
		if s, f := r.ends(id); s != 60 || f != 400 {
			t.Errorf("after ten seconds %d to the slow domain and %d to the other, want 60 and all 400", s, f)
		}
		// 400 at 60 a minute: what is left needs six more minutes.
		s := r.q.Status(id)
		if s.Hold == nil || s.Hold.Kind != delivery.KindLimit || s.Hold.Detail != "dm1.slow.example 60/min" ||
			s.Hold.Until.Sub(begin) < 50*time.Second || s.Hold.Until.Sub(begin) > 65*time.Second {
			t.Errorf("hold %+v", s.Hold)
		}
		if s.ETA.Sub(begin) < 5*time.Minute || s.ETA.Sub(begin) > 8*time.Minute {
			t.Errorf("ETA in %v", s.ETA.Sub(begin))
		}
		r.until(id, delivery.Finished, 20*time.Minute)
		if d := time.Since(begin); d < 6*time.Minute || d > 8*time.Minute {
			t.Errorf("took %v", d)
		}
		_ = r.end()
		r.verify()
		var at []time.Time
		for i, ref := range r.begun {
			if ref.Seq%2 == 1 {
				at = append(at, r.begunAt[i])
			}
		}
		for i := 60; i < len(at); i++ {
			if d := at[i].Sub(at[i-60]); d < 59*time.Second {
				t.Fatalf("61 messages to the domain within %v", d)
			}
		}
	})
}

func TestDomainAtOnce(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.toTwo(2000, queuetest.Account(1, 8), "2/once")
		begin := time.Now()
		r.start()
		r.until(id, delivery.Finished, 5*time.Minute)
		took := time.Since(begin)
		_ = r.end()
		r.verify()
		if r.peakAt["dm1.slow.example"] != 2 || r.peakAt["dm1.free.example"] < 6 {
			t.Errorf("on their way at once: %v", r.peakAt)
		}
		// Two at once with 20 ms each are 100 a second; the store may take a
		// few milliseconds more to hand out the next one.
		if took > 25*time.Second {
			t.Errorf("1000 messages, two at once, took %v", took)
		}
	})
}

// TestDomainStorm: what is put off for one domain is not tried with everybody, and
// the others are not held up.
func TestDomainStorm(t *testing.T) {
	bubble(t, func(r *rig) {
		begin := time.Now()
		storm := func() bool { return time.Since(begin) < 2*time.Hour }
		r.script = func(ref queue.Ref, _ int) act {
			if ref.Seq%2 == 1 && storm() {
				return putOff
			}
			return accept
		}
		id := r.toTwo(1000, queuetest.Account(1, 4), "")
		r.start()
		time.Sleep(10 * time.Second)
		if s, f := r.ends(id); s != 0 || f != 500 {
			t.Errorf("after ten seconds %d and %d, want none and all 500", s, f)
		}
		if n := r.m.Counters(id).Deferred; n < 5 || n > 5+4*5 {
			t.Errorf("%d messages were put off before the domain was held", n)
		}
		s := r.q.Status(id)
		if s.Hold == nil || s.Hold.Kind != delivery.KindRelay || !strings.HasPrefix(s.Hold.Detail, "dm1.slow.example: 450 4.7.0") {
			t.Errorf("hold %+v", s.Hold)
		}
		if p := r.log("domain_hold"); r.count("domain_hold") != 1 || p["domain"] != "dm1.slow.example" || p["until"] == "" {
			t.Errorf("log %v %v", r.logs, r.logged)
		}
		r.until(id, delivery.Finished, 24*time.Hour)
		_ = r.end()
		r.verify()
		r.allAccepted(id, 1000)
		tries := 0
		for ref, n := range r.tries {
			if ref.Seq%2 == 1 {
				tries += n
			}
		}
		if tries > 500+100 {
			t.Errorf("%d tries for 500 messages", tries)
		}
	})
}

// TestGreylistingIsNoStorm: who greylists wants everybody to have been there once.
func TestGreylistingIsNoStorm(t *testing.T) {
	bubble(t, func(r *rig) {
		r.script = func(ref queue.Ref, try int) act {
			if try == 1 {
				return grey
			}
			return accept
		}
		id := r.toTwo(300, queuetest.Account(1, 4), "")
		begin := time.Now()
		r.start()
		r.until(id, delivery.Finished, time.Hour)
		if d := time.Since(begin); d > 7*time.Minute {
			t.Errorf("took %v", d)
		}
		_ = r.end()
		r.verify()
	})
}

// TestDomainOverRelays: a domain that one relay puts off goes over the other.
func TestDomainOverRelays(t *testing.T) {
	bubble(t, func(r *rig) {
		r.scriptVia = func(account int64, ref queue.Ref, _ int) act {
			if account == 1 && ref.Seq%2 == 1 {
				return putOff
			}
			return accept
		}
		a, b := queuetest.Account(1, 4), queuetest.Account(2, 4)
		id := r.m.Seed(queuetest.Seed{Messages: 1000, Account: a, Relays: queuetest.Relays(a, b), Domain: func(seq int64) string {
			if seq%2 == 1 {
				return "slow.example"
			}
			return "free.example"
		}})
		begin := time.Now()
		r.start()
		r.until(id, delivery.Finished, time.Hour)
		if d := time.Since(begin); d > 20*time.Minute {
			t.Errorf("took %v", d)
		}
		_ = r.end()
		r.verify()
		r.allAccepted(id, 1000)
	})
}

// TestDomainLives is TestRandomLives with domains that are limited and put off.
func TestDomainLives(t *testing.T) {
	lives := 60
	if testing.Short() {
		lives = 10
	}
	for i := range lives {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			bubble(t, func(r *rig) {
				s := uint64(i)
				rng := rand.New(rand.NewPCG(s, 13))
				conns := 1 + rng.IntN(5)
				r.window = []int{1, 2, 8}[rng.IntN(3)]
				r.j.Most = conns * r.window
				r.m.Delay = time.Duration(rng.IntN(4)) * 3 * time.Millisecond
				ordinary := random(s, map[act]int{accept: 60, grey: 4, unknown: 4, lose: 2, cut: 3, busy: 2, putOff: 3})
				r.script = func(ref queue.Ref, try int) act {
					if ref.Seq%2 == 1 && time.Now().Unix()/30%3 == 0 {
						return putOff
					}
					return ordinary(ref, try)
				}
				a := queuetest.Account(1, conns)
				a.Kind = delivery.AccountSandbox
				id := r.toTwo(50+rng.IntN(250), a, []string{"", "20/min", "1/once", "30/min,2/once"}[rng.IntN(4)])
				r.start()
				r.disturb(rng, []delivery.ID{id})
				r.settle([]delivery.ID{id})
			})
		})
	}
}
