package shell_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/bridge/live"
	"sendoff/app/panel"
	"sendoff/app/panel/paneltest"
	"sendoff/app/shell"
	"sendoff/app/text"
	"sendoff/engine"
	"sendoff/resources/translations"
)

// BenchmarkStart opens a workspace and shows the sending log of its first
// delivery, until its rows are there: all that happens between start and first
// look but the painting. SENDOFF_BENCH_WORKSPACE names the workspace.
func BenchmarkStart(b *testing.B) {
	dir := os.Getenv("SENDOFF_BENCH_WORKSPACE")
	if dir == "" {
		b.Skip("SENDOFF_BENCH_WORKSPACE is not set")
	}
	for b.Loop() {
		e, err := engine.Open(b.Context(), engine.Options{Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		vs, err := e.Deliveries(b.Context())
		if err != nil || len(vs) == 0 {
			b.Fatalf("%d deliveries, %v", len(vs), err)
		}
		operators, err := e.Operators(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		words, err := text.Load(translations.FS, "en", time.UTC)
		if err != nil {
			b.Fatal(err)
		}
		ui := bridgetest.NewUI()
		e.Run()
		s, err := shell.New(shell.Config{App: test.NewTempApp(b), Engine: live.Engine{Engine: e}, Operators: operators, Text: words,
			Words: translations.FS, Theme: "light", Size: fyne.NewSize(1280, 820), Post: ui.Post,
			Start: panel.Place{Screen: panel.Deployment, Delivery: vs[0].ID, Tab: "sending"}})
		if err != nil {
			b.Fatal(err)
		}
		s.Window().Resize(fyne.NewSize(1280, 820))
		ui.Until(b, "the rows of the log", func() bool { return addresses(s.Window()) >= 10 })
		b.StopTimer()
		s.Bridge().Cancel()
		ui.Settle()
		s.Window().Close()
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// addresses counts the mail addresses in sight.
func addresses(w fyne.Window) int {
	n := 0
	paneltest.Walk(w.Content(), fyne.Position{}, func(o fyne.CanvasObject, _ fyne.Position) {
		if t, ok := o.(*canvas.Text); ok && strings.Contains(t.Text, "@") {
			n++
		}
	})
	return n
}

// BenchmarkSending tells how many closures the UI goroutine gets while the real
// engine sends flat out, and how many of them keep it for longer than 8 ms.
func BenchmarkSending(b *testing.B) {
	var all flat
	for b.Loop() {
		f := flatOut(b)
		all.messages, all.took, all.ran, all.slow = all.messages+f.messages, all.took+f.took, all.ran+f.ran, all.slow+f.slow
	}
	b.ReportMetric(float64(all.ran)/all.took.Seconds(), "closures/s")
	b.ReportMetric(float64(all.slow)/float64(b.N), "slow")
	b.ReportMetric(float64(all.messages)/all.took.Seconds(), "messages/s")
}
