package deployment_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/deployment"
	"sendoff/app/panel/paneltest"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/kpi"
	"sendoff/widgets"
)

func open(t *testing.T, e *bridgetest.Engine, o paneltest.Options, tab string) (*paneltest.Window, *deployment.Panel) {
	t.Helper()
	var p *deployment.Panel
	w := paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen {
		p = deployment.New(env, panel.Place{Screen: panel.Deployment, Delivery: 95, Tab: tab})
		return p
	})
	ready(w)
	return w, p
}

// ready waits until what was asked for is there, or was refused.
func ready(w *paneltest.Window) {
	w.T.Helper()
	w.UI.Until(w.T, "what was asked for", func() bool {
		return w.Screen.(*deployment.Panel).Loaded() || len(w.Toasts) > 0 || len(w.Went) > 0
	})
	w.Settle()
}

// sending is an engine in the middle of a delivery, whose first operator may
// export.
func sending() *bridgetest.Engine {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Sending))
	e.Grant(1, access.Export)
	return e
}

// named finds what is called so: a tab, a term of the ledger, a cause.
func named(w *paneltest.Window, label string) fyne.Tappable {
	var found fyne.Tappable
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		if k, ok := o.(interface {
			fyne.Tappable
			AccessibilityLabel() string
		}); ok && k.AccessibilityLabel() == label {
			found = k
		}
	})
	return found
}

func press(w *paneltest.Window, label string) {
	w.T.Helper()
	o := named(w, label)
	if o == nil {
		w.T.Fatalf("nothing is called %q", label)
	}
	o.Tapped(nil)
	ready(w)
}

// tap presses a button, choose a line of a menu, key a key, and all wait for what
// comes of it.
func tap(w *paneltest.Window, label string) { w.T.Helper(); w.Tap(label); ready(w) }

func choose(w *paneltest.Window, label string) { w.T.Helper(); w.Choose(label); ready(w) }

func key(w *paneltest.Window, names ...fyne.KeyName) { w.T.Helper(); w.Key(names...); ready(w) }

// last is what the sending log was asked last, without the limit.
func last(e *bridgetest.Engine) delivery.LogQuery {
	qs := e.Queries()
	q := qs[len(qs)-1]
	q.Limit = 0
	return q
}

// Every tab in both languages and themes, with nothing cut.
func TestTabs(t *testing.T) {
	for _, tab := range []string{"log", "sending", "deferred", "rejected", "exclusions", "causes", "in_doubt"} {
		sizes := []paneltest.Options{{Lang: "nl", W: 968, H: 600}, {Lang: "en", Theme: "dark", W: 1048, H: 720}}
		if tab == "sending" || os.Getenv("SENDOFF_PICTURES") != "" {
			sizes = append(sizes, paneltest.Options{Lang: "en", W: 1048, H: 720}, paneltest.Options{Lang: "en", W: 1600, H: 900}, paneltest.Options{Lang: "nl", W: 720, H: 480})
		}
		for _, o := range sizes {
			e := sending()
			e.SetLog(story()...)
			w, _ := open(t, e, o, tab)
			w.Want(w.Words.T("state.sending"), w.Words.T("deployment.targeted", "n", 10000))
			w.NothingIsCut()
			w.Picture(fmt.Sprintf("deployment-%s-%s%s-%v", tab, o.Lang, o.Theme, o.W))
			if want := w.Words.T("deployment.title", "label", "Summer time", "code", "DM95"); w.Title != want {
				t.Errorf("title %q", w.Title)
			}
		}
	}
}

// story is the log of a delivery that had some trouble.
func story() []delivery.LogLine {
	at := func(m int) time.Time { return bridgetest.Now().Add(time.Duration(m) * time.Minute) }
	return []delivery.LogLine{
		{At: at(-3000), Severity: delivery.SeverityInfo, Code: "created", By: "Marieke"},
		{At: at(-31), Severity: delivery.SeverityInfo, Code: "prepare_started", By: "Marieke"},
		{At: at(-30), Severity: delivery.SeverityInfo, Code: "prepare_done", By: "Marieke", Params: map[string]string{"targeted": "10000", "to_deliver": "9786", "plan": strings.Repeat("7f", 32), "warnings": "2", "seconds": "1.5"}},
		{At: at(-20), Severity: delivery.SeverityInfo, Code: "confirmed", By: "Marieke", Params: map[string]string{"plan": strings.Repeat("7f", 32), "count": "9786"}},
		{At: at(-12), Severity: delivery.SeverityWarning, Code: "hold", Params: map[string]string{"kind": "unreachable", "detail": "smtp.acme.example:587", "until": "2026-11-23T09:51:00Z"}},
		{At: at(-2), Severity: delivery.SeverityError, Code: "paused_by_breaker", Params: map[string]string{"kind": "auth", "detail": "x"}},
	}
}

// The figures on the screen add up, while they move too.
func TestTheLedgerAddsUp(t *testing.T) {
	number := regexp.MustCompile(`^[0-9][0-9.,]*`)
	for _, lang := range []string{"en", "nl"} {
		for _, s := range []delivery.State{delivery.Editing, delivery.Ready, delivery.Sending, delivery.Finished, delivery.Stopped} {
			e := bridgetest.New(bridgetest.Sample(95, s))
			w, _ := open(t, e, paneltest.Options{Lang: lang, W: 968, H: 600}, "")
			read := func() []int64 {
				v, _ := e.Delivery(t.Context(), 95)
				l := state.LedgerOf(w.Words, v.Counters)
				texts := []string{l.Targeted}
				for _, x := range l.Terms {
					texts = append(texts, x.Text)
				}
				var ns []int64
				shown := paneltest.All[*widgets.Text](w)
				for _, want := range texts {
					i := slices.IndexFunc(shown, func(x *widgets.Text) bool { return x.Text() == want })
					if i < 0 {
						t.Fatalf("%s: %q is not on the screen", s, want)
					}
					n, err := strconv.ParseInt(strings.NewReplacer(".", "", ",", "").Replace(number.FindString(shown[i].Text())), 10, 64)
					if err != nil {
						t.Fatal(err)
					}
					ns = append(ns, n)
				}
				return ns
			}
			check := func() {
				t.Helper()
				ns := read()
				var sum int64
				for _, n := range ns[1:] {
					sum += n
				}
				if len(ns) != 10 || sum != ns[0] {
					t.Errorf("%s, %s: %v do not add up", lang, s, ns)
				}
			}
			check()
			if s == delivery.Sending {
				v := bridgetest.Sample(95, s)
				v.Counters.Pending, v.Counters.Accepted, v.Counters.Committing = 1200, 8292, 2
				e.Put(v)
				w.UI.Until(t, "the new figures", func() bool { return w.Says(w.Words.Number(8292)) })
				ready(w)
				check()
				w.Want(w.Words.Number(8292))
			}
		}
	}
}

// Every term of the ledger opens its rows, and as many as it says.
func TestTermsOpenTheirRows(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Sending)
	for _, s := range delivery.MessageStates() {
		e := sending()
		w, p := open(t, e, paneltest.Options{W: 1048, H: 720}, "log")
		n := *v.Counters.Of(s)
		press(w, w.Words.T("stats.term", "n", n, "state", w.Words.Message(s)))
		if q := last(e); !slices.Equal(q.States, []delivery.MessageState{s}) {
			t.Errorf("%s asks for %v", s, q.States)
		}
		w.Want(w.Words.N("deployment.rows", n))
		if p.Place().Tab == "log" {
			t.Errorf("%s stays on the log", s)
		}
	}
}

// A term opens by the keyboard too.
func TestTermKeys(t *testing.T) {
	e := sending()
	w, _ := open(t, e, paneltest.Options{}, "log")
	w.Window.Canvas().Focus(named(w, "173 rejected").(fyne.Focusable))
	key(w, fyne.KeySpace)
	if q := last(e); !slices.Equal(q.States, []delivery.MessageState{delivery.MsgRejected}) {
		t.Errorf("asks for %v", q.States)
	}
}

func TestEmpty(t *testing.T) {
	for _, lang := range []string{"en", "nl"} {
		w, p := open(t, bridgetest.New(bridgetest.Sample(95, delivery.Editing)), paneltest.Options{Lang: lang, W: 968, H: 600}, "")
		if p.Place().Tab != "log" {
			t.Errorf("begins at %q", p.Place().Tab)
		}
		press(w, w.Words.T("deployment.tab.sending"))
		w.Want(w.Words.T("deployment.empty.sending"))
		w.Picture("deployment-empty-" + lang)
		press(w, w.Words.T("deployment.tab.exclusions"))
		w.Want(w.Words.T("deployment.empty.exclusions"))
		press(w, w.Words.T("deployment.tab.causes"))
		w.Want(w.Words.T("deployment.causes_lead", "excluded", 0, "targeted", 0, "percent", "–"))
		if named(w, w.Words.T("deployment.tab.in_doubt")) != nil {
			t.Error("nothing is in doubt, and there is a tab for it")
		}
	}
}

// In doubt explains itself.
func TestInDoubt(t *testing.T) {
	w, _ := open(t, sending(), paneltest.Options{}, "in_doubt")
	w.Want("Nobody can know whether these people have them. Sendoff does not send them again by itself.", "1 row", "no answer to the whole message", "In doubt (1)",
		"Decide about the one that waits for it", "waits for you")
}

// Who is excluded after the plan is counted from the log.
func TestCausesFromTheLog(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Sending)
	v.Counters.Excluded, v.Counters.Pending = 215, 3501
	v.Status.Counters = v.Counters
	e := bridgetest.New(v)
	var rows []delivery.Row
	for i := range int64(215) {
		n := delivery.NatureDenylist
		if i < 100 {
			n = delivery.NatureDuplicate
		}
		rows = append(rows, delivery.Row{Seq: i + 1, State: delivery.MsgExcluded, Nature: n, Address: "a@b.example"})
	}
	e.SetLogRows(rows...)
	w, p := open(t, e, paneltest.Options{}, "causes")
	w.Want("215 of 10,000 targeted people", "Address on denylist", "115", "100", "1.2 %")
	press(w, "Duplicate, 100")
	if q := last(e); !slices.Equal(q.States, []delivery.MessageState{delivery.MsgExcluded}) || !slices.Equal(q.Natures, []delivery.Nature{delivery.NatureDuplicate}) {
		t.Errorf("asks for %+v", q)
	}
	if w.Want("100 rows"); p.Place().Tab != "exclusions?nature=duplicate" {
		t.Errorf("at %q", p.Place().Tab)
	}
}

func TestComputeStats(t *testing.T) {
	e := sending()
	v, _ := e.Delivery(t.Context(), 95)
	e.SetRecount(kpi.Recount{Stored: v.Counters, Counted: v.Counters})
	w, _ := open(t, e, paneltest.Options{}, "")
	w.Tap("Compute stats")
	w.UI.Until(t, "the result", func() bool { return widgets.IsOpen(w.Window) })
	w.Settle()
	w.Want("Recounted from the sending log: nothing differs.")
	w.Tap("Close")
	w.Tap("Open delivery")
	if want := (panel.Place{Screen: panel.Delivery, Delivery: 95}); len(w.Went) != 1 || w.Went[0] != want {
		t.Errorf("went to %v", w.Went)
	}
}

// What cannot be read is said, and the window stays usable.
func TestFailures(t *testing.T) {
	e := sending()
	e.Fail("message_numbers", &delivery.Error{Kind: delivery.KindDamaged, File: "sendoff.db"})
	w, _ := open(t, e, paneltest.Options{}, "sending")
	if len(w.Toasts) != 1 || !strings.Contains(w.Toasts[0], "sendoff.db") {
		t.Errorf("said %q", w.Toasts)
	}
	press(w, "Log")
	w.Want("Created.")
	gone, _ := open(t, bridgetest.New(), paneltest.Options{}, "")
	if len(gone.Went) == 0 || gone.Went[0].Screen != panel.Deliveries {
		t.Errorf("a delivery that is not there: went to %v", gone.Went)
	}
}

// What arrives after the window was left touches nothing.
func TestClosedWhileReading(t *testing.T) {
	e := sending()
	for _, tab := range []string{"log", "sending", "causes"} {
		w, p := open(t, e, paneltest.Options{}, tab)
		p.Reload()
		p.Handle([]event.Event{event.Changed{ID: 95}, event.Lists{}})
		press(w, "Compute stats")
		p.Close()
		said := len(w.Toasts)
		w.Settle()
		if len(w.Toasts) != said || len(w.Went) != 0 {
			t.Errorf("%s: %v, %v", tab, w.Toasts, w.Went)
		}
	}
}
