package extsort

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// cursor reads one run of the file.
type cursor struct {
	order  int // of the run: rows of an earlier one came first
	r      *bufio.Reader
	prefix uint64
	buf    []byte
	key    int
}

// advance reads the next row; false says that there are no more.
func (c *cursor) advance() (bool, error) {
	key, err := binary.ReadUvarint(c.r)
	if err == io.EOF {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	value, err := binary.ReadUvarint(c.r)
	if err != nil {
		return false, err
	}
	n := int(key + value)
	if cap(c.buf) < n {
		c.buf = make([]byte, 2*n)
	}
	c.buf, c.key = c.buf[:n], int(key)
	if _, err := io.ReadFull(c.r, c.buf); err != nil {
		return false, err
	}
	c.prefix = prefixOf(c.buf[:c.key])
	return true, nil
}

func (c *cursor) before(o *cursor) bool {
	if c.prefix != o.prefix {
		return c.prefix < o.prefix
	}
	if n := bytes.Compare(c.buf[:c.key], o.buf[:o.key]); n != 0 {
		return n < 0
	}
	return c.order < o.order
}

// Iterator gives sorted rows.
type Iterator struct {
	memory *run // when nothing went to a file
	i      int

	heap []*cursor // the one with the first row at the top
	used bool      // its row was handed out
}

// Next gives a row, valid until the next call; ok is false after the last one.
func (it *Iterator) Next() (key, value []byte, ok bool, err error) {
	if it.memory != nil {
		if it.i == len(it.memory.entries) {
			return nil, nil, false, nil
		}
		e := it.memory.entries[it.i]
		it.i++
		return it.memory.keyOf(e), it.memory.arena[e.at+e.key : e.at+e.key+e.value], true, nil
	}
	if it.used {
		it.used = false
		more, err := it.heap[0].advance()
		if err != nil {
			return nil, nil, false, err
		}
		if !more {
			last := len(it.heap) - 1
			it.heap[0] = it.heap[last]
			it.heap = it.heap[:last]
		}
		it.sink()
	}
	if len(it.heap) == 0 {
		return nil, nil, false, nil
	}
	c := it.heap[0]
	it.used = true
	return c.buf[:c.key], c.buf[c.key:], true, nil
}

func (it *Iterator) push(c *cursor) {
	it.heap = append(it.heap, c)
	for i := len(it.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if !it.heap[i].before(it.heap[up]) {
			return
		}
		it.heap[i], it.heap[up] = it.heap[up], it.heap[i]
		i = up
	}
}

// sink puts the top where it belongs.
func (it *Iterator) sink() {
	for i := 0; ; {
		least := i
		for _, d := range []int{2*i + 1, 2*i + 2} {
			if d < len(it.heap) && it.heap[d].before(it.heap[least]) {
				least = d
			}
		}
		if least == i {
			return
		}
		it.heap[i], it.heap[least] = it.heap[least], it.heap[i]
		i = least
	}
}
