package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/store"
)

func TestQuarantineList(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	importPeople(t, s, "All", named("Ann@x.example"))
	if err := s.Quarantine(ctx, []string{"ann@x.example", "b_b@y.example"}, "user_unknown"); err != nil {
		t.Fatal(err)
	}
	if err := s.AddQuarantine(ctx, marieke, "cas@z.example"); err != nil {
		t.Fatal(err)
	}
	if err := s.AddQuarantine(ctx, marieke, "ann@x.example"); !delivery.Is(err, delivery.KindExists) {
		t.Errorf("twice: %v, want exists", err)
	}
	if _, err := raw(t, dir).Exec(`UPDATE quarantine SET at = CASE key WHEN 'b_b@y.example' THEN 3 WHEN 'ann@x.example' THEN 2 ELSE 1 END`); err != nil {
		t.Fatal(err)
	}
	keys := func(q delivery.QuarantineQuery) []string {
		t.Helper()
		ids, err := s.QuarantineNumbers(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := s.QuarantineRows(ctx, ids)
		if err != nil || len(rows) != len(ids) {
			t.Fatal(len(rows), err)
		}
		out := []string{}
		for i, r := range rows {
			if r.ID != ids[i] {
				t.Errorf("row %d for number %d", r.ID, ids[i])
			}
			out = append(out, r.Key[:1])
		}
		return out
	}
	for _, c := range []struct {
		name string
		q    delivery.QuarantineQuery
		want []string
	}{
		{"newest first", delivery.QuarantineQuery{}, []string{"b", "a", "c"}},
		{"oldest first", delivery.QuarantineQuery{Sort: "at", Asc: true}, []string{"c", "a", "b"}},
		{"Z first", delivery.QuarantineQuery{Sort: "address"}, []string{"c", "b", "a"}},
		{"A first", delivery.QuarantineQuery{Sort: "address", Asc: true}, []string{"a", "b", "c"}},
		{"by reason, ties by number", delivery.QuarantineQuery{Sort: "reason", Asc: true}, []string{"c", "a", "b"}},
		{"the first", delivery.QuarantineQuery{Limit: 1}, []string{"b"}},
		{"search", delivery.QuarantineQuery{Search: " ANN@ "}, []string{"a"}},
		{"no wildcard", delivery.QuarantineQuery{Search: "_"}, []string{"b"}},
	} {
		if got := keys(c.q); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	rows, err := s.QuarantineRows(ctx, []int64{3, 99, 1})
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	if c := rows[0]; c.Address != "cas@z.example" || c.Reason != store.ReasonManual || c.By != "Marieke" || c.At.UnixMilli() != 1 {
		t.Errorf("%+v", c)
	}
	if a := rows[1]; a.Address != "Ann@x.example" || a.Key != "ann@x.example" || a.Reason != "user_unknown" || a.By != "" {
		t.Errorf("%+v: the address as the profile has it", a)
	}
	// A number of an address that has left is not given to the next one.
	if err := s.Release(ctx, marieke, []string{"cas@z.example", "nobody@z.example"}); err != nil {
		t.Fatal(err)
	}
	if err := s.AddQuarantine(ctx, marieke, "dot@z.example"); err != nil {
		t.Fatal(err)
	}
	if rows, err := s.QuarantineRows(ctx, []int64{3}); err != nil || len(rows) != 0 {
		t.Errorf("%+v, %v: the number is used again", rows, err)
	}
}

// TestQuarantineSurvivesTheMigration: schema 1 had no numbers.
func TestQuarantineSurvivesTheMigration(t *testing.T) {
	dir := t.TempDir()
	first, err := os.ReadFile(filepath.Join("migrations", "0001_main.sql"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw(t, dir).Exec(string(first) + `;
		INSERT INTO quarantine (key, reason, at) VALUES ('z@x.example', 'user_unknown', 1), ('a@x.example', 'refused', 2);
		PRAGMA user_version = 1`); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	rows, err := s.QuarantineRows(ctx, []int64{1, 2})
	if err != nil || len(rows) != 2 || rows[0].Key != "z@x.example" || rows[0].Reason != "user_unknown" || rows[0].At.UnixMilli() != 1 ||
		rows[1].Key != "a@x.example" || rows[1].By != "" {
		t.Errorf("%+v, %v", rows, err)
	}
	if err := s.Quarantine(ctx, []string{"a@x.example"}, "user_unknown"); err != nil || reason(t, s, "a@x.example") != "refused" {
		t.Errorf("the reason it came in for stays: %v", err)
	}
}
