package block

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"sendoff/engine/delivery"
)

// TestParse holds the faults of a document to the place and code they are
// reported with.
func TestParse(t *testing.T) {
	brand := `"brand":{"color":"#2563EB","tint":"#EFF4FE","text":"#1F2937","sheet":"#FFFFFF","ground":"#F3F4F6","heading":"sans","body":"serif","radius":12,"width":600}`
	doc := func(blocks string) string {
		return `{"version":1,"language":"nl",` + brand + `,"blocks":[` + blocks + `]}`
	}
	asset := "asset:" + strings.Repeat("ab", 32)
	for _, c := range []struct{ name, in, field, detail string }{
		{"empty", doc(``), "", ""},
		{"all", doc(`{"kind":"heading","text":"Hi","level":1},{"kind":"image","src":"` + asset + `"},{"kind":"columns","columns":[{"blocks":[]},{"blocks":[{"kind":"divider"}]}]}`), "", ""},
		{"address of Liquid", doc(`{"kind":"button","text":"Go","url":"{{ shop }}"}`), "", ""},
		{"Liquid in an address", doc(`{"kind":"button","text":"Go","url":"https://a.example/{{ id | url_encode }}?x"}`), "", ""},
		{"no JSON", `{`, "design", "not_json"},
		{"more", doc(``) + `{}`, "design", "trailing"},
		{"later version", `{"version":2}`, "version", "2"},
		{"language", strings.Replace(doc(``), `"nl"`, `"?"`, 1), "language", "?"},
		{"unknown field", doc(`{"kind":"text","colour":"red"}`), "colour", "unknown"},
		{"wrong type", doc(`{"kind":"heading","level":"1"}`), "blocks.level", "not_int"},
		{"colour", strings.Replace(doc(``), "#2563EB", "blue", 1), "brand.color", "blue"},
		{"font", strings.Replace(doc(``), `"serif"`, `"Comic Sans"`, 1), "brand.body", "Comic Sans"},
		{"kind", doc(`{"kind":"video"}`), "blocks[0].kind", "video"},
		{"level", doc(`{"kind":"divider"},{"kind":"heading","text":"x","level":4}`), "blocks[1].level", "4"},
		{"foreign field", doc(`{"kind":"divider","text":"x"}`), "blocks[0].text", "not_of_divider"},
		{"script", doc(`{"kind":"button","text":"x","url":"javascript:alert(1)"}`), "blocks[0].url", "not_an_address"},
		{"no scheme", doc(`{"kind":"button","text":"x","url":"acme.example"}`), "blocks[0].url", "not_an_address"},
		{"space", doc(`{"kind":"button","text":"x","url":"https://a b"}`), "blocks[0].url", "not_an_address"},
		{"asset", doc(`{"kind":"image","src":"asset:../../etc"}`), "blocks[0].src", "not_an_asset"},
		{"mail as a picture", doc(`{"kind":"image","src":"mailto:a@b"}`), "blocks[0].src", "not_an_address"},
		{"one column", doc(`{"kind":"columns","columns":[{"blocks":[]}]}`), "blocks[0].columns", "1"},
		{"columns in columns", doc(`{"kind":"columns","columns":[{"blocks":[]},{"blocks":[{"kind":"columns","columns":[{"blocks":[]},{"blocks":[]}]}]}]}`), "blocks[0].columns[1].blocks[0].kind", "nested"},
		{"deep", doc(`{"kind":"columns","columns":[{"blocks":[]},{"blocks":[{"kind":"spacer"}]}]}`), "blocks[0].columns[1].blocks[0].height", "0"},
		{"control character", doc(`{"kind":"text","text":"a\u0007"}`), "blocks[0].text", "control_character"},
		{"long", doc(`{"kind":"text","text":"` + strings.Repeat("a", MaxText+1) + `"}`), "blocks[0].text", "too_long"},
		{"many", doc(strings.Repeat(`{"kind":"divider"},`, MaxBlocks) + `{"kind":"divider"}`), "blocks", "too_many"},
		{"social", doc(`{"kind":"social","links":[{"name":"a","url":"ftp://x"}]}`), "blocks[0].links[0].url", "not_an_address"},
	} {
		_, err := Parse([]byte(c.in))
		if c.field == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		var e *delivery.Error
		if !errors.As(err, &e) || e.Kind != delivery.KindInvalid || e.Field != c.field || e.Detail != c.detail {
			t.Errorf("%s: %v, want %s (%s)", c.name, err, c.field, c.detail)
		}
	}
	if _, err := Parse(bytes.Repeat([]byte(" "), MaxBytes+1)); !delivery.Is(err, delivery.KindTooLarge) {
		t.Errorf("a large document: %v", err)
	}
}

// FuzzParse: whatever is accepted is written as it was understood, and once
// written does not change again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"version":1}`))
	f.Add(New("en").JSON())
	d := New("nl")
	d.Blocks = []Block{{Kind: Heading, Text: "a <b> & {{ c }}", Level: 2}, {Kind: Columns, Columns: []Column{{}, {Share: 2, Blocks: []Block{{Kind: Spacer, Height: 20}}}}}}
	f.Add(d.JSON())
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse(data)
		if err != nil {
			if delivery.KindOf(err) == delivery.KindInternal {
				t.Fatalf("not a typed error: %v", err)
			}
			return
		}
		once := d.JSON()
		again, err := Parse(once)
		if err != nil {
			t.Fatalf("does not read its own: %v\n%s", err, once)
		}
		if !bytes.Equal(once, again.JSON()) {
			t.Fatalf("%s\nbecame\n%s", once, again.JSON())
		}
	})
}
