package message

import (
	"bytes"
	"embed"
	"encoding/json"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
	"pgregory.net/rapid"

	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

// The numbers are those of the fault table: what must be true of a message
// whatever a list or a template holds.

//go:embed testdata/blns/blns.json
var naughtyFile embed.FS

// naughty is the Big List of Naughty Strings.
func naughty(t testing.TB) []string {
	t.Helper()
	b, err := naughtyFile.ReadFile("testdata/blns/blns.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	if err := json.Unmarshal(b, &out); err != nil || len(out) != 485 {
		t.Fatalf("%d strings, %v", len(out), err)
	}
	return out
}

// paths compiles content for each of the paths; what cannot be spliced is the
// same twice.
func paths(t testing.TB, c delivery.Content) map[string]*Template {
	t.Helper()
	out := map[string]*Template{}
	for name, fast := range map[string]bool{"spliced": true, "engine": false} {
		tpl, findings := compileFrom(c, Resources{}, fast)
		if tpl == nil {
			t.Fatalf("%s: %+v", name, findings)
		}
		out[name] = tpl
	}
	return out
}

// fieldsOf are the names of a message's fields as enmime sees them, one for each
// time, sorted; there must be one recipient.
func fieldsOf(t fataler, data []byte) string {
	e, err := enmime.NewParser(enmime.DisableCharacterDetection(true)).ReadEnvelope(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("enmime: %v", err)
	}
	to, err := e.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != "ann@example.org" {
		t.Fatalf("To %v, %v", to, err)
	}
	var names []string
	for _, name := range e.GetHeaderKeys() {
		for range e.GetHeaderValues(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

const usualFields = "Content-Type Date From List-Id List-Unsubscribe Message-Id Mime-Version Precedence Reply-To Subject To"

// Fault 62: what ends a message for SMTP, a line of five megabytes, a NUL.
func TestFault62OneMessageWhateverTheBody(t *testing.T) {
	w := newWitness(t)
	big := strings.Repeat("x", 3<<20)
	for _, v := range []string{"\r\n.\r\n", "\n.\n", "\r.\r", "\r\n.\r\nQUIT\r\n", ".", "..", ".\r\n", "\n.", ".\n.\n..\n", strings.Repeat("\n.", 3000), "a\x00b", "\x00",
		big, strings.Repeat(".", 1<<20), strings.Repeat("é", 1<<20), big + "\n.\n" + big[:100]} {
		if len(v) < 1<<10 {
			w.arrives(t, v, v)
		}
		for name, tpl := range paths(t, delivery.Content{From: "Acme <news@acme.example>", Subject: "s", HTML: "<p>{{ v }}</p>", Text: "t{{ v }}"}) {
			var b Buffer
			m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"v": v}}, envelope())
			if err != nil {
				t.Fatalf("%s: %.20q: %v", name, v, err)
			}
			if err := Guard(m.Data, 0); err != nil || bytes.Contains(m.Data, []byte("\n.")) || bytes.HasPrefix(m.Data, []byte(".")) {
				t.Errorf("%s: %.20q: %v", name, v, err)
			}
			got := readEnmime(t, m.Data)
			if got.html != "<p>"+wanted(v)+"</p>" || got.text != "t"+wanted(v) {
				t.Errorf("%s: %.20q of %d: reads %.20q of %d, %.20q of %d", name, v, len(v), got.html, len(got.html), got.text, len(got.text))
			}
		}
	}
	// More than a part may have is refused, by both paths alike.
	for name, tpl := range paths(t, delivery.Content{From: "Acme <news@acme.example>", Subject: "s", HTML: "<p>{{ v }}</p>", Text: "t"}) {
		var b Buffer
		if _, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"v": strings.Repeat("x", 5<<20)}}, envelope()); !delivery.Is(err, delivery.KindTooLarge) {
			t.Errorf("%s: five megabytes: %v", name, err)
		}
	}
	// The template itself may hold them as well.
	for _, body := range []string{"one\r\n.\r\ntwo", ".\n.", "one\r.\rtwo", ".{{ v }}\n.{{ v }}"} {
		for name, tpl := range paths(t, delivery.Content{From: "Acme <news@acme.example>", Subject: "s", HTML: body, Text: body}) {
			var b Buffer
			m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"v": "."}}, envelope())
			if err == nil {
				err = Guard(m.Data, 0)
			}
			want := strings.ReplaceAll(wanted(body), "{{ v }}", ".")
			if got := readStd(t, m.Data); err != nil || bytes.Contains(m.Data, []byte("\n.")) || got.html != want || got.text != want {
				t.Errorf("%s: %q: %q, %v", name, body, got, err)
			}
		}
	}
}

// injections are values that try to become fields, parts or recipients.
func injections() []string {
	var out []string
	for _, end := range []string{"\r\n", "\n", "\r", "\n\r", "\r\r\n", "\u0085", "\u2028", "\v", "\f", "\x00\n", "=0D=0A", "=?utf-8?q?=0D=0A?=", "%0D%0A", "\r\n\t", "\r\n "} {
		for _, field := range []string{"Bcc: evil@example.org", "To: evil@example.org", "Subject: won", "Reply-To: evil@example.org", "List-Unsubscribe: <https://evil.example/>",
			"Content-Type: text/html", "\r\n<script>", "--=_x", "X: " + strings.Repeat("y", 2000)} {
			out = append(out, "x"+end+field, end+field, "x"+end+field+end)
		}
	}
	return append(out, `x" <evil@example.org>, "y`, "x>, evil@example.org <", "x, evil@example.org", "(comment) x", "evil@example.org")
}

// Fault 63: a value with line breaks is no field and no recipient, wherever it
// stands.
func TestFault63NoHeaderFromAValue(t *testing.T) {
	c := delivery.Content{From: "Acme <news@acme.example>", ReplyTo: "Help <help@acme.example>", Subject: "Hi {{ v }}{{ delivery.label }}", Preheader: "{{ v }}",
		HTML: `<a href="{{ v }}" title='{{ v }}'>{{ v }}</a>{{ delivery.label }}`, Text: "{{ v }}{{ delivery.label }}"}
	templates := paths(t, c)
	check := func(t fataler, v string) {
		for name, tpl := range templates {
			var b Buffer
			e := envelope()
			e.Label = v
			m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"v": v}}, e)
			if delivery.Is(err, delivery.KindTooLarge) {
				continue
			}
			if err != nil {
				t.Fatalf("%s: %q: %v", name, v, err)
			}
			if err := Guard(m.Data, 0); err != nil {
				t.Fatalf("%s: %q: %v", name, v, err)
			}
			if got := fieldsOf(t, m.Data); got != usualFields {
				t.Fatalf("%s: %q: fields %s\n%s", name, v, got, m.Data)
			}
			if m.To != "ann@example.org" || m.From != "news@acme.example" {
				t.Fatalf("%s: %q: envelope %q, %q", name, v, m.From, m.To)
			}
			if got := readStd(t, m.Data); got.subject != strings.TrimSpace("Hi "+wantedLine(v)+wantedLine(v)) || got.text != wanted(v)+wanted(v) {
				t.Fatalf("%s: %q reads %q", name, v, got)
			}
		}
	}
	for _, v := range injections() {
		check(t, v)
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, rapid.SampledFrom(injections()).Draw(t, "injection")+anyValue().Draw(t, "more"))
	})
}

// Fault 63: nor are the sender, where replies go, the subject's own text or the
// envelope. What cannot be a field is refused, what can is one.
func TestFault63NoHeaderFromTheSettings(t *testing.T) {
	for _, v := range injections() {
		brand := delivery.Brand{Name: v, Address: "news@acme.example"}.From()
		for _, c := range []delivery.Content{
			{From: brand, Subject: "s"}, {From: v, Subject: "s"}, {From: "Acme <news@acme.example>" + v, Subject: "s"},
			{From: "a@b.example", ReplyTo: brand, Subject: "s"}, {From: "a@b.example", ReplyTo: v, Subject: "s"},
			{From: "a@b.example", Subject: v, Preheader: v},
		} {
			c.Text = "t"
			tpl, findings := Compile(c)
			if tpl == nil {
				if !strings.Contains(v, "\x00") || len(findings) == 0 {
					t.Errorf("%q: %+v", v, findings)
				}
				continue
			}
			var b Buffer
			m, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, envelope())
			if err != nil {
				if len(findings) == 0 && !delivery.Is(err, delivery.KindTooLarge) {
					t.Errorf("%q: %v, and nothing was found before", v, err)
				}
				continue
			}
			want := strings.Replace(usualFields, "Content-Type", "Content-Transfer-Encoding Content-Type", 1)
			if c.ReplyTo == "" {
				want = strings.Replace(want, "Reply-To ", "", 1)
			}
			if got := fieldsOf(t, m.Data); got != want {
				t.Errorf("%+v: fields %s\n%s", c, got, m.Data)
			}
		}
		for field, e := range map[string]Envelope{"message_id": {MessageID: "<a@b.example>" + v}, "unsubscribe": {MessageID: "<a@b.example>", UnsubscribeMailto: "mailto:a@b.example?subject=" + v}} {
			tpl := compile(t, delivery.Content{Subject: "s", Text: "t"})
			var b Buffer
			m, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, e)
			if err == nil && (strings.ContainsAny(v, "\r\n<> ") || field == "message_id") {
				t.Errorf("%s %q:\n%s", field, v, m.Data)
			}
		}
	}
}

// Fault 64: an address that would become a parameter or a second recipient is
// refused when it is imported, and again when the message is rendered.
func TestFault64AddressesThatSayMore(t *testing.T) {
	tpl := compile(t, delivery.Content{Subject: "s", Text: "t"})
	render := func(a string) error {
		var b Buffer
		_, err := tpl.Render(&b, Recipient{Address: a}, envelope())
		return err
	}
	more := []string{">", "<", " ", "\t", "\r", "\n", "\x00", ",", ";", ":", "> NOTIFY=NEVER", "> ORCPT=rfc822;x", " BODY=8BITMIME", ">\r\nRCPT TO:<evil@example.org", "\r\n.\r\n",
		",evil@example.org", "<evil@example.org>", "(comment)", "\"", "\\", "\u2028", "\u00a0x", "@evil.example", "%0d%0a"}
	for _, x := range more {
		for _, a := range []string{x + "ann@example.org", "an" + x + "n@example.org", "ann@exam" + x + "ple.org", "ann@example.org" + x, "ann" + x + "@example.org"} {
			parsed, importErr := audience.ParseAddress(a)
			if err := render(a); err == nil && parsed.Normal != a {
				t.Errorf("%q is rendered; imported it is %q, %v", a, parsed.Normal, importErr)
			}
			if importErr == nil && strings.ContainsAny(parsed.Normal, "<> \t\r\n\x00,;") {
				t.Errorf("%q is imported as %q", a, parsed.Normal)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.OneOf(anyValue(), rapid.StringMatching(`[a-z.+"\\ <>@,;:()-]{1,12}@[a-z.-]{1,12}\.(org|example)`)).Draw(t, "address")
		if render(a) != nil {
			return
		}
		list, err := mail.ParseAddressList(a)
		if err != nil || len(list) != 1 || list[0].Address != a || strings.ContainsAny(a, "<> \t\r\n\x00,;:\"\\") {
			t.Fatalf("%q is rendered: %v, %v", a, list, err)
		}
	})
}

// Fault 76: one mailbox spelled in several ways is one person; another tag is
// another mailbox.
func TestFault76OneMailboxInSeveralSpellings(t *testing.T) {
	key := func(a string) string {
		p, err := audience.ParseAddress(a)
		if err != nil {
			t.Fatalf("%s: %v", a, err)
		}
		return p.Key
	}
	for _, same := range [][]string{
		{"ann@example.org", "Ann@Example.ORG", " ANN@example.org "},
		{"zoe@bücher.example", "zoe@BÜCHER.example", "zoe@xn--bcher-kva.example", "Zoe@XN--BCHER-KVA.example"},
		{"ann+news@example.org", "Ann+News@example.org"},
	} {
		for _, a := range same {
			if key(a) != key(same[0]) {
				t.Errorf("%s and %s are two people: %s, %s", same[0], a, key(same[0]), key(a))
			}
			// Whatever was written is what the message is addressed to, and it can be.
			p, _ := audience.ParseAddress(a)
			tpl := compile(t, delivery.Content{Subject: "s", Text: "t"})
			var b Buffer
			if m, err := tpl.Render(&b, Recipient{Address: p.Normal}, envelope()); err != nil || m.To != p.Normal {
				t.Errorf("%s: %q, %v", a, m.To, err)
			}
		}
	}
	for _, other := range []string{"ann+news@example.org", "a.nn@example.org", "ann@example.com"} {
		if key(other) == key("ann@example.org") {
			t.Errorf("%s is ann@example.org", other)
		}
	}
}
