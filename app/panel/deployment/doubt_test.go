package deployment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// doubtful is an engine with a delivery of which n messages are in doubt.
func doubtful(s delivery.State, n int64) *bridgetest.Engine {
	v := bridgetest.Sample(95, s)
	v.Counters = delivery.Counters{Targeted: 20 + n, Accepted: 20, InDoubt: n}
	v.Status.Counters = v.Counters
	e := bridgetest.New(v)
	e.Grant(1, access.Export)
	var rows []delivery.Row
	for i := range 20 + n {
		r := delivery.Row{Seq: i + 1, Profile: i + 1, Address: fmt.Sprintf("eva.jansen.%d@post.example", i+1), State: delivery.MsgAccepted, Code: 250, Attempts: 1, At: bridgetest.Now()}
		if i < n {
			r.State, r.Code, r.Nature, r.Fault = delivery.MsgInDoubt, 0, delivery.NatureLostReply, delivery.FaultNetwork
			r.At = bridgetest.Now().Add(-time.Duration(i) * time.Minute)
		}
		if i%3 == 2 {
			r.Fault = delivery.FaultNone
		}
		rows = append(rows, r)
	}
	e.SetLogRows(rows...)
	return e
}

// until waits for what is read in its own time.
func until(w *paneltest.Window, sentence string) {
	w.T.Helper()
	w.UI.Until(w.T, sentence, func() bool { return w.Says(sentence) })
	w.Settle()
}

// told is the last thing that the engine was told.
func told(e *bridgetest.Engine) string {
	cs := e.Commands()
	if len(cs) == 0 {
		return ""
	}
	return cs[len(cs)-1]
}

// All that wait are marked as sent at once, which can be taken back.
func TestMarkAllAsSent(t *testing.T) {
	e := doubtful(delivery.Finished, 3)
	w, _ := open(t, e, paneltest.Options{W: 1048, H: 720}, "in_doubt")
	w.Want("Decide about all 3 that wait for it", "You know, or believe, that it arrived.", "It stays in doubt in every figure", "Who has it already gets it twice.")
	tap(w, "Mark as sent")
	if got := told(e); got != "mark_sent DM95 [1 2 3]" {
		t.Errorf("told %q", got)
	}
	until(w, "No message is in doubt.")
	if w.Button("Mark as sent") != nil {
		t.Error("nothing is in doubt, and there is something to decide")
	}
	if !slices.Contains(w.Toasts, "3 messages marked as sent.") {
		t.Errorf("said %q", w.Toasts)
	}
	w.Undo()
	until(w, "Decide about all 3 that wait for it")
	w.Want("In doubt (3)")
	if got := told(e); got != "withdraw DM95 [1 2 3]" {
		t.Errorf("told %q", got)
	}
}

// Rows are ticked by keys and left as they are; they stay in the list with a name
// beside them.
func TestLeaveSomeByKeys(t *testing.T) {
	e := doubtful(delivery.Finished, 3)
	w, _ := open(t, e, paneltest.Options{W: 1048, H: 720}, "in_doubt")
	w.Window.Canvas().Focus(paneltest.All[*widgets.Table](w)[0].Target())
	key(w, fyne.KeySpace, fyne.KeyDown, fyne.KeyDown, fyne.KeySpace)
	w.Want("Decide about the 2 rows that are ticked")
	key(w, fyne.KeySpace)
	w.Want("Decide about the row that is ticked", "Untick all")
	press(w, "Untick all")
	w.Want("Decide about all 3 that wait for it")
	w.Window.Canvas().Focus(paneltest.All[*widgets.Table](w)[0].Target())
	key(w, fyne.KeyHome, fyne.KeySpace)
	w.Window.Canvas().Focus(w.Button("Leave in doubt"))
	key(w, fyne.KeySpace)
	if got := told(e); got != "leave DM95 [1]" {
		t.Errorf("told %q", got)
	}
	until(w, "Decide about all 2 that wait for it")
	until(w, "left so by Marieke")
	w.Want("In doubt (3)")
	// What was left is not part of all, until nothing else is there.
	tap(w, "Leave in doubt")
	if got := told(e); got != "leave DM95 [2 3]" {
		t.Errorf("told %q", got)
	}
	until(w, "All 3 were left in doubt; you can still decide")
	if len(w.Went) != 0 {
		t.Errorf("Space opened a row: %v", w.Went)
	}
	w.Window.Canvas().Focus(paneltest.All[*widgets.Table](w)[0].Target())
	key(w, fyne.KeyReturn)
	if len(w.Went) != 1 || w.Went[0].Screen != panel.Message {
		t.Errorf("Return went to %v", w.Went)
	}
}

// Sending again asks, says what it does, and cannot be taken back.
func TestSendAgainAsks(t *testing.T) {
	for _, c := range []struct {
		state delivery.State
		says  string
		done  string
	}{
		{delivery.Stopped, "DM95 is opened again for these messages alone; what was stopped stays stopped.", "2 messages are sent again."},
		{delivery.Paused, "DM95 is paused: they leave when it is resumed.", "2 messages are sent again when the delivery is resumed."},
		{delivery.Sending, "This cannot be undone.", "2 messages are sent again."},
	} {
		e := doubtful(c.state, 2)
		w, _ := open(t, e, paneltest.Options{W: 1048, H: 720}, "in_doubt")
		tap(w, "Send again…")
		w.Want("Send 2 messages again?", "It may arrive twice", "This cannot be undone.", c.says)
		w.Picture("deployment-send-again-" + string(c.state))
		w.Tap("Cancel")
		if got := told(e); got != "" {
			t.Errorf("%s: cancelled, and told %q", c.state, got)
		}
		tap(w, "Send again…")
		w.Tap("Send again")
		ready(w)
		if got := told(e); got != "send_again DM95 [1 2]" || !slices.Contains(w.Toasts, c.done) || len(w.Undos) != 0 {
			t.Errorf("%s: told %q, said %q, %d undos", c.state, got, w.Toasts, len(w.Undos))
		}
	}
}

// A search narrows whom a decision is about.
func TestDecideAboutWhatWasFound(t *testing.T) {
	e := doubtful(delivery.Finished, 12)
	w, p := open(t, e, paneltest.Options{W: 1048, H: 720}, "in_doubt")
	p.Find()
	test.Type(w.Window.Canvas().Focused(), "jansen.1")
	key(w, fyne.KeyReturn)
	until(w, "Decide about the ")
	tap(w, "Mark as sent")
	if got := told(e); got != "mark_sent DM95 [1 10 11 12]" {
		t.Errorf("told %q", got)
	}
}

// A row can be decided about from its menu.
func TestDecideFromTheMenu(t *testing.T) {
	e := doubtful(delivery.Finished, 2)
	w, _ := open(t, e, paneltest.Options{W: 1048, H: 720}, "in_doubt")
	var row fyne.SecondaryTappable
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		if r, ok := o.(fyne.SecondaryTappable); ok && row == nil {
			if strings.Contains(fmt.Sprintf("%T", o), "tableRow") {
				row = r
			}
		}
	})
	row.TappedSecondary(nil)
	w.Settle()
	choose(w, "Leave in doubt")
	if got := told(e); !strings.HasPrefix(got, "leave DM95 [") {
		t.Errorf("told %q", got)
	}
}

// Who may not start deliveries sees what is in doubt and why they cannot decide.
func TestNoRightToDecide(t *testing.T) {
	e := doubtful(delivery.Finished, 2)
	w, _ := open(t, e, paneltest.Options{Operator: 1, W: 968, H: 600}, "in_doubt")
	w.Want("To decide you need the right to start deliveries.", "2 rows")
	w.Window.Canvas().Focus(paneltest.All[*widgets.Table](w)[0].Target())
	key(w, fyne.KeySpace)
	if w.Button("Mark as sent") != nil || w.Says("ticked") {
		t.Error("there is something to decide")
	}
}

// A refusal is said, and everything can be tried again.
func TestDecisionFails(t *testing.T) {
	e := doubtful(delivery.Finished, 2)
	e.Fail("resolve_doubt", &delivery.Error{Kind: delivery.KindDiskFull, File: "sendoff.db"})
	w, _ := open(t, e, paneltest.Options{W: 1048, H: 720}, "in_doubt")
	tap(w, "Mark as sent")
	if len(w.Toasts) != 1 || !strings.Contains(w.Toasts[0], "sendoff.db") || len(w.Undos) != 0 {
		t.Errorf("said %q", w.Toasts)
	}
	e.Fail("resolve_doubt", nil)
	w.Toasts = nil
	tap(w, "Mark as sent")
	until(w, "No message is in doubt.")
}

// Both languages, themes and small windows, with nothing cut.
func TestDoubtLooks(t *testing.T) {
	for _, o := range []paneltest.Options{{Lang: "en", W: 1280, H: 820}, {Lang: "nl", Theme: "dark", W: 1048, H: 720}, {Lang: "nl", W: 968, H: 600}, {Lang: "nl", W: 720, H: 480}} {
		e := doubtful(delivery.Finished, 12)
		w, _ := open(t, e, o, "in_doubt")
		w.Window.Canvas().Focus(paneltest.All[*widgets.Table](w)[0].Target())
		key(w, fyne.KeySpace, fyne.KeyDown, fyne.KeySpace)
		tap(w, w.Words.T("doubt.choose.leave"))
		w.Window.Canvas().Focus(paneltest.All[*widgets.Table](w)[0].Target())
		key(w, fyne.KeyDown, fyne.KeySpace)
		w.NothingIsCut()
		w.Picture(fmt.Sprintf("doubt-%s%s-%v", o.Lang, o.Theme, o.W))
	}
}
