package block

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"sendoff/engine/message"
)

// tok is a piece of a text: a character or run of them, Liquid, a mark, a line
// break.
type tok struct {
	kind  byte // 't' text, 'e' an escaped sign, 'l' Liquid, 'n' line break, '*' emphasis, '2' strong, '[' ']' of a link
	s     string
	scope int // the Liquid branch in which it stands; 0: none
}

// tokens reads a text. Marks are looked for when there may be some.
func tokens(s string, marks bool) ([]tok, error) {
	pieces, err := message.Pieces(s)
	if err != nil {
		return nil, err
	}
	var out []tok
	var open []int
	scope, next := 0, 0
	for _, p := range pieces {
		if !p.Liquid {
			out = lex(out, p.Source, scope, marks)
			continue
		}
		switch p.Tag {
		case "if", "unless", "case", "capture", "raw":
			out = append(out, tok{'l', p.Source, scope})
			open = append(open, scope)
			next++
			scope = next
			continue
		case "else", "elsif", "when":
			next++
			scope = next
		case "endif", "endunless", "endcase", "endcapture", "endraw":
			scope, open = open[len(open)-1], open[:len(open)-1]
		}
		out = append(out, tok{'l', p.Source, scope})
	}
	return out, nil
}

// lex cuts text without Liquid.
func lex(out []tok, s string, scope int, marks bool) []tok {
	var run strings.Builder
	flush := func() {
		if run.Len() > 0 {
			out = append(out, tok{'t', run.String(), scope})
			run.Reset()
		}
	}
	mark := func(kind byte, s string) { flush(); out = append(out, tok{kind, s, scope}) }
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\n':
			mark('n', "\n")
		case !marks:
			run.WriteByte(c)
		case c == '\\' && i+1 < len(s) && strings.IndexByte("\\*[]()-.#", s[i+1]) >= 0:
			i++
			// A run of its own: it is no mark of a list either.
			flush()
			out = append(out, tok{'e', s[i : i+1], scope})
		case c == '*':
			n := 1
			for i+n < len(s) && s[i+n] == '*' && n < 3 {
				n++
			}
			switch before, _ := utf8.DecodeLastRuneInString(s[:i]); {
			case n == 1:
				mark('*', "*")
			case n == 2:
				mark('2', "**")
			case i > 0 && !unicode.IsSpace(before):
				mark('*', "*")
				mark('2', "**")
			default:
				mark('2', "**")
				mark('*', "*")
			}
			i += n - 1
		case c == '[' || c == ']':
			mark(c, string(c))
		default:
			run.WriteByte(c)
		}
	}
	flush()
	return out
}

// escape writes a text, its Liquid as it is; line breaks become br.
func escape(ts []tok, br string) string {
	var b strings.Builder
	for _, t := range ts {
		switch t.kind {
		case 'l':
			b.WriteString(t.s)
		case 'n':
			b.WriteString(br)
		default:
			b.WriteString(html.EscapeString(t.s))
		}
	}
	return b.String()
}

// inliner writes the markup of a text.
type inliner struct {
	link func(href, inner string) string
}

// write turns tokens into markup. A mark that has no partner in the same branch
// of Liquid is an ordinary sign.
func (w *inliner) write(ts []tok, inLink bool) string {
	var b strings.Builder
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		switch t.kind {
		case '*', '2':
			tag := "em"
			if t.kind == '2' {
				tag = "strong"
			}
			if j := closes(ts, i); j > 0 {
				b.WriteString("<" + tag + ">" + w.write(ts[i+1:j], inLink) + "</" + tag + ">")
				i = j
				continue
			}
			b.WriteString(t.s)
		case '[':
			if inLink {
				b.WriteString(t.s)
				continue
			}
			if label, href, end, ok := target(ts, i); ok {
				b.WriteString(w.link(escape(href, ""), w.write(label, true)))
				i = end.at
				if end.rest != "" {
					ts = append([]tok(nil), ts...)
					ts[i] = tok{'t', end.rest, t.scope}
					i--
				}
				continue
			}
			b.WriteString(t.s)
		case 'n':
			b.WriteString("<br>")
		case 'l':
			b.WriteString(t.s)
		default:
			b.WriteString(html.EscapeString(t.s))
		}
	}
	return b.String()
}

// closes returns the index of the mark that ends the one at i, or 0.
func closes(ts []tok, i int) int {
	if i+1 >= len(ts) || !solid(ts[i+1], false) {
		return 0
	}
	for j := i + 2; j < len(ts); j++ {
		if ts[j].kind == ts[i].kind && ts[j].scope == ts[i].scope && solid(ts[j-1], true) {
			return j
		}
	}
	return 0
}

// solid reports whether a token begins, or ends, with something other than white
// space.
func solid(t tok, end bool) bool {
	if t.kind == 'n' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(t.s)
	if end {
		r, _ = utf8.DecodeLastRuneInString(t.s)
	}
	return t.kind != 't' || !unicode.IsSpace(r)
}

// stop is where a link ends: in the token at, of which the rest follows behind
// it.
type stop struct {
	at   int
	rest string
}

// target reads "[label](address)" from ts[i:].
func target(ts []tok, i int) (label, href []tok, end stop, ok bool) {
	j := i + 1
	for ; j < len(ts) && (ts[j].kind != ']' || ts[j].scope != ts[i].scope); j++ {
		if ts[j].kind == '[' {
			return nil, nil, end, false
		}
	}
	if j == i+1 || j+1 >= len(ts) || ts[j+1].kind != 't' || ts[j+1].scope != ts[i].scope || ts[j+1].s[0] != '(' {
		return nil, nil, end, false
	}
	for k, depth, size := j+1, 0, 0; k < len(ts); k++ {
		t := ts[k]
		// No address has a bracket, or is longer; so this stays linear.
		if size += len(t.s); t.kind == 'n' || t.kind == '[' || size > 2*MaxAddress {
			break
		}
		if t.kind != 't' || t.scope != ts[i].scope {
			href = append(href, t)
			continue
		}
		from := 0
		if k == j+1 {
			from, depth = 1, 1
		}
		for n := from; n < len(t.s); n++ {
			switch t.s[n] {
			case '(':
				depth++
			case ')':
				depth--
			}
			if depth == 0 {
				href = append(href, tok{'t', t.s[from:n], t.scope})
				var whole strings.Builder
				for _, h := range href {
					whole.WriteString(h.s)
				}
				return ts[i+1 : j], href, stop{k, t.s[n+1:]}, address("", whole.String(), false) == nil
			}
		}
		href = append(href, tok{'t', t.s[from:], t.scope})
	}
	return nil, nil, end, false
}
