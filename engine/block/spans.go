package block

import "strings"

// Span is a piece of a text of one look, for a front end that draws it itself.
type Span struct {
	Text   string // "\n" breaks the line
	Bold   bool
	Italic bool
	Link   string // where it leads
	Liquid bool   // Text is an object or tag
}

// Paragraph is a paragraph of a text, or a list.
type Paragraph struct {
	List    bool
	Ordered bool
	Items   [][]Span // one, but for a list
}

// Paragraphs reads a marked text as HTML writes it. Broken Liquid is text.
func Paragraphs(text string) []Paragraph {
	var out []Paragraph
	for _, p := range paragraphs(lenient(strings.TrimSpace(text), true)) {
		q := Paragraph{List: p.list != 0, Ordered: p.list == 'o'}
		for _, item := range p.items {
			q.Items = append(q.Items, spans(item, Span{}))
		}
		out = append(out, q)
	}
	return out
}

// Items reads the items of a list block.
func Items(text string, ordered bool) Paragraph {
	q := Paragraph{List: true, Ordered: ordered}
	for _, line := range lines(lenient(text, true)) {
		if !blankLine(line) {
			_, rest := bullet(line)
			q.Items = append(q.Items, spans(rest, Span{}))
		}
	}
	return q
}

// Line reads the text of a heading.
func Line(text string) []Span { return spans(lenient(strings.TrimSpace(text), true), Span{}) }

// Plain reads a text without markup: of a button, an address, a name.
func Plain(text string) []Span { return spans(lenient(strings.TrimSpace(text), false), Span{}) }

// lenient reads a text that may be half typed.
func lenient(s string, marks bool) []tok {
	ts, err := tokens(s, marks)
	if err != nil {
		return lex(nil, s, 0, marks)
	}
	return ts
}

func spans(ts []tok, look Span) []Span {
	var out []Span
	add := func(s Span) {
		if n := len(out) - 1; n >= 0 && !s.Liquid && !out[n].Liquid && out[n].Bold == s.Bold && out[n].Italic == s.Italic && out[n].Link == s.Link {
			out[n].Text += s.Text
			return
		}
		out = append(out, s)
	}
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		inner := look
		switch t.kind {
		case '*', '2':
			if j := closes(ts, i); j > 0 {
				inner.Bold, inner.Italic = look.Bold || t.kind == '2', look.Italic || t.kind == '*'
				for _, s := range spans(ts[i+1:j], inner) {
					add(s)
				}
				i = j
				continue
			}
		case '[':
			if look.Link != "" {
				break
			}
			if label, href, end, ok := target(ts, i); ok {
				for _, h := range href {
					inner.Link += h.s
				}
				for _, s := range spans(label, inner) {
					add(s)
				}
				if i = end.at; end.rest != "" {
					rest := look
					rest.Text = end.rest
					add(rest)
				}
				continue
			}
		}
		s := look
		s.Text, s.Liquid = t.s, t.kind == 'l'
		add(s)
	}
	return out
}
