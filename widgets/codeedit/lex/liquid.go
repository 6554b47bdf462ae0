package lex

import "strings"

// inLiquid reads what stands between {{ and }} or {% and %}, and what comments and
// raw hold.
func (l *lexer) inLiquid() {
	switch {
	case l.liquid == remark || l.liquid == raw:
		l.held()
	case l.string != 0:
		l.literal(l.at)
	default:
		l.expression()
	}
}

// held reads up to the tag that ends a comment or a raw.
func (l *lexer) held() {
	kind, end := Comment, "endcomment"
	if l.liquid == raw {
		kind, end = Plain, "endraw"
	}
	for i := l.at; i < len(l.s); i++ {
		if l.s[i] != '{' || i+1 == len(l.s) || l.s[i+1] != '%' {
			continue
		}
		if name := strings.TrimLeft(strings.TrimPrefix(l.s[i+2:], "-"), " \t"); strings.HasPrefix(name, end) {
			l.take(i, kind)
			l.liquid, l.after = tag, tagName
			l.take(i+2, Delim)
			return
		}
	}
	l.take(len(l.s), kind)
}

// literal reads a text up to its quote.
func (l *lexer) literal(from int) {
	i := strings.IndexByte(l.s[from:], l.string)
	if i < 0 {
		l.take(len(l.s), Literal)
		return
	}
	l.string = 0
	l.take(from+i+1, Literal)
}

// shuts is how many bytes at an index end what is open: }} or %}, with a hyphen
// before it or without; 0: none do.
func (l *lexer) shuts(i int) int {
	n := 2
	if l.s[i] == '-' {
		i, n = i+1, 3
	}
	if i+1 >= len(l.s) || l.s[i+1] != '}' || l.s[i] != '}' && l.liquid == output || l.s[i] != '%' && l.liquid == tag {
		return 0
	}
	return n
}

func (l *lexer) expression() {
	r, i := l.rest(), l.at
	switch c := r[0]; {
	case l.shuts(i) > 0:
		n := l.shuts(i)
		l.liquid = noLiquid
		l.take(i+n, Delim)
	case space(c):
		for i < len(l.s) && space(l.s[i]) {
			i++
		}
		l.take(i, Plain)
	case c == '"' || c == '\'':
		l.string, l.after = c, word
		l.literal(i + 1)
	case '0' <= c && c <= '9':
		for i < len(l.s) && ('0' <= l.s[i] && l.s[i] <= '9' || l.s[i] == '.') {
			i++
		}
		l.take(i, Literal)
	case nameByte(c) && c != '-' && c != ':':
		for i < len(l.s) && (nameByte(l.s[i]) && l.s[i] != ':' && (l.s[i] != '-' || l.shuts(i) == 0) || l.s[i] == '.') {
			i++
		}
		l.named(i)
	default:
		l.after = word
		if c == '|' {
			l.after = filterName
		}
		l.take(i+1, Plain)
	}
}

// named makes a piece of the word up to an index.
func (l *lexer) named(to int) {
	w, as := l.s[l.at:to], l.after
	l.after = word
	switch {
	case as == tagName:
		l.take(to, Keyword)
		l.begin(w)
	case as == filterName:
		l.take(to, Filter)
	case w == "and" || w == "or" || w == "contains" || w == "true" || w == "false" || w == "nil" || w == "blank" || w == "empty":
		l.take(to, Keyword)
	default:
		l.take(to, Name)
	}
}

// begin enters what a tag holds as it is, once the tag is closed in this part.
func (l *lexer) begin(name string) {
	if name != "comment" && name != "raw" {
		return
	}
	i := strings.Index(l.rest(), "%}")
	if i < 0 {
		return
	}
	from := l.at
	if i > 0 && l.s[from+i-1] == '-' {
		i--
	}
	l.take(from+i, Plain)
	l.take(from+strings.Index(l.s[from:], "%}")+2, Delim)
	if l.liquid = remark; name == "raw" {
		l.liquid = raw
	}
}
