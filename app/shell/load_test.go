package shell_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/bridge/live"
	"sendoff/app/panel"
	"sendoff/app/shell"
	"sendoff/app/text"
	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/resources/translations"
)

// flat is what a window got while the engine sent flat out.
type flat struct {
	messages  int64
	took      time.Duration
	ran, slow int64 // closures, and how many of them took too long
}

// flatOut sends the training delivery as fast as the engine can, in sight of a
// window that shows first the dashboard and then the log.
func flatOut(t testing.TB) flat {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{Dir: t.TempDir(), Operator: "Marieke", TrainingLatency: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	id, err := e.AddSample(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	operators, err := e.Operators(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	who := access.Principal{Operator: operators[0].ID}
	if err := e.Prepare(t.Context(), who, id); err != nil {
		t.Fatal(err)
	}
	e.Run()
	words, err := text.Load(translations.FS, "en", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	ui := bridgetest.NewUI()
	s, err := shell.New(shell.Config{App: test.NewTempApp(t), Engine: live.Engine{Engine: e}, Operators: operators, Text: words,
		Words: translations.FS, Theme: "light", Size: fyne.NewSize(1280, 820), Post: ui.Post,
		Start: panel.Place{Screen: panel.Delivery, Delivery: id}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Bridge().Cancel(); s.Window().Close() })
	ui.Settle()

	v, err := e.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	before, slowBefore := s.Bridge().Closures()
	start := time.Now()
	if err := e.Confirm(t.Context(), who, id, v.Plan.Hash); err != nil {
		t.Fatal(err)
	}
	logs, looked := false, time.Now()
	ui.Until(t, "the end of the sending", func() bool {
		if time.Since(looked) < 50*time.Millisecond {
			return false
		}
		looked = time.Now()
		v, err := e.Delivery(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if !logs && v.Counters.Accepted > 4000 {
			logs = true
			s.Go(panel.Place{Screen: panel.Deployment, Delivery: id, Tab: "sending"})
		}
		return v.State == delivery.Finished || v.State == delivery.Retrying
	})
	took := time.Since(start)
	ran, slow := s.Bridge().Closures()
	ran, slow = ran-before, slow-slowBefore
	return flat{v.Plan.ToDeliver, took, ran, slow}
}

// TestTheWindowStaysResponsive while the real engine sends flat out: the
// dashboard and the logs get a bounded number of closures a second, however many
// messages leave, and nearly none of them keeps the UI goroutine too long. The
// bound is that of DESIGN: fifteen a second for each subscription and each list.
func TestTheWindowStaysResponsive(t *testing.T) {
	f := flatOut(t)
	t.Logf("%d messages in %v; %d closures, %d of them slow", f.messages, f.took.Round(time.Millisecond), f.ran, f.slow)
	// Events, the chart's series and its picture, the order of a list and its
	// rows, and what a change of state asks for.
	if most := int64(f.took.Seconds()*5*15) + 60; f.ran > most {
		t.Errorf("%d closures in %v, want at most %d", f.ran, f.took, most)
	}
	if !raced && f.slow > max(3, f.ran/20) {
		t.Errorf("%d of %d closures kept the window longer than they may", f.slow, f.ran)
	}
}
