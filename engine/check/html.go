package check

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// node is an element that is open.
type node struct {
	tag  string
	look look
	link *link // when it is a link
}

// link is an anchor that is being read.
type link struct {
	line, column int
	text         strings.Builder
	named        bool // has a title, or a picture with a text
}

// page is the HTML part while it is read.
type page struct {
	c       *checker
	places  *places
	open    []node
	heading int // level of the last one; 0 before the first
	words   strings.Builder
	ids     map[string]bool
	sheet   sheet
	pairs   map[[2]rgb]bool // colours that were found too close
	images  int
	weight  int64 // bytes of stored pictures, each counted once
	weighed map[string]bool
}

// html looks at the HTML part.
func (c *checker) html(src string) {
	src = strings.ReplaceAll(src, "\r\n", "\n")
	veiled := veil(src)
	p := &page{c: c, places: newPlaces(veiled), ids: map[string]bool{}, sheet: sheet{}, pairs: map[[2]rgb]bool{}, weighed: map[string]bool{}}
	p.survey(veiled)
	z := html.NewTokenizer(strings.NewReader(veiled))
	for off := 0; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		raw := string(z.Raw()) // Token decodes it in place
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			p.begin(z.Token(), off)
		case html.EndTagToken:
			p.end(z.Token().Data)
		case html.TextToken:
			p.text(z.Token().Data, raw, off)
		}
		off += len(raw)
	}
	for len(p.open) > 0 {
		p.pop()
	}
	p.whole()
}

// survey reads what later places refer to: targets within the page, and style
// sheets.
func (p *page) survey(src string) {
	z := html.NewTokenizer(strings.NewReader(src))
	style := false
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			style = t.Data == "style"
			if style {
				media := strings.ToLower(attribute(t, "media"))
				style = media == "" || media == "all" || media == "screen"
			}
			for _, name := range []string{"id", "name"} {
				if v := attribute(t, name); v != "" {
					p.ids[v] = true
				}
			}
		case html.TextToken:
			if style {
				p.sheet.read(string(z.Raw()))
			}
		default:
			style = false
		}
	}
}

// attribute is the value of an attribute, trimmed, or empty.
func attribute(t html.Token, name string) string {
	v, _ := lookup(t, name)
	return v
}

func lookup(t html.Token, name string) (string, bool) {
	for _, a := range t.Attr {
		if a.Key == name && a.Namespace == "" {
			return strings.TrimSpace(a.Val), true
		}
	}
	return "", false
}

// void reports whether an element has no content and no end tag (HTML Living
// Standard, section 13.1.2).
func void(tag string) bool {
	switch tag {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr":
		return true
	}
	return false
}

// look is how text looks here.
func (p *page) look() look {
	if n := len(p.open); n > 0 {
		return p.open[n-1].look
	}
	return plain
}

// anchor is the link that is open here, or nil.
func (p *page) anchor() *link {
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i].link != nil {
			return p.open[i].link
		}
	}
	return nil
}

func (p *page) begin(t html.Token, off int) {
	line, column := p.places.at(off)
	n := node{tag: t.Data}
	n.look = p.look().within(t.Data, func(name string) string { return attribute(t, name) },
		p.sheet.of(t.Data, attribute(t, "class"), attribute(t, "id")))
	switch t.Data {
	case "html":
		p.language(attribute(t, "lang"), line, column)
	case "a":
		if href, ok := lookup(t, "href"); ok {
			n.link = &link{line: line, column: column, named: attribute(t, "title") != "" || attribute(t, "aria-label") != ""}
			p.target(href, line, column)
		}
	case "img":
		p.image(t, line, column)
	case "h1", "h2", "h3", "h4", "h5", "h6":
		level := int(t.Data[1] - '0')
		if p.heading > 0 && level > p.heading+1 {
			p.c.warn(delivery.FindHeadingSkipped, message.PartHTML, line, column, fmt.Sprintf("%d %d", p.heading, level))
		}
		p.heading = level
	}
	if !void(t.Data) && t.Type != html.SelfClosingTagToken {
		p.open = append(p.open, n)
	}
}

// end closes an element and whatever was left open within it; an end tag without
// a beginning changes nothing.
func (p *page) end(tag string) {
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i].tag == tag {
			for len(p.open) > i {
				p.pop()
			}
			return
		}
	}
}

// pop closes the innermost element.
func (p *page) pop() {
	n := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	l := n.link
	if l == nil {
		return
	}
	words := bare(l.text.String())
	switch {
	case words == "" && !l.named:
		p.c.warn(delivery.FindLinkWithoutText, message.PartHTML, l.line, l.column, "")
	case vague(words):
		p.c.note(delivery.FindLinkVague, message.PartHTML, l.line, l.column, words)
	}
}

// text reads a text as it is meant and as it is written.
func (p *page) text(s, raw string, off int) {
	if n := len(p.open); n > 0 {
		switch p.open[n-1].tag {
		case "style", "script", "title", "textarea", "noscript", "head":
			return
		}
	}
	words := bare(s)
	if l := p.anchor(); l != nil {
		l.text.WriteString(s)
	}
	now := p.look()
	if words == "" || now.hidden {
		return
	}
	p.words.WriteString(words)
	p.words.WriteByte(' ')
	lead := len(raw) - len(strings.TrimLeft(raw, " \t\n\r\f"))
	line, column := p.places.at(off + lead)
	p.contrast(now, line, column)
	p.c.phrases(raw, message.PartHTML, p.places, off)
}

// contrast judges the colours of a text.
func (p *page) contrast(l look, line, column int) {
	if !l.inkKnown || !l.groundKnown {
		return
	}
	ratio, pair := contrast(l.ink, l.ground), [2]rgb{l.ink, l.ground}
	if ratio >= l.needs() || p.pairs[pair] {
		return
	}
	p.pairs[pair] = true
	p.c.warn(delivery.FindContrast, message.PartHTML, line, column,
		fmt.Sprintf("%.1f %s %s %.1f", floor1(ratio), l.ink, l.ground, l.needs()))
}

// floor1 cuts to one decimal, so that what is too little does not read as enough.
func floor1(x float64) float64 { return float64(int(x*10)) / 10 }

// language judges the lang attribute of the html element.
func (p *page) language(lang string, line, column int) {
	want := p.c.in.Content.Language
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	wanted, _, _ := strings.Cut(strings.ToLower(want), "-")
	switch {
	case lang == "":
		p.c.warn(delivery.FindLanguageMissing, message.PartHTML, line, column, "")
	case want != "" && !personal(lang) && base != wanted:
		p.c.warn(delivery.FindLanguageDiffers, message.PartHTML, line, column, lang+" "+want)
	}
}

// few is how many letters of text make a message of pictures readable without
// them.
const few = 40

// whole judges the page as a whole.
func (p *page) whole() {
	if p.images > 0 && len([]rune(bare(p.words.String()))) < few {
		p.c.warn(delivery.FindOnlyPictures, message.PartHTML, 0, 0, "")
	}
	if p.weight > heavyAll {
		p.c.warn(delivery.FindPicturesHeavy, message.PartHTML, 0, 0, fmt.Sprint(p.weight))
	}
}
