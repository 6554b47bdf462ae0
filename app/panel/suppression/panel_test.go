package suppression_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/paneltest"
	"sendoff/app/panel/suppression"
	"sendoff/widgets"
)

func open(t *testing.T, o paneltest.Options, at panel.Place) *paneltest.Window {
	t.Helper()
	return paneltest.Open(t, bridgetest.New(), o, func(env *panel.Env) paneltest.Screen { return suppression.New(env, at) })
}

func TestBothLists(t *testing.T) {
	w := open(t, paneltest.Options{Lang: "nl", W: 968, H: 600}, panel.Place{})
	w.Want("12 adressen", "In quarantaine staan adressen die niet werken", "Adres toevoegen")
	w.NothingIsCut()
	w = open(t, paneltest.Options{Lang: "nl", W: 968, H: 600}, panel.Place{Tab: "denylist"})
	w.Want("15 personen", "Op de weigerlijst staan mensen", "Persoon toevoegen")
	w.NothingIsCut()
}

// An address is released by keys, after a question.
func TestRelease(t *testing.T) {
	w := open(t, paneltest.Options{}, panel.Place{})
	w.Window.Canvas().Focus(paneltest.All[*widgets.Table](w)[0].Target())
	w.Key(fyne.KeyReturn)
	w.Want("Release this address?")
	w.Tap("Release")
	w.Want("11 addresses")
}

func TestAdd(t *testing.T) {
	w := open(t, paneltest.Options{}, panel.Place{})
	w.Tap("Add address")
	paneltest.All[*widgets.Entry](w)[0].SetText("nobody")
	w.Tap("Add")
	w.Want("This is not an e-mail address.")
	paneltest.All[*widgets.Entry](w)[0].SetText("old@post.example")
	w.Tap("Add")
	w.Want("13 addresses")
	w.Undo()
	w.Want("12 addresses")
	// Somebody who is there already goes onto the denylist, and off it again.
	w = open(t, paneltest.Options{}, panel.Place{Tab: "denylist"})
	w.Tap("Add person")
	paneltest.All[*widgets.Entry](w)[0].SetText("BELL.100@post.example")
	w.Tap("Add")
	w.Want("16 people")
	if got := w.Engine.Commands(); !slices.Contains(got, "deny [101] true") {
		t.Errorf("the engine was told %q", got)
	}
	w.Undo()
	w.Want("15 people")
}
