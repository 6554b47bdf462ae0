package audience

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

var marked = regexp.MustCompile(`^'+ *[=+\-@|%\t\r\n＝＋－＠]`)

// TestReadsWhatACSVWriterWrites: whatever encoding/csv writes comes back equal,
// and every record knows the physical line at which it began.
func TestReadsWhatACSVWriterWrites(t *testing.T) {
	text := rapid.StringOfN(rapid.OneOf(
		rapid.SampledFrom([]rune("\"\"\"\r\n,;\t| '=ab€é")),
		rapid.Rune().Filter(func(r rune) bool { return r != 0 && r != utf8.RuneError }),
	), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		delim := rapid.SampledFrom([]rune(",;\t|")).Draw(t, "delimiter")
		crlf := rapid.Bool().Draw(t, "crlf")
		width := rapid.IntRange(1, 6).Draw(t, "width")
		rows := rapid.SliceOfN(rapid.SliceOfN(text, width, width), 0, 20).Draw(t, "rows")

		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma, w.UseCRLF = delim, crlf
		if err := w.Write(append([]string{"email"}, slices.Repeat([]string{"x"}, width)...)); err != nil {
			t.Fatal(err)
		}
		var want [][]string
		var at []int
		for _, row := range rows {
			w.Flush()
			at = append(at, 1+physicalLines(b.String()))
			if err := w.Write(append([]string{"a@b.example"}, row...)); err != nil {
				t.Fatal(err)
			}
			if crlf { // the writer makes every line end within a field CR LF
				row = slices.Clone(row)
				for i, f := range row {
					row[i] = strings.ReplaceAll(strings.ReplaceAll(f, "\r", ""), "\n", "\r\n")
				}
			}
			want = append(want, slices.Clone(row))
			for i, f := range row { // an apostrophe marks what a spreadsheet is not to run
				if marked.MatchString(f) {
					want[len(want)-1][i] = f[1:]
				}
			}
		}
		w.Flush()

		var src io.Reader = bytes.NewReader(b.Bytes())
		if rapid.Bool().Draw(t, "in pieces") {
			src = iotest.OneByteReader(src)
		}
		r, err := NewReader(src, "", Options{Delimiter: delim})
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			row, err := r.Next()
			if err != nil || !slices.Equal(row.Fields, want[i]) || row.Line != at[i] {
				t.Fatalf("row %d: got %q at line %d, %v; want %q at %d", i, row.Fields, row.Line, err, want[i], at[i])
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Fatal(err)
		}
	})
}

// physicalLines counts line ends the slow way.
func physicalLines(s string) int {
	return strings.Count(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), "\n")
}

// endless gives head, then body again and again until size bytes were read.
type endless struct {
	head, body string
	size, read int64
	at         int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.read >= e.size {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) {
		var m int
		if e.head != "" {
			m = copy(p[n:], e.head)
			e.head = e.head[m:]
		} else {
			m = copy(p[n:], e.body[e.at:])
			e.at = (e.at + m) % len(e.body)
		}
		n += m
	}
	e.read += int64(n)
	return n, nil
}

// TestOpenQuoteInAHugeFile: a quote that is never closed costs one record's
// limit of a file of 1 GiB, not the whole file.
func TestOpenQuoteInAHugeFile(t *testing.T) {
	for _, c := range []struct{ name, head, body string }{
		{"open quote", "email,name\na@b.example,\"Anna\n", "b@b.example,Bert\n"},
		{"doubled quotes", "email,name\na@b.example,\"Anna\n", `""`},
		{"no line end", "email,name\na@b.example,", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
		{"delimiters only", "email,name\na@b.example,", ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := &endless{head: c.head, body: c.body, size: 1 << 30}
			began := time.Now()
			r, err := NewReader(src, "list.csv", Options{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = r.Next()
			e, ok := err.(*delivery.Error)
			if !ok || e.Kind != delivery.KindRecordTooLong || e.Line != 2 || e.File != "list.csv" {
				t.Errorf("got %v", err)
			}
			if src.read > 2<<20 || r.Offset() != src.read {
				t.Errorf("%d bytes were read, offset %d", src.read, r.Offset())
			}
			if d := time.Since(began); d > 10*time.Second {
				t.Errorf("it took %v", d)
			}
		})
	}
}

// The limit of a record is exact, and holds however the record arrives.
func TestRecordLimit(t *testing.T) {
	for _, extra := range []int{0, 1} {
		field := strings.Repeat("x", MaxRecord-len(`a@b.example,""`)+extra)
		in := "email,name\na@b.example,\"" + field + "\"\nb@b.example,B\n"
		r, err := NewReader(strings.NewReader(in), "", Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Next()
		if extra == 1 {
			if !delivery.Is(err, delivery.KindRecordTooLong) {
				t.Errorf("got %v", err)
			}
			continue
		}
		var reject *Reject
		if !errors.As(err, &reject) || reject.Reason != ReasonFieldTooLong {
			t.Errorf("got %v", err)
		}
		if row, err := r.Next(); err != nil || row.Line != 3 {
			t.Error(row, err)
		}
	}
}

// TestEveryCut moves the rows of a file byte by byte over the ends of the
// buffers: no line end, quote or character may be lost where one is cut.
func TestEveryCut(t *testing.T) {
	const body = "a@b.example,\"é\"\"€\r\n\r\"\r\nc@d.example,\"\",\rz@z.example,x😀\n"
	want := []Row{
		{Address: Address{Normal: "a@b.example"}, Fields: []string{"é\"€\r\n\r", ""}},
		{Address: Address{Normal: "c@d.example"}, Fields: []string{"", ""}},
		{Address: Address{Normal: "z@z.example"}, Fields: []string{"x😀", ""}},
	}
	const lines = 5 // of one body
	for shift := range len(body) {
		text := "email,n," + strings.Repeat("h", shift) + "\r\n" + strings.Repeat(body, 3*sniffSize/len(body))
		for _, data := range [][]byte{[]byte(text), utf16Bytes("\ufeff"+text, binary.LittleEndian)} {
			r, err := NewReader(bytes.NewReader(data), "", Options{})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for ; ; n++ {
				row, err := r.Next()
				if err == io.EOF {
					break
				}
				w := want[n%3]
				if err != nil || row.Address.Normal != w.Address.Normal || !slices.Equal(row.Fields, w.Fields) || row.Line != 2+n/3*lines+[]int{0, 3, 4}[n%3] {
					t.Fatalf("shift %d, row %d: %v, %v", shift, n, row, err)
				}
			}
			if want := 3 * (3 * sniffSize / len(body)); n != want {
				t.Fatalf("shift %d: %d rows, want %d", shift, n, want)
			}
		}
	}
}

// stuck gives some bytes and then neither bytes nor an error.
type stuck struct{ data string }

func (s *stuck) Read(p []byte) (int, error) {
	n := copy(p, s.data)
	s.data = s.data[n:]
	return n, nil
}

// Trouble in the middle of a file is reported after the rows before it.
func TestTroubleLater(t *testing.T) {
	rows := strings.Repeat("a@b.example,é\n", 3*sniffSize/14)
	cable := errors.New("cable")
	for _, c := range []struct {
		name string
		src  io.Reader
		want error
	}{
		{"error", io.MultiReader(strings.NewReader(rows), iotest.ErrReader(cable)), cable},
		{"no progress", &stuck{rows}, io.ErrNoProgress},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := NewReader(c.src, "list.csv", Options{})
			if err != nil {
				t.Fatal(err)
			}
			e, err := readAll(t, r)
			if !errors.Is(err, c.want) || !delivery.Is(err, delivery.KindIO) {
				t.Errorf("got %v", err)
			}
			if len(e.rows) < 2*sniffSize/14 {
				t.Errorf("%d rows before it", len(e.rows))
			}
		})
	}
}

// TestMemoryIsFlat reads 16 MiB and looks at the live heap on the way.
func TestMemoryIsFlat(t *testing.T) {
	const size = 16 << 20
	for _, c := range []struct{ name, body string }{
		{"utf-8", "anna@post.example,Zoë,\"Visser, A.\"\n"},
		{"windows-1252", "anna@post.example,Zo\xeb,\"Visser, A.\"\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			live := func() uint64 {
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				return m.HeapAlloc
			}
			before := live()
			r, err := NewReader(&endless{head: "email,a,b\n", body: c.body, size: size}, "", Options{})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for ; ; n++ {
				if _, err := r.Next(); err != nil {
					break // at the end, which is somewhere in a row
				}
				if n%100_000 == 99_999 {
					if now := live(); now > before+2<<20 {
						t.Fatalf("%d KiB more after %d rows", (now-before)>>10, n)
					}
				}
			}
			if want := size / len(c.body); n < want-1 || n > want+1 {
				t.Errorf("%d rows", n)
			}
			runtime.KeepAlive(r)
		})
	}
}

// FuzzReader: no input makes the reader panic or go on for ever; what it hands
// out is text that can be sent, and what encoding/csv can read too is read
// alike.
func FuzzReader(f *testing.F) {
	for _, s := range []string{
		"email,name\na@b.example,A\n", "\ufeffE-mail;Naam\r\na@b.example;\"A;\"\"B\"\"\"\r\n", "a@b.example|x|\xff\n",
		"\xff\xfee\x00m\x00a\x00i\x00l\x00\n\x00a\x00@\x00b\x00.\x00c\x00\n\x00", "email\n\"a@b.example", "sep=;\nemail;x\n\n\"\"\n",
		"email\na@b.example\xe9\n", "\xfe\xff\x00e\xd8\x00", "email,\"a\"b\"\n\"a@b.example\"x,\"\n\"\r", "PK\x03\x04", "e\x00m\x00a\x00i\x00l\x00",
	} {
		f.Add([]byte(s), byte(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, chunk byte) {
		r, err := NewReader(bytes.NewReader(data), "f", Options{})
		var rows []Row
		if err == nil {
			rows, err = drain(t, r)
		}
		if err != nil {
			if _, ok := err.(*delivery.Error); !ok {
				t.Fatalf("%T: %v", err, err)
			}
		}
		// However the bytes arrive, the rows are the same.
		p, perr := NewReader(&pieces{data, int(chunk) + 1}, "f", Options{})
		var again []Row
		if perr == nil {
			again, perr = drain(t, p)
		}
		if (err == nil) != (perr == nil) || !slices.EqualFunc(rows, again, func(a, b Row) bool {
			return a.Line == b.Line && a.Address == b.Address && slices.Equal(a.Fields, b.Fields)
		}) {
			t.Fatalf("whole: %v %v; in pieces: %v %v", rows, err, again, perr)
		}
	})
}

// pieces reads data some bytes at a time.
type pieces struct {
	data []byte
	n    int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.data) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.data[:min(p.n, len(p.data))])
	p.data = p.data[n:]
	return n, nil
}

// drain reads r to its end and checks each row.
func drain(t *testing.T, r *Reader) ([]Row, error) {
	var rows []Row
	line := 0
	for {
		row, err := r.Next()
		var reject *Reject
		if errors.As(err, &reject) {
			if reject.Line <= line || !slices.Contains(Reasons(), reject.Reason) || len(reject.Record) > MaxColumns {
				t.Fatalf("after line %d: %v", line, reject)
			}
			for _, f := range reject.Record {
				if !utf8.ValidString(f) {
					t.Fatalf("%q in a reject", f)
				}
			}
			line = reject.Line
			continue
		}
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		if row.Line <= line || len(row.Fields) != len(r.Columns()) {
			t.Fatalf("after line %d: %v", line, row)
		}
		line = row.Line
		checkAddress(t, "", row.Address)
		for _, f := range row.Fields {
			if !utf8.ValidString(f) || strings.ContainsRune(f, 0) || len(f) > MaxField {
				t.Fatalf("field %q", f)
			}
		}
		row.Fields = slices.Clone(row.Fields)
		rows = append(rows, row)
	}
}
