package segment

import "math/bits"

// Set is a set of people, by their place in the index.
type Set []uint64

func newSet(n int) Set { return make(Set, (n+63)/64) }

func (s Set) has(i int) bool { return i/64 < len(s) && s[i/64]>>(i%64)&1 != 0 }
func (s Set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s Set) remove(i int)   { s[i/64] &^= 1 << (i % 64) }

// grown is a set with room for n.
func (s Set) grown(n int) Set {
	for len(s) < (n+63)/64 {
		s = append(s, 0)
	}
	return s
}

func (s Set) count() (n int64) {
	for _, w := range s {
		n += int64(bits.OnesCount64(w))
	}
	return n
}

// and, or and without change s. A shorter set ends in zeros.
func (s Set) and(o Set) {
	for i := range s {
		if i < len(o) {
			s[i] &= o[i]
		} else {
			s[i] = 0
		}
	}
}

func (s Set) or(o Set) {
	for i := range min(len(s), len(o)) {
		s[i] |= o[i]
	}
}

func (s Set) without(o Set) {
	for i := range min(len(s), len(o)) {
		s[i] &^= o[i]
	}
}

// each calls fn for every member in order, until it says no.
func (s Set) each(fn func(int) bool) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			if !fn(i*64 + bits.TrailingZeros64(w)) {
				return
			}
		}
	}
}
