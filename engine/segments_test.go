package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/rule"
)

// towns is a workspace with twelve people in three towns, and a list of three.
func towns(t *testing.T) *work {
	t.Helper()
	w := newWork(t, t.TempDir(), 1)
	data := "email,first_name,city,age,joined\n"
	for i := range 12 {
		data += fmt.Sprintf("t%02d@post.example,T%d,%s,%d,%s\n", i, i, []string{"Utrecht", "Ede", "Zeist"}[i%3], 20+i,
			time.Now().AddDate(0, 0, -i).Format(time.DateOnly))
	}
	for name, data := range map[string]string{"Towns": data, "Staff": "email\nt00@post.example\nt01@post.example\nt03@post.example\n"} {
		path := filepath.Join(t.TempDir(), name+".csv")
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Import(t.Context(), w.who, engine.ImportRequest{File: path, Name: name}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *work) byRule(name, text string) delivery.Audience {
	w.Helper()
	a, err := w.CreateAudience(context.Background(), w.who, name, text)
	if err != nil {
		w.Fatal(err)
	}
	return a
}

// aim gives the delivery another audience.
func (w *work) aim(audience int64) {
	w.Helper()
	d := w.view().Draft
	d.Audience = audience
	if err := w.EditDelivery(context.Background(), w.who, w.id, d); err != nil {
		w.Fatal(err)
	}
}

func (w *work) person(address string) int64 {
	w.Helper()
	ns, err := w.ProfileNumbers(context.Background(), delivery.ProfileQuery{Search: address})
	if err != nil || len(ns) != 1 {
		w.Fatal(ns, err)
	}
	return ns[0]
}

func TestARuleIsPreparedAndSent(t *testing.T) {
	w := towns(t)
	a := w.byRule("Utrecht", `city is "utrecht" and not in audience "staff"`)
	if a.Size != 3 || a.Rule != `city is "utrecht" and not in audience "Staff"` {
		t.Fatalf("%+v", a)
	}
	w.aim(a.ID)
	plan := w.prepare()
	if p := plan.Rule; p == nil || p.Text != a.Rule || p.Count != 3 || p.At.Before(plan.At.Add(-time.Minute)) || p.Zone == "" {
		t.Errorf("the plan says %+v", p)
	}
	want := []string{"p00000@post.example", "t06@post.example", "t09@post.example"}
	if got := w.addresses(delivery.MsgPending); !slices.Equal(got, want) {
		t.Fatalf("%v", got)
	}
	// Who comes later is not in the plan.
	if _, err := w.AddProfile(t.Context(), w.who, delivery.Profile{Address: "new@post.example", Fields: map[string]string{"city": "Utrecht"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Confirm(t.Context(), w.who, w.id, plan.Hash); err != nil {
		t.Fatal(err)
	}
	w.Run()
	w.until(delivery.Finished)
	if got := w.addresses(delivery.MsgAccepted); !slices.Equal(got, want) {
		t.Fatalf("%v", got)
	}
	for text, n := range map[string]int64{
		"got delivery " + w.id.String():                               3,
		"did not get delivery " + w.id.String():                       11,
		`city is "Utrecht" and did not get delivery ` + w.id.String(): 3, // two of the staff, and the new one
	} {
		if c, err := w.CountRule(t.Context(), text, 0, 5, nil); err != nil || c.Count != n || c.Total != 14 {
			t.Errorf("%s: %+v, %v; want %d", text, c, err, n)
		}
	}
	// Somebody new at a mailbox that got it has got it.
	if err := w.DeleteProfile(t.Context(), w.who, w.person("t06@")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddProfile(t.Context(), w.who, delivery.Profile{Address: "T06@post.example"}); err != nil {
		t.Fatal(err)
	}
	if c, err := w.CountRule(t.Context(), "got delivery "+w.id.String(), 0, 5, nil); err != nil || c.Count != 3 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestEditsOfRulesBreakTheSeal(t *testing.T) {
	w := towns(t)
	inner := w.byRule("Grown", `age >= 25`)
	outer := w.byRule("Both", `in audience "Grown" or city is "Ede"`)
	w.aim(outer.ID)
	for name, edit := range map[string]func() error{
		"the rule": func() error {
			return w.EditAudienceRule(t.Context(), w.who, outer.ID, `in audience "Grown" or city is "Zeist"`)
		},
		"a rule that it refers to": func() error { return w.EditAudienceRule(t.Context(), w.who, inner.ID, `age >= 26`) },
	} {
		plan := w.prepare()
		if again := w.prepare(); again.Hash != plan.Hash {
			t.Errorf("%s: the same rule seals otherwise", name)
		}
		// Another name means the same.
		if err := w.RenameAudience(t.Context(), w.who, inner.ID, "Adults "+name); err != nil {
			t.Fatal(err)
		}
		if v := w.view(); len(v.Broken) != 0 {
			t.Errorf("broken by a name: %v", v.Broken)
		}
		if err := w.RenameAudience(t.Context(), w.who, inner.ID, "Grown"); err != nil {
			t.Fatal(err)
		}
		if err := edit(); err != nil {
			t.Fatal(err)
		}
		if v := w.view(); !slices.Equal(v.Broken, []delivery.Part{delivery.PartAudience}) {
			t.Errorf("%s: broken %v", name, v.Broken)
		}
		if err := w.Confirm(t.Context(), w.who, w.id, plan.Hash); !delivery.Is(err, delivery.KindSealBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRulesThatCannotBe(t *testing.T) {
	w := towns(t)
	a := w.byRule("A", `city is "Ede"`)
	b := w.byRule("B", `in audience "A"`)
	for text, want := range map[string]string{
		`in audience "B"`:                      rule.FaultCycle,
		`city is "Ede" or not in audience "A"`: rule.FaultCycle,
		`in audience "nobody"`:                 rule.FaultAudience,
		`got delivery DM99`:                    rule.FaultDelivery,
		`town is "Ede"`:                        rule.FaultField,
		`city is`:                              rule.FaultUnexpected,
	} {
		err := w.EditAudienceRule(t.Context(), w.who, a.ID, text)
		var de *delivery.Error
		if !errors.As(err, &de) || de.Kind != delivery.KindRule || de.Field != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if err := w.DeleteAudience(t.Context(), w.who, a.ID); !delivery.Is(err, delivery.KindInUse) {
		t.Errorf("deleted although another one needs it: %v", err)
	}
	if _, err := w.CreateAudience(t.Context(), w.who, "staff", "everyone"); !delivery.Is(err, delivery.KindExists) {
		t.Errorf("%v", err)
	}
	list := w.view().Audience
	if err := w.EditAudienceRule(t.Context(), w.who, list, "everyone"); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("a list got a rule: %v", err)
	}
	if _, err := w.Import(t.Context(), w.who, engine.ImportRequest{File: csv(t, 3), Name: "b"}, nil); !delivery.Is(err, delivery.KindExists) {
		t.Errorf("an import took the name of a rule: %v", err)
	}
	if err := w.DeleteAudience(t.Context(), w.who, b.ID); err != nil {
		t.Error(err)
	}
	if err := w.DeleteAudience(t.Context(), w.who, a.ID); err != nil {
		t.Error(err)
	}
}

// TestWhatARuleRefersToMayGo: a deleted delivery is found by the next preparation.
func TestWhatARuleRefersToMayGo(t *testing.T) {
	w := towns(t)
	gone, err := w.DuplicateDelivery(t.Context(), w.who, w.id)
	if err != nil {
		t.Fatal(err)
	}
	w.aim(w.byRule("Rest", "did not get delivery "+gone.String()).ID)
	if n := w.prepare().Rule.Count; n != 13 {
		t.Errorf("%d people", n)
	}
	if err := w.DeleteDelivery(t.Context(), w.who, gone); err != nil {
		t.Fatal(err)
	}
	if err := w.Prepare(t.Context(), w.who, w.id); err != nil {
		t.Fatal(err)
	}
	v := w.view()
	if !slices.ContainsFunc(v.Plan.Findings, func(f delivery.Finding) bool {
		return f.Code == delivery.FindRuleDelivery && f.Detail == gone.String() && f.Severity == delivery.SeverityError
	}) || v.State != delivery.PreparationFailed || v.Plan.Targeted != 0 {
		t.Errorf("%s with %+v", v.State, v.Plan)
	}
}

func TestTestProfilesAreTargetedByNothing(t *testing.T) {
	w := towns(t)
	id := w.person("t06@")
	if err := w.SetTest(t.Context(), w.who, []int64{id}, true); err != nil {
		t.Fatal(err)
	}
	ns, err := w.ProfileNumbers(t.Context(), delivery.ProfileQuery{Test: true})
	if err != nil || !slices.Equal(ns, []int64{id}) {
		t.Fatal(ns, err)
	}
	if p, err := w.Profile(t.Context(), id); err != nil || !p.Test {
		t.Errorf("%+v, %v", p, err)
	}
	list := w.byRule("x", "everyone")
	if list.Size != 12 {
		t.Errorf("%d people", list.Size)
	}
	as, err := w.Audiences(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range as {
		if a.Name != "Towns" && a.Name != "x" {
			continue
		}
		w.aim(a.ID)
		if plan := w.prepare(); slices.Contains(w.addresses(delivery.MsgPending), "t06@post.example") || plan.Targeted != map[string]int64{"Towns": 11, "x": 12}[a.Name] {
			t.Errorf("%s: %d targeted", a.Name, plan.Targeted)
		}
	}
	if err := w.SetTest(t.Context(), w.who, []int64{id}, false); err != nil {
		t.Fatal(err)
	}
	if n, err := w.CountAudience(t.Context(), list.ID, nil); err != nil || n != 13 {
		t.Error(n, err)
	}
}

func TestSplit(t *testing.T) {
	w := towns(t)
	whole := w.byRule("Everybody", "everyone")
	parts, err := w.SplitAudience(t.Context(), w.who, whole.ID, engine.Split{Shares: []int{20, 30, 50}, Names: []string{"", "Test group"}, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	seen := map[int64]int{}
	for _, p := range parts {
		names = append(names, p.Name)
		c, err := w.CountRule(t.Context(), p.Rule, 0, 100, nil)
		if err != nil || c.Count != p.Size {
			t.Fatal(c, err)
		}
		for _, x := range c.Sample {
			seen[x.ID]++
		}
	}
	if !slices.Equal(names, []string{"Everybody A", "Test group", "Everybody C"}) || len(seen) != 13 {
		t.Errorf("%v with %d people", names, len(seen))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%d is in %d parts", id, n)
		}
	}
	for _, bad := range [][]int{nil, {100}, {0, 100}, {600, 600}} {
		if _, err := w.SplitAudience(t.Context(), w.who, whole.ID, engine.Split{Shares: bad}); !delivery.Is(err, delivery.KindInvalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	// All or none: the second name is taken.
	if _, err := w.SplitAudience(t.Context(), w.who, whole.ID, engine.Split{Shares: []int{1, 1}, Names: []string{"Fresh", "Staff"}}); !delivery.Is(err, delivery.KindExists) {
		t.Error(err)
	}
	as, err := w.Audiences(t.Context())
	if err != nil || slices.ContainsFunc(as, func(a delivery.Audience) bool { return a.Name == "Fresh" }) {
		t.Error("half a split", err)
	}
}

// TestDaysAreThoseOfTheContactDate: relative dates count from the preparation, in
// the zone of the contact date.
func TestDaysAreThoseOfTheContactDate(t *testing.T) {
	w := towns(t)
	a := w.byRule("New", `joined in the last 3 days`)
	d := w.view().Draft
	d.Audience, d.Schedule = a.ID, delivery.Schedule{Mode: delivery.AtDate, Local: "2099-01-01T09:00:00", Zone: "Pacific/Kiritimati"}
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	p := w.prepare()
	zone, err := time.LoadLocation("Pacific/Kiritimati")
	if err != nil {
		t.Fatal(err)
	}
	today := p.Rule.At.In(zone).Format(time.DateOnly)
	var want int64
	for i := range 12 {
		joined := time.Now().AddDate(0, 0, -i)
		for back := range 4 {
			if joined.Format(time.DateOnly) == p.Rule.At.In(zone).AddDate(0, 0, -back).Format(time.DateOnly) {
				want++
			}
		}
	}
	if p.Rule.Zone != "Pacific/Kiritimati" || p.Rule.Count != want {
		t.Errorf("%+v on %s, want %d", p.Rule, today, want)
	}
}

// TestATopUpByRule: whoever got the first delivery is left out, whatever the rule
// says of them.
func TestATopUpByRule(t *testing.T) {
	w := towns(t)
	w.aim(w.byRule("Utrecht", `city is "Utrecht"`).ID)
	w.confirm()
	w.Run()
	w.until(delivery.Finished)
	all := w.byRule("All", `city one of ("Utrecht", "Ede")`)
	top := w.follow(engine.FollowRequest{Mode: delivery.TopUp, Audience: all.ID})
	plan := top.prepare()
	if n := top.causes()[delivery.NatureWritten]; plan.Targeted != 9 || n != 5 || plan.ToDeliver != 4 || plan.Rule.Count != 9 {
		t.Errorf("targeted %d, written %d, to deliver %d, rule %+v", plan.Targeted, n, plan.ToDeliver, plan.Rule)
	}
}

// TestPeopleOfARule: whom a rule names now can be listed, sorted, searched and
// filtered as any list.
func TestPeopleOfARule(t *testing.T) {
	w := towns(t)
	a := w.byRule("Ede and Zeist", `city is "Ede" or city is "Zeist"`)
	addresses := func(q delivery.ProfileQuery) []string {
		q.Audience = a.ID
		ids, err := w.ProfileNumbers(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		ps, err := w.ProfileRows(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		out := []string{}
		for _, p := range ps {
			out = append(out, p.Address[:3])
		}
		return out
	}
	for _, c := range []struct {
		name string
		q    delivery.ProfileQuery
		want []string
	}{
		{"all", delivery.ProfileQuery{}, []string{"t01", "t02", "t04", "t05", "t07", "t08", "t10", "t11"}},
		{"the other way round", delivery.ProfileQuery{Desc: true}, []string{"t11", "t10", "t08", "t07", "t05", "t04", "t02", "t01"}},
		{"the first", delivery.ProfileQuery{Limit: 3}, []string{"t01", "t02", "t04"}},
		{"a search", delivery.ProfileQuery{Search: "t1"}, []string{"t01", "t10", "t11"}}, // T1 is a first name, too
		{"in Utrecht", delivery.ProfileQuery{Search: "t09@"}, []string{}},
		{"denied", delivery.ProfileQuery{Denied: true}, []string{}},
	} {
		if got := addresses(c.q); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if err := w.Deny(t.Context(), w.who, []int64{w.person("t04@post.example")}, true); err != nil {
		t.Fatal(err)
	}
	if got := addresses(delivery.ProfileQuery{Denied: true}); !slices.Equal(got, []string{"t04"}) {
		t.Errorf("denied: %v", got)
	}
	if err := w.EditAudienceRule(t.Context(), w.who, a.ID, `city is "Ede" and age > 26`); err != nil {
		t.Fatal(err)
	}
	if got := addresses(delivery.ProfileQuery{}); !slices.Equal(got, []string{"t07", "t10"}) {
		t.Errorf("after an edit: %v", got)
	}
	if err := w.DeleteAudience(t.Context(), w.who, a.ID); err != nil {
		t.Fatal(err)
	}
	if got := addresses(delivery.ProfileQuery{}); len(got) > 0 {
		t.Errorf("an audience that is gone has %v", got)
	}
}
