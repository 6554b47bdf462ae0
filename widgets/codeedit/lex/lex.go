package lex

import "strings"

// Kind is what a piece is.
type Kind uint8

// Kinds.
const (
	Plain    Kind = iota // text that people read, white space
	Tag                  // brackets and name of a tag
	Attr                 // name of an attribute
	Value                // its value
	Comment              // comments and the document type
	Entity               // &amp;
	Selector             // CSS: what a rule is for
	Property             // CSS: name of a property
	Setting              // CSS: its value
	Delim                // {{ }} {% %}
	Keyword              // Liquid: names of tags, operators
	Name                 // Liquid: a field
	Filter               // Liquid: what follows a bar
	Literal              // Liquid: a text or a number
	Kinds                // how many there are
)

// Token is a piece: bytes From up to To of its part.
type Token struct {
	From, To int
	Kind     Kind
}

// State is where in the grammar a part begins. The zero value is the beginning of
// a document. States can be compared.
type State struct {
	mode   mode
	quote  byte // of the attribute's value
	elem   elem // whose tag is open, and whose content it then is
	css    css
	liquid liquid
	string byte // quote of the text within Liquid; 0: none
	after  after
}

type mode uint8

const (
	inText mode = iota
	inTag
	inValue
	inComment
	inDoctype
	inStyle
	inScript
	inPlain
)

type elem uint8

const (
	anyElem elem = iota
	style
	script
)

type css uint8

const (
	cssSelector css = iota
	cssProperty
	cssValue
	cssComment // and where it stands in, one more each
	cssCommentProperty
	cssCommentValue
)

type liquid uint8

const (
	noLiquid liquid = iota
	output
	tag
	remark // {% comment %}
	raw    // {% raw %}
)

// after is what the next word in Liquid is.
type after uint8

const (
	word after = iota
	tagName
	filterName
)

// PlainText is the beginning of a text in which only Liquid means something.
func PlainText() State { return State{mode: inPlain} }

// Line appends the pieces of a part to dst, and gives the state after it.
func Line(dst []Token, s string, in State) ([]Token, State) {
	l := lexer{s: s, out: dst, State: in}
	for l.at < len(s) {
		l.step()
	}
	return l.out, l.State
}

type lexer struct {
	s   string
	at  int
	out []Token
	State
}

// take makes a piece of everything up to an index; pieces of one kind that touch
// are one.
func (l *lexer) take(to int, k Kind) {
	if to <= l.at {
		return
	}
	if n := len(l.out); n > 0 && l.out[n-1].Kind == k && l.out[n-1].To == l.at && l.at > 0 {
		l.out[n-1].To = to
	} else {
		l.out = append(l.out, Token{l.at, to, k})
	}
	l.at = to
}

func (l *lexer) rest() string { return l.s[l.at:] }

// opens reports whether Liquid begins at an index.
func (l *lexer) opens(i int) bool {
	return l.s[i] == '{' && i+1 < len(l.s) && (l.s[i+1] == '{' || l.s[i+1] == '%')
}

// until is the first index from i on of one of the bytes, or of Liquid.
func (l *lexer) until(i int, stops set) int {
	for ; i < len(l.s); i++ {
		c := l.s[i]
		if c < 0x80 && (stops[c>>6]>>(c&63)&1 != 0 || c == '{' && l.opens(i)) {
			return i
		}
	}
	return i
}

// set is some ASCII bytes.
type set [2]uint64

func of(bytes string) (s set) {
	for i := range len(bytes) {
		s[bytes[i]>>6] |= 1 << (bytes[i] & 63)
	}
	return s
}

// find is the index of what follows, or of Liquid before it; whole tells whether
// it is there.
func (l *lexer) find(end string) (i int, whole bool) {
	for i = l.at; i < len(l.s); i++ {
		switch c := l.s[i]; {
		case c == '{' && l.opens(i):
			return i, false
		case c == end[0] && strings.HasPrefix(l.s[i:], end):
			return i, true
		}
	}
	return i, false
}

func (l *lexer) step() {
	switch {
	case l.liquid != noLiquid:
		l.inLiquid()
	case l.opens(l.at):
		l.liquid, l.after = output, word
		if l.s[l.at+1] == '%' {
			l.liquid, l.after = tag, tagName
		}
		l.take(l.at+2, Delim)
		if l.at < len(l.s) && l.s[l.at] == '-' {
			l.take(l.at+1, Delim)
		}
	default:
		l.html()
	}
}

func (l *lexer) html() {
	switch l.mode {
	case inText:
		l.text()
	case inTag:
		l.tag()
	case inValue:
		i := l.until(l.at, of(string(rune(l.quote))))
		if i < len(l.s) && l.s[i] == l.quote {
			l.mode = inTag
			i++
		}
		l.take(i, Value)
	case inComment:
		i, whole := l.find("-->")
		if whole {
			l.mode = inText
			i += 3
		}
		l.take(i, Comment)
	case inDoctype:
		i := l.until(l.at, of(">"))
		if i < len(l.s) && l.s[i] == '>' {
			l.mode = inText
			i++
		}
		l.take(i, Comment)
	case inStyle:
		l.style()
	case inScript:
		l.script()
	case inPlain:
		l.take(l.until(l.at, set{}), Plain)
	}
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func nameByte(c byte) bool {
	return letter(c) || '0' <= c && c <= '9' || c == '-' || c == '_' || c == ':' || c >= 0x80
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// text reads what stands between tags.
func (l *lexer) text() {
	i := l.until(l.at, of("<&"))
	if i > l.at {
		l.take(i, Plain)
		return
	}
	r := l.rest()
	switch {
	case r[0] == '&':
		n := 1
		for n < len(r) && n < 32 && (letter(r[n]) || '0' <= r[n] && r[n] <= '9' || r[n] == '#') {
			n++
		}
		if n > 1 && n < len(r) && r[n] == ';' {
			l.take(l.at+n+1, Entity)
			return
		}
		l.take(l.at+1, Plain)
	case strings.HasPrefix(r, "<!--"):
		l.mode = inComment
		l.take(l.at+4, Comment)
	case strings.HasPrefix(r, "<!"), strings.HasPrefix(r, "<?"):
		l.mode = inDoctype
		l.take(l.at+2, Comment)
	default:
		n := 1
		if n < len(r) && r[n] == '/' {
			n++
		}
		name := n
		if n == len(r) || !letter(r[n]) {
			l.take(l.at+1, Plain)
			return
		}
		for n < len(r) && nameByte(r[n]) {
			n++
		}
		l.mode, l.elem = inTag, anyElem
		switch {
		case name == 2:
		case strings.EqualFold(r[name:n], "style"):
			l.elem = style
		case strings.EqualFold(r[name:n], "script"):
			l.elem = script
		}
		l.take(l.at+n, Tag)
	}
}

// tag reads what stands within one.
func (l *lexer) tag() {
	i := l.at
	switch c := l.s[i]; {
	case space(c):
		for i < len(l.s) && space(l.s[i]) {
			i++
		}
		l.take(i, Plain)
	case c == '>':
		l.mode, l.css = inText, cssSelector
		switch l.elem {
		case style:
			l.mode = inStyle
		case script:
			l.mode = inScript
		}
		l.take(i+1, Tag)
	case c == '/', c == '<':
		l.take(i+1, Tag)
	case c == '"', c == '\'':
		l.mode, l.quote = inValue, c
		l.take(i+1, Value)
	case c == '=':
		l.take(i+1, Plain)
		if i++; i < len(l.s) && strings.IndexByte("\"' \t\r\n>", l.s[i]) < 0 && !l.opens(i) {
			l.take(l.until(i, of(" \t\r\n>")), Value)
		}
	default:
		l.take(max(i+1, l.until(i, of(" \t\r\n>/=\"'"))), Attr)
	}
}

func (l *lexer) script() {
	i := l.at
	for ; i < len(l.s); i++ {
		if l.s[i] == '<' && closes(l.s[i:], "</script") || l.s[i] == '{' && l.opens(i) {
			break
		}
	}
	if i == l.at {
		l.mode, l.elem = inTag, anyElem
		l.take(i+len("</script"), Tag)
		return
	}
	l.take(i, Plain)
}

func closes(s, end string) bool { return len(s) >= len(end) && strings.EqualFold(s[:len(end)], end) }
