package dashboard_test

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// locked is a delivery that stands still because nobody gave the passphrase.
func locked() (*bridgetest.Engine, delivery.View) {
	v := bridgetest.Sample(95, delivery.Paused)
	v.Paused = &delivery.PauseReason{Kind: delivery.KindPassphrase, Detail: "locked"}
	e := bridgetest.New(v)
	e.SetPasswords(delivery.Passwords{File: true}, "right one")
	return e, v
}

func resumed(e *bridgetest.Engine) bool { return slices.Contains(e.Commands(), "resume DM95") }

// The passphrase is asked for where the delivery waits, and then it goes on: from
// the banner and from Resume alike, which would only stop again.
func TestUnlockAndGoOn(t *testing.T) {
	for _, o := range []paneltest.Options{{W: 1280, H: 820}, {Lang: "nl", Theme: "dark", W: 1024, H: 700}, {Lang: "nl", W: 720, H: 480}} {
		e, _ := locked()
		w := open(t, e, o, 95)
		w.Want(w.Words.T("banner.locked"))
		w.NothingIsCut()
		w.Picture(fmt.Sprintf("dashboard-locked-%s%s-%v", o.Lang, o.Theme, o.W))
	}
	for _, press := range []func(w *paneltest.Window){
		func(w *paneltest.Window) { link(w, w.Words.T("banner.unlock")) },
		func(w *paneltest.Window) { w.Tap(w.Words.Action(delivery.Resume)) },
	} {
		e, _ := locked()
		w := open(t, e, paneltest.Options{W: 1024, H: 700}, 95)
		press(w)
		if resumed(e) {
			t.Fatal("resumed while the passwords are locked")
		}
		w.Key(fyne.KeyEscape)
		if widgets.IsOpen(w.Window) || resumed(e) {
			t.Fatal("giving up was taken for yes")
		}
		press(w)
		paneltest.All[*widgets.Entry](w)[0].SetText("right one")
		w.Key(fyne.KeyReturn)
		w.Settle()
		if widgets.IsOpen(w.Window) || !resumed(e) {
			t.Errorf("told %q", e.Commands())
		}
		if w.Says(w.Words.T("banner.locked")) {
			t.Error("it still asks")
		}
	}
}

// Somebody may have stopped it while the passphrase was typed.
func TestUnlockTooLate(t *testing.T) {
	e, v := locked()
	w := open(t, e, paneltest.Options{W: 1024, H: 700}, 95)
	link(w, w.Words.T("banner.unlock"))
	v.State, v.Paused = delivery.Stopped, nil
	v.Status.State = delivery.Stopped
	e.Put(v)
	w.Settle()
	paneltest.All[*widgets.Entry](w)[0].SetText("right one")
	w.Key(fyne.KeyReturn)
	w.Settle()
	if resumed(e) {
		t.Error("a stopped delivery was resumed")
	}
}

// Nothing is offered to who may not resume, nor for a pause of another kind.
func TestNoUnlock(t *testing.T) {
	e, v := locked()
	who, _ := e.Operators(t.Context())
	at := slices.IndexFunc(who, func(o access.Operator) bool { return !o.Rights.Has(access.Start) })
	w := open(t, e, paneltest.Options{Operator: at, W: 1024, H: 700}, 95)
	w.Want("The passwords are locked. Unlock them in Accounts")
	if w.Says(w.Words.T("banner.locked")) {
		t.Error("offered to somebody who may not resume")
	}
	v.Paused = &delivery.PauseReason{Kind: delivery.KindAuth}
	w = open(t, bridgetest.New(v), paneltest.Options{W: 1024, H: 700}, 95)
	if w.Says(w.Words.T("banner.locked")) {
		t.Error("a refused password is no locked file")
	}
}
