package message_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/message"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/widgets"
)

func open(t *testing.T, e *bridgetest.Engine, o paneltest.Options, n int64, tab string) (*paneltest.Window, *message.Panel) {
	t.Helper()
	var p *message.Panel
	w := paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen {
		p = message.New(env, panel.Place{Screen: panel.Message, Delivery: 95, Number: n, Tab: tab})
		return p
	})
	ready(w)
	return w, p
}

// ready waits until what was asked for is there, or was refused.
func ready(w *paneltest.Window) {
	w.T.Helper()
	w.UI.Until(w.T, "the message", func() bool { return w.Screen.(*message.Panel).Loaded() || len(w.Toasts) > 0 || w.Backs > 0 })
	w.Settle()
}

// of lists the numbers of the messages in a state.
func of(v delivery.View, s delivery.MessageState) []int64 {
	var out []int64
	for _, r := range bridgetest.LogRows(v) {
		if r.State == s {
			out = append(out, r.Seq)
		}
	}
	return out
}

// press presses what is called so: a tab, a link.
func press(w *paneltest.Window, label string) {
	w.T.Helper()
	var found fyne.Tappable
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		if k, ok := o.(interface {
			fyne.Tappable
			AccessibilityLabel() string
		}); ok && found == nil && k.AccessibilityLabel() == label {
			found = k
		}
	})
	if found == nil {
		w.T.Fatalf("nothing is called %q", label)
	}
	found.Tapped(nil)
	ready(w)
}

// selectable lists the texts that can be selected.
func selectable(w *paneltest.Window) []string {
	var out []string
	for _, s := range paneltest.All[*widgets.Selectable](w) {
		out = append(out, s.Text())
	}
	return out
}

// Every kind of message in both languages and themes, with nothing cut.
func TestPages(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Sending)
	for _, s := range []delivery.MessageState{delivery.MsgPending, delivery.MsgAccepted, delivery.MsgDeferred, delivery.MsgRejected, delivery.MsgExcluded, delivery.MsgInDoubt} {
		for _, o := range []paneltest.Options{{Lang: "nl", W: 968, H: 600}, {Lang: "en", W: 1048, H: 720}, {Lang: "en", Theme: "dark", W: 1048, H: 720}} {
			n := of(v, s)[0]
			if s == delivery.MsgRejected {
				n = slices.MaxFunc(bridgetest.LogRows(v), func(a, b delivery.Row) int { return a.Attempts - b.Attempts }).Seq
			}
			w, _ := open(t, bridgetest.New(v), o, n, "")
			w.Want(w.Words.T("message.got."+s.String()), "Summer time")
			w.NothingIsCut()
			w.Picture("message-" + s.String() + "-" + o.Lang + o.Theme)
			if s != delivery.MsgAccepted {
				continue
			}
			for _, tab := range []string{"html", "text", "raw"} {
				press(w, w.Words.T("message.tab."+tab))
				w.NothingIsCut()
				w.Picture("message-" + tab + "-" + o.Lang + o.Theme)
			}
		}
	}
}

func TestAccepted(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Sending)
	n := of(v, delivery.MsgAccepted)[0]
	w, _ := open(t, bridgetest.New(v), paneltest.Options{}, n, "")
	w.Want("Accepted", "What this person got", "These bytes are exactly what the plan sealed.", "Attempt 1", "Three things to plant before the longest day")
	row := bridgetest.LogRows(v)[n-1]
	if w.Title != row.Address {
		t.Errorf("title %q", w.Title)
	}
	if got := strings.Join(selectable(w), "\n"); !strings.Contains(got, "250 2.0.0 Ok: queued as") || !strings.Contains(got, "7f3ac41e09b2@acme.example>") {
		t.Errorf("can be selected: %q", got)
	}
	press(w, "HTML source")
	if got := selectable(w); !strings.HasPrefix(got[len(got)-1], "<!doctype html>\n<html") {
		t.Errorf("HTML %q", got)
	}
	press(w, "Raw bytes")
	if got := selectable(w); !strings.HasPrefix(got[len(got)-1], "Date: Mon, 23 Nov 2026 09:12:00 +0000\nFrom: ") {
		t.Errorf("raw %q", got)
	}
	w.Tap("Copy")
	if len(w.Copied) != 1 || !strings.Contains(w.Copied[0], "\r\nMIME-Version: 1.0\r\n") {
		t.Errorf("copied %q", w.Copied)
	}
	press(w, "show")
	if want := (panel.Place{Screen: panel.Person, Number: n}); w.Went[0] != want {
		t.Errorf("went to %v", w.Went)
	}
	w.Tap("Sending logs")
	if want := (panel.Place{Screen: panel.Deployment, Delivery: 95, Tab: "sending"}); w.Went[1] != want {
		t.Errorf("went to %v", w.Went)
	}
}

// The attempts are told, the last one first, with every reply.
func TestAttempts(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Sending)
	w, _ := open(t, bridgetest.New(v), paneltest.Options{W: 1048, H: 2000}, of(v, delivery.MsgDeferred)[0], "")
	w.Want("Attempt 1", "Attempt 2", "Greylisted", "it lies with the recipient", "Next try", "09:51", "What this person will get")
	at := map[string]float32{}
	w.Each(func(o fyne.CanvasObject, p fyne.Position) {
		if x, ok := o.(*widgets.Text); ok {
			for _, a := range []string{"Attempt 1 ", "Attempt 2 "} {
				if strings.HasPrefix(x.Text(), a) {
					at[a] = p.Y
				}
			}
		}
	})
	if at["Attempt 2 "] >= at["Attempt 1 "] {
		t.Errorf("the first attempt stands at %v, the second at %v", at["Attempt 1 "], at["Attempt 2 "])
	}
	w, _ = open(t, bridgetest.New(v), paneltest.Options{}, of(v, delivery.MsgInDoubt)[0], "")
	w.Want("In doubt", "No answer came.", "In doubt since", "no answer to the whole message", "none yet", "What this person may have got")
	for _, l := range paneltest.All[*widgets.Link](w) {
		if l.AccessibilityLabel() == "Decide" {
			l.Tapped(nil)
		}
	}
	if want := (panel.Place{Screen: panel.Deployment, Delivery: 95, Tab: "in_doubt"}); len(w.Went) != 1 || w.Went[0] != want {
		t.Errorf("went to %v, want %v", w.Went, want)
	}
	w, _ = open(t, bridgetest.New(v), paneltest.Options{}, of(v, delivery.MsgPending)[0], "")
	w.Want("Not tried yet.")
}

func TestExcludedAndEdited(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Sending)
	w, _ := open(t, bridgetest.New(v), paneltest.Options{}, of(v, delivery.MsgExcluded)[0], "exclusions")
	w.Want("Not written to", "The address is not one that can get mail.", "1 of 214")
	if w.Says("Attempts") || w.Says("Raw bytes") {
		t.Error("there is something to read of somebody who was not written to")
	}
	e := bridgetest.New(v)
	e.SetMessage(delivery.Message{Row: delivery.Row{Seq: 2, Address: "a@b.example", State: delivery.MsgAccepted}, Edited: true})
	w, _ = open(t, e, paneltest.Options{}, 2, "")
	w.Want("The content was edited since this plan was made")
	if w.Says("exactly what the plan sealed") {
		t.Error("a seal is claimed for bytes that are not there")
	}
	e.SetMessage(delivery.Message{Row: delivery.Row{Seq: 2, Address: "a@b.example", State: delivery.MsgAccepted}, Raw: []byte("x"), Text: "x"})
	w, _ = open(t, e, paneltest.Options{}, 2, "")
	w.Want("These bytes differ from what the plan sealed.")
}

// One walks through the list that one came from, in its order.
func TestWalk(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Sending)
	deferred := of(v, delivery.MsgDeferred)
	w, p := open(t, bridgetest.New(v), paneltest.Options{}, deferred[1], "deferred")
	w.Want("2 of 118")
	tap := func(label string) { w.Tap(label); ready(w) }
	tap("Next")
	if w.Want("3 of 118"); p.Place().Number != deferred[2] {
		t.Errorf("at %v, want %d", p.Place(), deferred[2])
	}
	tap("Previous")
	tap("Previous")
	w.Want("1 of 118")
	if !w.Button("Previous").Disabled() || w.Button("Next").Disabled() {
		t.Error("one can go on where there is nothing")
	}
	p.Focus()
	w.Key(fyne.KeySpace)
	ready(w)
	w.Want("2 of 118")
	if row := bridgetest.LogRows(v)[deferred[1]-1]; w.Title != row.Address {
		t.Errorf("title %q, want %q", w.Title, row.Address)
	}
	if at := p.Place(); at.Tab != "sending?state=deferred" {
		t.Errorf("place %v", at)
	}
}

// The bytes are saved as they are, for their owner alone, and a refusal is said.
func TestSave(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Finished)
	e := bridgetest.New(v)
	n := of(v, delivery.MsgAccepted)[0]
	w, _ := open(t, e, paneltest.Options{Lang: "nl"}, n, "")
	press(w, "Ruwe bytes")
	w.Tap("Opslaan als .eml") // no file is chosen
	w.SaveFile = filepath.Join(t.TempDir(), "post.eml")
	w.Tap("Opslaan als .eml")
	w.UI.Until(t, "the end of it", func() bool { return len(w.Toasts) > 0 })
	m, _ := e.Message(t.Context(), 95, n)
	b, err := os.ReadFile(w.SaveFile)
	if err != nil || string(b) != string(m.Raw) {
		t.Fatalf("%q, %v", b, err)
	}
	if i, _ := os.Stat(w.SaveFile); i.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", i.Mode())
	}
	if len(w.Toasts) != 1 || w.Toasts[0] != "post.eml is opgeslagen." {
		t.Errorf("said %q", w.Toasts)
	}
	w.Offered[0]()
	if w.Launched[0] != filepath.Dir(w.SaveFile) {
		t.Errorf("opened %v", w.Launched)
	}
	w.SaveFile = filepath.Join(t.TempDir(), "no", "post.eml")
	w.Tap("Opslaan als .eml")
	w.UI.Until(t, "the refusal", func() bool { return len(w.Toasts) > 1 })
	if len(w.Toasts) != 2 || !strings.Contains(w.Toasts[1], filepath.Dir(w.SaveFile)) {
		t.Errorf("said %q", w.Toasts)
	}
}

// A very large message does not keep the window: it is shown in part, and nothing
// of it is laid out before its tab is chosen.
func TestLarge(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Finished))
	line := strings.Repeat("QUJD", 19)
	raw := []byte("Subject: large\r\n\r\n" + strings.Repeat(line+"\r\n", 12000))
	e.SetMessage(delivery.Message{Row: delivery.Row{Seq: 2, Address: "a@b.example", State: delivery.MsgAccepted}, Raw: raw, Sealed: true,
		Text: strings.Repeat("words and words ", 20000), HTML: strings.Repeat("x", 600000)})
	start := time.Now()
	w, _ := open(t, e, paneltest.Options{W: 1048, H: 720}, 2, "")
	opened := time.Since(start)
	start = time.Now()
	press(w, "Raw bytes")
	t.Logf("opened in %v, raw in %v", opened.Round(time.Millisecond), time.Since(start).Round(time.Millisecond))
	w.Want("12,002 lines", "Show more (1.7\u00a0% shown)")
	press(w, "Show more (1.7\u00a0% shown)")
	w.Want("Show more (3.3\u00a0% shown)")
	press(w, "HTML source")
	w.Want("1 line")
	total := 0
	for _, s := range selectable(w) {
		total += len(s)
	}
	if total > 40000 {
		t.Errorf("%d bytes are laid out at once", total)
	}
	w.Picture("message-large")
}

// What moves is read again; what has ended is not.
func TestLive(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Sending)
	e := bridgetest.New(v)
	n := of(v, delivery.MsgPending)[0]
	w, _ := open(t, e, paneltest.Options{}, n, "")
	w.Want("Pending")
	m, _ := e.Message(t.Context(), 95, n)
	m.State, m.Code, m.Reply, m.Attempts = delivery.MsgAccepted, 250, "Ok", []delivery.Attempt{{Number: 1, At: bridgetest.Now(), State: delivery.MsgAccepted, Code: 250, Reply: "Ok"}}
	e.SetMessage(m)
	for range 50 {
		e.Hub.Publish(event.Status{Status: v.Status})
	}
	w.UI.Until(t, "the end", func() bool { w.Settle(); return w.Says("What this person got") })
	w.Want("Accepted", "250 Ok")
}

// A message that is not there leads back; one that cannot be read says why.
func TestFailures(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Finished))
	w, _ := open(t, e, paneltest.Options{}, 123456, "")
	if w.Backs != 1 || len(w.Toasts) != 1 {
		t.Errorf("%d times back, said %q", w.Backs, w.Toasts)
	}
	e.Fail("message", &delivery.Error{Kind: delivery.KindDamaged, File: "sendoff.db"})
	w, p := open(t, e, paneltest.Options{}, 2, "")
	if w.Backs != 0 || len(w.Toasts) != 1 || !strings.Contains(w.Toasts[0], "sendoff.db") {
		t.Errorf("%d times back, said %q", w.Backs, w.Toasts)
	}
	p.Reload()
	p.Close()
	w.Settle()
	if len(w.Toasts) != 1 {
		t.Errorf("said %q after it was left", w.Toasts)
	}
}
