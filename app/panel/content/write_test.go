package content_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"sendoff/app/panel/content"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// focus gives the keyboard to what is called so, the last one drawn.
func focus(w *paneltest.Window, name string) fyne.Focusable {
	w.T.Helper()
	var found fyne.Focusable
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		a, ok := o.(fyne.Accessible)
		if f, can := o.(fyne.Focusable); ok && can && a.AccessibilityLabel() == name {
			found = f
		}
	})
	if found == nil {
		w.T.Fatalf("there is nothing called %q", name)
	}
	w.Window.Canvas().Focus(found)
	return found
}

func typed(w *paneltest.Window, s string) {
	for _, r := range s {
		w.Window.Canvas().Focused().TypedRune(r)
	}
	w.Settle()
}

func shortcut(w *paneltest.Window, s fyne.Shortcut) {
	w.Window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(s)
	w.Settle()
}

// The menu inserts a field with a default into the source, and a condition around
// what is selected; both by keys alone.
func TestPersonalisedByKeys(t *testing.T) {
	w, p := open(t, paneltest.Options{}, content.TabSource, func(v *delivery.View) { v.Content.HTML = "Dear reader" })
	s := p.Session()
	focus(w, "HTML")
	shortcut(w, &desktop.CustomShortcut{KeyName: fyne.KeyEnd, Modifier: fyne.KeyModifierShortcutDefault})
	shortcut(w, &desktop.CustomShortcut{KeyName: fyne.KeyLeft, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift})
	focus(w, "Personalise")
	w.Key(fyne.KeySpace)
	typed(w, "voornaam")
	w.Key(fyne.KeyDown, fyne.KeyReturn)
	typed(w, `"friend"`)
	w.Want(`Joris, or "friend"`)
	w.Key(fyne.KeyReturn)
	if got := s.Draft().Content.HTML; got != `Dear {{ first_name | default: '"friend"' }}` {
		t.Errorf("%s", got)
	}
	shortcut(w, &fyne.ShortcutSelectAll{})
	focus(w, "Personalise")
	w.Key(fyne.KeySpace, fyne.KeyDown, fyne.KeyReturn)
	w.Tap("Voornaam – Joris")
	w.Choose("Plaats – Utrecht")
	var value *widgets.Entry
	for _, e := range paneltest.All[*widgets.Entry](w) {
		value = e // the last one drawn is that of the dialog
	}
	w.Window.Canvas().Focus(value.Target())
	typed(w, "Utrecht")
	w.Want("People whose Plaats is Utrecht")
	w.Key(fyne.KeyReturn)
	if got := s.Draft().Content.HTML; got != `{% if city == "Utrecht" %}Dear {{ first_name | default: '"friend"' }}{% endif %}` {
		t.Errorf("%s", got)
	}
	// Each is one step back, from within the source.
	shortcut(w, &fyne.ShortcutUndo{})
	shortcut(w, &fyne.ShortcutUndo{})
	if got := s.Draft().Content.HTML; got != "Dear reader" {
		t.Errorf("back to %s", got)
	}
	shortcut(w, &desktop.CustomShortcut{KeyName: fyne.KeyZ, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift})
	if got := s.Draft().Content.HTML; !strings.HasPrefix(got, "Dear {{") {
		t.Errorf("forth to %s", got)
	}
}

// The text follows the HTML until somebody writes one, and again when asked.
func TestText(t *testing.T) {
	w, p := open(t, paneltest.Options{}, content.TabText, func(v *delivery.View) { v.Content.HTML, v.Content.Text = "<h1>Hello {{ city }}</h1>", "" })
	s := p.Session()
	w.UI.Until(t, "the derived text", func() bool { return s.Derived() != "" })
	w.Settle()
	w.Want("Hello {{ city }}", "Follows the HTML.")
	if w.Button("Derive again") != nil {
		t.Error("what follows can be derived again")
	}
	s.Edit("", func(d *delivery.Draft) { d.Content.HTML = "<p>Other</p>" })
	w.UI.Until(t, "the new text", func() bool { return strings.TrimSpace(s.Derived()) == "Other" })
	w.Settle()
	w.Want("Other")
	focus(w, "Text")
	shortcut(w, &desktop.CustomShortcut{KeyName: fyne.KeyHome, Modifier: fyne.KeyModifierShortcutDefault})
	typed(w, "My ")
	w.Want("no longer follows the HTML")
	if got := s.Draft().Content.Text; strings.TrimSpace(got) != "My Other" {
		t.Errorf("%q", got)
	}
	s.Edit("", func(d *delivery.Draft) { d.Content.HTML = "<p>Third</p>" })
	w.UI.Until(t, "the third text", func() bool { return strings.TrimSpace(s.Derived()) == "Third" })
	w.Settle()
	w.Want("My Other")
	w.Tap("Derive again")
	w.Want("Third", "Follows the HTML.")
	if got := s.Draft().Content.Text; got != "" {
		t.Errorf("%q is kept", got)
	}
}

// A finding leads to its place: a tab with line and column, or a field.
func TestFindingsLeadToTheirPlace(t *testing.T) {
	w, p := open(t, paneltest.Options{}, content.TabChecks, func(v *delivery.View) {
		v.Content.HTML, v.Content.Subject = "<p>\n  {{ city | sort }}\n</p>", "Hello {{ x"
	})
	w.UI.Until(t, "the findings", func() bool { fs, known := p.Session().Findings(); return known && len(fs) > 1 })
	w.Settle()
	press := func(part string) {
		t.Helper()
		for _, r := range paneltest.All[*widgets.Row](w) {
			if strings.HasPrefix(r.AccessibilityLabel(), part) {
				w.Window.Canvas().Focus(r)
				w.Key(fyne.KeySpace)
				return
			}
		}
		t.Fatalf("there is no finding in %s", part)
	}
	press("Subject")
	typed(w, "!")
	if got := p.Session().Draft().Content.Subject; !strings.Contains(got, "!") {
		t.Errorf("the keyboard is not in the subject: %q", got)
	}
	press("HTML, line 2")
	if p.Place().Tab != content.TabSource {
		t.Fatalf("at %v", p.Place())
	}
	w.Want("Line 2, column 13")
	// Corrected, it goes by itself.
	p.Session().Edit("", func(d *delivery.Draft) { d.Content.HTML, d.Content.Subject = "<p>Good</p>", "Good" })
	w.UI.Until(t, "nothing of the kind", func() bool {
		fs, known := p.Session().Findings()
		for _, f := range fs {
			known = known && f.Code != delivery.FindTemplate
		}
		return known
	})
}

// Emoji go to the cursor and are found by name.
func TestEmojiAtTheCursor(t *testing.T) {
	w, p := open(t, paneltest.Options{}, content.TabSource, func(v *delivery.View) { v.Content.Preheader = "Sale" })
	focus(w, "Insert an emoji")
	w.Key(fyne.KeySpace)
	typed(w, "rocket")
	w.Key(fyne.KeyReturn)
	if got := p.Session().Draft().Content.Preheader; got != "🚀Sale" {
		t.Errorf("%q", got)
	}
	w.UI.Until(t, "the inbox", func() bool { return p.Session().Inbox().Preheader == "🚀Sale" })
}

// What nobody may edit can be read, and says why.
func TestLocked(t *testing.T) {
	w, p := open(t, paneltest.Options{}, content.TabSource, func(v *delivery.View) { *v = someView(delivery.Sending) })
	w.Want("This delivery cannot be edited now.")
	was := p.Session().Draft().Content.HTML
	focus(w, "HTML")
	typed(w, "x")
	if p.Session().Draft().Content.HTML != was || p.Session().Dirty() {
		t.Error("it was edited")
	}
}

// Saving says what it breaks before it does.
func TestSealIsSaid(t *testing.T) {
	w, p := open(t, paneltest.Options{}, content.TabSource, func(v *delivery.View) { *v = someView(delivery.Ready) })
	if w.Says("breaks the seal") {
		t.Error("nothing is written yet")
	}
	p.Session().Edit("", func(d *delivery.Draft) { d.Content.Subject = "Other" })
	w.Settle()
	w.Want("Saving breaks the seal of the prepared plan")
}

// Without a preheader an inbox shows how the letter begins: the words of its links
// and not where they lead.
func TestInboxShowsWordsOfLinks(t *testing.T) {
	w, p := open(t, paneltest.Options{}, content.TabSource, func(v *delivery.View) {
		v.Content.Preheader, v.Content.Text = "", "Something else"
		v.Content.HTML = `<html><body><p><a href="https://acme.example/web">In your browser</a>. Good day.</p></body></html>`
	})
	w.UI.Until(t, "the inbox", func() bool { return p.Session().Inbox().Preheader != "" })
	if got := p.Session().Inbox().Preheader; got != "In your browser. Good day." {
		t.Errorf("the inbox shows %q", got)
	}
}

// What was taken back is not found again, however soon the screen is left.
func TestWhatWasUndoneIsNotKept(t *testing.T) {
	w, p := open(t, paneltest.Options{}, content.TabSource, nil)
	s := p.Session()
	s.Edit("", func(d *delivery.Draft) { d.Content.Subject = "Spring" })
	w.UI.Until(t, "the kept draft", func() bool {
		d, err := w.Engine.Draft(t.Context(), "content2/DM7")
		return err == nil && d.Value != ""
	})
	s.Undo()
	p.Close()
	w.Settle()
	if d, err := w.Engine.Draft(t.Context(), "content2/DM7"); err != nil || d.Value != "" {
		t.Errorf("kept %q, %v", d.Value, err)
	}
}
