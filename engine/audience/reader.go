package audience

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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
	// Delimiter is any ASCII character but letters, digits, ", @, the dot and
	// line ends. 0: comma, semicolon, tab or vertical bar, whichever fits, or
	// what a first line "sep=;" says.
	Delimiter rune
	// Header says whether there is one.
	Header Header
	// Map gives fields their columns: field name → header text (in any case)
	// or 1-based number of the column. "email" is the column with the address;
	// any other entry renames a column and must be a legal Liquid identifier.
	Map map[string]string
}

// Row is one person.
type Row struct {
	Line    int      // physical line of the file at which the row began, from 1
	Address Address  // checked
	Fields  []string // aligned with Columns; the slice, not the strings, is reused by the next call
}

// Reader reads the rows of one file.
type Reader struct {
	records
	named   bool     // the file has a header
	header  []string // one text for every column of the file
	email   int      // index of the column with the address
	columns []column
	names   []string // of columns
	fields  []string // of the row handed out
	held    []byte   // the first record, when it is data and not yet handed out
	heldAt  int
	err     error // a fatal error, reported again and again
}

// column is a field and where it stands in the file.
type column struct {
	name  string
	index int
}

// NewReader looks at the beginning of r and finds out how to read it. file is
// the name that errors carry; nothing is opened. Errors: KindEmptyFile,
// KindEncoding (not text; Detail: what it is), KindNoEmailColumn (Detail: the
// columns seen), KindTooManyColumns, KindRecordTooLong, KindIO, and KindInvalid
// with Field "quote" (never closed; Line), "header" (Detail: a reason code),
// "delimiter" or "map" (Detail: the entry that cannot be).
func NewReader(r io.Reader, file string, o Options) (*Reader, error) {
	if o.Delimiter != 0 && !legalDelimiter(o.Delimiter) {
		return nil, &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "delimiter", Detail: string(o.Delimiter)}
	}
	src, err := newSource(r)
	if err != nil {
		return nil, wrapIO(file, err)
	}
	d := &Reader{records: records{src: src, file: file, buf: make([]byte, 2*sniffSize), line: 1}}
	if err := d.fill(sniffSize); err != nil {
		return nil, err
	}
	d.chooseDelimiter(o.Delimiter)
	rows := sample(d.buf[d.lo:d.hi], d.delim, d.whole)
	if err := d.chooseHeader(o.Header, rows); err != nil {
		return nil, err
	}
	if d.named && len(rows) > 0 {
		rows = rows[1:]
	}
	if err := d.chooseColumns(rows, o.Map); err != nil {
		return nil, err
	}
	return d, nil
}

func (r *Reader) chooseDelimiter(want rune) {
	b := r.buf[r.lo:r.hi]
	d, size := sepLine(b)
	if size > 0 {
		r.lo += size
		r.line++
		b = b[size:]
	}
	switch {
	case want != 0:
		d = byte(want)
	case d == 0:
		d = guessDelimiter(b, r.whole)
	}
	r.delim = d
}

// chooseHeader reads the first record, without which there is no list. It is
// the header, or it is held back to be handed out as data.
func (r *Reader) chooseHeader(want Header, rows [][]string) error {
	raw, line, err := r.next()
	switch {
	case err == io.EOF:
		return &delivery.Error{Op: op, Kind: delivery.KindEmptyFile, File: r.file}
	case err != nil:
		return err
	case r.count > MaxColumns:
		return &delivery.Error{Op: op, Kind: delivery.KindTooManyColumns, File: r.file, Line: line, Detail: strconv.Itoa(r.count)}
	}
	first := texts(string(raw), r.spans)
	r.named = want == HeaderPresent || want == HeaderAuto && guessHeader(first)
	if !r.named {
		width, _ := usualWidth(rows)
		first = make([]string, max(r.count, width))
		r.held, r.heldAt = raw, line
	} else if reason, _ := r.flaw(raw); reason == ReasonEncoding {
		return &delivery.Error{Op: op, Kind: delivery.KindEncoding, File: r.file, Line: line, Detail: r.Encoding()}
	} else if reason != "" {
		return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "header", File: r.file, Line: line, Detail: reason}
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
func (r *Reader) chooseColumns(rows [][]string, mapped map[string]string) error {
	renamed := make(map[int]string, len(mapped))
	taken := make(map[string]bool, len(r.header))
	r.email = -1
	for _, field := range slices.Sorted(maps.Keys(mapped)) {
		i := r.find(mapped[field])
		if _, twice := renamed[i]; i < 0 || twice || !legalName(field) {
			return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "map", File: r.file, Detail: field + "=" + mapped[field]}
		}
		renamed[i] = field
		if field == "email" {
			r.email = i
		} else {
			taken[field] = true
		}
	}
	if r.email < 0 && r.named {
		r.email = headerEmail(r.header, renamed)
	}
	if r.email < 0 {
		r.email = valuesEmail(rows, len(r.header), renamed)
	}
	if r.email < 0 {
		return &delivery.Error{Op: op, Kind: delivery.KindNoEmailColumn, File: r.file, Detail: strings.Join(r.header, ", ")}
	}
	for i, h := range r.header {
		if i == r.email {
			continue
		}
		name := renamed[i]
		if name == "" {
			if name = FieldName(h); name == "" {
				name = columnN(i + 1)
			}
			name = uniqueName(name, taken)
		}
		r.columns = append(r.columns, column{name, i})
		r.names = append(r.names, name)
	}
	r.fields = make([]string, len(r.columns))
	return nil
}

// find gives the index of the column that a person names, -1 for none: by its
// header, by its field name, or by its number.
func (r *Reader) find(want string) int {
	want = strings.TrimSpace(want)
	same := func(h string) bool { return strings.EqualFold(h, want) }
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

// Columns gives the fields of a row by the names that templates use, in the
// order of the file, the e-mail column left out.
func (r *Reader) Columns() []string { return slices.Clone(r.names) }

// Header gives the texts of all columns of the file, as a Reject's Record has
// them: trimmed, and column_N where there is none.
func (r *Reader) Header() []string { return slices.Clone(r.header) }

// HasHeader reports whether the file has a header.
func (r *Reader) HasHeader() bool { return r.named }

// EmailColumn gives the header text of the column with the address.
func (r *Reader) EmailColumn() string { return r.header[r.email] }

// Delimiter gives the character between two fields.
func (r *Reader) Delimiter() rune { return rune(r.delim) }

// Encoding gives "utf-8", "utf-16le", "utf-16be" or "windows-1252". A file of
// which only ASCII has been read is "utf-8" as yet.
func (r *Reader) Encoding() string { return r.src.enc.String() }

// Offset gives how many bytes of the file have been taken; it is up to 192 KiB
// ahead of the row handed out.
func (r *Reader) Offset() int64 { return r.src.offset }

// Next reads one row. io.EOF says that there are no more. A *Reject says that
// this row cannot be used, and reading goes on. A *delivery.Error is fatal:
// KindRecordTooLong, KindIO, or KindInvalid with Field "quote".
func (r *Reader) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	raw, line := r.held, r.heldAt
	if raw != nil {
		r.held = nil
	} else if raw, line, r.err = r.next(); r.err != nil {
		return Row{}, r.err
	}
	if reason, detail := r.flaw(raw); reason != "" {
		return Row{}, r.reject(line, reason, detail, raw)
	}
	record := string(raw)
	var mail string
	if r.email < len(r.spans) {
		mail = record[r.spans[r.email].lo:r.spans[r.email].hi]
	}
	a, reason := parseAddress(mail)
	if reason != "" {
		return Row{}, r.reject(line, reason, mail, raw)
	}
	for i, c := range r.columns {
		r.fields[i] = ""
		if c.index < len(r.spans) {
			r.fields[i] = record[r.spans[c.index].lo:r.spans[c.index].hi]
		}
	}
	return Row{Line: line, Address: a, Fields: r.fields}, nil
}

// flaw finds what makes a whole record useless.
func (r *Reader) flaw(raw []byte) (reason, detail string) {
	width := len(r.header)
	if width == 0 {
		width = r.count // this is the header itself
	}
	switch {
	case r.count > MaxColumns:
		return ReasonTooManyColumns, strconv.Itoa(r.count)
	case bytes.IndexByte(raw, 0) >= 0:
		return ReasonNUL, r.where(func(s span) bool { return bytes.IndexByte(raw[s.lo:s.hi], 0) >= 0 })
	case !utf8.Valid(raw):
		return ReasonEncoding, r.where(func(s span) bool { return !utf8.Valid(raw[s.lo:s.hi]) })
	case r.count > width:
		return ReasonTooManyFields, strconv.Itoa(r.count) + ">" + strconv.Itoa(width)
	case len(raw) > MaxField:
		long := func(s span) bool { return s.hi-s.lo > MaxField }
		if slices.ContainsFunc(r.spans, long) {
			return ReasonFieldTooLong, r.where(long)
		}
	}
	return "", ""
}

// where gives the header text of the first field that has the flaw.
func (r *Reader) where(flawed func(span) bool) string {
	i := slices.IndexFunc(r.spans, flawed)
	if i < 0 || i >= len(r.header) {
		return columnN(i + 1)
	}
	return r.header[i]
}

func (r *Reader) reject(line int, reason, detail string, raw []byte) *Reject {
	record := texts(string(raw), r.spans)
	for i, f := range record {
		record[i] = strings.ToValidUTF8(f, "\uFFFD")
	}
	return &Reject{Line: line, Reason: reason, Detail: detail, Record: record}
}
