package queue_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

func seed(n int, a delivery.Account) queuetest.Seed { return queuetest.Seed{Messages: n, Account: a} }

func TestSendsEverythingOnce(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.m.Seed(seed(200, queuetest.Account(1, 4)))
		r.start()
		r.until(id, delivery.Finished, time.Minute)
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		r.verify()
		if got, want := r.m.Counters(id), (delivery.Counters{Targeted: 200, Accepted: 200}); got != want {
			t.Errorf("counters %+v, want %+v", got, want)
		}
		if r.peak != 4 {
			t.Errorf("%d connections at the peak, want the 4 of the account", r.peak)
		}
		if r.dials != 4 {
			t.Errorf("%d dials, want 4", r.dials)
		}
		if s := r.last(id); s.State != delivery.Finished || s.Counters.Accepted != 200 {
			t.Errorf("last status %+v", s)
		}
		if got, want := r.m.Actions(id), []delivery.Action{delivery.Start, delivery.Finish}; !slices.Equal(got, want) {
			t.Errorf("actions %v, want %v", got, want)
		}
		if r.changes[id] != 2 {
			t.Errorf("%d changes, want 2: started and finished", r.changes[id])
		}
	})
}

func TestStatusPace(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.m.Seed(seed(2000, queuetest.Account(1, 4)))
		r.start()
		r.until(id, delivery.Finished, time.Minute)
		_ = r.end()
		var rate float64
		for i, s := range r.statuses[id] {
			rate = max(rate, s.Rate)
			if i > 0 && s.State == r.statuses[id][i-1].State {
				if d := r.times[id][i].Sub(r.times[id][i-1]); d < 99*time.Millisecond && i > 4 && i < len(r.statuses[id])-1 {
					t.Errorf("status %d came %v after the one before", i, d)
				}
			}
		}
		// Four connections with 20 ms a message.
		if rate < 150 || rate > 210 {
			t.Errorf("rate %.0f/s, want about 200", rate)
		}
		mid := r.statuses[id][len(r.statuses[id])/2]
		left := time.Duration(float64(mid.Counters.Open()) / 200 * float64(time.Second))
		at := r.times[id][len(r.statuses[id])/2]
		if d := mid.ETA.Sub(at) - left; d.Abs() > left/5 {
			t.Errorf("ETA in %v, want about %v", mid.ETA.Sub(at), left)
		}
	})
}

func TestWaitsForItsDate(t *testing.T) {
	bubble(t, func(r *rig) {
		at := time.Now().Add(90 * time.Minute)
		id := r.m.Seed(queuetest.Seed{Messages: 3, Account: queuetest.Account(1, 1),
			Schedule: delivery.Schedule{Mode: delivery.AtDate, At: at}})
		r.start()
		time.Sleep(90*time.Minute - time.Second)
		synctest.Wait()
		if got := r.m.State(id); got != delivery.Confirmed || r.dials != 0 {
			t.Fatalf("%s with %d dials before its date", got, r.dials)
		}
		r.until(id, delivery.Finished, 10*time.Second)
		if r.begunAt[0].Before(at) {
			t.Errorf("the first message left at %v, before %v", r.begunAt[0], at)
		}
		if d := r.begunAt[0].Sub(at); d > time.Second { // to the moment, not to the next poll
			t.Errorf("the first message left %v late", d)
		}
		_ = r.end()
		r.verify()
	})
}

// TestFault65And68MissedContactDate: nothing ran at the contact date, because the
// machine slept or its clock was set. A little late is sent; much later a person
// is asked, once.
func TestFault65And68MissedContactDate(t *testing.T) {
	for _, c := range []struct {
		late time.Duration
		held bool
	}{{20 * time.Minute, false}, {time.Hour, false}, {time.Hour + time.Second, true}, {3 * time.Hour, true}, {5 * 365 * 24 * time.Hour, true}} {
		bubble(t, func(r *rig) {
			id := r.m.Seed(queuetest.Seed{Messages: 3, Account: queuetest.Account(1, 1),
				Schedule: delivery.Schedule{Mode: delivery.AtDate, At: time.Now().Add(-c.late), Local: "2026-12-01T09:00:00", Zone: "Europe/Amsterdam"}})
			r.start()
			if c.held {
				r.until(id, delivery.Paused, time.Minute)
				if why := r.m.Reason(id); why == nil || why.Kind != delivery.KindLate || why.Detail != "2026-12-01 09:00 Europe/Amsterdam" {
					t.Errorf("%v late: paused for %+v", c.late, why)
				}
				if begun, _ := r.sends(); begun != 0 || r.dials != 0 {
					t.Errorf("%v late: %d messages begun, %d dials", c.late, begun, r.dials)
				}
				if err := r.m.Act(id, delivery.Resume); err != nil {
					t.Fatal(err)
				}
				r.q.Kick()
			}
			r.until(id, delivery.Finished, time.Minute)
			_ = r.end()
			r.verify()
		})
	}
}

func TestDeferredIsRetriedAndExpires(t *testing.T) {
	bubble(t, func(r *rig) {
		begin := time.Now()
		id := r.m.Seed(queuetest.Seed{Messages: 3, Account: queuetest.Account(1, 2), Validity: begin.Add(3 * time.Hour)})
		r.script = func(ref queue.Ref, try int) act {
			switch {
			case ref.Seq == 1 || ref.Seq == 2 && try <= 2:
				return grey
			}
			return accept
		}
		r.start()
		r.until(id, delivery.Retrying, time.Minute)
		if s := r.q.Status(id); s.NextTry.Sub(begin.Add(5*time.Minute)).Abs() > 35*time.Second {
			t.Errorf("next try %v, want about five minutes after %v", s.NextTry, begin)
		}
		r.until(id, delivery.Finished, 5*time.Hour)
		_ = r.end()
		r.verify()
		// 0, +5, +15, +30, +60 min; the next one, two hours on, would be after three
		// hours.
		m := r.m.Message(queue.Ref{Delivery: id, Seq: 1})
		if m.To != delivery.MsgRejected || m.Nature != delivery.NatureExpired || m.Attempt != 5 || m.Code != 451 {
			t.Errorf("message 1: %+v, want expired after 5 attempts", m)
		}
		if m := r.m.Message(queue.Ref{Delivery: id, Seq: 2}); m.To != delivery.MsgAccepted || m.Attempt != 3 {
			t.Errorf("message 2: %+v, want accepted at the third attempt", m)
		}
		var at []time.Duration
		for i, ref := range r.begun {
			if ref.Seq == 1 {
				at = append(at, r.begunAt[i].Sub(begin))
			}
		}
		for i, want := range []time.Duration{0, 5 * time.Minute, 20 * time.Minute, 50 * time.Minute, 110 * time.Minute} {
			if i < len(at) && (at[i]-want).Abs() > want/8+time.Second {
				t.Errorf("try %d after %v, want %v ± 10 %%", i+1, at[i], want)
			}
		}
		if got, want := r.m.Actions(id), []delivery.Action{delivery.Start, delivery.Retry, delivery.Finish}; !slices.Equal(got, want) {
			t.Errorf("actions %v, want %v", got, want)
		}
	})
}

func TestTrainingRelayRetriesWithinSeconds(t *testing.T) {
	bubble(t, func(r *rig) {
		a := queuetest.Account(1, 2)
		a.Kind = delivery.AccountSandbox
		id := r.m.Seed(seed(5, a))
		r.script = func(_ queue.Ref, try int) act {
			if try <= 3 {
				return grey
			}
			return accept
		}
		r.start()
		r.until(id, delivery.Finished, 20*time.Second)
		_ = r.end()
		r.verify()
	})
}

func TestPauseResumeStop(t *testing.T) {
	bubble(t, func(r *rig) {
		r.render = func(int, queue.Job) error { time.Sleep(5 * time.Millisecond); return nil }
		id := r.m.Seed(seed(1000, queuetest.Account(1, 4)))
		r.start()
		time.Sleep(1013 * time.Millisecond) // one is rendered, another on its way
		r.halt(id, delivery.Pause)
		n, _ := r.sends()
		time.Sleep(time.Minute)
		m, open := r.sends()
		if m != n {
			t.Errorf("%d messages began while paused", m-n)
		}
		if c := r.m.Counters(id); c.Claimed+c.Committing != 0 || c.Accepted == 0 || c.InDoubt != 0 {
			t.Errorf("paused: %+v", c)
		}
		if open != 0 {
			t.Errorf("%d connections are open after a minute of pause", open)
		}
		if err := r.m.Act(id, delivery.Resume); err != nil {
			t.Fatal(err)
		}
		r.q.Kick()
		time.Sleep(time.Second)
		if m, _ := r.sends(); m == n {
			t.Error("nothing began after Resume")
		}
		r.halt(id, delivery.Stop)
		n, _ = r.sends()
		if c := r.m.Counters(id); c.Open() != 0 || c.InDoubt != 0 || c.Accepted+c.Cancelled != 1000 {
			t.Errorf("stopped: %+v", c)
		}
		time.Sleep(time.Minute)
		if m, _ := r.sends(); m != n {
			t.Errorf("%d messages began after Stop", m-n)
		}
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		r.verify()
		if got, want := r.m.Actions(id), []delivery.Action{delivery.Start, delivery.Start}; !slices.Equal(got, want) || r.count("hold") != 0 {
			t.Errorf("actions %v, want %v; log %v", got, want, r.logs)
		}
	})
}

// halt pauses or stops as a person does, and waits for rest: that takes no longer
// than the messages that are on their way.
func (r *rig) halt(id delivery.ID, a delivery.Action) {
	r.Helper()
	at := time.Now()
	if err := r.m.Act(id, a); err != nil {
		r.Fatal(err)
	}
	r.q.Kick()
	synctest.Wait()
	n, _ := r.sends()
	if err := r.q.Drain(context.Background(), id); err != nil {
		r.Fatal(err)
	}
	if m, _ := r.sends(); m != n {
		r.Errorf("%d messages began after %s", m-n, a)
	}
	if d := time.Since(at); d > time.Second {
		r.Errorf("%s took %v", a, d)
	}
	if c := r.m.Counters(id); c.Claimed+c.Committing != 0 {
		r.Errorf("after Drain: %+v", c)
	}
}

// TestPauseBeforeTheFirstDot: a message that may not begin any more says nothing
// against the relay.
func TestPauseBeforeTheFirstDot(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.m.Seed(seed(3, queuetest.Account(1, 1)))
		r.start()
		time.Sleep(15 * time.Millisecond)
		r.halt(id, delivery.Pause)
		if err := r.m.Act(id, delivery.Resume); err != nil {
			t.Fatal(err)
		}
		r.q.Kick()
		begin := time.Now()
		r.until(id, delivery.Finished, time.Minute)
		if d := time.Since(begin); d > 500*time.Millisecond || r.count("hold") != 0 {
			t.Errorf("took %v after Resume; log %v", d, r.logs)
		}
		_ = r.end()
		r.verify()
	})
}

func TestDrainWithoutRun(t *testing.T) {
	q := queue.New(queue.Options{Store: queuetest.NewMemory()})
	if err := q.Drain(context.Background(), 1); err != nil {
		t.Error(err)
	}
	q.Kick()
	if s := q.Status(3); s.ID != 3 || s.State != "" {
		t.Errorf("status %+v", s)
	}
}

func TestDrainGivesUpWithItsContext(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.m.Seed(seed(3, queuetest.Account(1, 1)))
		r.script = func(queue.Ref, int) act { return hang }
		r.start()
		time.Sleep(time.Second)
		_ = r.m.Act(id, delivery.Stop)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := r.q.Drain(ctx, id); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Drain = %v", err)
		}
		if err := r.end(); err != nil {
			t.Error(err)
		}
		if c := r.m.Counters(id); c.InDoubt != 1 || c.Cancelled != 2 {
			t.Errorf("counters %+v", c)
		}
	})
}

func TestShutdown(t *testing.T) {
	for _, c := range []struct {
		name    string
		does    act
		within  time.Duration
		inDoubt int64
	}{
		{"finishes what it holds", accept, time.Second, 0},
		{"cuts a relay that hangs", hang, 11 * time.Second, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(r *rig) {
				id := r.m.Seed(seed(500, queuetest.Account(1, 3)))
				r.script = func(queue.Ref, int) act { return c.does }
				r.start()
				time.Sleep(time.Second)
				at := time.Now()
				if err := r.end(); err != nil {
					t.Fatal(err)
				}
				if d := time.Since(at); d > c.within {
					t.Errorf("the end took %v", d)
				}
				r.verify()
				n := r.m.Counters(id)
				if n.Claimed+n.Committing != 0 || n.InDoubt != c.inDoubt || n.Pending == 0 {
					t.Errorf("counters %+v", n)
				}
				if got := r.m.State(id); got != delivery.Sending {
					t.Errorf("state %s: the next start goes on", got)
				}
			})
		})
	}
}

func TestFairShares(t *testing.T) {
	bubble(t, func(r *rig) {
		a := queuetest.Account(1, 4)
		x, y := r.m.Seed(seed(400, a)), r.m.Seed(seed(400, a))
		other := r.m.Seed(seed(10, queuetest.Account(2, 1)))
		r.start()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		cx, cy := r.m.Counters(x).Accepted, r.m.Counters(y).Accepted
		if d := cx - cy; d < -20 || d > 20 || cx < 150 {
			t.Errorf("shares %d and %d", cx, cy)
		}
		if got := r.m.State(other); got != delivery.Finished {
			t.Errorf("the other account's delivery is %s", got)
		}
		r.until(x, delivery.Finished, time.Minute)
		r.until(y, delivery.Finished, time.Minute)
		if r.peak > 5 {
			t.Errorf("%d connections at the peak", r.peak)
		}
		_ = r.end()
		r.verify()
	})
}

func TestLimitPerMinute(t *testing.T) {
	bubble(t, func(r *rig) {
		a := queuetest.Account(1, 4)
		a.PerMinute = 30
		id := r.m.Seed(seed(100, a))
		begin := time.Now()
		r.start()
		time.Sleep(20 * time.Second)
		if s := r.q.Status(id); s.Hold == nil || s.Hold.Kind != delivery.KindLimit || s.Hold.Detail != "30/min" ||
			s.Hold.Until.Sub(begin) < time.Minute || s.Hold.Until.Sub(begin) > 62*time.Second || s.ETA.IsZero() {
			t.Errorf("status %+v", s)
		}
		r.until(id, delivery.Finished, 10*time.Minute)
		if d := time.Since(begin); d < 3*time.Minute || d > 5*time.Minute {
			t.Errorf("100 messages at 30 a minute took %v", d)
		}
		for i := 30; i < len(r.begunAt); i++ {
			if d := r.begunAt[i].Sub(r.begunAt[i-30]); d < 59*time.Second {
				t.Errorf("31 messages within %v", d)
			}
		}
		_ = r.end()
		r.verify()
	})
}

func TestMemoryIsBounded(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.m.Seed(seed(1000, queuetest.Account(1, 3)))
		r.start()
		var most int64
		for r.m.State(id) != delivery.Finished {
			time.Sleep(7 * time.Millisecond)
			most = max(most, r.m.Counters(id).Claimed)
		}
		_ = r.end()
		// 150 a second leave: what is held beyond the connections' needs is a
		// fraction of a second's work.
		if most > 4*3*4+3 {
			t.Errorf("%d messages were claimed at once by 3 connections", most)
		}
		r.verify()
	})
}

func TestRunTwice(t *testing.T) {
	bubble(t, func(r *rig) {
		r.start()
		synctest.Wait()
		if err := r.q.Run(context.Background()); !delivery.Is(err, delivery.KindState) {
			t.Errorf("second Run: %v", err)
		}
		if err := r.end(); err != nil {
			t.Error(err)
		}
	})
}
