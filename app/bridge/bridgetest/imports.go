package bridgetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"sendoff/app/bridge"
	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

// Inspect finds a list of members in every file, but nothing in one whose name
// has "broken" in it.
func (e *Engine) Inspect(_ context.Context, r bridge.ImportRequest) (audience.Inspection, error) {
	e.mu.Lock()
	fail := e.fail["inspect"]
	e.mu.Unlock()
	if fail != nil {
		return audience.Inspection{}, fail
	}
	if strings.Contains(r.File, "broken") {
		return audience.Inspection{}, &delivery.Error{Op: "import", Kind: delivery.KindBomb, File: r.File}
	}
	text := audience.Type{Kind: delivery.FieldText}
	in := audience.Inspection{Kind: audience.KindCSV, Encoding: "windows-1252", Delimiter: ';', Header: r.Header != audience.HeaderAbsent, Rows: 1000, Whole: true,
		Columns: []audience.Column{
			{Header: "E-mailadres", Samples: []string{"anna@post.example", "bob@post.example", "c.de.wit@post.example"}, Type: text, Filled: 1000},
			{Header: "Voornaam", Field: "Voornaam", Samples: []string{"Anna", "Bob", "Cornelis", "Zoë"}, Type: text, Filled: 998},
			{Header: "Lid sinds", Field: "lid_sinds", Samples: []string{"01-02-2024", "05-03-2025", "11-12-2023"}, Type: audience.Type{Kind: delivery.FieldDate, Format: audience.DayMonthYear}, Ambiguous: true, Filled: 1000},
			{Header: "Bedrag", Field: "Bedrag", Samples: []string{"1.234,56", "12,50", "onbekend"}, Type: audience.Type{Kind: delivery.FieldNumber, Format: audience.CommaNumber}, Filled: 700, Misfits: 3},
			{Header: "Land", Field: "Land", Samples: []string{"Nederland", "België"}, Type: audience.Type{Kind: delivery.FieldCountry}, Filled: 1000},
			{Header: "Nieuwsbrief", Field: "Nieuwsbrief", Samples: []string{"ja", "nee"}, Type: audience.Type{Kind: delivery.FieldBool}, Filled: 1000},
		},
		Preview: [][]string{{"anna@post.example", "Anna", "01-02-2024", "1.234,56", "Nederland", "ja"},
			{"bob@post.example", "Bob", "05-03-2025", "12,50", "België", "nee"}, {"c.de.wit@post.example", "Cornelis", "11-12-2023", "onbekend", "Nederland", "ja"}}}
	if strings.HasSuffix(r.File, ".xlsx") {
		in.Kind, in.Encoding, in.Delimiter, in.Sheet, in.Sheets = audience.KindXLSX, "utf-8", 0, "Leden", []string{"Leden", "Oud-leden"}
	}
	return in, nil
}

// HoldImport makes imports wait until release is called.
func (e *Engine) HoldImport() (release func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	gate := make(chan struct{})
	e.importGate = gate
	return sync.OnceFunc(func() { close(gate) })
}

// CheckImport pretends to read 1,000 rows.
func (e *Engine) CheckImport(_ context.Context, r bridge.ImportRequest, progress func(bridge.ImportProgress)) (bridge.ImportCheck, error) {
	e.mu.Lock()
	fail := e.fail["check_import"]
	as := slices.Clone(e.audiences)
	e.mu.Unlock()
	if fail != nil {
		return bridge.ImportCheck{}, fail
	}
	progress(bridge.ImportProgress{Bytes: 500, Total: 1000, Rows: 400, Rejected: 2})
	row := func(line int, address, name string) audience.CheckedRow {
		return audience.CheckedRow{Line: line, Address: address, Fields: map[string]string{"Voornaam": name, "Land": "NL", "lid_sinds": "2024-02-01"}}
	}
	c := bridge.ImportCheck{Rows: 995, Added: 900, Updated: 60, Unchanged: 30, Merged: 5, Rejected: 5,
		AddedRows: []audience.CheckedRow{row(2, "anna@post.example", "Anna"), row(3, "bob@post.example", "Bob"), row(5, "zoe@post.example", "Zoë")},
		UpdatedRows: []audience.CheckedRow{{Line: 4, Address: "c.de.wit@post.example", Fields: map[string]string{"Land": "NL", "Voornaam": "Cornelis"},
			Before: map[string]string{"Land": "BE", "Voornaam": "Cornelis"}}},
		UnchangedRows: []audience.CheckedRow{row(9, "d@post.example", "Dirk")},
		MergedRows:    []audience.CheckedRow{{Line: 2, Again: 12, Address: "anna@post.example"}},
		RejectedRows: []audience.CheckedRow{{Line: 17, Reason: audience.ReasonNoAt, Detail: "piet.post.example", Fields: map[string]string{"E-mailadres": "piet.post.example"}},
			{Line: 18, Reason: audience.ReasonEmpty}},
		Reasons: []audience.ReasonCount{{Reason: audience.ReasonNoAt, Count: 4}, {Reason: audience.ReasonEmpty, Count: 1}},
		Misfits: []audience.Misfit{{Field: "Bedrag", Type: audience.Type{Kind: delivery.FieldNumber, Format: audience.CommaNumber}, Count: 3, Line: 4, Value: "onbekend"}}}
	if r.Existing == delivery.ExistingSkip {
		c.Updated, c.Unchanged, c.UpdatedRows = 0, 90, nil
	}
	for _, a := range as {
		if strings.EqualFold(a.Name, r.Name) {
			c.Audience = a
		}
	}
	return c, nil
}

// Import pretends to read 1,000 rows.
func (e *Engine) Import(ctx context.Context, _ access.Principal, r bridge.ImportRequest, progress func(bridge.ImportProgress)) (bridge.ImportResult, error) {
	e.mu.Lock()
	gate, fail := e.importGate, e.fail["import"]
	e.imported = r
	e.mu.Unlock()
	if fail != nil {
		return bridge.ImportResult{}, fail
	}
	progress(bridge.ImportProgress{Bytes: 500, Total: 1000, Rows: 400, Rejected: 2})
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return bridge.ImportResult{}, &delivery.Error{Op: "import", Kind: delivery.KindCancelled}
		}
	}
	a := delivery.Audience{ID: 2, Name: r.Name, Size: 990, Imported: Now()}
	e.mu.Lock()
	e.audiences = append(e.audiences, a)
	e.mu.Unlock()
	return bridge.ImportResult{Import: 7, Audience: a, Rows: 995, Added: 900, Updated: 60, Unchanged: 30, Merged: 5, Rejected: 5,
		RejectFile: "/home/marieke/leden-rejected.csv", Kind: audience.KindCSV, Encoding: "utf-8", Delimiter: ';'}, nil
}

// Imported is the last request for an import.
func (e *Engine) Imported() bridge.ImportRequest {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.imported
}

// ImportList lists two.
func (e *Engine) ImportList(context.Context) ([]delivery.Import, error) {
	return []delivery.Import{
		{ID: 6, At: Now(), Operator: "Marieke", File: "leden-2026.xlsx", Kind: "xlsx", AudienceName: "Members", Rows: 1653, Added: 412, Updated: 38, Unchanged: 1203, Rejected: 2, Undo: true},
		{ID: 5, At: Now().AddDate(0, -1, 0), Operator: "Joris", File: "customers.csv", Kind: "csv", AudienceName: "Customers", Rows: 9786, Added: 9786, Undone: Now(), UndoneBy: "Joris"},
	}, nil
}

// UndoImport pretends to take one back.
func (e *Engine) UndoImport(_ context.Context, _ access.Principal, id int64) (delivery.ImportUndo, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.commands = append(e.commands, fmt.Sprint("undo import ", id))
	return delivery.ImportUndo{Removed: 898, Kept: 2, Restored: 60, Audience: true}, e.fail["undo_import"]
}
