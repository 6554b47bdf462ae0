package queue_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

// over makes a delivery over relays with the given weights; a negative one is a
// spare's. The accounts count from 1.
func (r *rig) over(n, conns int, weights ...int) (delivery.ID, []queue.Relay) {
	var rs []queue.Relay
	for i, w := range weights {
		a := queuetest.Account(int64(i+1), conns)
		a.Name = fmt.Sprintf("relay %d", i+1)
		rs = append(rs, queue.Relay{Account: a, Weight: max(w, -w), Spare: w < 0})
	}
	return r.m.Seed(queuetest.Seed{Messages: n, Account: rs[0].Account, Relays: rs}), rs
}

// took counts the messages of a delivery by the account that has or took them.
func (r *rig) took(id delivery.ID) map[int64]int {
	by := map[int64]int{}
	for _, m := range r.messages(id) {
		if m.To == delivery.MsgAccepted {
			by[m.Account]++
		}
	}
	return by
}

func (r *rig) allAccepted(id delivery.ID, n int) {
	r.Helper()
	if got, want := r.m.Counters(id), (delivery.Counters{Targeted: int64(n), Accepted: int64(n)}); got != want {
		r.Errorf("counters %+v, want %+v", got, want)
	}
}

// TestWeights: the division is no draw of lots, so the bound is what the relays may
// be ahead of each other: a buffer each.
func TestWeights(t *testing.T) {
	for _, c := range []struct {
		n       int
		weights []int
		trip    map[int64]time.Duration // of one answer, by account
	}{
		{2000, []int{1, 1}, nil},
		{2000, []int{3, 1}, nil},
		{4000, []int{7, 2, 1}, nil},
		{2000, []int{50, 50}, nil},
		{1500, []int{1, 1}, map[int64]time.Duration{2: 60 * time.Millisecond}}, // the slower one holds the other to its share
		{100, []int{1, 1}, nil},
	} {
		t.Run(fmt.Sprint(c.weights, c.n), func(t *testing.T) {
			bubble(t, func(r *rig) {
				id, _ := r.over(c.n, 4, c.weights...)
				r.trips = c.trip
				r.start()
				r.until(id, delivery.Finished, 10*time.Minute)
				_ = r.end()
				r.verify()
				r.allAccepted(id, c.n)
				sum := 0
				for _, w := range c.weights {
					sum += w
				}
				for i, w := range c.weights {
					got, want := r.took(id)[int64(i+1)], float64(c.n*w)/float64(sum)
					if math.Abs(float64(got)-want) > 2*4*4 {
						t.Errorf("relay %d of %v took %d, want %.0f", i+1, c.weights, got, want)
					}
				}
			})
		})
	}
}

// TestRelayDies: whatever ends one of two relays, the other takes over, nothing
// fails, and everybody gets it once.
func TestRelayDies(t *testing.T) {
	for _, c := range []struct {
		name  string
		kind  delivery.Kind // of its dials from then on
		does  act           // to what it has
		comes time.Duration // back after; 0: never
	}{
		{"unreachable", delivery.KindUnreachable, cut, 0},
		{"unreachable for a minute", delivery.KindUnreachable, cut, time.Minute},
		{"the login is refused", delivery.KindAuth, cut, 0},
		{"the login is refused between messages", delivery.KindAuth, badAuth, 0},
		{"its limit", delivery.KindUnreachable, overLimit, 0},
		{"our sender is refused", "", sender, 0},
		{"it closes", delivery.KindTimeout, busy, time.Minute},
		{"the content is refused before the dot", "", strange, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(r *rig) {
				const n = 6000
				id, _ := r.over(n, 4, 1, 1)
				begin := time.Now()
				dead := func() bool {
					d := time.Since(begin)
					return d > 2*time.Second && (c.comes == 0 || d < c.comes)
				}
				r.scriptVia = func(account int64, _ queue.Ref, _ int) act {
					if account == 1 && dead() {
						return c.does
					}
					return accept
				}
				r.dialVia = func(account int64) error {
					if account == 1 && dead() && c.kind != "" {
						return kindErr(c.kind)
					}
					return nil
				}
				r.start()
				r.until(id, delivery.Finished, 20*time.Minute)
				_ = r.end()
				r.verify()
				r.allAccepted(id, n)
				took := r.took(id)
				if took[1] < 100 || took[2] <= took[1] {
					t.Errorf("took %v", took)
				}
				// Two relays of 200 messages a second: what is left after two seconds
				// takes the one of them 26 s more, and no hold comes on top.
				if d := time.Since(begin); d > 45*time.Second {
					t.Errorf("took %v", d)
				}
				if r.m.Reason(id) != nil || r.count("relay_out") == 0 || r.log("relay_out")["account"] != "relay 1" {
					t.Errorf("log %v %v", r.logs, r.logged)
				}
			})
		})
	}
}

// TestRelayReturns: who comes back takes its share again from there on, and does
// not catch up on what the other took over.
func TestRelayReturns(t *testing.T) {
	bubble(t, func(r *rig) {
		const n = 8000
		id, _ := r.over(n, 4, 1, 1)
		begin := time.Now()
		dead := func() bool { d := time.Since(begin); return d > time.Second && d < 6*time.Second }
		r.scriptVia = func(account int64, _ queue.Ref, _ int) act {
			if account == 1 && dead() {
				return cut
			}
			return accept
		}
		r.dialVia = func(account int64) error {
			if account == 1 && dead() {
				return kindErr(delivery.KindUnreachable)
			}
			return nil
		}
		r.start()
		time.Sleep(9 * time.Second) // a try to reach it after 1, 3 and 7 seconds
		back := r.took(id)
		time.Sleep(4 * time.Second)
		now := r.took(id)
		a, b := now[1]-back[1], now[2]-back[2]
		if a < 600 || b < 600 || a > b+64 || b > a+64 {
			t.Errorf("within four seconds after its return: %d and %d", a, b)
		}
		r.until(id, delivery.Finished, 10*time.Minute)
		_ = r.end()
		r.verify()
		r.allAccepted(id, n)
		if r.count("relay_out") != 1 || r.count("relay_back") != 1 {
			t.Errorf("log %v", r.logs)
		}
	})
}

func TestSpare(t *testing.T) {
	t.Run("rests", func(t *testing.T) {
		bubble(t, func(r *rig) {
			id, _ := r.over(500, 2, 1, -1)
			r.start()
			r.until(id, delivery.Finished, time.Minute)
			_ = r.end()
			r.verify()
			if took := r.took(id); took[1] != 500 || r.dialsVia[2] != 0 {
				t.Errorf("took %v, dials %v", took, r.dialsVia)
			}
		})
	})
	t.Run("takes over", func(t *testing.T) {
		bubble(t, func(r *rig) {
			id, _ := r.over(500, 2, 1, -1)
			r.dialVia = func(account int64) error {
				if account == 1 {
					return kindErr(delivery.KindUnreachable)
				}
				return nil
			}
			begin := time.Now()
			r.start()
			r.until(id, delivery.Finished, time.Minute)
			if d := time.Since(begin); d > 15*time.Second {
				t.Errorf("took %v", d)
			}
			_ = r.end()
			r.verify()
			r.allAccepted(id, 500)
		})
	})
	t.Run("steps back", func(t *testing.T) {
		bubble(t, func(r *rig) {
			id, _ := r.over(6000, 2, 1, -1)
			begin := time.Now()
			r.dialVia = func(account int64) error {
				if account == 1 && time.Since(begin) < 5*time.Second {
					return kindErr(delivery.KindUnreachable)
				}
				return nil
			}
			r.start()
			time.Sleep(20 * time.Second)
			back := r.took(id)
			time.Sleep(5 * time.Second)
			now := r.took(id)
			if now[1]-back[1] < 300 || now[2] != back[2] || back[2] < 200 {
				t.Errorf("at 20 s %v, at 25 s %v", back, now)
			}
			r.until(id, delivery.Finished, 10*time.Minute)
			_ = r.end()
			r.verify()
		})
	})
	t.Run("at the limit", func(t *testing.T) {
		bubble(t, func(r *rig) {
			a, b := queuetest.Account(1, 2), queuetest.Account(2, 2)
			a.PerMinute = 100
			id := r.m.Seed(queuetest.Seed{Messages: 300, Account: a, Relays: []queue.Relay{{Account: a, Weight: 1}, {Account: b, Weight: 1, Spare: true}}})
			begin := time.Now()
			r.start()
			r.until(id, delivery.Finished, time.Minute)
			if d := time.Since(begin); d > 20*time.Second {
				t.Errorf("took %v", d)
			}
			_ = r.end()
			r.verify()
			if took := r.took(id); took[1] < 90 || took[1] > 100 {
				t.Errorf("took %v, want 100 by the first", took)
			}
		})
	})
}

// TestNoRelayLeft: the delivery pauses when every relay needs a person, and not
// before; mended and resumed it goes on over all of them.
func TestNoRelayLeft(t *testing.T) {
	bubble(t, func(r *rig) {
		id, _ := r.over(4000, 2, 1, 1, -1)
		begin := time.Now()
		mended := false
		r.dialVia = func(account int64) error {
			if d := time.Since(begin); !mended && d > time.Duration(account)*3*time.Second {
				return kindErr(delivery.KindAuth)
			}
			return nil
		}
		r.scriptVia = func(account int64, _ queue.Ref, _ int) act {
			if d := time.Since(begin); !mended && d > time.Duration(account)*3*time.Second {
				return cut
			}
			return accept
		}
		r.start()
		r.until(id, delivery.Paused, time.Minute)
		if d := time.Since(begin); d < 9*time.Second || d > 20*time.Second {
			t.Errorf("paused after %v, want soon after the spare died at 9 s", d)
		}
		if why := r.m.Reason(id); why == nil || why.Kind != delivery.KindAuth {
			t.Errorf("reason %+v", why)
		}
		if got, want := r.m.Actions(id), []delivery.Action{delivery.Start, delivery.Pause}; r.count("relay_out") < 2 || !slices.Equal(got, want) {
			t.Errorf("actions %v, want %v; log %v", got, want, r.logs)
		}
		dials := r.dials
		time.Sleep(time.Hour)
		if r.dials != dials {
			t.Errorf("%d dials while paused", r.dials-dials)
		}
		mended = true
		if err := r.m.Act(id, delivery.Resume); err != nil {
			t.Fatal(err)
		}
		r.q.Kick()
		before := r.took(id)
		r.until(id, delivery.Finished, time.Minute)
		_ = r.end()
		r.verify()
		r.allAccepted(id, 4000)
		if now := r.took(id); now[1] <= before[1] || now[2] <= before[2] || now[3] != before[3] {
			t.Errorf("before %v, after %v", before, now)
		}
	})
}

// TestMended: a relay that was left out for its login is tried again when its
// account was changed, and not before.
func TestMended(t *testing.T) {
	bubble(t, func(r *rig) {
		id, _ := r.over(20000, 2, 1, 1)
		mended := false
		r.dialVia = func(account int64) error {
			if account == 1 && !mended {
				return kindErr(delivery.KindAuth)
			}
			return nil
		}
		r.start()
		time.Sleep(30 * time.Second)
		r.q.Kick()
		time.Sleep(30 * time.Second)
		if r.dialsVia[1] != 1 {
			t.Errorf("%d dials with a login that was refused, want one", r.dialsVia[1])
		}
		mended = true
		r.q.Mended()
		time.Sleep(10 * time.Second)
		if took := r.took(id); took[1] < 300 {
			t.Errorf("took %v after the account was mended", took)
		}
		r.until(id, delivery.Finished, 10*time.Minute)
		_ = r.end()
		r.verify()
	})
}

// TestSilentRelay: one that takes messages and says nothing holds up its own, not
// the others'.
func TestSilentRelay(t *testing.T) {
	bubble(t, func(r *rig) {
		id, _ := r.over(3000, 2, 1, 1)
		begin := time.Now()
		r.trips = map[int64]time.Duration{}
		r.tripVia = func(account int64) time.Duration {
			if d := time.Since(begin); account == 1 && d > time.Second && d < 3*time.Minute {
				return time.Until(begin.Add(3 * time.Minute))
			}
			return 10 * time.Millisecond
		}
		r.start()
		time.Sleep(60 * time.Second)
		if c := r.m.Counters(id); c.Accepted < 2900 {
			t.Errorf("after a minute: %+v", c)
		}
		r.until(id, delivery.Finished, 5*time.Minute)
		_ = r.end()
		r.verify()
		r.allAccepted(id, 3000)
	})
}

// TestRelayLives is TestRandomLives over several relays that come and go.
func TestRelayLives(t *testing.T) {
	lives := 80
	if testing.Short() {
		lives = 10
	}
	for i := range lives {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			bubble(t, func(r *rig) {
				s := uint64(i)
				rng := rand.New(rand.NewPCG(s, 11))
				conns := 1 + rng.IntN(4)
				r.window = []int{1, 2, 8}[rng.IntN(3)]
				relays := 2 + rng.IntN(3)
				r.j.Most = conns * r.window * relays
				r.m.Delay = time.Duration(rng.IntN(4)) * 3 * time.Millisecond
				r.j.Delay = time.Duration(rng.IntN(4)) * time.Millisecond
				var rs []queue.Relay
				for k := range relays {
					a := queuetest.Account(int64(k+1), conns)
					a.Kind = delivery.AccountSandbox // its retries come soon
					if rng.IntN(4) == 0 {
						a.PerMinute = 20 + rng.IntN(60)
					}
					rs = append(rs, queue.Relay{Account: a, Weight: 1 + rng.IntN(5), Spare: k > 0 && rng.IntN(3) == 0})
				}
				// Each relay is down now and then, in its own rhythm.
				down := func(account int64) bool {
					return (time.Now().Unix()/int64(7+4*account)+account)%3 == 0
				}
				ordinary := random(s, map[act]int{accept: 60, grey: 6, unknown: 4, lose: 2, swallow: 1, cut: 3, busy: 2, refuse: 1})
				r.scriptVia = func(account int64, ref queue.Ref, try int) act {
					if down(account) {
						return cut
					}
					return ordinary(ref, try)
				}
				r.dialVia = func(account int64) error {
					if down(account) {
						return kindErr(delivery.KindUnreachable)
					}
					return nil
				}
				var ids []delivery.ID
				ids = append(ids, r.m.Seed(queuetest.Seed{Messages: 50 + rng.IntN(300), Account: rs[0].Account, Relays: rs}))
				ids = append(ids, r.m.Seed(queuetest.Seed{Messages: 1 + rng.IntN(100), Account: rs[0].Account}))
				r.start()
				r.disturb(rng, ids)
				r.settle(ids)
			})
		})
	}
}
