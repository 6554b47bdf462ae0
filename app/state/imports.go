package state

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendoff/app/text"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

// ImportChoice is what a person can make of a column.
type ImportChoice struct {
	Key   string        // of its name, behind "import.type."
	Email bool          // the addresses
	Out   bool          // left out
	Type  audience.Type // of a field
}

// ImportChoices lists them, the addresses first, left out last.
func ImportChoices() []ImportChoice {
	out := []ImportChoice{{Key: "email", Email: true}}
	for _, k := range delivery.FieldTypes() {
		formats := audience.Formats(k)
		if formats == nil {
			out = append(out, ImportChoice{Key: string(k), Type: audience.Type{Kind: k}})
		}
		for _, f := range formats {
			out = append(out, ImportChoice{Key: string(k) + "_" + f, Type: audience.Type{Kind: k, Format: f}})
		}
	}
	return append(out, ImportChoice{Key: "out", Out: true})
}

// importChoice is the index of the choice for a type.
func importChoice(t audience.Type) int {
	return slices.IndexFunc(ImportChoices(), func(c ImportChoice) bool { return !c.Email && !c.Out && c.Type == t })
}

// ImportColumn is a column of the file as a person sees and changes it.
type ImportColumn struct {
	Header  string
	Samples string
	Name    string // of the field
	Choice  int    // of ImportChoices
	Warning string // what to look at, or empty
}

// ImportForm is all that a person decides about an import. Empty parts of Reading
// are found out.
type ImportForm struct {
	File          string
	Reading       audience.Options // Kind, Encoding, Delimiter, Header and Sheet
	Columns       []ImportColumn
	Name          string
	Join          bool
	Existing      delivery.Existing
	ConsentSource string
	ConsentDate   string // as 2026-12-31
}

// NewImportForm begins with a file; the list gets its name.
func NewImportForm(file string) ImportForm {
	base := filepath.Base(file)
	name := strings.TrimSpace(strings.TrimSuffix(base, filepath.Ext(base)))
	if file == "" {
		name = ""
	}
	return ImportForm{File: file, Name: name, Existing: delivery.ExistingUpdate}
}

// Found fills the columns with what was found out about the file.
func (f *ImportForm) Found(c *text.Catalog, in audience.Inspection) {
	f.Columns = make([]ImportColumn, len(in.Columns))
	for i, k := range in.Columns {
		col := ImportColumn{Header: k.Header, Samples: strings.Join(k.Samples, " · "), Name: k.Field, Choice: importChoice(k.Type), Warning: ImportWarning(c, k)}
		if i == in.Email {
			col.Choice, col.Warning = 0, ""
		}
		f.Columns[i] = col
	}
}

// Warned takes over what the types that were chosen make of the values, and leaves
// what a person typed alone.
func (f *ImportForm) Warned(c *text.Catalog, in audience.Inspection) {
	for i, k := range in.Columns {
		if i < len(f.Columns) {
			f.Columns[i].Warning = ""
			if ch := ImportChoices()[f.Columns[i].Choice]; !ch.Email && !ch.Out {
				f.Columns[i].Warning = ImportWarning(c, k)
			}
		}
	}
}

// ImportWarning is what a person should look at in a column.
func ImportWarning(c *text.Catalog, k audience.Column) string {
	switch {
	case k.Misfits > 0:
		return c.N("import.misfits_here", int64(k.Misfits))
	case k.Ambiguous && k.Type.Kind == delivery.FieldDate:
		return c.T("import.ambiguous_date")
	case k.Ambiguous:
		return c.T("import.ambiguous_number")
	}
	return ""
}

// Options are how the file is to be read.
func (f ImportForm) Options() audience.Options {
	o := f.Reading
	o.Map, o.Types, o.Without = map[string]string{}, map[string]audience.Type{}, nil
	choices := ImportChoices()
	for i, k := range f.Columns {
		number := "#" + strconv.Itoa(i+1)
		switch ch := choices[k.Choice]; {
		case ch.Email:
			o.Map["email"] = number
		case ch.Out:
			o.Without = append(o.Without, number)
		default:
			o.Map[k.Name] = number
			if ch.Type.Kind != delivery.FieldText {
				o.Types[k.Name] = ch.Type
			}
		}
	}
	return o
}

// ColumnsProblem is why the columns cannot be so; empty when they can.
func (f ImportForm) ColumnsProblem(c *text.Catalog) string {
	emails := 0
	seen := map[string]bool{}
	for _, k := range f.Columns {
		switch ch := ImportChoices()[k.Choice]; {
		case ch.Email:
			emails++
		case ch.Out:
		case k.Name == "" || audience.FieldName(k.Name) != k.Name || k.Name == "email":
			return c.T("import.bad_name", "name", k.Name, "header", k.Header)
		case seen[k.Name]:
			return c.T("import.same_name", "name", k.Name)
		default:
			seen[k.Name] = true
		}
	}
	switch {
	case emails == 0:
		return c.T("import.no_email")
	case emails > 1:
		return c.T("import.many_emails")
	}
	return ""
}

// Consent is the day that was typed.
func (f ImportForm) Consent() (time.Time, bool) {
	if strings.TrimSpace(f.ConsentDate) == "" {
		return time.Time{}, true
	}
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(f.ConsentDate))
	return t, err == nil
}

// CheckProblem is why the import cannot begin; empty when it can.
func (f ImportForm) CheckProblem(c *text.Catalog) string {
	day, ok := f.Consent()
	switch {
	case strings.TrimSpace(f.Name) == "":
		return c.T("import.need_name")
	case !ok:
		return c.T("edit.date_bad")
	case !day.IsZero() && strings.TrimSpace(f.ConsentSource) == "":
		return c.T("error.import.consent")
	}
	return ""
}

// ImportFound tells what a file is, in a line.
func ImportFound(c *text.Catalog, in audience.Inspection) string {
	rows := c.N("import.rows_whole", int64(in.Rows))
	if !in.Whole {
		rows = c.N("import.rows_looked", int64(in.Rows))
	}
	return c.T("import.kind."+string(in.Kind)) + " · " + c.N("import.columns", int64(len(in.Columns))) + " · " + rows
}

// ImportSort is one of the sorts of rows that a check counts.
type ImportSort struct {
	Key   string // added, updated, unchanged, merged, rejected
	Label string
	Count string
	Note  string
	Tone  Tone
}

// ImportSorts are the counts of a check.
func ImportSorts(c *text.Catalog, k audience.Check) []ImportSort {
	all := k.Rows + k.Rejected
	sort := func(key string, n int64, tone Tone) ImportSort {
		if n == 0 {
			tone = Quiet
		}
		return ImportSort{Key: key, Label: c.T("import.sort." + key), Count: c.Number(n), Note: c.Percent(n, all), Tone: tone}
	}
	return []ImportSort{sort("added", k.Added, Green), sort("updated", k.Updated, Blue), sort("unchanged", k.Unchanged, Neutral),
		sort("merged", k.Merged, Neutral), sort("rejected", k.Rejected, Amber)}
}

// ImportRow is a row of one sort, to look at.
type ImportRow struct{ Line, Address, What string }

// ImportRows are the first rows of a sort, with what becomes of them.
func ImportRows(c *text.Catalog, k audience.Check, sort string) []ImportRow {
	var rows []audience.CheckedRow
	what := func(r audience.CheckedRow) string { return fieldList(r.Fields) }
	switch sort {
	case "added":
		rows = k.AddedRows
	case "updated":
		rows, what = k.UpdatedRows, func(r audience.CheckedRow) string { return changes(c, r) }
	case "unchanged":
		rows = k.UnchangedRows
	case "merged":
		rows, what = k.MergedRows, func(r audience.CheckedRow) string { return c.T("import.again", "line", r.Again) }
	case "rejected":
		rows, what = k.RejectedRows, func(r audience.CheckedRow) string { return ImportReason(c, r.Reason, r.Detail) }
	}
	out := make([]ImportRow, len(rows))
	for i, r := range rows {
		out[i] = ImportRow{c.Number(int64(r.Line)), r.Address, what(r)}
		if sort == "rejected" {
			out[i].Address = r.Detail
		}
	}
	return out
}

// fieldList is the fields of a row in a line.
func fieldList(fields map[string]string) string {
	names := make([]string, 0, len(fields))
	for n := range fields {
		names = append(names, n)
	}
	slices.Sort(names)
	for i, n := range names {
		names[i] = n + " " + fields[n]
	}
	return strings.Join(names, " · ")
}

// changes is what an import changes of somebody.
func changes(c *text.Catalog, r audience.CheckedRow) string {
	var out []string
	for n, now := range r.Fields {
		if was := r.Before[n]; was != now {
			if was == "" {
				was = "–"
			}
			out = append(out, n+": "+was+" → "+now)
		}
	}
	if len(out) == 0 {
		return c.T("import.consent_only")
	}
	slices.Sort(out)
	return strings.Join(out, " · ")
}

// ImportReason is why a row is refused.
func ImportReason(c *text.Catalog, reason, detail string) string {
	if !c.Has("import.reason." + reason) {
		return reason
	}
	return c.T("import.reason."+reason, "detail", detail)
}

// ImportRemarks are what a person should know before an import, the refused rows by
// reason and the values that are left out.
func ImportRemarks(c *text.Catalog, k audience.Check) []Finding {
	var out []Finding
	for _, r := range k.Reasons {
		out = append(out, Finding{Text: c.N("import.refused_for", r.Count, "reason", ImportReason(c, r.Reason, "")), Tone: Amber})
	}
	for _, m := range k.Misfits {
		out = append(out, Finding{Text: c.N("import.misfits", m.Count, "field", m.Field, "line", m.Line, "value", short(m.Value)), Tone: Amber})
	}
	if k.Merged > 0 {
		out = append(out, Finding{Text: c.N("import.merged_note", k.Merged), Tone: Blue})
	}
	return out
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// ImportUndone is what an undo did, in a sentence.
func ImportUndone(c *text.Catalog, u delivery.ImportUndo) string {
	s := c.N("import.undone_removed", u.Removed)
	if u.Restored > 0 {
		s += " " + c.N("import.undone_restored", u.Restored)
	}
	if u.Kept+u.Changed > 0 {
		s += " " + c.N("import.undone_kept", u.Kept+u.Changed)
	}
	return s
}

// ImportDone is what an import did, in a line of the list of imports.
func ImportDone(c *text.Catalog, i delivery.Import) string {
	if !i.Undone.IsZero() {
		return c.T("import.was_undone", "name", i.UndoneBy, "date", c.Date(i.Undone))
	}
	return c.T("import.did", "added", i.Added, "updated", i.Updated, "rejected", i.Rejected)
}
