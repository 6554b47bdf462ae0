package audience

import (
	"bytes"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"sendoff/engine/delivery"
)

// book writes a workbook of two sheets, with days, numbers, yes and no, a formula
// and a blank row.
func book(t testing.TB) *os.File {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	dutch := "dd-mm-yyyy"
	day, err := x.NewStyle(&excelize.Style{CustomNumFmt: &dutch})
	if err != nil {
		t.Fatal(err)
	}
	money, err := x.NewStyle(&excelize.Style{NumFmt: 4}) // #,##0.00
	if err != nil {
		t.Fatal(err)
	}
	x.SetSheetName("Sheet1", "Uitleg")
	x.NewSheet("Leden")
	set := func(cell string, v any) {
		if err := x.SetCellValue("Leden", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	for i, h := range []string{"E-mailadres", "Voornaam", "Lid sinds", "Bedrag", "Actief", "Seats"} {
		cell, _ := excelize.CoordinatesToCellName(i+1, 1)
		set(cell, h)
	}
	set("A2", "ann@x.example")
	set("B2", "Anna")
	set("C2", time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC))
	set("D2", 1234.5)
	set("E2", true)
	set("F2", 43000)
	set("A4", "bob@x.example")
	set("B4", "Bob")
	set("C4", time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC))
	set("D4", 0.1)
	set("E4", false)
	set("F4", 44000)
	x.SetCellStyle("Leden", "C2", "C4", day)
	x.SetCellStyle("Leden", "D2", "D4", money)
	return onDisk(t, "book.xlsx", func(f *os.File) {
		if err := x.Write(f); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWorkbook(t *testing.T) {
	f := book(t)
	in, err := Inspect(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, c := range in.Columns {
		types = append(types, c.Type.String())
	}
	if in.Kind != KindXLSX || in.Sheet != "Leden" || !slices.Equal(in.Sheets, []string{"Uitleg", "Leden"}) || !in.Header || in.Email != 0 || in.Rows != 2 || !in.Whole ||
		!slices.Equal(types[1:], []string{"text", "date:ymd", "number:point", "bool", "number:point"}) {
		t.Errorf("%+v, types %v", in, types)
	}
	r, err := Open(f, Options{Sheet: "leden", Types: map[string]Type{"Actief": {Kind: delivery.FieldBool}}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	e, err := readAll(t, r)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.rows) != 2 || e.rows[0].Line != 2 || e.rows[1].Line != 4 ||
		!slices.Equal(e.rows[0].Fields, []string{"Anna", "2026-12-31", "1234.5", "yes", "43000"}) ||
		!slices.Equal(e.rows[1].Fields, []string{"Bob", "1970-01-01", "0.1", "no", "44000"}) {
		t.Errorf("%+v", e)
	}
	if _, err := Open(f, Options{Sheet: "Nowhere"}); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("a sheet that is not there: %v", err)
	}
	if _, err := Open(f, Options{Sheet: "Uitleg"}); !delivery.Is(err, delivery.KindEmptyFile) {
		t.Errorf("a sheet without rows: %v", err)
	}
}

// TestWhatASheetShows: a number is a day when it is shown as one, in whichever
// format, and from whichever day the workbook counts.
func TestWhatASheetShows(t *testing.T) {
	day := time.Date(2026, 12, 3, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		format string
		value  any
		want   string
	}{
		{"dd-mm-yyyy", day, "2026-12-03"},
		{"m/d/yy", day, "2026-12-03"},
		{"mmm-yy", day, "2026-12-03"},
		{"dddd d mmmm yyyy", day, "2026-12-03"},
		{"[$-407]d. mmmm yyyy", day, "2026-12-03"},
		{"d/m/yyyy h:mm AM/PM", day.Add(13 * time.Hour), "2026-12-03"},
		{`0 "pcs"`, 5, "5"},
		{"0.0 \"kg\"", 12.5, "12.5"},
		{`#,##0.00 "kr"`, 1234.5, "1234.5"},
		{"# ?/?", 1.5, "1.5"},
		{"0000 00", 3511, "3511"},
		{"00-00", 1234, "1234"},
	} {
		for _, macintosh := range []bool{false, true} {
			x := excelize.NewFile()
			if err := x.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &macintosh}); err != nil {
				t.Fatal(err)
			}
			style, err := x.NewStyle(&excelize.Style{CustomNumFmt: &c.format})
			if err != nil {
				t.Fatal(err)
			}
			for cell, v := range map[string]any{"A1": "email", "B1": "value", "A2": "ann@x.example", "B2": c.value} {
				if err := x.SetCellValue("Sheet1", cell, v); err != nil {
					t.Fatal(err)
				}
			}
			if err := x.SetCellStyle("Sheet1", "B2", "B2", style); err != nil {
				t.Fatal(err)
			}
			r, err := Open(onDisk(t, "x.xlsx", func(f *os.File) { x.Write(f) }), Options{})
			if err != nil {
				t.Fatal(err)
			}
			row, err := r.Next()
			if err != nil || row.Fields[0] != c.want {
				t.Errorf("%s, from 1904 %v: %q, want %q, %v", c.format, macintosh, row.Fields, c.want, err)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// FuzzWorkbook: no bytes bring the reader down or keep it busy.
func FuzzWorkbook(f *testing.F) {
	b, err := os.ReadFile(book(f).Name())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("PK\x05\x06" + string(make([]byte, 18))))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<20 {
			return
		}
		file := onDisk(t, "x.xlsx", func(f *os.File) { io.Copy(f, bytes.NewReader(b)) })
		_ = readThrough(file, Options{Kind: KindXLSX})
	})
}

// TestFarRow: a row at the end of a sheet, with nothing before it, keeps nobody
// waiting.
func TestFarRow(t *testing.T) {
	x := excelize.NewFile()
	defer x.Close()
	x.SetCellValue("Sheet1", "A1", "email")
	x.SetCellValue("Sheet1", "A1048576", "ann@x.example")
	f := onDisk(t, "x.xlsx", func(f *os.File) { x.Write(f) })
	if took := timed(func() {
		r, err := Open(f, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		e, err := readAll(t, r)
		if err != nil || len(e.rows) != 1 || e.rows[0].Line != 1048576 {
			t.Errorf("%+v, %v", e, err)
		}
	}); took > inTime {
		t.Errorf("took %s", took)
	}
}
