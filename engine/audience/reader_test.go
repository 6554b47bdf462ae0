package audience

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"sendoff/engine/delivery"
)

// everything is a file read to its end.
type everything struct {
	rows    []Row
	rejects []*Reject
}

func readAll(t testing.TB, r *Reader) (everything, error) {
	t.Helper()
	var e everything
	for {
		row, err := r.Next()
		var reject *Reject
		switch {
		case err == io.EOF:
			return e, nil
		case errors.As(err, &reject):
			e.rejects = append(e.rejects, reject)
		case err != nil:
			if _, again := r.Next(); again != err {
				t.Errorf("after a fatal %v comes %v", err, again)
			}
			return e, err
		default:
			row.Fields = slices.Clone(row.Fields)
			e.rows = append(e.rows, row)
		}
	}
}

func open(t testing.TB, text string, o Options) (*Reader, everything) {
	t.Helper()
	r, err := NewReader(strings.NewReader(text), "list.csv", o)
	if err != nil {
		t.Fatalf("%.60q: %v", text, err)
	}
	e, err := readAll(t, r)
	if err != nil {
		t.Fatalf("%.60q: %v", text, err)
	}
	return r, e
}

// lines writes rows as "address|field|field" to compare them at a glance.
func lines(e everything) []string {
	var out []string
	for _, r := range e.rows {
		out = append(out, strings.Join(append([]string{r.Address.Normal}, r.Fields...), "|"))
	}
	return out
}

func utf16Bytes(s string, order binary.AppendByteOrder) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

// TestEveryWayOfWriting: one list in every encoding, with every delimiter and
// every line end, whole and a byte at a time, gives the same rows.
func TestEveryWayOfWriting(t *testing.T) {
	encodings := []struct {
		name, says string
		write      func(string) []byte
	}{
		{"utf-8", "utf-8", func(s string) []byte { return []byte(s) }},
		{"utf-8 with mark", "utf-8", func(s string) []byte { return []byte("\ufeff" + s) }},
		{"utf-16le with mark", "utf-16le", func(s string) []byte { return utf16Bytes("\ufeff"+s, binary.LittleEndian) }},
		{"utf-16be with mark", "utf-16be", func(s string) []byte { return utf16Bytes("\ufeff"+s, binary.BigEndian) }},
		{"utf-16le", "utf-16le", func(s string) []byte { return utf16Bytes(s, binary.LittleEndian) }},
		{"utf-16be", "utf-16be", func(s string) []byte { return utf16Bytes(s, binary.BigEndian) }},
		{"windows-1252", "windows-1252", func(s string) []byte {
			b, err := charmap.Windows1252.NewEncoder().Bytes([]byte(s))
			if err != nil {
				t.Fatal(err)
			}
			return b
		}},
	}
	content := [][]string{
		{"First name", "E-mail", "Remark", "Budget"},
		{"Zoë", "zoe@post.example", `says "hello"`, "€ 10"},
		{"Jürgen", " Jurgen@Post.example ", "two\nlines", ""},
		{"", "x@mail.example", "; , \t |", "–"},
	}
	want := []string{
		`zoe@post.example|Zoë|says "hello"|€ 10`,
		"Jurgen@post.example|Jürgen|two\nlines|",
		"x@mail.example||; , \t ||–",
	}
	for _, enc := range encodings {
		for _, delim := range ",;\t|" {
			for _, end := range []string{"\n", "\r\n", "\r"} {
				name := fmt.Sprintf("%s/%q/%q", enc.name, delim, end)
				t.Run(name, func(t *testing.T) {
					var b strings.Builder
					for _, row := range content {
						for i, f := range row {
							if i > 0 {
								b.WriteRune(delim)
							}
							if strings.ContainsAny(f, "\",;\t|\n") {
								f = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
							}
							b.WriteString(f)
						}
						b.WriteString(end)
					}
					data := enc.write(b.String())
					for _, src := range []io.Reader{
						bytes.NewReader(data), iotest.OneByteReader(bytes.NewReader(data)), iotest.DataErrReader(bytes.NewReader(data)),
						bytes.NewReader(bytes.TrimSuffix(data, enc.write(end))),
					} {
						r, err := NewReader(src, "list.csv", Options{})
						if err != nil {
							t.Fatal(err)
						}
						e, err := readAll(t, r)
						if err != nil || len(e.rejects) > 0 {
							t.Fatal(err, e.rejects)
						}
						if got := lines(e); !slices.Equal(got, want) {
							t.Errorf("got %q", got)
						}
						if r.Encoding() != enc.says || r.Delimiter() != delim || !r.named || r.header[r.email] != "E-mail" {
							t.Error(r.Encoding(), r.Delimiter(), r.named, r.header[r.email])
						}
						if got := r.Columns(); !slices.Equal(got, []string{"first_name", "Remark", "Budget"}) {
							t.Error(got)
						}
						if got := []int{e.rows[0].Line, e.rows[1].Line, e.rows[2].Line}; !slices.Equal(got, []int{2, 3, 5}) {
							t.Error("lines", got)
						}
					}
				})
			}
		}
	}
}

func TestReaderFindsOut(t *testing.T) {
	for _, c := range []struct {
		name, in string
		o        Options
		columns  string
		email    string
		want     string // rows, separated by a space
	}{
		{name: "dutch", in: "Voornaam;E-mailadres;Plaats\nAnna;a@b.example;Ede\n", columns: "Voornaam Plaats", email: "E-mailadres", want: "a@b.example|Anna|Ede"},
		{name: "shouted", in: "NAME,EMAIL ADDRESS\nAnna,a@b.example\n", columns: "NAME", email: "EMAIL ADDRESS", want: "a@b.example|Anna"},
		{name: "best name wins", in: "mail,name,email\nyes,Anna,a@b.example\n", columns: "mail name", email: "email", want: "a@b.example|yes|Anna"},
		{name: "first of two", in: "email,email\na@b.example,c@d.example\n", columns: "email", email: "email", want: "a@b.example|c@d.example"},
		{name: "by values", in: "who,where\nAnna,a@b.example\nBert,\nCees,c@d.example\n", columns: "who", email: "where", want: "a@b.example|Anna c@d.example|Cees"},
		{name: "no header", in: "Anna,a@b.example,1\nBert,b@b.example,2\n", columns: "column_1 column_3", email: "column_2", want: "a@b.example|Anna|1 b@b.example|Bert|2"},
		{name: "no header, broken first", in: "a@b,x\nc@d.example,y\n", columns: "column_2", email: "column_1", want: "c@d.example|y"},
		{name: "no header, wider later", in: "a@b.example\nc@d.example,y\ne@f.example,z\n", columns: "column_2", email: "column_1", want: "a@b.example| c@d.example|y e@f.example|z"},
		{name: "addresses only", in: "a@b.example\nc@d.example\n", email: "column_1", want: "a@b.example c@d.example"},
		{name: "one column", in: "email\na@b.example\n", email: "email", want: "a@b.example"},
		{name: "header alone", in: "email,name", columns: "name", email: "email"},
		{name: "blank lines", in: "\n  \nemail,name\n\n\r\na@b.example,A\n \n\r\r\n", columns: "name", email: "email", want: "a@b.example|A"},
		{name: "short row", in: "email,a,b\nx@y.example\n", columns: "a b", email: "email", want: "x@y.example||"},
		{name: "doubled names", in: "email,x,x,X,x_2,,\na@b.example,1,2,3,4,5,6\n", columns: "x x_2 X x_2_2 column_6 column_7", email: "email", want: "a@b.example|1|2|3|4|5|6"},
		{name: "sep line", in: "sep=;\r\nname;email\r\nA,B;a@b.example\r\n", columns: "name", email: "email", want: "a@b.example|A,B"},
		{name: "commas in text", in: "email;remark\na@b.example;one, two\nc@d.example;three, four\n", columns: "remark", email: "email", want: "a@b.example|one,_two c@d.example|three,_four"},
		{name: "told the delimiter", in: "email:name\na@b.example:x\n", o: Options{Delimiter: ':'}, columns: "name", email: "email", want: "a@b.example|x"},
		{name: "told there is no header", in: "who,mail\nx,a@b.example\n", o: Options{Header: HeaderAbsent}, columns: "column_1", email: "column_2", want: "a@b.example|x"},
		{name: "told there is a header", in: "a@b.example,x\nc@d.example,y\n", o: Options{Header: HeaderPresent}, columns: "x", email: "a@b.example", want: "c@d.example|y"},
		{name: "mapped by header", in: "email,Work\na@b.example,w@b.example\n", o: Options{Map: map[string]string{"email": "work"}}, columns: "email", email: "Work", want: "w@b.example|a@b.example"},
		{name: "mapped by number", in: "x,y\n1,a@b.example\n", o: Options{Map: map[string]string{"email": "2", "first_name": "1"}}, columns: "first_name", email: "y", want: "a@b.example|1"},
		{name: "mapped by field name", in: "E mail 2,Voor naam\na@b.example,A\n", o: Options{Map: map[string]string{"email": "e_mail_2", "name": "voor_naam"}}, columns: "name", email: "E mail 2", want: "a@b.example|A"},
		{name: "a number that is a header", in: "2,1\nx,a@b.example\n", o: Options{Map: map[string]string{"email": "1"}}, columns: "_2", email: "1", want: "a@b.example|x"},
		{name: "renamed over another", in: "email,name,roepnaam\na@b.example,A,B\n", o: Options{Map: map[string]string{"name": "roepnaam"}}, columns: "name_2 name", email: "email", want: "a@b.example|A|B"},
		{name: "the e-mail header is renamed", in: "email,other\na@b.example,c@d.example\n", o: Options{Map: map[string]string{"old": "email"}}, columns: "old", email: "other", want: "c@d.example|a@b.example"},
		{name: "stray quotes", in: "email,q\na@b.example,5\" disk\nc@d.example,\"a\"b\"c\"\n", columns: "q", email: "email", want: "a@b.example|5\"_disk c@d.example|ab\"c\""},
		{name: "mixed line ends", in: "email,n\ra@b.example,1\nc@d.example,2\r\ne@f.example,3\r", columns: "n", email: "email", want: "a@b.example|1 c@d.example|2 e@f.example|3"},
		{name: "header in quotes", in: "\ufeff\"email\",\"First \"\"name\"\"\"\na@b.example,A\n", columns: "first_name", email: "email", want: "a@b.example|A"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, e := open(t, c.in, c.o)
			if got := strings.Join(r.Columns(), " "); got != c.columns || r.header[r.email] != c.email {
				t.Errorf("columns %q, e-mail in %q", got, r.header[r.email])
			}
			ls := lines(e)
			for i := range ls {
				ls[i] = strings.ReplaceAll(ls[i], " ", "_")
			}
			if got := strings.Join(ls, " "); got != c.want {
				t.Errorf("rows %q, want %q", got, c.want)
			}
			if r.Offset() != int64(len(c.in)) {
				t.Errorf("offset %d of %d", r.Offset(), len(c.in))
			}
		})
	}
}

func TestReaderRejects(t *testing.T) {
	wide := strings.Repeat("x,", 299) + "x"
	long := strings.Repeat("y", MaxField+1)
	in := "\ufeffemail,name\n" +
		"ok@b.example,fine\n" + // 2
		"a@b.example,x,y\n" + // 3
		"a@b.example,\"x\n\xe9\"\n" + // 4 and 5
		"a@b.example,\x00\n" + // 6
		"nobody,x\n" + // 7
		",x\n" + // 8
		"a@b.example," + long + "\n" + // 9
		wide + "\n" + // 10
		"a@b.example," + long[1:] + "\n" // 11
	r, e := open(t, in, Options{})
	if len(e.rows) != 2 || e.rows[1].Line != 11 || len(e.rows[1].Fields[0]) != MaxField {
		t.Errorf("rows %v", e.rows)
	}
	for i, want := range []Reject{
		{3, ReasonTooManyFields, "3>2", []string{"a@b.example", "x", "y"}},
		{4, ReasonEncoding, "name", []string{"a@b.example", "x\n\ufffd"}},
		{6, ReasonNUL, "name", []string{"a@b.example", "\x00"}},
		{7, ReasonNoAt, "nobody", []string{"nobody", "x"}},
		{8, ReasonEmpty, "", []string{"", "x"}},
		{9, ReasonFieldTooLong, "name", []string{"a@b.example", long}},
		{10, ReasonTooManyColumns, "300", strings.Split(wide, ",")[:MaxColumns]},
	} {
		got := e.rejects[i]
		if got.Line != want.Line || got.Reason != want.Reason || got.Detail != want.Detail || !slices.Equal(got.Record, want.Record) {
			t.Errorf("got %.200v, want %.200v", got, &want)
		}
		if !slices.Contains(Reasons(), got.Reason) {
			t.Errorf("%s is no known reason", got.Reason)
		}
	}
	if got := r.Header(); !slices.Equal(got, []string{"email", "name"}) {
		t.Error(got)
	}
}

func TestReaderRefuses(t *testing.T) {
	for _, c := range []struct {
		name, in string
		o        Options
		kind     delivery.Kind
		field    string
		line     int
		detail   string
	}{
		{name: "nothing", kind: delivery.KindEmptyFile},
		{name: "a mark alone", in: "\ufeff", kind: delivery.KindEmptyFile},
		{name: "blank lines", in: "\n\r\n  \n", kind: delivery.KindEmptyFile},
		{name: "no e-mail column", in: "a,Voor naam,\n1,2,3\n", kind: delivery.KindNoEmailColumn, detail: "a, Voor naam, column_3"},
		{name: "mostly something else", in: "a\nx@y.example\n1\n2\n", kind: delivery.KindNoEmailColumn, detail: "a"},
		{name: "workbook", in: "PK\x03\x04\x14\x00", kind: delivery.KindEncoding, line: 1, detail: "zip"},
		{name: "header in broken utf-8", in: "\ufeffemail,\xe9\n", kind: delivery.KindEncoding, line: 1, detail: "utf-8"},
		{name: "NUL in the header", in: "\nemail,a\x00\na@b.example,1\n", kind: delivery.KindInvalid, field: "header", line: 2, detail: ReasonNUL},
		{name: "long header", in: "email," + strings.Repeat("h", MaxField+1), kind: delivery.KindInvalid, field: "header", line: 1, detail: ReasonFieldTooLong},
		{name: "257 columns", in: "email" + strings.Repeat(",x", 256), kind: delivery.KindTooManyColumns, line: 1, detail: "257"},
		{name: "open quote", in: "email,n\na@b.example,1\n\nc@d.example,\"2\ne@f.example,3\n", kind: delivery.KindInvalid, field: "quote", line: 4},
		{name: "open quote in the header", in: "email,\"n\na@b.example,1\n", kind: delivery.KindInvalid, field: "quote", line: 1},
		{name: "bad delimiter", in: "email\n", o: Options{Delimiter: 'x'}, kind: delivery.KindInvalid, field: "delimiter", detail: "x"},
		{name: "no such column", in: "email\n", o: Options{Map: map[string]string{"email": "2"}}, kind: delivery.KindInvalid, field: "map", detail: "email=2"},
		{name: "no column at all", in: "email\n", o: Options{Map: map[string]string{"email": " "}}, kind: delivery.KindInvalid, field: "map", detail: "email= "},
		{name: "a column twice", in: "email,n\n", o: Options{Map: map[string]string{"a": "n", "b": "2"}}, kind: delivery.KindInvalid, field: "map", detail: "b=2"},
		{name: "no name", in: "email,n\n", o: Options{Map: map[string]string{"first name": "n"}}, kind: delivery.KindInvalid, field: "map", detail: "first name=n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := NewReader(strings.NewReader(c.in), "list.csv", c.o)
			if err == nil {
				_, err = readAll(t, r)
			}
			e, ok := err.(*delivery.Error)
			if !ok || e.Kind != c.kind || e.Field != c.field || e.Line != c.line || e.Detail != c.detail {
				t.Fatalf("got %v", err)
			}
			if e.File != "list.csv" && e.Field != "delimiter" {
				t.Errorf("file %q", e.File)
			}
		})
	}
}

// Columns up to the limit are accepted.
func TestReader256Columns(t *testing.T) {
	r, e := open(t, "email"+strings.Repeat(",x", 255)+"\na@b.example"+strings.Repeat(",1", 255)+"\n", Options{})
	if len(r.Columns()) != 255 || len(e.rows) != 1 || e.rows[0].Fields[254] != "1" || r.Columns()[254] != "x_255" {
		t.Error(len(r.Columns()), e)
	}
}

func TestReaderTrouble(t *testing.T) {
	broken := errors.New("cable")
	for _, in := range []string{"", "email\n", "email\na@b.example\n"} {
		r, err := NewReader(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken)), "list.csv", Options{})
		if err == nil {
			_, err = readAll(t, r)
		}
		if !errors.Is(err, broken) || !delivery.Is(err, delivery.KindIO) {
			t.Errorf("%q: %v", in, err)
		}
	}
	// Trouble that has its own kind keeps it.
	typed := &delivery.Error{Kind: delivery.KindCancelled}
	if _, err := NewReader(iotest.ErrReader(typed), "list.csv", Options{}); !delivery.Is(err, delivery.KindCancelled) {
		t.Error(err)
	}
}

func TestFieldName(t *testing.T) {
	for in, want := range map[string]string{
		"first_name": "first_name", "First": "First", " Naam ": "Naam", "x-y": "x-y", "_a": "_a",
		"First name": "first_name", "Prénom": "prenom", "e-mail (werk)": "e_mail_werk", "2nd": "_2nd", "%": "",
		"": "", "名前": "", "or": "or_", "Contains!": "contains_", "a.b": "a_b", "-x": "x", "ﬁn": "fin", "a  -- b": "a_b",
	} {
		if got := FieldName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if got := FieldName(in); got != "" && !legalName(got) {
			t.Errorf("%q: %q is not legal", in, got)
		}
	}
}
