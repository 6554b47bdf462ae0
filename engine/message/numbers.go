package message

import (
	"math"
	"strconv"
	"strings"
)

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
	return num{f, !strings.ContainsAny(s, ".eE")}, err == nil
}

func (a num) with(b num, f float64) num { return num{f, a.whole && b.whole} }

func (a num) value() any {
	if a.whole && math.Abs(a.f) < maxExact {
		return int64(a.f)
	}
	return a.f
}

// number is a filter of a number and at most one other.
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

// lookupNumberFilter returns the filter of that name that reckons.
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
