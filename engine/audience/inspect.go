package audience

import (
	"io"
	"os"
	"slices"
	"strings"

	"sendoff/engine/delivery"
)

const (
	// inspected is how many rows Inspect looks at, and inspectedBytes how many
	// bytes of values it keeps of them.
	inspected      = 5000
	inspectedBytes = 32 << 20
	// previewed is how many of them it hands out.
	previewed = 30
	// sampled is how many values of a column it hands out.
	sampled = 5
)

// Inspection is what was found out about a file. Every part of it can be
// overridden by Options.
type Inspection struct {
	Kind      Kind
	Encoding  string // of text
	Delimiter rune   // 0 where there is none
	Header    bool
	Sheet     string
	Sheets    []string // the visible ones
	Email     int      // index of the column with the addresses, -1 when none was found
	Columns   []Column
	Preview   [][]string // the first rows, as they stand in the file
	Rows      int        // that were looked at
	Whole     bool       // there are no more
}

// Column is one column of a file.
type Column struct {
	Header    string   // its text; column_N when there is none
	Field     string   // the name that it gets; empty when it is left out, and for the addresses
	Samples   []string // up to five different values
	Type      Type     // what was asked for, else what its values look like
	Ambiguous bool     // its values can be read in another format as well, such as 01-02-2026
	Filled    int      // rows that have a value
	Misfits   int      // of those: how many do not fit Type
}

// Inspect looks at the beginning of a file. Errors as of Open, but for a file
// without addresses, which a person may know where to find.
func Inspect(f *os.File, o Options) (Inspection, error) {
	r, err := openFile(f, o, true)
	if err != nil {
		return Inspection{}, err
	}
	defer r.Close()
	in := Inspection{Kind: r.kind, Delimiter: r.Delimiter(), Header: r.named, Sheet: r.sheet, Sheets: r.sheets, Email: r.email}
	values := make([][]string, len(r.header))
	for size := 0; in.Rows < inspected && size < inspectedBytes; {
		row, err := r.take()
		if err == io.EOF {
			in.Whole = true
			break
		}
		if err != nil {
			return in, err
		}
		in.Rows++
		if len(in.Preview) < previewed {
			cells := slices.Clone(row.cells)
			for i, c := range cells {
				cells[i] = strings.ToValidUTF8(c, "\uFFFD")
			}
			in.Preview = append(in.Preview, cells)
		}
		if row.flaw != "" {
			continue
		}
		for i, c := range row.cells[:min(len(row.cells), len(values))] {
			if c = strings.TrimSpace(c); c != "" {
				values[i] = append(values[i], c)
				size += len(c)
			}
		}
	}
	in.Encoding = r.Encoding()
	in.Columns = r.describe(values, o.Types)
	return in, nil
}

// describe tells of every column what its values are.
func (r *Reader) describe(values [][]string, types map[string]Type) []Column {
	out := make([]Column, len(r.header))
	g := newGuesser()
	for i, h := range r.header {
		out[i] = Column{Header: h, Samples: different(values[i]), Filled: len(values[i])}
	}
	for _, c := range r.columns {
		o := &out[c.index]
		o.Field = c.name
		if t, ok := types[c.name]; ok {
			o.Type, o.Ambiguous = g.settle(t, values[c.index])
		} else {
			o.Type, o.Ambiguous = g.guess(o.Header, values[c.index])
		}
		if convert, err := o.Type.converter(); err == nil && convert != nil {
			for _, v := range values[c.index] {
				if _, ok := convert(v); !ok {
					o.Misfits++
				}
			}
		}
		if o.Type.Kind == "" {
			o.Type.Kind = delivery.FieldText
		}
	}
	return out
}

// different gives the first values that differ.
func different(values []string) []string {
	var out []string
	for _, v := range values {
		if !slices.Contains(out, v) {
			if out = append(out, v); len(out) == sampled {
				break
			}
		}
	}
	return out
}
