package export

import (
	"archive/zip"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Limits of a sheet, ECMA-376 as Excel keeps it.
const (
	sheetRows = 1048576
	cellChars = 32767 // UTF-16 code units
	sheetName = 31
)

// The columns are as wide as what stands in the first rows, within bounds, in
// characters. A date that does not fit would be shown as a row of #.
const (
	sample    = 200
	narrowest = 8
	widest    = 60
	dateWidth = 20
	button    = 3 // of the filter, beside a title
)

// xlsxFile is a workbook of as many sheets as the rows need. Text is written as
// text, so no cell is a formula. Rows go through temporary files of the library
// and from there straight into the file.
type xlsxFile struct {
	book   *excelize.File
	stream *excelize.StreamWriter // nil until the widths are known
	name   string
	sheets int
	line   int // of the sheet, from 1
	titles []string
	widths []int
	first  [][]any // rows that wait for the widths
	bold   int
	date   int
	out    []any
}

func newXLSX(w io.Writer, name string) (*xlsxFile, error) {
	f := &xlsxFile{book: excelize.NewFile(), name: sheetTitle(name)}
	// The library would gather the whole archive in memory first.
	f.book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
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
		switch {
		case strings.ContainsRune(`:\/?*[]`, r) || r < ' ':
			return ' '
		case r == '\'': // it would have to be doubled wherever the name is quoted
			return '’'
		}
		return r
	}, s)
	s = strings.Trim(s, " ’")
	for units(s) > sheetName-4 { // room for a number
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	if s = strings.TrimSpace(s); s == "" {
		return "Sheet"
	}
	return s
}

func (f *xlsxFile) header(titles []string) error {
	for _, t := range titles {
		t = clean(t)
		f.titles = append(f.titles, t)
		f.widths = append(f.widths, max(narrowest, units(t)+button))
	}
	return nil
}

// sheet begins another sheet with the titles.
func (f *xlsxFile) sheet() error {
	if err := f.flush(); err != nil {
		return err
	}
	f.sheets++
	name := f.sheetName()
	var err error
	if f.sheets == 1 {
		err = f.book.SetSheetName("Sheet1", name)
	} else {
		_, err = f.book.NewSheet(name)
	}
	if err != nil {
		return err
	}
	if f.stream, err = f.book.NewStreamWriter(name); err != nil {
		return err
	}
	for i, n := range f.widths {
		if err := f.stream.SetColWidth(i+1, i+1, float64(min(n, widest))); err != nil {
			return err
		}
	}
	if err := f.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	f.line = 1
	titles := make([]any, len(f.titles))
	for i, t := range f.titles {
		titles[i] = excelize.Cell{StyleID: f.bold, Value: t}
	}
	return f.stream.SetRow("A1", titles)
}

func (f *xlsxFile) sheetName() string {
	if f.sheets == 1 {
		return f.name
	}
	return f.name + " " + strconv.Itoa(f.sheets)
}

func (f *xlsxFile) row(cells []any) error {
	f.out = f.out[:0]
	for i, c := range cells {
		width := 0
		switch v := c.(type) {
		case nil, int, int64, float64:
			width = narrowest
		case string:
			v = clean(v)
			if f.stream == nil {
				width = units(v)
			}
			c = v
		case time.Time:
			if c = nil; !v.IsZero() {
				// The clock on the wall: a sheet knows no zones.
				wall := time.Date(v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), 0, time.UTC)
				c = excelize.Cell{StyleID: f.date, Value: wall}
			}
			width = dateWidth
		default:
			return fmt.Errorf("a cell cannot be a %T", c)
		}
		if f.stream == nil && i < len(f.widths) {
			f.widths[i] = max(f.widths[i], width)
		}
		f.out = append(f.out, c)
	}
	if f.stream != nil {
		return f.put(f.out)
	}
	f.first = append(f.first, slices.Clone(f.out))
	if len(f.first) < sample {
		return nil
	}
	return f.begin()
}

// begin writes the rows that waited for the widths of the columns.
func (f *xlsxFile) begin() error {
	if err := f.sheet(); err != nil {
		return err
	}
	for _, r := range f.first {
		if err := f.put(r); err != nil {
			return err
		}
	}
	f.first = nil
	return nil
}

func (f *xlsxFile) put(row []any) error {
	if f.line == sheetRows {
		if err := f.sheet(); err != nil {
			return err
		}
	}
	f.line++
	return f.stream.SetRow("A"+strconv.Itoa(f.line), row)
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
	if len(s) <= cellChars || units(s) <= cellChars {
		return s
	}
	n := 1 // for the ellipsis
	for i, r := range s {
		if n += utf16.RuneLen(r); n > cellChars {
			return s[:i] + "…"
		}
	}
	return s
}

// units is the length of a text as Excel counts it: in UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// flush completes the present sheet.
func (f *xlsxFile) flush() error {
	if f.stream == nil {
		return nil
	}
	if n := len(f.titles); n > 0 {
		corner, err := excelize.CoordinatesToCellName(n, f.line)
		if err != nil {
			return err
		}
		if err := f.book.AutoFilter(f.sheetName(), "A1:"+corner, nil); err != nil {
			return err
		}
	}
	return f.stream.Flush()
}

func (f *xlsxFile) finish() error {
	if f.stream == nil {
		if err := f.begin(); err != nil {
			return err
		}
	}
	if err := f.flush(); err != nil {
		return err
	}
	if err := f.book.Write(io.Discard); err != nil { // goes to the ZIP writer instead
		return err
	}
	return f.book.Close()
}

func (f *xlsxFile) abandon() { f.book.Close() }
