package check

import (
	"strings"
	"unicode/utf8"
)

// Stand-ins for Liquid, of the private use area: a merge tag is some text that is
// not known, a tag is nothing at all. Both take three bytes in UTF-8.
const (
	someText = '\uE000'
	noText   = '\uE001'
	filler   = '\x7f' // where three bytes do not go into what is left
)

// veil replaces Liquid by stand-ins of the same length in bytes, line breaks kept,
// so that quotes and signs within it do not trouble an HTML reader and places in
// the result are places in the source.
func veil(src string) string {
	out := []byte(src)
	for at := 0; at < len(src); {
		i := strings.IndexByte(src[at:], '{')
		if i < 0 || at+i+1 >= len(src) {
			break
		}
		at += i
		var end int
		switch src[at+1] {
		case '{':
			end = until(src, at, "}}")
			cover(out[at:end], someText)
		case '%':
			end = until(src, at, "%}")
			if tagName(src[at:end]) == "comment" {
				end = commentEnd(src, end)
			}
			cover(out[at:end], noText)
		default:
			end = at + 1
		}
		at = end
	}
	return string(out)
}

// until returns the end of the token at src[at:] that closes with what shut says:
// outside of quotes if there is such a place, else wherever it says so first. A
// token that nothing closes is one brace.
func until(src string, at int, shut string) int {
	quote := byte(0)
	for i := at + 2; i < len(src); i++ {
		switch c := src[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case strings.HasPrefix(src[i:], shut):
			return i + len(shut)
		}
	}
	if i := strings.Index(src[at+2:], shut); i >= 0 {
		return at + 2 + i + len(shut)
	}
	return at + 1
}

// commentEnd returns the end of the comment block that is open at src[from:].
func commentEnd(src string, from int) int {
	for at := from; ; {
		i := strings.Index(src[at:], "{%")
		if i < 0 {
			return from
		}
		at += i
		end := until(src, at, "%}")
		if tagName(src[at:end]) == "endcomment" {
			return end
		}
		at = end
	}
}

// tagName is the first word of a tag.
func tagName(token string) string {
	fields := strings.Fields(strings.Trim(token, "{%-}"))
	if len(fields) == 0 {
		return ""
	}
	return fields[0]
}

// cover overwrites bytes with a stand-in, and what is left over at the end of a line
// with fillers. One brace alone stays.
func cover(b []byte, with rune) {
	if len(b) < 2 {
		return
	}
	size := utf8.RuneLen(with)
	for i := 0; i < len(b); {
		line := i
		for line < len(b) && b[line] != '\n' && b[line] != '\r' {
			line++
		}
		for ; i+size <= line; i += size {
			utf8.EncodeRune(b[i:], with)
		}
		for ; i < line; i++ {
			b[i] = filler
		}
		i = line + 1
	}
}

// personal reports whether a merge tag is in s.
func personal(s string) bool { return strings.ContainsRune(s, someText) }

// bare is s without the stand-ins of tags, spaces run together.
func bare(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case noText, filler, '\u200b', '\u200c', '\u200d', '\ufeff', '\u034f', '\u00ad':
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// places turns offsets in a text into lines and columns, both from 1; a column is
// a code point. The offsets must rise.
type places struct {
	src          string
	off          int
	line, column int
}

func newPlaces(src string) *places { return &places{src: src, line: 1, column: 1} }

func (p *places) at(off int) (line, column int) {
	off = min(off, len(p.src))
	for p.off < off {
		r, n := utf8.DecodeRuneInString(p.src[p.off:])
		p.off += n
		if r == '\n' {
			p.line++
			p.column = 1
		} else if r != '\r' {
			p.column++
		}
	}
	return p.line, p.column
}
