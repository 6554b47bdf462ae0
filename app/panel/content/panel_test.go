package content_test

import (
	"testing"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/content"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
)

// open shows the content of delivery 7, being edited.
func open(t *testing.T, o paneltest.Options, tab string, edit func(*delivery.View)) (*paneltest.Window, *content.Panel) {
	t.Helper()
	e := bridgetest.New()
	v := bridgetest.Sample(7, delivery.Editing)
	if edit != nil {
		edit(&v)
	}
	e.Put(v)
	return reopen(t, e, o, tab)
}

func reopen(t *testing.T, e *bridgetest.Engine, o paneltest.Options, tab string) (*paneltest.Window, *content.Panel) {
	t.Helper()
	var p *content.Panel
	w := paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen {
		p = content.New(env, panel.Place{Screen: panel.Content, Delivery: 7, Tab: tab})
		return p
	})
	return w, p
}

func TestUndoRedoSave(t *testing.T) {
	w, p := open(t, paneltest.Options{}, "source", nil)
	s := p.Session()
	was := s.Draft().Content.Subject
	s.Edit("subject", func(d *delivery.Draft) { d.Content.Subject = "Spring" })
	s.Edit("", func(d *delivery.Draft) { d.Content.HTML = "<p>Hello</p>" })
	if !s.Dirty() || !s.CanUndo() {
		t.Fatal("nothing is written")
	}
	p.Undo()
	if d := s.Draft().Content; d.Subject != "Spring" || d.HTML == "<p>Hello</p>" {
		t.Errorf("one step back: %q %q", d.Subject, d.HTML)
	}
	p.Undo()
	if s.Draft().Content.Subject != was || s.Dirty() {
		t.Errorf("two steps back: %q", s.Draft().Content.Subject)
	}
	p.Redo()
	w.Tap("Save")
	v, err := w.Engine.Delivery(t.Context(), 7)
	if err != nil || v.Content.Subject != "Spring" || s.Dirty() {
		t.Errorf("saved %q, %v", v.Content.Subject, err)
	}
	w.Undo()
	if v, _ := w.Engine.Delivery(t.Context(), 7); v.Content.Subject != was {
		t.Errorf("taken back to %q", v.Content.Subject)
	}
}

func TestWhatIsWrittenIsKept(t *testing.T) {
	w, p := open(t, paneltest.Options{}, "source", nil)
	p.Session().Edit("subject", func(d *delivery.Draft) { d.Content.Subject = "Half a sub" })
	p.Close()
	w.Settle()
	w, p = reopen(t, w.Engine, paneltest.Options{}, "source")
	if got := p.Session().Draft().Content.Subject; got != "Half a sub" {
		t.Errorf("came back with %q", got)
	}
	// What somebody else changed meanwhile stays theirs.
	v, _ := w.Engine.Delivery(t.Context(), 7)
	v.Audience = 2
	w.Engine.Put(v)
	p.Reload()
	w.Settle()
	if d := p.Session().Draft(); d.Audience != 2 || d.Content.Subject != "Half a sub" {
		t.Errorf("%d %q", d.Audience, d.Content.Subject)
	}
	p.Undo()
	p.Close()
	w.Settle()
	_, p = reopen(t, w.Engine, paneltest.Options{}, "source")
	if p.Session().Dirty() {
		t.Error("what was taken back is kept")
	}
}

// In a low window the head leaves its room to the letter, unless nothing is written
// there yet or a person wants it open.
func TestHeadInALowWindow(t *testing.T) {
	shows := func(w *paneltest.Window) bool { return w.Says(w.Words.T("edit.preheader")) }
	low := paneltest.Options{W: 1024, H: 644}
	w, p := open(t, low, "source", nil)
	if shows(w) || !w.Says(w.Words.T("edit.subject")) {
		t.Error("the head takes the room of the source")
	}
	w.Tap(w.Words.T("content.unfold"))
	if !shows(w) {
		t.Fatal("it cannot be opened")
	}
	p.Close()
	prefs := w.Env.Prefs
	w = paneltest.Open(t, w.Engine, low, func(env *panel.Env) paneltest.Screen {
		env.Prefs = prefs
		return content.New(env, panel.Place{Screen: panel.Content, Delivery: 7})
	})
	if !shows(w) {
		t.Error("it is folded again")
	}
	if w, _ = open(t, low, "source", func(v *delivery.View) { v.Content.Subject = "" }); !shows(w) {
		t.Error("what is to be written first is folded away")
	}
	if w, _ = open(t, paneltest.Options{W: 1024, H: 820}, "source", nil); !shows(w) {
		t.Error("it is folded in a high window")
	}
}

func TestPicture(t *testing.T) {
	for _, tab := range []string{"source", "text", "checks", "settings"} {
		w, _ := open(t, paneltest.Options{W: 1024, H: 640}, tab, nil)
		w.NothingIsCut()
		w.Picture("content-" + tab)
	}
}

// someView is delivery 7 in a state.
func someView(s delivery.State) delivery.View { return bridgetest.Sample(7, s) }
