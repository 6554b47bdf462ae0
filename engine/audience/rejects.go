package audience

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"sendoff/engine/delivery"
)

// RejectWriter keeps rejected rows in a CSV file: line, reason, detail and then
// the columns of the file that was read. The file has a byte order mark, so
// that Excel reads it as UTF-8, and no cell that a spreadsheet would run as a
// formula. It appears under its own name only when it is whole, and not at all
// when nothing was rejected.
type RejectWriter struct {
	path   string
	header []string
	delim  rune
	file   *os.File // nil until the first reject
	buf    *bufio.Writer
	csv    *csv.Writer
	row    []string
	count  int64
	closed bool
}

// NewRejectWriter prepares the file at path, replacing one that is there. The
// header and the delimiter are those of the Reader that the rejects come from:
// a program that could open the one file can open the other.
func NewRejectWriter(path string, header []string, delimiter rune) *RejectWriter {
	return &RejectWriter{path: path, header: header, delim: delimiter}
}

// Write adds one reject. Errors: KindDiskFull, KindPermission, KindIO; after
// one of them only Abort is of use.
func (w *RejectWriter) Write(r *Reject) error {
	if w.file == nil {
		if err := w.open(); err != nil {
			return err
		}
	}
	w.count++
	w.row = append(w.row[:0], strconv.Itoa(r.Line), r.Reason, Defuse(r.Detail))
	for _, f := range r.Record {
		w.row = append(w.row, Defuse(f))
	}
	return w.wrap(w.csv.Write(w.row))
}

func (w *RejectWriter) open() error {
	if w.closed {
		return w.wrap(fs.ErrClosed)
	}
	f, err := os.CreateTemp(filepath.Dir(w.path), "."+filepath.Base(w.path)+".*")
	if err != nil {
		return w.wrap(err)
	}
	w.file = f
	w.buf = bufio.NewWriterSize(f, 64<<10)
	w.csv = csv.NewWriter(w.buf)
	w.csv.Comma = w.delim
	w.row = append(w.row[:0], "line", "reason", "detail")
	for _, h := range w.header {
		w.row = append(w.row, Defuse(h))
	}
	if _, err := w.buf.WriteString("\ufeff"); err != nil {
		return w.wrap(err)
	}
	return w.wrap(w.csv.Write(w.row))
}

// Count gives how many rejects were written.
func (w *RejectWriter) Count() int64 { return w.count }

// Close completes the file and gives its path, "" when there were no rejects
// and so is no file. On an error nothing is left behind.
func (w *RejectWriter) Close() (path string, err error) {
	w.closed = true
	if w.file == nil {
		return "", nil
	}
	f := w.file
	w.csv.Flush()
	err = errors.Join(w.csv.Error(), w.buf.Flush(), f.Sync(), f.Close())
	w.file = nil
	if err == nil {
		err = os.Rename(f.Name(), w.path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error is the one that counts
		return "", w.wrap(err)
	}
	return w.path, nil
}

// Abort leaves nothing behind. After Close it does nothing, so that it may be
// deferred.
func (w *RejectWriter) Abort() {
	w.closed = true
	if w.file == nil {
		return
	}
	_ = w.file.Close()
	_ = os.Remove(w.file.Name())
	w.file = nil
}

func (w *RejectWriter) wrap(err error) error {
	if err == nil {
		return nil
	}
	return &delivery.Error{Op: op, Kind: delivery.FileKind(err), File: w.path, Err: err}
}

// Defuse makes a cell harmless for a spreadsheet: text that would be run as a
// formula gets an apostrophe in front (CWE-1236). That is every text whose
// first character, spaces aside, is = + - @ | %, one of their full-width forms,
// a tab or a line end; so does such a text with apostrophes in front, so that
// restore gives every cell back. A NUL, which ends a file for some programs,
// becomes the symbol for it.
func Defuse(cell string) string {
	if strings.IndexByte(cell, 0) >= 0 {
		cell = strings.ReplaceAll(cell, "\x00", "\u2400")
	}
	if live(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// restore takes back what Defuse did to a cell of a text file. A spreadsheet does
// the same when it shows one.
func restore(cell string) string {
	if cell == "" || cell[0] != '\'' || !live(strings.TrimLeft(cell, "'")) {
		return cell
	}
	return cell[1:]
}

// live reports whether a spreadsheet would run a text.
func live(cell string) bool {
	first := strings.TrimLeft(cell, " ")
	if first == "" {
		return false
	}
	switch first[0] {
	case '=', '+', '-', '@', '|', '%', '\t', '\r', '\n':
		return true
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} {
		if strings.HasPrefix(first, wide) {
			return true
		}
	}
	return false
}
