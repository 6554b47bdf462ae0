package extsort

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
)

// entry is a row in the arena of its run.
type entry struct {
	prefix uint64 // of the key, so that most comparisons need nothing else
	at     int    // of the key in the arena; the value follows it
	key    int    // bytes
	value  int
}

// run is rows that are sorted together.
type run struct {
	arena   []byte
	entries []entry
}

// Sorter takes rows and gives them back in order. The zero value is of no use;
// see New.
type Sorter struct {
	dir    string
	budget int // bytes of one run
	now    run
	spare  run        // the one that is not being written
	busy   chan error // the writing of the last run; nil when there is none
	file   *os.File   // nil as long as everything is in memory
	ends   []int64    // of the runs in the file
	n      int64
	err    error
}

// New makes a Sorter whose file is in dir. budget is the size of a run, in bytes
// of keys and values; twice of it is used.
func New(dir string, budget int) *Sorter { return &Sorter{dir: dir, budget: budget} }

// Len gives how many rows were added.
func (s *Sorter) Len() int64 { return s.n }

// Add takes a row. An error is that of the file; nothing works after it.
func (s *Sorter) Add(key, value []byte) error {
	if s.err != nil {
		return s.err
	}
	if len(s.now.arena)+len(key)+len(value) > s.budget && len(s.now.entries) > 0 {
		if s.err = s.spill(); s.err != nil {
			return s.err
		}
	}
	r := &s.now
	r.entries = append(r.entries, entry{prefixOf(key), len(r.arena), len(key), len(value)})
	r.arena = append(append(r.arena, key...), value...)
	s.n++
	return nil
}

// prefixOf orders as the first eight bytes of a key do.
func prefixOf(key []byte) uint64 {
	if len(key) >= 8 {
		return binary.BigEndian.Uint64(key)
	}
	var b [8]byte
	copy(b[:], key)
	return binary.BigEndian.Uint64(b[:])
}

func (r *run) keyOf(e entry) []byte { return r.arena[e.at : e.at+e.key] }

func (r *run) sort() {
	slices.SortFunc(r.entries, func(a, b entry) int {
		if a.prefix != b.prefix {
			if a.prefix < b.prefix {
				return -1
			}
			return 1
		}
		if c := bytes.Compare(r.keyOf(a), r.keyOf(b)); c != 0 {
			return c
		}
		return a.at - b.at // in the order in which they came
	})
}

// spill gives the run that is full to a goroutine and goes on with the other.
func (s *Sorter) spill() error {
	if err := s.settle(); err != nil {
		return err
	}
	if s.file == nil {
		f, err := os.CreateTemp(s.dir, Prefix+"*.run")
		if err != nil {
			return err
		}
		s.file = f
	}
	full := s.now
	s.now, s.spare = run{s.spare.arena[:0], s.spare.entries[:0]}, full
	s.busy = make(chan error, 1)
	go func(busy chan<- error) {
		full.sort()
		busy <- s.write(full)
	}(s.busy)
	return nil
}

// Prefix is how the names of the files begin, so that what a crash leaves behind
// can be found.
const Prefix = "scratch-"

// write appends a run to the file. Only one goroutine at a time does.
func (s *Sorter) write(r run) error {
	w := bufio.NewWriterSize(s.file, 256<<10)
	var head [2 * binary.MaxVarintLen64]byte
	size := int64(0)
	for _, e := range r.entries {
		n := binary.PutUvarint(head[:], uint64(e.key))
		n += binary.PutUvarint(head[n:], uint64(e.value))
		w.Write(head[:n]) // errors stay until Flush
		w.Write(r.arena[e.at : e.at+e.key+e.value])
		size += int64(n + e.key + e.value)
	}
	begin := int64(0)
	if len(s.ends) > 0 {
		begin = s.ends[len(s.ends)-1]
	}
	s.ends = append(s.ends, begin+size)
	return w.Flush()
}

// settle waits for the run that is being written.
func (s *Sorter) settle() error {
	if s.busy == nil {
		return nil
	}
	err := <-s.busy
	s.busy = nil
	return err
}

// Sort ends the adding. The rows come from the Iterator, once.
func (s *Sorter) Sort() (*Iterator, error) {
	if s.err == nil {
		s.err = s.settle()
	}
	if s.err != nil {
		return nil, s.err
	}
	s.now.sort()
	if s.file == nil {
		return &Iterator{memory: &s.now}, nil
	}
	if s.err = s.write(s.now); s.err != nil {
		return nil, s.err
	}
	s.now, s.spare = run{}, run{} // their memory is for the buffers now
	it := &Iterator{}
	begin := int64(0)
	for i, end := range s.ends {
		c := &cursor{order: i, r: bufio.NewReaderSize(io.NewSectionReader(s.file, begin, end-begin), 64<<10)}
		begin = end
		switch ok, err := c.advance(); {
		case err != nil:
			return nil, err
		case ok:
			it.push(c)
		}
	}
	return it, nil
}

// Close removes the file. Calling it again does nothing.
func (s *Sorter) Close() error {
	err := s.settle()
	s.now, s.spare = run{}, run{}
	if s.err == nil {
		s.err = os.ErrClosed
	}
	if s.file == nil {
		return err
	}
	f := s.file
	s.file = nil
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}
