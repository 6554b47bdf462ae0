package audience

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"sendoff/engine/delivery"
)

// rows is a file as a Reader sees it, whatever its kind.
type rows interface {
	// next reads a row that is not blank; io.EOF comes after the last one. Its
	// cells are valid until the next call, the strings in them stay.
	next() (cellRow, error)
	// peek gives the rows at the beginning that next has not given yet, at most
	// sampleSize.
	peek() [][]string
	// offset is how many bytes of the file have been taken, of total().
	offset() int64
	close() error
}

// cellRow is one row. A flaw makes all of it useless.
type cellRow struct {
	line  int      // from 1: the physical line, or the row of the sheet, at which it begins
	count int      // cells there are; cells has no more than MaxColumns of them
	cells []string // valid UTF-8 unless flaw says otherwise
	flaw  string   // a reason, or empty
	at    int      // index of the cell with the flaw
}

// csvRows reads a text file.
type csvRows struct {
	records
	cells []string
}

// newCSV looks at the beginning of r. KindEncoding, KindIO.
func newCSV(r io.Reader, file string, o Options) (*csvRows, error) {
	if o.Delimiter != 0 && !legalDelimiter(o.Delimiter) {
		return nil, &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "delimiter", Detail: string(o.Delimiter)}
	}
	src, err := newSource(r, o.Encoding)
	if err != nil {
		return nil, wrapIO(file, err)
	}
	c := &csvRows{records: records{src: src, file: file, buf: make([]byte, 2*sniffSize), line: 1}}
	if err := c.fill(sniffSize); err != nil {
		return nil, err
	}
	c.chooseDelimiter(o.Delimiter)
	return c, nil
}

func (c *csvRows) chooseDelimiter(want rune) {
	b := c.buf[c.lo:c.hi]
	d, size := sepLine(b)
	if size > 0 {
		c.lo += size
		c.line++
		b = b[size:]
	}
	switch {
	case want != 0:
		d = byte(want)
	case d == 0:
		d = guessDelimiter(b, c.whole)
	}
	c.delim = d
}

func (c *csvRows) peek() [][]string { return sample(c.buf[c.lo:c.hi], c.delim, c.whole) }

func (c *csvRows) offset() int64 { return c.src.offset }

func (c *csvRows) close() error { return nil }

func (c *csvRows) next() (cellRow, error) {
	raw, line, err := c.records.next()
	if err != nil {
		return cellRow{}, err
	}
	c.cells = appendTexts(c.cells[:0], string(raw), c.spans)
	row := cellRow{line: line, count: c.count, cells: c.cells}
	row.flaw, row.at = flawOf(raw, c.cells, c.count)
	return row, nil
}

// flawOf finds what makes a whole record useless, whose cells are parts of raw.
// Nearly none has a flaw, and then the cells need not be looked at.
func flawOf(raw []byte, cells []string, count int) (reason string, at int) {
	if count <= MaxColumns && len(raw) <= MaxField && bytes.IndexByte(raw, 0) < 0 && utf8.Valid(raw) {
		return "", 0
	}
	return flawIn(cells, count)
}

// flawIn is flawOf for cells that were never one text.
func flawIn(cells []string, count int) (reason string, at int) {
	if count > MaxColumns {
		return ReasonTooManyColumns, -1
	}
	for i, s := range cells {
		switch {
		case strings.IndexByte(s, 0) >= 0:
			return ReasonNUL, i
		case !utf8.ValidString(s):
			return ReasonEncoding, i
		case len(s) > MaxField:
			return ReasonFieldTooLong, i
		}
	}
	return "", 0
}

// flawDetail says where the flaw of a row is.
func flawDetail(r cellRow, header []string) string {
	switch {
	case r.flaw == ReasonTooManyColumns:
		return strconv.Itoa(r.count)
	case r.at < 0 || r.at >= len(header):
		return columnN(r.at + 1)
	}
	return header[r.at]
}
