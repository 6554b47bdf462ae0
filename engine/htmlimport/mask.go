package htmlimport

import (
	"html"
	"regexp"
	"strconv"
	"strings"
)

// mask hides merge tags from the reader of HTML, who would stumble over the quotes
// and signs in them.
type mask struct {
	text   string
	mark   string
	tokens []string
}

// hidden reports whether r marks a merge tag that is hidden.
func hidden(r rune) bool { return r >= 0xFDD0 && r <= 0xFDEF }

// liquid hides what is a merge tag. What has a tag of HTML in it is none.
func liquid(s string) mask {
	m := mask{text: s}
	plain := html.UnescapeString(s)
	for r := rune(0xFDD0); r <= 0xFDEF && m.mark == ""; r++ { // noncharacters, which no text has
		if !strings.ContainsRune(s, r) && !strings.ContainsRune(plain, r) {
			m.mark = string(r)
		}
	}
	if m.mark == "" {
		return m
	}
	tag := regexp.MustCompile(`<[a-zA-Z/!?]`)
	m.text = regexp.MustCompile(`\{\{[^{}]{0,1000}\}\}|\{%[^{}]{0,1000}%\}`).ReplaceAllStringFunc(s, func(t string) string {
		if tag.MatchString(t) {
			return t
		}
		m.tokens = append(m.tokens, t)
		return m.mark + strconv.Itoa(len(m.tokens)-1) + m.mark
	})
	return m
}

// restore puts the merge tags back.
func (m *mask) restore(s string) string {
	if m.mark == "" || len(m.tokens) == 0 {
		return s
	}
	parts := strings.Split(s, m.mark)
	for i := 1; i < len(parts); i += 2 {
		if n, err := strconv.Atoi(parts[i]); err == nil && n >= 0 && n < len(m.tokens) {
			parts[i] = m.tokens[n]
		}
	}
	return strings.Join(parts, "")
}

// foreign finds merge tags of other programs: *|FNAME|* of Mailchimp, %%first%% of
// Salesforce, [[first]] of several.
func (p *page) foreign(s string) {
	found := regexp.MustCompile(`\*\|[A-Z0-9_:]{1,60}\|\*|%%[A-Za-z0-9_ ]{1,60}%%|\[\[[A-Za-z0-9_. ]{1,60}\]\]`).FindAllString(s, -1)
	if len(found) > 0 {
		p.noteN(ForeignTags, len(found), found[0])
	}
}
