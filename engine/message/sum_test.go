package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

// sealedBytes is everything of a message that a plan seals: all but the first
// line, which is the Date field.
func sealedBytes(m Message) []byte {
	_, rest, _ := bytes.Cut(m.Data, []byte("\r\n"))
	return rest
}

// TestSumIsOneWithTheBytes: two messages have the same sum when they are the same
// to the byte, and only then. The pieces are few and alike on purpose, so that
// both happen.
func TestSumIsOneWithTheBytes(t *testing.T) {
	piece := rapid.SampledFrom([]string{"", "a", "aa", " ", "a ", "{{ x }}", "{{ y }}", "{{ x | upcase }}", "{{ recipient.email }}",
		"{% if x %}a{% endif %}", "\n", ".", "é", "<b>", "{{ x | default: \"a\" }}"})
	template := rapid.SliceOfN(piece, 0, 4)
	value := rapid.SampledFrom([]string{"", "a", "aa", "A", " ", "é", "<", "{{ x }}", "a\nb", "."})
	same, different := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		text := func(label string) string {
			return fmt.Sprint(rapid.SampledFrom([]string{"t", "a"}).Draw(rt, label+" head")) + fmt.Sprint(template.Draw(rt, label))
		}
		var out [2]Message
		for i := range out {
			c := delivery.Content{From: rapid.SampledFrom([]string{"a@b.example", "c@b.example"}).Draw(rt, "from"),
				Subject: "s{{ x }}", Text: text("text")}
			if rapid.Bool().Draw(rt, "with HTML") {
				c.HTML = "<p>" + text("html") + "</p>"
				if rapid.Bool().Draw(rt, "derived") {
					c.Text = ""
				}
			}
			tpl, findings := Compile(c)
			if tpl == nil {
				rt.Fatalf("%+v: %+v", c, findings)
			}
			e := envelope()
			e.MessageID = MessageID(1, "w", rapid.Int64Range(1, 2).Draw(rt, "recipient"), "b.example")
			m, err := tpl.Render(new(Buffer), Recipient{Address: rapid.SampledFrom([]string{"a@x.example", "b@x.example"}).Draw(rt, "to"),
				Fields: map[string]string{"x": value.Draw(rt, "x"), "y": value.Draw(rt, "y")}}, e)
			if err != nil {
				rt.Fatal(err)
			}
			out[i] = m
		}
		a, b := sealedBytes(out[0]), sealedBytes(out[1])
		if bytes.Equal(a, b) {
			same++
			return // in pieces or as a whole: one text may have several sums
		}
		different++
		if out[0].Sum == out[1].Sum {
			rt.Fatalf("one sum for\n%s\nand\n%s", a, b)
		}
	})
	if different == 0 {
		t.Errorf("%d alike and %d different messages", same, different)
	}
}

// TestSumOfEveryByte changes one byte after the other of what a sum covers: the
// static pieces one by one, and each value.
func TestSumOfEveryByte(t *testing.T) {
	c := delivery.Content{From: "Acme <news@acme.example>", ReplyTo: "help@acme.example", Subject: "Hi {{ a }}",
		HTML: "<p>Dear {{ a }}, one {{ b }} two</p>", Text: "Dear {{ a }}, one {{ b }} two"}
	fields := map[string]string{"a": "Ann", "b": "Bob"}
	render := func(c delivery.Content, fields map[string]string) [32]byte {
		m, err := compile(t, c).Render(new(Buffer), Recipient{Address: "ann@example.org", Fields: fields}, envelope())
		if err != nil {
			t.Fatal(err)
		}
		return m.Sum
	}
	want := render(c, fields)
	if render(c, fields) != want {
		t.Fatal("two sums for one message")
	}
	change := func(s string, i int) string {
		b := []byte(s)
		b[i] ^= 1
		return string(b)
	}
	for name, s := range map[string]*string{"subject": &c.Subject, "html": &c.HTML, "text": &c.Text, "from": &c.From, "reply": &c.ReplyTo} {
		old := *s
		for i := range len(old) {
			if !alnum(old[i]) {
				continue
			}
			*s = change(old, i)
			if _, findings := Compile(c); len(findings) == 0 && render(c, fields) == want {
				t.Errorf("%s: the same sum with byte %d changed", name, i)
			}
		}
		*s = old
	}
	for _, name := range []string{"a", "b"} {
		old := fields[name]
		for i := range len(old) {
			fields[name] = change(old, i)
			if render(c, fields) == want {
				t.Errorf("field %s: the same sum with byte %d changed", name, i)
			}
		}
		fields[name] = old
	}
}

// TestSealedByAnEarlierProgram: a delivery that was confirmed before the update
// leaves as it was confirmed.
func TestSealedByAnEarlierProgram(t *testing.T) {
	m, err := compile(t, delivery.Content{Subject: "s", Text: "Hi {{ a }}"}).Render(new(Buffer),
		Recipient{Address: "ann@example.org", Fields: map[string]string{"a": "Ann"}}, envelope())
	if err != nil {
		t.Fatal(err)
	}
	whole := sha256.Sum256(sealedBytes(m))
	if !m.Sealed(whole[:]) || !m.Sealed(m.Sum[:]) {
		t.Error("the sum of all bytes is not known any more")
	}
	whole[5]++
	if m.Sealed(whole[:]) || m.Sealed(nil) {
		t.Error("sealed with another sum")
	}
}

// TestSumVersion holds what the renderer writes to the version of its sums: a
// change of the bytes without a change of the sum would let what was confirmed
// leave as something else. Who changes the bytes changes sumVersion, and both
// columns here.
func TestSumVersion(t *testing.T) {
	for _, c := range []struct {
		content    delivery.Content
		bytes, sum string // first eight octets
	}{
		{delivery.Content{Subject: "Hi {{ a }}", Text: "Dear {{ a }},\n\n.dot = {{ b }} \nFrom here"}, "0b630f5a5cd788e3", "309cc699259aa972"},
		{delivery.Content{Subject: "Größe", HTML: "<p>Dear {{ a }}, <a href=\"{{ b }}\">x</a></p>", Text: "{{ a }}"}, "ac1ea7a980433b4a", "ae9e348a9d64e3c4"},
		{delivery.Content{Subject: "s", Preheader: "p {{ a }}", HTML: "<html><body><p>{% if a %}Dear {{ a }}{% endif %}</p></body></html>"}, "c6a09f46949cd478", "104599c13e04b256"},
	} {
		m, err := compile(t, c.content).Render(new(Buffer), Recipient{Address: "ann@example.org",
			Fields: map[string]string{"a": "Ann & Bob", "b": "https://acme.example/?é"}}, envelope())
		if err != nil {
			t.Fatal(err)
		}
		whole := sha256.Sum256(sealedBytes(m))
		if b, s := hex.EncodeToString(whole[:8]), hex.EncodeToString(m.Sum[:8]); b != c.bytes || s != c.sum {
			t.Errorf("%q: bytes %s (want %s), sum %s (want %s)\n%s", c.content.Subject, b, c.bytes, s, c.sum, m.Data)
		}
	}
}
