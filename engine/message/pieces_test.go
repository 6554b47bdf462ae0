package message

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

func TestPieces(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []Piece
	}{
		{"", nil},
		{"a { b } c", []Piece{{Source: "a { b } c"}}},
		{"Hi {{ name | default: \"}}\" }}!", []Piece{{Source: "Hi "}, {`{{ name | default: "}}" }}`, true, ""}, {Source: "!"}}},
		{"{% if a %}x{% else %}{{ a }}{% endif %}", []Piece{{"{% if a %}", true, "if"}, {Source: "x"}, {"{% else %}", true, "else"},
			{"{{ a }}", true, ""}, {"{% endif %}", true, "endif"}}},
		{"a{% raw %}{{ x }}{% endraw %}b", []Piece{{Source: "a"}, {"{% raw %}", true, "raw"}, {Source: "{{ x }}"}, {"{% endraw %}", true, "endraw"}, {Source: "b"}}},
		{"a{%- comment -%}{{ x }}{%- endcomment -%}b", []Piece{{Source: "a"}, {"{%- comment -%}{{ x }}{%- endcomment -%}", true, "comment"}, {Source: "b"}}},
	} {
		got, err := Pieces(c.in)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: %+v, %v", c.in, got, err)
		}
	}
	_, err := Pieces("one\n{{ two")
	var e *delivery.Error
	if !delivery.Is(err, delivery.KindTemplate) {
		t.Fatal(err)
	}
	if e = err.(*delivery.Error); e.Line != 2 || e.Column != 1 || e.Detail != "unclosed_object" {
		t.Errorf("%+v", e)
	}
}

// TestPiecesTogether: nothing is lost, and no text piece holds Liquid outside of
// a raw block.
func TestPiecesTogether(t *testing.T) {
	words := []string{"a", " ", "{", "}", "{{ x }}", "{% if x %}", "{% endif %}", "{% else %}", "{% raw %}", "{% endraw %}",
		"{%- comment %}", "{% endcomment -%}", "{{ '{{' }}", "\n", "%}", "é"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 20).Draw(t, "words"), "")
		pieces, err := Pieces(s)
		if err != nil {
			return
		}
		var b strings.Builder
		raw := false
		for _, p := range pieces {
			b.WriteString(p.Source)
			if p.Liquid {
				raw = p.Tag == "raw"
			} else if !raw && (strings.Contains(p.Source, "{{") || strings.Contains(p.Source, "{%")) {
				t.Fatalf("%q has the text %q", s, p.Source)
			}
		}
		if b.String() != s {
			t.Fatalf("%q became %q", s, b.String())
		}
	})
}

// TestMarkup: what Markup refuses is what Compile refuses.
func TestMarkup(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`<a href="{{ url }}">{{ x }}</a>`, ""},
		{`<a href="{{ url }}:x">`, "value_as_scheme"},
		{"<p>\n<p {{ x }}>", "value_in_tag"},
		{"{% if x %}", "unclosed_block if"},
	} {
		err := Markup(c.in)
		tpl, _ := Compile(delivery.Content{From: "a@a.example", HTML: c.in})
		e, _ := err.(*delivery.Error)
		if (err == nil) != (tpl != nil) || c.want == "" && err != nil || c.want != "" && (e == nil || e.Detail != c.want) {
			t.Errorf("%s: %v", c.in, err)
		}
	}
}
