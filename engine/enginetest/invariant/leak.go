package invariant

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience is how long what is closed may take to end.
const patience = 10 * time.Second

// NoLeak fails t at its end when goroutines of the engine, or of a database that
// it opened, are still there that were not there before. It is for tests that run
// alone; others ask Goroutines when all have ended.
func NoLeak(t testing.TB) {
	before := len(Goroutines())
	t.Cleanup(func() {
		for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
			now := Goroutines()
			if len(now) <= before {
				return
			}
			if time.Now().After(end) {
				t.Errorf("%d goroutines of the engine, %d before:\n%s", len(now), before, strings.Join(now, "\n\n"))
				return
			}
		}
	})
}

// Goroutines lists the stacks of the goroutines that belong to the engine: not
// tests themselves, nor the one that asks.
func Goroutines() []string {
	buf := make([]byte, 1<<20)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	var out []string
	for i, g := range strings.Split(string(buf), "\n\n") {
		ours := strings.Contains(g, "sendoff/engine") || strings.Contains(g, "database/sql")
		if i > 0 && ours && !strings.Contains(g, "testing.tRunner") && !strings.Contains(g, "testing.(*M)") {
			out = append(out, g)
		}
	}
	return out
}
