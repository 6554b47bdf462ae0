package message

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	gomessage "github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"
	"github.com/jhillyerd/enmime/v2"
	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

// read is what a mail program finds in a message.
type read struct{ subject, text, html string }

// readStd reads with the standard library.
func readStd(t fataler, data []byte) read {
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("net/mail: %v\n%s", err, data)
	}
	var out read
	if out.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatalf("subject: %v", err)
	}
	decode := func(r io.Reader) string {
		b, err := io.ReadAll(quotedprintable.NewReader(r))
		if err != nil {
			t.Fatalf("quoted-printable: %v\n%s", err, data)
		}
		return strings.ReplaceAll(string(b), "\r\n", "\n")
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatalf("Content-Type: %v", err)
	}
	if kind == "text/plain" {
		out.text = decode(m.Body)
		return out
	}
	if kind != "multipart/alternative" {
		t.Fatalf("Content-Type: %s", kind)
	}
	mr := multipart.NewReader(m.Body, params["boundary"])
	var kinds []string
	for {
		p, err := mr.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("multipart: %v\n%s", err, data)
		}
		kinds = append(kinds, p.Header.Get("Content-Type"))
		switch len(kinds) {
		case 1:
			out.text = decode(p)
		case 2:
			out.html = decode(p)
		}
	}
	if strings.Join(kinds, "|") != "text/plain; charset=utf-8|text/html; charset=utf-8" {
		t.Fatalf("parts: %q", kinds)
	}
	return out
}

// readGoMessage reads with go-message.
func readGoMessage(t fataler, data []byte) read {
	e, err := gomessage.Read(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("go-message: %v", err)
	}
	var out read
	if out.subject, err = e.Header.Text("Subject"); err != nil {
		t.Fatalf("go-message: %v", err)
	}
	err = e.Walk(func(path []int, e *gomessage.Entity, err error) error {
		if err != nil {
			return err
		}
		kind, _, _ := e.Header.ContentType()
		if !strings.HasPrefix(kind, "text/") {
			return nil
		}
		b, err := io.ReadAll(e.Body)
		s := strings.ReplaceAll(string(b), "\r\n", "\n")
		if kind == "text/html" {
			out.html = s
		} else {
			out.text = s
		}
		return err
	})
	if err != nil {
		t.Fatalf("go-message: %v", err)
	}
	return out
}

// readEnmime reads with enmime and wants it to find nothing wrong.
func readEnmime(t fataler, data []byte) read {
	// Guessing character sets, it would doubt short texts.
	e, err := enmime.NewParser(enmime.DisableCharacterDetection(true)).ReadEnvelope(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("enmime: %v", err)
	}
	for _, trouble := range e.Errors {
		t.Fatalf("enmime: %v\n%s", trouble, data)
	}
	for _, name := range []string{"From", "To", "Subject", "Date", "Message-Id", "Mime-Version"} {
		if n := len(e.GetHeaderValues(name)); n != 1 {
			t.Fatalf("%d fields %s", n, name)
		}
	}
	if n := len(e.GetHeaderValues("Bcc")); n != 0 {
		t.Fatalf("a Bcc field came in:\n%s", data)
	}
	return read{e.GetHeader("Subject"), strings.ReplaceAll(e.Text, "\r\n", "\n"), strings.ReplaceAll(e.HTML, "\r\n", "\n")}
}

type fataler interface {
	Fatalf(format string, args ...any)
}

// hostile are values that programs stumble over.
func hostile() []string {
	long := strings.Repeat("x", 5000)
	return []string{
		"", " ", "\t", "\n", "\r", "\r\n", "\x00", "a\x00b", "\x1b[31mred", "\x7f", "\u0085", "\u009b",
		"x\r\nBcc: evil@example.org", "x\nBcc: evil@example.org", "x\rBcc: evil@example.org", "\r\n\r\nbody", "x\r\n Bcc: folded@example.org",
		"\r\n.\r\n", "\n.\n", "\r.\r", ".", "..", ".\n.\n.", "a\r\n.\r\nMAIL FROM:<x@y>", "From me", "\nFrom me", ">From me",
		"=", "==", "=20", "=\r\n", "=3D=3D", "=?utf-8?q?x?=", "=?utf-8?b?eA==?=", "a =?x", "?=", "--=_", "--", "\n--=_abc--\n",
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "' onmouseover='x", "&amp;", "&lt;b&gt;", "&#39;", "]]>", "-->", "<!--", "<![endif]-->",
		"javascript:alert(1)", " JavaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "https://example.org/?a=1&b=2", "//example.org", "mailto:x@y",
		"{{ x }}", "{{", "}}", "{%", "%}", "{% if x %}", "{", "{ {", "%", "{{{{", "<no value>", "{% raw %}", "{% endraw %}", "{# x #}", "${x}", "#{x}", "%s%n%x",
		"é", "e\u0301", "Zoë Müller", "日本語のお名前", "русский", "العربية", "\u202eevil\u202c", "\u200f\u200e", "\u2066x\u2069", "\ufeffbom", "\u200bzero", "\u00a0nbsp", "\u00adsoft", "\u2028line\u2029para",
		"😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "Z̴̛͕a̸l̵g̶o̷", "\U0010ffff", "\ufffe", "\ufffd", "\xff\xfe", "\xc3", "\xed\xa0\x80", "\xf0\x9f\x98", "a\xc0\xafb",
		long, strings.Repeat("é", 2000), strings.Repeat("a ", 3000), strings.Repeat("\n", 500), strings.Repeat("😀", 300), strings.Repeat(" ", 200), long + "\n" + long,
		"1/0", "NaN", "-1", "1e999", "' OR 1=1 --", "$(rm -rf /)", "../../etc/passwd", "=cmd|' /C calc'!A0", "null", "undefined", "true", "nil",
	}
}

// anyValue draws values of all kinds.
func anyValue() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom(hostile()),
		rapid.String(),
		rapid.StringMatching(`[A-Za-z' é&<>"=.{}%-]{0,90}`),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
}

// wanted is what a value should be once it was cleaned.
func wanted(v string) string {
	v = strings.ToValidUTF8(v, "\uFFFD")
	v = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(v)
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, v)
}

// wantedLine is what a value should be in a header field.
func wantedLine(v string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, wanted(v))
}

func escaped(v string) string {
	return strings.NewReplacer("&", "&amp;", "'", "&#39;", "<", "&lt;", ">", "&gt;", `"`, "&#34;").Replace(v)
}

// witness is content that shows two values in every place, compiled for each of
// the paths.
type witness struct{ spliced, engine *Template }

func newWitness(t testing.TB) witness {
	t.Helper()
	c := delivery.Content{From: "Acme <news@acme.example>", Subject: "Hi {{ a }}, {{ b }}!", Preheader: "See {{ a }}",
		HTML: "<html><body><p title=\"{{ a }}\">Dear {{ a }},</p>\n.{{ b }}\n</body></html>", Text: "Dear {{ a }},\n.{{ b }}\n"}
	fast, _ := compileFrom(c, Resources{}, true)
	slow, _ := compileFrom(c, Resources{}, false)
	if fast.html.liquid != nil || fast.text.liquid != nil || slow.html.liquid == nil || slow.text.liquid == nil {
		t.Fatal("the paths are not those that this test is about")
	}
	return witness{fast, slow}
}

// arrives renders two values on both paths and reads the messages with three
// programs that know nothing of ours.
func (w witness) arrives(t fataler, a, b string) {
	for name, tpl := range map[string]*Template{"spliced": w.spliced, "engine": w.engine} {
		var buf Buffer
		m, err := tpl.Render(&buf, Recipient{Address: "ann@example.org", Fields: map[string]string{"a": a, "b": b}}, envelope())
		if err != nil {
			t.Fatalf("%s: %.99q, %.99q: %v", name, a, b, err)
		}
		if err := Guard(m.Data, 0); err != nil {
			t.Fatalf("%s: %.99q, %.99q: %v\n%s", name, a, b, err, m.Data)
		}
		if bytes.Contains(m.Data, []byte("\n.")) {
			t.Fatalf("%s: %.99q, %.99q: a line begins with a dot", name, a, b)
		}
		want := read{
			subject: strings.TrimSpace("Hi " + wantedLine(a) + ", " + wantedLine(b) + "!"),
			text:    "Dear " + wanted(a) + ",\n." + wanted(b) + "\n",
			html: "<html><body>" + preheaderOpen + "See " + escaped(wantedLine(a)) + strings.Repeat(preheaderPad, preheaderPads) + preheaderClose +
				"<p title=\"" + escaped(wanted(a)) + "\">Dear " + escaped(wanted(a)) + ",</p>\n." + escaped(wanted(b)) + "\n</body></html>",
		}
		if got := readStd(t, m.Data); got != want {
			t.Fatalf("%s: %.99q, %.99q: standard library reads\n%q, want\n%q\n%s", name, a, b, got, want, m.Data)
		}
		if got := readGoMessage(t, m.Data); got != want {
			t.Fatalf("%s: %.99q, %.99q: go-message reads\n%q, want\n%q", name, a, b, got, want)
		}
		got := readEnmime(t, m.Data)
		if got.html != want.html || strings.TrimSpace(got.text) != strings.TrimSpace(want.text) || strings.Join(strings.Fields(got.subject), " ") != strings.Join(strings.Fields(want.subject), " ") {
			t.Fatalf("%s: %.99q, %.99q: enmime reads\n%q, want\n%q", name, a, b, got, want)
		}
	}
}

// TestHostileValuesArriveAsTheyAre is fault 62 too.
func TestHostileValuesArriveAsTheyAre(t *testing.T) {
	w := newWitness(t)
	for _, v := range hostile() {
		w.arrives(t, v, v)
	}
	rapid.Check(t, func(t *rapid.T) {
		w.arrives(t, anyValue().Draw(t, "a"), anyValue().Draw(t, "b"))
	})
}

// TestBothPathsAgree draws templates too.
func TestBothPathsAgree(t *testing.T) {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"{{ a }}", "{{ b }}", `{{ a | default: "friend" }}`, "{{ b|default:'<x>' }}", "{{ a | upcase }}", "{{ a | strip | default: 'é' }}",
			"{{ recipient.email }}", "{{ unsubscribe_url }}", "{{ today }}", "{{ a | url_encode }}", "{{ a | capitalize | escape }}",
			"{{ n | number: 2 }}", `{{ n | money: "EUR" }}`, `{{ d | date: "long" }}`, `{{ a | number | default: "<0>" }}`, `{{ b | money: "CHF", 0 }}`, `{{ a | date: "<%A> %e %B" }}`, "{{ sender.name }}",
			"{% raw %}{{ x }}{% endraw %}", "{% comment %}{{ y }}{% endcomment %}", "\n", " ", "\t", ".", "\n.", "From x", "é", "=", "😀", "}}"}),
		rapid.StringMatching(`[a-zA-Z .,=é]{0,100}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		body := strings.Join(rapid.SliceOfN(piece, 1, 12).Draw(t, "template"), "")
		line := strings.ReplaceAll(strings.ReplaceAll(body, "\n", " "), "\t", " ")
		c := delivery.Content{From: "Acme <news@acme.example>", Subject: "s" + line, Preheader: line, HTML: "<p>" + body, Text: "t" + body,
			Language: rapid.SampledFrom([]string{"", "nl", "fr", "sv", "hu"}).Draw(t, "language")}
		from := Resources{Sender: &delivery.Sender{Name: "Zoë & Co"}}
		fast, findings := compileFrom(c, from, true)
		slow, _ := compileFrom(c, from, false)
		if fast == nil || slow == nil {
			t.Fatalf("%q: %v", body, findings)
		}
		r := Recipient{Address: "ann@example.org", Fields: map[string]string{"a": anyValue().Draw(t, "a"), "b": anyValue().Draw(t, "b"),
			"n": rapid.StringMatching(`-?[0-9]{1,9}(\.[0-9]{1,3})?`).Draw(t, "n"), "d": rapid.StringMatching(`20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])`).Draw(t, "d")}}
		var one, two Buffer
		x, err := fast.Render(&one, r, envelope())
		if delivery.Is(err, delivery.KindTooLarge) {
			// A subject of long values alone: both paths refuse it alike.
			if _, other := slow.Render(&two, r, envelope()); !delivery.Is(other, delivery.KindTooLarge) {
				t.Fatalf("%v when spliced, %v by the engine", err, other)
			}
			return
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
		y, err := slow.Render(&two, r, envelope())
		if err != nil {
			t.Fatalf("%v", err)
		}
		for _, m := range []Message{x, y} {
			if err := Guard(m.Data, 0); err != nil {
				t.Fatalf("%v\n%s", err, m.Data)
			}
		}
		if a, b := readStd(t, x.Data), readStd(t, y.Data); a != b {
			t.Fatalf("%q: spliced %q, engine %q", body, a, b)
		}
		if a, b := strings.Join(x.Missing, " "), strings.Join(y.Missing, " "); a != b {
			t.Fatalf("%q: missing %q when spliced, %q by the engine", body, a, b)
		}
		p, err := fast.Preview(r, envelope())
		if err != nil {
			t.Fatalf("%v", err)
		}
		got := readStd(t, x.Data)
		if p.HTML != got.html || strings.TrimSpace(p.Subject) != strings.TrimSpace(got.subject) || strings.TrimRight(p.Text, "\n") != strings.TrimRight(got.text, "\n") {
			t.Fatalf("%q: preview %q, message %q", body, p, got)
		}
	})
}

func TestSubjectsFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyValue().Draw(t, "subject")
		line := strings.TrimSpace(wantedLine(s))
		field := appendText(nil, "Subject", strings.TrimSpace(oneLine(clean(s))), rapid.Bool().Draw(t, "data"))
		for l := range strings.SplitSeq(strings.TrimSuffix(string(field), "\r\n"), "\r\n") {
			if len(l) > headerLine {
				t.Fatalf("a line of %d: %q", len(l), l)
			}
			for word := range strings.FieldsSeq(l) {
				if !strings.HasPrefix(word, "=?utf-8?") {
					continue
				}
				if len(word) > encodedWord {
					t.Fatalf("an encoded word of %d: %q", len(word), word)
				}
				one, err := new(mime.WordDecoder).Decode(word)
				if err != nil || !utf8.ValidString(one) {
					t.Fatalf("%q decodes to %q, %v", word, one, err)
				}
			}
		}
		m, err := mail.ReadMessage(strings.NewReader(string(field) + "\r\n"))
		if err != nil {
			t.Fatalf("%q: %v", field, err)
		}
		got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || got != line {
			t.Fatalf("%q reads %q, want %q (%v)", field, got, line, err)
		}
	})
}

// TestManyRenderersOneTemplate is for the race detector.
func TestManyRenderersOneTemplate(t *testing.T) {
	tpl := compile(t, delivery.Content{Subject: "Hi {{ a }}", HTML: "<p>{{ a }}{% if a %}{{ b | append: a }}{% endif %}</p>"})
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			var b Buffer
			r := Recipient{Address: "ann@example.org", Fields: map[string]string{"a": strings.Repeat("x", i+1), "b": "y"}}
			var sum [32]byte
			for n := range 50 {
				m, err := tpl.Render(&b, r, envelope())
				if err != nil {
					t.Error(err)
					return
				}
				if n > 0 && m.Sum != sum {
					t.Error("the same message has two sums")
				}
				sum = m.Sum
			}
		})
	}
	wg.Wait()
}
