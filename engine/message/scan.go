package message

import (
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep blocks nest.
const maxDepth = 32

// nodeKind says what a node is.
type nodeKind uint8

const (
	nodeText   nodeKind = iota
	nodeRaw             // text of a raw block
	nodeObject          // {{ expr }}
	nodeTag             // {% tag %}
)

// node is a piece of a part: template text, an object or a tag.
type node struct {
	kind         nodeKind
	pos          int
	text         string  // of text
	expr         *expr   // of an object, a condition, a case, an assignment
	when         []*expr // of a when
	tag          string
	target       string // variable of assign and capture
	left, right  bool   // trims the white space before, after
	url, oneLine bool   // how an object's value lands
	part         *source
}

// source is the template of one part while it is being compiled.
type source struct {
	part  string
	text  string
	nodes []node

	known, line, column int // an offset with its line and column, from 0
}

// position returns the line and the column, in characters, of an offset. It
// goes on from where it was asked last.
func (s *source) position(off int) (line, column int) {
	off = min(off, len(s.text))
	if off < s.known {
		s.known, s.line, s.column = 0, 0, 0
	}
	between := s.text[s.known:off]
	if i := strings.LastIndexByte(between, '\n'); i >= 0 {
		s.line += strings.Count(between, "\n")
		s.column, between = 0, between[i+1:]
	}
	s.known, s.column = off, s.column+utf8.RuneCountInString(between)
	return s.line + 1, s.column + 1
}

// scan cuts a template into nodes. The blocks of the nodes it returns are
// balanced.
func (s *source) scan() *fault {
	var open []block
	src, at := s.text, 0
	for at < len(src) {
		i := strings.IndexByte(src[at:], '{')
		for i >= 0 && at+i+1 < len(src) && src[at+i+1] != '{' && src[at+i+1] != '%' {
			j := strings.IndexByte(src[at+i+1:], '{')
			if j < 0 {
				i = -1
				break
			}
			i += 1 + j
		}
		if i < 0 || at+i+1 >= len(src) {
			break
		}
		if i > 0 {
			s.add(node{kind: nodeText, pos: at, text: src[at : at+i]})
		}
		at += i
		object := src[at+1] == '{'
		end := closing(src, at, object)
		if end < 0 {
			if object {
				return &fault{at, "unclosed_object"}
			}
			return &fault{at, "unclosed_tag"}
		}
		n := node{pos: at, kind: nodeObject}
		from, to := at+2, end-2
		if from < to && src[from] == '-' {
			n.left, from = true, from+1
		}
		if from < to && src[to-1] == '-' {
			n.right, to = true, to-1
		}
		if object {
			p := newExprParser(src, from, to)
			n.expr = p.cond()
			p.done()
			if p.err != nil {
				return p.err
			}
			s.add(n)
			at = end
			continue
		}
		n.kind = nodeTag
		next, f := s.tag(&n, from, to, end, &open)
		if f != nil {
			return f
		}
		at = next
	}
	if at < len(src) {
		s.add(node{kind: nodeText, pos: at, text: src[at:]})
	}
	if len(open) > 0 {
		b := open[len(open)-1]
		return &fault{b.pos, "unclosed_block " + b.tag}
	}
	return nil
}

// block is a block whose end has not come yet.
type block struct {
	tag  string
	pos  int
	last bool // its else has come
}

func (s *source) add(n node) {
	n.part = s
	s.nodes = append(s.nodes, n)
}

// closing returns the offset after the end of the object or tag at src[at:], or
// -1. Braces inside string literals do not count, nor does an end that comes
// only after another opening.
func closing(src string, at int, object bool) int {
	end := "%}"
	if object {
		end = "}}"
	}
	for i := at + 2; i < len(src) && i-at <= 2*maxExpression; i++ {
		switch c := src[i]; {
		case c == '"' || c == '\'':
			if n := closeQuote(src[i:min(len(src), at+2*maxExpression)]); n > 0 && !strings.Contains(src[i:i+n], "\n\n") {
				i += n - 1
			}
		case strings.HasPrefix(src[i:], end):
			return i + 2
		case c == '{' && i+1 < len(src) && (src[i+1] == '{' || src[i+1] == '%'):
			return -1
		}
	}
	return -1
}

// tag reads the tag whose content is src[from:to] and which ends at end. It
// returns where scanning goes on.
func (s *source) tag(n *node, from, to, end int, open *[]block) (int, *fault) {
	p := newExprParser(s.text, from, to)
	name := p.tok
	if p.err != nil {
		return 0, p.err
	}
	if name.kind != 'i' {
		return 0, &fault{n.pos, "tag_missing"}
	}
	n.tag = name.text
	p.next()
	switch n.tag {
	case "if", "unless", "case", "capture":
		*open = append(*open, block{tag: n.tag, pos: n.pos})
		if len(*open) > maxDepth {
			return 0, &fault{n.pos, "too_deep"}
		}
	case "elsif", "when", "else", "endif", "endunless", "endcase", "endcapture":
		if !fits(n.tag, *open) {
			return 0, &fault{n.pos, "misplaced " + n.tag}
		}
	}
	switch n.tag {
	case "if", "unless", "case", "elsif":
		n.expr = p.cond()
	case "capture":
		n.target = s.variable(p)
	case "when":
		n.when = append(n.when, p.primary())
		for p.err == nil && (p.take(",") || p.take("or")) {
			n.when = append(n.when, p.primary())
		}
	case "else":
		(*open)[len(*open)-1].last = true
	case "endif", "endunless", "endcase", "endcapture":
		*open = (*open)[:len(*open)-1]
	case "assign":
		n.target = s.variable(p)
		if !p.take("=") {
			p.fail(p.tok.pos, "equals_missing")
		}
		n.expr = p.cond()
	case "comment", "raw":
	default:
		return 0, &fault{n.pos, "unknown_tag " + n.tag}
	}
	p.done()
	if p.err != nil {
		return 0, p.err
	}
	if n.tag == "comment" || n.tag == "raw" {
		return s.verbatim(n, end)
	}
	s.add(*n)
	return end, nil
}

// fits reports whether a clause or an end may stand in the innermost block.
func fits(tag string, open []block) bool {
	if len(open) == 0 {
		return false
	}
	top := open[len(open)-1]
	switch tag {
	case "elsif":
		return top.tag == "if" && !top.last
	case "when":
		return top.tag == "case" && !top.last
	case "else":
		return top.tag != "capture" && !top.last
	}
	return tag == "end"+top.tag
}

// variable reads the name of a variable.
func (s *source) variable(p *exprParser) string {
	name := p.tok
	if name.kind != 'i' || strings.HasSuffix(name.text, "?") {
		p.fail(name.pos, "name_missing")
		return ""
	}
	p.next()
	return name.text
}

// verbatim skips a comment or takes the text of a raw block.
func (s *source) verbatim(n *node, from int) (int, *fault) {
	for at := from; ; {
		i := strings.Index(s.text[at:], "{%")
		if i < 0 {
			return 0, &fault{n.pos, "unclosed_block " + n.tag}
		}
		at += i
		end := strings.Index(s.text[at+2:], "%}")
		if end < 0 {
			return 0, &fault{n.pos, "unclosed_block " + n.tag}
		}
		end += at + 4
		inner := s.text[at+2 : end-2]
		last := strings.TrimSuffix(strings.TrimPrefix(inner, "-"), "-")
		if strings.TrimSpace(last) != "end"+n.tag {
			at += 2
			continue
		}
		body := node{kind: nodeRaw, pos: from, text: s.text[from:at]}
		closed := node{kind: nodeRaw, pos: end, left: strings.HasPrefix(inner, "-"), right: len(inner) > 1 && strings.HasSuffix(inner, "-")}
		if n.left || n.right {
			s.add(node{kind: nodeRaw, pos: n.pos, left: n.left, right: n.right})
		}
		if n.tag == "raw" {
			s.add(body)
		}
		if closed.left || closed.right {
			s.add(closed)
		}
		return end, nil
	}
}
