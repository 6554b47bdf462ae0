package preview_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/preview"
)

// uses are the fields of content.
func uses(t testing.TB, html string) []message.Field {
	t.Helper()
	c, findings := message.Compile(delivery.Content{From: "a@acme.example", Subject: "x", HTML: html})
	if c == nil {
		t.Fatal(findings)
	}
	return c.Fields()
}

type person struct {
	address string
	values  map[string]string
}

func profile(id int64, p person) preview.Profile {
	b, err := json.Marshal(p.values)
	if err != nil {
		panic(err)
	}
	return preview.Profile{ID: id, Address: []byte(p.address), Values: b}
}

const content = `<p>Dear {{ name }}{% if title %} {{ title }}{% endif %}, in {{ city | default: "town" }}: {{ city }} {{ name }}</p>`

func TestRisks(t *testing.T) {
	type fields = map[string]string
	people := []person{
		{"a@post.example", fields{"name": "Ann", "city": "Ede", "unused": "مرحبا 😀 and very long indeed, longer than all others"}},
		{"b@post.example", fields{"name": " \t", "title": "Dr"}},                               // 2: two are empty
		{"c@post.example", fields{"city": "Ede"}},                                              // 3: one is
		{"d@post.example", fields{"name": "Wolfeschlegelsteinhausenbergerdorff", "city": "E"}}, // 4
		{"e@post.example", fields{"name": "שלום", "city": "القاهرة"}},                          // 5
		{"f@post.example", fields{"name": "Zoë 🎈", "city": "I ❤️ NY \"q\" <b>"}},               // 6: and escapes in JSON
		{"g@xn--bcher-kva.example", fields{"name": "G", "city": "H"}},                          // 7
		{"xn--h@post.example", fields{"name": "G", "city": "H"}},                               // 8: its domain is plain
	}
	c := preview.NewChooser(uses(t, content))
	for i, p := range people {
		c.Add(profile(int64(i+1), p))
	}
	want := []struct {
		reason  preview.Reason
		profile int64
		fields  []string
		size    int64
	}{
		{preview.Missing, 2, []string{"name", "city"}, 130}, // two holes: city has one use without a default
		{preview.Longest, 4, []string{"name"}, 36},
		{preview.RightToLeft, 5, []string{"name", "city"}, 11},
		{preview.Emoji, 6, []string{"name", "city"}, 2},
		{preview.IDN, 7, nil, 23},
	}
	got := c.Risks()
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i, w := range want {
		g := got[i]
		if g.Reason != w.reason || g.Profile != w.profile || !slices.Equal(g.Fields, w.fields) || g.Size != w.size || g.Address != people[w.profile-1].address {
			t.Errorf("%d: %+v, want %+v", i, g, w)
		}
	}
}

// Nobody is risky for what the content does not use.
func TestNoRisk(t *testing.T) {
	c := preview.NewChooser(uses(t, `<p>{{ recipient.email }} {{ today }}</p>`))
	c.Add(profile(1, person{"a@post.example", map[string]string{"city": "😀 שלום"}}))
	if got := c.Risks(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if got := c.Large(); len(got) != 1 || got[0].Profile != 1 {
		t.Errorf("somebody has the largest message: %+v", got)
	}
}

// Who gets a default is looked at too, and before them whoever leaves a hole.
func TestDefaultsAreLookedAt(t *testing.T) {
	const content = `<p>{{ name | default: "friend" }} {{ title | default: "x" }} {{ city }}</p>`
	full := map[string]string{"name": "Ann", "title": "Dr", "city": "Ede"}
	without := func(fields ...string) map[string]string {
		m := maps.Clone(full)
		for _, f := range fields {
			delete(m, f)
		}
		return m
	}
	c := preview.NewChooser(uses(t, content))
	c.Add(profile(1, person{"a@post.example", full}))
	if r := c.Risks(); len(r) != 1 || r[0].Reason != preview.Longest {
		t.Errorf("%+v", r)
	}
	c.Add(profile(2, person{"b@post.example", without("name")}))
	if r := c.Risks()[0]; r.Reason != preview.Missing || r.Profile != 2 || !slices.Equal(r.Fields, []string{"name"}) {
		t.Errorf("%+v", r)
	}
	c.Add(profile(3, person{"c@post.example", without("name", "title")}))
	c.Add(profile(4, person{"d@post.example", without("city")}))
	if r := c.Risks()[0]; r.Profile != 4 || !slices.Equal(r.Fields, []string{"city"}) {
		t.Errorf("%+v", r)
	}
}

// A condition adds text to those who have a value: however short, they are candidates.
func TestLargeByCondition(t *testing.T) {
	c := preview.NewChooser(uses(t, `{{ name }} {% if vip %}very much more{% endif %}`))
	for i := range 1000 {
		v := map[string]string{"name": fmt.Sprintf("A rather long name %d", i)}
		if i == 500 {
			v = map[string]string{"name": "X", "vip": "1"}
		}
		c.Add(profile(int64(i+1), person{"a@post.example", v}))
	}
	got := c.Large()
	if !slices.ContainsFunc(got, func(r preview.Risk) bool { return r.Profile == 501 }) || len(got) > 64+16 {
		t.Errorf("%d candidates: %+v", len(got), got)
	}
}

// Parts of an audience, in any order, yield what the whole does, and what is chosen is
// the worst there is.
func TestPartsAreTheWhole(t *testing.T) {
	fields := uses(t, content)
	value := rapid.OneOf(rapid.StringMatching(`[a-zA-Z ]{0,20}`), rapid.String(), rapid.SampledFrom([]string{"", " ", "שלום", "🎈🎈", "a\"b\\", "<&>"}))
	rapid.Check(t, func(r *rapid.T) {
		people := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) person {
			return person{rapid.SampledFrom([]string{"a@post.example", "b@xn--bcher-kva.example"}).Draw(r, "address"),
				map[string]string{"name": value.Draw(r, "name"), "city": value.Draw(r, "city"), "title": value.Draw(r, "title")}}
		}), 0, 40).Draw(r, "people")
		whole := preview.NewChooser(fields)
		parts := []*preview.Chooser{preview.NewChooser(fields), preview.NewChooser(fields), preview.NewChooser(fields)}
		for i, p := range people {
			whole.Add(profile(int64(i+1), p))
		}
		for _, i := range rapid.Permutation(indices(len(people))).Draw(r, "order") {
			parts[rapid.IntRange(0, 2).Draw(r, "part")].Add(profile(int64(i+1), people[i]))
		}
		merged := parts[1]
		merged.Merge(parts[0])
		merged.Merge(parts[2])
		if a, b := fmt.Sprint(whole.Risks()), fmt.Sprint(merged.Risks()); a != b {
			r.Fatalf("whole: %s\nparts: %s", a, b)
		}
		if a, b := fmt.Sprint(whole.Large()), fmt.Sprint(merged.Large()); a != b {
			r.Fatalf("whole: %s\nparts: %s", a, b)
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func BenchmarkAdd(b *testing.B) {
	c := preview.NewChooser(uses(b, content))
	p := profile(1, person{"somebody@post.example", map[string]string{"name": "Anneke", "city": "'s-Hertogenbosch", "zone": "Europe/Amsterdam", "points": "1200"}})
	b.ReportAllocs()
	for b.Loop() {
		c.Add(p)
	}
}
