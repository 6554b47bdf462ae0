package message

import (
	"strconv"
	"strings"
)

// mask is a template with a number between marks in the place of each object
// and tag, so that the HTML tokenizer does not stumble over the quotes and signs
// in them. The mark is a character that Unicode assigns to nobody.
type mask struct {
	text   string
	mark   string // empty: the template uses all of them, and nothing is masked
	tokens []string

	numbers map[string]int
}

func maskLiquid(src string) mask {
	m := mask{text: src, numbers: map[string]int{}}
	for r := rune(0xFDD0); r <= 0xFDEF && m.mark == ""; r++ {
		if !strings.ContainsRune(src, r) {
			m.mark = string(r)
		}
	}
	if m.mark == "" {
		return m
	}
	var b strings.Builder
	for at := 0; at < len(src); {
		i := strings.IndexByte(src[at:], '{')
		if i < 0 || at+i+1 >= len(src) {
			b.WriteString(src[at:])
			break
		}
		b.WriteString(src[at : at+i])
		at += i
		end := -1
		if next := src[at+1]; next == '{' || next == '%' {
			end = closing(src, at, next == '{')
		}
		if end < 0 {
			b.WriteByte('{')
			at++
			continue
		}
		end = verbatimEnd(src, at, end)
		b.WriteString(m.hide(src[at:end]))
		at = end
	}
	m.text = b.String()
	return m
}

// hide returns what stands for a token. Equal tokens have equal stand-ins, so
// that a link that says its own address is seen to.
func (m *mask) hide(token string) string {
	i, ok := m.numbers[token]
	if !ok {
		i = len(m.tokens)
		m.numbers[token] = i
		m.tokens = append(m.tokens, token)
	}
	return m.mark + strconv.Itoa(i) + m.mark
}

// restore puts the tokens back. Braces that the text spells with character
// references are no Liquid, and stay none.
func (m *mask) restore(text string) string {
	if m.mark == "" {
		return rawBraces(text)
	}
	parts := strings.Split(text, m.mark)
	for i := range parts {
		n, err := strconv.Atoi(parts[i])
		if i%2 == 1 && err == nil && n >= 0 && n < len(m.tokens) {
			parts[i] = m.tokens[n]
		} else {
			parts[i] = rawBraces(parts[i])
		}
	}
	return strings.Join(parts, "")
}

// rawBraces keeps braces from being read as Liquid, also before a token.
func rawBraces(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '{' || i+1 < len(s) && s[i+1] != '{' && s[i+1] != '%' {
			b.WriteByte(s[i])
			continue
		}
		n := i + 1
		for n < len(s) && s[n] == '{' {
			n++
		}
		b.WriteString("{% raw %}" + s[i:n] + "{% endraw %}")
		i = n - 1
	}
	return b.String()
}

// verbatimEnd returns where the raw or comment block ends that the tag at
// source[at:end] opens, or end.
func verbatimEnd(src string, at, end int) int {
	name := tagName(src[at:end])
	if name != "raw" && name != "comment" {
		return end
	}
	s := source{text: src}
	if next, f := s.verbatim(&node{pos: at, tag: name}, end); f == nil {
		return next
	}
	return end
}

// tagName returns the name of a tag; an object has none.
func tagName(token string) string {
	if !strings.HasPrefix(token, "{%") {
		return ""
	}
	name := strings.TrimLeft(token[2:], "- \t\n\f\v")
	return name[:identifier(name)]
}
