package lex

import "strings"

// style reads what stands in a style element.
func (l *lexer) style() {
	i := l.at
	if l.css >= cssComment {
		i, whole := l.find("*/")
		if whole {
			l.css -= cssComment
			i += 2
		}
		l.take(i, Comment)
		return
	}
	switch r := l.rest(); {
	case r[0] == '<' && closes(r, "</style"):
		l.mode, l.elem, l.css = inTag, anyElem, cssSelector
		l.take(i+len("</style"), Tag)
	case strings.HasPrefix(r, "/*"):
		l.css += cssComment
		l.take(i+2, Comment)
	case space(r[0]):
		for i < len(l.s) && space(l.s[i]) {
			i++
		}
		l.take(i, Plain)
	case r[0] == '{':
		l.css = cssProperty
		l.take(i+1, Plain)
	case r[0] == '}':
		l.css = cssSelector
		l.take(i+1, Plain)
	case r[0] == ';' && l.css != cssSelector:
		l.css = cssProperty
		l.take(i+1, Plain)
	case r[0] == ':' && l.css == cssProperty:
		l.css = cssValue
		l.take(i+1, Plain)
	case l.css == cssValue:
		l.take(l.upTo(i, ";{}"), Setting)
	case l.css == cssProperty && !l.rule(i):
		l.take(l.upTo(i, ":;{}"), Property)
	default:
		l.take(l.upTo(i, "{}"), Selector)
	}
}

// upTo is the next of some bytes, of a comment or of the end of the element; it is
// beyond i.
func (l *lexer) upTo(i int, stops string) int {
	for j := i + 1; j < len(l.s); j++ {
		switch c := l.s[j]; {
		case strings.IndexByte(stops, c) >= 0, l.opens(j), c == '<' && closes(l.s[j:], "</style"), c == '/' && j+1 < len(l.s) && l.s[j+1] == '*':
			return j
		}
	}
	return len(l.s)
}

// rule reports whether a rule of its own begins here, as within @media: a brace
// comes before the end of a property.
func (l *lexer) rule(i int) bool {
	j := strings.IndexAny(l.s[i:], ";{}")
	return j >= 0 && l.s[i+j] == '{' && !l.opens(i+j)
}
