package htmlimport

import (
	"regexp"
	"strings"
)

// Patterns of CSS. Escapes and comments inside of names are what only those write
// who hide something.
type patterns struct{ url, imported, program *regexp.Regexp }

func cssPatterns() patterns {
	return patterns{
		url:      regexp.MustCompile(`(?i)url\(\s*("[^"]*"|'[^']*'|[^)"']*)\s*\)`),
		imported: regexp.MustCompile(`(?i)@import\b[^;]*(;|$)`),
		program:  regexp.MustCompile(`(?i)[-a-z]*(behavior|-moz-binding)\s*:[^;}]*|expression\s*\([^;}]*|(javascript|vbscript)\s*:[^;}]*`),
	}
}

// css rewrites a style sheet or a style attribute, whose relative addresses are
// relative to dir.
func (p *page) css(s, dir string) string {
	if !strings.ContainsAny(s, "(@:") {
		return s
	}
	re := cssPatterns()
	plain := s
	if strings.Contains(s, "\\") || strings.Contains(s, "/*") {
		plain = unhide(s)
	}
	if re.program.MatchString(plain) || re.imported.MatchString(plain) {
		// What was hidden in escapes is not hidden again.
		s = re.imported.ReplaceAllString(re.program.ReplaceAllString(plain, ""), "")
		p.note(CSS, "")
	}
	return re.url.ReplaceAllStringFunc(s, func(m string) string {
		inner := strings.TrimSpace(m[strings.IndexByte(m, '(')+1 : len(m)-1])
		ref := strings.Trim(inner, `"'`)
		if to, ok := p.image(ref, dir); ok {
			return "url(" + to + ")"
		}
		return m
	})
}

// unhide resolves the escapes of CSS (CSS Syntax, section 4.3.7) and drops comments.
func unhide(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		switch {
		case strings.HasPrefix(s[i:], "/*"):
			j := strings.Index(s[i+2:], "*/")
			if j < 0 {
				return b.String()
			}
			i += j + 4
		case s[i] == '\\' && i+1 < len(s):
			j, r := i+1, rune(0)
			for j < len(s) && j < i+7 && hex(s[j]) >= 0 {
				r = r<<4 | rune(hex(s[j]))
				j++
			}
			if j == i+1 {
				b.WriteByte(s[j])
				i = j + 1
				continue
			}
			if j < len(s) && space(s[j]) {
				j++
			}
			if r > 0 && r != '<' && !hidden(r) {
				b.WriteRune(r)
			}
			i = j
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

func hex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
