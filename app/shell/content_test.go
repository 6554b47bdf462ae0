package shell_test

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// written is the subject of delivery 95 as it is stored.
func written(t *testing.T, e *bridgetest.Engine) string {
	t.Helper()
	v, err := e.Delivery(t.Context(), 95)
	if err != nil {
		t.Fatal(err)
	}
	return v.Content.Subject
}

// What is written is saved when its screen is left, and that can be undone.
func TestLeavingAContentSavesIt(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Editing))
	w := open(t, e, options{first: 95})
	was := written(t, e)
	w.EditContent()
	w.ui.Settle()
	w.Write("Another subject")
	w.Back()
	w.ui.Settle()
	if at := w.At(); at.Screen != panel.Delivery || written(t, e) != "Another subject" {
		t.Errorf("at %v with %q", at, written(t, e))
	}
	w.Press(fyne.KeyZ)
	w.ui.Settle()
	if got := written(t, e); got != was {
		t.Errorf("taken back to %q", got)
	}
}

// Where saving breaks a plan, a person is asked, once; shortcuts stay out.
func TestLeavingAContentAsksForThePlan(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Ready))
	w := open(t, e, options{first: 95})
	was := written(t, e)
	w.EditContent()
	w.ui.Settle()
	w.Write("Another subject")
	w.Home()
	w.ui.Settle()
	w.relayout()
	w.want("Save the content first?")
	w.Press("2")
	if w.At().Screen != panel.Content {
		t.Fatalf("a shortcut led to %v past the question", w.At())
	}
	w.tap("Stay here")
	if w.At().Screen != panel.Content || widgets.IsOpen(w.Window()) {
		t.Fatal("it did not stay")
	}
	w.Home()
	w.ui.Settle()
	w.relayout()
	w.tap("Keep as a draft")
	w.ui.Settle()
	if w.At().Screen != panel.Deliveries || written(t, e) != was {
		t.Errorf("at %v with %q", w.At(), written(t, e))
	}
	w.Go(panel.Place{Screen: panel.Content, Delivery: 95})
	w.ui.Settle()
	if got := w.Written(); got != "Another subject" {
		t.Errorf("the draft says %q", got)
	}
	// Closing the window asks as well.
	w.AskToClose()
	w.relayout()
	w.want("Save the content first?")
	w.tap("Stay here")
	if w.At().Screen != panel.Content {
		t.Error("the window went")
	}
}

// Ctrl+Z and Ctrl+Y on the content go through what is written there.
func TestUndoOfAContent(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Editing))
	w := open(t, e, options{first: 95})
	w.EditContent()
	w.ui.Settle()
	was := w.Written()
	w.Write("One")
	w.Press(fyne.KeyZ)
	if got := w.Written(); got != was {
		t.Errorf("back to %q", got)
	}
	w.Press(fyne.KeyY)
	if got := w.Written(); got != "One" {
		t.Errorf("forth to %q", got)
	}
}

// A page of HTML that falls onto a dashboard or a content becomes the content.
func TestDroppedHTML(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, []byte("\ufeff<p>From a file</p>"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := bridgetest.New(bridgetest.Sample(95, delivery.Editing))
	w := open(t, e, options{first: 95})
	w.Drop(storage.NewFileURI(path))
	w.ui.Until(t, "the file", func() bool { return w.WrittenHTML() == "<p>From a file</p>" })
	if w.At().Screen != panel.Content {
		t.Errorf("at %v", w.At())
	}
}
