package block

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// TestMarkup holds the light markup to what its documentation promises.
func TestMarkup(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain & <b> \"q\"", "<p>plain &amp; &lt;b&gt; &#34;q&#34;</p>"},
		{"**bold** *it* ***both***", "<p><strong>bold</strong> <em>it</em> <strong><em>both</em></strong></p>"},
		{"2 * 3 * 4", "<p>2 * 3 * 4</p>"},
		{"**no end", "<p>**no end</p>"},
		{`\*not\* \[x](y)`, "<p>*not* [x](y)</p>"},
		{"[a **b**](https://a.example/?x=1&y=(2))!", `<p><a https://a.example/?x=1&amp;y=(2)>a <strong>b</strong></a>!</p>`},
		{"[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"},
		{"[x]({{ shop }}) [y](mailto:a@b.example)", `<p><a {{ shop }}>x</a> <a mailto:a@b.example>y</a></p>`},
		{"[a [b](https://b.example)](https://c.example)", `<p>[a <a https://b.example>b</a>](https://c.example)</p>`},
		{"one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"},
		{"- a\n- b\n  more\nafter", "<ul><li>a</li><li>b<br>more</li></ul><p>after</p>"},
		{"text\n1. a\n2) b", "<p>text</p><ol><li>a</li><li>b</li></ol>"},
		{`\- no item`, "<p>- no item</p>"},
		{"{{ a | default: \"<*x*>\" }} *b*", "<p>{{ a | default: \"<*x*>\" }} <em>b</em></p>"},
		// A mark does not reach into a branch that may be left out, nor a paragraph.
		{"{% if a %}**x{% endif %}**", "<p>{% if a %}**x{% endif %}**</p>"},
		{"**{% if a %}x{% else %}y{% endif %}**", "<p><strong>{% if a %}x{% else %}y{% endif %}</strong></p>"},
		{"{% if a %}x\n\n- y{% endif %}", "<p>{% if a %}x<br><br>- y{% endif %}</p>"},
		{"{% raw %}<i>{{ no }}{% endraw %}", "<p>{% raw %}&lt;i&gt;{{ no }}{% endraw %}</p>"},
	} {
		if got := bare(t, c.in); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

var attributes = regexp.MustCompile(`<(p|ul|ol|li) [^>]*>`)

// bare is the markup of a text without attributes; links are <a ADDRESS>.
func bare(t *testing.T, s string) string {
	t.Helper()
	d := New("en")
	p := newPage(d)
	for i, para := range paragraphs(p.tokens("text", s, true)) {
		p.para(para, &Block{Kind: Text}, place{}, i == 0)
	}
	if p.err != nil {
		t.Fatal(p.err)
	}
	out := attributes.ReplaceAllString(p.out.String(), "<$1>")
	return regexp.MustCompile(`<a class="so-l" href="([^"]*)"[^>]*>`).ReplaceAllString(out, "<a $1>")
}

// TestFaults: Liquid that cannot be is refused with its place.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		block  Block
		field  string
		line   int
		detail string
	}{
		{Block{Kind: Text, Text: "a\n{{ b"}, "blocks[1].text", 2, "unclosed_object"},
		{Block{Kind: Heading, Level: 1, Text: "{% endif %}"}, "blocks[1].text", 1, "misplaced endif"},
		{Block{Kind: Button, Text: "x", URL: "https://a.example/{{ | }}"}, "blocks[1].url", 1, ""},
		{Block{Kind: Image, Src: "https://a.example/x.png", Alt: "{% for x in y %}"}, "blocks[1].alt", 1, "unknown_tag for"},
		{Block{Kind: Button, Text: "x", URL: "{{ a }}:b"}, "blocks[1]", 0, "value_as_scheme"},
		{Block{Kind: Divider, If: "city =="}, "blocks[1].if", 1, ""},
		{Block{Kind: Divider, If: "a %}{{ b }}{% endif %}{% if c"}, "blocks[1].if", 1, "condition"},
		{Block{Kind: Columns, Columns: []Column{{}, {Blocks: []Block{{Kind: Text, Text: "{{"}}}}}, "blocks[1].columns[1].blocks[0].text", 1, "unclosed_object"},
	} {
		d := New("en")
		d.Blocks = []Block{{Kind: Spacer, Height: 10}, c.block}
		_, err := HTML(d)
		e, ok := err.(*delivery.Error)
		if !ok || e.Kind != delivery.KindTemplate || e.Field != c.field || e.Line != c.line || c.detail != "" && e.Detail != c.detail {
			t.Errorf("%+v: %v", c.block, err)
		}
	}
}

// TestText: what is derived of a document reads like a letter.
func TestText(t *testing.T) {
	d := New("en")
	d.Brand.Name = "Acme"
	d.Blocks = []Block{
		{Kind: Heading, Level: 1, Text: "Hello"},
		{Kind: Text, Text: "One **two** [three](https://a.example/3).\n\n- four\n- five"},
		{Kind: Image, Src: "https://a.example/x.png", Alt: "A picture", URL: "https://a.example"},
		{Kind: Button, Text: "Press", URL: "https://a.example/press"},
		{Kind: Divider},
		{Kind: Text, Text: "For you", If: "vip"},
		{Kind: Columns, Columns: []Column{{Blocks: []Block{{Kind: Text, Text: "Left"}}}, {Blocks: []Block{{Kind: Text, Text: "Right"}}}}},
		{Kind: Footer, Text: "Because.", Address: "Street 1\nTown"},
	}
	out, err := HTML(d)
	if err != nil {
		t.Fatal(err)
	}
	want := `Acme

Hello

One two three <https://a.example/3>.

- four
- five

A picture <https://a.example>
Press <https://a.example/press>{% if vip %}

For you{% endif %}

Left

Right

Because.

Street 1
Town

Unsubscribe <{{ unsubscribe_url }}>
`
	if got := message.TextFromHTML(out); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// FuzzText: any text at all is done with soon, and is well formed when its Liquid is.
func FuzzText(f *testing.F) {
	for _, s := range []string{"**a** [b](https://c)", "{% if a %}*{% endif %}*", strings.Repeat("[", 4000), strings.Repeat("*a", 4000), strings.Repeat("[a](", 2000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := New("en")
		d.Blocks = []Block{{Kind: Text, Text: s}, {Kind: Heading, Level: 2, Text: s}, {Kind: List, Text: s}}
		begin := time.Now()
		out, err := HTML(d)
		if took := time.Since(begin); took > 5*time.Second {
			t.Fatalf("took %v", took)
		}
		if err != nil {
			if k := delivery.KindOf(err); k != delivery.KindInvalid && k != delivery.KindTemplate {
				t.Fatal(err)
			}
			return
		}
		if trouble := wellFormed(out); trouble != "" {
			t.Fatalf("%s\n%s", trouble, out)
		}
	})
}
