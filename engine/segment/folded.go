package segment

import (
	"bytes"
	"slices"

	"sendoff/engine/rule"
)

// folded are the values of a column in the form in which texts are compared, so
// that a text is looked for in all of them at once.
type folded struct {
	arena []byte
	ends  []uint32
}

// many is from how many values on a column is worth being folded.
const many = 20_000

// fold folds what was added to a column since.
func (c *column) fold() *folded {
	f := &c.folded
	if len(f.ends) == 0 {
		f.arena, f.ends = make([]byte, 0, len(c.arena)+len(c.arena)/64), append(make([]uint32, 0, cap(c.ends)), 0)
	}
	for code := len(f.ends); code < len(c.ends); code++ {
		f.arena = rule.AppendFolded(f.arena, c.value(uint32(code)))
		f.ends = append(f.ends, uint32(len(f.arena)))
	}
	return f
}

func (f *folded) value(code int) []byte { return f.arena[f.ends[code-1]:f.ends[code]] }

// containing adds the values from one number to another that contain a text.
func (f *folded) containing(pass Set, want []byte, from, to int) {
	from = max(from, 1)
	if from >= to {
		return
	}
	code, at, end := from, int(f.ends[from-1]), int(f.ends[to-1])
	for at < end {
		i := bytes.Index(f.arena[at:end], want)
		if i < 0 {
			return
		}
		at += i
		if int(f.ends[code]) <= at { // few hits are far apart, many are near
			code++
			for step := 1; code < to-1 && int(f.ends[code]) <= at; step *= 2 {
				next := min(to-1, code+step)
				if int(f.ends[next-1]) > at {
					n, _ := slices.BinarySearch(f.ends[code:next], uint32(at)+1)
					code += n
					break
				}
				code = next
			}
		}
		if at+len(want) <= int(f.ends[code]) {
			pass.add(code)
			at = int(f.ends[code])
			continue
		}
		at++ // it is the end of one value and the beginning of the next
	}
}

// textual reports whether a condition compares texts, and asks it of all values of
// a column with many of them; the pieces are asked by all cores.
func (c *column) textual(e rule.Expr, pass Set, parts func(n int, fn func(from, to int))) bool {
	if len(e.Values) == 0 || e.Values[0].Kind != rule.Text || c.distinct() < many {
		return false
	}
	f := c.fold()
	want := make([][]byte, len(e.Values))
	for i, v := range e.Values {
		want[i] = rule.AppendFolded(nil, v.Text)
	}
	var is func(v []byte) bool
	negated := false
	switch first := want[0]; e.Op {
	case rule.Contains, rule.NotContains:
		negated = e.Op == rule.NotContains
	case rule.StartsWith:
		is = func(v []byte) bool { return bytes.HasPrefix(v, first) }
	case rule.EndsWith:
		is = func(v []byte) bool { return bytes.HasSuffix(v, first) }
	case rule.Is, rule.IsNot:
		negated = e.Op == rule.IsNot
		is = func(v []byte) bool { return bytes.Equal(v, first) }
	case rule.OneOf, rule.NoneOf:
		negated = e.Op == rule.NoneOf
		is = among(want)
	default:
		return false
	}
	parts(c.distinct(), func(from, to int) {
		if is == nil {
			f.containing(pass, want[0], from, to)
			return
		}
		for code := max(1, from); code < to; code++ {
			if is(f.value(code)) {
				pass.add(code)
			}
		}
	})
	if negated {
		for i := range pass {
			pass[i] = ^pass[i]
		}
	}
	return true
}

// among tests for one of several texts. Most values are told apart by their length
// and their last byte.
func among(want [][]byte) func([]byte) bool {
	all := make(map[string]bool, len(want))
	var lengths, lasts [256]bool
	for _, w := range want {
		all[string(w)] = true
		lengths[len(w)&255], lasts[w[len(w)-1]] = true, true
	}
	return func(v []byte) bool {
		return len(v) > 0 && lengths[len(v)&255] && lasts[v[len(v)-1]] && all[string(v)]
	}
}

// holding finds the values that contain a text in any case.
func (c *column) holding(part string, pass Set) {
	want := rule.AppendFolded(nil, part)
	if c.distinct() >= many {
		c.fold().containing(pass, want, 1, c.distinct())
		return
	}
	var b []byte
	for code := 1; code < c.distinct(); code++ {
		if b = rule.AppendFolded(b[:0], c.value(uint32(code))); bytes.Contains(b, want) {
			pass.add(code)
		}
	}
}

// begins reports whether a value begins with a text in any case.
func begins(v, part string) bool {
	return bytes.HasPrefix(rule.AppendFolded(nil, v), rule.AppendFolded(nil, part))
}
