package queue_test

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

// rig is a queue with a store in memory and a scripted relay.
type rig struct {
	*testing.T
	*world
	m *queuetest.Memory
	j *queuetest.Journal
	q *queue.Queue
	o queue.Options

	cancel context.CancelFunc
	done   chan error

	mu       sync.Mutex
	statuses map[delivery.ID][]delivery.Status
	times    map[delivery.ID][]time.Time
	logs     []string
	logged   []map[string]string
	changes  map[delivery.ID]int
}

func newRig(t *testing.T) *rig {
	r := &rig{T: t, world: newWorld(t), m: queuetest.NewMemory(), j: &queuetest.Journal{}, statuses: map[delivery.ID][]delivery.Status{},
		times: map[delivery.ID][]time.Time{}, changes: map[delivery.ID]int{}}
	r.o = queue.Options{Store: r.m, Journal: r.j, Dialer: r.world, Renderer: r.world, Seed: 1,
		Hooks: queue.Hooks{
			Status: func(s delivery.Status) {
				r.mu.Lock()
				defer r.mu.Unlock()
				r.statuses[s.ID] = append(r.statuses[s.ID], s)
				r.times[s.ID] = append(r.times[s.ID], time.Now())
			},
			Changed: func(id delivery.ID) {
				r.mu.Lock()
				defer r.mu.Unlock()
				r.changes[id]++
			},
			Log: func(id delivery.ID, _ delivery.Severity, code string, params map[string]string) {
				r.mu.Lock()
				defer r.mu.Unlock()
				r.logs = append(r.logs, code)
				r.logged = append(r.logged, params)
			},
		}}
	return r
}

// recover does what a start after a crash does, and returns how many it put in
// doubt.
func (r *rig) recover() int {
	left := r.j.Restart(r.m.Applied())
	r.m.Recover(left)
	return len(left.Open)
}

// start runs a new queue over the same store and relay.
func (r *rig) start() {
	r.q = queue.New(r.o)
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel, r.done = cancel, make(chan error, 1)
	q := r.q
	go func() { r.done <- q.Run(ctx) }()
}

// end tells the queue to end and returns what Run said.
func (r *rig) end() error {
	r.Helper()
	r.cancel()
	err := <-r.done
	if left := r.q.Left(); err == nil && len(left) > 0 {
		r.Errorf("after the end it counts %v", left)
	}
	return err
}

// until lets time pass until the delivery is in a state.
func (r *rig) until(id delivery.ID, s delivery.State, within time.Duration) {
	r.Helper()
	begin := time.Now()
	for r.m.State(id) != s {
		if time.Since(begin) > within {
			r.Fatalf("%s is %s after %v, want %s: %+v; log %v", id, r.m.State(id), within, s, r.m.Counters(id), r.logs)
		}
		time.Sleep(time.Millisecond + time.Since(begin)/200)
	}
	synctest.Wait()
}

// sends returns how many messages have begun and how many connections are open.
func (r *rig) sends() (begun, open int) {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	return len(r.begun), r.open
}

// verify holds the end of a run to the invariants.
func (r *rig) verify() {
	r.Helper()
	if err := errors.Join(r.m.Faults(), r.j.Faults()); err != nil {
		r.Error(err)
	}
	r.world.mu.Lock()
	copies := maps.Clone(r.copies)
	open := r.open
	r.world.mu.Unlock()
	for ref, n := range copies {
		if n > 1 {
			r.Errorf("message %v was accepted %d times", ref, n)
		}
		m := r.m.Message(ref)
		if n == 1 && m.To != delivery.MsgAccepted && m.To != delivery.MsgInDoubt {
			r.Errorf("message %v was accepted and is %s", ref, m.To)
		}
	}
	for id := delivery.ID(1); ; id++ {
		list := r.messages(id)
		if list == nil {
			break
		}
		for _, m := range list {
			if m.To == delivery.MsgAccepted && (m.Code < 200 || m.Code > 299 || m.Accepted != 1 || copies[m.Ref] != 1) {
				r.Errorf("accepted without a 2xx, or twice, or without a copy: %+v, %d copies", m, copies[m.Ref])
			}
		}
	}
	if open != 0 {
		r.Errorf("%d connections are open after the end", open)
	}
}

// messages lists the messages of a delivery, or nil when there is none.
func (r *rig) messages(id delivery.ID) []queuetest.Message {
	n := r.m.Len(id)
	if n == 0 {
		return nil
	}
	list := make([]queuetest.Message, n)
	for i := range list {
		list[i] = r.m.Message(queue.Ref{Delivery: id, Seq: int64(i + 1)})
	}
	return list
}

func (r *rig) last(id delivery.ID) delivery.Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.statuses[id]); n > 0 {
		return r.statuses[id][n-1]
	}
	return delivery.Status{}
}

func (r *rig) count(code string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, c := range r.logs {
		if c == code {
			n++
		}
	}
	return n
}

func (r *rig) log(code string) map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.Index(r.logs, code); i >= 0 {
		return r.logged[i]
	}
	return nil
}

// bubble runs a test in fake time. That it returns proves that no goroutine of the
// queue is left: synctest waits for all of them.
func bubble(t *testing.T, test func(r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(newRig(t)) })
}

// random draws acts by weight, the same for the same seed.
func random(seed uint64, weights map[act]int) func(queue.Ref, int) act {
	var all []act
	for _, a := range slices.Sorted(maps.Keys(weights)) {
		for range weights[a] {
			all = append(all, a)
		}
	}
	return func(r queue.Ref, try int) act {
		rng := rand.New(rand.NewPCG(seed, uint64(r.Delivery)<<40|uint64(r.Seq)<<8|uint64(try)))
		return all[rng.IntN(len(all))]
	}
}
