package queue_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue/queuetest"
)

// TestRandomLives lets deliveries live through random replies, dial failures,
// pauses, stops, shutdowns and crashes, and holds them to the invariants: the
// ledger adds up after every commit, nothing is accepted twice, everything
// accepted has its 2xx, a connection never has more intents without outcome than its
// window, and a crash leaves no more in doubt than that.
func TestRandomLives(t *testing.T) {
	lives := 150
	if testing.Short() {
		lives = 20
	}
	for i := range lives {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			bubble(t, func(r *rig) { live(r, uint64(i)) })
		})
	}
}

func live(r *rig, s uint64) {
	rng := rand.New(rand.NewPCG(s, 7))
	conns := 1 + rng.IntN(6)
	r.o.Seed = s
	r.m.Delay = time.Duration(rng.IntN(4)) * 3 * time.Millisecond
	r.j.Delay = time.Duration(rng.IntN(4)) * time.Millisecond
	r.window = []int{1, 2, 8}[rng.IntN(3)]
	r.j.Most = conns * r.window
	r.script = random(s, map[act]int{accept: 60, grey: 6, unknown: 4, lose: 2, swallow: 1, cut: 3, busy: 2, refuse: 1})
	flaky := rng.IntN(2) == 0
	dice := rand.New(rand.NewPCG(s, 8)) // of the dialling goroutines, under the world's lock
	r.dialErr = func(int) error {
		r.world.mu.Lock()
		defer r.world.mu.Unlock()
		if flaky && dice.IntN(4) == 0 {
			return kindErr(delivery.KindTimeout)
		}
		return nil
	}
	a := queuetest.Account(1, conns)
	a.Kind = delivery.AccountSandbox
	var ids []delivery.ID
	for range 1 + rng.IntN(3) {
		ids = append(ids, r.m.Seed(queuetest.Seed{Messages: 1 + rng.IntN(150), Account: a}))
	}
	r.start()
	r.disturb(rng, ids)
	r.settle(ids)
}

// disturb pauses, resumes, stops, ends and crashes.
func (r *rig) disturb(rng *rand.Rand, ids []delivery.ID) {
	r.Helper()
	for range 40 {
		time.Sleep(time.Duration(rng.IntN(900)) * time.Millisecond)
		id := ids[rng.IntN(len(ids))]
		switch rng.IntN(10) {
		case 0, 1:
			r.person(id, delivery.Pause)
		case 2, 3, 4:
			r.person(id, delivery.Resume)
		case 5:
			if rng.IntN(6) == 0 {
				r.person(id, delivery.Stop)
			}
		case 6, 7:
			r.m.Crash(rng.IntN(2) == 0)
			r.j.Crash(rng.IntN(2) == 0)
			r.q.Kick() // an idle queue would not notice
			if err := <-r.done; err == nil {
				r.Error("Run returned nil after a crash")
			}
			r.cancel()
			if n := r.recover(); n > r.j.Most {
				r.Errorf("a crash put %d in doubt, want at most %d", n, r.j.Most)
			}
			r.start()
		case 8:
			if err := r.end(); err != nil {
				r.Errorf("Run = %v", err)
			}
			for _, id := range ids {
				if c := r.m.Counters(id); c.Claimed+c.Committing != 0 {
					r.Errorf("after a graceful end: %+v", c)
				}
			}
			r.start()
		}
	}
}

// settle lets deliveries come to their end and holds them to the invariants.
func (r *rig) settle(ids []delivery.ID) {
	r.Helper()
	for range 300 {
		open := false
		for _, id := range ids {
			if !r.m.State(id).Ended() {
				open = true
				r.person(id, delivery.Resume)
			}
		}
		if !open {
			break
		}
		time.Sleep(10 * time.Second)
	}
	for _, id := range ids {
		s, c := r.m.State(id), r.m.Counters(id)
		if !s.Ended() || c.Open() != 0 {
			r.Errorf("%s is %s: %+v", id, s, c)
		}
	}
	if err := r.end(); err != nil {
		r.Errorf("Run = %v", err)
	}
	r.verify()
}

// person pauses, resumes or stops when that is possible. After Pause and Stop
// nothing of the delivery begins any more.
func (r *rig) person(id delivery.ID, a delivery.Action) {
	r.Helper()
	if r.m.Act(id, a) != nil {
		return
	}
	r.q.Kick()
	if a == delivery.Resume {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := r.q.Drain(ctx, id); err != nil {
		r.Fatalf("Drain after %s: %v", a, err)
	}
	if c := r.m.Counters(id); c.Claimed+c.Committing != 0 {
		r.Errorf("after %s and Drain: %+v", a, c)
	}
	begun := r.begunOf(id)
	time.Sleep(200 * time.Millisecond)
	synctest.Wait()
	if n := r.begunOf(id); n != begun {
		r.Errorf("%d messages began after %s", n-begun, a)
	}
}

func (r *rig) begunOf(id delivery.ID) int {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	n := 0
	for _, ref := range r.begun {
		if ref.Delivery == id {
			n++
		}
	}
	return n
}
