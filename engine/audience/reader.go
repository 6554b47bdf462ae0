package audience

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sendoff/engine/delivery"
)

const op = "import"

// Header says whether the first record names the columns.
type Header uint8

// Values of Header.
const (
	HeaderAuto    Header = iota // look: it does unless it holds an address
	HeaderPresent               // it does
	HeaderAbsent                // it is data; the fields are column_1, column_2…
)

// Options tell a Reader what it would otherwise find out. The zero value leaves
// everything to it.
type Options struct {
	// Kind is what the file is; KindAuto looks at its beginning.
	Kind Kind
	// Encoding of text: one of Encodings, or empty to look.
	Encoding string
	// Delimiter is any ASCII character but letters, digits, ", @, the dot and
	// line ends. 0: comma, semicolon, tab or vertical bar, whichever fits, or
	// what a first line "sep=;" says.
	Delimiter rune
	// Sheet of a workbook; empty for the first one that has rows.
	Sheet string
	// Header says whether there is one.
	Header Header
	// Map gives fields their columns: field name → header text (in any case)
	// or 1-based number of the column, "#3" for no header. "email" is the column with the address;
	// any other entry renames a column and must be a legal Liquid identifier.
	Map map[string]string
	// Without are columns that are left out, named as in Map.
	Without []string
	// Types says what fields are, by name. Values are brought into the one form
	// of their type; a field that is not named stays text as it is.
	Types map[string]Type
}

// Row is one person.
type Row struct {
	Line    int      // at which the row began, from 1: of the text, the sheet, or the first line of the card
	Address Address  // checked
	Fields  []string // aligned with Columns; the slice, not the strings, is reused by the next call
}

// Reader reads the rows of one file.
type Reader struct {
	rows
	file    string
	kind    Kind
	sheet   string
	sheets  []string
	named   bool     // the file has a header
	header  []string // one text for every column of the file
	email   int      // index of the column with the address, -1 while it is not known
	columns []column
	names   []string // of columns
	fields  []string // of the row handed out
	held    *cellRow // the first row, when it is data and not yet handed out
	err     error    // a fatal error, reported again and again
}

// column is a field, where it stands in the file, and what it is.
type column struct {
	name    string
	index   int
	convert func(string) (string, bool) // nil for text as it is
	misfit  Misfit
}

// Misfit tells of the values of a field that do not fit its type. Their rows
// count all the same, without the field.
type Misfit struct {
	Field string
	Type  Type
	Count int64
	Line  int    // of the first
	Value string // the first
}

// NewReader looks at the beginning of a text file r and finds out how to read
// it. file is the name that errors carry; nothing is opened. Errors:
// KindEmptyFile, KindEncoding (not text; Detail: what it is), KindNoEmailColumn
// (Detail: the columns seen), KindTooManyColumns, KindRecordTooLong, KindIO, and
// KindInvalid with Field "quote" (never closed; Line), "header" (Detail: a reason
// code), "delimiter", "import.encoding", "import.type" or "map" (Detail: the entry that cannot
// be).
func NewReader(r io.Reader, file string, o Options) (*Reader, error) {
	src, err := newCSV(r, file, o)
	if err != nil {
		return nil, err
	}
	d := &Reader{rows: src, file: file, kind: KindCSV}
	return d, d.begin(o, false)
}

// begin reads the header and chooses the columns. lenient lets a file pass whose
// column with addresses is not known yet.
func (r *Reader) begin(o Options, lenient bool) error {
	sampled := r.peek()
	if err := r.chooseHeader(o.Header, sampled); err != nil {
		return err
	}
	if r.named && len(sampled) > 0 {
		sampled = sampled[1:]
	}
	return r.chooseColumns(sampled, o, lenient)
}

// chooseHeader reads the first row, without which there is no list. It is the
// header, or it is held back to be handed out as data.
func (r *Reader) chooseHeader(want Header, rows [][]string) error {
	row, err := r.rows.next()
	switch {
	case err == io.EOF:
		return &delivery.Error{Op: op, Kind: delivery.KindEmptyFile, File: r.file}
	case err != nil:
		return err
	case row.count > MaxColumns:
		return &delivery.Error{Op: op, Kind: delivery.KindTooManyColumns, File: r.file, Line: row.line, Detail: strconv.Itoa(row.count)}
	}
	first := row.cells
	r.named = want == HeaderPresent || want == HeaderAuto && guessHeader(first)
	switch {
	case !r.named:
		width, _ := usualWidth(rows)
		first = make([]string, max(row.count, width))
		row.cells = slices.Clone(row.cells)
		r.held = &row
	case row.flaw == ReasonEncoding:
		return &delivery.Error{Op: op, Kind: delivery.KindEncoding, File: r.file, Line: row.line, Detail: r.Encoding()}
	case row.flaw != "":
		return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "header", File: r.file, Line: row.line, Detail: row.flaw}
	}
	for i, h := range first {
		if h = strings.TrimSpace(h); h == "" {
			h = columnN(i + 1)
		}
		r.header = append(r.header, h)
	}
	return nil
}

// chooseColumns finds the e-mail column and names the others.
func (r *Reader) chooseColumns(rows [][]string, o Options, lenient bool) error {
	renamed := make(map[int]string, len(o.Map))
	taken := make(map[string]bool, len(r.header))
	r.email = -1
	for _, field := range slices.Sorted(maps.Keys(o.Map)) {
		i := r.find(o.Map[field])
		if _, twice := renamed[i]; i < 0 || twice || !legalName(field) {
			return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "map", File: r.file, Detail: field + "=" + o.Map[field]}
		}
		renamed[i] = field
		if field == "email" {
			r.email = i
		} else {
			taken[field] = true
		}
	}
	without := make(map[int]bool, len(o.Without))
	for _, name := range o.Without {
		i := r.find(name)
		if i < 0 {
			return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "map", File: r.file, Detail: name}
		}
		without[i] = true
	}
	if r.email < 0 && r.named {
		r.email = headerEmail(r.header, renamed)
	}
	if r.email < 0 {
		r.email = valuesEmail(rows, len(r.header), renamed)
	}
	if r.email < 0 && !lenient {
		return &delivery.Error{Op: op, Kind: delivery.KindNoEmailColumn, File: r.file, Detail: strings.Join(r.header, ", ")}
	}
	typed := 0
	for i, h := range r.header {
		if i == r.email || without[i] {
			continue
		}
		name := renamed[i]
		if name == "" {
			if name = FieldName(h); name == "" {
				name = columnN(i + 1)
			}
			name = uniqueName(name, taken)
		}
		c := column{name: name, index: i}
		if t, ok := o.Types[name]; ok {
			typed++
			var err error
			if c.convert, err = t.converter(); err != nil {
				return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "import.type", File: r.file, Detail: name + "=" + t.String()}
			}
			c.misfit = Misfit{Field: name, Type: t}
		}
		r.columns = append(r.columns, c)
		r.names = append(r.names, name)
	}
	if typed < len(o.Types) && !lenient {
		for _, name := range slices.Sorted(maps.Keys(o.Types)) {
			if !slices.Contains(r.names, name) {
				return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "import.type", File: r.file, Detail: name + "=" + o.Types[name].String()}
			}
		}
	}
	r.fields = make([]string, len(r.columns))
	return nil
}

// find gives the index of the column that a person names, -1 for none: by its
// header, by its field name, or by its number; "#3" is the third whatever headers
// there are.
func (r *Reader) find(want string) int {
	want = strings.TrimSpace(want)
	same := func(h string) bool { return strings.EqualFold(h, want) }
	if digits, ok := strings.CutPrefix(want, "#"); ok && !slices.ContainsFunc(r.header, same) {
		if n, err := strconv.Atoi(digits); err == nil && n >= 1 && n <= len(r.header) {
			return n - 1
		}
	}
	if i := slices.IndexFunc(r.header, same); i >= 0 {
		return i
	}
	if i := slices.IndexFunc(r.header, func(h string) bool { return same(FieldName(h)) }); i >= 0 && want != "" {
		return i
	}
	if n, err := strconv.Atoi(want); err == nil && n >= 1 && n <= len(r.header) {
		return n - 1
	}
	return -1
}

// Kind is what the file is.
func (r *Reader) Kind() Kind { return r.kind }

// Columns gives the fields of a row by the names that templates use, in the
// order of the file, the e-mail column left out.
func (r *Reader) Columns() []string { return slices.Clone(r.names) }

// Labels gives the header texts of Columns; empty when the file has no header.
func (r *Reader) Labels() []string {
	out := make([]string, len(r.columns))
	for i, c := range r.columns {
		if r.named && r.kind != KindVCard {
			out[i] = r.header[c.index]
		}
	}
	return out
}

// Header gives the texts of all columns of the file, as a Reject's Record has
// them: trimmed, and column_N where there is none.
func (r *Reader) Header() []string { return slices.Clone(r.header) }

// Delimiter gives the character between two fields, 0 where there is none.
func (r *Reader) Delimiter() rune {
	if c, ok := r.rows.(*csvRows); ok {
		return rune(c.delim)
	}
	return 0
}

// Encoding gives one of Encodings. A file of which only ASCII has been read is
// "utf-8" as yet, and so is a workbook.
func (r *Reader) Encoding() string {
	switch s := r.rows.(type) {
	case *csvRows:
		return s.src.enc.String()
	case *cardRows:
		return s.src.enc.String()
	}
	return utf8Text.String()
}

// Offset gives how many bytes of the file have been taken; it is up to 192 KiB
// ahead of the row handed out. Of a workbook it is an estimate.
func (r *Reader) Offset() int64 { return r.rows.offset() }

// Misfits lists the fields with values that did not fit their types so far.
func (r *Reader) Misfits() []Misfit {
	var out []Misfit
	for _, c := range r.columns {
		if c.misfit.Count > 0 {
			out = append(out, c.misfit)
		}
	}
	return out
}

// Close lets go of what was opened for the file; the file itself stays open.
func (r *Reader) Close() error { return r.rows.close() }

// Next reads one row. io.EOF says that there are no more. A *Reject says that
// this row cannot be used, and reading goes on. A *delivery.Error is fatal:
// KindRecordTooLong, KindIO, or KindInvalid with Field "quote".
func (r *Reader) Next() (Row, error) {
	row, err := r.take()
	if err != nil {
		return Row{}, err
	}
	if row.flaw == "" && row.count > len(r.header) {
		return Row{}, r.reject(row, ReasonTooManyFields, strconv.Itoa(row.count)+">"+strconv.Itoa(len(r.header)))
	}
	if row.flaw != "" {
		return Row{}, r.reject(row, row.flaw, flawDetail(row, r.header))
	}
	var mail string
	if r.email < len(row.cells) {
		mail = row.cells[r.email]
	}
	a, reason := parseAddress(mail)
	if reason != "" {
		return Row{}, r.reject(row, reason, mail)
	}
	for i := range r.columns {
		c := &r.columns[i]
		value := ""
		if c.index < len(row.cells) {
			value = row.cells[c.index]
		}
		if c.convert != nil && value != "" {
			value = c.read(value, row.line)
		}
		r.fields[i] = value
	}
	return Row{Line: row.line, Address: a, Fields: r.fields}, nil
}

// take gives the next row as it stands in the file.
func (r *Reader) take() (cellRow, error) {
	if r.err != nil {
		return cellRow{}, r.err
	}
	if row := r.held; row != nil {
		r.held = nil
		return *row, nil
	}
	var row cellRow
	row, r.err = r.rows.next()
	return row, r.err
}

// read brings a value into the form of its type, or counts it and leaves it out.
func (c *column) read(value string, line int) string {
	text := strings.TrimSpace(value)
	if text == "" {
		return ""
	}
	if v, ok := c.convert(text); ok {
		return v
	}
	if c.misfit.Count++; c.misfit.Count == 1 {
		c.misfit.Line, c.misfit.Value = line, value
	}
	return ""
}

func (r *Reader) reject(row cellRow, reason, detail string) *Reject {
	record := slices.Clone(row.cells)
	for i, f := range record {
		record[i] = strings.ToValidUTF8(f, "\uFFFD")
	}
	return &Reject{Line: row.line, Reason: reason, Detail: detail, Record: record}
}
