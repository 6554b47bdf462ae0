package export_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

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

// A workbook is read by the library that wrote it; what Excel would do with a
// cell is in its type.
func TestXLSX(t *testing.T) {
	path := write(t, "list.XLSX", []string{"Adres", "Aantal", "Datum"},
		[]any{"=1+1", int64(3), when}, []any{"bad\x00\x1f", nil, time.Time{}}, []any{strings.Repeat("é", 40000), 7, nil})
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
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
	if n := len([]rune(cell("A4"))); n != 32767 {
		t.Errorf("a cell of %d characters", n)
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
	book, err := excelize.OpenFile(path, excelize.Options{UnzipXMLSizeLimit: 64 << 20, UnzipSizeLimit: 4 << 30})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
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
			// RFC 4180 readers make one line end of two; a NUL has a symbol.
			norm := func(s string) string {
				s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\x00", "\u2400")
				return strings.ReplaceAll(s, "\r", "\n")
			}
			if g := norm(strings.TrimPrefix(got[1][i], "'")); g != norm(strings.TrimPrefix(c, "'")) && norm(got[1][i]) != norm(c) {
				r.Fatalf("%q came back as %q", c, got[1][i])
			}
			if s := strings.TrimLeft(got[1][i], " "); s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
				r.Fatalf("%q would run", got[1][i])
			}
		}
	})
}

// What fails leaves nothing behind.
func TestNothingHalfWritten(t *testing.T) {
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
	for _, name := range []string{"a.csv", "a.xlsx"} {
		f, err := export.Create(filepath.Join(dir, name), "", []string{"x"})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Row([]any{struct{}{}}); err == nil {
			t.Error("a cell of an unknown type was taken")
		}
		f.Abort()
		f.Abort()
		empty(name)
	}
}
