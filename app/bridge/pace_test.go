package bridge_test

import (
	"testing"
	"time"

	"sendoff/app/bridge"
	"sendoff/app/bridge/bridgetest"
)

// What is asked for a hundred times at once is done now and once again later; a
// closed pace does nothing more.
func TestPace(t *testing.T) {
	ui := bridgetest.NewUI()
	b := bridge.New(ui.Post, nil)
	defer b.Cancel()
	n := 0
	p := bridge.NewPace(b, 60*time.Millisecond, func() { n++ })
	for range 100 {
		p.Ask()
	}
	if n != 1 {
		t.Fatalf("done %d times at once", n)
	}
	ui.Until(t, "the second time", func() bool { return n == 2 })
	time.Sleep(150 * time.Millisecond)
	ui.Settle()
	if n != 2 {
		t.Errorf("done %d times without being asked", n)
	}
	p.Ask()
	p.Ask()
	p.Close()
	p.Ask()
	time.Sleep(150 * time.Millisecond)
	ui.Settle()
	if n != 3 {
		t.Errorf("done %d times, want 3", n)
	}
}
