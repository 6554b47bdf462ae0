package engine_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/enginetest/invariant"
	"sendoff/engine/transport"
)

// TestFault31TwoMachinesOneShare: a drive whose locks do not reach the other machine
// lets a second one open the workspace in the midst of a delivery. From then on the
// first one neither stores nor records nor sends, and says why; the second one
// brings the delivery to its end, and nobody gets two.
func TestFault31TwoMachinesOneShare(t *testing.T) {
	t.Parallel()
	for _, chunking := range []bool{false, true} {
		dir := t.TempDir()
		l := confirmedLoop(t, dir, 300, 3, enginetest.SinkOptions{Chunking: chunking, Delay: 3 * time.Millisecond})
		sink, id := l.sink, l.id
		o := engine.Options{Dir: dir, Secrets: noSecrets{}, Reach: func(c *transport.Config) { c.Trust = 3 }}
		first, err := engine.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer first.Close()
		first.Run()
		for end := time.Now().Add(time.Minute); sink.Accepted() < 30 && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		// The other machine sees no lock.
		if err := os.Remove(filepath.Join(dir, "sendoff.lock")); err != nil {
			t.Fatal(err)
		}
		second, err := engine.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer second.Close()
		second.Run()
		for end := time.Now().Add(30 * time.Second); first.Broken() == nil && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		if err := first.Broken(); !delivery.Is(err, delivery.KindTakenOver) {
			t.Errorf("the first one goes on: %v", err)
		}
		if err := first.Pause(t.Context(), l.first(t, first), id); !delivery.Is(err, delivery.KindTakenOver) {
			t.Errorf("a command to the first one: %v", err)
		}
		l.finish(t, second)
		invariant.Check(t, second, id, l.received(0))
		v, err := second.Delivery(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		window := int64(2)
		if chunking {
			window = 8
		}
		if c := v.Counters; c.Accepted+c.InDoubt != 300 || c.InDoubt > 3*window {
			t.Errorf("in the end %+v", c)
		}
		_ = first.Close() // it has been told
		if err := second.Close(); err != nil {
			t.Error(err)
		}
	}
}
