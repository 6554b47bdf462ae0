package rule

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Test returns what a condition on a field asks of a value; empty is a missing
// one. now is the moment that relative dates count from, and its zone the one in
// which days are told apart. The condition must be valid. The returned function
// keeps a buffer: every goroutine takes its own.
func Test(e Expr, now time.Time) func(value string) bool {
	var scratch []byte
	switch e.Op {
	case Empty:
		return func(s string) bool { return s == "" }
	case NotEmpty:
		return func(s string) bool { return s != "" }
	case IsNot, NotContains, NoneOf, NotInLast:
		e.Op = map[Op]Op{IsNot: Is, NotContains: Contains, NoneOf: OneOf, NotInLast: InLast}[e.Op]
		is := Test(e, now)
		return func(s string) bool { return !is(s) }
	case InLast:
		today := dayOf(now)
		from := today - e.Days
		return func(s string) bool {
			d, ok := ParseDay(s)
			return ok && d >= from && d <= today
		}
	}
	switch e.Values[0].Kind {
	case Number:
		return testNumber(e)
	case Date:
		return testDate(e)
	case Bool:
		want := e.Values[0].Text == Yes
		return func(s string) bool {
			is, ok := ParseBool(s)
			return ok && is == want
		}
	}
	if e.Op == OneOf {
		all := map[string]bool{}
		for _, v := range e.Values {
			all[string(AppendFolded(nil, v.Text))] = true
		}
		return func(s string) bool {
			scratch = AppendFolded(scratch[:0], s)
			return s != "" && all[string(scratch)]
		}
	}
	want := string(AppendFolded(nil, e.Values[0].Text))
	ascii := isASCII(want)
	return func(s string) bool {
		switch {
		case s == "":
			return false
		case ascii && isASCII(s):
			return compareASCII(e.Op, s, want)
		}
		scratch = AppendFolded(scratch[:0], s)
		return compare(e.Op, scratch, want)
	}
}

// compare is a comparison of folded texts.
func compare(op Op, s []byte, want string) bool {
	switch op {
	case Contains:
		return strings.Contains(string(s), want)
	case StartsWith:
		return strings.HasPrefix(string(s), want)
	case EndsWith:
		return strings.HasSuffix(string(s), want)
	}
	return string(s) == want
}

// compareASCII is compare of a text that is not folded yet; both have ASCII alone.
func compareASCII(op Op, s, want string) bool {
	n := len(s) - len(want)
	switch {
	case n < 0:
		return false
	case op == StartsWith:
		return sameASCII(s[:len(want)], want)
	case op == EndsWith:
		return sameASCII(s[n:], want)
	case op != Contains:
		return n == 0 && sameASCII(s, want)
	}
	first := want[0]
	for i := 0; i <= n; i++ {
		if lowerASCII(s[i]) == first && sameASCII(s[i+1:i+len(want)], want[1:]) {
			return true
		}
	}
	return false
}

// sameASCII compares texts of one length, of which the second is folded.
func sameASCII(s, want string) bool {
	for i := range len(want) {
		if lowerASCII(s[i]) != want[i] {
			return false
		}
	}
	return true
}

func lowerASCII(c byte) byte {
	if c-'A' < 26 {
		return c + 'a' - 'A'
	}
	return c
}

func isASCII(s string) bool {
	var all byte
	for i := range len(s) {
		all |= s[i]
	}
	return all < utf8.RuneSelf
}

// AppendFolded appends a text in the form in which texts are compared: composed
// (Unicode NFC), and every letter in one of its cases.
func AppendFolded(b []byte, s string) []byte {
	if !norm.NFC.IsNormalString(s) {
		s = norm.NFC.String(s)
	}
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b = append(b, lowerASCII(byte(r)))
		case r == 'İ' || r == 'ı': // no case of i, except in Turkish
			b = utf8.AppendRune(b, r)
		default:
			b = utf8.AppendRune(b, unicode.ToLower(unicode.ToUpper(r)))
		}
	}
	return b
}

func testNumber(e Expr) func(string) bool {
	want := make([]float64, len(e.Values))
	for i, v := range e.Values {
		want[i], _ = strconv.ParseFloat(v.Text, 64) // it was validated
	}
	return func(s string) bool {
		f, ok := ParseNumber(s)
		if !ok {
			return false
		}
		switch e.Op {
		case Between:
			return f >= min(want[0], want[1]) && f <= max(want[0], want[1])
		case Greater:
			return f > want[0]
		case AtLeast:
			return f >= want[0]
		case Less:
			return f < want[0]
		case AtMost:
			return f <= want[0]
		}
		for _, w := range want {
			if f == w {
				return true
			}
		}
		return false
	}
}

func testDate(e Expr) func(string) bool {
	want := make([]int, len(e.Values))
	for i, v := range e.Values {
		want[i], _ = ParseDay(v.Text)
	}
	return func(s string) bool {
		d, ok := ParseDay(s)
		if !ok {
			return false
		}
		switch e.Op {
		case Between:
			return d >= min(want[0], want[1]) && d <= max(want[0], want[1])
		case Before:
			return d < want[0]
		case After:
			return d > want[0]
		}
		return d == want[0]
	}
}

// ParseNumber reads a value that is a decimal number, such as "-1234.5".
func ParseNumber(s string) (float64, bool) {
	if s = strings.TrimSpace(s); s == "" || len(s) > 40 {
		return 0, false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '.' && (i > 0 || c != '-' && c != '+') {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// ParseBool reads a value that is an answer: yes, no, true or false in any case.
func ParseBool(s string) (is, ok bool) {
	switch {
	case strings.EqualFold(s, Yes), strings.EqualFold(s, "true"):
		return true, true
	case strings.EqualFold(s, No), strings.EqualFold(s, "false"):
		return false, true
	}
	return false, false
}

// ParseDay reads a value that begins with a date, as in "2006-01-02" or
// "2006-01-02T15:04:05Z", and returns the number of the day since 1970 in the
// proleptic Gregorian calendar. A time is not looked at.
func ParseDay(s string) (int, bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' || len(s) > 10 && s[10] != 'T' && s[10] != ' ' {
		return 0, false
	}
	digits := func(from, to int) (n int) {
		for _, c := range []byte(s[from:to]) {
			if c < '0' || c > '9' {
				return -1
			}
			n = 10*n + int(c-'0')
		}
		return n
	}
	y, m, d := digits(0, 4), digits(5, 7), digits(8, 10)
	if y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, false
	}
	return civil(y, m, d), true
}

func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// civil counts days since 1 January 1970: years begin in March, so that a leap
// day is the last of its year.
func civil(y, m, d int) int {
	if m <= 2 {
		y, m = y-1, m+12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - 719468
}

// dayOf is the day of a moment in its zone.
func dayOf(t time.Time) int {
	y, m, d := t.Date()
	return civil(y, int(m), d)
}

// DayText is the value of FieldAdded of somebody who was added at a moment, in
// the zone of now.
func DayText(added, now time.Time) string { return added.In(now.Location()).Format(time.DateOnly) }
