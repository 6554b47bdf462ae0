package widgets

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// The order of words in a line, after the Unicode Bidirectional Algorithm (Standard
// Annex 9) with whole words for its runs: within a word the shaper knows the order.

// direction of a word: 1 right to left, -1 left to right, 0 neither by itself.
func direction(s string) int {
	for _, r := range s {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.R, bidi.AL:
			return 1
		case bidi.L:
			return -1
		}
	}
	return 0
}

// rightToLeft reports whether a paragraph is written so: its first letter is (rule P2).
func rightToLeft(ws []word) bool {
	for _, w := range ws {
		if d := direction(w.text); d != 0 {
			return d > 0
		}
	}
	return false
}

// visual puts the words of a line in the order in which they stand from left to right.
func visual(line []word, rtl bool) []word {
	base := 0
	if rtl {
		base = 1
	}
	directions := make([]int, len(line))
	mixed := rtl
	for i, w := range line {
		directions[i] = direction(w.text)
		mixed = mixed || directions[i] > 0
	}
	if !mixed {
		return line
	}
	levels := make([]int, len(line))
	for i, d := range directions {
		if d == 0 {
			d = between(directions, i) // rules N1 and N2
		}
		switch {
		case d > 0:
			levels[i] = 1
		case d < 0 && rtl:
			levels[i] = 2
		case d == 0:
			levels[i] = base
		}
	}
	order := make([]int, len(line))
	for i := range order {
		order[i] = i
	}
	for level := 2; level > 0; level-- { // rule L2
		for i := 0; i < len(order); {
			n := i
			for n < len(order) && levels[order[n]] >= level {
				n++
			}
			slices.Reverse(order[i:n])
			i = max(n, i+1)
		}
	}
	out := make([]word, len(line))
	for i, at := range order {
		out[i] = line[at]
		out[i].space = 0
		if i > 0 {
			// The space is that before the later one of the two.
			out[i].space = line[max(at, order[i-1])].space
		}
	}
	return out
}

// between is the direction of what a word without one stands between, 0 when that
// differs.
func between(directions []int, i int) int {
	before, after := 0, 0
	for _, d := range directions[:i] {
		if d != 0 {
			before = d
		}
	}
	for _, d := range directions[i+1:] {
		if d != 0 {
			after = d
			break
		}
	}
	if before == after {
		return before
	}
	return 0
}
