package audience

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"sendoff/engine/delivery"
)

// largeXML is the size, in bytes, from which a part of a workbook is unpacked to a
// temporary file rather than into memory.
const largeXML = 4 << 20

// sheetRows reads one sheet of a workbook as a stream. Cells are what they hold,
// not how they are shown, except for days: a cell that is shown as a day counts as
// "2006-01-02". Formulas count as the value that was saved with them; nothing is
// computed.
type sheetRows struct {
	*queue
	book   *excelize.File
	it     *excelize.Rows
	shown  *excelize.Rows // the same rows again as they are shown; nil after the first ones
	file   string
	sheet  string
	sheets []string
	line   int
	size   int64
	days   map[int]bool // columns whose first cells are shown as days
	since  float64      // the day 0 of the workbook, as others count it
	read   int
}

// newSheet opens a workbook. want is the name of a sheet, or empty for the first
// one with rows. KindBomb, KindWorkbook, KindEncoding for other archives,
// KindInvalid with Field "import.sheet".
func newSheet(f *os.File, file, want string) (*sheetRows, error) {
	fi, err := f.Stat()
	if err != nil {
		return nil, wrapFile(file, err)
	}
	if err := checkArchive(f, fi.Size(), file); err != nil {
		return nil, err
	}
	x := &sheetRows{file: file, size: fi.Size(), days: map[int]bool{}}
	x.book, err = excelize.OpenFile(f.Name(), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: largeXML})
	if err != nil {
		return nil, x.damaged(err)
	}
	if p, err := x.book.GetWorkbookProps(); err == nil && p.Date1904 != nil && *p.Date1904 {
		x.since = 1462 // 1 January 1904
	}
	if err := x.choose(want); err != nil {
		x.close()
		return nil, err
	}
	return x, nil
}

func (x *sheetRows) damaged(err error) error {
	return &delivery.Error{Op: op, Kind: delivery.KindWorkbook, File: x.file, Err: err}
}

// choose opens the sheet that is asked for, or the first that has something.
func (x *sheetRows) choose(want string) error {
	for _, name := range x.book.GetSheetList() {
		if visible, err := x.book.GetSheetVisible(name); err == nil && visible {
			x.sheets = append(x.sheets, name)
		}
	}
	if want != "" {
		i := slices.IndexFunc(x.book.GetSheetList(), func(s string) bool { return strings.EqualFold(s, want) })
		if i < 0 {
			return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "import.sheet", File: x.file, Detail: want}
		}
		return x.start(x.book.GetSheetList()[i])
	}
	for _, name := range x.sheets {
		if err := x.start(name); err != nil || len(x.queue.rows) > 0 {
			return err
		}
	}
	return &delivery.Error{Op: op, Kind: delivery.KindEmptyFile, File: x.file}
}

// start reads the first rows of a sheet, in both forms, to see which columns hold
// days.
func (x *sheetRows) start(name string) error {
	x.stop()
	var err error
	if x.it, err = x.book.Rows(name); err != nil {
		return x.damaged(err)
	}
	if x.shown, err = x.book.Rows(name); err != nil {
		return x.damaged(err)
	}
	x.sheet, x.line, x.read = name, 0, 0
	x.queue = newQueue(x.row)
	x.shown.Close()
	x.shown = nil
	if x.queue.err != nil && x.queue.err != io.EOF {
		return x.queue.err
	}
	for i := range x.queue.rows {
		x.dated(x.queue.rows[i].cells)
	}
	return nil
}

func (x *sheetRows) stop() {
	for _, it := range []*excelize.Rows{x.it, x.shown} {
		if it != nil {
			it.Close()
		}
	}
	x.it, x.shown = nil, nil
}

// row reads the next row that is not blank.
func (x *sheetRows) row() (cellRow, error) {
	for x.it.Next() {
		x.line++
		cells, err := x.it.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return cellRow{}, x.damaged(err)
		}
		x.look(cells)
		x.read += 8 // of the markup around a row
		blank := true
		for i, c := range cells {
			x.read += len(c) + 24
			blank = blank && strings.TrimSpace(c) == ""
			if i > MaxColumns {
				break
			}
		}
		if blank {
			continue
		}
		r := cellRow{line: x.line, count: len(cells), cells: cells[:min(len(cells), MaxColumns)]}
		if r.flaw, r.at = flawIn(r.cells, r.count); r.flaw != "" {
			return r, nil
		}
		if x.shown == nil {
			x.dated(r.cells)
		}
		return r, nil
	}
	if err := x.it.Error(); err != nil {
		return cellRow{}, x.damaged(err)
	}
	return cellRow{}, io.EOF
}

// look compares the cells of one of the first rows with how they are shown.
func (x *sheetRows) look(cells []string) {
	if x.shown == nil || !x.shown.Next() {
		return
	}
	shown, err := x.shown.Columns()
	if err != nil {
		return
	}
	for i, c := range cells[:min(len(cells), len(shown), MaxColumns)] {
		if n, ok := dayNumber(c); ok && showsDay(shown[i], int(n), fromSerial(n+x.since)) {
			x.days[i] = true
		}
	}
}

// dayNumber reads a cell that may hold a day, from 1900 to 2173, with or without a
// time.
func dayNumber(s string) (float64, bool) {
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && n >= 1 && n < 100_000
}

// showsDay reports whether a text shows the day that a number stands for: all its
// numbers are the day, the month or the year. "12 kg" and "1 1/2" show their own
// number instead.
func showsDay(text string, number int, day string) bool {
	t, err := time.Parse(time.DateOnly, day)
	parts := dateParts(withoutTime(text))
	if err != nil || len(parts) < 2 {
		return false
	}
	found := false
	for _, p := range parts {
		if !allDigits(p) {
			continue
		}
		n, _ := strconv.Atoi(p)
		if n == number || n != t.Day() && n != int(t.Month()) && n != t.Year() && n != t.Year()%100 {
			return false
		}
		found = true
	}
	return found
}

// dated writes the days of a row as everybody reads them.
func (x *sheetRows) dated(cells []string) {
	for i := range x.days {
		if i >= len(cells) {
			continue
		}
		if n, ok := dayNumber(cells[i]); ok {
			cells[i] = fromSerial(n + x.since)
		}
	}
}

// offset is an estimate: how the rows lie in the archive is not known.
func (x *sheetRows) offset() int64 {
	if x.queue != nil && x.queue.err == io.EOF {
		return x.size
	}
	return min(x.size, int64(x.read)/6)
}

func (x *sheetRows) close() error {
	x.stop()
	if err := x.book.Close(); err != nil {
		return fmt.Errorf("temporary files of %s: %w", x.file, err)
	}
	return nil
}
