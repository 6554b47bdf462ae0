package message

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

// plainLines is what a relay must find, line by line: CR and LF only as CRLF
// (RFC 5321 section 2.3.8), no NUL, and no dot that would have to be stuffed
// (section 4.5.2).
func plainLines(data []byte) bool {
	for line := range strings.SplitSeq(string(data), "\r\n") {
		if strings.ContainsAny(line, "\r\n\x00") || strings.HasPrefix(line, ".") {
			return false
		}
	}
	return true
}

// TestPlainPieces: what consists of plain pieces is plain, whatever their order.
func TestPlainPieces(t *testing.T) {
	octets := rapid.SampledFrom([]byte{'\r', '\n', '\r', '\n', '.', 'a', 0})
	crlf := rapid.SampledFrom([]string{"a\r\n", "\r\n", "\r\na", "a", "a.\r\n"})
	plain := 0
	rapid.Check(t, func(rt *rapid.T) {
		var whole []byte
		all := true
		for range rapid.IntRange(1, 4).Draw(rt, "pieces") {
			p := rapid.SliceOfN(octets, 0, 4).Draw(rt, "piece")
			if rapid.IntRange(0, 3).Draw(rt, "fair") > 0 {
				p = []byte(crlf.Draw(rt, "line"))
			}
			all = all && plainPiece(p)
			whole = append(whole, p...)
		}
		if all {
			plain++
			if !plainLines(whole) {
				rt.Fatalf("%q is not plain, and its pieces are", whole)
			}
		}
	})
	if plain == 0 {
		t.Error("nothing was plain")
	}
}

// TestPlainPiece: a piece by itself is what it is as a message.
func TestPlainPiece(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := rapid.SliceOfN(rapid.SampledFrom([]byte{'\r', '\n', '.', 'a', ' ', 0, 0xff}), 0, 6).Draw(rt, "piece")
		if got, want := plainPiece(p), plainLines(p); got != want {
			rt.Fatalf("%q: %v, want %v", p, got, want)
		}
	})
}

// TestRenderedIsPlain: whatever the template and the values, a message that says
// so is plain, and every message of this package can say so.
func TestRenderedIsPlain(t *testing.T) {
	text := rapid.SampledFrom([]string{".", "a", "\n", "\n.", "\r", " ", "{{ x }}", "{{ x | upcase }}", "{% if x %}.{% endif %}", "é", strings.Repeat("a.", 40)})
	value := rapid.SampledFrom([]string{"", ".", "a", "\r\n.\r\n", "\n", "\r", "\x00", " ", "..", strings.Repeat(".a", 60)})
	rapid.Check(t, func(rt *rapid.T) {
		part := func(label string) string { return strings.Join(rapid.SliceOfN(text, 1, 5).Draw(rt, label), "") }
		c := delivery.Content{From: "a@b.example", Subject: part("subject"), Text: part("text")}
		if rapid.Bool().Draw(rt, "with HTML") {
			c.HTML = "<p>" + part("html") + "</p>"
		}
		tpl, _ := Compile(c)
		if tpl == nil {
			return
		}
		m, err := tpl.Render(new(Buffer), Recipient{Address: "ann@example.org", Fields: map[string]string{"x": value.Draw(rt, "x")}}, envelope())
		if err != nil {
			return
		}
		if !m.Plain || !plainLines(m.Data) || !bytes.HasSuffix(m.Data, []byte("\r\n")) {
			rt.Fatalf("plain %v:\n%q", m.Plain, m.Data)
		}
	})
}

// TestNotPlain: a template whose static text is not plain has no message that is.
func TestNotPlain(t *testing.T) {
	for _, bad := range []string{"a\rb", "a\nb", "a\r\n.b", ".", "\x00"} {
		tpl := compile(t, delivery.Content{From: "a@b.example", Subject: "s", HTML: "<p>Hi {{ x }}</p>"})
		tpl.html.segments[0].encoded = []byte(bad)
		if tpl.plain = tpl.staticPlain(); tpl.plain {
			t.Errorf("%q is plain", bad)
		}
		m, err := tpl.Render(new(Buffer), Recipient{Address: "ann@example.org", Fields: map[string]string{"x": "Ann"}}, envelope())
		if err != nil || m.Plain {
			t.Errorf("%q: %v, %v", bad, m.Plain, err)
		}
	}
}

// TestDateOfTheSecond: a buffer that is used again writes the time of each message.
func TestDateOfTheSecond(t *testing.T) {
	tpl := compile(t, delivery.Content{From: "a@b.example", Subject: "s", Text: "t"})
	var b Buffer
	at := envelope().Date
	for _, e := range []Envelope{{Date: at}, {Date: at}, {Date: at.Add(1e9)}, {Date: at.Add(1e9).UTC()}, {Date: at.AddDate(0, 6, 0)}} {
		e.MessageID = "<a@b.example>"
		m, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, e)
		want := "Date: " + e.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700") + "\r\n"
		if err != nil || !bytes.HasPrefix(m.Data, []byte(want)) {
			t.Errorf("%.40s, want %s, %v", m.Data, want, err)
		}
	}
}
