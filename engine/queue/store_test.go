package queue_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

// TestNthCommitFails fails one commit after the other until a run passes without
// a fault. Each time everything ends at once, what was lost is handed to Rescue,
// and a new start after recovery does the rest without sending anything twice.
func TestNthCommitFails(t *testing.T) {
	for n, passed := 1, false; !passed; n++ {
		if n > 500 {
			t.Fatal("no run without a fault")
		}
		bubble(t, func(r *rig) { passed = failCommit(r, n) })
	}
}

func failCommit(r *rig, n int) (passed bool) {
	r.script = random(uint64(n), map[act]int{accept: 12, grey: 2, unknown: 1, lose: 1, cut: 1})
	a := queuetest.Account(1, 3)
	a.Kind = delivery.AccountSandbox
	id := r.m.Seed(seed(40, a))
	r.m.FailAt(n)
	r.m.Delay = time.Duration(n%3) * 7 * time.Millisecond // others wait meanwhile
	r.start()
	select {
	case err := <-r.done:
		if !errors.Is(err, queuetest.ErrFault) {
			r.Fatalf("commit %d fails: Run = %v", n, err)
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
		r.Errorf("commit %d fails: %d connections are open after Run", n, open)
	}
	rescued := map[queue.Ref]queue.Outcome{}
	for _, o := range r.rescued {
		rescued[o.Ref] = o
	}
	for ref := range r.copies {
		// What the relay has taken is stored or rescued.
		if m := r.m.Message(ref); m.To != delivery.MsgAccepted && m.To != delivery.MsgInDoubt {
			if o := rescued[ref]; o.To != delivery.MsgAccepted && o.To != delivery.MsgInDoubt {
				r.Errorf("commit %d fails: %v was taken, is %s and was not rescued", n, ref, m.To)
			}
		}
	}
	time.Sleep(time.Minute)
	if m, _ := r.sends(); m != begun {
		r.Errorf("commit %d fails: %d messages began afterwards", n, m-begun)
	}
	before := r.m.Counters(id).InDoubt
	r.m.Recover()
	if c := r.m.Counters(id); c.InDoubt-before > 3 {
		r.Errorf("commit %d fails: %d more in doubt over 3 connections", n, c.InDoubt-before)
	}
	r.start()
	r.until(id, delivery.Finished, time.Hour)
	if err := r.end(); err != nil {
		r.Fatal(err)
	}
	r.verify()
	return false
}

func TestRescueFails(t *testing.T) {
	bubble(t, func(r *rig) {
		lost := errors.New("no journal")
		r.o.Rescue = func([]queue.Outcome) error { return lost }
		r.m.Seed(seed(40, queuetest.Account(1, 3)))
		r.m.FailAt(8)
		r.start()
		if err := <-r.done; !errors.Is(err, queuetest.ErrFault) || !errors.Is(err, lost) {
			t.Errorf("Run = %v, want both errors", err)
		}
		r.cancel()
		if err := r.q.Drain(context.Background(), 1); !errors.Is(err, queuetest.ErrFault) {
			t.Errorf("Drain = %v, want why the queue ended", err)
		}
	})
}

func TestPanicEndsTheQueue(t *testing.T) {
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

func TestSlowStore(t *testing.T) {
	bubble(t, func(r *rig) {
		r.m.Delay = 300 * time.Millisecond
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
		if n := r.m.Commits(); n > 30 {
			t.Errorf("%d commits for 200 messages over 10 connections", n)
		}
		_ = r.end()
		r.verify()
	})
}

// TestGraceEndsDuringACommit: the intent is durable, but the dot has not been
// written and is not written any more.
func TestGraceEndsDuringACommit(t *testing.T) {
	bubble(t, func(r *rig) {
		id := r.m.Seed(seed(5, queuetest.Account(1, 1)))
		r.m.Delay = 15 * time.Second
		r.start()
		time.Sleep(31 * time.Second) // two commits of claims; the intent is in the third
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

// TestPauseNobodyTold: a refused intent is reason enough to look again.
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
