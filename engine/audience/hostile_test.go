package audience

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"sendoff/engine/delivery"
)

// inTime is how long a hostile file may keep somebody waiting.
const inTime = 2 * time.Second

// timed is how long f takes. When that is too long it tries again, for somebody else
// may have had the processors.
func timed(f func()) time.Duration {
	least := time.Duration(math.MaxInt64)
	for n := 0; n < 3 && least > inTime; n++ {
		start := time.Now()
		f()
		least = min(least, time.Since(start))
	}
	return least
}

// onDisk writes a file, with the writer's help so that a gigabyte costs nothing.
func onDisk(t testing.TB, name string, write func(*os.File)) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	write(f)
	return f
}

// gigabyte makes a file a gigabyte long without writing it.
func gigabyte(t testing.TB, text string) func(*os.File) {
	return func(f *os.File) {
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if err := f.Truncate(1 << 30); err != nil {
			t.Fatal(err)
		}
	}
}

// packed writes an archive with a workbook's list of contents and what add puts
// besides.
func packed(t testing.TB, add func(*zip.Writer)) func(*os.File) {
	return func(f *os.File) {
		z := zip.NewWriter(f)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
		if _, err := z.Create("xl/workbook.xml"); err != nil {
			t.Fatal(err)
		}
		add(z)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// claims adds an entry that says it is as large as that.
func claims(t testing.TB, z *zip.Writer, name string, packed, unpacked uint64) {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: packed, UncompressedSize64: unpacked}
	w, err := z.CreateRaw(h)
	if err == nil {
		_, err = w.Write(make([]byte, packed))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// readThrough opens a file as an import does and reads all of it.
func readThrough(f *os.File, o Options) error {
	r, err := Open(f, o)
	if err != nil {
		return err
	}
	defer r.Close()
	for {
		_, err := r.Next()
		var bad *Reject
		switch {
		case err == io.EOF:
			return nil
		case err != nil && !errors.As(err, &bad):
			return err
		}
	}
}

// TestHostileFiles: each is refused, in time, with a kind for which there is a
// sentence.
func TestHostileFiles(t *testing.T) {
	text := func(s string) func(*os.File) {
		return func(f *os.File) {
			if _, err := f.WriteString(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		name  string
		write func(*os.File)
		kind  delivery.Kind
		field string
	}{
		{"an unclosed quote in a gigabyte", gigabyte(t, "email,name\nann@x.example,\"Ann\n"), delivery.KindRecordTooLong, ""},
		{"a gigabyte without a line end", gigabyte(t, "email"), delivery.KindRecordTooLong, ""},
		{"10,000 columns", text("email" + strings.Repeat(",x", 9999) + "\nann@x.example\n"), delivery.KindTooManyColumns, ""},
		{"UTF-32", text("\xff\xfe\x00\x00e\x00\x00\x00"), delivery.KindEncoding, ""},
		{"a header in no encoding", text("email,n\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xff\nann@x.example,x\n"), delivery.KindEncoding, ""},
		{"a PDF", text("%PDF-1.7\n"), delivery.KindEncoding, ""},
		{"an old .xls", text("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), delivery.KindEncoding, ""},
		{"nothing", text(""), delivery.KindEmptyFile, ""},
		{"no addresses", text("name,city\nAnn,Utrecht\n"), delivery.KindNoEmailColumn, ""},
		{"an archive of something else", func(f *os.File) {
			z := zip.NewWriter(f)
			z.Create("a.txt")
			z.Close()
		}, delivery.KindEncoding, ""},
		{"half an archive", text("PK\x03\x04 and then nothing"), delivery.KindWorkbook, ""},
		{"a bomb by ratio", packed(t, func(z *zip.Writer) { claims(t, z, "xl/worksheets/sheet1.xml", 1000, 500<<20) }), delivery.KindBomb, ""},
		{"a bomb by size", packed(t, func(z *zip.Writer) {
			for i := range 20 {
				claims(t, z, fmt.Sprintf("xl/worksheets/sheet%d.xml", i), 1<<20, 64<<20)
			}
		}), delivery.KindBomb, ""},
		{"a bomb by entries", packed(t, func(z *zip.Writer) {
			for i := range maxEntries + 1 {
				z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("f%d", i)})
			}
		}), delivery.KindBomb, ""},
		{"a real bomb", packed(t, func(z *zip.Writer) {
			w, _ := z.Create("xl/worksheets/sheet1.xml")
			zeros := make([]byte, 1<<20)
			for range 200 {
				w.Write(zeros)
			}
		}), delivery.KindBomb, ""},
		{"a path out of it", packed(t, func(z *zip.Writer) { z.Create("../../etc/passwd") }), delivery.KindBomb, ""},
		{"an absolute path", packed(t, func(z *zip.Writer) { z.Create("/etc/passwd") }), delivery.KindBomb, ""},
		{"a path of Windows", packed(t, func(z *zip.Writer) { z.Create(`..\..\x`) }), delivery.KindBomb, ""},
		{"a drive", packed(t, func(z *zip.Writer) { z.Create(`C:\x`) }), delivery.KindBomb, ""},
		{"an entry that lies about its size", packed(t, func(z *zip.Writer) {
			var b bytes.Buffer
			w, _ := flate.NewWriter(&b, flate.BestSpeed)
			w.Write(make([]byte, 300<<20))
			w.Close()
			h := &zip.FileHeader{Name: "[Content_Types].xml", Method: zip.Deflate, CompressedSize64: uint64(b.Len()), UncompressedSize64: 1000}
			raw, _ := z.CreateRaw(h)
			raw.Write(b.Bytes())
		}), delivery.KindWorkbook, ""},
		{"a workbook of 10,000 columns", func(f *os.File) {
			x := excelize.NewFile()
			defer x.Close()
			x.SetCellValue("Sheet1", "A1", "email")
			x.SetCellValue("Sheet1", "NTP1", "x")
			x.Write(f)
		}, delivery.KindTooManyColumns, ""},
		{"a card without an end", text("BEGIN:VCARD\r\nEMAIL:ann@x.example\r\n"), delivery.KindInvalid, "import.card"},
		{"a folded line that is too long", text("BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:x\r\n " + strings.Repeat("y", MaxRecord+1) + "\r\nEMAIL:ann@x.example\r\nEND:VCARD\r\n"), delivery.KindRecordTooLong, ""},
		{"a gigabyte in a card", gigabyte(t, "BEGIN:VCARD\r\nNOTE:x"), delivery.KindRecordTooLong, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := onDisk(t, "list", c.write)
			var err error
			took := timed(func() { err = readThrough(f, Options{}) })
			var e *delivery.Error
			if !errors.As(err, &e) || e.Kind != c.kind || e.Field != c.field || e.File == "" {
				t.Errorf("%v; want %s %s, with the file", err, c.kind, c.field)
			}
			if took > inTime {
				t.Errorf("took %s", took)
			}
		})
	}
}

// TestFormulasStayData: what a spreadsheet would run is text here, and comes out
// of a reject file harmless.
func TestFormulasStayData(t *testing.T) {
	const evil = `=cmd|' /C calc'!A0`
	x := excelize.NewFile()
	defer x.Close()
	for cell, v := range map[string]any{"A1": "email", "B1": "note", "A2": "ann@x.example", "B2": evil, "A3": "bob@x.example"} {
		x.SetCellValue("Sheet1", cell, v)
	}
	x.SetCellFormula("Sheet1", "B3", "HYPERLINK(\"http://evil.example\",\"x\")")
	f := onDisk(t, "x.xlsx", func(f *os.File) { x.Write(f) })
	r, err := Open(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	e, err := readAll(t, r)
	if err != nil || len(e.rows) != 2 || e.rows[0].Fields[0] != evil || e.rows[1].Fields[0] != "" {
		t.Errorf("%+v, %v", e, err)
	}
	if got := Defuse(evil); got != "'"+evil {
		t.Errorf("written as %q", got)
	}
}

// TestInspectKeepsLittle: rows as large as they may be are looked at only as long
// as there is room for them.
func TestInspectKeepsLittle(t *testing.T) {
	const cells = 200
	row := "ann@x.example" + strings.Repeat(","+strings.Repeat("x", MaxField), cells) + "\n"
	rows := inspectedBytes/len(row) + 10
	f := onDisk(t, "wide.csv", func(f *os.File) {
		if _, err := f.WriteString("email" + strings.Repeat(",x", cells) + "\n"); err != nil {
			t.Fatal(err)
		}
		for range rows {
			if _, err := f.WriteString(row); err != nil {
				t.Fatal(err)
			}
		}
	})
	in, err := Inspect(f, Options{})
	if err != nil || in.Whole || in.Rows < 5 || in.Rows >= rows || len(in.Preview) != min(previewed, in.Rows) {
		t.Errorf("%d of %d rows, %d shown, whole: %v, %v", in.Rows, rows, len(in.Preview), in.Whole, err)
	}
}
