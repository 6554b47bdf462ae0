package audiences_test

import (
	"testing"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/audiences"
	"sendoff/app/panel/paneltest"
	"sendoff/app/panel/people"
	"sendoff/engine/access"
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

// An audience by rule says what it means, and its menu leads on from it.
func TestRules(t *testing.T) {
	for _, o := range []paneltest.Options{{}, {Lang: "nl", Theme: "dark", W: 792, H: 616}} {
		e := bridgetest.New()
		e.Richer()
		e.AddRule("Grown in Utrecht", `city is "Utrecht" and age >= 25 and did not get delivery DM1 and not in audience "Customers in the Netherlands"`, 1234)
		w := open(t, e, o)
		w.Want("Grown in Utrecht", map[string]string{"": "People who live in “Utrecht”", "nl": "Personen die in “Utrecht” wonen"}[o.Lang], w.Words.Number(1234))
		w.NothingIsCut()
		w.Picture("audiences-rules-" + o.Lang + o.Theme)
		w.Tap(w.Words.T("rule.edit_rule"))
		w.Tap(w.Words.T("rule.new"))
		if w.Went[0] != (panel.Place{Screen: panel.Rule, Number: 2}) || w.Went[1] != (panel.Place{Screen: panel.Rule}) {
			t.Errorf("went to %v", w.Went)
		}
	}
}

// Whom a rule names is a list of people, too.
func TestPeopleOfARule(t *testing.T) {
	e := bridgetest.New()
	who, err := e.Operators(t.Context())
	if err == nil {
		err = e.DeleteAudience(t.Context(), access.Principal{Operator: who[0].ID}, 1)
	}
	if err != nil {
		t.Fatal(err)
	}
	a := e.AddRule("Grown in Utrecht", `city is "Utrecht"`, 1234)
	w := open(t, e, paneltest.Options{})
	w.Tap("More")
	w.Choose("Show people")
	if want := (panel.Place{Screen: panel.People, Tab: people.AudienceTab(a.ID)}); len(w.Went) != 1 || w.Went[0] != want {
		t.Errorf("went to %v", w.Went)
	}
}

// A rule that was not counted is counted once, when it is looked at.
func TestRulesAreCounted(t *testing.T) {
	e := bridgetest.New()
	e.Richer()
	a := e.AddRule("New", `city is "Utrecht"`, 0)
	e.Forget(a.ID)
	w := open(t, e, paneltest.Options{})
	w.UI.Until(t, "the count", func() bool { return w.Says("100") })
}
