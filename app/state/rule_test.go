package state_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/rule"
	"sendoff/engine/rule/ruletest"
)

// TestTheTreeMeansTheRule: what is shown of a rule says the same when it is saved
// again.
func TestTheTreeMeansTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := ruletest.World{Fields: []string{"city", "and"}, Texts: []string{"Utrecht", `a, "b"`, "é", "a b", `"`},
			Audiences: []rule.Ref{{Name: "Staff"}, {Name: "A, B"}}, Deliveries: []delivery.ID{3, 12}, Today: time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC)}
		e := w.Expr(t, 4)
		e.Walk(func(x *rule.Expr) { // a list has its values once
			if x.Op == rule.OneOf || x.Op == rule.NoneOf {
				slices.SortFunc(x.Values, func(a, b rule.Value) int { return strings.Compare(a.Text, b.Text) })
				x.Values = slices.Compact(x.Values)
			}
		})
		tree := state.RuleTree(e)
		again, missing, ok := tree.Rule()
		if !ok || len(missing) > 0 {
			t.Fatalf("%s: %v, %v", e, missing, ok)
		}
		if back := state.RuleTree(again); !reflect.DeepEqual(back, tree) && e.Op != rule.Everyone {
			t.Fatalf("%s became %s", e, again)
		}
		if c := tree.Copy(); !reflect.DeepEqual(c, tree) {
			t.Fatal("a copy is something else")
		}
	})
}

func TestRuleOfWhatWasChosen(t *testing.T) {
	cond := func(field string, op rule.Op, kind rule.Kind, vs ...string) *state.RuleNode {
		return &state.RuleNode{Field: field, Op: op, Kind: kind, Values: vs}
	}
	for _, c := range []struct {
		node *state.RuleNode
		want string // empty: not complete
	}{
		{state.NewRuleGroup(state.JoinAll), "everyone"},
		{state.NewRuleGroup(state.JoinNone, state.NewRuleGroup(state.JoinAny)), "everyone"},
		{cond("city", rule.Is, rule.Text, " Utrecht "), `city is "Utrecht"`},
		{cond("city", rule.Is, rule.Text, " "), ""},
		{cond("city", rule.OneOf, rule.Text, `Ede, "Bergen, NH",Ede,`), `city one of ("Ede", "Bergen, NH")`},
		{cond("age", rule.Greater, rule.Number, "17,5"), `age > 17.5`},
		{cond("age", rule.Greater, rule.Number, "1,000.5"), ""},
		{cond("age", rule.Between, rule.Number, "1"), ""},
		{cond("joined", rule.Is, rule.Date, "2026-02-30"), ""},
		{cond("joined", rule.Is, rule.Date, "2026-02-28"), `joined on 2026-02-28`},
		{cond("joined", rule.InLast, rule.Date, "0"), ""},
		{cond("joined", rule.InLast, rule.Date, "30"), `joined in the last 30 days`},
		{cond("member", rule.Is, rule.Bool, "yes"), `member is yes`},
		{cond("member", rule.Is, rule.Bool), ""},
		{cond(state.AskAudience, rule.NotIn, rule.Text, "Staff"), `not in audience "Staff"`},
		{cond(state.AskAudience, rule.NotIn, rule.Text), ""},
		{cond(state.AskDelivery, rule.DidNotGet, rule.Text, "DM12"), `did not get delivery DM12`},
		{cond(state.AskRandom, rule.Random, rule.Text, "1–10", "100"), `random part 1 to 10 of 100 seed 0`},
		{cond(state.AskRandom, rule.Random, rule.Text, "3", "2"), ""},
		{&state.RuleNode{}, ""},
		{state.NewRuleGroup(state.JoinNone, cond("city", rule.Is, rule.Text, "Ede"), cond("age", rule.Less, rule.Number, "3")), `not (city is "Ede" or age < 3)`},
		{state.NewRuleGroup(state.JoinAny, cond("city", rule.Is, rule.Text, "Ede"), state.NewRuleGroup(state.JoinAll)), `city is "Ede"`},
	} {
		e, missing, ok := c.node.Rule()
		switch {
		case c.want == "" && (ok || len(missing) != 1):
			t.Errorf("%+v is %s", c.node, e)
		case c.want != "" && (!ok || e.String() != c.want):
			t.Errorf("%+v is %s, want %s", c.node, e, c.want)
		}
	}
}

// TestOpsFitTheirTypes: whatever is offered can be asked of the type.
func TestOpsFitTheirTypes(t *testing.T) {
	for _, ft := range delivery.FieldTypes() {
		for _, op := range state.RuleOps("x", ft) {
			n := &state.RuleNode{}
			n.Ask("x", ft)
			n.Compare(op)
			in, k := n.Input()
			for i := range k {
				n.SetValue(i, map[state.RuleInput]string{state.InputText: "a", state.InputTexts: "a, b", state.InputNumber: "5", state.InputDate: "2026-01-01",
					state.InputBool: "yes", state.InputDays: "7"}[in])
			}
			e, missing, ok := n.Rule()
			if !ok || len(missing) > 0 {
				t.Errorf("%s of %s: %+v", op, ft, n)
				continue
			}
			if err := e.CheckFields([]delivery.Field{{Name: "x", Type: ft}}); err != nil {
				t.Errorf("%s: %v", e, err)
			}
		}
	}
}

func TestAnotherFieldKeepsWhatFits(t *testing.T) {
	n := &state.RuleNode{Field: "city", Op: rule.Contains, Kind: rule.Text, Values: []string{"Ut"}}
	n.Ask("name", delivery.FieldText)
	if n.Op != rule.Contains || n.Value(0) != "Ut" {
		t.Errorf("%+v", n)
	}
	n.Compare(rule.OneOf)
	if n.Value(0) != "Ut" {
		t.Errorf("%+v", n)
	}
	n.Ask("age", delivery.FieldNumber)
	if n.Op != rule.Is || n.Value(0) != "" || n.Kind != rule.Number {
		t.Errorf("%+v", n)
	}
	n.Ask(state.AskRandom, "")
	if e, _, ok := n.Rule(); !ok || e.String() != "random part 1 of 2 seed 0" {
		t.Errorf("%s", e)
	}
}
