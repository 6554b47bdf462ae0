package lex_test

import (
	"strings"
	"testing"

	"sendoff/widgets/codeedit/lex"
)

// told writes the pieces of a source as "kind:text", blanks left out.
func told(s string) string {
	names := map[lex.Kind]string{lex.Tag: "tag", lex.Attr: "attr", lex.Value: "value", lex.Comment: "comment", lex.Entity: "entity",
		lex.Selector: "selector", lex.Property: "property", lex.Setting: "setting", lex.Delim: "delim", lex.Keyword: "keyword",
		lex.Name: "name", lex.Filter: "filter", lex.Literal: "literal", lex.Plain: "plain"}
	var out []string
	var st lex.State
	for _, line := range strings.SplitAfter(s, "\n") {
		var ts []lex.Token
		ts, st = lex.Line(nil, line, st)
		for _, t := range ts {
			if text := strings.TrimSpace(line[t.From:t.To]); text != "" {
				out = append(out, names[t.Kind]+":"+text)
			}
		}
	}
	return strings.Join(out, " | ")
}

func TestPieces(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"a link", `<a href="https://x.example/?a=1">Go &amp; see</a>`,
			`tag:<a | attr:href | plain:= | value:"https://x.example/?a=1" | tag:> | plain:Go | entity:&amp; | plain:see | tag:</a>`},
		{"values without quotes", `<td width=20 nowrap>`, `tag:<td | attr:width | plain:= | value:20 | attr:nowrap | tag:>`},
		{"less than is no tag", `1 < 2 & 3`, `plain:1 < 2 & 3`},
		{"a comment over lines", "<!-- a\nb --><p>", `comment:<!-- a | comment:b --> | tag:<p>`},
		{"for Outlook", `<!--[if mso]><td><![endif]-->`, `comment:<!--[if mso]><td><![endif]-->`},
		{"document type", `<!DOCTYPE html><p>`, `comment:<!DOCTYPE html> | tag:<p>`},
		{"merge tag", `Hi {{ first_name | default: 'you' }}!`,
			`plain:Hi | delim:{{ | name:first_name | plain:| | filter:default | plain:: | literal:'you' | delim:}} | plain:!`},
		{"in a value", `<a title='{{ a | append: "'" }}' x>`,
			`tag:<a | attr:title | plain:= | value:' | delim:{{ | name:a | plain:| | filter:append | plain:: | literal:"'" | delim:}} | value:' | attr:x | tag:>`},
		{"condition", `{%- if city == "Utrecht" and age > 17 -%}`,
			`delim:{%- | keyword:if | name:city | plain:== | literal:"Utrecht" | keyword:and | name:age | plain:> | literal:17 | delim:-%}`},
		{"path", `{{recipient.email}}`, `delim:{{ | name:recipient.email | delim:}}`},
		{"remark", `{% comment %}<b>{{ x }}{% endcomment %}<i>`,
			`delim:{% | keyword:comment | delim:%} | comment:<b>{{ x }} | delim:{% | keyword:endcomment | delim:%} | tag:<i>`},
		{"raw", `{% raw %}{{ x }}{% endraw %}`, `delim:{% | keyword:raw | delim:%} | plain:{{ x }} | delim:{% | keyword:endraw | delim:%}`},
		{"styles", "<style>\na:hover, td { color: #fff; margin: 0 auto }\n/* x */</style><p>",
			`tag:<style> | selector:a:hover, td | plain:{ | property:color | plain:: | setting:#fff | plain:; | property:margin | plain:: | setting:0 auto | plain:} | comment:/* x */ | tag:</style><p>`},
		{"media", "<style>@media (max-width: 600px) { .a { width: 100% !important } }</style>",
			`tag:<style> | selector:@media (max-width: 600px) | plain:{ | selector:.a | plain:{ | property:width | plain:: | setting:100% !important | plain:} } | tag:</style>`},
		{"script", `<script>if (a < b) "</p>"</script>`, `tag:<script> | plain:if (a < b) "</p>" | tag:</script>`},
		{"an open text", "{{ a | default: 'x\ny' }}", `delim:{{ | name:a | plain:| | filter:default | plain:: | literal:'x | literal:y' | delim:}}`},
		{"letters of the world", `<p>Grüße 🎉 {{ città }}</p>`, `tag:<p> | plain:Grüße 🎉 | delim:{{ | name:città | delim:}} | tag:</p>`},
	} {
		if got := told(c.source); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestPlainText(t *testing.T) {
	s := "5 < 6 & <b> {{ x }}"
	ts, end := lex.Line(nil, s, lex.PlainText())
	if len(ts) != 6 || ts[0] != (lex.Token{From: 0, To: 12, Kind: lex.Plain}) || ts[3].Kind != lex.Name || end != lex.PlainText() {
		t.Errorf("%v", ts)
	}
}

// Whatever is written, every byte is in one piece, and the pieces do not depend on
// where unread parts begin: reading on from a state is reading on.
func FuzzLine(f *testing.F) {
	for _, s := range []string{"<a href='x'>{{ b }}</a>", "<style>a{b:c}/*", "{% raw %}{%", "{% comment", "<!-- {{ x", "<script>{{", "&#1;", "<style><", "{{'", "a<é=\"{%-", "{%-%}-}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var st lex.State
		for _, line := range strings.SplitAfter(s, "\n") {
			ts, next := lex.Line(nil, line, st)
			at := 0
			for i, k := range ts {
				if k.From != at || k.To <= k.From || k.To > len(line) || k.Kind >= lex.Kinds {
					t.Fatalf("piece %d of %q is %+v after %d", i, line, k, at)
				}
				at = k.To
			}
			if at != len(line) {
				t.Fatalf("%q is read up to %d", line, at)
			}
			again, _ := lex.Line(ts[:0:0], line, st)
			if len(again) != len(ts) {
				t.Fatalf("%q is read in two ways", line)
			}
			st = next
		}
	})
}

func BenchmarkLine(b *testing.B) {
	line := `<tr><td class="x" style="color: #333">Hello {{ first_name | default: "you" }}, see <a href="https://x.example/">this</a></td></tr>`
	b.SetBytes(int64(len(line)))
	var ts []lex.Token
	for b.Loop() {
		ts, _ = lex.Line(ts[:0], line, lex.State{})
	}
}
