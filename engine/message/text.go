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
	masked, tokens, mark := mask(source)
	text := textFrom(masked)
	// Braces that the text spells with character references are no Liquid.
	text = strings.ReplaceAll(text, "{{", "{% raw %}{{{% endraw %}")
	text = strings.ReplaceAll(text, "{%", "\x00")
	text = strings.ReplaceAll(text, "\x00 raw %}{{\x00 endraw %}", "{% raw %}{{{% endraw %}")
	text = strings.ReplaceAll(text, "\x00", "{% raw %}{%{% endraw %}")
	if mark == "" {
		return text
	}
	parts := strings.Split(text, mark)
	for i := 1; i < len(parts); i += 2 {
		if n, err := strconv.Atoi(parts[i]); err == nil && n >= 0 && n < len(tokens) {
			parts[i] = tokens[n]
		}
	}
	return strings.Join(parts, "")
}

// mask puts a number between marks in the place of each object and tag, so that
// the HTML tokenizer does not stumble over quotes and signs in them. The mark is
// a character that Unicode assigns to nobody.
func mask(source string) (masked string, tokens []string, mark string) {
	for r := rune(0xFDD0); r <= 0xFDEF && mark == ""; r++ {
		if !strings.ContainsRune(source, r) {
			mark = string(r)
		}
	}
	if mark == "" {
		return source, nil, ""
	}
	var b strings.Builder
	for at := 0; at < len(source); {
		i := strings.IndexByte(source[at:], '{')
		if i < 0 || at+i+1 >= len(source) {
			b.WriteString(source[at:])
			break
		}
		b.WriteString(source[at : at+i])
		at += i
		next := source[at+1]
		end := -1
		if next == '{' || next == '%' {
			end = closing(source, at, next == '{')
		}
		if end < 0 {
			b.WriteByte('{')
			at++
			continue
		}
		end = verbatimEnd(source, at, end)
		b.WriteString(mark + strconv.Itoa(len(tokens)) + mark)
		tokens = append(tokens, source[at:end])
		at = end
	}
	return b.String(), tokens, mark
}

// verbatimEnd returns where the raw or comment block ends that the tag at
// source[at:end] opens, or end.
func verbatimEnd(source string, at, end int) int {
	if source[at+1] != '%' {
		return end
	}
	name := strings.TrimSpace(strings.Trim(source[at+2:end-2], "-"))
	if name != "raw" && name != "comment" {
		return end
	}
	s := source2(source)
	if next, f := s.verbatim(&node{pos: at, tag: name}, end); f == nil {
		return next
	}
	return end
}

func source2(text string) *source { return &source{part: PartText, text: text} }

// textFrom derives plain text from HTML without Liquid.
func textFrom(source string) string {
	var w textWriter
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return w.finish()
		case html.TextToken:
			if w.skip == "" {
				w.text(string(z.Text()))
			}
		case html.StartTagToken:
			t := z.Token()
			w.start(t, false)
			if t.Data == "iframe" || t.Data == "noscript" {
				z.NextIsNotRawText()
			}
		case html.SelfClosingTagToken:
			w.start(z.Token(), true)
		case html.EndTagToken:
			w.end(z.Token().Data)
		}
	}
}

// textWriter lays text out.
type textWriter struct {
	out    strings.Builder
	breaks int    // line breaks to write before the next text
	space  bool   // a space to write before the next text
	skip   string // the element whose content is skipped
	depth  int    // of elements of that name in it
	links  []link
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
		if w.out.Len() > 0 {
			w.breaks = min(w.breaks+1, 2)
		}
		w.space = false
	case "hr":
		w.need(2)
	case "img":
		if !hidden(t) {
			w.word(attribute(t, "alt"))
		}
	case "li":
		w.need(1)
		w.text("- ")
		w.space = false
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
	if n == 0 {
		return
	}
	w.breaks = max(w.breaks, n)
	w.space = false
}

// text writes text with its white space folded.
func (w *textWriter) text(s string) {
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
	case w.out.Len() == 0:
	case w.breaks > 0:
		w.out.WriteString(strings.Repeat("\n", w.breaks))
	case w.space:
		w.out.WriteByte(' ')
	}
	w.breaks, w.space = 0, false
	for i := range w.links {
		if w.links[i].at < 0 {
			w.links[i].at = w.out.Len()
		}
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
