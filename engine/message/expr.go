package message

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxExpression bounds one tag or object, in bytes, and with it how deep an
// expression nests.
const maxExpression = 4 << 10

// exprKind says what an expression is.
type exprKind uint8

const (
	exprPath    exprKind = iota // str: a field, a variable or a special name
	exprString                  // str
	exprNumber                  // str: its digits
	exprBool                    // str: true or false
	exprFilter                  // a | str: args
	exprCompare                 // a str args[0]; str: == != < > <= >= contains
	exprLogic                   // a str args[0]; str: and or
)

// expr is an expression of the Liquid that we accept: a subset of what the
// engine knows, read here so that a fault has a column.
type expr struct {
	kind exprKind
	pos  int // offset in the part's source
	str  string
	a    *expr
	args []*expr
}

// fault is broken Liquid: a code with an optional argument, and where.
type fault struct {
	pos    int
	detail string
}

func (f *fault) Error() string { return f.detail }

// token is a lexical unit of an expression. Kind is 'i' identifier, 's' string,
// 'n' number, 0 the end, else the operator is in text.
type token struct {
	kind byte
	pos  int
	text string
}

// exprParser reads the expression in src[pos:end].
type exprParser struct {
	src      string
	pos, end int
	tok      token
	err      *fault
}

func newExprParser(src string, pos, end int) *exprParser {
	p := &exprParser{src: src, pos: pos, end: end}
	if end-pos > maxExpression {
		p.fail(pos, "too_long")
	}
	p.next()
	return p
}

func (p *exprParser) fail(pos int, detail string) {
	if p.err == nil {
		p.err = &fault{pos, detail}
	}
	p.tok = token{pos: pos}
	p.pos = p.end
}

// identifier returns the length of the identifier at the start of s: a letter
// or underscore, then letters, digits, marks, underscores and hyphens.
func identifier(s string) int {
	for i, r := range s {
		letter := unicode.IsLetter(r) || r == '_'
		if !letter && (i == 0 || !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '-') {
			return i
		}
	}
	return len(s)
}

// next reads a token.
func (p *exprParser) next() {
	if p.err != nil {
		return
	}
	// Editors put hard spaces where a person typed two.
	for p.pos < p.end {
		if strings.IndexByte(" \t\n\f\v", p.src[p.pos]) >= 0 {
			p.pos++
		} else if strings.HasPrefix(p.src[p.pos:p.end], "\u00a0") {
			p.pos += 2
		} else {
			break
		}
	}
	start := p.pos
	if start == p.end {
		p.tok = token{pos: start}
		return
	}
	rest := p.src[start:p.end]
	c := rest[0]
	switch {
	case c == '"' || c == '\'':
		n := closeQuote(rest)
		if n < 0 {
			p.fail(start, "unclosed_string")
			return
		}
		p.pos += n
		p.tok = token{'s', start, unquote(rest[:n])}
		return
	case digit(c) || c == '-' && len(rest) > 1 && digit(rest[1]):
		n := 1
		for n < len(rest) && (digit(rest[n]) || rest[n] == '.' && n+1 < len(rest) && digit(rest[n+1])) {
			n++
		}
		if _, err := strconv.ParseFloat(rest[:n], 64); err != nil || n > 15 {
			p.fail(start, "bad_number")
			return
		}
		p.pos += n
		p.tok = token{'n', start, rest[:n]}
		return
	}
	if n := identifier(rest); n > 0 {
		if n < len(rest) && rest[n] == '?' {
			n++
		}
		p.pos += n
		p.tok = token{'i', start, rest[:n]}
		return
	}
	for _, op := range []string{"==", "!=", "<>", "<=", ">=", "..", "<", ">", "|", ":", ",", ".", "(", ")", "[", "]", "="} {
		if strings.HasPrefix(rest, op) {
			p.pos += len(op)
			p.tok = token{'o', start, op}
			return
		}
	}
	_, n := utf8.DecodeRuneInString(rest)
	p.fail(start, "unexpected "+rest[:n])
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// closeQuote returns the length of the string literal at the start of s, or -1.
// Only double quotes know escapes.
func closeQuote(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			return i + 1
		case s[i] == '\\' && s[0] == '"':
			i++
		}
	}
	return -1
}

// unquote returns what a string literal means.
func unquote(s string) string {
	body := s[1 : len(s)-1]
	if s[0] == '\'' || strings.IndexByte(body, '\\') < 0 {
		return body
	}
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n", `\t`, "\t", `\r`, "\n").Replace(body)
}

// is reports whether the token is the operator or word s.
func (p *exprParser) is(s string) bool {
	return (p.tok.kind == 'o' || p.tok.kind == 'i') && p.tok.text == s
}

func (p *exprParser) take(s string) bool {
	if p.is(s) {
		p.next()
		return true
	}
	return false
}

// done fails unless everything was read.
func (p *exprParser) done() {
	if p.tok.kind != 0 {
		p.fail(p.tok.pos, "unexpected "+p.tok.text)
	}
}

// cond reads relations joined by and, or. Like the engine it knows no
// precedence and reads from the left.
func (p *exprParser) cond() *expr {
	x := p.rel()
	for p.err == nil && (p.is("and") || p.is("or")) {
		op := p.tok
		p.next()
		x = &expr{kind: exprLogic, pos: op.pos, str: op.text, a: x, args: []*expr{p.rel()}}
	}
	return x
}

func (p *exprParser) rel() *expr {
	x := p.primary()
	op := p.tok
	if op.kind == 'o' || op.text == "contains" {
		switch op.text {
		case "<>":
			op.text = "!="
			fallthrough
		case "==", "!=", "<", ">", "<=", ">=", "contains":
			p.next()
			return &expr{kind: exprCompare, pos: op.pos, str: op.text, a: x, args: []*expr{p.primary()}}
		}
	}
	return p.filters(x)
}

func (p *exprParser) filters(x *expr) *expr {
	for p.err == nil && p.take("|") {
		name := p.tok
		if name.kind != 'i' {
			p.fail(name.pos, "filter_missing")
			break
		}
		p.next()
		f := &expr{kind: exprFilter, pos: name.pos, str: name.text, a: x}
		if p.take(":") {
			f.args = append(f.args, p.primary())
			for p.err == nil && p.take(",") {
				f.args = append(f.args, p.primary())
			}
		}
		if p.err == nil {
			p.err = checkFilter(f)
		}
		x = f
	}
	return x
}

func (p *exprParser) primary() *expr {
	t := p.tok
	switch {
	case p.err != nil:
	case t.kind == 's':
		p.next()
		return &expr{kind: exprString, pos: t.pos, str: t.text}
	case t.kind == 'n':
		p.next()
		return &expr{kind: exprNumber, pos: t.pos, str: t.text}
	case t.text == "(" && t.kind == 'o':
		p.next()
		x := p.cond()
		if p.is("..") {
			p.fail(t.pos, "range")
		} else if !p.take(")") {
			p.fail(p.tok.pos, "parenthesis_missing")
		}
		return x
	case t.kind == 'i':
		return p.path()
	case t.kind == 0:
		p.fail(t.pos, "value_missing")
	default:
		p.fail(t.pos, "unexpected "+t.text)
	}
	return &expr{kind: exprString, pos: t.pos}
}

// path reads a name. A blank field is the empty string, and so is what other
// engines call nil, blank and empty.
func (p *exprParser) path() *expr {
	t := p.tok
	p.next()
	switch t.text {
	case "true", "false":
		return &expr{kind: exprBool, pos: t.pos, str: t.text}
	case "nil", "null", "blank", "empty":
		return &expr{kind: exprString, pos: t.pos}
	case "and", "or", "contains", "in":
		p.fail(t.pos, "unexpected "+t.text)
	}
	name := t.text
	for p.err == nil && p.is(".") {
		p.next()
		if p.tok.kind != 'i' {
			p.fail(p.tok.pos, "name_missing")
			break
		}
		name += "." + p.tok.text
		p.next()
	}
	if p.is("[") {
		p.fail(p.tok.pos, "unexpected [")
	}
	if p.is("..") {
		p.fail(p.tok.pos, "range")
	}
	return &expr{kind: exprPath, pos: t.pos, str: name}
}

// literal returns the text of a literal.
func (x *expr) literal() (string, bool) {
	return x.str, x.kind == exprString || x.kind == exprNumber
}
