package state_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/app/state"
	"sendoff/engine/delivery"
)

// TestWhatARuleMeantIsShown: beside the audience, and where the plan is confirmed.
func TestWhatARuleMeantIsShown(t *testing.T) {
	at := time.Date(2026, 6, 1, 9, 30, 0, 0, time.UTC)
	v := delivery.View{AudienceName: "Grown", AudienceRule: `age >= 25`, AudienceSize: 12, AudienceFrom: at}
	v.ID, v.State, v.Audience = 1, delivery.Editing, 3
	for lang, want := range map[string][]string{
		"en": {"People whose age is at least 25.", "12 profiles, counted 1 Jun 2026", "found anew at each preparation"},
		"nl": {"Personen bij wie age minstens 25 is.", "bij elke voorbereiding opnieuw bepaald"},
	} {
		note := state.Of(words(t, lang), state.Input{View: v}).Audience.Note
		for _, s := range want {
			if !strings.Contains(note, s) {
				t.Errorf("%s: %q does not say %q", lang, note, s)
			}
		}
	}
	v.State = delivery.Ready
	v.Plan = &delivery.Plan{Hash: strings.Repeat("a", 64), Targeted: 9, ToDeliver: 9, At: at,
		Rule: &delivery.PlanRule{Text: `age >= 24`, Count: 9, At: at, Zone: "UTC"}}
	c := words(t, "en")
	if note := state.Of(c, state.Input{View: v}).Audience.Note; !strings.Contains(note, "at least 24") || !strings.Contains(note, "9 profiles · as of the preparation, 1 Jun 2026, 09:30") {
		t.Errorf("the plan's rule is not shown: %q", note)
	}
	m, ok := state.ConfirmOf(c, state.Input{View: v, Now: at}, "", "")
	i := slices.IndexFunc(m.Rows, func(r state.ConfirmRow) bool { return r.Label == "Rule" })
	if !ok || i < 0 || m.Rows[i].Value != "People whose age is at least 24." || !strings.Contains(m.Rows[i].Note, "as of the preparation") {
		t.Errorf("%+v", m.Rows)
	}
	// Fields and deliveries have the names that people know.
	named := v
	named.Plan = &delivery.Plan{Hash: v.Plan.Hash, At: at, Rule: &delivery.PlanRule{Text: `age_2 >= 24 and got delivery DM7`, At: at}}
	in := state.Input{View: named, Now: at, Names: state.RuleNames([]delivery.Field{{Name: "age_2", Label: "Age (years)", Type: delivery.FieldNumber}},
		[]delivery.View{{Delivery: delivery.Delivery{ID: 7, Draft: delivery.Draft{Label: "Spring sale"}}}})}
	m, _ = state.ConfirmOf(c, in, "", "")
	said := m.Rows[slices.IndexFunc(m.Rows, func(r state.ConfirmRow) bool { return r.Label == "Rule" })].Value
	for where, s := range map[string]string{"confirm": said, "dashboard": state.Of(c, in).Audience.Note} {
		if !strings.Contains(s, "age (years) is at least 24") || !strings.Contains(s, "Spring sale") {
			t.Errorf("%s: %s", where, s)
		}
	}
	// A sentence that would fill the dialog is cut, and can be read whole.
	long := v
	long.Plan = &delivery.Plan{Hash: v.Plan.Hash, At: at, Rule: &delivery.PlanRule{Text: strings.Repeat(`age >= 24 or `, 40) + "everyone", At: at}}
	m, _ = state.ConfirmOf(c, state.Input{View: long, Now: at}, "", "")
	r := m.Rows[slices.IndexFunc(m.Rows, func(r state.ConfirmRow) bool { return r.Label == "Rule" })]
	if len(r.Value) > 300 || !strings.HasSuffix(r.Value, "…") || !strings.HasSuffix(r.Lead, "whoever they are.") || len(r.Lines) == 0 {
		t.Errorf("%+v", r)
	}
	// After an edit of the rule the audience says what it means now.
	v.State, v.Broken = delivery.Editing, []delivery.Part{delivery.PartAudience}
	if note := state.Of(c, state.Input{View: v}).Audience.Note; !strings.Contains(note, "at least 25") {
		t.Errorf("an old plan's rule is shown: %q", note)
	}
}
