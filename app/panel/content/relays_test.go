package content_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel/content"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// edit opens the settings of a delivery of an engine with three accounts.
func edit(t *testing.T, o paneltest.Options, via ...delivery.Relay) *paneltest.Window {
	t.Helper()
	e := bridgetest.New()
	as, err := e.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second := bridgetest.SampleAccount()
	second.ID, second.Name, second.Host = 3, "Provider", "smtp.provider.example"
	as = append(slices.DeleteFunc(as, func(a delivery.Account) bool { return a.ID == 2 || a.ID == 3 }), bridgetest.SampleAccount(), second)
	e.SetAccounts(as...)
	v := bridgetest.Sample(7, delivery.Editing)
	v.SetVia(via)
	e.Put(v)
	w, _ := reopen(t, e, o, content.TabSettings)
	return w
}

func via(t *testing.T, w *paneltest.Window) delivery.Draft {
	t.Helper()
	v, err := w.Engine.Delivery(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	return v.Draft
}

// link presses a visible link.
func link(w *paneltest.Window, label string) {
	w.T.Helper()
	for _, l := range paneltest.All[*widgets.Link](w) {
		if l.AccessibilityLabel() == label {
			l.Tapped(nil)
			w.Settle()
			return
		}
	}
	w.T.Fatalf("there is no link %q", label)
}

func TestOneRelayStaysOne(t *testing.T) {
	w := edit(t, paneltest.Options{}, delivery.Relay{Account: 2, Weight: 1})
	if w.Button("1 share") != nil {
		t.Error("one relay has a share")
	}
	w.Tap("Office")
	w.Choose("Provider")
	w.Tap("Save")
	if d := via(t, w); d.Account != 3 || d.Relays != nil {
		t.Errorf("%+v", d)
	}
}

func TestAnotherRelay(t *testing.T) {
	w := edit(t, paneltest.Options{}, delivery.Relay{Account: 2, Weight: 1})
	link(w, "Add another relay")
	w.Want("Office", "Provider")
	shares := 0
	for _, b := range paneltest.All[*widgets.Button](w) {
		if b.Text() == "1 share" {
			if shares++; shares == 2 {
				b.Tapped(nil)
			}
		}
	}
	w.Settle()
	w.Choose("Spare")
	w.Tap("1 share")
	w.Choose("3 shares")
	w.Tap("Save")
	d := via(t, w)
	want := []delivery.Relay{{Account: 2, Weight: 3}, {Account: 3, Weight: 1, Spare: true}}
	if d.Account != 2 || !slices.Equal(d.Relays, want) {
		t.Errorf("%+v", d.Relays)
	}
	w.Undo()
	if d := via(t, w); d.Account != 2 || d.Relays != nil {
		t.Errorf("taken back: %+v", d)
	}
}

func TestRelayRemoved(t *testing.T) {
	w := edit(t, paneltest.Options{}, delivery.Relay{Account: 2, Weight: 7}, delivery.Relay{Account: 3, Weight: 1, Spare: true})
	w.Want("7 shares", "Spare")
	if strings.Contains(strings.Join(w.Toasts, " "), "error") {
		t.Error(w.Toasts)
	}
	for _, b := range paneltest.All[*widgets.Button](w) {
		if b.ToolTip() == "Remove this relay" {
			b.Tapped(nil)
			break
		}
	}
	w.Settle()
	w.Tap("Save")
	if d := via(t, w); d.Account != 3 || d.Relays != nil {
		t.Errorf("%+v", d)
	}
}

func TestRelaysLook(t *testing.T) {
	for _, o := range []paneltest.Options{{Lang: "en", W: 1024, H: 1060}, {Lang: "nl", W: 1024, H: 1060}, {Lang: "nl", W: 1024, H: 700}, {Lang: "en", Theme: "dark", W: 1024, H: 1060}} {
		for n, relays := range [][]delivery.Relay{{{Account: 2, Weight: 1}}, {{Account: 2, Weight: 3}, {Account: 3, Weight: 1, Spare: true}}} {
			w := edit(t, o, relays...)
			w.NothingIsCut()
			w.Picture(fmt.Sprint("content-relays-", n+1, "-", o.Lang, o.Theme, o.H))
		}
	}
}
