package main

import (
	"maps"
	"slices"
	"strings"

	"sendoff/engine"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

// misfit is a field of which values were left out, in JSON.
type misfit struct {
	Field string `json:"field"`
	Type  string `json:"type"`
	Count int64  `json:"count"`
	Line  int    `json:"line"`  // of the first
	Value string `json:"value"` // the first
}

func misfits(ms []audience.Misfit) []misfit {
	out := make([]misfit, len(ms))
	for i, m := range ms {
		out[i] = misfit{m.Field, m.Type.String(), m.Count, m.Line, m.Value}
	}
	return out
}

func (a *app) imported(file string, r engine.ImportResult) error {
	if a.json {
		delimiter := ""
		if r.Delimiter != 0 {
			delimiter = string(r.Delimiter)
		}
		return a.value(struct {
			Import     int64             `json:"import"`
			Audience   delivery.Audience `json:"audience"`
			Rows       int64             `json:"rows"`
			Added      int64             `json:"added"`
			Updated    int64             `json:"updated"`
			Unchanged  int64             `json:"unchanged"`
			Merged     int64             `json:"merged"`
			Rejected   int64             `json:"rejected"`
			Misfits    []misfit          `json:"misfits"`
			RejectFile any               `json:"reject_file"`
			Kind       audience.Kind     `json:"kind"`
			Encoding   string            `json:"encoding"`
			Delimiter  string            `json:"delimiter"`
		}{r.Import, r.Audience, r.Rows, r.Added, r.Updated, r.Unchanged, r.Merged, r.Rejected, misfits(r.Misfits), orNull(r.RejectFile), r.Kind, r.Encoding, delimiter})
	}
	a.printf("Imported %s as “%s”: %s.\n", file, r.Audience.Name, plural(r.Audience.Size, "profile", "profiles"))
	read := "read as " + r.Encoding + ", columns separated by " + separator(r.Delimiter)
	if r.Delimiter == 0 {
		read = "read as " + string(r.Kind)
	}
	a.printf("  %s: %s\n", read, strings.Join(r.Audience.Columns, ", "))
	a.printf("  %s: %s new, %s updated, %s unchanged, %s of an address that came before\n", plural(r.Rows, "good row", "good rows"),
		number(r.Added), number(r.Updated), number(r.Unchanged), number(r.Merged))
	a.sayMisfits(r.Misfits)
	if r.Rejected > 0 {
		a.printf("  %s, with line and reason in %s\n", plural(r.Rejected, "bad row", "bad rows"), r.RejectFile)
	}
	a.printf("  sendoffctl audience undo-import %d takes it back\n", r.Import)
	return nil
}

func (a *app) sayMisfits(ms []audience.Misfit) {
	for _, m := range ms {
		a.printf("  %s of %s left out: no %s, first in line %d (%q)\n", plural(m.Count, "value", "values"), m.Field, m.Type, m.Line, m.Value)
	}
}

func (a *app) checkedImport(file string, c engine.ImportCheck) error {
	type row struct {
		Line    int               `json:"line"`
		Address string            `json:"address,omitempty"`
		Fields  map[string]string `json:"fields,omitempty"`
		Before  map[string]string `json:"before,omitempty"`
		Again   int               `json:"again,omitempty"`
		Reason  string            `json:"reason,omitempty"`
		Detail  string            `json:"detail,omitempty"`
	}
	type part struct {
		Count int64 `json:"count"`
		First []row `json:"first"`
	}
	of := func(n int64, rows []engine.CheckedRow) part {
		p := part{n, make([]row, len(rows))}
		for i, r := range rows {
			p.First[i] = row(r)
		}
		return p
	}
	if a.json {
		reasons := map[string]int64{}
		for _, r := range c.Reasons {
			reasons[r.Reason] = r.Count
		}
		types := map[string]string{}
		for name, t := range c.Types {
			types[name] = t.String()
		}
		return a.value(struct {
			Rows      int64             `json:"rows"`
			Added     part              `json:"added"`
			Updated   part              `json:"updated"`
			Unchanged part              `json:"unchanged"`
			Merged    part              `json:"merged"`
			Rejected  part              `json:"rejected"`
			Reasons   map[string]int64  `json:"reasons"`
			Misfits   []misfit          `json:"misfits"`
			Types     map[string]string `json:"types"`
		}{c.Rows, of(c.Added, c.AddedRows), of(c.Updated, c.UpdatedRows), of(c.Unchanged, c.UnchangedRows), of(c.Merged, c.MergedRows),
			of(c.Rejected, c.RejectedRows), reasons, misfits(c.Misfits), types})
	}
	a.printf("%s, looked at only: nothing was changed.\n", file)
	a.printf("  %s: %s new, %s updated, %s unchanged, %s of an address that came before\n", plural(c.Rows, "good row", "good rows"),
		number(c.Added), number(c.Updated), number(c.Unchanged), number(c.Merged))
	a.sayFirst("new", c.AddedRows)
	a.sayFirst("updated", c.UpdatedRows)
	a.sayFirst("unchanged", c.UnchangedRows)
	for _, r := range c.MergedRows[:min(len(c.MergedRows), firstShown)] {
		a.printf("    line %d: %s comes again in line %d\n", r.Line, r.Address, r.Again)
	}
	a.sayMisfits(c.Misfits)
	for _, r := range c.Reasons {
		a.printf("  %s: %s\n", plural(r.Count, "bad row", "bad rows"), reasonWords(r.Reason))
	}
	for _, r := range c.RejectedRows[:min(len(c.RejectedRows), firstShown)] {
		a.printf("    line %d: %s: %q\n", r.Line, reasonWords(r.Reason), r.Detail)
	}
	return nil
}

// firstShown is how many rows of each kind a check shows; JSON has more.
const firstShown = 5

// sayFirst shows the first rows that would have an outcome: of those that would be
// updated what changes, of others all there is.
func (a *app) sayFirst(outcome string, rows []engine.CheckedRow) {
	for _, r := range rows[:min(len(rows), firstShown)] {
		var says []string
		for _, name := range slices.Sorted(maps.Keys(r.Fields)) {
			is, was := r.Fields[name], r.Before[name]
			switch {
			case outcome == "updated" && is == was:
			case outcome == "updated":
				says = append(says, name+": "+orDash(was)+" → "+orDash(is))
			case is != "":
				says = append(says, name+": "+is)
			}
		}
		a.printf("    line %d: %s, %s  %s\n", r.Line, outcome, r.Address, strings.Join(says, ", "))
	}
}
