package message

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
)

func TestBrokenLiquidHasAPlace(t *testing.T) {
	for _, c := range []struct {
		html         string
		line, column int
		detail       string
	}{
		{"{{ name", 1, 1, "unclosed_object"},
		{"a\nbé {{ name }\n", 2, 4, "unclosed_object"},
		{"a\n  {% if x %}b", 2, 3, "unclosed_block if"},
		{"{% if x", 1, 1, "unclosed_tag"},
		{"{{ a {{ b }}", 1, 1, "unclosed_object"},
		{"{% if a %}{% endfor %}", 1, 11, "unknown_tag endfor"},
		{"{% endif %}", 1, 1, "misplaced endif"},
		{"{% if a %}{% else %}{% else %}{% endif %}", 1, 21, "misplaced else"},
		{"{% if a %}{% else %}{% elsif b %}{% endif %}", 1, 21, "misplaced elsif"},
		{"{% if a %}{% when b %}{% endif %}", 1, 11, "misplaced when"},
		{"{% for i in (1..1000000000) %}x{% endfor %}", 1, 1, "unknown_tag for"},
		{"{% tablerow i in list %}x{% endtablerow %}", 1, 1, "unknown_tag tablerow"},
		{"{% include 'x' %}", 1, 1, "unknown_tag include"},
		{"{% render 'x' %}", 1, 1, "unknown_tag render"},
		{"{% cycle 'a','b' %}", 1, 1, "unknown_tag cycle"},
		{"{% increment x %}", 1, 1, "unknown_tag increment"},
		{"{% layout %}", 1, 1, "unknown_tag layout"},
		{"{{ (1..9) }}", 1, 4, "range"},
		{"{% assign a = (1..9) %}", 1, 15, "range"},
		{"{{ name | sort }}", 1, 11, "unknown_filter sort"},
		{"x\n{{ name\n | default: 'a'\n | json }}", 4, 4, "unknown_filter json"},
		{"{{ name | safe }}", 1, 11, "unknown_filter safe"},
		{"{{ name | default }}", 1, 11, "filter_arguments default"},
		{"{{ name | upcase: 1 }}", 1, 11, "filter_arguments upcase"},
		{"{{ today | date: '%9999d' }}", 1, 18, "date_format"},
		{"{{ today | date: name }}", 1, 18, "date_format"},
		{"{{ n | divided_by: 0 }}", 1, 20, "division_by_zero"},
		{"{{ }}", 1, 4, "value_missing"},
		{"{{}}", 1, 3, "value_missing"},
		{"{{ a b }}", 1, 6, "unexpected b"},
		{"{{ a | }}", 1, 8, "filter_missing"},
		{"{{ a[0] }}", 1, 5, "unexpected ["},
		{"{{ it's }}", 1, 6, "unclosed_string"},
		{"{{ 99999999999999999999 }}", 1, 4, "bad_number"},
		{"{{ a & b }}", 1, 6, "unexpected &"},
		{"{% assign = 1 %}", 1, 11, "name_missing"},
		{"{% assign a 1 %}", 1, 13, "equals_missing"},
		{"{% assign a.b = 1 %}", 1, 12, "equals_missing"},
		{"{% if %}x{% endif %}", 1, 7, "value_missing"},
		{"{% comment %}{{", 1, 1, "unclosed_block comment"},
		{"{% raw %}{{", 1, 1, "unclosed_block raw"},
		{"{% %}", 1, 1, "tag_missing"},
		{"{{{ a }}}", 1, 3, "unexpected {"},
		{"a\x00b", 1, 2, "nul"},
		{"a <no value>", 1, 3, "no_value"},
		{"a\nb\xff", 2, 2, "not_utf8"},
		{strings.Repeat("{% if a %}", 40), 1, 321, "too_deep"},
		{"{{ a" + strings.Repeat(" ", 5000) + "}}", 1, 3, "too_long"},
		{strings.Repeat("x", MaxSource+1), 1, 1, "source_too_long 1048577"},
		{"<a {{ x }}>", 1, 4, "value_in_tag"},
		{"<a{{ x }}>", 1, 3, "value_in_tag"},
		{"<{{ x }}>", 1, 2, "value_in_tag"},
		{"</{{ x }}>", 1, 3, "value_in_tag"},
		{"<{% if x %}{{ x }}{% endif %}>", 1, 12, "value_in_tag"},
		{"<{% if x %}a {% endif %}{{ x }}>", 1, 25, "value_in_tag"},
		{"<a href={{ x }}>", 1, 9, "value_without_quotes"},
		{"<a href=x{{ x }}>", 1, 10, "value_without_quotes"},
		{"<a onclick=\"{{ x }}\">", 1, 13, "value_in_script"},
		{"<script>{{ x }}</script>", 1, 9, "value_in_script"},
		{"<a href=\"{{ x }}://example.org\">", 1, 10, "value_as_scheme"},
	} {
		tpl, findings := Compile(delivery.Content{From: "a@b.example", Subject: "s", HTML: c.html})
		if tpl != nil || len(findings) != 1 {
			t.Errorf("%.60q: template %v, findings %+v", c.html, tpl != nil, findings)
			continue
		}
		want := delivery.Finding{Code: delivery.FindTemplate, Severity: delivery.SeverityError, Part: PartHTML, Line: c.line, Column: c.column, Detail: c.detail}
		if findings[0] != want {
			t.Errorf("%.60q:\ngot  %+v\nwant %+v", c.html, findings[0], want)
		}
	}
}

func TestEveryBrokenPartIsFound(t *testing.T) {
	_, findings := Compile(delivery.Content{From: "a@b.example", Subject: "{{", Preheader: "x {{", HTML: "\n{{", Text: "\n\n{%"})
	var got []string
	for _, f := range findings {
		got = append(got, f.Part)
	}
	if s := strings.Join(got, " "); s != "subject preheader html text" {
		t.Errorf("parts: %s", s)
	}
}

func TestLinesEndAsTheyLike(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		_, findings := Compile(delivery.Content{From: "a@b.example", Subject: "s", Text: "one" + end + "two {{ x | bad }}"})
		if len(findings) != 1 || findings[0].Line != 2 || findings[0].Column != 12 {
			t.Errorf("%q: %+v", end, findings)
		}
	}
}

func TestSender(t *testing.T) {
	for _, c := range []struct {
		from string
		code delivery.FindingCode
		line string // of the header, when it is right
	}{
		{"news@acme.example", "", "From: news@acme.example"},
		{"Acme <news@acme.example>", "", "From: Acme <news@acme.example>"},
		{"Acme, Inc. <news@acme.example>", delivery.FindSenderInvalid, ""},
		{`"Acme, Inc." <news@acme.example>`, "", `From: "Acme, Inc." <news@acme.example>`},
		{"Acmé <news@acme.example>", "", "From: =?utf-8?b?QWNtw6k=?= <news@acme.example>"},
		{"News <news@bücher.example>", "", "From: News <news@xn--bcher-kva.example>"},
		{"", delivery.FindSenderEmpty, ""},
		{"  ", delivery.FindSenderEmpty, ""},
		{"news", delivery.FindSenderInvalid, ""},
		{"news@", delivery.FindSenderInvalid, ""},
		{"a@b.example, c@d.example", delivery.FindSenderInvalid, ""},
		{"Group: a@b.example;", delivery.FindSenderInvalid, ""},
		{"Acme <news@acme.example>\r\nBcc: x@y.example", delivery.FindSenderInvalid, ""},
		{"Acme <news@acme.example>\n", delivery.FindSenderInvalid, ""},
		{`"a b"@acme.example`, delivery.FindSenderInvalid, ""},
		{"{{ name }} <news@acme.example>", delivery.FindSenderInvalid, ""},
		{"Acme <news@[127.0.0.1]>", delivery.FindSenderInvalid, ""},
		{"Acme <nëws@acme.example>", delivery.FindSenderInvalid, ""},
		{"Acme <news@-acme.example>", delivery.FindSenderInvalid, ""},
	} {
		tpl, findings := Compile(delivery.Content{From: c.from, Subject: "s", Text: "t"})
		if tpl == nil {
			t.Errorf("%q: no template", c.from)
			continue
		}
		if c.code != "" {
			if len(findings) != 1 || findings[0].Code != c.code || findings[0].Part != PartFrom {
				t.Errorf("%q: %+v, want %s", c.from, findings, c.code)
			}
			var b Buffer
			if _, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, envelope()); !delivery.Is(err, delivery.KindInvalid) {
				t.Errorf("%q was rendered: %v", c.from, err)
			}
			if _, err := tpl.Preview(Recipient{Address: "ann@example.org"}, Envelope{}); err != nil {
				t.Errorf("%q: no preview: %v", c.from, err)
			}
			continue
		}
		var b Buffer
		m, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, envelope())
		if err != nil || len(findings) > 0 {
			t.Errorf("%q: %v, %+v", c.from, err, findings)
			continue
		}
		if !strings.Contains(string(m.Data), "\r\n"+c.line+"\r\n") {
			t.Errorf("%q: no line %q in\n%s", c.from, c.line, m.Data)
		}
	}
}

func TestReplyTo(t *testing.T) {
	tpl := compile(t, delivery.Content{ReplyTo: "Help <help@acme.example>", Subject: "s", Text: "t"})
	var b Buffer
	m, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, envelope())
	if err != nil || !strings.Contains(string(m.Data), "\r\nReply-To: Help <help@acme.example>\r\n") {
		t.Errorf("%v\n%s", err, m.Data)
	}
	_, findings := Compile(delivery.Content{From: "a@b.example", ReplyTo: "nobody", Subject: "s", Text: "t"})
	if len(findings) != 1 || findings[0].Code != delivery.FindReplyToInvalid || findings[0].Part != PartReplyTo {
		t.Errorf("%+v", findings)
	}
}

func TestFields(t *testing.T) {
	tpl := compile(t, delivery.Content{Subject: "{{ a }}", Preheader: "{{ p }}", HTML: "<p>\n{% if b %}{{ b }}{% endif %}{{ c | default: 'x' }}{% assign d = c %}{{ d }}</p>{{ unsubscribe_url }}"})
	want := []Field{
		{"a", PartSubject, 1, 4, false},
		{"p", PartPreheader, 1, 4, false},
		{"b", PartHTML, 2, 7, true},
		{"b", PartHTML, 2, 14, true},
		{"c", PartHTML, 2, 32, true},
		{"c", PartHTML, 2, 65, false},
		{"unsubscribe_url", PartHTML, 2, 83, true},
	}
	got := tpl.Fields()
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestMirrorPage(t *testing.T) {
	_, findings := Compile(delivery.Content{From: "a@b.example", Subject: "s", HTML: "<a href=\"{{ mirror_url }}\">x</a>"})
	if len(findings) != 1 || findings[0].Code != delivery.FindMirror || findings[0].Line != 1 || findings[0].Column != 13 {
		t.Errorf("%+v", findings)
	}
	for _, html := range []string{`{{ mirror_url | default: "https://acme.example" }}`, `{% if mirror_url %}{{ mirror_url }}{% endif %}`} {
		if _, findings := Compile(delivery.Content{From: "a@b.example", Subject: "s", HTML: html}); len(findings) != 0 {
			t.Errorf("%s: %+v", html, findings)
		}
	}
}

// TestSpecialNamesWin gives a recipient columns that are called like the names
// that are always there.
func TestSpecialNamesWin(t *testing.T) {
	fields := map[string]string{"recipient": "R", "recipient.email": "evil@example.org", "delivery": "D", "today": "never", "unsubscribe_url": "nowhere", "email": "E"}
	tpl := compile(t, delivery.Content{Subject: "s", Text: "{{ recipient }} {{ recipient.email }} {{ delivery }} {{ delivery.label }} {{ today }} {{ email }} {{ unsubscribe_url }}"})
	p, err := tpl.Preview(Recipient{Address: "ann@example.org", Fields: fields}, envelope())
	if err != nil {
		t.Fatal(err)
	}
	if want := "R ann@example.org D Summer time 2026-08-10 E mailto:news@acme.example?subject=unsubscribe%20abc"; p.Text != want {
		t.Errorf("got  %q\nwant %q", p.Text, want)
	}
}

func TestLiquid(t *testing.T) {
	fields := map[string]string{"name": "élise de vries", "blank": " ", "points": "120", "price": "9.50", "born": "1980-02-29", "html": "<b>&</b>", "vip": "yes", "list": "a,b,c"}
	for _, c := range []struct{ in, want string }{
		{"{{ name | capitalize }}", "Élise de vries"},
		{"{{ name | upcase }}", "ÉLISE DE VRIES"},
		{"{{ name | split: ' ' | first | capitalize }}", "Élise"},
		{"{{ list | split: ',' | last }}", "c"},
		{"{{ list | split: ',' | size }}", "3"},
		{"{{ name | size }}", "14"},
		{"{{ name | truncate: 8 }}", "élise..."},
		{"{{ name | truncate: 99 }}", "élise de vries"},
		{"{{ name | truncate: 0 }}", "..."},
		{"{{ name | truncatewords: 2 }}", "élise de..."},
		{"{{ name | truncatewords: 3 }}", "élise de vries"},
		{"{{ name | slice: 0 }}{{ name | slice: -2, 2 }}", "ées"},
		{"{{ name | replace: 'de', 'van' | append: '!' | prepend: '¡' }}", "¡élise van vries!"},
		{"{{ name | remove: ' ' }}", "élisedevries"},
		{"{{ name | url_encode }}", "%C3%A9lise+de+vries"},
		{"{{ blank | default: 'x' }}", "x"},
		{"{{ nothing | default: 12 }}", "12"},
		{"{{ points | plus: 1 }} {{ points | minus: 0.5 }} {{ points | times: 2 }}", "121 119.5 240"},
		{"{{ points | divided_by: 50 }} {{ price | divided_by: 2 }} {{ points | modulo: 50 }}", "2 4.75 20"},
		{"{{ price | round }} {{ price | round: 1 }} {{ price | ceil }} {{ price | floor }}", "10 9.5 10 9"},
		{"{{ points | at_most: 100 }} {{ points | at_least: 200 }} {{ -5 | abs }}", "100 200 5"},
		{"{{ born | date: '%-d %B %Y, %A' }}", "29 February 1980, Friday"},
		{"{{ today | date: '%d/%m/%y %%' }}", "10/08/26 %"},
		{"{{ name | date: '%Y' }}", "élise de vries"},
		{"{{ 'now' | date: '%Y' }}", "now"},
		{"{% if vip %}yes{% else %}no{% endif %}", "yes"},
		{"{% if blank %}yes{% else %}no{% endif %}", "no"},
		{"{% if nothing %}yes{% else %}no{% endif %}", "no"},
		{"{% if blank == '' %}1{% endif %}{% if blank == blank %}2{% endif %}{% if nothing == nil %}3{% endif %}{% if nothing == empty %}4{% endif %}{% if vip != '' %}5{% endif %}", "12345"},
		{"{% if points > 99 %}many{% endif %}{% if points > 1000 %}more{% endif %}", "many"},
		{"{% if points == 120 %}exact{% endif %}{% if 120 == points %}ly{% endif %}", "exactly"},
		{"{% if price < points %}less{% endif %}", "less"},
		{"{% if born < '1990-01-01' %}old{% endif %}", "old"},
		{"{% if name contains 'vries' %}v{% endif %}{% if name contains 'x' %}x{% endif %}", "v"},
		{"{% if vip and blank %}a{% elsif vip or blank %}b{% endif %}", "b"},
		{"{% if vip == 'yes' and (blank or points) %}c{% endif %}", "c"},
		{"{% if true %}t{% endif %}{% if false %}f{% endif %}", "t"},
		{"{% unless vip %}no{% else %}yes{% endunless %}", "yes"},
		{"{% unless blank %}no{% endunless %}", "no"},
		{"{% case vip %}{% when 'no' %}n{% when 'maybe', 'yes' %}y{% else %}e{% endcase %}", "y"},
		{"{% case points %}{% when 120 %}120{% endcase %}", "120"},
		{"{% case blank %}{% when 'x' %}x{% else %}e{% endcase %}", "e"},
		{"{% assign x = points | plus: 1 %}{{ x }}{% if x > 120 %}!{% endif %}", "121!"},
		{"{% capture g %}Hi {{ name | capitalize }}{% endcapture %}{{ g }}, {{ g | size }}", "Hi Élise de vries, 17"},
		{"{% capture g %}{% endcapture %}{% if g %}full{% else %}empty{% endif %}", "empty"},
		{"a{% comment %} {{ broken | %} {% endcomment %}b", "ab"},
		{"{% raw %}{{ name }} {% if %}{% endraw %}", "{{ name }} {% if %}"},
		{"a  {{- name -}}  b", "aélise de vriesb"},
		{"a  {%- if vip -%}  b  {%- endif -%}  c", "abc"},
		{"a  {%- comment -%}x{%- endcomment -%}  b", "ab"},
		{"{{ \"a\\\"b\\n\" }}|{{ 'a\\' }}", "a\"b\n|a\\"},
		{"{{ '}}' }}{{ \"{{\" }}", "}}{{"},
		{"{{\u00a0name\u00a0|\u00a0size }}", "14"},
		{"{{ 1.50 }} {{ true }} {{ nil }}|", "1.5 true |"},
		{"}} and a{b:c}} %}", "}} and a{b:c}} %}"},
		{"{{ html }}", "<b>&</b>"},
		{"{% if blank %}{% assign vip = 'x' %}{% endif %}{{ vip }}", "yes"},
		{"{% assign vip = 'x' %}{{ vip }}", "x"},
		{"{{ html | escape }}", "<b>&</b>"},
	} {
		for _, fast := range []bool{true, false} {
			tpl, findings := compileFrom(delivery.Content{From: "a@b.example", Subject: "s", Text: c.in}, Resources{}, fast)
			if tpl == nil {
				t.Errorf("%s: %+v", c.in, findings)
				continue
			}
			p, err := tpl.Preview(Recipient{Address: "ann@example.org", Fields: fields}, envelope())
			if err != nil || p.Text != c.want {
				t.Errorf("%s: got %q, want %q (%v)", c.in, p.Text, c.want, err)
			}
		}
	}
}

func TestHTMLIsEscapedWhereItLands(t *testing.T) {
	for _, c := range []struct{ in, value, want string }{
		{"<p>{{ v }}</p>", `<b>"'&`, "<p>&lt;b&gt;&#34;&#39;&amp;</p>"},
		{`<p title="{{ v }}">`, `"><script>`, `<p title="&#34;&gt;&lt;script&gt;">`},
		{`<a href="{{ v }}">`, "javascript:alert(1)", `<a href="#">`},
		{`<a href="{{ v }}">`, "\x01 JaVaScript\t:alert(1)", `<a href="#">`},
		{`<a href="{{ v }}">`, "java\nscript:alert(1)", `<a href="#">`},
		{`<a href="{{ v }}">`, "javascript&colon;alert(1)", `<a href="#">`},
		{`<a href="{{ v }}">`, "data:text/html,x", `<a href="#">`},
		{`<a href="{{ v }}">`, "https://example.org/?a=1&b=2", `<a href="https://example.org/?a=1&amp;b=2">`},
		{`<a href="{{ v }}">`, "example.org/a:b", `<a href="example.org/a:b">`},
		{`<a href="{{ v }}">`, "mailto:x@example.org", `<a href="mailto:x@example.org">`},
		{`<a href="{{ v }}">`, "TEL:+31", `<a href="TEL:+31">`},
		{`<a href=" {{ v }}">`, "javascript:x", `<a href=" #">`},
		{`<a href='{{ v }}'>`, "javascript:x", `<a href='#'>`},
		{`<a HREF = "{{ v }}">`, "javascript:x", `<a HREF = "#">`},
		{`<img alt="{{ v }}" src="{{ v }}">`, "javascript:x", `<img alt="javascript:x" src="#">`},
		{`<a href="https://x.example/{{ v }}">`, "javascript:x", `<a href="https://x.example/javascript:x">`},
		{`<a href="{% if v %}{{ v }}{% endif %}">`, "javascript:x", `<a href="#">`},
		{`<!--[if mso]><v:roundrect href="{{ v }}"></v:roundrect><![endif]-->`, "javascript:x", `<!--[if mso]><v:roundrect href="#"></v:roundrect><![endif]-->`},
		{`<!-- {{ v }} -->`, "--><b>", `<!-- --&gt;&lt;b&gt; -->`},
		{`<style>p{color:{{ v }}}</style>`, "</style>", `<style>p{color:&lt;/style&gt;}</style>`},
		{`{{ v | append: "<i>" }}`, "<b>", `&lt;b&gt;&lt;i&gt;`},
		{`{% raw %}<b>{{ v }}</b>{% endraw %}`, "x", `<b>{{ v }}</b>`},
		{`{% capture x %}<b>{{ v }}{% endcapture %}{{ v }}`, "&", `&amp;`},
		{`{% capture x %}<b>{{ v }}</b>{% endcapture %}{{ x }}`, "&", `<b>&amp;</b>`},
		{`{% capture x %}{{ v }}{% endcapture %}<a href="{{ x }}">`, "javascript:x", `<a href="#">`},
		{`{% capture x %}https://x.example/?{{ v }}&amp;b{% endcapture %}<a href="{{ x }}">`, "a=<", `<a href="https://x.example/?a=&lt;&amp;b">`},
		{`{% assign x = v %}{{ x }}`, "<b>", `&lt;b&gt;`},
		{`{% if v == "z" %}{% capture x %}<b>{% endcapture %}{% else %}{% assign x = v %}{% endif %}{{ x }}`, "<b>", `&lt;b&gt;`},
		{`{% if v == "z" %}{% assign x = v %}{% else %}{% capture x %}<b>{% endcapture %}{% endif %}{{ x }}`, "<b>", `<b>`},
		{`{% capture x %}<b>{% endcapture %}{% if x == "<b>" %}same{% endif %}{{ x | append: "!" }}`, "", `same&lt;b&gt;!`},
		{`{% capture v %}{{ v }}{% endcapture %}{{ v }}`, "&", `&amp;`},
	} {
		for _, fast := range []bool{true, false} {
			tpl, findings := compileFrom(delivery.Content{From: "a@b.example", Subject: "s", HTML: c.in}, Resources{}, fast)
			if tpl == nil {
				t.Errorf("%s: %+v", c.in, findings)
				continue
			}
			p, err := tpl.Preview(Recipient{Address: "ann@example.org", Fields: map[string]string{"v": c.value}}, envelope())
			if err != nil || p.HTML != c.want {
				t.Errorf("%s: got %q, want %q (%v)", c.in, p.HTML, c.want, err)
			}
		}
	}
}

func TestNothingRunsAway(t *testing.T) {
	double := "{% assign a = name %}" + strings.Repeat("{% assign a = a | append: a %}", 60) + "{{ a }}"
	capture := "{% capture a %}{{ name }}{{ name }}{{ name }}{% endcapture %}"
	for i := 0; i < 40; i++ {
		capture += "{% capture a %}{{ a }}{{ a }}{{ a }}{% endcapture %}"
	}
	for name, c := range map[string]struct{ text, value string }{
		"append":         {double, "xxxxxxxx"},
		"capture":        {capture + "{{ a }}", "xxxxxxxx"},
		"replace":        {"{% assign a = name | replace: 'x', name | replace: 'x', name | replace: 'x', name %}{{ a }}", strings.Repeat("x", 400)},
		"many":           {strings.Repeat("{{ name }}", 100), strings.Repeat("x", 1<<16)},
		"capturing much": {strings.Repeat("{% capture a %}{{ name }}{% endcapture %}", 100), strings.Repeat("x", 1<<16)},
	} {
		for _, fast := range []bool{true, false} {
			tpl, findings := compileFrom(delivery.Content{From: "a@b.example", Subject: "s", Text: c.text}, Resources{}, fast)
			if tpl == nil {
				t.Fatalf("%s: %+v", name, findings)
			}
			var b Buffer
			_, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"name": c.value}}, envelope())
			if !delivery.Is(err, delivery.KindTooLarge) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestDivisionByAnEmptyField(t *testing.T) {
	tpl := compile(t, delivery.Content{Subject: "s", Text: "{{ 10 | divided_by: n }}"})
	var b Buffer
	_, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, envelope())
	if !delivery.Is(err, delivery.KindTemplate) || !strings.Contains(err.Error(), "division_by_zero") {
		t.Errorf("%v", err)
	}
	if _, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"n": "4"}}, envelope()); err != nil {
		t.Error(err)
	}
}

func TestSubjectWithConditions(t *testing.T) {
	tpl := compile(t, delivery.Content{Subject: "{% if a %}{{ a }}, {% else %}{{ b }} {% endif %}hello {{ b | upcase }}{% if c %}!{% endif %}", Text: "t"})
	for _, c := range []struct{ a, b, c, want string }{
		{"Ann", "bob", "", "Ann, hello BOB"},
		{"", "bob", "1", "bob hello BOB!"},
	} {
		var b Buffer
		m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"a": c.a, "b": c.b, "c": c.c}}, envelope())
		if err != nil || readStd(t, m.Data).subject != c.want || len(m.Missing) > 0 {
			t.Errorf("%+v: %v %q\n%s", c, err, m.Missing, m.Data)
		}
	}
}

// TestLargeTemplatesCompile is about templates that a careless compiler would
// take minutes for: eight times the source must not take much more than eight
// times as long.
func TestLargeTemplatesCompile(t *testing.T) {
	numbered := func(format string, n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(format, "#", strconv.Itoa(i)))
		}
		return b.String()
	}
	for name, source := range map[string]func(size int) string{
		"one name":   func(size int) string { return strings.Repeat("{{a}}", size/5) },
		"many names": func(size int) string { return numbered("{{f#}}", size/12) },
		"one link":   func(size int) string { return "<a href=\"" + strings.Repeat("{{a}}", size/5) + "\">" },
		"links":      func(size int) string { return strings.Repeat("<a href=x>", size/10) },
		"chain": func(size int) string {
			return "{% if a %}" + numbered("{% elsif b# %}{{ c# }}", size/32) + "{% endif %}"
		},
		"braces":   func(size int) string { return strings.Repeat("a{", size/2) },
		"quotes":   func(size int) string { return strings.Repeat("{{'", size/3) },
		"elements": func(size int) string { return strings.Repeat("<div>", size/5) },
	} {
		took := func(size int) time.Duration {
			html := source(size)
			best := time.Hour
			for range 2 {
				begin := time.Now()
				Compile(delivery.Content{From: "a@b.example", Subject: "s", HTML: html})
				best = min(best, time.Since(begin))
			}
			return best
		}
		small, large := took(MaxSource/64), took(MaxSource/8)
		if large > 30*max(small, 10*time.Millisecond) {
			t.Errorf("%s: %v, and %v for eight times the source", name, small, large)
		}
	}
}
