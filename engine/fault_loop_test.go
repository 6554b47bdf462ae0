package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/enginetest/invariant"
	"sendoff/engine/queue"
	"sendoff/engine/transport"
)

// TestFaultNthCall lets one call after the other fail, from the opening of a
// workspace over preparation and confirmation to the last line of the log, until a
// run passes without a fault. After each the invariants hold, what a command
// promised is so, and a start without faults brings the delivery to its end: nobody
// gets two, and who is not in doubt has got one.
func TestFaultNthCall(t *testing.T) {
	invariant.NoLeak(t)
	ready := t.TempDir()
	id := draftFor(t, ready, 8, 25, 2)
	for name, layer := range faultLayers() {
		for _, chunking := range []bool{false, true} {
			for _, onand := range []bool{false, true} {
				l := &loop{chunking: chunking, ready: ready, id: id, layer: layer, onand: onand}
				t.Run(fmt.Sprintf("%s/chunking %v/for good %v", name, chunking, onand), l.run)
			}
		}
	}
}

// loop is one Nth-call loop.
type loop struct {
	ready    string
	id       delivery.ID
	layer    func(o *engine.Options, t *trap)
	chunking bool
	onand    bool

	sink *enginetest.Sink
}

// faultSteps is how far apart the calls are that fail, on average: every one with
// SENDOFF_SOAK=1.
func faultSteps(n int) int {
	switch {
	case os.Getenv("SENDOFF_SOAK") == "1":
		return 1
	case n < 10:
		return 4
	default:
		return 60
	}
}

func (l *loop) run(t *testing.T) {
	t.Parallel()
	var err error
	if l.sink, err = enginetest.StartSink(enginetest.SinkOptions{Record: true, Chunking: l.chunking}); err != nil {
		t.Fatal(err)
	}
	defer l.sink.Close()
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 3))
	points := 0
	for n := 1; ; n += 1 + rng.IntN(2*faultSteps(n)-1) {
		w := &trap{at: n, onand: l.onand}
		what := l.once(t, w)
		if t.Failed() {
			t.Fatalf("seed %d: call %d (%s) fails", seed, n, what)
		}
		if what == "" {
			t.Logf("%d of %d calls failed", points, n-1)
			return
		}
		points++
		if n > 20_000 {
			t.Fatal("no run without a fault")
		}
	}
}

// once lives one life with a trap and the rest of it without.
func (l *loop) once(t *testing.T, w *trap) (what string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(l.ready)); err != nil {
		t.Fatal(err)
	}
	first := len(l.sink.Receipts())
	o := engine.Options{Dir: dir, Secrets: noSecrets{}, Backoff: func(delivery.Account) []time.Duration { return []time.Duration{20 * time.Millisecond} }}
	o.Reach = func(c *transport.Config) {
		c.Port = l.sink.Port()
		c.Trust = -1 // a window at once
	}
	clean := o
	o.Queue = func(q *queue.Options) { q.Grace = 300 * time.Millisecond }
	l.layer(&o, w)
	prepared, confirmed := l.live(t, o)
	what = w.sprung()

	e, err := engine.Open(t.Context(), clean)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	v, err := e.Delivery(t.Context(), l.id)
	if err != nil {
		t.Fatal(err)
	}
	if prepared && v.Plan == nil || confirmed && v.Confirmation == nil {
		t.Errorf("prepared %v, confirmed %v: %s with %+v", prepared, confirmed, v.State, v.Confirmation)
	}
	invariant.Check(t, e, l.id, l.received(first))
	e.Run()
	l.finish(t, e)
	invariant.Check(t, e, l.id, l.received(first))
	v, err = e.Delivery(t.Context(), l.id)
	if err != nil {
		t.Fatal(err)
	}
	c := v.Counters
	if v.State != delivery.Finished || c.Accepted+c.InDoubt != c.Targeted || c.Targeted != 8 {
		t.Errorf("in the end %s with %+v", v.State, c)
	}
	if what == "" && c.InDoubt > 0 {
		t.Errorf("%d in doubt without a fault", c.InDoubt)
	}
	return what
}

// received is what the receiver read since the life began.
func (l *loop) received(first int) (out []invariant.Receipt) {
	for _, r := range l.sink.Receipts()[first:] {
		if r.Complete {
			out = append(out, invariant.Receipt{Recipient: r.Recipient, MessageID: r.MessageID})
		}
	}
	return out
}

// live goes from the opening to the end of the delivery, or to the first command
// that fails, and tells what was promised.
func (l *loop) live(t *testing.T, o engine.Options) (prepared, confirmed bool) {
	t.Helper()
	ctx := t.Context()
	e, err := engine.Open(ctx, o)
	if err != nil {
		return false, false
	}
	defer e.Close() // its own failure is one of the faults
	os, err := e.Operators(ctx)
	if err != nil {
		return false, false
	}
	who := access.Principal{Operator: os[0].ID}
	if err := e.Prepare(ctx, who, l.id); err != nil {
		return false, false
	}
	v, err := e.Delivery(ctx, l.id)
	if err != nil || v.Plan == nil {
		return true, false
	}
	if err := e.Confirm(ctx, who, l.id, v.Plan.Hash); err != nil {
		return true, false
	}
	e.Run()
	// What waits for better times is ended in the midst of it.
	patience := time.Minute
	if l.onand {
		patience = 1500 * time.Millisecond
	}
	if v, ok := l.rests(e, patience); !ok && !l.onand {
		t.Errorf("it is still %s with %+v", v.State, v.Counters)
	}
	return true, true
}

// rests waits until nothing happens any more by itself, or a relay or a lock keeps
// the delivery from going on.
func (l *loop) rests(e *engine.Engine, patience time.Duration) (delivery.View, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	sub := e.Subscribe()
	defer sub.Close()
	for {
		v, err := e.Delivery(ctx, l.id)
		if err != nil {
			v, err = e.Delivery(ctx, l.id) // it was this call that failed
		}
		if e.Broken() != nil || err == nil && (v.State.Ended() || v.State == delivery.Paused || l.onand && v.Status.Hold != nil) {
			return v, true
		}
		if _, err := sub.Next(ctx); err != nil {
			return v, false
		}
	}
}

// finish does what a person would do until the delivery has ended.
func (l *loop) finish(t *testing.T, e *engine.Engine) {
	t.Helper()
	ctx := t.Context()
	who := l.first(t, e)
	for range 20 {
		v, err := e.Delivery(ctx, l.id)
		if err != nil {
			t.Fatal(err)
		}
		switch v.State {
		case delivery.Editing, delivery.PreparationFailed:
			err = e.Prepare(ctx, who, l.id)
		case delivery.Ready:
			err = e.Confirm(ctx, who, l.id, v.Plan.Hash)
		case delivery.Paused:
			err = e.Resume(ctx, who, l.id)
		case delivery.Finished:
			return
		default:
			if v, ok := l.rests(e, time.Minute); !ok {
				t.Fatalf("it is still %s with %+v", v.State, v.Counters)
			}
		}
		if err != nil {
			t.Fatalf("%s: %v", v.State, err)
		}
		if e.Broken() != nil {
			t.Fatal(e.Broken())
		}
	}
}

// first is who works in the workspace.
func (l *loop) first(t *testing.T, e *engine.Engine) access.Principal {
	t.Helper()
	os, err := e.Operators(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return access.Principal{Operator: os[0].ID}
}

// confirmedLoop makes a workspace with a confirmed delivery to a receiver of its own.
func confirmedLoop(t *testing.T, dir string, people, connections int, o enginetest.SinkOptions) *loop {
	t.Helper()
	o.Record = true
	sink, err := enginetest.StartSink(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sink.Close() })
	return &loop{sink: sink, id: confirmedFor(t, dir, people, sink.Port(), connections)}
}

// goesOn holds what an engine that was opened again knows against what the receiver
// has, and once more when it has sent the rest.
func (l *loop) goesOn(t *testing.T, e *engine.Engine) {
	t.Helper()
	invariant.Check(t, e, l.id, l.received(0))
	e.Run()
	l.finish(t, e)
	invariant.Check(t, e, l.id, l.received(0))
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// draftFor makes a workspace with a delivery to the receiver that is not prepared.
func draftFor(t *testing.T, dir string, people, port, connections int) delivery.ID {
	t.Helper()
	w := drafted(t, dir, people, port, connections)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.id
}

// drafted is the same, still open.
func drafted(t *testing.T, dir string, people, port, connections int) *work {
	t.Helper()
	w := newWork(t, dir, people)
	a, err := w.AddAccount(t.Context(), w.who, delivery.Account{Name: "sink", Host: "127.0.0.1", Port: port,
		Security: delivery.SecurityNone, Connections: connections}, "")
	if err != nil {
		t.Fatal(err)
	}
	d := w.view().Draft
	d.Account = a.ID
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	return w
}
