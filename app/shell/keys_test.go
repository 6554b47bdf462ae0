package shell_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/bridge/live"
	"sendoff/app/panel"
	"sendoff/app/panel/paneltest"
	"sendoff/app/shell"
	"sendoff/app/text"
	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/resources/translations"
	"sendoff/widgets"
)

// purse keeps passwords in memory.
type purse map[string]string

func (p purse) Set(a delivery.Account, password string) error { p[a.User] = password; return nil }
func (p purse) Get(a delivery.Account) (string, error)        { return p[a.User], nil }

// typist is a person without a mouse before a window over the real engine.
type typist struct {
	*window
	e *engine.Engine
}

func sit(t *testing.T) *typist {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	e, err := engine.Open(t.Context(), engine.Options{Dir: t.TempDir(), Operator: "Marieke", Secrets: purse{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	operators, err := e.Operators(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e.Run()
	words, err := text.Load(translations.FS, "nl", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	ui := bridgetest.NewUI()
	s, err := shell.New(shell.Config{App: test.NewTempApp(t), Engine: live.Engine{Engine: e}, Operators: operators, Text: words,
		Words: translations.FS, Theme: "light", Size: fyne.NewSize(1024, 700), Post: ui.Post, Start: panel.Place{Screen: panel.Deliveries}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Bridge().Cancel(); s.Window().Close() })
	p := &typist{window: &window{Shell: s, t: t, ui: ui, words: words}, e: e}
	p.settle()
	return p
}

func (p *typist) settle() {
	p.ui.Settle()
	p.relayout()
	p.ui.Settle()
}

// reach presses Tab until the keyboard is on what is wanted. Whatever a mouse can
// press must come within a round.
func (p *typist) reach(what string, wanted func(fyne.Focusable) bool) {
	p.t.Helper()
	c := p.Window().Canvas()
	for range 120 {
		if f := c.Focused(); f != nil && wanted(f) {
			return
		}
		c.FocusNext()
	}
	p.t.Fatalf("Tab does not lead to %s", what)
}

// press goes to a button by its label or tip and presses Space. The nth counts
// from 0 among those of the same label.
func (p *typist) press(label string) {
	p.t.Helper()
	p.reach(label, func(f fyne.Focusable) bool {
		a, ok := f.(fyne.Accessible)
		return ok && a.AccessibilityLabel() == label
	})
	p.Window().Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	p.settle()
}

// pick is press for what is called by its text: a tab, a choice.
func (p *typist) pick(label string) { p.t.Helper(); p.press(label) }

// into goes to a field by the label above it and types.
func (p *typist) into(label, s string) {
	p.t.Helper()
	var field *widgets.Entry
	p.each(func(o fyne.CanvasObject, _ fyne.Position) {
		if e, ok := o.(*widgets.Entry); ok && p.labelOf(e) == label {
			field = e
		}
	})
	if field == nil {
		p.t.Fatalf("there is no field %q", label)
	}
	p.reach(label, func(f fyne.Focusable) bool { return f == field.Target() })
	for _, r := range s {
		if r == '\n' {
			p.Window().Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			continue
		}
		p.Window().Canvas().Focused().TypedRune(r)
	}
	p.settle()
}

// labelOf is the text that stands right above a field.
func (p *typist) labelOf(e *widgets.Entry) string {
	var at fyne.Position
	p.each(func(o fyne.CanvasObject, pos fyne.Position) {
		if o == fyne.CanvasObject(e) {
			at = pos
		}
	})
	best, gap := "", float32(40)
	beside := "" // at the left, on its line
	p.each(func(o fyne.CanvasObject, pos fyne.Position) {
		x, ok := o.(*widgets.Text)
		if !ok || x.Text() == "" {
			return
		}
		if pos.X < at.X-40 && pos.X > at.X-120 && pos.Y > at.Y && pos.Y < at.Y+e.Size().Height {
			beside = x.Text()
		}
		if pos.X > at.X+4 || pos.X < at.X-4 {
			return
		}
		if d := at.Y + 22 - (pos.Y + x.Size().Height); d >= 0 && d < gap {
			best, gap = x.Text(), d
		}
	})
	if best == "" {
		return beside
	}
	return best
}

// write goes to an editor by what it is called and types.
func (p *typist) write(label, s string) {
	p.t.Helper()
	p.reach(label, func(f fyne.Focusable) bool {
		a, ok := f.(fyne.Accessible)
		return ok && a.AccessibilityLabel() == label
	})
	for _, r := range s {
		p.Window().Canvas().Focused().TypedRune(r)
	}
	p.settle()
}

// edit opens the block with a title by its pencil.
func (p *typist) edit(title string) {
	p.t.Helper()
	var inside []fyne.CanvasObject
	p.each(func(o fyne.CanvasObject, _ fyne.Position) {
		b, ok := o.(*widgets.Block)
		if !ok {
			return
		}
		var parts []fyne.CanvasObject
		named := false
		paneltest.Walk(b, fyne.Position{}, func(o fyne.CanvasObject, _ fyne.Position) {
			parts = append(parts, o)
			if x, ok := o.(*widgets.Text); ok && x.Text() == title {
				named = true
			}
		})
		if named {
			inside = parts
		}
	})
	p.reach("the pencil of "+title, func(f fyne.Focusable) bool {
		b, ok := f.(*widgets.Button)
		if !ok || b.Text() != "" {
			return false
		}
		for _, o := range inside {
			if o == fyne.CanvasObject(b) {
				return true
			}
		}
		return false
	})
	p.Window().Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	p.settle()
}

func (p *typist) until(id delivery.ID, what string, ok func(delivery.View) bool) {
	p.t.Helper()
	p.ui.Until(p.t, what, func() bool {
		v, err := p.e.Delivery(p.t.Context(), id)
		if err != nil {
			p.t.Fatal(err)
		}
		return ok(v)
	})
	p.settle()
}

// The whole job in Dutch, in a small window, without a mouse.
func TestWithoutAMouse(t *testing.T) {
	p := sit(t)
	w := p.words.T
	list := filepath.Join(t.TempDir(), "klanten.csv")
	var people bytes.Buffer
	people.WriteString("email;voornaam\n")
	for i := range 3000 {
		fmt.Fprintf(&people, "klant%d@post.example;Naam%d\n", i, i)
	}
	if err := os.WriteFile(list, people.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}

	// An imported list.
	p.Press(fyne.KeyI)
	p.settle()
	p.into(w("import.file"), list)
	p.press(w("import.next"))
	p.ui.Until(t, "the columns", func() bool { return p.says(w("import.found")) })
	p.settle()
	p.press(w("import.next"))
	p.ui.Until(t, "the check", func() bool { return p.says(p.words.N("import.start", 3000)) })
	p.settle()
	p.press(p.words.N("import.start", 3000))
	p.ui.Until(t, "the end of the import", func() bool { return p.says(w("import.done", "name", "klanten")) })
	p.settle()

	// A delivery to it.
	p.Press(fyne.KeyN)
	p.settle()
	id := p.At().Delivery
	if id == 0 {
		t.Fatalf("a new delivery is not opened: %v", p.At())
	}
	if p.At().Screen != panel.Content {
		t.Fatalf("a new delivery begins at %v", p.At())
	}
	p.into(w("edit.from"), "Tuin <nieuws@tuin.example>")
	p.into(w("edit.subject"), "Hallo {{ voornaam }}")
	p.pick(w("content.tab.source"))
	p.write(w("edit.html"), `<p>Dag {{ voornaam }}, <a href="{{ unsubscribe_url }}">afmelden</a></p>`)
	p.Press(fyne.KeyS)
	p.settle()
	p.Press(fyne.KeyLeftBracket)
	p.settle()
	p.edit(w("block.audience"))
	p.press(w("common.save"))

	// Prepared, confirmed, and stopped half-way.
	p.Press(fyne.KeyP)
	p.until(id, "the plan", func(v delivery.View) bool { return v.State == delivery.Ready })
	p.press(p.words.Action(delivery.Confirm))
	p.press(p.words.N("confirm.ok", 3000))
	p.until(id, "a hundred messages", func(v delivery.View) bool { return v.Counters.Accepted > 100 })
	p.press(p.words.Action(delivery.Stop))
	p.press(w("stop.ok"))
	p.until(id, "the stop, and the end of what was on its way", func(v delivery.View) bool {
		return v.State == delivery.Stopped && v.Counters.Claimed+v.Counters.Committing == 0
	})
	v, err := p.e.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if k := v.Counters; k.Cancelled == 0 || k.Accepted+k.Rejected+k.Cancelled+k.Excluded != k.Targeted {
		t.Errorf("stopped with %+v", k)
	}

	// The logs, and out with them.
	p.Press(fyne.KeyG)
	p.settle()
	if at := p.At(); at.Screen != panel.Deployment || at.Delivery != id {
		t.Fatalf("the logs are at %v", at)
	}
	p.pick(w("deployment.tab.sending"))
	p.press(w("deployment.export"))
	p.pick(w("deployment.export_csv"))
	p.press(w("deployment.export_choose"))
	p.press(w("files.save"))
	home, _ := os.UserHomeDir()
	p.ui.Until(t, "the exported file", func() bool {
		files, _ := filepath.Glob(filepath.Join(home, "*.csv"))
		return len(files) == 1
	})
	files, _ := filepath.Glob(filepath.Join(home, "*.csv"))
	log, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(log, []byte("@post.example")); lines != 3000 {
		t.Errorf("the file has %d of 3000 people", lines)
	}

	// An account.
	p.Press("4")
	p.settle()
	p.press(w("accounts.add"))
	for _, r := range "nieuws@tuin.example" {
		p.Window().Canvas().Focused().TypedRune(r)
	}
	p.settle()
	p.press(w("accounts.other"))
	p.into(w("accounts.host"), "smtp.tuin.example")
	p.into(w("accounts.password"), "geheim-123")
	p.press(w("accounts.next"))
	p.press(w("accounts.add"))
	p.ui.Until(t, "the account", func() bool {
		as, err := p.e.Accounts(t.Context())
		return err == nil && len(as) == 2 && as[1].Host == "smtp.tuin.example" && as[1].Brand.Address == "nieuws@tuin.example"
	})

	// Another look.
	p.Press("6")
	p.settle()
	p.pick(w("menu.dark"))
	if !p.Dark() {
		t.Error("the window stayed light")
	}
}
