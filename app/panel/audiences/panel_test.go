package audiences_test

import (
	"testing"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/audiences"
	"sendoff/app/panel/paneltest"
	"sendoff/app/panel/people"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

func open(t *testing.T, e *bridgetest.Engine, o paneltest.Options) *paneltest.Window {
	t.Helper()
	return paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen { return audiences.New(env, panel.Place{}) })
}

func TestLists(t *testing.T) {
	w := open(t, bridgetest.New(), paneltest.Options{Lang: "nl", W: 968, H: 600})
	w.Want("Customers in the Netherlands", "10.000")
	w.NothingIsCut()
	w.Tap("Personen tonen")
	if want := (panel.Place{Screen: panel.People, Tab: people.AudienceTab(1)}); w.Went[0] != want {
		t.Errorf("went to %v", w.Went)
	}
}

func TestRenameAndUndo(t *testing.T) {
	w := open(t, bridgetest.New(), paneltest.Options{})
	w.Tap("More")
	w.Choose("Rename…")
	paneltest.All[*widgets.Entry](w)[0].SetText("Friends")
	w.Tap("Save")
	w.Want("Friends")
	w.Undo()
	w.Want("Customers in the Netherlands")
}

// A list in use stays, and the sentence says by what.
func TestDelete(t *testing.T) {
	e := bridgetest.New()
	e.Fail("delete_audience", &delivery.Error{Kind: delivery.KindInUse, Field: "audience", Detail: "DM12 Summer"})
	w := open(t, e, paneltest.Options{})
	w.Tap("More")
	w.Choose("Delete…")
	w.Tap("Delete")
	if len(w.Toasts) != 1 || w.Toasts[0] != "The audience is still in use by DM12 Summer. Let that end, or delete it first." {
		t.Errorf("said %q", w.Toasts)
	}
	w.Want("Customers in the Netherlands")
}
