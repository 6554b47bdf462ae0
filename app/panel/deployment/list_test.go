package deployment_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/deployment"
	"sendoff/app/panel/paneltest"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// What a person chooses is what the engine is asked.
func TestSearchSortFilter(t *testing.T) {
	e := sending()
	w, p := open(t, e, paneltest.Options{W: 1048, H: 720}, "sending")
	w.Want("9,786 rows", "All states", "All causes")
	if q := last(e); q.Sort != delivery.LogByNumber || q.Desc || slices.Contains(q.States, delivery.MsgExcluded) || len(q.States) != 8 {
		t.Errorf("begins with %+v", q)
	}
	for _, c := range []struct {
		title string
		sort  delivery.LogSort
	}{{"Date", delivery.LogByDate}, {"Status", delivery.LogByState}, {"Address", delivery.LogByAddress}, {"Nature of failure", delivery.LogByNature}, {"Reason", delivery.LogByReply}} {
		for _, desc := range []bool{false, true} {
			press(w, c.title)
			if q := last(e); q.Sort != c.sort || q.Desc != desc {
				t.Errorf("%s: %q %v, want %q %v", c.title, q.Sort, q.Desc, c.sort, desc)
			}
		}
	}
	tap(w, "All states")
	choose(w, "Deferred (118)")
	choose(w, "Rejected (173)") // the menu is still there
	key(w, fyne.KeyEscape)
	if q := last(e); !slices.Equal(q.States, []delivery.MessageState{delivery.MsgDeferred, delivery.MsgRejected}) {
		t.Errorf("asks for %v", q.States)
	}
	w.Want("2 states", "291 rows")
	tap(w, "All causes")
	choose(w, "Mailbox full")
	key(w, fyne.KeyEscape)
	if q := last(e); !slices.Equal(q.Natures, []delivery.Nature{delivery.NatureMailboxFull}) || len(q.States) != 2 {
		t.Errorf("asks for %+v", q)
	}
	p.Find()
	test.Type(w.Window.Canvas().Focused(), " nobody@ ")
	key(w, fyne.KeyReturn)
	if q := last(e); q.Search != "nobody@" {
		t.Errorf("looks for %q", q.Search)
	}
	w.Want("0 rows", "No row matches what you look for.")
	w.Picture("deployment-none")
	press(w, "Show all rows")
	w.Want("9,786 rows", "All states", "All causes")
	if q := last(e); q.Search != "" || len(q.Natures) != 0 || len(q.States) != 8 {
		t.Errorf("asks for %+v", q)
	}
}

// One comes back to what one left.
func TestPlace(t *testing.T) {
	e := sending()
	w, p := open(t, e, paneltest.Options{}, "rejected")
	press(w, "Address")
	press(w, "Address")
	p.Find()
	test.Type(w.Window.Canvas().Focused(), "quota")
	key(w, fyne.KeyReturn)
	want := last(e)
	at := p.Place()
	e2 := sending()
	again := paneltest.Open(t, e2, paneltest.Options{}, func(env *panel.Env) paneltest.Screen { return deployment.New(env, at) })
	if got := last(e2); got.Search != "quota" || got.Sort != want.Sort || got.Desc != want.Desc || !slices.Equal(got.States, want.States) {
		t.Errorf("comes back with %+v, want %+v", got, want)
	}
	ready(again)
	again.Want("Rejected")
}

// A row opens its message with the list that it stands in; its menu opens the
// person and copies the address.
func TestRows(t *testing.T) {
	e := sending()
	w, _ := open(t, e, paneltest.Options{}, "rejected")
	table := paneltest.All[*widgets.Table](w)[0]
	w.Window.Canvas().Focus(table.Target())
	key(w, fyne.KeyDown, fyne.KeyReturn)
	rows := slices.DeleteFunc(bridgetest.LogRows(bridgetest.Sample(95, delivery.Sending)), func(r delivery.Row) bool { return r.State != delivery.MsgRejected })
	if want := (panel.Place{Screen: panel.Message, Delivery: 95, Number: rows[1].Seq, Tab: "sending?state=rejected"}); len(w.Went) != 1 || w.Went[0] != want {
		t.Errorf("went to %v, want %v", w.Went, want)
	}
	w.Window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutCopy{})
	menu := func() {
		var row fyne.SecondaryTappable
		w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
			if x, ok := o.(fyne.SecondaryTappable); ok && row == nil {
				if _, ok := o.(desktop.Cursorable); !ok {
					row = x
				}
			}
		})
		row.TappedSecondary(&fyne.PointEvent{})
		w.Settle()
	}
	menu()
	choose(w, "Copy address")
	menu()
	choose(w, "Open person")
	if want := []string{rows[1].Address, rows[0].Address}; !slices.Equal(w.Copied, want) {
		t.Errorf("copied %v, want %v", w.Copied, want)
	}
	if want := (panel.Place{Screen: panel.Person, Number: rows[0].Profile}); w.Went[len(w.Went)-1] != want {
		t.Errorf("went to %v", w.Went)
	}
}

// Columns are switched on and off, and stay so the next time.
func TestColumns(t *testing.T) {
	e := sending()
	w, _ := open(t, e, paneltest.Options{W: 1048, H: 720}, "sending")
	if named(w, "Attempts") != nil || named(w, "Number") != nil {
		t.Error("a column is there that nobody asked for")
	}
	tap(w, "Choose columns")
	choose(w, "Attempts")
	choose(w, "Nature of failure")
	key(w, fyne.KeyEscape)
	check := func(w *paneltest.Window) {
		t.Helper()
		if named(w, "Attempts") == nil || named(w, "Nature of failure") != nil || named(w, "Address") == nil {
			t.Error("not the columns that were chosen")
		}
	}
	check(w)
	if got, want := w.Env.Prefs.String("columns.sending"), "address,at,state,reply,attempts"; got != want {
		t.Errorf("remembers %q, want %q", got, want)
	}
	prefs := w.Env.Prefs
	again := paneltest.Open(t, sending(), paneltest.Options{}, func(env *panel.Env) paneltest.Screen {
		env.Prefs = prefs
		return deployment.New(env, panel.Place{Delivery: 95, Tab: "sending"})
	})
	ready(again)
	check(again)
}

// The delivery's own log: newest first, narrowed by weight, copied as shown.
func TestLog(t *testing.T) {
	e := sending()
	e.SetLog(story()...)
	w, _ := open(t, e, paneltest.Options{}, "log")
	w.Want("6 lines", "Marieke", "09:28:00", "21 Nov 2026, 07:30", "Plan 7f7f·7f7f·7f7f.")
	tap(w, "Everything")
	choose(w, "Warnings and errors")
	if w.Want("2 lines"); w.Says("Created.") {
		t.Error("an information is shown among the warnings")
	}
	tap(w, "Copy")
	lines := strings.Split(w.Copied[0], "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "09:28:00\tError\t") || !strings.HasPrefix(lines[1], "09:18:00\tWarning\t") {
		t.Errorf("copied %q", w.Copied)
	}
	if n := len(paneltest.All[*widgets.Selectable](w)); n != 2 {
		t.Errorf("%d sentences can be selected", n)
	}
	tap(w, "Warnings and errors")
	choose(w, "Errors")
	w.Want("1 line")
}

// A very long log is shown in part at first.
func TestLongLog(t *testing.T) {
	e := sending()
	var lines []delivery.LogLine
	for i := range 1000 {
		lines = append(lines, delivery.LogLine{At: bridgetest.Now().Add(time.Duration(i-1000) * time.Minute), Severity: delivery.SeverityInfo, Code: "resumed", By: "Marieke"})
	}
	e.SetLog(lines...)
	w, _ := open(t, e, paneltest.Options{}, "log")
	w.Want("1,000 lines")
	if n := len(paneltest.All[*widgets.Selectable](w)); n != 200 {
		t.Errorf("%d lines at first", n)
	}
	press(w, "Show all 1,000 lines")
	if n := len(paneltest.All[*widgets.Selectable](w)); n != 1000 {
		t.Errorf("%d lines", n)
	}
}

// Very many rows are counted exactly, and large figures find room.
func TestVeryMany(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Finished)
	v.Counters = delivery.Counters{Targeted: 1000000, Accepted: 1000000}
	v.Status.Counters = v.Counters
	e := bridgetest.New(v)
	rows := make([]delivery.Row, 150000)
	for i := range rows {
		rows[i] = delivery.Row{Seq: int64(i) + 1, State: delivery.MsgAccepted, Address: "a@b.example", At: bridgetest.Now()}
	}
	e.SetLogRows(rows...)
	w, _ := open(t, e, paneltest.Options{Lang: "nl", W: 968, H: 600}, string(state.TabSending))
	w.UI.Until(t, "the count", func() bool { return w.Says("150.000 rijen") })
	w.Settle()
	w.NothingIsCut()
	w.Picture("deployment-million")
}

// Back from a message the list stands where it stood: far down in a list that comes
// in two parts, on the same row.
func TestComesBackToTheRow(t *testing.T) {
	e := sending()
	w, p := open(t, e, paneltest.Options{W: 1024, H: 700}, "sending")
	w.Window.Canvas().Focus(paneltest.All[*widgets.Table](w)[0].Target())
	key(w, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyPageUp, fyne.KeyDown)
	at := p.Place()
	if at.Row < 9000 || at.Scroll < 9000*35 {
		t.Fatalf("the keys did not move it: %+v", at)
	}
	rows := func(w *paneltest.Window) (out []string) {
		for _, x := range paneltest.All[*widgets.Text](w) {
			if strings.Contains(x.Text(), "@post.example") {
				out = append(out, x.Text())
			}
		}
		slices.Sort(out)
		return out
	}
	was := rows(w)
	var back *deployment.Panel
	n := paneltest.Open(t, e, paneltest.Options{W: 1024, H: 700}, func(env *panel.Env) paneltest.Screen {
		back = deployment.New(env, at)
		return back
	})
	ready(n)
	if got := back.Place(); got != at {
		t.Errorf("came back to %+v, want %+v", got, at)
	}
	if got := rows(n); len(got) == 0 || !slices.Equal(got, was) {
		t.Errorf("shows %v, want %v", got, was)
	}
	// Another choice is another list: it begins at its top.
	tap(n, "All states")
	choose(n, "Deferred (118)")
	if got := back.Place(); got.Row != 0 || got.Scroll != 0 {
		t.Errorf("a new list begins at %+v", got)
	}
	// A list that has become shorter is shown to its end.
	at.Tab = "sending?state=rejected"
	s := paneltest.Open(t, e, paneltest.Options{W: 1024, H: 700}, func(env *panel.Env) paneltest.Screen {
		back = deployment.New(env, at)
		return back
	})
	ready(s)
	if got := back.Place(); got.Row != 172 || got.Scroll > 173*36 || len(rows(s)) == 0 {
		t.Errorf("a shorter list stands at %+v", got)
	}
}
