package segment

import (
	"cmp"
	"slices"
	"strings"
)

// Value is a value of a field and how many people have it.
type Value struct {
	Text  string
	Count int64
}

// Values lists the most frequent values of a field that contain a text in any
// case, n at most; those that begin with it come first.
func (x *Index) Values(field, part string, n int) []Value {
	c := x.fields[field]
	if c == nil {
		return nil
	}
	count := make([]uint32, c.distinct())
	for row, code := range c.codes {
		if x.alive.has(row) && !x.test.has(row) {
			count[code]++
		}
	}
	pass := newSet(len(count))
	if part != "" {
		c.holding(part, pass)
	}
	type found struct {
		code  uint32
		begin bool
	}
	var out []found
	order := func(a, b found) int {
		if a.begin != b.begin {
			if a.begin {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(count[b.code], count[a.code]), cmp.Compare(a.code, b.code))
	}
	for code := uint32(1); int(code) < len(count); code++ {
		if count[code] == 0 {
			continue
		}
		f := found{code: code, begin: true}
		if part != "" {
			if !pass.has(int(code)) {
				continue
			}
			f.begin = begins(c.value(code), part)
		}
		if len(out) == n && order(out[n-1], f) <= 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(out, f, order)
		out = slices.Insert(out, at, f)
		out = out[:min(len(out), n)]
	}
	vs := make([]Value, len(out))
	for i, f := range out {
		vs[i] = Value{Text: strings.Clone(c.value(f.code)), Count: int64(count[f.code])}
	}
	return vs
}
