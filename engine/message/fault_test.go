package message

import (
	"bytes"
	"embed"
	"encoding/json"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jhillyerd/enmime/v2"
	"golang.org/x/net/html"
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
		tpl, findings := compileWith(c, fast)
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

// Fault 77: nothing loops, recurses or grows without bound: it is refused when it
// is compiled, or ends within a second.
func TestFault77NoTemplateRunsAway(t *testing.T) {
	for _, s := range []string{"{% for i in (1..1000000000) %}x{% endfor %}", "{% for a in b %}{% for c in b %}{% endfor %}{% endfor %}", "{% tablerow i in (1..9) %}{% endtablerow %}",
		"{% include 'self' %}", "{% render 'self' %}", "{% layout 'self' %}", "{% cycle 'a', 'b' %}", "{% increment x %}", "{% while true %}{% endwhile %}", "{{ (1..1000000000) }}",
		"{{range 1000000000000}}{{end}}", "{{template \"x\"}}", "{% liquid for i in (1..9) %}", "{{ x | map: 'y' }}", "{{ x | where: 'y' }}", "{{ x | concat: x }}",
		strings.Repeat("{% if a %}", 10_000) + strings.Repeat("{% endif %}", 10_000), "{{ " + strings.Repeat("(", 10_000) + "a" + strings.Repeat(")", 10_000) + " }}"} {
		start := time.Now()
		tpl, findings := Compile(delivery.Content{From: "a@b.example", Subject: "s", HTML: s})
		if tpl != nil || len(findings) == 0 {
			t.Errorf("%.60q is taken", s)
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%.60q: %v", s, d)
		}
	}
	long := strings.Repeat("a", 50_000)
	for name, body := range map[string]string{
		"capture doubles":        "{% assign c = v %}" + strings.Repeat("{% capture c %}{{ c }}{{ c }}{% endcapture %}", 60) + "{{ c }}",
		"append doubles":         "{% assign c = v %}" + strings.Repeat("{% assign c = c | append: c %}", 60) + "{{ c }}",
		"prepend doubles":        "{% assign c = v %}" + strings.Repeat("{% assign c = c | prepend: c %}", 60) + "{{ c }}",
		"replace multiplies":     "{% assign c = v %}" + strings.Repeat("{% assign c = c | replace: 'a', c %}", 20) + "{{ c }}",
		"replace by a long text": "{{ v | replace: 'a', v }}",
		"replace of nothing":     "{{ v | replace: '', v }}",
		"a chain":                "{{ v" + strings.Repeat(" | replace: 'a', 'aa'", 60) + " }}",
		"words":                  "{{ v | truncatewords: 999999999, v | split: '' | last }}",
		"numbers":                "{{ v | size | times: 99999999999999999999 | times: 99999999999999999999 }}",
		"many ifs":               strings.Repeat("{% if v contains v %}{{ v | escape_once | url_encode | size }}{% endif %}", 60),
		"in a condition":         strings.Repeat("{% if v == v and v contains 'b' %}x{% else %}y{% endif %}", 2000),
	} {
		// Another process may have the processor: the best of three counts.
		best := time.Hour
		for range 3 {
			start := time.Now()
			tpl, _ := Compile(delivery.Content{From: "a@b.example", Subject: "s", HTML: body})
			if tpl != nil {
				var b Buffer
				m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"v": long}}, envelope())
				if err != nil && !delivery.Is(err, delivery.KindTooLarge) && !delivery.Is(err, delivery.KindTemplate) {
					t.Errorf("%s: %v", name, err)
				}
				if len(m.Data) > 4*MaxRendered {
					t.Errorf("%s: %d bytes", name, len(m.Data))
				}
			}
			if best = min(best, time.Since(start)); best < budget {
				break
			}
		}
		if best > budget {
			t.Errorf("%s: %v", name, best)
		}
	}
}

// Fault 78: who lacks a field gets the default or is told of, and nobody gets the
// hole.
func TestFault78MissingFields(t *testing.T) {
	body := `Dear {{ name }}, {{ city | default: "your town" }}{% if code %}, code {{ code }}{% endif %}{{ name | upcase }}.`
	for name, tpl := range paths(t, delivery.Content{From: "a@b.example", Subject: "Hi {{ name }}", Preheader: "{{ name }}", HTML: "<p>" + body, Text: body}) {
		for _, fields := range []map[string]string{nil, {}, {"name": ""}, {"name": " \t", "city": "", "code": ""}, {"Name": "Ann"}} {
			var b Buffer
			m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: fields}, envelope())
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if strings.Join(m.Missing, " ") != "name" {
				t.Errorf("%s: %v misses %q", name, fields, m.Missing)
			}
			got := readStd(t, m.Data)
			for _, s := range []string{got.subject, got.html, got.text} {
				if strings.Contains(s, "no value") || strings.Contains(s, "nil") || strings.ContainsAny(s, "{}") {
					t.Errorf("%s: %v: %q", name, fields, s)
				}
			}
			if !strings.Contains(got.text, "your town.") && !strings.Contains(got.text, "your town \t.") || strings.Contains(got.text, "code") {
				t.Errorf("%s: %v: %q", name, fields, got.text)
			}
		}
	}
}

// markupOf is what a mail program makes of HTML: its elements with the names of
// their attributes, and the links.
func markupOf(t fataler, s string) (elements string, links []string) {
	z := html.NewTokenizer(strings.NewReader(s))
	var b strings.Builder
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String(), links
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			b.WriteString("<" + tok.Data)
			for _, a := range tok.Attr {
				b.WriteString(" " + a.Key)
				if linkAttribute(a.Key) {
					links = append(links, a.Val)
				}
			}
			b.WriteString(">")
		case html.EndTagToken:
			b.WriteString("</" + z.Token().Data + ">")
		case html.CommentToken:
			b.WriteString("<!-->")
		}
	}
}

// schemeOf reads the scheme of a link as a browser does (URL Standard, basic URL
// parser): spaces and controls at the ends and tabs and line breaks anywhere are
// not there.
func schemeOf(link string) string {
	link = strings.TrimFunc(link, func(r rune) bool { return r <= ' ' })
	link = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(link)
	for i, c := range link {
		switch {
		case c == ':' && i > 0:
			return strings.ToLower(link[:i])
		case c|0x20 >= 'a' && c|0x20 <= 'z', i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return ""
		}
	}
	return ""
}

// Fault 79: a value brings no element, no attribute and no link that runs.
func TestFault79ValuesStayInert(t *testing.T) {
	c := delivery.Content{From: "a@b.example", Subject: "s", HTML: `<p title="{{ v }}" class='{{ v }}'>{{ v }}</p><a href="{{ v }}">x</a><a href='{{ v }}{{ w }}'>y</a><img src="{{ w | default: v }}" alt="{{ v }}"><textarea>{{ v }}</textarea><!-- {{ v }} -->`}
	templates := paths(t, c)
	want, _ := markupOf(t, strings.NewReplacer("{{ v }}", "v", "{{ w }}", "w", "{{ w | default: v }}", "v").Replace(c.HTML))
	check := func(t fataler, v, w string) {
		for name, tpl := range templates {
			var b Buffer
			m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"v": v, "w": w}}, envelope())
			if err != nil {
				t.Fatalf("%s: %q, %q: %v", name, v, w, err)
			}
			got := readStd(t, m.Data)
			elements, links := markupOf(t, got.html)
			if elements != want {
				t.Fatalf("%s: %q, %q: elements %s, want %s\n%s", name, v, w, elements, want, got.html)
			}
			for _, l := range links {
				// Two values in a row can make a scheme that nobody has, such as
				// xhttps.
				s := schemeOf(l)
				if !slices.ContainsFunc([]string{"http", "https", "mailto", "tel"}, func(end string) bool { return s == "" || strings.HasSuffix(s, end) }) {
					t.Fatalf("%s: %q, %q: the link %q has the scheme %s", name, v, w, l, s)
				}
			}
			if strings.Contains(strings.ToLower(got.text), "<script") && !strings.Contains(strings.ToLower(v+w), "<script") {
				t.Fatalf("%s: %q", name, got.text)
			}
		}
	}
	bad := append(hostile(), "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)", " javascript:alert(1)", "javascript&#58;alert(1)", "javascript&colon;alert(1)",
		"&#106;avascript:alert(1)", "data:text/html;base64,PHNjcmlwdD4=", "vbscript:msgbox(1)", "feed:javascript:alert(1)", "blob:x", "file:///etc/passwd", "view-source:x", "jar:x", "ms-office:x",
		"<script>alert(1)</script>", "<iframe src=//evil.example>", "</textarea><script>", "--><script>", "'><img src=x onerror=alert(1)>", "\"onload=alert(1)//", "` onload=x")
	bad = append(bad, naughty(t)...)
	for _, v := range bad {
		if len(v) > 1000 {
			continue
		}
		check(t, v, "")
		check(t, "javascript", v)
		check(t, "java", "script:"+v)
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, rapid.OneOf(rapid.SampledFrom(bad), anyValue()).Draw(t, "v"), rapid.OneOf(rapid.SampledFrom(bad), anyValue()).Draw(t, "w"))
	})
	// Where a value would run there is no place for one.
	for _, s := range []string{"<script>{{ v }}</script>", "<script>x = '{{ v }}'</script>", `<p onclick="{{ v }}">`, `<p onclick='x({{ v }})'>`, "<p {{ v }}>", "<{{ v }}>", "</{{ v }}>", "<{% if v %}{{ v }}{% endif %}>", "<p title={{ v }}>", `<a href="{{ v }}:x">`} {
		if tpl, _ := Compile(delivery.Content{From: "a@b.example", Subject: "s", HTML: s}); tpl != nil {
			t.Errorf("%s is taken", s)
		}
	}
}

// Fault 80: what Outlook and MJML need is delivered as it was written, to the
// byte.
func TestFault80ConditionalCommentsAreKept(t *testing.T) {
	for _, source := range []string{
		strings.NewReplacer("NAME", "Ann", "LINK", "https://x.example/?a=1&b=%20").Replace(outlook),
		"<!--[if mso]><v:rect xmlns:v='urn:schemas-microsoft-com:vml' style=\"width:600px\"><![endif]-->\n<p>x</p>\n<!--[if mso]></v:rect><![endif]-->\n",
		"<!--[if !mso]><!--><p>a</p><!--<![endif]-->", "<!--[if (gte mso 9)|(IE)]>\t<table  width = '600'>\t<![endif]-->", "<!--[if mso]>&nbsp;<i style='mso-font-width:-100%'>&#8202;</i><![endif]-->",
		"<style>/*<![CDATA[*/ a>b{c:d} /*]]>*/</style>\n<!-- {curly} {percent%} -->  \n\n\t<p>=3D =20 trailing \t\n</p>",
	} {
		for name, tpl := range paths(t, delivery.Content{From: "a@b.example", Subject: "s", HTML: source, Text: "t"}) {
			var b Buffer
			m, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, envelope())
			if err == nil {
				err = Guard(m.Data, 0)
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := readEnmime(t, m.Data); got.html != source {
				t.Errorf("%s: got\n%q\nwant\n%q", name, got.html, source)
			}
		}
	}
}

// Fault 81: the naughty strings arrive, as names, subjects and text.
func TestFault81NaughtyStringsArrive(t *testing.T) {
	w := newWitness(t)
	for i, v := range naughty(t) {
		w.arrives(t, v, v)
		// As the name of the sender.
		tpl, findings := Compile(delivery.Content{From: delivery.Brand{Name: v, Address: "news@acme.example"}.From(), Subject: "s", Text: "t"})
		if tpl == nil || len(findings) > 0 {
			if !strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) && !strings.Contains(v, "{{") && !strings.Contains(v, "{%") {
				t.Errorf("%d: the name %q: %+v", i, v, findings)
			}
			continue
		}
		var b Buffer
		m, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, envelope())
		if err == nil {
			err = Guard(m.Data, 0)
		}
		if err != nil {
			t.Errorf("%d: %q: %v", i, v, err)
			continue
		}
		parsed, err := mail.ReadMessage(bytes.NewReader(m.Data))
		if err != nil {
			t.Fatal(err)
		}
		from, err := parsed.Header.AddressList("From")
		if err != nil || len(from) != 1 || from[0].Address != "news@acme.example" || from[0].Name != strings.TrimSpace(wantedLine(v)) {
			t.Errorf("%d: %q reads %+v, %v\n%s", i, v, from, err, m.Data)
		}
	}
}
