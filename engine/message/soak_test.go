package message

import (
	"bytes"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

// soak is how many messages TestS2 renders: with SENDOFF_SOAK=1 the million of
// the figure, with another number that many.
func soak() int {
	switch n, err := strconv.Atoi(os.Getenv("SENDOFF_SOAK")); {
	case err != nil || n < 1:
		return 2000
	case n == 1:
		return 1_000_000
	default:
		return n
	}
}

// wire goes through the octets as a receiver does that is strict about all of
// them. It knows nothing of Guard.
func wire(data []byte) string {
	length := 0
	for i, c := range data {
		switch {
		case c == 0:
			return "a NUL"
		case c >= 0x80:
			return "an octet over 127"
		case c == '\n' && (i == 0 || data[i-1] != '\r'):
			return "a bare LF"
		case c == '\r' && (i+1 == len(data) || data[i+1] != '\n'):
			return "a bare CR"
		case c == '.' && length == 0:
			return "a line that begins with a dot"
		}
		if length++; c == '\n' {
			if length > 998+2 {
				return "a line over 998"
			}
			length = 0
		}
	}
	if length != 0 {
		return "no line end at the end"
	}
	return ""
}

// TestS2RandomMessages renders many messages with random values of random length
// and reads each of them with enmime: nothing on the wire that should not be
// there, and every text as it was.
func TestS2RandomMessages(t *testing.T) {
	w := newWitness(t)
	g := anyValue()
	n := soak()
	for i := 0; i < n; i += 2 {
		a, b := g.Example(i), g.Example(n+i)
		w.arrives(t, a, b) // on both paths, by three readers
		for _, tpl := range []*Template{w.spliced, w.engine} {
			var buf Buffer
			m, err := tpl.Render(&buf, Recipient{Address: "ann@example.org", Fields: map[string]string{"a": a, "b": b}}, envelope())
			if err != nil {
				t.Fatalf("%q, %q: %v", a, b, err)
			}
			if trouble := wire(m.Data); trouble != "" {
				t.Fatalf("%q, %q: %s\n%s", a, b, trouble, m.Data)
			}
		}
	}
}

// guardSlowly is what Guard promises, written down to be read rather than to be
// fast.
func guardSlowly(data []byte) bool {
	if !regexp.MustCompile(`^([\x01-\x09\x0b\x0c\x0e-\x7f]|\r\n)*\r\n$`).Match(data) {
		return false
	}
	header, body, ok := strings.Cut(string(data), "\r\n\r\n")
	if !ok || len(header) > 64<<10 {
		return false
	}
	count := map[string]int{}
	field := regexp.MustCompile(`^[!-9;-~]+:`)
	for i, line := range strings.Split(header, "\r\n") {
		switch {
		case len(line) > 998:
			return false
		case line != "" && (line[0] == ' ' || line[0] == '\t'):
			if i == 0 || strings.Trim(line, " \t\v\f") == "" {
				return false
			}
		case !field.MatchString(line):
			return false
		default:
			name, _, _ := strings.Cut(line, ":")
			count[strings.ToLower(name)]++
		}
	}
	for _, name := range []string{"from", "to", "subject", "date", "message-id", "mime-version"} {
		if count[name] != 1 {
			return false
		}
	}
	content, fields := false, false
	for line := range strings.SplitSeq(body, "\r\n") {
		if len(line) > 76 {
			return false
		}
		if strings.HasPrefix(line, "--=_") && len(line) > 4 {
			fields = true
		} else if line == "" {
			fields = false
		} else if !fields && strings.Trim(line, " \t=") != "" {
			content = true
		}
	}
	left := regexp.MustCompile(`\{[{%]|<no value>`)
	join := func(s string) string { return strings.ReplaceAll(s, "=\r\n", "") }
	return content && !left.MatchString(join(header+"\r\n")) && !left.MatchString(join(body))
}

// spoil changes a message a little, where it may matter.
func spoil(t *rapid.T, data []byte) []byte {
	piece := rapid.SampledFrom([]string{"\r", "\n", "\r\n", "\r\n\r\n", "\x00", "\x80", "{", "{{", "{%", "<no value>", "<no =\r\nvalue>", "<=\r\nno valu=\r\ne>", "{=\r\n{", "{=\r\n=\r\n%", "=\r\n", "=",
		" ", "\t", "<no ", "value>", " value>", "v", "From: x\r\n", "to:y\r\n", "Subject:\r\n", ": \r\n", "\r\n \r\n", "\r\n x", "--=_x\r\n", strings.Repeat("x", 70), strings.Repeat("x", 1000), "é", "a b: c\r\n"})
	for range rapid.IntRange(0, 4).Draw(t, "changes") {
		at := rapid.IntRange(0, len(data)).Draw(t, "at")
		cut := min(len(data)-at, rapid.SampledFrom([]int{0, 0, 0, 1, 2, 40}).Draw(t, "cut"))
		data = []byte(string(data[:at]) + piece.Draw(t, "piece") + string(data[at+cut:]))
	}
	return data
}

// TestGuardKeepsItsPromise holds Guard against what it promises.
func TestGuardKeepsItsPromise(t *testing.T) {
	let, stopped := 0, 0
	body := rapid.SampledFrom([]string{"Hello\r\n", "\r\n", "--=_x\r\nContent-Type: text/plain\r\n\r\n \r\n--=_x--\r\n", "--=_x\r\nA: b\r\n\r\nno value> here, {x}, <v value>\r\n--=_x--\r\n", strings.Repeat("x", 76) + "\r\n"})
	rapid.Check(t, func(t *rapid.T) {
		data := spoil(t, []byte(goodHeader+"\r\n"+body.Draw(t, "body")))
		err := Guard(data, 0)
		if want := guardSlowly(data); (err == nil) != want {
			t.Fatalf("%q: %v, want good: %v", data, err, want)
		}
		if err == nil {
			let++
		} else {
			stopped++
		}
	})
	if let < 5 || stopped < 5 {
		t.Errorf("%d let through, %d stopped: this test says too little", let, stopped)
	}
}

func FuzzGuardPromise(f *testing.F) {
	f.Add([]byte(goodHeader + "\r\nHello\r\n"))
	f.Add([]byte(goodHeader + "\r\n<=\r\nno =\r\nvalue> {=\r\n{\r\n"))
	f.Add([]byte(goodHeader + " x\r\n\r\n--=_x\r\nA: b\r\n\r\nx\r\n--=_x--\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err, want := Guard(data, 0), guardSlowly(data); (err == nil) != want {
			t.Fatalf("%q: %v, want good: %v", data, err, want)
		}
	})
}

// FuzzBothPaths has the two paths agree about a template and a value.
func FuzzBothPaths(f *testing.F) {
	for _, s := range []string{"Dear {{ v }},", "<p title=\"{{ v }}\">{{ v | upcase }}</p>", `{{ v | default: "x" }}`, "{% raw %}{{ v }}{% endraw %}", "a\n.{{ v }}\n.", "<{{ v }}>", outlook} {
		f.Add(s, "Zoë\r\nBcc: x")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, s, v string) {
		if len(s) > 1<<14 || len(v) > 1<<14 {
			return
		}
		c := delivery.Content{From: "a@b.example", Subject: s, Preheader: s, HTML: s, Text: s}
		fast, _ := compileFrom(c, Resources{}, true)
		slow, _ := compileFrom(c, Resources{}, false)
		if (fast == nil) != (slow == nil) {
			t.Fatalf("one path takes it, the other does not: %v, %v", fast, slow)
		}
		if fast == nil {
			return
		}
		r := Recipient{Address: "ann@example.org", Fields: map[string]string{"v": v}}
		var one, two Buffer
		x, errX := fast.Render(&one, r, envelope())
		y, errY := slow.Render(&two, r, envelope())
		if errX != nil || errY != nil {
			if delivery.KindOf(errX) != delivery.KindOf(errY) {
				t.Fatalf("%v, %v", errX, errY)
			}
			return
		}
		for _, m := range [][]byte{x.Data, y.Data} {
			if trouble := wire(m); trouble != "" {
				t.Fatalf("%s\n%s", trouble, m)
			}
		}
		if a, b := readStd(t, x.Data), readStd(t, y.Data); a != b {
			t.Fatalf("%q, %q: spliced %q, engine %q", s, v, a, b)
		}
		if strings.Join(x.Missing, " ") != strings.Join(y.Missing, " ") {
			t.Fatalf("missing %q, %q", x.Missing, y.Missing)
		}
	})
}

// FuzzSender has no sender that is taken become two, or another field.
func FuzzSender(f *testing.F) {
	for _, s := range []string{"Acme <a@b.example>", `"Acme, Ltd" <a@b.example>`, "=?utf-8?q?x?= <a@b.example>", "Zoë <a@bücher.example>", "a@b.example, c@d.example", "x:a@b.example;", "a (b) <c@d.example>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tpl, findings := Compile(delivery.Content{From: s, ReplyTo: s, Subject: "s", Text: "t"})
		if tpl == nil {
			t.Fatalf("%+v", findings)
		}
		var b Buffer
		m, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, envelope())
		if err != nil {
			if len(findings) == 0 {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if len(findings) > 0 {
			t.Fatalf("%q is sent in spite of %+v", s, findings)
		}
		if len(s) < 500 {
			if trouble := wire(m.Data); trouble != "" {
				t.Fatalf("%q: %s", s, trouble)
			}
		}
		head, _, _ := bytes.Cut(m.Data, []byte("\r\n\r\n"))
		names := 0
		for line := range strings.SplitSeq(string(head), "\r\n") {
			if line[0] != ' ' {
				names++
			}
		}
		if want := 12; names != want {
			t.Fatalf("%q: %d fields, want %d\n%s", s, names, want, head)
		}
	})
}
