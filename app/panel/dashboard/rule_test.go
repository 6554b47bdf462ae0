package dashboard_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/editors"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
)

// What the audience's rule meant in the plan stands beside it, and where the plan is
// confirmed.
func TestRuleOfThePlan(t *testing.T) {
	for _, o := range []paneltest.Options{{W: 1048, H: 720}, {Lang: "nl", Theme: "dark", W: 1024, H: 700}} {
		v := bridgetest.Sample(95, delivery.Ready)
		v.AudienceName = "Grown in Utrecht"
		v.AudienceRule = `city is "Utrecht" and age >= 25 and not in audience "Staff"`
		v.Plan.Rule = &delivery.PlanRule{Text: v.AudienceRule, Count: v.Plan.Targeted, At: bridgetest.Now(), Zone: "UTC"}
		w := open(t, bridgetest.New(v), o, 95)
		says := map[string]string{"": "People who live in “Utrecht”, whose age is at least 25 and who are not in “Staff”.",
			"nl": "Personen die in “Utrecht” wonen, bij wie age minstens 25 is en die niet in “Staff” zitten."}[o.Lang]
		w.Want(says, w.Words.T("rule.as_of", "date", w.Words.DateTime(bridgetest.Now())))
		w.NothingIsCut()
		w.Picture("dashboard-rule-" + o.Lang + o.Theme)
		w.Tap(w.Words.Action(delivery.Confirm))
		w.Want(w.Words.T("confirm.rule"))
		w.Picture("confirm-rule-" + o.Lang + o.Theme)
	}
}

// Fields are called as the list called them: on the dashboard, where the plan is
// confirmed, and where the audience is chosen.
func TestRuleSaysHeaders(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Ready)
	v.AudienceName, v.AudienceRule = "Grown", `customer_since_2 >= 25`
	v.Plan.Rule = &delivery.PlanRule{Text: v.AudienceRule, Count: v.Plan.Targeted, At: bridgetest.Now(), Zone: "UTC"}
	e := bridgetest.New(v)
	e.SetFields(delivery.Field{Name: "customer_since_2", Label: "Customer since (years)", Type: delivery.FieldNumber})
	e.AddRule("Old", `customer_since_2 >= 30`, 12)
	w := open(t, e, paneltest.Options{W: 1048, H: 720}, 95)
	w.Want("People whose customer since (years) is at least 25.")
	w.Tap(w.Words.Action(delivery.Confirm))
	w.Want(w.Words.T("confirm.rule"))
	if w.Says("customer_since_2") {
		t.Error("the dialog has the name of the field")
	}
	w.Key(fyne.KeyEscape)
	editors.Audience(w.Env, v)
	w.Settle()
	w.Want("People whose customer since (years) is at least 30.")
}

// The dialog of the audience says what rules mean, and leads to making one.
func TestAudienceDialogOffersRules(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Editing)
	e := bridgetest.New(v)
	e.AddRule("Grown in Utrecht", `city is "Utrecht" and age >= 25`, 1234)
	w := open(t, e, paneltest.Options{W: 1048, H: 720}, 95)
	editors.Audience(w.Env, v)
	w.Settle()
	w.Want("Grown in Utrecht · 1,234 profiles", "People who live in “Utrecht” and whose age is at least 25.")
	w.NothingIsCut()
	w.Picture("audience-dialog-rules")
	link(w, "New audience by rule")
	if len(w.Went) != 1 || w.Went[0] != (panel.Place{Screen: panel.Rule, Delivery: 95}) {
		t.Errorf("went to %v", w.Went)
	}
}
