package sandbox

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/idna"

	"sendoff/engine/audience"
)

func TestPeople(t *testing.T) {
	const n = 50_000
	seen := make(map[string]bool, n)
	count := make(map[string]int)
	oldest, newest := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
	for p := range People(7, n) {
		a, err := audience.ParseAddress(p.Email)
		if err != nil || a.Normal != p.Email || a.Key != p.Email {
			t.Fatalf("%+v: %+v, %v", p, a, err)
		}
		if seen[p.Email] {
			t.Fatalf("%s twice", p.Email)
		}
		seen[p.Email] = true
		if !strings.HasSuffix(p.Email, ".example") {
			t.Fatalf("%s may be somebody", p.Email)
		}
		if p.Since.Before(oldest) || p.Since.After(newest) || !p.Since.Equal(p.Since.Truncate(24*time.Hour)) {
			t.Fatalf("since %v", p.Since)
		}
		for i, v := range p.Values() {
			if v == "" && Columns()[i] == "first_name" {
				count["nameless"]++
				continue
			}
			if v == "" || v != strings.TrimSpace(v) {
				t.Fatalf("%+v: no %s", p, Columns()[i])
			}
		}
		if want := map[string]string{"NL": "nl", "BE": "nl", "GB": "en", "IE": "en"}[p.Country]; p.Language != want {
			t.Fatalf("%s is spoken in %s", p.Language, p.Country)
		}
		if strings.ContainsAny(p.FirstName, "🌻🌷") {
			count["emoji"]++
		}
		for _, r := range p.LastName {
			if unicode.In(r, unicode.Arabic, unicode.Hebrew) {
				count["right to left"]++
				break
			}
		}
		if _, domain, _ := strings.Cut(p.Email, "@"); strings.HasPrefix(domain, "xn--") {
			count["abroad"]++
			if shown, err := idna.Lookup.ToUnicode(domain); err != nil || !slices.Contains([]string{"bücher.example", "münchen.example", "café.example"}, shown) {
				t.Fatalf("%s is %s, %v", domain, shown, err)
			}
		}
		for _, k := range []string{p.Language, p.Gender, p.Country, p.FirstName, p.LastName} {
			count[k]++
		}
	}
	if len(seen) != n {
		t.Errorf("%d persons", len(seen))
	}
	for k, least := range map[string]int{
		"nl": n * 50 / 100, "en": n * 40 / 100, "f": n * 45 / 100, "m": n * 40 / 100,
		"NL": n / 10, "BE": n / 20, "GB": n / 10, "IE": n / 20,
		"nameless": n / 250, "emoji": n / 500, "right to left": n / 250, "abroad": n / 250,
		"Zoë": 1, "O'Brien": 1, "van der Meer": 1, "in 't Veld": 1, "Siobhán": 1,
	} {
		if count[k] < least {
			t.Errorf("%s: %d of at least %d", k, count[k], least)
		}
	}
}

func TestPeopleAreTheSameAgain(t *testing.T) {
	long := slices.Collect(People(1, 300))
	if !slices.Equal(long, slices.Collect(People(1, 300))) {
		t.Error("one seed, two crowds")
	}
	if !slices.Equal(long[:100], slices.Collect(People(1, 100))) {
		t.Error("the first hundred depend on how many there are")
	}
	if slices.Equal(long, slices.Collect(People(2, 300))) {
		t.Error("two seeds, one crowd")
	}
	for p := range People(1, 300) { // and a loop may end early
		if p != long[0] {
			t.Error(p)
		}
		break
	}
	if got := slices.Collect(People(1, 0)); len(got) != 0 {
		t.Error(got)
	}
}

// The lists are long enough for a crowd, and no name is in one of them twice,
// nor spelled alike in an address.
func TestNames(t *testing.T) {
	g := newPeople(0)
	for _, c := range []struct {
		what  string
		names []name
		least int
	}{
		{"Dutch first names", slices.Concat(g.nl.women, g.nl.men), 120},
		{"Dutch last names", g.nl.last, 150},
		{"English first names", slices.Concat(g.en.women, g.en.men), 120},
		{"English last names", g.en.last, 150},
	} {
		texts := make(map[string]bool)
		for _, n := range c.names {
			if texts[n.text] || n.plain == "" || strings.ContainsAny(n.text, "\n\t") {
				t.Errorf("%s: %q", c.what, n)
			}
			texts[n.text] = true
		}
		if len(texts) < c.least {
			t.Errorf("%d %s", len(texts), c.what)
		}
	}
	if len(g.branches[0])+len(g.branches[1]) < 30 {
		t.Error("too few branches")
	}
}

// A list written from the values is read back as the same people.
func TestPeopleAsAList(t *testing.T) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(Columns()); err != nil {
		t.Fatal(err)
	}
	want := slices.Collect(People(3, 500))
	for _, p := range want {
		if err := w.Write(p.Values()); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	r, err := audience.NewReader(&b, "people.csv", audience.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.Columns(), Columns()[1:]) {
		t.Errorf("columns %q", r.Columns())
	}
	for _, p := range want {
		row, err := r.Next()
		if err != nil || row.Address.Normal != p.Email || !slices.Equal(row.Fields, p.Values()[1:]) {
			t.Fatalf("%v, %v; want %v", row, err, p)
		}
	}
}

func BenchmarkPeople(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for range People(1, 100_000) {
		}
	}
}
