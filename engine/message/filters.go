package message

import (
	"errors"
	"html"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of what a filter may yield.
const (
	maxValue = 1 << 20 // bytes
	maxList  = 1000    // elements of a split
	maxExact = 1 << 53 // integers that a float holds exactly
)

var (
	errTooLong  = errors.New("value_too_long")
	errDivision = errors.New("division_by_zero")
	errNumber   = errors.New("not_a_number")
)

// filter is one that templates may use, with the number of its arguments. One
// that is plain depends on the text of its input alone.
type filter struct {
	min, max int
	plain    func(string) string
	fn       func(v any, args []any) (any, error)
}

func plain(fn func(string) string) filter {
	return filter{plain: fn, fn: func(v any, _ []any) (any, error) {
		s := fn(str(v))
		if len(s) > maxValue {
			return nil, errTooLong
		}
		return s, nil
	}}
}

func text(min, max int, fn func(s string, args []any) (string, error)) filter {
	return filter{min: min, max: max, fn: func(v any, args []any) (any, error) { return fn(str(v), args) }}
}

func number(args int, fn func(a, b num) (num, error)) filter {
	return filter{min: args, max: args, fn: func(v any, more []any) (any, error) {
		var b num
		if len(more) > 0 {
			b = numberOf(more[0])
		}
		n, err := fn(numberOf(v), b)
		if err != nil {
			return nil, err
		}
		if math.IsNaN(n.f) || math.IsInf(n.f, 0) {
			return nil, errNumber
		}
		return n.value(), nil
	}}
}

// lookupFilter returns the filter of that name. Escaping happens where a value
// lands, so the filters that ask for it change nothing.
func lookupFilter(name string) (filter, bool) {
	switch name {
	case "default":
		return filter{min: 1, max: 1, fn: func(v any, args []any) (any, error) {
			if blank(v) {
				return args[0], nil
			}
			return v, nil
		}}, true
	case "escape", "escape_once", "h":
		return plain(func(s string) string { return s }), true
	case "upcase":
		return plain(strings.ToUpper), true
	case "downcase":
		return plain(strings.ToLower), true
	case "capitalize":
		return plain(capitalize), true
	case "strip":
		return plain(strings.TrimSpace), true
	case "lstrip":
		return plain(func(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }), true
	case "rstrip":
		return plain(func(s string) string { return strings.TrimRightFunc(s, unicode.IsSpace) }), true
	case "strip_newlines":
		return plain(func(s string) string { return strings.ReplaceAll(s, "\n", "") }), true
	case "url_encode":
		return plain(url.QueryEscape), true
	case "append":
		return text(1, 1, func(s string, a []any) (string, error) { return join(s, str(a[0])) }), true
	case "prepend":
		return text(1, 1, func(s string, a []any) (string, error) { return join(str(a[0]), s) }), true
	case "replace":
		return text(2, 2, func(s string, a []any) (string, error) { return replace(s, str(a[0]), str(a[1]), -1) }), true
	case "replace_first":
		return text(2, 2, func(s string, a []any) (string, error) { return replace(s, str(a[0]), str(a[1]), 1) }), true
	case "remove":
		return text(1, 1, func(s string, a []any) (string, error) { return replace(s, str(a[0]), "", -1) }), true
	case "remove_first":
		return text(1, 1, func(s string, a []any) (string, error) { return replace(s, str(a[0]), "", 1) }), true
	case "truncate":
		return text(0, 2, truncate), true
	case "truncatewords":
		return text(0, 2, truncateWords), true
	case "slice":
		return text(1, 2, slice), true
	case "date":
		return text(1, 1, func(s string, a []any) (string, error) { return formatDate(s, str(a[0])), nil }), true
	case "split":
		return filter{min: 1, max: 1, fn: func(v any, a []any) (any, error) { return split(str(v), str(a[0])), nil }}, true
	case "first", "last":
		return filter{fn: func(v any, _ []any) (any, error) { return end(v, name == "last"), nil }}, true
	case "size":
		return filter{fn: func(v any, _ []any) (any, error) {
			if l, ok := v.([]string); ok {
				return len(l), nil
			}
			return utf8.RuneCountInString(str(v)), nil
		}}, true
	}
	return lookupNumberFilter(name)
}

func lookupNumberFilter(name string) (filter, bool) {
	switch name {
	case "plus":
		return number(1, func(a, b num) (num, error) { return a.with(b, a.f+b.f), nil }), true
	case "minus":
		return number(1, func(a, b num) (num, error) { return a.with(b, a.f-b.f), nil }), true
	case "times":
		return number(1, func(a, b num) (num, error) { return a.with(b, a.f*b.f), nil }), true
	case "divided_by":
		return number(1, func(a, b num) (num, error) {
			if b.f == 0 {
				return num{}, errDivision
			}
			if a.whole && b.whole {
				return num{math.Floor(a.f / b.f), true}, nil
			}
			return num{a.f / b.f, false}, nil
		}), true
	case "modulo":
		return number(1, func(a, b num) (num, error) {
			if b.f == 0 {
				return num{}, errDivision
			}
			return a.with(b, a.f-b.f*math.Floor(a.f/b.f)), nil
		}), true
	case "at_least":
		return number(1, func(a, b num) (num, error) { return a.with(b, max(a.f, b.f)), nil }), true
	case "at_most":
		return number(1, func(a, b num) (num, error) { return a.with(b, min(a.f, b.f)), nil }), true
	case "abs":
		return number(0, func(a, _ num) (num, error) { return num{math.Abs(a.f), a.whole}, nil }), true
	case "ceil":
		return number(0, func(a, _ num) (num, error) { return num{math.Ceil(a.f), true}, nil }), true
	case "floor":
		return number(0, func(a, _ num) (num, error) { return num{math.Floor(a.f), true}, nil }), true
	case "round":
		return filter{max: 1, fn: func(v any, args []any) (any, error) {
			places := 0
			if len(args) > 0 {
				places = int(min(max(numberOf(args[0]).f, 0), 10))
			}
			f := numberOf(v).f
			if math.IsNaN(f) || math.IsInf(f, 0) {
				return nil, errNumber
			}
			r, err := strconv.ParseFloat(strconv.FormatFloat(f, 'f', places, 64), 64)
			return num{r, places == 0}.value(), err
		}}, true
	}
	return filter{}, false
}

// checkFilter refuses a filter that does not exist, or not like that.
func checkFilter(x *expr) *fault {
	f, ok := lookupFilter(x.str)
	switch {
	case !ok:
		return &fault{x.pos, "unknown_filter " + x.str}
	case len(x.args) < f.min || len(x.args) > f.max:
		return &fault{x.pos, "filter_arguments " + x.str}
	}
	switch x.str {
	case "date":
		// A format that comes from a recipient could be anything.
		format, ok := x.args[0].literal()
		if !ok || !dateFormat(format) {
			return &fault{x.args[0].pos, "date_format"}
		}
	case "divided_by", "modulo":
		if n := x.args[0]; n.kind == exprNumber && numberOf(n.str).f == 0 {
			return &fault{n.pos, "division_by_zero"}
		}
	}
	return nil
}

// str returns the text of a Liquid value.
func str(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case []string:
		return strings.Join(v, "")
	}
	return ""
}

// blank reports whether a value stands for nothing.
func blank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return strings.TrimSpace(v) == ""
	}
	return false
}

// num is a number that remembers whether it is a whole one.
type num struct {
	f     float64
	whole bool
}

func numberOf(v any) num {
	switch v := v.(type) {
	case int:
		return num{float64(v), true}
	case int64:
		return num{float64(v), true}
	case float64:
		return num{v, false}
	case string:
		if n, ok := parseNumber(v); ok {
			return n
		}
	}
	return num{0, true}
}

// parseNumber reads a decimal number; hexadecimal, infinite and the like are
// none.
func parseNumber(s string) (num, bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "+-0123456789.eE") != "" {
		return num{}, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return num{f, strings.IndexAny(s, ".eE") < 0}, err == nil
}

func (a num) with(b num, f float64) num { return num{f, a.whole && b.whole} }

func (a num) value() any {
	if a.whole && math.Abs(a.f) < maxExact {
		return int64(a.f)
	}
	return a.f
}

func capitalize(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

func join(a, b string) (string, error) {
	if len(a)+len(b) > maxValue {
		return "", errTooLong
	}
	return a + b, nil
}

func replace(s, old, by string, n int) (string, error) {
	count := strings.Count(s, old)
	if n >= 0 {
		count = min(count, n)
	}
	if len(s)+count*(len(by)-len(old)) > maxValue {
		return "", errTooLong
	}
	return strings.Replace(s, old, by, n), nil
}

// argument returns the i-th argument as a number within bounds.
func argument(args []any, i, otherwise int) int {
	if i >= len(args) {
		return otherwise
	}
	return int(min(max(numberOf(args[i]).f, -maxValue), maxValue))
}

func ellipsis(args []any) string {
	if len(args) > 1 {
		return str(args[1])
	}
	return "..."
}

// truncate shortens to so many characters, the ellipsis included.
func truncate(s string, args []any) (string, error) {
	n, dots := argument(args, 0, 50), ellipsis(args)
	runes := []rune(s)
	if len(runes) <= n {
		return s, nil
	}
	return join(string(runes[:max(0, n-utf8.RuneCountInString(dots))]), dots)
}

func truncateWords(s string, args []any) (string, error) {
	n, at := max(1, argument(args, 0, 15)), 0
	for range n {
		at += len(s[at:]) - len(strings.TrimLeftFunc(s[at:], unicode.IsSpace))
		i := strings.IndexFunc(s[at:], unicode.IsSpace)
		if i < 0 {
			return s, nil
		}
		at += i
	}
	if strings.TrimSpace(s[at:]) == "" {
		return s, nil
	}
	return join(s[:at], ellipsis(args))
}

func slice(s string, args []any) (string, error) {
	runes := []rune(s)
	from, n := argument(args, 0, 0), argument(args, 1, 1)
	if from < 0 {
		from += len(runes)
	}
	if from < 0 || from > len(runes) || n < 0 {
		return "", nil
	}
	return string(runes[from:min(len(runes), from+n)]), nil
}

func split(s, sep string) []string {
	if sep == " " {
		s = strings.Join(strings.Fields(s), " ")
	}
	if s == "" {
		return nil
	}
	return strings.SplitN(s, sep, maxList)
}

func end(v any, last bool) any {
	l, ok := v.([]string)
	switch {
	case !ok:
		return v
	case len(l) == 0:
		return ""
	case last:
		return l[len(l)-1]
	}
	return l[0]
}

// dateLayouts are the dates that the date filter reads. They need no clock and
// no zone of this machine, which would make a message depend on where it was
// rendered.
func dateLayouts() []string {
	return []string{time.DateOnly, time.DateTime, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006/01/02", "20060102",
		"02-01-2006", "2-1-2006", "02/01/2006", "02.01.2006", "2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006", time.RFC1123Z}
}

// formatDate formats a date like strftime; what is no date stays as it is.
func formatDate(s, format string) string {
	for _, layout := range dateLayouts() {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return strftime(t, format)
		}
	}
	return s
}

// dateFormat reports whether strftime knows every directive of format.
func dateFormat(format string) bool {
	for rest := format; ; {
		_, after, ok := strings.Cut(rest, "%")
		if !ok {
			return true
		}
		layout, n := directive(after)
		if layout == "" {
			return false
		}
		rest = after[n:]
	}
}

func strftime(t time.Time, format string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(format, "%")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		layout, n := directive(after)
		b.WriteString(t.Format(layout))
		format = after[n:]
	}
}

// directive returns the layout of the directive at the start of s, which
// follows a percent sign, and its length.
func directive(s string) (string, int) {
	if strings.HasPrefix(s, "-") {
		for i, c := range "dmHIMS" {
			if strings.HasPrefix(s[1:], string(c)) {
				return []string{"2", "1", "15", "3", "4", "5"}[i], 2
			}
		}
		return "", 0
	}
	if s == "" {
		return "", 0
	}
	switch s[0] {
	case 'Y':
		return "2006", 1
	case 'y':
		return "06", 1
	case 'm':
		return "01", 1
	case 'B':
		return "January", 1
	case 'b', 'h':
		return "Jan", 1
	case 'd':
		return "02", 1
	case 'e':
		return "_2", 1
	case 'j':
		return "002", 1
	case 'A':
		return "Monday", 1
	case 'a':
		return "Mon", 1
	case 'H':
		return "15", 1
	case 'I':
		return "03", 1
	case 'M':
		return "04", 1
	case 'S':
		return "05", 1
	case 'p':
		return "PM", 1
	case 'F':
		return "2006-01-02", 1
	case 'T':
		return "15:04:05", 1
	case 'R':
		return "15:04", 1
	case 'D':
		return "01/02/06", 1
	case '%':
		return "%", 1
	}
	return "", 0
}

// safeURL keeps a value at the start of a link from being a program: only web,
// mail and telephone schemes pass, and addresses without a scheme.
func safeURL(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' || unicode.IsSpace(r) })
	head := s
	if i := strings.IndexAny(head, "/?#"); i >= 0 {
		head = head[:i]
	}
	// Browsers read character references and drop line breaks before they look
	// for the scheme.
	head = strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, html.UnescapeString(head))
	scheme, _, ok := strings.Cut(head, ":")
	if !ok {
		return s
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto", "tel":
		return s
	}
	return "#"
}

// filterNames lists the filters that templates may use.
func filterNames() []string {
	return []string{"default", "escape", "escape_once", "h", "upcase", "downcase", "capitalize", "strip", "lstrip", "rstrip", "strip_newlines",
		"url_encode", "append", "prepend", "replace", "replace_first", "remove", "remove_first", "truncate", "truncatewords", "slice", "date",
		"split", "first", "last", "size", "plus", "minus", "times", "divided_by", "modulo", "at_least", "at_most", "abs", "ceil", "floor", "round"}
}
