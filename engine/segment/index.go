package segment

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"slices"

	"sendoff/engine/delivery"
)

// Index is everybody in memory. The zero value is empty and ready to be synced.
type Index struct {
	ready   bool
	version string // of the source when it was read
	since   int64  // the newest change that was seen

	ids     []int64 // ascending: numbers of people rise and are never used again
	alive   Set
	test    Set
	keyed   Set // has a valid address
	email   *column
	created *column // Unix milliseconds, in eight bytes
	fields  map[string]*column

	members map[int64]*cached       // by audience
	got     map[delivery.ID]*cached // by delivery
}

// cached is a set of people and the state of the source that it was read from.
type cached struct {
	set     Set
	version string
}

// checkEvery is how many people lie between two looks at the context.
const checkEvery = 4096

// Sync brings the index up to a source: all of it at first, then who changed. When
// it fails the index is empty. progress may be nil.
func (x *Index) Sync(ctx context.Context, src Source, progress func(delivery.Progress)) error {
	err := x.sync(ctx, src, progress)
	if err != nil {
		*x = Index{}
	}
	if cerr := ctx.Err(); cerr != nil && err != nil {
		return &delivery.Error{Op: "rule", Kind: delivery.KindCancelled, Err: cerr}
	}
	return err
}

func (x *Index) sync(ctx context.Context, src Source, progress func(delivery.Progress)) error {
	version, err := src.Version(ctx)
	if err != nil || x.ready && version == x.version {
		return err
	}
	total, err := src.Count(ctx)
	if err != nil {
		return err
	}
	fresh := !x.ready
	if fresh {
		*x = Index{since: -1 << 63, email: newColumn(), created: newColumn(), fields: map[string]*column{},
			members: map[int64]*cached{}, ids: make([]int64, 0, total+total/64)}
	}
	x.got = map[delivery.ID]*cached{}
	var done int64
	err = src.People(ctx, x.since, func(p Person) error {
		if done%checkEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if progress != nil && fresh {
				progress(delivery.Progress{Done: done, Total: total})
			}
		}
		done++
		return x.put(p)
	})
	if err != nil {
		return err
	}
	if fresh {
		x.trim()
	} else if x.alive.count() != total {
		if err := x.bury(ctx, src); err != nil {
			return err
		}
	}
	x.ready, x.version = true, version
	return nil
}

var errFull = errors.New("more different values than can be kept in memory")

// put adds a person, or replaces what is known of one.
func (x *Index) put(p Person) error {
	row := x.row(p.ID)
	if row < 0 {
		if n := len(x.ids); n > 0 && x.ids[n-1] > p.ID {
			return errors.New("a number was used again")
		}
		row = len(x.ids)
		x.ids = append(x.ids, p.ID)
		n := len(x.ids)
		x.alive, x.test, x.keyed = x.alive.grown(n), x.test.grown(n), x.keyed.grown(n)
	} else {
		for _, c := range x.fields {
			c.set(row, 0)
		}
		x.test.remove(row)
		x.keyed.remove(row)
	}
	x.since = max(x.since, p.Modified)
	x.alive.add(row)
	if p.Test {
		x.test.add(row)
	}
	address := p.Address
	if len(p.Key) > 0 {
		x.keyed.add(row)
		address = p.Key
	}
	var ms [8]byte
	binary.LittleEndian.PutUint64(ms[:], uint64(p.Created))
	for _, v := range []struct {
		c *column
		b []byte
	}{{x.email, address}, {x.created, ms[:]}} {
		code, full := v.c.intern(v.b)
		if full {
			return errFull
		}
		v.c.set(row, code)
	}
	return x.putFields(row, p.Fields)
}

// putFields reads an object as the engine writes it; whatever is written otherwise
// is left to the library.
func (x *Index) putFields(row int, object []byte) error {
	if ok, err := plainFields(object, func(name, value []byte) error { return x.setField(row, name, value) }); ok || err != nil {
		return err
	}
	var all map[string]string
	if err := json.Unmarshal(object, &all); err != nil {
		return err
	}
	for name, value := range all {
		if err := x.setField(row, []byte(name), []byte(value)); err != nil {
			return err
		}
	}
	return nil
}

func (x *Index) setField(row int, name, value []byte) error {
	c := x.fields[string(name)]
	if c == nil {
		c = newColumn()
		x.fields[string(name)] = c
	}
	code, full := c.intern(value)
	if full {
		return errFull
	}
	c.set(row, code)
	return nil
}

// plainFields walks {"a":"b",…} without blanks and escapes; ok is false, and
// perhaps some fields were seen already, when the object is not like that.
func plainFields(b []byte, fn func(name, value []byte) error) (ok bool, err error) {
	if len(b) < 2 || b[0] != '{' || slices.Contains(b, '\\') {
		return false, nil
	}
	if len(b) == 2 {
		return b[1] == '}', nil
	}
	quoted := func() []byte {
		if len(b) < 2 || b[0] != '"' {
			return nil
		}
		n := 1 + slices.Index(b[1:], '"')
		if n < 1 {
			return nil
		}
		s := b[1:n]
		b = b[n+1:]
		return s
	}
	for sep := byte('{'); ; sep = ',' {
		if len(b) == 0 || b[0] != sep {
			return len(b) == 1 && b[0] == '}', nil
		}
		b = b[1:]
		name := quoted()
		if name == nil || len(b) == 0 || b[0] != ':' {
			return false, nil
		}
		b = b[1:]
		value := quoted()
		if value == nil {
			return false, nil
		}
		if err := fn(name, value); err != nil {
			return false, err
		}
	}
}

// row is the place of a person, -1 for somebody unknown.
func (x *Index) row(id int64) int {
	n := len(x.ids)
	if n == 0 || id > x.ids[n-1] || id < x.ids[0] {
		return -1
	}
	// Numbers have few gaps: the place is near.
	if i := int(id - x.ids[0]); i < n && x.ids[i] == id {
		return i
	}
	if i, ok := slices.BinarySearch(x.ids, id); ok {
		return i
	}
	return -1
}

// bury takes out whoever is not there any more.
func (x *Index) bury(ctx context.Context, src Source) error {
	there := newSet(len(x.ids))
	if err := src.IDs(ctx, func(id int64) error {
		if row := x.row(id); row >= 0 {
			there.add(row)
		}
		return nil
	}); err != nil {
		return err
	}
	x.alive.and(there)
	return nil
}

func (x *Index) trim() {
	x.ids = trimmed(x.ids)
	x.email.trim()
	x.created.trim()
	for _, c := range x.fields {
		c.trim()
	}
}

// Bytes is the memory that the index takes.
func (x *Index) Bytes() int64 {
	if x.email == nil {
		return 0
	}
	n := 8*int64(cap(x.ids)+cap(x.alive)+cap(x.test)+cap(x.keyed)) + x.email.bytes() + x.created.bytes()
	for _, c := range x.fields {
		n += c.bytes()
	}
	for _, c := range x.members {
		n += 8 * int64(cap(c.set))
	}
	for _, c := range x.got {
		n += 8 * int64(cap(c.set))
	}
	return n
}

// Len is how many people there are, without test profiles.
func (x *Index) Len() int64 {
	s := slices.Clone(x.alive)
	s.without(x.test)
	return s.count()
}
