package block

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// TestHTMLOfAnyDocument: whatever a document says, its HTML compiles, every
// element in it is closed in its order, no text became markup, and its colours
// can be read.
func TestHTMLOfAnyDocument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDocument().Draw(t, "document")
		again, err := Parse(d.JSON())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.JSON(), d.JSON()) {
			t.Fatalf("%s\nbecame\n%s", d.JSON(), again.JSON())
		}
		out, err := HTML(d)
		if err != nil {
			// A value in the place of a link's scheme is all that can be left.
			if !delivery.Is(err, delivery.KindTemplate) || !strings.Contains(err.Error(), "value_as_scheme") {
				t.Fatal(err)
			}
			return
		}
		tpl, findings := message.Compile(delivery.Content{From: "a@a.example", Subject: "x", HTML: out})
		if tpl == nil {
			t.Fatalf("does not compile: %+v\n%s", findings, out)
		}
		if trouble := wellFormed(out); trouble != "" {
			t.Fatalf("%s\n%s", trouble, out)
		}
		for _, dark := range []bool{false, true} {
			if trouble := legibleScheme(d.Brand.Scheme(dark)); trouble != "" {
				t.Fatalf("dark %v: %s", dark, trouble)
			}
		}
	})
}

// legibleScheme holds every pair of a scheme to 4.5 : 1.
func legibleScheme(s Scheme) string {
	for name, t := range map[string]Tones{"around": s.Around, "sheet": s.Sheet, "tint": s.Tint, "fill": s.Fill} {
		for _, ink := range []string{t.Ink, t.Muted, t.Link} {
			if c := contrast(rgb(ink), rgb(t.Back)); c < legible {
				return fmt.Sprintf("%s on %s (%s): %.2f", ink, t.Back, name, c)
			}
		}
	}
	if c := contrast(rgb(s.ButtonInk), rgb(s.Button)); c < legible {
		return fmt.Sprintf("a button: %.2f", c)
	}
	return ""
}

// wellFormed checks that every element is one that is written here and is closed
// in order, conditional comments included.
func wellFormed(doc string) string {
	if a, b := strings.Count(doc, "<!--[if "), strings.Count(doc, "<![endif]-->"); a != b {
		return fmt.Sprintf("%d conditional comments, %d ends", a, b)
	}
	// As Outlook reads it: what stands in conditional comments is markup.
	for _, read := range []string{doc, strings.NewReplacer("<!--[if mso]>", "", "<![endif]-->", "").Replace(doc)} {
		if trouble := balanced(read); trouble != "" {
			return trouble
		}
	}
	return ""
}

func balanced(doc string) string {
	void := []string{"meta", "br", "img", "o:allowpng"}
	known := []string{"html", "head", "title", "style", "body", "div", "table", "tr", "td", "p", "a", "h1", "h2", "h3", "ul", "ol", "li", "strong", "em", "span",
		"xml", "o:officedocumentsettings", "o:pixelsperinch", "meta", "br", "img", "o:allowpng"}
	var open []string
	for z := html.NewTokenizer(strings.NewReader(doc)); ; {
		kind := z.Next()
		tok := z.Token()
		switch kind {
		case html.ErrorToken:
			if len(open) > 0 {
				return fmt.Sprint("left open: ", open)
			}
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			if !slices.Contains(known, tok.Data) {
				return "has a " + tok.Data
			}
			if tok.Data == "table" && !slices.ContainsFunc(tok.Attr, func(a html.Attribute) bool { return a.Key == "role" && a.Val == "presentation" }) {
				return "a table without role=presentation"
			}
			if tok.Data == "img" && !slices.ContainsFunc(tok.Attr, func(a html.Attribute) bool { return a.Key == "alt" }) {
				return "a picture without alt"
			}
			if !slices.Contains(void, tok.Data) && kind == html.StartTagToken {
				open = append(open, tok.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				return fmt.Sprintf("</%s> while open: %v", tok.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
}

// TestWhere: a place in the HTML leads to the block that says it.
func TestWhere(t *testing.T) {
	d := New("en")
	d.Blocks = []Block{{Kind: Heading, Level: 1, Text: "FIRST"}, {Kind: Columns, Columns: []Column{{Blocks: []Block{{Kind: Text, Text: "SECOND"}}},
		{Blocks: []Block{{Kind: Divider}, {Kind: Text, Text: "é THIRD"}}}}}, {Kind: Footer, Text: "FOURTH"}}
	out, err := HTML(d)
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]string{"FIRST</h1>": "blocks[0]", "SECOND": "blocks[1].columns[0].blocks[0]", "THIRD": "blocks[1].columns[1].blocks[1]", "FOURTH": "blocks[2]", "<body": ""} {
		before := out[:strings.Index(out, word)]
		line := strings.Count(before, "\n") + 1
		column := len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
		if got := Where(d, line, column); got != want {
			t.Errorf("%s at %d:%d is %q, want %q", word, line, column, got, want)
		}
	}
}
