package block

import (
	"reflect"
	"testing"
)

func TestParagraphs(t *testing.T) {
	got := Paragraphs("Hi {{ name }} **b *bi***, [l **x**](https://a.example)!\nline\n\n- one\n- two\n\nhalf {{ typ")
	want := []Paragraph{
		{Items: [][]Span{{{Text: "Hi "}, {Text: "{{ name }}", Liquid: true}, {Text: " "}, {Text: "b ", Bold: true}, {Text: "bi", Bold: true, Italic: true}, {Text: ", "},
			{Text: "l ", Link: "https://a.example"}, {Text: "x", Bold: true, Link: "https://a.example"}, {Text: "!\nline"}}}},
		{List: true, Items: [][]Span{{{Text: "one"}}, {{Text: "two"}}}},
		{Items: [][]Span{{{Text: "half {{ typ"}}}},
	}
	// One broken tag makes text of all Liquid, as nobody can tell where it ends.
	want[0].Items[0] = append([]Span{{Text: "Hi {{ name }} "}}, want[0].Items[0][3:]...)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := Line("*a* {{ b }}"); !reflect.DeepEqual(got, []Span{{Text: "a", Italic: true}, {Text: " "}, {Text: "{{ b }}", Liquid: true}}) {
		t.Errorf("%+v", got)
	}
	if got := Items("a\n\n- b\n", true); len(got.Items) != 2 || got.Items[1][0].Text != "b" {
		t.Errorf("%+v", got)
	}
}
