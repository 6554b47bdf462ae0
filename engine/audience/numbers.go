package audience

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// maxDigits is more than any amount has, and what is longer is no number.
const maxDigits = 40

// parseNumber reads a number whose decimals follow point, a dot or a comma; the
// other one of them, blanks and apostrophes may group its digits by three. A sign,
// brackets around a negative amount, a currency before or after it and the
// exponent that spreadsheets write are understood. The result has no grouping, a
// dot, and no zeros that say nothing: "-1234.5".
func parseNumber(s string, point byte) (string, bool) {
	s, minus := bareNumber(s)
	if strings.ContainsAny(s, "eE") {
		return scientific(s, minus)
	}
	group := byte(',')
	if point == ',' {
		group = '.'
	}
	whole, fraction, pointed := strings.Cut(s, string(point))
	if !pointed {
		whole = s
	}
	digits, ok := ungroup(whole, group)
	if !ok || pointed && !allDigits(fraction) || digits == "" && fraction == "" || len(digits)+len(fraction) > maxDigits {
		return "", false
	}
	digits, fraction = strings.TrimLeft(digits, "0"), strings.TrimRight(fraction, "0")
	if digits == "" {
		digits = "0"
	}
	if fraction != "" {
		digits += "." + fraction
	}
	if minus && digits != "0" {
		digits = "-" + digits
	}
	return digits, true
}

// bareNumber takes sign, brackets, currency and blanks away.
func bareNumber(s string) (bare string, minus bool) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s, minus = s[1:len(s)-1], true
	}
	sign := func() {
		switch {
		case strings.HasPrefix(s, "-"), strings.HasPrefix(s, "−"):
			s, minus = strings.TrimPrefix(strings.TrimPrefix(s, "-"), "−"), !minus
		case strings.HasPrefix(s, "+"):
			s = s[1:]
		}
		s = strings.TrimSpace(s)
	}
	sign()
	s = currency(s)
	sign()
	if strings.HasSuffix(s, "-") { // as accounts write it
		s, minus = strings.TrimSpace(s[:len(s)-1]), !minus
	}
	return s, minus
}

// currency takes one sign or code of a currency from either end.
func currency(s string) string {
	for _, code := range []string{"EUR", "USD", "GBP", "CHF"} {
		if len(s) > 3 && strings.EqualFold(s[:3], code) {
			return strings.TrimSpace(s[3:])
		}
		if len(s) > 3 && strings.EqualFold(s[len(s)-3:], code) {
			return strings.TrimSpace(s[:len(s)-3])
		}
	}
	return strings.TrimSpace(strings.TrimFunc(s, func(r rune) bool { return unicode.Is(unicode.Sc, r) || unicode.IsSpace(r) }))
}

// ungroup takes the separators out of an integer: the first group has one to
// three digits, every other one three.
func ungroup(s string, group byte) (string, bool) {
	if allDigits(s) {
		return s, true
	}
	sep := string(group)
	for _, other := range []string{"\u00a0", "\u202f", " ", "'", "’"} {
		if strings.Contains(s, other) {
			sep = other
			break
		}
	}
	parts := strings.Split(s, sep)
	for i, p := range parts {
		if !allDigits(p) || i > 0 && len(p) != 3 || i == 0 && (p == "" || len(p) > 3) {
			return "", false
		}
	}
	return strings.Join(parts, ""), true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// scientific reads "1.5E-3", which is how a spreadsheet keeps small numbers.
func scientific(s string, minus bool) (string, bool) {
	if strings.Trim(s, "0123456789.eE+-") != "" {
		return "", false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(f) >= 1e30 || f != 0 && math.Abs(f) < 1e-20 {
		return "", false
	}
	if minus {
		f = -f
	}
	if f == 0 {
		return "0", true
	}
	return strconv.FormatFloat(f, 'f', -1, 64), true
}

// numberVotes counts what the values of a column say about their point.
type numberVotes struct{ point, comma, either int }

// add looks at one value.
func (v *numberVotes) add(s string) {
	s, _ = bareNumber(s)
	dot, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	at, vote, other := dot, &v.point, &v.comma
	if comma > dot {
		at, vote, other = comma, &v.comma, &v.point
	}
	switch {
	case at < 0:
	case dot >= 0 && comma >= 0:
		*vote++ // the last one is the point
	case strings.Count(s, s[at:at+1]) > 1:
		*other++ // more than once: it groups
	case len(s)-at-1 != 3 || at == 0 || at > 3 || s[0] == '0':
		*vote++
	default:
		v.either++ // 1.234
	}
}

// format is what most of them say. Without any word on it, a separator before
// three digits groups.
func (v numberVotes) format(separator byte) (format string, ambiguous bool) {
	switch {
	case v.point > v.comma:
		return PointNumber, false
	case v.comma > v.point:
		return CommaNumber, false
	case v.either == 0:
		return PointNumber, false
	case separator == ',':
		return PointNumber, true
	}
	return CommaNumber, true
}
