package state_test

import (
	"strings"
	"testing"

	"sendoff/app/state"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

// choice is the index of a choice by its key.
func choice(t *testing.T, key string) int {
	t.Helper()
	for i, c := range state.ImportChoices() {
		if c.Key == key {
			return i
		}
	}
	t.Fatalf("no choice %q", key)
	return 0
}

func TestImportForm(t *testing.T) {
	c := words(t, "en")
	f := state.NewImportForm("/tmp/Leden 2026.xlsx")
	if f.Name != "Leden 2026" || f.Existing != delivery.ExistingUpdate {
		t.Errorf("begins with %+v", f)
	}
	f.Found(c, audience.Inspection{Email: 1, Columns: []audience.Column{
		{Header: "Lid sinds", Field: "lid_sinds", Type: audience.Type{Kind: "date", Format: audience.DayMonthYear}, Ambiguous: true, Samples: []string{"01-02-2024", "02-02-2024"}},
		{Header: "Mail", Type: audience.Type{Kind: "text"}},
		{Header: "Bedrag", Field: "Bedrag", Type: audience.Type{Kind: "number", Format: audience.CommaNumber}, Misfits: 2},
	}})
	if f.Columns[0].Samples != "01-02-2024 · 02-02-2024" || f.Columns[0].Warning == "" || f.Columns[1].Choice != choice(t, "email") || !strings.Contains(f.Columns[2].Warning, "2") {
		t.Errorf("columns %+v", f.Columns)
	}
	o := f.Options()
	if o.Map["email"] != "#2" || o.Map["lid_sinds"] != "#1" || o.Types["Bedrag"].String() != "number:comma" || len(o.Without) != 0 {
		t.Errorf("options %+v", o)
	}
	f.Columns[2].Choice = choice(t, "out")
	if o := f.Options(); len(o.Without) != 1 || o.Without[0] != "#3" || o.Types["Bedrag"].Kind != "" {
		t.Errorf("without the third: %+v", o)
	}
}

func TestImportProblems(t *testing.T) {
	c := words(t, "en")
	good := func() state.ImportForm {
		return state.ImportForm{Name: "List", Columns: []state.ImportColumn{
			{Header: "Mail", Choice: choice(t, "email")}, {Header: "Naam", Name: "naam", Choice: choice(t, "text")}, {Header: "Stad", Name: "stad", Choice: choice(t, "text")}}}
	}
	for name, x := range map[string]struct {
		change  func(*state.ImportForm)
		columns string
		check   string
	}{
		"good":              {func(*state.ImportForm) {}, "", ""},
		"no addresses":      {func(f *state.ImportForm) { f.Columns[0].Choice = choice(t, "out") }, c.T("import.no_email"), ""},
		"two":               {func(f *state.ImportForm) { f.Columns[1].Choice = choice(t, "email") }, c.T("import.many_emails"), ""},
		"no name":           {func(f *state.ImportForm) { f.Columns[1].Name = "" }, c.T("import.bad_name", "name", "", "header", "Naam"), ""},
		"no Liquid name":    {func(f *state.ImportForm) { f.Columns[1].Name = "first name" }, c.T("import.bad_name", "name", "first name", "header", "Naam"), ""},
		"one name twice":    {func(f *state.ImportForm) { f.Columns[2].Name = "naam" }, c.T("import.same_name", "name", "naam"), ""},
		"twice, one out":    {func(f *state.ImportForm) { f.Columns[2].Name, f.Columns[2].Choice = "naam", choice(t, "out") }, "", ""},
		"no list":           {func(f *state.ImportForm) { f.Name = " " }, "", c.T("import.need_name")},
		"a day that is not": {func(f *state.ImportForm) { f.ConsentSource, f.ConsentDate = "Shop", "31-12-2026" }, "", c.T("edit.date_bad")},
		"a day of nothing":  {func(f *state.ImportForm) { f.ConsentDate = "2026-12-31" }, "", c.T("error.import.consent")},
		"consent":           {func(f *state.ImportForm) { f.ConsentSource, f.ConsentDate = "Shop", "2026-12-31" }, "", ""},
	} {
		f := good()
		x.change(&f)
		if got := f.ColumnsProblem(c); got != x.columns {
			t.Errorf("%s: columns %q, want %q", name, got, x.columns)
		}
		if got := f.CheckProblem(c); got != x.check {
			t.Errorf("%s: check %q, want %q", name, got, x.check)
		}
	}
}

func TestImportRows(t *testing.T) {
	c := words(t, "en")
	k := audience.Check{Rows: 8, Added: 4, Updated: 1, Unchanged: 2, Merged: 1, Rejected: 2,
		AddedRows:    []audience.CheckedRow{{Line: 1234, Address: "a@x.example", Fields: map[string]string{"b": "2", "a": "1"}}},
		UpdatedRows:  []audience.CheckedRow{{Line: 3, Fields: map[string]string{"a": "new", "b": "same", "c": "3"}, Before: map[string]string{"a": "old", "b": "same"}}, {Line: 4, Fields: map[string]string{"a": "1"}, Before: map[string]string{"a": "1"}}},
		MergedRows:   []audience.CheckedRow{{Line: 5, Again: 9}},
		RejectedRows: []audience.CheckedRow{{Line: 6, Reason: audience.ReasonNoAt, Detail: "ann"}},
	}
	for _, x := range []struct{ sort, line, address, what string }{
		{"added", "1,234", "a@x.example", "a 1 · b 2"},
		{"updated", "3", "", "a: old → new · c: – → 3"},
		{"merged", "5", "", c.T("import.again", "line", 9)},
		{"rejected", "6", "ann", c.T("import.reason.no_at")},
	} {
		rows := state.ImportRows(c, k, x.sort)
		if len(rows) == 0 || rows[0] != (state.ImportRow{Line: x.line, Address: x.address, What: x.what}) {
			t.Errorf("%s: %+v", x.sort, rows)
		}
	}
	if rows := state.ImportRows(c, k, "updated"); rows[1].What != c.T("import.consent_only") {
		t.Errorf("a change of the consent alone: %+v", rows[1])
	}
	if rows := state.ImportRows(c, k, ""); len(rows) != 0 {
		t.Errorf("none open: %+v", rows)
	}
	sorts := state.ImportSorts(c, k)
	if len(sorts) != 5 || sorts[0].Count != "4" || sorts[0].Note != "40\u00a0%" || sorts[4].Tone != state.Amber {
		t.Errorf("counts %+v", sorts)
	}
	// Every reason has words.
	for _, lang := range []string{"en", "nl"} {
		for _, r := range audience.Reasons() {
			if got := state.ImportReason(words(t, lang), r, ""); got == r {
				t.Errorf("%s: no words for %s", lang, r)
			}
		}
	}
}
