package state

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Outline is what a message says, as a window can draw it: its words, images and
// buttons in their order. Nothing of a message but these gets here: no script, no
// address that is loaded, no style but a few colours.
type Outline struct {
	Blocks []OutlineBlock
	Cut    bool // there is more
}

// OutlineKind is what a block is.
type OutlineKind int

// Kinds of blocks.
const (
	OutlineText OutlineKind = iota
	OutlineHeading
	OutlineItem // of a list, with its mark
	OutlineImage
	OutlineButton
	OutlineRule
)

// OutlineBlock is one piece. Which fields are set depends on its kind.
type OutlineBlock struct {
	Kind   OutlineKind
	Level  int // of a heading, 1 to 6; of an item, how deep
	Mark   string
	Spans  []OutlineSpan
	Center bool
	Asset  string // the hash of an image that is kept
	Remote bool   // of an image that would have to be fetched
	Alt    string
	Width  int    // of an image in pixels, as the message wants it; 0: its own
	Link   string // of an image or a button
	Fill   string // colour of a button, "#rrggbb"; empty: not known
}

// OutlineSpan is a piece of text of one look.
type OutlineSpan struct {
	Text         string
	Bold, Italic bool
	Link         string // where it leads
}

// Bounds of an outline.
const (
	outlineBlocks = 600
	outlineText   = 64 << 10 // bytes
)

// OutlineOf reads a message. Whatever its HTML is, it has an outline.
func OutlineOf(document string) Outline {
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		return Outline{}
	}
	o := &outliner{}
	o.walk(root, looks{})
	o.flush(looks{})
	return Outline{Blocks: o.blocks, Cut: o.cut}
}

// looks is what a piece of text inherits.
type looks struct {
	bold, italic, center bool
	placed               bool // center is that of an attribute, which tables do not take over
	link                 string
	kind                 OutlineKind
	level                int // of the heading, or of the list
	mark                 string
	pre                  bool
}

type outliner struct {
	blocks []OutlineBlock
	spans  []OutlineSpan // of the paragraph at hand
	size   int
	cut    bool
	marked bool // the mark of the item at hand is used
}

// walk visits a node. The parser keeps trees from being deep.
func (o *outliner) walk(n *html.Node, l looks) {
	if o.cut {
		return
	}
	switch n.Type {
	case html.TextNode:
		o.text(n.Data, l)
		return
	case html.ElementNode:
		o.element(n, l)
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		o.walk(c, l)
	}
}

// element visits an element with all that is in it.
func (o *outliner) element(n *html.Node, l looks) {
	if unseen(n) {
		return
	}
	around, style := l, styleOf(n) // what stands before it is of what is around
	l.align(n, style)
	switch w := style["font-weight"]; w {
	case "bold", "bolder", "600", "700", "800", "900":
		l.bold = true
	case "normal", "400":
		l.bold = false
	}
	l.italic = l.italic || style["font-style"] == "italic"
	switch n.DataAtom {
	case atom.Br:
		o.add("\n", l)
		return
	case atom.Hr:
		o.flush(around)
		o.put(OutlineBlock{Kind: OutlineRule})
		return
	case atom.Img:
		o.image(n, l, around)
		return
	case atom.A:
		if href := strings.TrimSpace(attr(n, "href")); href != "" {
			l.link = href
			if fill, ok := buttonFill(n, style); ok {
				o.flush(around)
				o.button(n, l, fill)
				return
			}
		}
	case atom.B, atom.Strong, atom.Th:
		l.bold = true
	case atom.I, atom.Em, atom.Cite:
		l.italic = true
	case atom.Ul, atom.Ol:
		o.flush(around)
		o.list(n, l)
		return
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		l.kind, l.level, l.bold = OutlineHeading, int(n.Data[1]-'0'), false
	case atom.Pre:
		l.pre = true
	}
	apart := block(n.DataAtom)
	if apart {
		o.flush(around)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		o.walk(c, l)
	}
	if apart {
		o.flush(l)
	}
}

// align takes over how an element aligns what is in it. An attribute places boxes as
// well as text, and ends at a table, whose own align places the table (HTML, 15.3).
func (l *looks) align(n *html.Node, style map[string]string) {
	side, attribute := style["text-align"], false
	if n.DataAtom == atom.Table {
		l.center = l.center && !l.placed
	} else if side == "" {
		if side, attribute = strings.ToLower(attr(n, "align")), true; n.DataAtom == atom.Center {
			side = "center"
		}
	}
	switch side {
	case "center", "middle":
		l.center, l.placed = true, attribute
	case "left", "right", "start", "end", "justify":
		l.center = false
	}
}

// unseen reports whether nobody sees an element: what is no part of the page, what is
// hidden, such as a preheader, and what a client without scripts skips.
func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Title, atom.Template, atom.Iframe, atom.Object, atom.Embed, atom.Svg, atom.Math, atom.Select, atom.Textarea, atom.Video, atom.Audio:
		return true
	}
	s := styleOf(n)
	for _, a := range n.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	return s["display"] == "none" || s["visibility"] == "hidden" || s["mso-hide"] == "all" && s["max-height"] == "0"
}

func block(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Table, atom.Tbody, atom.Thead, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.Blockquote, atom.Center, atom.Pre, atom.Address, atom.Figure, atom.Figcaption, atom.Body, atom.Form:
		return true
	}
	return false
}

// list visits the items of a list.
func (o *outliner) list(n *html.Node, l looks) {
	if l.kind == OutlineItem {
		l.level++
	} else {
		l.kind, l.level = OutlineItem, 1
	}
	number := 1
	if s, err := strconv.Atoi(attr(n, "start")); err == nil {
		number = s
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Li {
			o.walk(c, l)
			continue
		}
		if l.mark = "•"; n.DataAtom == atom.Ol {
			l.mark = strconv.Itoa(number) + "."
			number++
		}
		o.marked = false
		o.walk(c, l)
	}
}

// text adds text as a browser would: runs of white space are one space.
func (o *outliner) text(s string, l looks) {
	if l.pre {
		o.add(s, l)
		return
	}
	fields := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\n\r\f", r) })
	joined := strings.Join(fields, " ")
	if s != "" && strings.ContainsRune(" \t\n\r\f", rune(s[0])) {
		joined = " " + joined
	}
	if len(fields) > 0 && strings.ContainsRune(" \t\n\r\f", rune(s[len(s)-1])) {
		joined += " "
	}
	o.add(joined, l)
}

// add appends to the paragraph at hand.
func (o *outliner) add(s string, l looks) {
	if n := len(o.spans); s != "\n" && strings.HasPrefix(s, " ") && (n == 0 || strings.HasSuffix(o.spans[n-1].Text, " ") || strings.HasSuffix(o.spans[n-1].Text, "\n")) {
		s = s[1:]
	}
	if s == "" {
		return
	}
	if o.size += len(s); o.size > outlineText {
		o.cut = true
		return
	}
	x := OutlineSpan{Text: s, Bold: l.bold, Italic: l.italic, Link: l.link}
	if n := len(o.spans); n > 0 {
		if last := &o.spans[n-1]; last.Bold == x.Bold && last.Italic == x.Italic && last.Link == x.Link {
			last.Text += s
			return
		}
	}
	o.spans = append(o.spans, x)
}

// flush ends the paragraph at hand.
func (o *outliner) flush(l looks) {
	spans := o.spans
	o.spans = nil
	if len(spans) > 0 {
		spans[0].Text = strings.TrimLeft(spans[0].Text, " \n")
		last := &spans[len(spans)-1]
		last.Text = strings.TrimRight(last.Text, " \n")
	}
	spans = slices.DeleteFunc(spans, func(s OutlineSpan) bool { return s.Text == "" })
	if !slices.ContainsFunc(spans, func(s OutlineSpan) bool { return strings.Trim(s.Text, " \n\u00a0\u200c\u034f\u200b\ufeff") != "" }) {
		return
	}
	b := OutlineBlock{Kind: l.kind, Level: l.level, Spans: spans, Center: l.center}
	if l.kind == OutlineItem && !o.marked {
		b.Mark, o.marked = l.mark, true
	}
	o.put(b)
}

func (o *outliner) put(b OutlineBlock) {
	if len(o.blocks) == outlineBlocks {
		o.cut = true
		return
	}
	o.blocks = append(o.blocks, b)
}

// image adds an image, unless it is one that nobody sees.
func (o *outliner) image(n *html.Node, l, around looks) {
	width, height := pixels(attr(n, "width")), pixels(attr(n, "height"))
	if width == 1 || height == 1 {
		return // it counts who reads
	}
	if w := pixels(styleOf(n)["width"]); w > 0 {
		width = w
	}
	o.flush(around)
	src := attr(n, "src")
	hash, kept := strings.CutPrefix(src, "asset:")
	b := OutlineBlock{Kind: OutlineImage, Alt: strings.TrimSpace(attr(n, "alt")), Width: width, Link: l.link, Center: l.center, Remote: !kept}
	if kept {
		b.Asset = hash
	}
	o.put(b)
}

// button adds a link that looks like one.
func (o *outliner) button(n *html.Node, l looks, fill string) {
	inner := &outliner{}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		inner.walk(c, looks{link: l.link})
	}
	inner.flush(looks{})
	var words []string
	for _, b := range inner.blocks {
		if b.Kind == OutlineImage {
			b.Link, b.Center = l.link, l.center
			o.put(b)
		}
		for _, s := range b.Spans {
			words = append(words, s.Text)
		}
	}
	if s := strings.Join(strings.Fields(strings.Join(words, " ")), " "); s != "" {
		o.put(OutlineBlock{Kind: OutlineButton, Spans: []OutlineSpan{{Text: s}}, Link: l.link, Center: l.center, Fill: fill})
	}
}
