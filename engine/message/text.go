package message

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// TextFromHTML derives a plain text template from an HTML one. Paragraphs and
// headings stand between blank lines, list items begin with "- ", links carry
// their address behind them in angle brackets unless it is what they say, an
// image is its alternative text, and every table cell has a line of its own.
// Liquid comes through as it is, also that of an address.
func TextFromHTML(source string) string {
	m := maskLiquid(source)
	w := textWriter{mask: &m}
	w.read(m.text)
	return m.restore(w.finish())
}

// textFrom derives plain text from HTML without Liquid.
func textFrom(source string) string {
	var w textWriter
	w.read(source)
	return w.finish()
}

// textWriter lays text out.
type textWriter struct {
	out    strings.Builder
	breaks int    // line breaks to write before the next text
	space  bool   // a space to write before the next text
	bullet string // and a bullet
	skip   string // the element whose content is skipped
	depth  int    // of elements of that name in it
	links  []link
	mask   *mask // nil: there is no Liquid
	some   bool  // there is text that a reader sees
	blocks []textBlock
}

// textBlock is an open Liquid block: in which state it found the text, and in
// which its branches left it.
type textBlock struct {
	breaks int
	bullet string
	some   bool
	left   int
	last   bool // it has an else
}

// read lays out a document.
func (w *textWriter) read(source string) {
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			if w.skip == "" {
				w.text(string(z.Text()))
			}
		case html.StartTagToken:
			w.start(z.Token(), false)
		case html.SelfClosingTagToken:
			w.start(z.Token(), true)
		case html.EndTagToken:
			w.end(z.Token().Data)
		}
	}
}

// link is an open <a>.
type link struct {
	href string
	at   int // where its text begins
}

func (w *textWriter) start(t html.Token, closed bool) {
	void := closed
	switch t.Data {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr":
		void = true
	}
	if w.skip != "" {
		if t.Data == w.skip && !void {
			w.depth++
		}
		return
	}
	if (invisible(t.Data) || hidden(t)) && !void {
		w.skip, w.depth = t.Data, 1
		return
	}
	switch t.Data {
	case "br":
		w.breaks = min(w.breaks+1, 2)
		w.space = false
	case "hr":
		w.need(2)
	case "img":
		if !hidden(t) {
			w.word(attribute(t, "alt"))
		}
	case "li":
		w.bullet = ""
		w.need(1)
		w.bullet = "- "
	case "a":
		if !closed {
			w.links = append(w.links, link{strings.TrimSpace(attribute(t, "href")), -1})
		}
	default:
		w.need(around(t.Data))
	}
}

func (w *textWriter) end(name string) {
	if w.skip != "" {
		if name == w.skip {
			if w.depth--; w.depth == 0 {
				w.skip = ""
			}
		}
		return
	}
	if name != "a" {
		if name == "li" {
			w.bullet = ""
		}
		w.need(around(name))
		return
	}
	if len(w.links) == 0 {
		return
	}
	l := w.links[len(w.links)-1]
	w.links = w.links[:len(w.links)-1]
	if !worthShowing(l.href) {
		return
	}
	said := ""
	if l.at >= 0 {
		said = strings.TrimSpace(w.out.String()[l.at:])
	}
	if same(said, l.href) {
		return
	}
	w.space = w.space || said != ""
	w.word("<" + l.href + ">")
}

// worthShowing reports whether an address leads somewhere.
func worthShowing(href string) bool {
	return href != "" && !strings.HasPrefix(href, "#") && !strings.HasPrefix(strings.ToLower(href), "javascript:")
}

// same reports whether a link says its own address.
func same(said, href string) bool {
	bare := func(s string) string {
		for _, p := range []string{"https://", "http://", "mailto:", "tel:"} {
			s = strings.TrimPrefix(s, p)
		}
		return strings.TrimSuffix(s, "/")
	}
	return bare(said) == bare(href)
}

// around is how many line breaks an element stands between.
func around(name string) int {
	switch name {
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre":
		return 2
	case "div", "table", "tr", "td", "th", "li", "dt", "dd", "section", "article", "header", "footer", "main", "nav", "aside", "center", "form", "address", "figure", "figcaption", "body", "caption":
		return 1
	}
	return 0
}

func invisible(name string) bool {
	switch name {
	case "head", "style", "script", "title", "template", "noframes", "iframe", "object", "svg", "select", "textarea":
		return true
	}
	return false
}

// hidden reports whether an element is there but not to be seen.
func hidden(t html.Token) bool {
	for _, a := range t.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			s := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

func attribute(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// need asks for at least n line breaks before the next text.
func (w *textWriter) need(n int) {
	if n == 0 || w.bullet != "" {
		return
	}
	w.breaks = max(w.breaks, n)
	w.space = false
}

// text writes text with its white space folded.
func (w *textWriter) text(s string) {
	if w.mask == nil || w.mask.mark == "" {
		w.fold(s)
		return
	}
	for i, p := range strings.Split(s, w.mask.mark) {
		if i%2 == 0 {
			w.fold(p)
			continue
		}
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || n >= len(w.mask.tokens) {
			continue
		}
		if name := tagName(w.mask.tokens[n]); name != "" && name != "raw" {
			w.tag(name, w.mask.mark+p+w.mask.mark)
		} else {
			w.word(w.mask.mark + p + w.mask.mark)
		}
	}
}

func (w *textWriter) fold(s string) {
	for s != "" {
		i := strings.IndexFunc(s, white)
		if i != 0 {
			if i < 0 {
				i = len(s)
			}
			w.word(s[:i])
		} else {
			w.space = true
			i = len(s) - len(strings.TrimLeftFunc(s, white))
		}
		s = s[i:]
	}
}

// tag writes a Liquid tag. Breaks that are due wait for the text in the block,
// so that a branch that is not taken leaves no empty lines; whichever branch is
// taken, what follows finds the breaks that it needs.
func (w *textWriter) tag(name, token string) {
	switch name {
	case "comment":
		return
	case "if", "unless", "case":
		if w.space && w.some && w.breaks == 0 {
			w.out.WriteByte(' ')
		}
		w.space = false
		w.blocks = append(w.blocks, textBlock{breaks: w.breaks, bullet: w.bullet, some: w.some})
	case "elsif", "else", "when":
		if n := len(w.blocks) - 1; n >= 0 {
			b := &w.blocks[n]
			b.left, b.last = max(b.left, w.breaks), name == "else"
			w.breaks, w.bullet, w.some, w.space = b.breaks, b.bullet, b.some, false
		}
	case "endif", "endunless", "endcase":
		n := len(w.blocks) - 1
		if n < 0 {
			break
		}
		b := w.blocks[n]
		w.blocks = w.blocks[:n]
		if !b.last && b.some && w.breaks < b.breaks {
			w.out.WriteString(w.mask.hide("{% else %}") + strings.Repeat("\n", b.breaks))
		}
		w.breaks, w.some = max(w.breaks, b.left), true
	}
	w.out.WriteString(token)
}

// white reports whether r is folded: HTML's white space and the hard space.
func white(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' || r == '\u00a0'
}

// word writes text as it is, after the breaks and the space that are due.
func (w *textWriter) word(s string) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00ad' || r == '\u034f' || r == '\u200b' || r == '\ufeff':
			return -1 // only there to break lines or to fill
		case white(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	if s == "" {
		return
	}
	switch {
	case !w.some:
	case w.breaks > 0:
		w.out.WriteString(strings.Repeat("\n", w.breaks))
	case w.space:
		w.out.WriteByte(' ')
	}
	w.out.WriteString(w.bullet)
	w.bullet, w.breaks, w.space, w.some = "", 0, false, true
	for i := len(w.links) - 1; i >= 0 && w.links[i].at < 0; i-- {
		w.links[i].at = w.out.Len()
	}
	w.out.WriteString(s)
}

func (w *textWriter) finish() string {
	s := strings.TrimSpace(w.out.String())
	if s == "" {
		return ""
	}
	return s + "\n"
}
