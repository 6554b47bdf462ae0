package message

import (
	"errors"
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/osteele/liquid/values"
	"golang.org/x/text/currency"
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
	// bind makes a function of a text of literal arguments; such a filter is as
	// good as a plain one.
	bind func(args []any) func(string) string
}

// bound is a filter of a text and literal arguments.
func bound(min, max int, bind func(args []any) func(string) string) filter {
	return filter{min: min, max: max, bind: bind, fn: func(v any, args []any) (any, error) { return bind(args)(str(v)), nil }}
}

// plain is a filter of a text alone.
func plain(fn func(string) string) filter {
	return filter{plain: fn, fn: func(v any, _ []any) (any, error) {
		s := fn(str(v))
		if len(s) > maxValue {
			return nil, errTooLong
		}
		return s, nil
	}}
}

// text is a filter whose input counts as text.
func text(min, max int, fn func(s string, args []any) (string, error)) filter {
	return filter{min: min, max: max, fn: func(v any, args []any) (any, error) { return fn(str(v), args) }}
}

// lookupFilter returns the filter of that name. Escaping happens where a value
// lands, so the filters that ask for it change nothing.
//
// l is the language that numbers and dates are written in; where only the name and
// the arguments matter it may be nil.
func lookupFilter(name string, l *locale) (filter, bool) {
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
		return bound(1, 1, func(a []any) func(string) string { return l.date(str(a[0])) }), true
	case "number":
		return bound(0, 1, func(a []any) func(string) string { return l.number(places(a, 0)) }), true
	case "money":
		return bound(1, 2, func(a []any) func(string) string { return l.amount(str(a[0]), places(a, 1)) }), true
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

// checkFilter refuses a filter that does not exist, or not like that.
func checkFilter(x *expr) *fault {
	f, ok := lookupFilter(x.str, nil)
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
	case "number", "money":
		args := x.args
		if x.str == "money" {
			code, ok := args[0].literal()
			if _, err := currency.ParseISO(code); !ok || err != nil || len(code) != 3 {
				return &fault{args[0].pos, "currency " + code}
			}
			args = args[1:]
		}
		if len(args) > 0 && (args[0].kind != exprNumber || numberOf(args[0].str) != num{float64(places([]any{args[0].str}, 0)), true}) {
			return &fault{args[0].pos, "decimal_places"}
		}
	case "divided_by", "modulo":
		if n := x.args[0]; n.kind == exprNumber && numberOf(n.str).f == 0 {
			return &fault{n.pos, "division_by_zero"}
		}
	}
	return nil
}

// places is an argument that says how many decimal places a number gets, 0 to 10;
// -1 when it is not given.
func places(args []any, i int) int {
	if i >= len(args) {
		return -1
	}
	return int(min(max(numberOf(args[i]).f, 0), 10))
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
	case values.SafeValue:
		return str(v.Value)
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
		return blankText(v)
	}
	return false
}

// blankText reports whether s is white space at most.
func blankText(s string) bool {
	return s == "" || (s[0] <= ' ' || s[0] >= utf8.RuneSelf) && strings.TrimSpace(s) == ""
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
		"url_encode", "append", "prepend", "replace", "replace_first", "remove", "remove_first", "truncate", "truncatewords", "slice", "date", "number", "money",
		"split", "first", "last", "size", "plus", "minus", "times", "divided_by", "modulo", "at_least", "at_most", "abs", "ceil", "floor", "round"}
}
