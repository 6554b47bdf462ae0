package queue_test

import (
	"slices"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

func kindErr(k delivery.Kind) error {
	return &delivery.Error{Op: "dial", Kind: k, Detail: "relay.example:25"}
}

func TestDialFaultOfThePerson(t *testing.T) {
	for _, k := range []delivery.Kind{delivery.KindAuth, delivery.KindCertificate, delivery.KindTLS,
		delivery.KindInvalid, delivery.KindPassword, delivery.KindPassphrase, delivery.KindToken} {
		t.Run(string(k), func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.dialErr = func(int) error { return kindErr(k) }
				id := r.m.Seed(seed(100, queuetest.Account(1, 8)))
				r.start()
				r.until(id, delivery.Paused, time.Second)
				time.Sleep(time.Hour)
				if r.dials != 1 {
					t.Errorf("%d dials, want one: an account can be locked out", r.dials)
				}
				r.untouched(id, 100)
				if why := r.m.Reason(id); why == nil || why.Kind != k || why.Detail != "relay.example:25" {
					t.Errorf("reason %+v", why)
				}
				if got, want := r.m.Actions(id), []delivery.Action{delivery.Start, delivery.Pause}; !slices.Equal(got, want) {
					t.Errorf("actions %v, want %v", got, want)
				}
				if s := r.last(id); s.State != delivery.Paused || s.Counters.Pending != 100 {
					t.Errorf("last status %+v", s)
				}
				// Mended and resumed, it goes on at once.
				r.dialErr = nil
				if err := r.m.Act(id, delivery.Resume); err != nil {
					t.Fatal(err)
				}
				r.q.Kick()
				r.until(id, delivery.Finished, 10*time.Second)
				_ = r.end()
				r.verify()
			})
		})
	}
}

// untouched checks that no message was blamed or kept.
func (r *rig) untouched(id delivery.ID, n int64) {
	r.Helper()
	if got, want := r.m.Counters(id), (delivery.Counters{Targeted: n, Pending: n}); got != want {
		r.Errorf("counters %+v, want %+v", got, want)
	}
}

func TestDialUnreachable(t *testing.T) {
	t.Run("never worked", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.dialErr = func(int) error { return kindErr(delivery.KindUnreachable) }
			id := r.m.Seed(seed(50, queuetest.Account(1, 4)))
			begin := time.Now()
			r.start()
			time.Sleep(2500 * time.Millisecond)
			s := r.q.Status(id)
			if s.Hold == nil || s.Hold.Kind != delivery.KindUnreachable || s.Hold.Detail != "relay.example:25" {
				t.Errorf("status while held: %+v", s)
			}
			r.untouched(id, 50) // what could not be sent is not kept claimed
			r.until(id, delivery.Paused, time.Minute)
			// 1 + 2 + 4 + 8 seconds between five dials.
			if d := time.Since(begin); r.dials != 5 || d < 15*time.Second || d > 16*time.Second {
				t.Errorf("%d dials within %v", r.dials, d)
			}
			if why := r.m.Reason(id); why == nil || why.Kind != delivery.KindUnreachable {
				t.Errorf("reason %+v", why)
			}
			_ = r.end()
			r.untouched(id, 50)
			if r.count("hold") != 4 || r.log("hold")["until"] == "" {
				t.Errorf("log %v", r.logs)
			}
		})
	})
	t.Run("an outage of two hours", func(t *testing.T) {
		bubble(t, func(r *rig) {
			begin := time.Now()
			out := func() bool {
				d := time.Since(begin)
				return d > time.Second && d < 2*time.Hour
			}
			r.dialErr = func(int) error {
				if out() {
					return kindErr(delivery.KindUnreachable)
				}
				return nil
			}
			r.script = func(queue.Ref, int) act {
				if out() {
					return cut
				}
				return accept
			}
			id := r.m.Seed(seed(1000, queuetest.Account(1, 4)))
			r.start()
			r.until(id, delivery.Finished, 3*time.Hour)
			if d := time.Since(begin); d > 2*time.Hour+2*time.Minute {
				t.Errorf("finished after %v", d)
			}
			_ = r.end()
			r.verify()
			if n := r.m.Counters(id); n.Accepted != 1000 {
				t.Errorf("counters %+v", n)
			}
			if r.count("hold") > 10 {
				t.Errorf("%d hold lines for one outage", r.count("hold"))
			}
			if r.dials > 150 {
				t.Errorf("%d dials", r.dials)
			}
		})
	})
}

func TestSuspended(t *testing.T) {
	for _, c := range []struct {
		does act
		kind delivery.Kind
	}{{sender, delivery.KindSenderRefused}, {badAuth, delivery.KindAuth}, {strange, delivery.KindProtocol}} {
		bubble(t, func(r *rig) {
			r.script = func(ref queue.Ref, _ int) act {
				if ref.Seq == 30 {
					return c.does
				}
				return accept
			}
			id := r.m.Seed(seed(500, queuetest.Account(1, 4)))
			r.start()
			r.until(id, delivery.Paused, time.Minute)
			time.Sleep(time.Minute)
			_ = r.end()
			r.verify()
			n := r.m.Counters(id)
			if n.Rejected+n.Deferred+n.InDoubt+n.Claimed+n.Committing != 0 || n.Accepted < 20 || n.Accepted > 40 {
				t.Errorf("counters %+v", n)
			}
			if why := r.m.Reason(id); why == nil || why.Kind != c.kind || why.Detail == "" {
				t.Errorf("reason %+v", why)
			}
		})
	}
}

func TestRelayLimit(t *testing.T) {
	bubble(t, func(r *rig) {
		begin := time.Now()
		r.script = func(queue.Ref, int) act {
			if d := time.Since(begin); d > time.Second && d < 35*time.Minute {
				return overLimit
			}
			return accept
		}
		id := r.m.Seed(seed(500, queuetest.Account(1, 4)))
		r.start()
		time.Sleep(5 * time.Minute)
		s := r.q.Status(id)
		if s.Hold == nil || s.Hold.Until.Sub(begin) < 10*time.Minute || s.Hold.Until.Sub(begin) > 10*time.Minute+5*time.Second {
			t.Errorf("status %+v", s)
		}
		if n := r.m.Counters(id); n.Claimed+n.Committing+n.Rejected+n.Deferred != 0 {
			t.Errorf("held: %+v", n)
		}
		r.until(id, delivery.Finished, 2*time.Hour)
		// Held at 1 s for ten minutes, then for twenty, then for forty.
		if d := time.Since(begin); d < 70*time.Minute || d > 71*time.Minute {
			t.Errorf("finished after %v", d)
		}
		_ = r.end()
		r.verify()
		if n := r.m.Counters(id); n.Accepted != 500 {
			t.Errorf("counters %+v", n)
		}
	})
}

func TestEqualRefusalsPause(t *testing.T) {
	bubble(t, func(r *rig) {
		r.script = func(queue.Ref, int) act { return refuse }
		id := r.m.Seed(seed(500, queuetest.Account(1, 2)))
		r.start()
		r.until(id, delivery.Paused, time.Minute)
		_ = r.end()
		r.verify()
		if n := r.m.Counters(id); n.Rejected < 5 || n.Rejected > 7 {
			t.Errorf("%d were rejected before the breaker", n.Rejected)
		}
		if why := r.m.Reason(id); why == nil || why.Kind != delivery.KindContentRefused || why.Detail != "554 5.6.0 no" {
			t.Errorf("reason %+v", why)
		}
	})
}

func TestRecipientsFaultsDoNotPause(t *testing.T) {
	bubble(t, func(r *rig) {
		r.script = func(queue.Ref, int) act { return unknown }
		id := r.m.Seed(seed(50, queuetest.Account(1, 2)))
		r.start()
		r.until(id, delivery.Finished, time.Minute)
		_ = r.end()
		r.verify()
		if n := r.m.Counters(id); n.Rejected != 50 {
			t.Errorf("counters %+v", n)
		}
	})
}

func TestSwallowingRelayPauses(t *testing.T) {
	bubble(t, func(r *rig) {
		r.script = func(queue.Ref, int) act { return swallow }
		id := r.m.Seed(seed(500, queuetest.Account(1, 2)))
		r.start()
		r.until(id, delivery.Paused, 10*time.Minute)
		_ = r.end()
		r.verify()
		if n := r.m.Counters(id); n.InDoubt > 2+5 || n.Pending != 500-n.InDoubt {
			t.Errorf("counters %+v: a relay that swallows messages must not put the list in doubt", n)
		}
	})
}

// TestOneMessageBreaksItsSessions: it waits its turn and does not block the rest.
func TestOneMessageBreaksItsSessions(t *testing.T) {
	bubble(t, func(r *rig) {
		r.script = func(ref queue.Ref, try int) act {
			if ref.Seq == 5 && try <= 4 {
				return cut
			}
			return accept
		}
		id := r.m.Seed(seed(300, queuetest.Account(1, 2)))
		r.start()
		r.until(id, delivery.Retrying, time.Minute)
		if n := r.m.Counters(id); n.Deferred != 1 || n.Accepted != 299 {
			t.Errorf("counters %+v", n)
		}
		r.until(id, delivery.Finished, time.Hour)
		_ = r.end()
		r.verify()
		if n := r.m.Counters(id); n.Accepted != 300 {
			t.Errorf("counters %+v", n)
		}
	})
}

func TestRelayThatClosesAfterSomeMessages(t *testing.T) {
	bubble(t, func(r *rig) {
		r.script = func(ref queue.Ref, try int) act {
			if ref.Seq%25 == 0 && try == 1 {
				return busy
			}
			return accept
		}
		id := r.m.Seed(seed(500, queuetest.Account(1, 2)))
		begin := time.Now()
		r.start()
		r.until(id, delivery.Finished, time.Minute)
		// 500 messages of 20 ms over two connections: 5 s, and twenty redials.
		if d := time.Since(begin); d > 9*time.Second {
			t.Errorf("took %v: a session that did its work is replaced without waiting", d)
		}
		_ = r.end()
		r.verify()
		if n := r.m.Counters(id); n.Accepted != 500 || r.count("hold") != 0 {
			t.Errorf("counters %+v, log %v", n, r.logs)
		}
	})
}

// TestEveryConnectionHasHadEnough: of each the relay has had enough just when one
// and the same message is next. It is not the message's fault.
func TestEveryConnectionHasHadEnough(t *testing.T) {
	bubble(t, func(r *rig) {
		const connections = 6
		r.script = func(ref queue.Ref, try int) act {
			if ref.Seq == 50 && try <= connections {
				return busy
			}
			return accept
		}
		id := r.m.Seed(seed(500, queuetest.Account(1, connections)))
		r.start()
		r.until(id, delivery.Finished, time.Minute)
		_ = r.end()
		r.verify()
		if m := r.m.Message(queue.Ref{Delivery: id, Seq: 50}); m.To != delivery.MsgAccepted || m.Attempt != 1 {
			t.Errorf("%+v", m)
		}
	})
}

func TestRenderFails(t *testing.T) {
	for n := 1; n <= 30; n++ {
		bubble(t, func(r *rig) {
			r.render = func(i int, _ queue.Job) error {
				if i == n {
					return &delivery.Error{Kind: delivery.KindSealBroken, Detail: "content"}
				}
				return nil
			}
			id := r.m.Seed(seed(20, queuetest.Account(1, 3)))
			r.start()
			time.Sleep(10 * time.Second)
			if n <= 20 {
				r.until(id, delivery.Paused, time.Second)
				if why := r.m.Reason(id); why.Kind != delivery.KindSealBroken || why.Detail != "content" {
					t.Errorf("reason %+v", why)
				}
				if c := r.m.Counters(id); c.Pending+c.Accepted != 20 || c.Pending == 0 {
					t.Errorf("render %d fails: %+v", n, c)
				}
				_ = r.m.Act(id, delivery.Resume)
				r.q.Kick()
			}
			r.until(id, delivery.Finished, time.Minute)
			_ = r.end()
			r.verify()
		})
	}
}

func TestNthDialFails(t *testing.T) {
	for n := 1; n <= 12; n++ {
		bubble(t, func(r *rig) {
			r.dialErr = func(i int) error {
				if i == n {
					return kindErr(delivery.KindTimeout)
				}
				return nil
			}
			r.script = random(uint64(n), map[act]int{accept: 20, cut: 2, busy: 1, lose: 1})
			id := r.m.Seed(seed(100, queuetest.Account(1, 3)))
			r.start()
			r.until(id, delivery.Finished, time.Hour)
			_ = r.end()
			r.verify()
		})
	}
}

// TestPasswordChangesMeanwhile: all connections break at once and the new ones are
// refused; an account can be locked out by many tries.
func TestPasswordChangesMeanwhile(t *testing.T) {
	bubble(t, func(r *rig) {
		begin := time.Now()
		changed := func() bool { return time.Since(begin) > time.Second }
		r.dialErr = func(int) error {
			if changed() {
				return kindErr(delivery.KindAuth)
			}
			return nil
		}
		r.script = func(queue.Ref, int) act {
			if changed() {
				return busy
			}
			return accept
		}
		id := r.m.Seed(seed(5000, queuetest.Account(1, 16)))
		r.start()
		r.until(id, delivery.Paused, time.Minute)
		_ = r.end()
		r.verify()
		if r.dials > 16+2 {
			t.Errorf("%d dials with the old password", r.dials-16)
		}
	})
}

func TestRelayThatNeverTakesAMessage(t *testing.T) {
	bubble(t, func(r *rig) {
		r.script = func(queue.Ref, int) act { return busy }
		id := r.m.Seed(seed(50, queuetest.Account(1, 4)))
		r.start()
		r.until(id, delivery.Paused, 2*time.Minute)
		_ = r.end()
		r.verify()
		if r.dials > 8 {
			t.Errorf("%d dials", r.dials)
		}
		if c := r.m.Counters(id); c.Pending+c.Deferred != 50 {
			t.Errorf("counters %+v", c)
		}
	})
}

// TestRelayThatClosesAtOnce: a reply to each message is not progress when every
// session dies of it.
func TestRelayThatClosesAtOnce(t *testing.T) {
	bubble(t, func(r *rig) {
		r.script = func(queue.Ref, int) act { return greyBusy }
		id := r.m.Seed(seed(500, queuetest.Account(1, 4)))
		r.start()
		r.until(id, delivery.Paused, time.Minute)
		_ = r.end()
		r.verify()
		if c := r.m.Counters(id); c.Deferred > 8 {
			t.Errorf("counters %+v", c)
		}
	})
}

func TestRelayBeginsToSwallow(t *testing.T) {
	bubble(t, func(r *rig) {
		r.script = func(ref queue.Ref, _ int) act {
			if ref.Seq > 50 {
				return swallow
			}
			return accept
		}
		id := r.m.Seed(seed(500, queuetest.Account(1, 2)))
		r.start()
		r.until(id, delivery.Paused, 10*time.Minute)
		_ = r.end()
		r.verify()
		if c := r.m.Counters(id); c.InDoubt > 2+5+1 {
			t.Errorf("counters %+v", c)
		}
	})
}

func TestBackoffJitter(t *testing.T) {
	bubble(t, func(r *rig) {
		r.script = func(queue.Ref, int) act { return grey }
		id := r.m.Seed(seed(100, queuetest.Account(1, 10)))
		r.start()
		r.until(id, delivery.Retrying, time.Minute)
		least, most := time.Hour, time.Duration(0)
		for _, m := range r.messages(id) {
			d := m.NextTry.Sub(m.At)
			least, most = min(least, d), max(most, d)
		}
		five := 5 * time.Minute
		if least < five*9/10 || most > five*11/10 || most-least < five/10 {
			t.Errorf("next tries after %v to %v, want 5 min ± 10 %%", least, most)
		}
		_ = r.end()
	})
}

// TestValidityEndsWhileClosed: what was deferred is not tried once more.
func TestValidityEndsWhileClosed(t *testing.T) {
	bubble(t, func(r *rig) {
		r.script = func(queue.Ref, int) act { return grey }
		id := r.m.Seed(queuetest.Seed{Messages: 3, Account: queuetest.Account(1, 1), Validity: time.Now().Add(time.Hour)})
		r.start()
		r.until(id, delivery.Retrying, time.Minute)
		_ = r.end()
		time.Sleep(2 * time.Hour)
		n, _ := r.sends()
		r.start()
		r.until(id, delivery.Finished, time.Minute)
		_ = r.end()
		r.verify()
		if m, _ := r.sends(); m != n {
			t.Errorf("%d messages were sent after their validity", m-n)
		}
		if m := r.m.Message(queue.Ref{Delivery: id, Seq: 1}); m.To != delivery.MsgRejected || m.Nature != delivery.NatureExpired {
			t.Errorf("message %+v", m)
		}
	})
}
