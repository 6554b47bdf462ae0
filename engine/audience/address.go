package audience

import (
	"strings"

	"sendoff/engine/delivery"
)

// Sizes of an address in octets.
const (
	maxAddress = 254 // a path of 256 less its angle brackets, RFC 5321 §4.5.3.1.3
	maxLocal   = 64  // RFC 5321 §4.5.3.1.1
	maxLabel   = 63  // RFC 1035 §2.3.4
)

// Address is a mailbox that mail can be sent to.
type Address struct {
	// Normal is what goes into the envelope: the local part as it was
	// written, the domain in lower case and in A-labels. ASCII only.
	Normal string
	// Key is equal for addresses that reach the same person: Normal with the
	// local part in lower case and without needless quoting. Duplicates and
	// suppressions are found by it; nothing is ever sent to it.
	Key string
}

// ParseAddress reads one mailbox as RFC 5321 §4.1.2 defines it: a dot-atom or a
// quoted string, an @ and a domain of two labels or more. White space around it
// is dropped, and so are the no-break and zero-width spaces that spreadsheets
// leave behind; line ends are not, for they are how headers are forged. There
// are no display names and no comments. An international domain becomes its
// A-label form. Legal addresses that no campaign should be sent to are refused
// too: address literals, domains without a dot, white space or angle brackets
// in a quoted string.
//
// The error is a *delivery.Error of KindInvalid, Field "address", whose Detail
// is one of the Reason codes.
func ParseAddress(s string) (Address, error) {
	a, reason := parseAddress(s)
	if reason != "" {
		return Address{}, &delivery.Error{Kind: delivery.KindInvalid, Field: "address", Detail: reason}
	}
	return a, nil
}

func parseAddress(s string) (Address, string) {
	s = trimAddress(s)
	if a, ok := fastAddress(s); ok {
		return a, ""
	}
	return slowAddress(s)
}

// trimAddress looks at the outer bytes first: nearly every address needs no
// trimming, and a Unicode trim would cost more than the whole check.
func trimAddress(s string) string {
	if s == "" || (octets[s[0]]&atext != 0 && octets[s[len(s)-1]]&alnum != 0) {
		return s
	}
	return strings.Trim(s, " \t\u00a0\u200b\ufeff")
}

// What an octet may be part of.
const (
	atext uint8 = 1 << iota // RFC 5322 §3.2.3
	alnum                   // Let-dig, RFC 5321 §4.1.2
	digit
	upper
)

var octets = func() (t [256]uint8) {
	for c := '0'; c <= '9'; c++ {
		t[c] = atext | alnum | digit
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c] = atext | alnum
		t[c-'a'+'A'] = atext | alnum | upper
	}
	for _, c := range "!#$%&'*+-/=?^_`{|}~" {
		t[c] = atext
	}
	return t
}()

// fastAddress accepts the usual address, a dot-atom at an ASCII domain, without
// allocating unless letters must be made lower case. When it is not sure it
// says no, and slowAddress decides.
func fastAddress(s string) (Address, bool) {
	at := strings.IndexByte(s, '@')
	if at < 1 || at > maxLocal || len(s) > maxAddress {
		return Address{}, false
	}
	local, domain := s[:at], s[at+1:]
	mixed, ok := dotAtom(local)
	if !ok {
		return Address{}, false
	}
	loud, reason := checkDomain(domain)
	if reason != "" || hasALabel(domain) {
		return Address{}, false
	}
	if loud {
		s = local + "@" + strings.ToLower(domain)
	}
	a := Address{Normal: s, Key: s}
	if mixed {
		a.Key = strings.ToLower(s)
	}
	return a, true
}

// dotAtom reports whether s is a Dot-string (RFC 5321 §4.1.2) and whether it
// has capitals.
func dotAtom(s string) (capitals, ok bool) {
	var seen uint8
	dot := true // an atom must begin here
	for i := 0; i < len(s); i++ {
		k := octets[s[i]]
		if k&atext != 0 {
			seen |= k
			dot = false
			continue
		}
		if s[i] != '.' || dot {
			return false, false
		}
		dot = true
	}
	return seen&upper != 0, !dot
}

// checkDomain checks an ASCII domain and reports whether it has capitals.
func checkDomain(s string) (capitals bool, reason string) {
	var seen uint8
	labels, begin := 0, 0
	numeric := false
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] != '.' {
			continue
		}
		label := s[begin:i]
		if len(label) == 0 || octets[label[0]]&alnum == 0 || octets[label[len(label)-1]]&alnum == 0 {
			return false, ReasonDomain
		}
		numeric = true
		for j := 0; j < len(label); j++ {
			k := octets[label[j]]
			if k&alnum == 0 && label[j] != '-' {
				return false, ReasonDomain
			}
			numeric = numeric && k&digit != 0
			seen |= k
		}
		if len(label) > maxLabel {
			return false, ReasonLabelTooLong
		}
		labels++
		begin = i + 1
	}
	switch {
	case labels < 2:
		return false, ReasonDotless
	case numeric:
		return false, ReasonNumericTLD
	}
	return seen&upper != 0, ""
}

// hasALabel reports whether a label of s claims to be an A-label, "xn--…".
func hasALabel(s string) bool {
	if !strings.Contains(s, "--") {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if len(label) >= 4 && strings.EqualFold(label[:4], "xn--") {
			return true
		}
	}
	return false
}
