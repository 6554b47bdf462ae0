package queue_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

// clock is a time of day that can be set, beside the monotonic one of the bubble.
type clock struct {
	off   atomic.Int64
	slept atomic.Int64 // how much of the next gap the machine was asleep
}

func (r *rig) clocked() *clock {
	c := &clock{}
	r.o.Clock = func() time.Time { return time.Now().Round(0).Add(time.Duration(c.off.Load())) }
	r.o.Slept = func(time.Duration) time.Duration { return time.Duration(c.slept.Swap(0)) }
	return c
}

// set moves the time of day.
func (c *clock) set(by time.Duration) { c.off.Add(int64(by)) }

// sleep lets the machine sleep: the monotonic clock stands still.
func (c *clock) sleep(d time.Duration) {
	c.slept.Add(int64(d))
	c.set(d)
}

// dialled is how many connections were tried.
func (r *rig) dialled() int {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	return r.dials
}

// TestFault66SleepDuringSending: connections do not outlive a sleep, what was under
// way is judged by how far it had come, and nobody gets two.
func TestFault66SleepDuringSending(t *testing.T) {
	for _, window := range []int{1, 2, 8} {
		for _, slept := range []time.Duration{31 * time.Second, 10 * time.Hour} {
			bubble(t, func(r *rig) {
				c := r.clocked()
				r.window = window
				r.script = func(ref queue.Ref, try int) act {
					if ref.Seq == 50 && c.off.Load() == 0 {
						return hang // heard to its end, and answered after the sleep if at all
					}
					return accept
				}
				id := r.m.Seed(seed(400, queuetest.Account(1, 3)))
				r.start()
				time.Sleep(700 * time.Millisecond)
				dials := r.dialled()
				c.sleep(slept)
				at := time.Now()
				for r.dialled() == dials {
					if time.Since(at) > 10*time.Second {
						t.Fatal("the old connections are used after the sleep")
					}
					time.Sleep(10 * time.Millisecond)
				}
				synctest.Wait() // until it is in the log
				if r.count("woke") != 1 {
					t.Errorf("log %v", r.logs)
				}
				r.until(id, delivery.Finished, 30*time.Minute)
				if err := r.end(); err != nil {
					t.Fatal(err)
				}
				r.verify()
				if n := r.m.Counters(id); n.Rejected+n.Deferred != 0 || n.InDoubt > int64(4*3*window) {
					t.Errorf("%d messages at once, %v asleep: %+v", window, slept, n)
				}
			})
		}
	}
}

// TestShortNap: what a laptop does between two key strokes closes nothing.
func TestShortNap(t *testing.T) {
	bubble(t, func(r *rig) {
		c := r.clocked()
		id := r.m.Seed(seed(400, queuetest.Account(1, 3)))
		r.start()
		time.Sleep(500 * time.Millisecond)
		c.sleep(20 * time.Second)
		r.until(id, delivery.Finished, time.Minute)
		_ = r.end()
		r.verify()
		if r.dialled() != 3 || r.count("woke") != 0 {
			t.Errorf("%d dials, log %v", r.dialled(), r.logs)
		}
	})
}

// dated is a delivery for a date.
func dated(n int, at time.Time) queuetest.Seed {
	return queuetest.Seed{Messages: n, Account: queuetest.Account(1, 2), Schedule: delivery.Schedule{Mode: delivery.AtDate, At: at}}
}

// TestFault67ClockSetBack: what went out at its date goes out once, and what waits
// for another date is asked about.
func TestFault67ClockSetBack(t *testing.T) {
	for _, restart := range []bool{false, true} {
		bubble(t, func(r *rig) {
			c := r.clocked()
			first := r.m.Seed(dated(30, r.o.Clock().Add(time.Minute)))
			later := r.m.Seed(dated(5, r.o.Clock().Add(2*time.Hour)))
			r.start()
			r.until(first, delivery.Finished, 2*time.Minute)
			if restart {
				if err := r.end(); err != nil {
					t.Fatal(err)
				}
			}
			c.set(-2 * time.Hour)
			if restart {
				// Its contact date is nearer than what the log has seen.
				r.m.Reschedule(later, r.o.Clock().Add(time.Minute))
				r.start()
			}
			r.until(later, delivery.Paused, 2*time.Minute)
			if why := r.m.Reason(later); why == nil || why.Kind != delivery.KindClock || why.Detail == "" {
				t.Errorf("restart %v: reason %+v", restart, why)
			}
			time.Sleep(3 * time.Hour) // past the first date once more
			if n := r.begunOf(first); n != 30 {
				t.Errorf("restart %v: %d messages of 30 begun", restart, n)
			}
			if n := r.begunOf(later); n != 0 {
				t.Errorf("restart %v: %d messages began by themselves", restart, n)
			}
			if err := r.m.Act(later, delivery.Resume); err != nil {
				t.Fatal(err)
			}
			r.q.Kick()
			r.until(later, delivery.Finished, 3*time.Hour)
			_ = r.end()
			r.verify()
			if n := r.begunOf(later); n != 5 {
				t.Errorf("restart %v: %d messages of 5 begun", restart, n)
			}
		})
	}
}

// TestFault68ClockJumps: to 2031 and back. Nothing leaves in a burst, nothing
// expires, and everything waits for a person who is told why.
func TestFault68ClockJumps(t *testing.T) {
	bubble(t, func(r *rig) {
		c := r.clocked()
		r.script = func(ref queue.Ref, try int) act {
			if ref.Delivery == 2 && try == 1 {
				return grey
			}
			return accept
		}
		now := r.o.Clock()
		busy := r.m.Seed(seed(2000, queuetest.Account(1, 2)))
		put := r.m.Seed(queuetest.Seed{Messages: 20, Account: queuetest.Account(2, 2), Validity: now.Add(72 * time.Hour)})
		waits := r.m.Seed(dated(10, now.Add(24*time.Hour)))
		all := []delivery.ID{busy, put, waits}
		r.start()
		r.until(put, delivery.Retrying, time.Minute)
		begun, _ := r.sends()
		jump := time.Date(2031, 5, 1, 0, 0, 0, 0, time.UTC).Sub(now)
		c.set(jump)
		for _, id := range all {
			r.until(id, delivery.Paused, 10*time.Second)
			if why := r.m.Reason(id); why == nil || why.Kind != delivery.KindClock || why.Detail == "" {
				t.Errorf("%s: reason %+v", id, why)
			}
		}
		synctest.Wait()
		// What two connections of a relay do in a second, and no more.
		if n, _ := r.sends(); n-begun > 2*120 {
			t.Errorf("%d messages began after the jump", n-begun)
		}
		if n := r.begunOf(put); n != 20 {
			t.Errorf("%d retries in 2031", n-20)
		}
		begun, _ = r.sends()
		c.set(-jump)
		time.Sleep(time.Hour)
		if n, _ := r.sends(); n != begun {
			t.Errorf("%d messages began by themselves after the way back", n-begun)
		}
		for _, id := range all {
			if err := r.m.Act(id, delivery.Resume); err != nil {
				t.Fatal(err)
			}
		}
		r.q.Kick()
		r.until(waits, delivery.Finished, 25*time.Hour)
		for _, id := range all {
			n := r.m.Counters(id)
			if r.m.State(id) != delivery.Finished || n.Accepted != n.Targeted {
				t.Errorf("%s is %s: %+v", id, r.m.State(id), n)
			}
		}
		_ = r.end()
		r.verify()
	})
}

// TestClockSetDuringAnOutage: a wait for a relay is so long, whatever the clock says.
func TestClockSetDuringAnOutage(t *testing.T) {
	for _, by := range []time.Duration{-5 * time.Hour, 5 * time.Hour} {
		bubble(t, func(r *rig) {
			c := r.clocked()
			begin := time.Now()
			r.dialErr = func(int) error {
				if d := time.Since(begin); d > time.Second && d < time.Minute {
					return kindErr(delivery.KindUnreachable)
				}
				return nil
			}
			r.script = func(queue.Ref, int) act {
				if d := time.Since(begin); d > time.Second && d < time.Minute {
					return cut
				}
				return accept
			}
			id := r.m.Seed(seed(500, queuetest.Account(1, 2)))
			r.start()
			time.Sleep(20 * time.Second)
			c.set(by)
			r.until(id, delivery.Finished, 10*time.Minute)
			_ = r.end()
			r.verify()
			if n := r.m.Counters(id); n.Accepted != 500 {
				t.Errorf("%v: %+v", by, n)
			}
		})
	}
}

// TestClockSetWhileADomainIsPutOff: so is the wait for a domain.
func TestClockSetWhileADomainIsPutOff(t *testing.T) {
	for _, by := range []time.Duration{-5 * time.Hour, 5 * time.Hour} {
		bubble(t, func(r *rig) {
			c := r.clocked()
			begin := time.Now()
			r.script = func(ref queue.Ref, _ int) act {
				if ref.Seq%2 == 1 && time.Since(begin) < time.Minute {
					return putOff
				}
				return accept
			}
			id := r.toTwo(1000, queuetest.Account(1, 4), "")
			r.start()
			time.Sleep(90 * time.Second) // it is put off for five minutes
			c.set(by)
			time.Sleep(2 * time.Minute)
			if slow, _ := r.ends(id); slow != 0 {
				t.Errorf("%v: %d messages were taken before the wait was over", by, slow)
			}
			time.Sleep(5 * time.Minute)
			// Those that were refused have a date, and wait for it.
			if slow, _ := r.ends(id); slow < 450 {
				t.Errorf("%v: %d messages of 500 were taken after the wait", by, slow)
			}
			_ = r.end()
			r.verify()
		})
	}
}

// TestRateAfterTheClockWasSet: what happened before it is not counted on and on.
func TestRateAfterTheClockWasSet(t *testing.T) {
	bubble(t, func(r *rig) {
		c := r.clocked()
		id := r.m.Seed(seed(2000, queuetest.Account(1, 2)))
		r.start()
		time.Sleep(6 * time.Second)
		before := r.q.Status(id).Rate
		c.set(-2 * time.Hour)
		for range 8 {
			time.Sleep(time.Second)
			if rate := r.q.Status(id).Rate; rate > 1.2*before || before < 50 {
				t.Errorf("%.0f messages a second, %.0f before", rate, before)
			}
		}
		_ = r.end()
	})
}
