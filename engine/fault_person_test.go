package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/enginetest/invariant"
)

// confirmDir is the variable that makes this test binary a program that confirms
// the delivery of the workspace it names.
const confirmDir = "SENDOFF_TEST_CONFIRM_DIR"

func confirmIt(dir string) int {
	ctx := context.Background()
	e, err := engine.Open(ctx, engine.Options{Dir: dir, Secrets: noSecrets{}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer e.Close()
	vs, err := e.Deliveries(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	os1, err := e.Operators(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := e.Confirm(ctx, access.Principal{Operator: os1[0].ID}, vs[0].ID, vs[0].Plan.Hash); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// TestFault8KilledWhileConfirming: there is a whole confirmation, or there is none.
func TestFault8KilledWhileConfirming(t *testing.T) {
	t.Parallel()
	ready := t.TempDir()
	w := newWork(t, ready, 500)
	w.prepare()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 8))
	for i := range 16 {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(ready)); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), confirmDir+"="+dir)
		if i == 0 { // one that nobody interrupts
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		} else {
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(rng.Int64N(int64(200 * time.Millisecond))))
			_ = c.Process.Kill()
			_ = c.Wait()
		}
		e, err := engine.Open(t.Context(), engine.Options{Dir: dir, Secrets: noSecrets{}})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		v, err := e.Delivery(t.Context(), w.id)
		if err != nil {
			t.Fatal(err)
		}
		whole := v.Confirmation != nil && v.Confirmation.Plan == v.Plan.Hash && v.Confirmation.By != "" && !v.Confirmation.At.IsZero()
		switch v.State {
		case delivery.Ready:
			if v.Confirmation != nil || i == 0 {
				t.Errorf("seed %d: ready with %+v", seed, v.Confirmation)
			}
		case delivery.Confirmed:
			if !whole {
				t.Errorf("seed %d: confirmed with %+v", seed, v.Confirmation)
			}
		default:
			t.Errorf("seed %d: it is %s", seed, v.State)
		}
		if c := v.Counters; c.Pending != 500 {
			t.Errorf("seed %d: %+v", seed, c)
		}
		invariant.Check(t, e, w.id, nil)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFault18PressedQuickly: Pause and Resume by several hands at the same time.
func TestFault18PressedQuickly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := confirmedLoop(t, dir, 3000, 4, enginetest.SinkOptions{})
	sink, id := l.sink, l.id
	w := &work{TB: t, Engine: open(t, dir), id: id}
	operators, err := w.Operators(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.who = access.Principal{Operator: operators[0].ID}
	w.Run()
	w.until(delivery.Sending, delivery.Retrying, delivery.Finished)
	var hands sync.WaitGroup
	var pauses, resumes atomic.Int64
	for range 4 {
		hands.Go(func() {
			for range 25 {
				switch err := w.Pause(t.Context(), w.who, id); {
				case err == nil:
					pauses.Add(1)
				case !delivery.Is(err, delivery.KindState):
					t.Errorf("Pause: %v", err)
				}
				switch err := w.Resume(t.Context(), w.who, id); {
				case err == nil:
					resumes.Add(1)
				case !delivery.Is(err, delivery.KindState):
					t.Errorf("Resume: %v", err)
				}
			}
		})
	}
	hands.Wait()
	if p, r := pauses.Load(), resumes.Load(); p != r {
		// Each hand resumes after it paused: whoever found it paused did it.
		t.Errorf("%d pauses, %d resumes", p, r)
	}
	w.until(delivery.Finished)
	var got []invariant.Receipt
	for _, r := range sink.Receipts() {
		if r.Complete {
			got = append(got, invariant.Receipt{Recipient: trim(r.Recipient), MessageID: r.MessageID})
		}
	}
	invariant.Check(t, w.Engine, id, got)
	if c := w.trueLedger(); c.Accepted != 3000 {
		t.Errorf("%+v", c)
	}
}

// TestFault19ConfirmedTwice: of eight presses one counts.
func TestFault19ConfirmedTwice(t *testing.T) {
	t.Parallel()
	w := newWork(t, t.TempDir(), 200)
	hash := w.prepare().Hash
	w.Run()
	var hands sync.WaitGroup
	var won atomic.Int64
	for range 8 {
		hands.Go(func() {
			switch err := w.Confirm(t.Context(), w.who, w.id, hash); {
			case err == nil:
				won.Add(1)
			case !delivery.Is(err, delivery.KindState):
				t.Errorf("Confirm: %v", err)
			}
		})
	}
	hands.Wait()
	w.until(delivery.Finished)
	if n := won.Load(); n != 1 {
		t.Errorf("%d confirmations", n)
	}
	if c := w.trueLedger(); c.Accepted+c.Rejected != 200 {
		t.Errorf("%+v", c)
	}
}
