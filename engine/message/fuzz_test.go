package message

import (
	"strings"
	"testing"
	"unicode/utf8"

	"sendoff/engine/delivery"
)

func FuzzCompile(f *testing.F) {
	for _, s := range []string{"", "{{ a }}", "{% if a %}b{% else %}c{% endif %}", "{{ a | default: 'x' | upcase }}", "{% assign a = b | plus: 1 %}", "{% case a %}{% when 'x', b %}{% endcase %}",
		"{% capture a %}{{ b }}{% endcapture %}{{ a }}", "{% raw %}{{{% endraw %}", "{%- comment -%}{%- endcomment -%}", "<a href=\"{{ a }}\">", "{{ (a or b) and c }}", "{{ a.b | date: '%Y' }}",
		"{{ 'a}}' }}", "{{ -1.5 | round: 2 }}", "<!--[if mso]>{{ a }}<![endif]-->", outlook} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, fast := range []bool{true, false} {
			tpl, findings := compileFrom(delivery.Content{From: "a@b.example", Subject: s, Preheader: s, HTML: s, Text: s}, Resources{}, fast)
			if tpl == nil {
				if len(findings) == 0 {
					t.Fatal("neither template nor finding")
				}
				for _, f := range findings {
					if f.Line < 1 || f.Column < 1 || f.Part == "" || f.Detail == "" {
						t.Fatalf("a finding without a place: %+v", f)
					}
				}
				continue
			}
			var b Buffer
			m, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, envelope())
			if err != nil {
				continue
			}
			if err := Guard(m.Data, 0); err != nil && !strings.Contains(err.Error(), GuardEmpty) && !strings.Contains(s, "value>") {
				t.Fatalf("%v\n%s", err, m.Data)
			}
		}
	})
}

func FuzzRenderValue(f *testing.F) {
	for _, v := range hostile() {
		f.Add(v)
	}
	c := delivery.Content{From: "a@b.example", Subject: "Hi {{ v }}", Preheader: "See {{ v }}", HTML: `<a href="{{ v }}" title="{{ v }}">{{ v }}</a>{% if v %}{{ v | capitalize }}{% endif %}`, Text: "{{ v }}."}
	simple := c
	simple.HTML = `<a href="{{ v }}" title="{{ v }}">{{ v }}</a>`
	complex, _ := Compile(c)
	spliced, _ := Compile(simple)
	f.Fuzz(func(t *testing.T, v string) {
		for _, tpl := range []*Template{complex, spliced} {
			var b Buffer
			m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"v": v}}, envelope())
			if delivery.Is(err, delivery.KindTooLarge) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(v) < 10_000 {
				if err := Guard(m.Data, 0); err != nil {
					t.Fatalf("%v\n%s", err, m.Data)
				}
			}
			got := readEnmime(t, m.Data)
			if strings.Count(got.html, "<a ") != 1 || strings.Count(got.html, "</a>") != 1 {
				t.Fatalf("the value became markup: %s", got.html)
			}
			readStd(t, m.Data)
		}
	})
}

func FuzzGuard(f *testing.F) {
	f.Add([]byte(goodHeader + "\r\nHello\r\n"))
	f.Add([]byte(goodHeader + "\r\nHi {{ x }} <no value>\r\n"))
	f.Add([]byte("From: a\r\n b\r\n\r\n--=_x\r\n\r\n=\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if Guard(data, 1<<20) != nil {
			return
		}
		for line := range strings.SplitSeq(string(data), "\r\n") {
			if len(line) > maxLine || strings.ContainsAny(line, "\r\n\x00") || strings.ContainsFunc(line, func(r rune) bool { return r > 0x7e+1 }) {
				t.Fatalf("let through %q", line)
			}
		}
		header, body, ok := strings.Cut(string(data), "\r\n\r\n")
		if !ok || strings.TrimSpace(body) == "" {
			t.Fatalf("let an empty message through: %q", data)
		}
		n := 0
		for line := range strings.SplitSeq(header, "\r\n") {
			if len(line) >= 8 && strings.EqualFold(line[:8], "Subject:") {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("let %d subjects through: %q", n, data)
		}
	})
}

func FuzzTextFromHTML(f *testing.F) {
	for _, s := range []string{outlook, "<p>{{ a }}</p>", "{% if a %}<li>{% else %}<p>{% endif %}", "&#123;&#123;x", "<a href='{{ a }}'><a>{{ b }}</a>", "\ufdd0{{ a }}\ufdd0", "<textarea>{{ a }}", "<plaintext>{{ a }}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\r\x00") || len(s) > 1<<16 {
			return
		}
		text := TextFromHTML(s)
		before := source{part: PartHTML, text: s}
		if before.scan() != nil {
			return
		}
		after := source{part: PartText, text: text}
		if f := after.scan(); f != nil {
			// Blocks may begin in text and end in what is skipped; all else must hold.
			if !strings.HasPrefix(f.detail, "misplaced") && !strings.HasPrefix(f.detail, "unclosed_block") && f.detail != "too_deep" {
				t.Fatalf("%q became %q: %v", s, text, f)
			}
			return
		}
		known := map[string]bool{}
		for _, n := range before.nodes {
			if n.kind == nodeObject {
				known[s[n.pos:n.pos+2]] = true
			}
		}
		for _, n := range after.nodes {
			if n.kind == nodeObject && len(known) == 0 {
				t.Fatalf("%q became %q: an object from nowhere", s, text)
			}
		}
	})
}
