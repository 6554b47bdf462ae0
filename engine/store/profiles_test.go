package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/store"
)

// named makes a profile with fields given as name, value, name, value…
func named(address string, fields ...string) store.Profile {
	var b strings.Builder
	for i := 0; i+1 < len(fields); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%q", fields[i], fields[i+1])
	}
	return store.Profile{Address: address, Key: strings.ToLower(address), Fields: "{" + b.String() + "}"}
}

// addresses lists what a query selects, in its order.
func addresses(t testing.TB, s *store.Store, q delivery.ProfileQuery) []string {
	t.Helper()
	ids, err := s.ProfileNumbers(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.ProfileRows(ctx, ids)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(ids) {
		t.Fatalf("%d rows of %d numbers", len(rows), len(ids))
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.Address
	}
	return out
}

// id finds a profile by its address.
func idOf(t testing.TB, s *store.Store, address string) int64 {
	t.Helper()
	ids, err := s.ProfileNumbers(ctx, delivery.ProfileQuery{Search: address})
	if err != nil || len(ids) != 1 {
		t.Fatalf("%s: profiles %v, %v", address, ids, err)
	}
	return ids[0]
}

func TestProfileSearch(t *testing.T) {
	s := open(t, t.TempDir())
	importPeople(t, s, "All",
		named("ann@x.example", "city", "Köln", "name", "Zoë van Dijk"),
		named("Bob_B@y.example", "city", "KÖLN", "note", `50% "off"`),
		named("cas@z.example", "city", "Utrecht", "name", "Ζωή Μόσχου"),
		named("dot@z.example", "note", `a\b <i>`),
		store.Profile{Fields: `{"name":"Nobody"}`})
	for _, c := range []struct {
		search string
		want   string // addresses, in order
	}{
		{"", "ann@x.example Bob_B@y.example cas@z.example dot@z.example "},
		{"  ", "ann@x.example Bob_B@y.example cas@z.example dot@z.example "},
		{"UTRECHT", "cas@z.example"},
		{"köln", "ann@x.example Bob_B@y.example"},
		{"Kölns", ""},
		{"öL", "ann@x.example Bob_B@y.example"},
		{"zoë v", "ann@x.example"},
		{"ZOË", "ann@x.example"},
		{"zoe", ""},
		{"ζωή μόσχ", "cas@z.example"},
		{"ΖΩΉ ΜΌΣΧΟΥ", "cas@z.example"},
		{"ζωό", ""},
		{"bob_b@", "Bob_B@y.example"},
		{"_", "Bob_B@y.example"}, // no wildcard
		{"%", "Bob_B@y.example"},
		{"0% \"O", "Bob_B@y.example"},
		{`a\b`, "dot@z.example"},
		{"<i>", "dot@z.example"},
		{"city", ""}, // the name of a field is no value
		{`":"`, ""},  // nor is how it is kept
		{"nobody", ""},
		{"x.example", "ann@x.example"},
		{strings.Repeat("x", 100_000), ""},
		{"ö*[", ""},
	} {
		for _, limit := range []int{0, 10} {
			got := strings.Join(addresses(t, s, delivery.ProfileQuery{Search: c.search, Limit: limit}), " ")
			if got != c.want {
				t.Errorf("search %.20q, limit %d: %q, want %q", c.search, limit, got, c.want)
			}
		}
	}
	ids, err := s.ProfileNumbers(ctx, delivery.ProfileQuery{Search: "nobody"})
	if err != nil || len(ids) != 1 {
		t.Errorf("somebody without an address: %v, %v", ids, err)
	}
}

func TestProfileOrderAndFilter(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	a, _ := importPeople(t, s, "A", named("b@x.example"), named("C@x.example"), store.Profile{Fields: "{}"})
	importPeople(t, s, "B", named("a@x.example"), named("b@x.example"))
	if err := s.Deny(ctx, marieke, []int64{idOf(t, s, "c@x.example")}, true); err != nil {
		t.Fatal(err)
	}
	if _, err := raw(t, dir).Exec(`UPDATE profiles SET created = CASE key WHEN 'a@x.example' THEN 2 ELSE 1 END,
		modified = CASE key WHEN 'b@x.example' THEN 3 WHEN 'c@x.example' THEN 2 ELSE 1 END;
		INSERT INTO contacted SELECT id, CASE key WHEN 'b@x.example' THEN 5 ELSE 9 END FROM profiles WHERE key IN ('a@x.example', 'b@x.example')`); err != nil {
		t.Fatal(err)
	}
	// The numbers: nobody 1, C 2, b 3, a 4, for an import stores its rows by address.
	for _, c := range []struct {
		name string
		q    delivery.ProfileQuery
		want string
	}{
		{"by address", delivery.ProfileQuery{}, "a@x.example b@x.example C@x.example "},
		{"Z first", delivery.ProfileQuery{Desc: true}, "C@x.example b@x.example a@x.example "},
		{"the first two", delivery.ProfileQuery{Limit: 2}, "a@x.example b@x.example"},
		{"of a list", delivery.ProfileQuery{Audience: a.ID}, "b@x.example C@x.example "},
		{"of no list", delivery.ProfileQuery{Audience: 99}, ""},
		{"denied", delivery.ProfileQuery{Denied: true}, "C@x.example"},
		{"denied of a list, searched", delivery.ProfileQuery{Denied: true, Audience: a.ID, Search: "b@"}, ""},
		{"by creation, ties by number", delivery.ProfileQuery{Sort: delivery.ProfilesByCreated}, " C@x.example b@x.example a@x.example"},
		{"newest first, ties by number", delivery.ProfileQuery{Sort: delivery.ProfilesByCreated, Desc: true}, "a@x.example b@x.example C@x.example "},
		{"last written to first", delivery.ProfileQuery{Sort: delivery.ProfilesByLastSent, Desc: true}, "a@x.example b@x.example C@x.example "},
		{"first written to first", delivery.ProfileQuery{Sort: delivery.ProfilesByLastSent}, "b@x.example a@x.example  C@x.example"},
		{"newest denial first", delivery.ProfileQuery{Sort: delivery.ProfilesByDenied, Limit: 1}, "C@x.example"},
		{"changed last", delivery.ProfileQuery{Sort: delivery.ProfilesByModified, Desc: true, Limit: 2}, "b@x.example C@x.example"},
	} {
		got := addresses(t, s, c.q)
		want := strings.Split(c.want, " ")
		if c.want == "" {
			want = []string{}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
	}
}

func TestProfileRowsKeepTheOrderGiven(t *testing.T) {
	s := open(t, t.TempDir())
	importPeople(t, s, "All", people(5)...)
	rows, err := s.ProfileRows(ctx, []int64{4, 99, 1, 3})
	if err != nil || len(rows) != 3 || rows[0].ID != 4 || rows[1].ID != 1 || rows[2].ID != 3 || rows[1].Fields["name"] != "P0" {
		t.Errorf("%+v, %v", rows, err)
	}
	if rows, err := s.ProfileRows(ctx, nil); err != nil || len(rows) != 0 {
		t.Errorf("of no numbers: %v, %v", rows, err)
	}
}

func TestACancelledQueryEnds(t *testing.T) {
	s := open(t, t.TempDir())
	importPeople(t, s, "All", people(20000)...)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.ProfileNumbers(ended, delivery.ProfileQuery{Search: "nothing"}); !delivery.Is(err, delivery.KindCancelled) {
		t.Errorf("got %v, want cancelled", err)
	}
}
