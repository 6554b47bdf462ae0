package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/export"
)

func write(t testing.TB, name string, titles []string, rows ...[]any) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := export.Create(path, "Verzendlog", titles)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abort()
	for _, r := range rows {
		if err := f.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

var when = time.Date(2026, 11, 23, 9, 30, 15, 0, time.FixedZone("Europe/Amsterdam", 3600))

func readCSV(t testing.TB, path string) [][]string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b, marked := bytes.CutPrefix(b, []byte("\ufeff"))
	if !marked {
		t.Error("no byte order mark: Excel would take it for Windows-1252")
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func read(t testing.TB, path string) *excelize.File {
	t.Helper()
	book, err := excelize.OpenFile(path, excelize.Options{UnzipXMLSizeLimit: 64 << 20, UnzipSizeLimit: 4 << 30})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	return book
}

func TestCSV(t *testing.T) {
	got := readCSV(t, write(t, "list.csv", []string{"Adres", "Aantal", "Datum"},
		[]any{"josé@voorbeeld.example", int64(3), when},
		[]any{`=HYPERLINK("http://evil.example")`, 0, time.Time{}},
		[]any{"two\nlines, \"quoted\"", 1.5, nil}))
	want := [][]string{{"Adres", "Aantal", "Datum"},
		{"josé@voorbeeld.example", "3", "2026-11-23 09:30:15"},
		{`'=HYPERLINK("http://evil.example")`, "0", ""},
		{"two\nlines, \"quoted\"", "1.5", ""}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%q, want %q", got, want)
	}
}

// The line ends are those of RFC 4180; the ones within a cell stay what they were.
func TestCSVLineEnds(t *testing.T) {
	b, err := os.ReadFile(write(t, "list.csv", []string{"a"}, []any{"x\ny"}, []any{"p\r\nq"}))
	if err != nil {
		t.Fatal(err)
	}
	if want := "\ufeffa\r\n\"x\ny\"\r\n\"p\r\nq\"\r\n"; string(b) != want {
		t.Errorf("%q, want %q", b, want)
	}
}

// A workbook is read by the library that wrote it; what Excel would do with a
// cell is in its type.
func TestXLSX(t *testing.T) {
	path := write(t, "list.XLSX", []string{"Adres", "Aantal", "Datum"},
		[]any{"=1+1", int64(3), when}, []any{"bad\x00\x1f", nil, time.Time{}}, []any{strings.Repeat("é", 40000), 7, nil},
		[]any{strings.Repeat("😀", 20000), nil, nil})
	book := read(t, path)
	if got := book.GetSheetList(); !slices.Equal(got, []string{"Verzendlog"}) {
		t.Errorf("sheets %q", got)
	}
	cell := func(at string) string {
		v, err := book.GetCellValue("Verzendlog", at)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for at, want := range map[string]string{"A1": "Adres", "A2": "=1+1", "B2": "3", "C2": "2026-11-23 09:30:15", "A3": "bad��", "B3": "", "C3": "", "B4": "7"} {
		if got := cell(at); got != want {
			t.Errorf("%s is %q, want %q", at, got, want)
		}
	}
	if f, _ := book.GetCellFormula("Verzendlog", "A2"); f != "" {
		t.Errorf("a text became the formula %q", f)
	}
	if typ, _ := book.GetCellType("Verzendlog", "B2"); typ == excelize.CellTypeInlineString || typ == excelize.CellTypeSharedString {
		t.Error("a number became a text")
	}
	if raw, _ := book.GetCellValue("Verzendlog", "C2", excelize.Options{RawCellValue: true}); !strings.HasPrefix(raw, "46349.3960069") {
		t.Errorf("the date is %q, want the day 46349 and a part of it", raw)
	}
	// Excel counts UTF-16 code units: one for é, two for an emoji.
	for at, want := range map[string]string{"A4": strings.Repeat("é", 32766) + "…", "A5": strings.Repeat("😀", 16383) + "…"} {
		if got := cell(at); got != want {
			t.Errorf("%s has %d characters, want %d", at, len([]rune(got)), len([]rune(want)))
		}
	}
}

// The list opens as one wants it: titles bold and always in sight, with filters,
// and columns that show what they hold.
func TestXLSXLooks(t *testing.T) {
	const sheet = "Foto’s 2026" // as an apostrophe must be doubled in names of ranges
	dir := t.TempDir()
	f, err := export.Create(filepath.Join(dir, "x.xlsx"), "Foto's 2026", []string{"Adres", "Datum", "Leeg", "Antwoord"})
	if err != nil {
		t.Fatal(err)
	}
	address := "a.rather.long.name@department.example"
	for range 250 {
		if err := f.Row([]any{address, when, nil, strings.Repeat("word ", 50)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	book := read(t, filepath.Join(dir, "x.xlsx"))
	for column, want := range map[string]float64{"A": float64(len(address)), "B": 20, "C": 8, "D": 60} {
		if got, err := book.GetColWidth(sheet, column); err != nil || got != want {
			t.Errorf("column %s is %v wide, want %v (%v)", column, got, want, err)
		}
	}
	if p, err := book.GetPanes(sheet); err != nil || !p.Freeze || p.YSplit != 1 {
		t.Errorf("panes %+v, %v", p, err)
	}
	style, err := book.GetCellStyle(sheet, "A1")
	if err != nil {
		t.Fatal(err)
	}
	if st, err := book.GetStyle(style); err != nil || st.Font == nil || !st.Font.Bold {
		t.Errorf("titles %+v, %v", st, err)
	}
	if names := book.GetDefinedName(); len(names) != 1 || names[0].Name != "_xlnm._FilterDatabase" || names[0].RefersTo != "'"+sheet+"'!$A$1:$D$251" {
		t.Errorf("filter %+v", names)
	}
	z, err := zip.OpenReader(filepath.Join(dir, "x.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	xml, err := fs.ReadFile(z, "xl/worksheets/sheet1.xml")
	if err != nil || !bytes.Contains(xml, []byte(`<autoFilter ref="$A$1:$D$251">`)) {
		t.Errorf("no filter in the sheet (%v)", err)
	}
}

// More rows than a sheet holds go on in another one.
func TestXLSXGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a million rows")
	}
	path := filepath.Join(t.TempDir(), "big.xlsx")
	f, err := export.Create(path, "a/b:c", []string{"n"})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abort()
	const n = 1048575 + 3
	row := []any{int64(0)}
	for i := range int64(n) {
		row[0] = i
		if err := f.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if f.Rows() != n {
		t.Errorf("%d rows", f.Rows())
	}
	book := read(t, path)
	if got := book.GetSheetList(); !slices.Equal(got, []string{"a b c", "a b c 2"}) {
		t.Fatalf("sheets %q", got)
	}
	for at, want := range map[string]string{"A1": "n", "A2": "1048575", "A4": "1048577", "A5": ""} {
		if got, err := book.GetCellValue("a b c 2", at); err != nil || got != want {
			t.Errorf("%s of the second sheet is %q, want %q (%v)", at, got, want, err)
		}
	}
}

// Whatever is in a list comes back from the CSV, but for what a spreadsheet would
// run.
func TestCSVKeepsEverything(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		cells := rapid.SliceOfN(rapid.String(), 2, 6).Draw(r, "cells")
		row := make([]any, len(cells))
		for i, c := range cells {
			row[i] = c
		}
		got := readCSV(t, write(t, "x.csv", cells, row))
		for i, c := range cells {
			// The reader makes one line end of two; a NUL has a symbol.
			norm := func(s string) string {
				return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\x00", "\u2400")
			}
			bare := strings.TrimLeft(c, "'")
			first, _ := utf8.DecodeRuneInString(strings.TrimLeft(bare, " "))
			want := norm(c)
			if strings.ContainsRune("=+-@|%\t\r\n＝＋－＠", first) && strings.Trim(bare, " ") != "" {
				want = "'" + want
			}
			for line, name := range []string{"title", "cell"} {
				if got[line][i] != want {
					r.Fatalf("%s %q came back as %q", name, c, got[line][i])
				}
			}
		}
	})
}

// Whatever is in a list comes back from the workbook, but for what XML forbids.
func TestXLSXKeepsEverything(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{" x ", "_x0041_", "<a&\"'>", "a\r\nb", "a\rb", "\t", "\xff", "=1", "'x", "1", "true",
		"\ufffe", "😀", "2026-11-23"}))
	rapid.Check(t, func(r *rapid.T) {
		cells := rapid.SliceOfN(text, 2, 6).Draw(r, "cells")
		row := make([]any, len(cells))
		for i, c := range cells {
			row[i] = c
		}
		book := read(t, write(t, "x.xlsx", cells, row))
		for i, c := range cells {
			want := strings.Map(func(r rune) rune {
				// Char of XML 1.0, section 2.2.
				if r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 {
					return r
				}
				return '\ufffd'
			}, c)
			for line := 1; line <= 2; line++ {
				at, err := excelize.CoordinatesToCellName(i+1, line)
				if err != nil {
					r.Fatal(err)
				}
				if got, err := book.GetCellValue("Verzendlog", at); err != nil || got != want {
					r.Fatalf("%s: %q came back as %q, want %q (%v)", at, c, got, want, err)
				}
			}
		}
	})
}

// What fails leaves nothing behind.
func TestFault12NothingHalfWritten(t *testing.T) {
	dir := t.TempDir()
	empty := func(what string) {
		t.Helper()
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("%s left %v", what, left)
		}
	}
	for name, want := range map[string]delivery.Kind{"list.pdf": delivery.KindInvalid, "list": delivery.KindInvalid, "missing/list.csv": delivery.KindNoFile} {
		if _, err := export.Create(filepath.Join(dir, name), "", nil); !delivery.Is(err, want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
		empty(name)
	}
	t.Setenv("TMPDIR", t.TempDir()) // where the library keeps the rows
	for _, name := range []string{"a.csv", "a.xlsx"} {
		f, err := export.Create(filepath.Join(dir, name), "", []string{"x"})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Row([]any{struct{}{}}); err == nil {
			t.Error("a cell of an unknown type was taken")
		}
		for range 50_000 { // more than is kept in memory
			if err := f.Row([]any{strings.Repeat("x", 400)}); err != nil {
				t.Fatal(err)
			}
		}
		f.Abort()
		f.Abort()
		empty(name)
		if left, _ := os.ReadDir(os.TempDir()); len(left) != 0 {
			t.Errorf("%s left %v", name, left)
		}
	}
}

// A file that is there is replaced when the new one is whole, and not before.
func TestReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, whole := range []bool{false, true} {
		f, err := export.Create(path, "", []string{"new"})
		if err != nil {
			t.Fatal(err)
		}
		want := "old"
		if whole {
			want = "\ufeffnew\r\n"
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
		f.Abort()
		if b, err := os.ReadFile(path); err != nil || string(b) != want {
			t.Errorf("%q, want %q (%v)", b, want, err)
		}
	}
}
