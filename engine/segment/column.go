package segment

import (
	"hash/maphash"
	"unsafe"
)

// column holds one value of everybody. Values are numbered from 1 in the order in
// which they came; 0 is none. Nothing in it is a pointer for each value, so the
// garbage collector has nothing to do.
type column struct {
	arena []byte   // the values, one behind the other
	ends  []uint32 // where value n ends, from ends[0] = 0
	codes []uint32 // by person; shorter when the last ones have none
	table []uint32 // open addressing: numbers of values, 0 is free
	seed  maphash.Seed

	folded folded // of columns with many values, when a text was first looked for
}

func newColumn() *column {
	return &column{ends: []uint32{0}, table: make([]uint32, 16), seed: maphash.MakeSeed()}
}

// distinct is how many values there are, none included.
func (c *column) distinct() int { return len(c.ends) }

// value is the text of a number. It is valid as long as the column is not
// changed.
func (c *column) value(code uint32) string {
	if code == 0 {
		return ""
	}
	from, to := c.ends[code-1], c.ends[code]
	return unsafe.String(unsafe.SliceData(c.arena[from:to]), int(to-from))
}

// find is the number of a value, 0 when nobody has or had it.
func (c *column) find(v []byte) uint32 {
	if len(v) == 0 {
		return 0
	}
	n, _ := c.slot(v)
	return n
}

// slot is where a value is in the table, or would be.
func (c *column) slot(v []byte) (code uint32, at int) {
	mask := len(c.table) - 1
	for at = int(maphash.Bytes(c.seed, v)) & mask; ; at = (at + 1) & mask {
		code = c.table[at]
		if code == 0 || c.value(code) == string(v) {
			return code, at
		}
	}
}

// limit of an arena: ends are 32 bits.
const limit = 1<<32 - 1

// intern numbers a value. When the column is full it is as good as none, which
// full reports.
func (c *column) intern(v []byte) (code uint32, full bool) {
	if len(v) == 0 {
		return 0, false
	}
	code, at := c.slot(v)
	if code != 0 {
		return code, false
	}
	if len(c.arena)+len(v) > limit {
		return 0, true
	}
	c.arena = append(c.arena, v...)
	code = uint32(len(c.ends))
	c.ends = append(c.ends, uint32(len(c.arena)))
	c.table[at] = code
	if 4*len(c.ends) > 3*len(c.table) {
		c.rehash()
	}
	return code, false
}

func (c *column) rehash() {
	c.table = make([]uint32, 2*len(c.table))
	mask := len(c.table) - 1
	for code := uint32(1); int(code) < len(c.ends); code++ {
		at := int(maphash.String(c.seed, c.value(code))) & mask
		for c.table[at] != 0 {
			at = (at + 1) & mask
		}
		c.table[at] = code
	}
}

// set gives a person a value.
func (c *column) set(row int, code uint32) {
	for len(c.codes) <= row {
		if code == 0 {
			return
		}
		if len(c.codes) == row {
			c.codes = append(c.codes, code)
			return
		}
		c.codes = append(c.codes, 0)
	}
	c.codes[row] = code
}

func (c *column) bytes() int64 {
	return int64(cap(c.arena)+cap(c.folded.arena)) + 4*int64(cap(c.ends)+cap(c.codes)+cap(c.table)+cap(c.folded.ends))
}

// trim gives back what growing took in advance.
func (c *column) trim() {
	c.arena, c.ends, c.codes = trimmed(c.arena), trimmed(c.ends), trimmed(c.codes)
}

func trimmed[T any](s []T) []T {
	if cap(s)-len(s) <= len(s)/8 {
		return s
	}
	return append(make([]T, 0, len(s)+len(s)/64), s...)
}
