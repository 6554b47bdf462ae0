package draft_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/draft"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/event"
	"sendoff/widgets"
)

type nowhere struct{}

func (nowhere) Content() fyne.CanvasObject { return widgets.NewText("", widgets.Body()) }
func (nowhere) Handle([]event.Event)       {}
func (nowhere) Reload()                    {}
func (nowhere) Close()                     {}

func TestDraft(t *testing.T) {
	w := paneltest.Open(t, bridgetest.New(), paneltest.Options{W: 400, H: 300}, func(*panel.Env) paneltest.Screen { return nowhere{} })
	kept := func() string {
		w.Settle()
		d, err := w.Engine.Draft(t.Context(), "form/1")
		if err != nil {
			t.Fatal(err)
		}
		return d.Value
	}
	value := ""
	k := draft.Keep(w.Env, "form/1", func() string { return value })
	for _, v := range []string{"a", "ab", "abc"} {
		value = v
		k.Changed()
	}
	if got := kept(); got != "" {
		t.Errorf("kept %q before a pause in typing", got)
	}
	w.UI.Until(t, "the draft", func() bool { return kept() != "" })
	if got := kept(); got != "abc" {
		t.Errorf("kept %q, want the last one", got)
	}
	got := ""
	draft.Take(w.Env, "form/1", func(v string) { got = v })
	w.Settle()
	if got != "abc" {
		t.Errorf("gave back %q", got)
	}
	draft.Take(w.Env, "form/2", func(v string) { t.Errorf("another form got %q", v) })
	k.Forget()
	if got := kept(); got != "" {
		t.Errorf("kept %q after the form was saved", got)
	}
	value = "late"
	k.Changed()
	time.Sleep(draft.Pause + 200*time.Millisecond)
	if got := kept(); got != "" {
		t.Errorf("kept %q of a form that is gone", got)
	}
	// A form in which nothing was typed leaves no trace.
	draft.Keep(w.Env, "form/3", func() string { return "x" }).Forget()
	w.Settle()
}
