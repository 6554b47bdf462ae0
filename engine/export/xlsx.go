package export

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Limits of a sheet, ECMA-376 as Excel keeps it.
const (
	sheetRows = 1048576
	cellChars = 32767
	sheetName = 31
)

// xlsxFile is a workbook of as many sheets as the rows need. Text is written as
// text, so no cell is a formula. Rows go through temporary files of the library.
type xlsxFile struct {
	w      io.Writer
	book   *excelize.File
	stream *excelize.StreamWriter
	name   string
	sheets int
	line   int // of the sheet, from 1
	titles []string
	bold   int
	date   int
	out    []any
}

func newXLSX(w io.Writer, name string) (*xlsxFile, error) {
	f := &xlsxFile{w: w, book: excelize.NewFile(), name: sheetTitle(name)}
	var err error
	if f.bold, err = f.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return nil, err
	}
	format := "yyyy-mm-dd hh:mm:ss"
	f.date, err = f.book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	return f, err
}

// sheetTitle is a name that a sheet can have.
func sheetTitle(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return ' '
		}
		return r
	}, s)
	s = strings.Trim(s, " '")
	for utf8.RuneCountInString(s) > sheetName-4 { // room for a number
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	if s = strings.TrimSpace(s); s == "" {
		return "Sheet"
	}
	return s
}

func (f *xlsxFile) header(titles []string) error {
	f.titles = titles
	return f.sheet()
}

// sheet begins another sheet with the titles.
func (f *xlsxFile) sheet() error {
	if err := f.flush(); err != nil {
		return err
	}
	f.sheets++
	name := f.name
	if f.sheets == 1 {
		if err := f.book.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else {
		name += " " + strconv.Itoa(f.sheets)
		if _, err := f.book.NewSheet(name); err != nil {
			return err
		}
	}
	var err error
	if f.stream, err = f.book.NewStreamWriter(name); err != nil {
		return err
	}
	for i, t := range f.titles {
		if err := f.stream.SetColWidth(i+1, i+1, float64(min(60, max(14, 2*utf8.RuneCountInString(t))))); err != nil {
			return err
		}
	}
	if err := f.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	f.line = 1
	f.out = f.out[:0]
	for _, t := range f.titles {
		f.out = append(f.out, excelize.Cell{StyleID: f.bold, Value: clean(t)})
	}
	return f.stream.SetRow("A1", f.out)
}

func (f *xlsxFile) row(cells []any) error {
	if f.line == sheetRows {
		if err := f.sheet(); err != nil {
			return err
		}
	}
	f.line++
	f.out = f.out[:0]
	for _, c := range cells {
		switch c := c.(type) {
		case nil, int, int64, float64:
			f.out = append(f.out, c)
		case string:
			f.out = append(f.out, clean(c))
		case time.Time:
			if c.IsZero() {
				f.out = append(f.out, nil)
				continue
			}
			// The clock on the wall: a sheet knows no zones.
			wall := time.Date(c.Year(), c.Month(), c.Day(), c.Hour(), c.Minute(), c.Second(), 0, time.UTC)
			f.out = append(f.out, excelize.Cell{StyleID: f.date, Value: wall})
		default:
			return fmt.Errorf("a cell cannot be a %T", c)
		}
	}
	return f.stream.SetRow("A"+strconv.Itoa(f.line), f.out)
}

// clean makes a text that a sheet can hold: what XML forbids becomes a
// replacement character, and what is longer than a cell is cut.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError {
			return utf8.RuneError
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) <= cellChars {
		return s
	}
	n := 0
	for i := range s {
		if n == cellChars-1 {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// flush completes the present sheet.
func (f *xlsxFile) flush() error {
	if f.stream == nil {
		return nil
	}
	s := f.stream
	f.stream = nil
	return s.Flush()
}

func (f *xlsxFile) finish() error {
	if err := f.flush(); err != nil {
		return err
	}
	if err := f.book.Write(f.w); err != nil {
		return err
	}
	return f.book.Close()
}

func (f *xlsxFile) abandon() { f.book.Close() }
