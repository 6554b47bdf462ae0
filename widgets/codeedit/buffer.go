package codeedit

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sendoff/widgets/codeedit/lex"
)

// pos is a place in a text: a line and a byte of it, both from 0.
type pos struct{ line, col int }

func (p pos) before(q pos) bool { return p.line < q.line || p.line == q.line && p.col < q.col }

// row is what fits on one line of the window: bytes from up to to of a line.
type row struct{ line, from, to int }

// buffer is a text as lines without their ends, and as rows of a width.
type buffer struct {
	lines  []string
	whole  string // all of it, when it was put together since the last change
	joined bool
	width  int // cells in a row
	rows   []row
	states []lex.State // at the beginning of rows; those before read are right
	read   int
	start  lex.State   // of the first row
	tokens []lex.Token // of the row that was read last
}

func newBuffer() *buffer {
	b := &buffer{lines: []string{""}, width: 80}
	b.wrap()
	return b
}

// text is all of it.
func (b *buffer) text() string {
	if !b.joined {
		b.whole, b.joined = strings.Join(b.lines, "\n"), true
	}
	return b.whole
}

// end is behind the last letter.
func (b *buffer) end() pos {
	n := len(b.lines) - 1
	return pos{n, len(b.lines[n])}
}

// clamp gives the nearest place that exists.
func (b *buffer) clamp(p pos) pos {
	if p.line < 0 {
		return pos{}
	}
	if p.line >= len(b.lines) {
		return b.end()
	}
	l := b.lines[p.line]
	p.col = max(0, min(p.col, len(l)))
	for p.col > 0 && p.col < len(l) && !utf8.RuneStart(l[p.col]) {
		p.col--
	}
	return p
}

// slice is the text between two places.
func (b *buffer) slice(from, to pos) string {
	if from.line == to.line {
		return b.lines[from.line][from.col:to.col]
	}
	var s strings.Builder
	s.WriteString(b.lines[from.line][from.col:])
	for i := from.line + 1; i < to.line; i++ {
		s.WriteByte('\n')
		s.WriteString(b.lines[i])
	}
	s.WriteByte('\n')
	s.WriteString(b.lines[to.line][:to.col])
	return s.String()
}

// replace puts s between two places and gives the place behind it.
func (b *buffer) replace(from, to pos, s string) pos {
	first, behind := b.rowOf(pos{from.line, 0}), b.lastRow(to.line)+1
	// A change reaches into the row before it at most: a word may fit there now.
	first = max(first, b.rowOf(from)-1)
	begin := b.rows[first].from
	fresh := strings.Split(s, "\n")
	last := len(fresh) - 1
	end := pos{from.line + last, len(fresh[last])}
	if last == 0 {
		end.col += from.col
	}
	tail := b.lines[to.line][to.col:]
	fresh[0] = b.lines[from.line][:from.col] + fresh[0]
	fresh[last] += tail
	b.joined = false
	b.lines = slices.Replace(b.lines, from.line, to.line+1, fresh...)

	// The rows of these lines are made anew; those below move.
	var rows []row
	for i, l := range fresh {
		rows = wrapLine(rows, from.line+i, l, begin, b.width)
		begin = 0
	}
	states := make([]lex.State, len(rows))
	copy(states, b.states[first:min(first+1, len(b.states))])
	b.rows = slices.Replace(b.rows, first, behind, rows...)
	b.states = slices.Replace(b.states, first, behind, states...)
	if moved := last - (to.line - from.line); moved != 0 {
		for i := first + len(rows); i < len(b.rows); i++ {
			b.rows[i].line += moved
		}
	}
	b.reread(first, first+len(rows), behind)
	return end
}

// near is how many rows are read at a change to find out whether those below stay.
const near = 200

// reread reads the rows that were made anew. When the grammar stands below them
// where it stood, what was read further down is still right.
func (b *buffer) reread(first, after, was int) {
	if b.read <= first {
		return
	}
	known := b.read - was + after // as far as it was read, in new numbers
	b.read = first + 1
	if known <= after || after >= len(b.rows) || after-first > near {
		return
	}
	stood := b.states[after]
	b.to(after)
	if b.states[after] == stood {
		b.read = known
	}
}

// to reads until the state at the beginning of a row is right.
func (b *buffer) to(i int) {
	if b.read == 0 {
		b.states[0], b.read = b.start, 1
	}
	for b.read <= i {
		r := b.rows[b.read-1]
		var next lex.State
		b.tokens, next = lex.Line(b.tokens[:0], b.lines[r.line][r.from:r.to], b.states[b.read-1])
		b.states[b.read] = next
		b.read++
	}
}

// pieces are those of a row, from its beginning; they are good until the next
// call.
func (b *buffer) pieces(i int) []lex.Token {
	b.to(i)
	r := b.rows[i]
	b.tokens, _ = lex.Line(b.tokens[:0], b.lines[r.line][r.from:r.to], b.states[i])
	return b.tokens
}

// set replaces all of it, as little as possible: it gives the places between which
// something changed, and where that ends now.
func (b *buffer) set(s string) (from, to, end pos) {
	was := b.text()
	if was == s {
		return
	}
	head := 0
	for head < len(was) && head < len(s) && was[head] == s[head] {
		head++
	}
	tail := 0
	for tail < len(was)-head && tail < len(s)-head && was[len(was)-1-tail] == s[len(s)-1-tail] {
		tail++
	}
	for head > 0 && (head < len(was) && !utf8.RuneStart(was[head]) || head < len(s) && !utf8.RuneStart(s[head])) {
		head--
	}
	for tail > 0 && (!utf8.RuneStart(was[len(was)-tail]) || !utf8.RuneStart(s[len(s)-tail])) {
		tail--
	}
	from, to = b.place(head), b.place(len(was)-tail)
	end = b.replace(from, to, s[head:len(s)-tail])
	return from, to, end
}

// place is the place of a byte of the text.
func (b *buffer) place(off int) pos {
	for i, l := range b.lines {
		if off <= len(l) {
			return pos{i, off}
		}
		off -= len(l) + 1
	}
	return b.end()
}

// offset is the byte of a place in the text.
func (b *buffer) offset(p pos) int {
	n := p.col
	for _, l := range b.lines[:p.line] {
		n += len(l) + 1
	}
	return n
}

// setWidth breaks the lines for another width; false when it is the same.
func (b *buffer) setWidth(cells int) bool {
	if cells = max(20, cells); cells == b.width {
		return false
	}
	b.width = cells
	b.wrap()
	return true
}

func (b *buffer) wrap() {
	b.rows = b.rows[:0]
	for i, l := range b.lines {
		b.rows = wrapLine(b.rows, i, l, 0, b.width)
	}
	b.states, b.read = make([]lex.State, len(b.rows)), 0
}

// rowOf is the row of a place. A place at the end of a row that goes on is at the
// beginning of the next one.
func (b *buffer) rowOf(p pos) int {
	i, _ := slices.BinarySearchFunc(b.rows, p, func(r row, p pos) int {
		if r.line < p.line || r.line == p.line && r.from <= p.col {
			return -1
		}
		return 1
	})
	return i - 1
}

func (b *buffer) lastRow(line int) int { return b.rowOf(pos{line, len(b.lines[line])}) }
