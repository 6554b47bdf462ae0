package audience

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// slowAddress decides about every address that is not the usual one and finds
// the reason for refusing it. s is trimmed.
func slowAddress(s string) (Address, string) {
	if reason := wholeReason(s); reason != "" {
		return Address{}, reason
	}
	local, domain, reason := splitAddress(s)
	if reason != "" {
		return Address{}, reason
	}
	if reason := localReason(local); reason != "" {
		return Address{}, reason
	}
	domain, reason = domainOf(domain)
	if reason != "" {
		return Address{}, reason
	}
	a := Address{Normal: local + "@" + domain, Key: strings.ToLower(canonicalLocal(local)) + "@" + domain}
	if len(a.Normal) > maxAddress {
		return Address{}, ReasonTooLong
	}
	return a, ""
}

// wholeReason finds what may be nowhere in an address. Angle brackets and
// spaces are legal in a quoted string; they are refused there as well, because
// the address is written into "RCPT TO:<…>" and some relay will read it wrong.
func wholeReason(s string) string {
	if s == "" {
		return ReasonEmpty
	}
	if !utf8.ValidString(s) {
		return ReasonEncoding
	}
	space := false
	for _, r := range s {
		if unicode.IsControl(r) {
			return ReasonControl
		}
		space = space || unicode.IsSpace(r)
	}
	const scheme = "mailto:"
	if len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
		return ReasonMailto
	}
	if strings.ContainsAny(s, "<>") {
		return ReasonAngle
	}
	if space {
		if s[0] != '"' && strings.Count(s, "@") > 1 {
			return ReasonSeveral
		}
		return ReasonSpace
	}
	return ""
}

// splitAddress cuts at the @ that is not inside a quoted string.
func splitAddress(s string) (local, domain, reason string) {
	end := 0
	if s[0] == '"' {
		end = 1
		for end < len(s) && s[end] != '"' {
			if s[end] == '\\' {
				end++
			}
			end++
		}
		if end++; end > len(s) || (end < len(s) && s[end] != '@') {
			return "", "", ReasonLocal // never closed, or text after the quotes
		}
	}
	i := strings.IndexByte(s[end:], '@')
	if i < 0 {
		return "", "", ReasonNoAt
	}
	local, domain = s[:end+i], s[end+i+1:]
	if strings.IndexByte(domain, '@') >= 0 {
		return "", "", ReasonSeveral
	}
	return local, domain, ""
}

func localReason(local string) string {
	for i := 0; i < len(local); i++ {
		if local[i] >= utf8.RuneSelf {
			return ReasonSMTPUTF8
		}
	}
	if len(local) > maxLocal {
		return ReasonLocalTooLong
	}
	if len(local) > 2 && local[0] == '"' {
		return "" // splitAddress and wholeReason have seen all that qtextSMTP excludes
	}
	if _, ok := dotAtom(local); !ok {
		return ReasonLocal
	}
	return ""
}

// canonicalLocal drops the quoting that a quoted string does not need: both
// forms are one mailbox (RFC 5321 §4.1.2: the quotes are no part of the name).
func canonicalLocal(local string) string {
	if local[0] != '"' {
		return local
	}
	var plain, quoted strings.Builder
	for i := 1; i < len(local)-1; i++ {
		if local[i] == '\\' {
			i++
		}
		if c := local[i]; c == '"' || c == '\\' {
			quoted.WriteByte('\\')
		}
		plain.WriteByte(local[i])
		quoted.WriteByte(local[i])
	}
	if _, ok := dotAtom(plain.String()); ok {
		return plain.String()
	}
	return `"` + quoted.String() + `"`
}

// domainOf gives the domain in lower-case A-labels.
func domainOf(s string) (domain, reason string) {
	if s == "" {
		return "", ReasonDomain
	}
	if s[0] == '[' {
		return "", ReasonLiteral
	}
	if len(s) > 4*maxAddress {
		return "", ReasonTooLong // spares IDNA the work: no A-label is that much shorter than its U-label
	}
	if isASCII(s) && !hasALabel(s) {
		_, reason := checkDomain(s)
		return strings.ToLower(s), reason
	}
	d, err := idna.Lookup.ToASCII(strings.ToLower(s))
	if err != nil {
		return "", ReasonIDN
	}
	_, reason = checkDomain(d)
	return d, reason
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
