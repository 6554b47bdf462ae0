package audience

import (
	"bytes"
	"errors"
	"io"
	"os"

	"sendoff/engine/delivery"
)

// Kind is what a file of people is.
type Kind string

// Kinds of files.
const (
	KindAuto  Kind = ""
	KindCSV   Kind = "csv" // any text in columns
	KindXLSX  Kind = "xlsx"
	KindVCard Kind = "vcard"
)

// Open finds out what a file is and how to read it, from its beginning. f stays the caller's, and
// must stay open as long as the Reader is used; the Reader must be closed.
// Besides the errors of NewReader: KindBomb and KindWorkbook for a workbook, and
// KindInvalid with Field "import.kind" or "import.sheet" (Detail: its name).
func Open(f *os.File, o Options) (*Reader, error) { return openFile(f, o, false) }

func openFile(f *os.File, o Options, lenient bool) (*Reader, error) {
	kind := o.Kind
	if kind == KindAuto {
		var err error
		if kind, err = sniffKind(f); err != nil {
			return nil, wrapFile(f.Name(), err)
		}
	}
	r := &Reader{file: f.Name(), kind: kind}
	_, err := f.Seek(0, io.SeekStart)
	if err != nil {
		return nil, wrapFile(f.Name(), err)
	}
	switch kind {
	case KindCSV:
		r.rows, err = newCSV(f, r.file, o)
	case KindVCard:
		r.rows, err = newCards(f, r.file, o)
		o.Header = HeaderPresent
	case KindXLSX:
		var x *sheetRows
		if x, err = newSheet(f, r.file, o.Sheet); err == nil {
			r.rows, r.sheet, r.sheets = x, x.sheet, x.sheets
		}
	default:
		err = &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "import.kind", File: r.file, Detail: string(kind)}
	}
	if err != nil {
		return nil, err
	}
	if err := r.begin(o, lenient); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// sniffKind looks at the beginning of a file, not at its name: names lie.
func sniffKind(f *os.File) (Kind, error) {
	b := make([]byte, 1024)
	n, err := f.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	b = b[:n]
	if bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		return KindXLSX, nil
	}
	text := bytes.ReplaceAll(b, []byte{0}, nil) // UTF-16
	text = bytes.TrimLeft(bytes.TrimLeft(text, "\xef\xbb\xbf\xff\xfe"), " \t\r\n")
	if len(text) >= 11 && bytes.EqualFold(text[:11], []byte("BEGIN:VCARD")) {
		return KindVCard, nil
	}
	return KindCSV, nil
}

func wrapFile(file string, err error) error {
	return &delivery.Error{Op: op, Kind: delivery.FileKind(err), File: file, Err: err}
}

// queue holds the first rows of a source that cannot be read twice.
type queue struct {
	rows []cellRow
	err  error // after rows
	from func() (cellRow, error)
}

// newQueue reads the first rows of a source.
func newQueue(from func() (cellRow, error)) *queue {
	q := &queue{from: from}
	for len(q.rows) < sampleSize && q.err == nil {
		row, err := from()
		if q.err = err; err == nil {
			q.rows = append(q.rows, row)
		}
	}
	return q
}

func (q *queue) next() (cellRow, error) {
	if len(q.rows) > 0 {
		row := q.rows[0]
		q.rows = q.rows[1:]
		return row, nil
	}
	if q.err != nil {
		return cellRow{}, q.err
	}
	return q.from()
}

func (q *queue) peek() [][]string {
	out := make([][]string, len(q.rows))
	for i, r := range q.rows {
		out[i] = r.cells
	}
	return out
}
