package message

import (
	"encoding/base64"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	headerLine  = 78 // RFC 5322 section 2.1.1, recommended
	encodedWord = 75 // RFC 2047 section 2
)

// mailbox is a parsed RFC 5322 mailbox with a bare RFC 5321 address.
type mailbox struct {
	name    string
	address string
}

// parseMailbox reads one mailbox strictly: no group, no quoted or non-ASCII
// local part, no domain literal. The detail says what is wrong.
func parseMailbox(s string) (m mailbox, detail string) {
	if strings.Contains(s, "{{") || strings.Contains(s, "{%") {
		return m, "liquid"
	}
	if strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s) {
		return m, "characters"
	}
	a, err := mail.ParseAddress(s)
	if err != nil || strings.HasSuffix(strings.TrimSpace(s), ";") {
		return m, "syntax"
	}
	local, domain, ok := strings.Cut(a.Address, "@")
	if !ok || !dotAtom(local) || len(local) > 64 {
		return m, "local_part"
	}
	ascii, err := asciiDomain(domain)
	if err != nil {
		return m, "domain"
	}
	return mailbox{strings.TrimSpace(oneLine(a.Name)), local + "@" + ascii}, ""
}

// dotAtom reports whether s is a dot-atom-text (RFC 5322 section 3.2.3).
func dotAtom(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c == '.' {
			if i == 0 || i == len(s)-1 || s[i-1] == '.' {
				return false
			}
		} else if !atomText(c) {
			return false
		}
	}
	return s != ""
}

// Classes of octets.
const (
	inAtom    = 1 << iota // atext (RFC 5322 section 3.2.3)
	inURL                 // may stand in a List-Unsubscribe field
	inAddress             // may stand in a bare address
)

// octet is the classes of every octet. It is only read.
var octet = func() (t [256]uint8) {
	for c := byte('!'); c <= '~'; c++ {
		if alnum(c) || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0 {
			t[c] |= inAtom
		}
		if strings.IndexByte(`<>",`, c) < 0 {
			t[c] |= inURL
		}
		if strings.IndexByte("<>,;:", c) < 0 {
			t[c] |= inAddress
		}
	}
	return t
}()

func atomText(c byte) bool { return octet[c]&inAtom != 0 }

// bareAddress reports whether s may stand between angle brackets of an SMTP
// command and in a To field as it is.
func bareAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at == len(s)-1 || len(s) > 320 {
		return false
	}
	for i := range len(s) {
		if octet[s[i]]&inAddress == 0 {
			return false
		}
	}
	return dotAtom(s[:at]) && domainName(s[at+1:])
}

// appendMailbox writes a field with one mailbox.
func appendMailbox(dst []byte, field string, m mailbox) []byte {
	dst = append(dst, field...)
	dst = append(dst, ": "...)
	if m.name != "" {
		start := len(dst) - len(field) - 2
		switch {
		case plainPhrase(m.name) && len(m.name) < 50:
			dst = append(dst, m.name...)
		case printable(m.name) && len(m.name) < 50 && !strings.Contains(m.name, "=?"):
			dst = append(dst, '"')
			for i := range len(m.name) {
				if c := m.name[i]; c == '"' || c == '\\' {
					dst = append(dst, '\\')
				}
				dst = append(dst, m.name[i])
			}
			dst = append(dst, '"')
		default:
			dst = appendWords(dst, len(field)+2, m.name)
		}
		if len(dst)-lastLine(dst, start)+len(m.address)+3 > headerLine {
			dst = append(dst, "\r\n"...)
		}
		dst = append(dst, " <"...)
		dst = append(dst, m.address...)
		dst = append(dst, ">\r\n"...)
		return dst
	}
	dst = append(dst, m.address...)
	return append(dst, "\r\n"...)
}

// lastLine returns the offset at which the last line of dst[from:] begins.
func lastLine(dst []byte, from int) int {
	for i := len(dst) - 1; i >= from; i-- {
		if dst[i] == '\n' {
			return i + 1
		}
	}
	return from
}

// plainPhrase reports whether s is atoms between single spaces.
func plainPhrase(s string) bool {
	for word := range strings.SplitSeq(s, " ") {
		if word == "" || strings.Contains(word, "=?") {
			return false
		}
		for i := range len(word) {
			if !atomText(word[i]) {
				return false
			}
		}
	}
	return true
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// appendText writes an unstructured field. A value that survives folding as it
// is stays readable, any other becomes encoded words.
func appendText(dst []byte, field, value string, data bool) []byte {
	dst = append(dst, field...)
	dst = append(dst, ": "...)
	if foldable(value, len(field)+2) && !(data && strings.ContainsAny(value, "{<")) {
		col := len(field) + 2
		for i := 0; i < len(value); {
			end := len(value)
			if j := strings.IndexByte(value[i+1:], ' '); j >= 0 {
				end = i + 1 + j
			}
			if col+end-i > headerLine && i > 0 {
				dst = append(dst, "\r\n"...)
				col = 0
			}
			dst = append(dst, value[i:end]...)
			col += end - i
			i = end
		}
	} else {
		dst = appendWords(dst, len(field)+2, value)
	}
	return append(dst, "\r\n"...)
}

// foldable reports whether value reads the same after it was folded at its
// spaces and unfolded by a reader that is not careful with white space.
func foldable(value string, first int) bool {
	if !printable(value) || strings.Contains(value, "=?") || strings.Contains(value, "  ") ||
		strings.HasPrefix(value, " ") || strings.HasSuffix(value, " ") {
		return false
	}
	limit := headerLine - first
	for word := range strings.SplitSeq(value, " ") {
		if len(word) > limit {
			return false
		}
		limit = headerLine - 1
	}
	return true
}

// appendWords writes RFC 2047 encoded words, whichever of Q and B is shorter,
// folded, and never a character split over two of them. col is the column where
// the first one begins.
func appendWords(dst []byte, col int, s string) []byte {
	q := 0
	for i := range len(s) {
		q += qWidth(s[i])
	}
	base64Words := q > (len(s)+2)/3*4
	open := "=?utf-8?q?"
	if base64Words {
		open = "=?utf-8?b?"
	}
	for first := true; first || s != ""; first = false {
		if !first {
			dst = append(dst, "\r\n "...)
			col = 1
		}
		room := min(encodedWord, headerLine-col) - len(open) - len("?=")
		n, used := 0, 0
		for n < len(s) {
			_, size := utf8.DecodeRuneInString(s[n:])
			need := 0
			if base64Words {
				need = (n+size+2)/3*4 - used
			} else {
				for i := n; i < n+size; i++ {
					need += qWidth(s[i])
				}
			}
			if used+need > room {
				break
			}
			n, used = n+size, used+need
		}
		dst = append(dst, open...)
		if base64Words {
			dst = base64.StdEncoding.AppendEncode(dst, []byte(s[:n]))
		} else {
			for i := range n {
				switch c := s[i]; {
				case c == ' ':
					dst = append(dst, '_')
				case qWidth(c) == 1:
					dst = append(dst, c)
				default:
					dst = append(dst, '=', hexDigits[c>>4], hexDigits[c&15])
				}
			}
		}
		dst = append(dst, "?="...)
		s = s[n:]
	}
	return dst
}

// qWidth is how many characters c takes in a Q word: only what RFC 2047 section
// 5 (3) allows in every place stays as it is.
func qWidth(c byte) int {
	if alnum(c) || c == ' ' || c == '!' || c == '*' || c == '+' || c == '-' || c == '/' {
		return 1
	}
	return 3
}

// oneLine makes s fit for a header field: every control character and line
// separator becomes a space.
func oneLine(s string) string {
	if printable(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// clean makes a value fit for a message: UTF-8, "\n" for every kind of line
// break, no control characters but that and the tab.
func clean(s string) string {
	ok := true
	for i := 0; i < len(s) && ok; i++ {
		ok = s[i] >= ' ' && s[i] < 0x7f || s[i] == '\n' || s[i] == '\t'
	}
	if ok {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case unicode.IsControl(r) && r != '\n' && r != '\t':
			return -1
		}
		return r
	}, s)
}
