package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sendoff/engine"
	"sendoff/engine/delivery"
)

func TestEditsBreakTheSeal(t *testing.T) {
	for _, c := range []struct {
		part delivery.Part
		edit func(*delivery.Draft)
	}{
		{delivery.PartContent, func(d *delivery.Draft) { d.Content.Subject = "Other" }},
		{delivery.PartSchedule, func(d *delivery.Draft) {
			d.Schedule = delivery.Schedule{Mode: delivery.AtDate, Local: "2099-01-01T09:00:00", Zone: "Europe/Amsterdam"}
		}},
		{delivery.PartAudience, func(d *delivery.Draft) { d.Audience = 0 }},
	} {
		t.Run(string(c.part), func(t *testing.T) {
			w := newWork(t, t.TempDir(), 5)
			plan := w.prepare()
			d := w.view().Draft
			c.edit(&d)
			if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
				t.Fatal(err)
			}
			if v := w.view(); !slices.Equal(v.Broken, []delivery.Part{c.part}) {
				t.Errorf("broken %v", v.Broken)
			}
			if err := w.Confirm(t.Context(), w.who, w.id, plan.Hash); err == nil {
				t.Error("confirmed all the same")
			}
		})
	}
}

// TestPreparationSealsTheSameThing: preparing twice gives the same plan, and
// what renders later is what was sealed.
func TestPreparationSealsTheSameThing(t *testing.T) {
	w := newWork(t, t.TempDir(), 600)
	a := w.prepare()
	b := w.prepare()
	if a.Hash != b.Hash {
		t.Errorf("hash %s, then %s", a.Hash, b.Hash)
	}
}

func TestFindingsBlock(t *testing.T) {
	w := newWork(t, t.TempDir(), 3)
	base := w.view().Draft
	for _, c := range []struct {
		name string
		edit func(*delivery.Draft)
		want delivery.FindingCode
		at   string // part:line
		ok   bool   // a warning only
	}{
		{"no subject", func(d *delivery.Draft) { d.Content.Subject = " " }, delivery.FindSubjectEmpty, "subject:0", false},
		{"no sender", func(d *delivery.Draft) { d.Content.From = "" }, delivery.FindSenderEmpty, "from:0", false},
		{"bad sender", func(d *delivery.Draft) { d.Content.From = "Acme <news@>" }, delivery.FindSenderInvalid, "from:0", false},
		{"no content", func(d *delivery.Draft) { d.Content.HTML = "\n" }, delivery.FindContentEmpty, ":0", false},
		{"broken liquid", func(d *delivery.Draft) { d.Content.HTML = "<p>a</p>\n<p>{{ first_name | }</p>" }, delivery.FindTemplate, "html:2", false},
		{"unknown field", func(d *delivery.Draft) { d.Content.HTML += "\n{{ fist_name }}" }, delivery.FindUnknownField, "html:2", false},
		{"unknown field with default", func(d *delivery.Draft) { d.Content.HTML += "\n{{ fist_name | default: 'x' }}" }, delivery.FindUnknownField, "html:2", true},
		{"no way out", func(d *delivery.Draft) { d.Content.HTML = "<p>Hi</p>" }, delivery.FindNoUnsubscribe, "html:0", true},
		{"no audience", func(d *delivery.Draft) { d.Audience = 0 }, delivery.FindNoAudience, ":0", false},
		{"no account", func(d *delivery.Draft) { d.Account = 0 }, delivery.FindNoAccount, ":0", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := base
			c.edit(&d)
			if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
				t.Fatal(err)
			}
			if err := w.Prepare(t.Context(), w.who, w.id); err != nil {
				t.Fatal(err)
			}
			v := w.view()
			i := slices.IndexFunc(v.Plan.Findings, func(f delivery.Finding) bool { return f.Code == c.want })
			if i < 0 {
				t.Fatalf("findings %+v", v.Plan.Findings)
			}
			f := v.Plan.Findings[i]
			if got := fmt.Sprintf("%s:%d", f.Part, f.Line); got != c.at {
				t.Errorf("at %s, want %s", got, c.at)
			}
			if ready := v.State == delivery.Ready; ready != c.ok {
				t.Errorf("state %s with %+v", v.State, v.Plan.Findings)
			}
			if c.ok {
				return
			}
			if err := w.Confirm(t.Context(), w.who, w.id, v.Plan.Hash); !delivery.Is(err, delivery.KindState) {
				t.Errorf("confirm: %v", err)
			}
		})
	}
}

func TestMissingValuesAreCounted(t *testing.T) {
	w := newWork(t, t.TempDir(), 3)
	path := filepath.Join(t.TempDir(), "gaps.csv")
	if err := os.WriteFile(path, []byte("email,first_name,city\na@x.example,Ann,Ghent\nb@x.example,,Leeds\nc@x.example,Cas,\nd@x.example,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := w.Import(t.Context(), w.who, engine.ImportRequest{File: path, Name: "Gaps"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := w.view().Draft
	d.Audience = a.Audience.ID
	d.Content.Subject = "Hi {{ first_name | default: 'you' }}"
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	if err := w.Prepare(t.Context(), w.who, w.id); err != nil {
		t.Fatal(err)
	}
	fs := w.view().Plan.Findings
	if len(fs) != 1 || fs[0].Code != delivery.FindMissingValue || fs[0].Detail != "city" || fs[0].Count != 2 {
		t.Errorf("findings %+v, want city missing for 2", fs)
	}
}

func TestStopPreparationLeavesNoTrace(t *testing.T) {
	w := newWork(t, t.TempDir(), 20000)
	done := make(chan error, 1)
	go func() { done <- w.Prepare(context.Background(), w.who, w.id) }()
	sub := w.Subscribe()
	defer sub.Close()
	for w.view().State != delivery.Preparing {
		if _, err := sub.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.StopPreparation(t.Context(), w.who, w.id); err != nil {
		t.Fatal(err)
	}
	if err := <-done; !delivery.Is(err, delivery.KindCancelled) {
		t.Fatalf("the preparation ended with %v", err)
	}
	if v := w.view(); v.State != delivery.Editing || v.Plan != nil || v.Counters != (delivery.Counters{}) {
		t.Errorf("afterwards %s, plan %v, %+v", v.State, v.Plan, v.Counters)
	}
	w.prepare()
}
