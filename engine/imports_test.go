package engine_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

func TestImportOfBadRows(t *testing.T) {
	w := newWork(t, t.TempDir(), 1)
	dir := t.TempDir()
	path := filepath.Join(dir, "list.csv")
	if err := os.WriteFile(path, []byte("E-mailadres;Voornaam\nann@x.example;Ann\nnot an address;Bob\n;Cas\nann@X.EXAMPLE;Anna\nzoe@bücher.example;Zoë\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var last engine.ImportProgress
	res, err := w.Import(t.Context(), w.who, engine.ImportRequest{File: path, Name: "List"}, func(p engine.ImportProgress) { last = p })
	if err != nil {
		t.Fatal(err)
	}
	if res.Rows != 3 || res.Merged != 1 || res.Rejected != 2 || res.Audience.Size != 2 || last.Rows != 3 || last.Bytes != last.Total {
		t.Errorf("%+v, progress %+v", res, last)
	}
	b, err := os.ReadFile(res.RejectFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n3;", "\n4;", "not an address"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the reject file lacks %q:\n%s", want, b)
		}
	}
	as, err := w.Audiences(t.Context())
	if err != nil || as[0].Name != "List" || !slices.Equal(as[0].Columns, []string{"voornaam"}) && !slices.Equal(as[0].Columns, []string{"Voornaam"}) {
		t.Errorf("audiences %+v, %v", as, err)
	}
}

func TestCancelledImportKeepsNothing(t *testing.T) {
	w := newWork(t, t.TempDir(), 1)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := w.Import(ctx, w.who, engine.ImportRequest{File: csv(t, 50000), Name: "Big"}, func(p engine.ImportProgress) {
		if p.Rows > 10000 {
			cancel()
		}
	})
	if !delivery.Is(err, delivery.KindCancelled) {
		t.Fatalf("got %v", err)
	}
	if as, _ := w.Audiences(t.Context()); len(as) != 1 {
		t.Errorf("audiences %+v", as)
	}
	left, _ := filepath.Glob(filepath.Join(w.Dir(), "scratch-*"))
	if len(left) != 0 {
		t.Errorf("left behind %v", left)
	}
}

// list writes a file of people.
func list(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestImportTypesAndConsent: values come in one form each, one that does not fit is
// left out and counted, and the consent is with every person.
func TestImportTypesAndConsent(t *testing.T) {
	w := newWork(t, t.TempDir(), 1)
	path := list(t, "leden.csv", "E-mail;Lid sinds;Bedrag;Land;Actief\nann@x.example;31-12-2025;1.234,50;België;ja\nbob@x.example;1-2-2026;veel;Nederland;nee\n")
	agreed := time.Date(2026, 10, 1, 23, 30, 0, 0, time.FixedZone("CEST", 7200))
	r := engine.ImportRequest{File: path, Name: "Leden", Guess: true, ConsentSource: " Beurs ", ConsentAt: agreed}
	res, err := w.Import(t.Context(), w.who, r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Misfits) != 0 {
		t.Errorf("a guess does not leave values out: %+v", res.Misfits)
	}
	r.Types = map[string]audience.Type{"Bedrag": {Kind: delivery.FieldNumber}}
	if res, err = w.Import(t.Context(), w.who, r, nil); err != nil {
		t.Fatal(err)
	}
	if len(res.Misfits) != 1 || res.Misfits[0].Field != "Bedrag" || res.Misfits[0].Count != 1 || res.Misfits[0].Line != 3 || res.Misfits[0].Value != "veel" || res.Rejected != 0 || res.Updated != 1 {
		t.Errorf("%+v", res)
	}
	ids, err := w.ProfileNumbers(t.Context(), delivery.ProfileQuery{Audience: res.Audience.ID})
	if err != nil || len(ids) != 2 {
		t.Fatalf("%v, %v", ids, err)
	}
	ann, err := w.Profile(t.Context(), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"lid_sinds": "2025-12-31", "Bedrag": "1234.5", "Land": "BE", "Actief": "yes"}
	if !maps.Equal(ann.Fields, want) || ann.ConsentSource != "Beurs" || ann.ConsentAt.Format(time.DateOnly) != "2026-10-01" {
		t.Errorf("%+v", ann)
	}
	fields, err := w.Fields(t.Context())
	if err != nil || fields[0].Name != "lid_sinds" || fields[0].Type != delivery.FieldDate || fields[0].Label != "Lid sinds" || fields[0].Sample != "2025-12-31" {
		t.Errorf("%+v, %v", fields, err)
	}
	if _, err := w.Import(t.Context(), w.who, engine.ImportRequest{File: path, Name: "two\nlines"}, nil); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("a name that no rule can hold: %v", err)
	}
	for name, bad := range map[string]engine.ImportRequest{
		"a date without a source": {File: path, Name: "x", ConsentAt: agreed},
		"a policy that is none":   {File: path, Name: "x", Existing: "merge"},
		"a type of no column":     {File: path, Name: "x", Types: map[string]audience.Type{"nothing": {Kind: delivery.FieldDate, Format: audience.DayMonthYear}}},
	} {
		if _, err := w.CheckImport(t.Context(), bad, nil); !delivery.Is(err, delivery.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCheckIsTheImport: what a check says is what the import does, whichever way
// with people who are there, and the first rows say why.
func TestCheckIsTheImport(t *testing.T) {
	for _, existing := range []delivery.Existing{delivery.ExistingUpdate, delivery.ExistingFill, delivery.ExistingSkip} {
		w := newWork(t, t.TempDir(), 1)
		if _, err := w.Import(t.Context(), w.who, engine.ImportRequest{File: list(t, "a.csv", "email,city,name\nann@x.example,Ghent,\nbob@x.example,Leeds,Bob\n"), Name: "Old"}, nil); err != nil {
			t.Fatal(err)
		}
		r := engine.ImportRequest{File: list(t, "b.csv", "email,city,name\nann@x.example,Utrecht,Ann\nbob@x.example,Leeds,\nnobody,,\nzoe@x.example,Ede,Zoe\nzoe@x.example,Epe,\n"), Name: "New", Existing: existing}
		c, err := w.CheckImport(t.Context(), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := w.Import(t.Context(), w.who, r, nil)
		if err != nil {
			t.Fatal(err)
		}
		updated, city := int64(1), map[delivery.Existing]string{delivery.ExistingUpdate: "Utrecht", delivery.ExistingFill: "Ghent", delivery.ExistingSkip: "Ghent"}[existing]
		if existing == delivery.ExistingSkip {
			updated = 0
		}
		if c.Added != 1 || c.Updated != updated || c.Unchanged != 2-updated || c.Merged != 1 || c.Rejected != 1 || c.Rows != 4 ||
			res.Added != c.Added || res.Updated != c.Updated || res.Unchanged != c.Unchanged || res.Merged != c.Merged || res.Rejected != c.Rejected || res.Rows != c.Rows || res.Audience.Size != 3 {
			t.Errorf("%s: check %+v\nimport %+v", existing, c, res)
		}
		if len(c.RejectedRows) != 1 || c.RejectedRows[0].Line != 4 || c.RejectedRows[0].Reason != audience.ReasonNoAt || len(c.MergedRows) != 1 || c.MergedRows[0].Again != 6 || c.AddedRows[0].Fields["city"] != "Epe" {
			t.Errorf("%s: rows %+v", existing, c)
		}
		if updated == 1 && (c.UpdatedRows[0].Before["city"] != "Ghent" || c.UpdatedRows[0].Fields["name"] != "Ann" || c.UpdatedRows[0].Fields["city"] != city) {
			t.Errorf("%s: %+v", existing, c.UpdatedRows)
		}
		left, _ := filepath.Glob(filepath.Join(w.Dir(), "scratch-*"))
		if len(left) != 0 {
			t.Errorf("left behind %v", left)
		}
	}
}
