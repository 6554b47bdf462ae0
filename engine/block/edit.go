package block

import "slices"

// Path is where a block is: {n} is the nth block, {n, column, m} the mth in a
// column of it.
type Path []int

// Equal reports whether two paths are one.
func (p Path) Equal(q Path) bool { return slices.Equal(p, q) }

// with is the path whose last number is another one.
func (p Path) with(last int) Path {
	q := slices.Clone(p)
	q[len(q)-1] = last
	return q
}

// Last is the number within its row of blocks.
func (p Path) Last() int { return p[len(p)-1] }

// row is the blocks among which a path points, nil when there are none.
func (d *Document) row(p Path) *[]Block {
	switch {
	case len(p) == 1:
		return &d.Blocks
	case len(p) == 3 && p[0] >= 0 && p[0] < len(d.Blocks) && p[1] >= 0 && p[1] < len(d.Blocks[p[0]].Columns):
		return &d.Blocks[p[0]].Columns[p[1]].Blocks
	}
	return nil
}

// At returns the block at a path, nil when there is none. It is the document's
// own.
func (d *Document) At(p Path) *Block {
	row := d.row(p)
	if row == nil || p.Last() < 0 || p.Last() >= len(*row) {
		return nil
	}
	return &(*row)[p.Last()]
}

// Paths lists all blocks as one reads them.
func (d *Document) Paths() []Path {
	var out []Path
	for i, b := range d.Blocks {
		out = append(out, Path{i})
		for j, c := range b.Columns {
			for k := range c.Blocks {
				out = append(out, Path{i, j, k})
			}
		}
	}
	return out
}

// Clone is a copy that shares nothing.
func (d Document) Clone() Document {
	d.Blocks = cloneBlocks(d.Blocks)
	return d
}

func cloneBlocks(blocks []Block) []Block {
	out := make([]Block, len(blocks))
	for i, b := range blocks {
		b.Links = slices.Clone(b.Links)
		b.Columns = slices.Clone(b.Columns)
		for j := range b.Columns {
			b.Columns[j].Blocks = cloneBlocks(b.Columns[j].Blocks)
		}
		out[i] = b
	}
	return out
}

// Fits reports whether a block may stand at a path: columns and footers stand in
// no column.
func Fits(b Block, p Path) bool { return len(p) == 1 || b.Kind != Columns && b.Kind != Footer }

// Insert returns the document with a block before the one at a path, or behind
// the last one, and where it stands. ok is false when it may not stand there or
// there are too many.
func (d Document) Insert(p Path, b Block) (out Document, at Path, ok bool) {
	out = d.Clone()
	row := out.row(p)
	if row == nil || !Fits(b, p) || p.Last() < 0 || p.Last() > len(*row) || len(out.Paths()) >= MaxBlocks {
		return d, nil, false
	}
	if len(p) == 3 {
		b.Fill = FillNone // a column has its own
	}
	*row = slices.Insert(*row, p.Last(), cloneBlocks([]Block{b})[0])
	return out, slices.Clone(p), true
}

// Remove returns the document without a block, and what a person may look at
// next: the block that took its place, else the one before, else none.
func (d Document) Remove(p Path) (out Document, next Path) {
	if d.At(p) == nil {
		return d, nil
	}
	out = d.Clone()
	row := out.row(p)
	*row = slices.Delete(*row, p.Last(), p.Last()+1)
	switch {
	case p.Last() < len(*row):
		return out, slices.Clone(p)
	case p.Last() > 0:
		return out, p.with(p.Last() - 1)
	case len(p) == 3:
		return out, Path{p[0]}
	}
	return out, nil
}

// Duplicate returns the document with a second one of a block behind it.
func (d Document) Duplicate(p Path) (out Document, at Path, ok bool) {
	b := d.At(p)
	if b == nil {
		return d, nil, false
	}
	return d.Insert(p.with(p.Last()+1), *b)
}

// Move returns the document with a block before the one that is now at another
// path, or behind the last one there.
func (d Document) Move(from, to Path) (out Document, at Path, ok bool) {
	b := d.At(from)
	if b == nil || !Fits(*b, to) || len(to) == 3 && len(from) == 1 && from[0] == to[0] {
		return d, nil, false
	}
	moved := *b
	out = d.Clone()
	row := out.row(from)
	*row = slices.Delete(*row, from.Last(), from.Last()+1)
	// What stood behind it has moved up.
	to = slices.Clone(to)
	same := len(from) == len(to) && slices.Equal(from[:len(from)-1], to[:len(to)-1])
	switch {
	case same && to.Last() > from.Last():
		to = to.with(to.Last() - 1)
	case len(from) == 1 && len(to) == 3 && to[0] > from[0]:
		to[0]--
	}
	out, at, ok = out.Insert(to, moved)
	if !ok {
		return d, nil, false
	}
	return out, at, true
}

// Step moves a block one place up (-1) or down (+1), out of a column at its
// ends.
func (d Document) Step(p Path, by int) (out Document, at Path, ok bool) {
	row := d.row(p)
	if row == nil || d.At(p) == nil {
		return d, nil, false
	}
	to := p.Last() + by
	switch {
	case to >= 0 && to < len(*row):
		if by > 0 {
			to++
		}
		return d.Move(p, p.with(to))
	case len(p) == 3 && by < 0:
		return d.Move(p, Path{p[0]})
	case len(p) == 3:
		return d.Move(p, Path{p[0] + 1})
	}
	return d, nil, false
}
