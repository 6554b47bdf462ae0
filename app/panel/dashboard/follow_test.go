package dashboard_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/dashboard"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

func open(t *testing.T, e *bridgetest.Engine, o paneltest.Options, id delivery.ID) *paneltest.Window {
	t.Helper()
	return paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen { return dashboard.New(env, id) })
}

// stopped is a delivery that was stopped with two messages in doubt.
func stopped() delivery.View {
	v := bridgetest.Sample(95, delivery.Stopped)
	v.Counters = delivery.Counters{Targeted: 2388, Accepted: 37, InDoubt: 2, Cancelled: 2349}
	v.Status.Counters = v.Counters
	return v
}

// link presses a word that is no button.
func link(w *paneltest.Window, label string) {
	w.T.Helper()
	var found fyne.Tappable
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		if k, ok := o.(interface {
			fyne.Tappable
			AccessibilityLabel() string
		}); ok && k.AccessibilityLabel() == label {
			found = k
		}
	})
	if found == nil {
		w.T.Fatalf("nothing is called %q", label)
	}
	found.Tapped(nil)
	w.Settle()
}

// A stopped delivery shows its two lists, what is in doubt, and the ways on, in both
// languages with nothing cut.
func TestAfterStop(t *testing.T) {
	for _, o := range []paneltest.Options{{W: 1280, H: 820}, {Lang: "nl", Theme: "dark", W: 1048, H: 720}, {Lang: "nl", W: 720, H: 480}} {
		w := open(t, bridgetest.New(stopped()), o, 95)
		c := w.Words
		w.Want(c.N("chip.got", 37), c.T("chip.not", "n", 2349), c.N("doubt.banner", 2), c.T("sentence.two_lists"))
		w.NothingIsCut()
		w.Picture(fmt.Sprintf("dashboard-stopped-%s%s-%v", o.Lang, o.Theme, o.W))
	}
	w := open(t, bridgetest.New(stopped()), paneltest.Options{W: 1280, H: 820}, 95)
	for label, tab := range map[string]string{"37 got it": "sending?state=accepted", "2,349 did not": "sending?state=cancelled&state=rejected", "Decide": "in_doubt"} {
		w.Went = nil
		link(w, label)
		if want := (panel.Place{Screen: panel.Deployment, Delivery: 95, Tab: tab}); len(w.Went) != 1 || w.Went[0] != want {
			t.Errorf("%s went to %v, want %v", label, w.Went, want)
		}
	}
}

func TestCorrect(t *testing.T) {
	for _, lang := range []string{"en", "nl"} {
		e := bridgetest.New(stopped())
		w := open(t, e, paneltest.Options{Lang: lang, W: 1048, H: 720}, 95)
		c := w.Words
		w.Tap(c.T("follow.correct"))
		w.Want(c.N("follow.correct_sentence", 37, "code", "DM95"), c.N("follow.doubtful", 2), c.T("follow.doubtful_why"))
		w.Picture("dashboard-correct-" + lang)
		if !paneltest.All[*widgets.Check](w)[0].Checked() {
			t.Error("those in doubt are left out unless one looks")
		}
		w.Tap(c.T("follow.correct_ok"))
		prefix := c.T("follow.prefix." + lang)
		if want := fmt.Sprintf("follow DM95 {Mode:correction Audience:0 Doubtful:true Label:%sSummer time Prefix:%s}", prefix, prefix); !slices.Contains(e.Commands(), want) {
			t.Errorf("told %q, want %q", e.Commands(), want)
		}
		if len(w.Went) != 1 || w.Went[0] != (panel.Place{Screen: panel.Delivery, Delivery: 96}) {
			t.Errorf("went to %v", w.Went)
		}
		// The new one says what it is, and each leads to the other.
		n := open(t, e, paneltest.Options{Lang: lang, W: 1280, H: 820}, 96)
		n.Want(c.T("follow.of.correction"), "DM95 Summer time", c.T("follow.audience_doubtful", "code", "DM95"), c.T("banner.correction", "code", "DM95"))
		n.Picture("dashboard-correction-" + lang)
		n.NothingIsCut()
		link(n, c.T("common.show"))
		if len(n.Went) != 1 || n.Went[0].Delivery != 95 {
			t.Errorf("went to %v", n.Went)
		}
		o := open(t, e, paneltest.Options{Lang: lang, W: 1280, H: 820}, 95)
		o.Want(c.T("follow.by"), "DM96")
	}
}

func TestTopUp(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Finished))
	w := open(t, e, paneltest.Options{Operator: 1, W: 1048, H: 720}, 95)
	w.Tap("Top up")
	w.Want("Choose the people to add.", "Customers in the Netherlands")
	w.Picture("dashboard-top-up")
	// The forgotten ones may be in a file that nobody has read.
	w.Tap("Import people…")
	if n := len(w.Went); n == 0 || w.Went[n-1] != (panel.Place{Screen: panel.Import}) || w.Says("Choose the people to add.") {
		t.Errorf("went to %v", w.Went)
	}
	w.Tap("Top up")
	w.Tap("Make top-up")
	if got := strings.Join(e.Commands(), "; "); !strings.Contains(got, "follow DM95 {Mode:top_up Audience:1 Doubtful:false Label:Summer time (top-up) Prefix:}") {
		t.Errorf("told %q", got)
	}
	n := open(t, e, paneltest.Options{W: 1280, H: 820}, 96)
	n.Want("Top-up of", "without all who got DM95")
}

// A delivery that is under way is not followed, nor is one that nobody may change.
func TestNothingToFollow(t *testing.T) {
	for _, s := range []delivery.State{delivery.Ready, delivery.Sending, delivery.Paused} {
		w := open(t, bridgetest.New(bridgetest.Sample(95, s)), paneltest.Options{}, 95)
		if w.Button("Top up") != nil || w.Button("Correct this mailing") != nil {
			t.Errorf("%s can be followed", s)
		}
	}
	e := bridgetest.New(bridgetest.Sample(95, delivery.Finished))
	e.SetReadOnly(&delivery.Error{Kind: delivery.KindLocked, File: "w"})
	if w := open(t, e, paneltest.Options{}, 95); w.Button("Top up") != nil {
		t.Error("read-only, and can be followed")
	}
}
