package block

import (
	"reflect"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
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

// TestCondition: what a condition says is what becomes of it for people.
func TestCondition(t *testing.T) {
	for _, c := range []struct {
		c    Condition
		want string
		yes  map[string]string
		no   map[string]string
	}{
		{Condition{"city", TestIs, "Utrecht"}, `city == "Utrecht"`, map[string]string{"city": "Utrecht"}, map[string]string{"city": "Utrecht-Oost"}},
		{Condition{"city", TestIsNot, `Den "Haag"`}, `city != 'Den "Haag"'`, map[string]string{"city": "x"}, map[string]string{"city": `Den "Haag"`}},
		{Condition{"city", TestContains, "trecht"}, `city contains "trecht"`, map[string]string{"city": "Utrecht"}, map[string]string{"city": "Breda"}},
		{Condition{"city", TestFilled, ""}, `city`, map[string]string{"city": "x"}, map[string]string{"city": " "}},
		{Condition{"city", TestEmpty, ""}, `city == ""`, nil, map[string]string{"city": "x"}},
		{Condition{"age", TestMore, "17"}, `age > 17`, map[string]string{"age": "100"}, map[string]string{"age": "17"}},
		{Condition{"age", TestMore, "17"}, `age > 17`, map[string]string{"age": "18"}, map[string]string{"age": ""}},
		{Condition{"age", TestLess, "-2.5"}, `age != "" and age < -2.5`, map[string]string{"age": "-3"}, map[string]string{"age": "10"}},
		{Condition{"age", TestLess, "17"}, `age != "" and age < 17`, map[string]string{"age": "9"}, map[string]string{"age": ""}},
		{Condition{"since", TestMore, "2024-01-31"}, `since > "2024-01-31"`, map[string]string{"since": "2024-02-01"}, map[string]string{"since": "2023-12-31"}},
		{Condition{"since", TestLess, "2024-01-31"}, `since != "" and since < "2024-01-31"`, map[string]string{"since": "2023-12-31"}, map[string]string{}},
		{Condition{"city", TestIs, `"'`}, "", nil, nil},
		{Condition{"ci ty", TestIs, "x"}, "", nil, nil},
	} {
		got := c.c.String()
		if got != c.want {
			t.Errorf("%+v: %s", c.c, got)
		}
		if got == "" {
			continue
		}
		if back, ok := ParseCondition(got); !ok || back != c.c {
			t.Errorf("%s became %+v", got, back)
		}
		d := New("en")
		d.Blocks = []Block{{Kind: Text, Text: "SEEN", If: got}}
		out, err := HTML(d)
		if err != nil {
			t.Fatal(err)
		}
		tpl, _ := message.Compile(delivery.Content{From: "a@a.example", HTML: out, Text: "{% if " + got + " %}SEEN{% endif %}"})
		for i, fields := range []map[string]string{c.yes, c.no} {
			p, err := tpl.Preview(message.Recipient{Address: "a@a.example", Fields: fields}, message.Envelope{})
			if err != nil || (p.Text == "SEEN") != (i == 0) {
				t.Errorf("%s of %v: %q, %v", got, fields, p.Text, err)
			}
		}
	}
	for _, s := range []string{"a and b", "age >= 3", "age == 3", "age < 3", `age != "" and old < 3`, `age != "" and age > 3`, `age > "3"`, "true", "", `a == b`} {
		if c, ok := ParseCondition(s); ok {
			t.Errorf("%q became %+v", s, c)
		}
	}
}
