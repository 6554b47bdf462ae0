package htmlimport

import (
	"html"
	"strings"
)

// attr is an attribute within the source of a tag.
type attr struct {
	name       string // in lower case
	value      string // with character references resolved
	from, to   int    // of all of it
	start, end int    // of the value within its quotes; equal without one
	quote      byte   // 0 without quotes
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' }

// attrs finds the attributes of a tag, such as <a href=x>, as the tokenization of
// HTML does it.
func attrs(tag string) (out []attr) {
	i := 1
	for i < len(tag) && !space(tag[i]) && tag[i] != '>' && (tag[i] != '/' || i == 1) {
		i++
	}
	for i < len(tag) {
		for i < len(tag) && (space(tag[i]) || tag[i] == '/') {
			i++
		}
		if i >= len(tag) || tag[i] == '>' {
			return out
		}
		a := attr{from: i}
		for j := i; ; j++ {
			if j >= len(tag) || space(tag[j]) || tag[j] == '>' || tag[j] == '/' || tag[j] == '=' && j > i {
				a.name, i = lower(tag[i:j]), j
				break
			}
		}
		a.to, a.start, a.end = i, i, i
		j := i
		for j < len(tag) && space(tag[j]) {
			j++
		}
		if j < len(tag) && tag[j] == '=' {
			j++
			for j < len(tag) && space(tag[j]) {
				j++
			}
			switch {
			case j < len(tag) && (tag[j] == '"' || tag[j] == '\''):
				a.quote, a.start = tag[j], j+1
				n := strings.IndexByte(tag[a.start:], a.quote)
				if n < 0 {
					return out // cut off; the tokenizer would not call it a tag
				}
				a.end, i = a.start+n, a.start+n+1
			default:
				a.start = j
				for j < len(tag) && !space(tag[j]) && tag[j] != '>' {
					j++
				}
				a.end, i = j, j
			}
			a.to, a.value = i, html.UnescapeString(tag[a.start:a.end])
		}
		out = append(out, a)
	}
	return out
}

// lower is s with the letters of ASCII in lower case, as HTML compares names.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// edit is a change of a tag's source.
type edit struct {
	from, to int
	text     string
}

// apply makes changes that are in their order and do not overlap.
func apply(tag string, edits []edit) string {
	if len(edits) == 0 {
		return tag
	}
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(tag[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.WriteString(tag[at:])
	return b.String()
}

// remove takes an attribute out; a space stays, so that its neighbours do not become
// one.
func (a attr) remove() edit { return edit{a.from, a.to, " "} }

// set gives an attribute another value.
func (a attr) set(value string) edit {
	escaped := strings.NewReplacer("&", "&amp;", `"`, "&quot;", "'", "&#39;", "<", "&lt;", ">", "&gt;").Replace(value)
	if a.quote == 0 {
		return edit{a.start, a.end, `"` + escaped + `"`}
	}
	return edit{a.start, a.end, escaped}
}
