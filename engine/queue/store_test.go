package queue_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

// TestNthCallFails fails one commit to the store, or one write to the journal,
// after the other, until a run passes without a fault. Each time everything ends,
// what the relay took is in the store or in the journal, and a new start after
// recovery does the rest without sending anything twice.
func TestNthCallFails(t *testing.T) {
	for name, fail := range map[string]func(r *rig, n int){
		"store":   func(r *rig, n int) { r.m.FailAt(n) },
		"journal": func(r *rig, n int) { r.j.FailAt(n) },
	} {
		for _, window := range []int{1, 2, 8} {
			t.Run(fmt.Sprintf("%s, window %d", name, window), func(t *testing.T) {
				for n, passed := 1, false; !passed; n++ {
					if n > 500 {
						t.Fatal("no run without a fault")
					}
					bubble(t, func(r *rig) {
						r.window = window
						passed = failCall(r, n, fail, name == "store")
					})
				}
			})
		}
	}
}

func failCall(r *rig, n int, fail func(r *rig, n int), journalled bool) (passed bool) {
	r.script = random(uint64(n), map[act]int{accept: 12, grey: 2, unknown: 1, lose: 1, cut: 1})
	a := queuetest.Account(1, 3)
	a.Kind = delivery.AccountSandbox
	id := r.m.Seed(seed(40, a))
	fail(r, n)
	r.m.Delay = time.Duration(n%3) * 7 * time.Millisecond // others wait meanwhile
	r.j.Delay = time.Duration(n%4) * 2 * time.Millisecond
	r.j.Most = 3 * r.window
	r.start()
	select {
	case err := <-r.done:
		if !errors.Is(err, queuetest.ErrFault) {
			r.Fatalf("call %d fails: Run = %v", n, err)
		}
	case <-time.After(10 * time.Minute):
		if err := r.end(); err != nil {
			r.Fatal(err)
		}
		r.verify()
		return true
	}
	r.cancel()
	begun, open := r.sends()
	if open != 0 {
		r.Errorf("call %d fails: %d connections are open after Run", n, open)
	}
	time.Sleep(time.Minute)
	if m, _ := r.sends(); m != begun {
		r.Errorf("call %d fails: %d messages began afterwards", n, m-begun)
	}
	doubtful := r.recover()
	if most := 3 * r.window; doubtful > most || journalled && doubtful > 0 {
		r.Errorf("call %d fails: %d more in doubt over 3 connections", n, doubtful)
	}
	r.start()
	for range 1000 {
		if r.m.State(id).Ended() {
			break
		}
		r.person(id, delivery.Resume) // too many lost replies pause it
		time.Sleep(time.Second)
	}
	r.until(id, delivery.Finished, time.Second)
	if err := r.end(); err != nil {
		r.Fatal(err)
	}
	r.verify()
	return false
}

// TestFault32StoreLockedByAViewer: nothing new begins, nothing is lost, and it goes
// on by itself.
func TestFault32StoreLockedByAViewer(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.m.Seed(seed(400, queuetest.Account(1, 3)))
		r.start()
		time.Sleep(time.Second)
		r.m.Lock(60)
		time.Sleep(30 * time.Second)
		n, _ := r.sends()
		time.Sleep(25 * time.Second)
		if m, _ := r.sends(); m != n {
			t.Errorf("%d messages began while nothing could be claimed", m-n)
		}
		if r.count("database_locked") != 1 {
			t.Errorf("log %v", r.logs)
		}
		r.until(id, delivery.Finished, time.Minute)
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		r.verify()
		if c := r.m.Counters(id); c.Accepted != 400 {
			t.Errorf("counters %+v", c)
		}
	})
}

// lockedOut is a store that another program has at every change of state, the first
// ten times.
type lockedOut struct {
	*queuetest.Memory
	tries map[delivery.Action]int
}

func (s lockedOut) Advance(ctx context.Context, id delivery.ID, a delivery.Action, why *delivery.PauseReason) (delivery.State, error) {
	if s.tries[a]++; s.tries[a] <= 10 {
		return "", &delivery.Error{Op: string(a), Kind: delivery.KindLocked}
	}
	return s.Memory.Advance(ctx, id, a, why)
}

// TestFault32LockedAtAChangeOfState: neither its start nor its end is lost.
func TestFault32LockedAtAChangeOfState(t *testing.T) {
	bubble(t, func(r *rig) {
		s := lockedOut{r.m, map[delivery.Action]int{}}
		r.o.Store = s
		begin := time.Now()
		id := r.m.Seed(seed(5, queuetest.Account(1, 1)))
		r.start()
		r.until(id, delivery.Finished, time.Minute)
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		r.verify()
		if d := time.Since(begin); d < 15*time.Second || s.tries[delivery.Start] != 11 || s.tries[delivery.Finish] != 11 {
			t.Errorf("%v, %v: a locked store is tried again once a second", d, s.tries)
		}
		if n := r.count("database_locked"); n != 1 { // of a delivery that was not sending nobody hears
			t.Errorf("%d lines about locks", n)
		}
	})
}

// TestLockedToTheEnd: the journal keeps what the store does not take.
func TestLockedToTheEnd(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.m.Seed(seed(400, queuetest.Account(1, 3)))
		r.start()
		time.Sleep(time.Second)
		r.m.Lock(1 << 30)
		time.Sleep(5 * time.Second)
		at := time.Now()
		if err := r.end(); !delivery.Is(err, delivery.KindLocked) {
			t.Errorf("Run = %v", err)
		}
		if d := time.Since(at); d > 25*time.Second {
			t.Errorf("the end took %v", d)
		}
		r.m.Lock(0)
		if n := r.recover(); n != 0 {
			t.Errorf("%d in doubt", n)
		}
		r.start()
		r.until(id, delivery.Finished, time.Minute)
		_ = r.end()
		r.verify()
	})
}

func TestFault15PanicEndsTheQueue(t *testing.T) {
	bubble(t, func(r *rig) {
		r.render = func(i int, _ queue.Job) error {
			if i == 10 {
				panic("a defect")
			}
			return nil
		}
		id := r.m.Seed(seed(100, queuetest.Account(1, 3)))
		r.start()
		err := <-r.done
		r.cancel()
		if !delivery.Is(err, delivery.KindInternal) {
			t.Errorf("Run = %v", err)
		}
		r.verify()
		if c := r.m.Counters(id); c.Claimed+c.Committing != 0 {
			t.Errorf("counters %+v", c)
		}
	})
}

// TestFault16PanicOfAListener: whoever is told of the figures, of a change or of a line
// of the log panics. Nothing new begins, what was under way is finished and stored.
func TestFault16PanicOfAListener(t *testing.T) {
	for _, hook := range []string{"status", "changed", "log"} {
		bubble(t, func(r *rig) {
			id := r.toTwo(300, queuetest.Account(1, 3), "")
			armed := time.Now().Add(700 * time.Millisecond)
			r.script = func(ref queue.Ref, _ int) act {
				switch {
				case hook == "changed" && ref.Seq == 120:
					return badAuth // it pauses, which is a change
				case hook == "log" && ref.Seq%2 == 1 && ref.Seq > 60:
					return putOff // its domain is held, which has a line
				}
				return accept
			}
			bad := func(name string) {
				if name == hook && (hook != "status" || time.Now().After(armed)) && r.m.Counters(id).Accepted > 20 {
					panic("a defect of a listener")
				}
			}
			h := r.o.Hooks
			r.o.Hooks.Status = func(s delivery.Status) { bad("status"); h.Status(s) }
			r.o.Hooks.Changed = func(id delivery.ID) { bad("changed"); h.Changed(id) }
			r.o.Hooks.Log = func(id delivery.ID, v delivery.Severity, code string, p map[string]string) {
				bad("log")
				h.Log(id, v, code, p)
			}
			r.start()
			if err := <-r.done; !delivery.Is(err, delivery.KindInternal) {
				t.Errorf("%s: Run = %v", hook, err)
			}
			r.cancel()
			r.verify()
			if c := r.m.Counters(id); c.Claimed+c.Committing+c.InDoubt != 0 || c.Pending == 0 {
				t.Errorf("%s: %+v", hook, c)
			}
			r.o.Hooks, r.script = h, func(queue.Ref, int) act { return accept }
			_ = r.m.Act(id, delivery.Resume)
			r.start()
			r.until(id, delivery.Finished, time.Hour)
			_ = r.end()
			r.verify()
		})
	}
}

func TestSlowDisk(t *testing.T) {
	bubble(t, func(r *rig) {
		r.j.Delay = 300 * time.Millisecond
		r.latency = time.Millisecond
		id := r.m.Seed(seed(200, queuetest.Account(1, 10)))
		begin := time.Now()
		r.start()
		r.until(id, delivery.Finished, time.Minute)
		// Twenty rounds with an intent of every connection in each, and a few to
		// get going.
		if d := time.Since(begin); d > 9*time.Second {
			t.Errorf("took %v", d)
		}
		if n := r.j.Appends(); n > 30 {
			t.Errorf("%d syncs for 200 messages over 10 connections", n)
		}
		_ = r.end()
		r.verify()
	})
}

// TestGraceEndsDuringASync: the intent is durable, but the dot has not been written
// and is not written any more.
func TestGraceEndsDuringASync(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.m.Seed(seed(5, queuetest.Account(1, 1)))
		r.j.Delay = 15 * time.Second
		r.start()
		time.Sleep(time.Second) // the first intent is being written
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		r.verify()
		if c := r.m.Counters(id); c.InDoubt != 0 || c.Pending+c.Accepted != 5 {
			t.Errorf("counters %+v", c)
		}
	})
}

// stale is a store whose lists are old when they arrive.
type stale struct{ *queuetest.Memory }

func (s stale) Active(ctx context.Context) ([]queue.Active, error) {
	list, err := s.Memory.Active(ctx)
	time.Sleep(50 * time.Millisecond)
	return list, err
}

func TestOldListsDoNotUndoCommits(t *testing.T) {
	bubble(t, func(r *rig) {
		r.o.Store = stale{r.m}
		id := r.m.Seed(seed(60, queuetest.Account(1, 2)))
		r.start()
		for r.m.Counters(id).Accepted < 60 {
			r.q.Kick()
			time.Sleep(7 * time.Millisecond)
		}
		r.until(id, delivery.Finished, time.Second)
		_ = r.end()
		r.verify()
		for i, s := range r.statuses[id] {
			if i > 0 && s.Counters.Accepted < r.statuses[id][i-1].Counters.Accepted {
				t.Errorf("%d accepted after %d", s.Counters.Accepted, r.statuses[id][i-1].Counters.Accepted)
			}
		}
	})
}

// TestPauseNobodyTold: what a commit says is reason enough to look again.
func TestPauseNobodyTold(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.m.Seed(seed(500, queuetest.Account(1, 3)))
		r.start()
		time.Sleep(time.Second)
		if err := r.m.Act(id, delivery.Pause); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if c := r.m.Counters(id); c.Claimed+c.Committing != 0 {
			t.Errorf("counters %+v", c)
		}
		if s := r.q.Status(id); s.State != "" {
			t.Errorf("the queue still works on it: %+v", s)
		}
		_ = r.end()
		r.verify()
		if r.dials > 3 {
			t.Errorf("%d dials for 3 connections", r.dials)
		}
	})
}

func TestDrainAtRestSeesTheState(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.m.Seed(seed(5, queuetest.Account(1, 1)))
		r.script = func(queue.Ref, int) act { return grey }
		r.start()
		r.until(id, delivery.Retrying, time.Minute)
		if err := r.m.Act(id, delivery.Stop); err != nil {
			t.Fatal(err)
		}
		if err := r.q.Drain(context.Background(), id); err != nil {
			t.Fatal(err)
		}
		if s := r.q.Status(id); s.State != "" {
			t.Errorf("after Drain the queue still works on it: %+v", s)
		}
		_ = r.end()
		r.verify()
	})
}
