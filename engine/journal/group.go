package journal

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

const (
	sector    = 512
	magic     = 0x314a5353 // "SSJ1"
	headSize  = 48
	maxString = 4 << 10 // of a reply; the transport keeps a quarter of it
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// group is one Append on the disk.
type group struct {
	epoch    uint64
	first    uint64 // number of the first record
	applied  uint64 // what the database had, as far as the journal knew
	snapshot []queue.Intent
	records  []queue.Record
}

// appendGroup appends g's sectors to b.
func appendGroup(b []byte, g *group) []byte {
	start := len(b)
	b = append(b, make([]byte, headSize)...)
	for _, i := range g.snapshot {
		b = appendIntent(b, i)
	}
	for i := range g.records {
		b = appendRecord(b, &g.records[i])
	}
	h := b[start:]
	binary.LittleEndian.PutUint32(h[0:], magic)
	binary.LittleEndian.PutUint32(h[4:], uint32(len(h)-headSize))
	binary.LittleEndian.PutUint64(h[8:], g.epoch)
	binary.LittleEndian.PutUint64(h[16:], g.first)
	binary.LittleEndian.PutUint64(h[24:], g.applied)
	binary.LittleEndian.PutUint32(h[32:], uint32(len(g.snapshot)))
	binary.LittleEndian.PutUint32(h[36:], uint32(len(g.records)))
	binary.LittleEndian.PutUint32(h[40:], 0)
	binary.LittleEndian.PutUint32(h[44:], checksum(h))
	if rest := len(h) % sector; rest > 0 {
		b = append(b, make([]byte, sector-rest)...)
	}
	return b
}

// checksum covers a group but for the field that holds it.
func checksum(h []byte) uint32 {
	c := crc32.Update(0, castagnoli, h[:44])
	return crc32.Update(c, castagnoli, h[headSize:])
}

// parseGroup reads the group at the beginning of b and returns it with the
// sectors it takes; false: there is no whole one.
func parseGroup(b []byte) (g group, size int, ok bool) {
	if len(b) < headSize || binary.LittleEndian.Uint32(b) != magic {
		return g, 0, false
	}
	n := headSize + int(binary.LittleEndian.Uint32(b[4:]))
	size = (n + sector - 1) / sector * sector
	if n < headSize || size > len(b) || checksum(b[:n]) != binary.LittleEndian.Uint32(b[44:]) {
		return g, 0, false
	}
	g.epoch = binary.LittleEndian.Uint64(b[8:])
	g.first = binary.LittleEndian.Uint64(b[16:])
	g.applied = binary.LittleEndian.Uint64(b[24:])
	d := decoder{b: b[headSize:n]}
	for range binary.LittleEndian.Uint32(b[32:]) {
		if g.snapshot = append(g.snapshot, d.intent()); d.err != nil {
			return g, 0, false
		}
	}
	for range binary.LittleEndian.Uint32(b[36:]) {
		if g.records = append(g.records, d.record()); d.err != nil {
			return g, 0, false
		}
	}
	return g, size, len(d.b) == 0
}

// What a record holds.
const (
	hasOutcome = 1 << iota
	hasIntent
)

func appendRecord(b []byte, r *queue.Record) []byte {
	var flags byte
	if r.HasOutcome {
		flags |= hasOutcome
	}
	if r.HasIntent {
		flags |= hasIntent
	}
	b = append(b, flags)
	if r.HasOutcome {
		o := &r.Outcome
		b = binary.AppendUvarint(b, uint64(o.Delivery))
		b = binary.AppendUvarint(b, uint64(o.Seq))
		b = append(b, byte(o.To))
		b = binary.AppendUvarint(b, uint64(o.Attempt))
		b = binary.AppendUvarint(b, uint64(o.Code))
		b = binary.AppendVarint(b, milli(o.At))
		b = binary.AppendVarint(b, milli(o.NextTry))
		for _, s := range [...]string{o.Enhanced, string(o.Nature), string(o.Fault), o.Reply} {
			s = s[:min(len(s), maxString)]
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
	}
	if r.HasIntent {
		b = appendIntent(b, r.Intent)
	}
	return b
}

func appendIntent(b []byte, i queue.Intent) []byte {
	b = binary.AppendUvarint(b, uint64(i.Delivery))
	b = binary.AppendUvarint(b, uint64(i.Seq))
	return binary.AppendUvarint(b, uint64(i.Attempt))
}

// milli is a time as it is stored; zero is none.
func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMilli(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

var errShort = errors.New("record cut short")

// decoder reads what appendRecord wrote. After an error it yields zeros.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) uvarint() uint64 {
	n, k := binary.Uvarint(d.b)
	if k <= 0 {
		d.b, d.err = nil, errShort
		return 0
	}
	d.b = d.b[k:]
	return n
}

func (d *decoder) varint() int64 {
	n, k := binary.Varint(d.b)
	if k <= 0 {
		d.b, d.err = nil, errShort
		return 0
	}
	d.b = d.b[k:]
	return n
}

func (d *decoder) byte() byte {
	if len(d.b) == 0 {
		d.err = errShort
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *decoder) string() string {
	n := d.uvarint()
	if n > uint64(len(d.b)) || n > maxString {
		d.b, d.err = nil, errShort
		return ""
	}
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

func (d *decoder) ref() queue.Ref {
	return queue.Ref{Delivery: delivery.ID(d.uvarint()), Seq: int64(d.uvarint())}
}

func (d *decoder) intent() queue.Intent {
	return queue.Intent{Ref: d.ref(), Attempt: int(d.uvarint())}
}

func (d *decoder) record() queue.Record {
	var r queue.Record
	flags := d.byte()
	if flags&hasOutcome != 0 {
		r.HasOutcome = true
		o := &r.Outcome
		o.Ref = d.ref()
		o.To = delivery.MessageState(d.byte())
		o.Attempt = int(d.uvarint())
		o.Code = int(d.uvarint())
		o.At = fromMilli(d.varint())
		o.NextTry = fromMilli(d.varint())
		o.Enhanced = d.string()
		o.Nature = delivery.Nature(d.string())
		o.Fault = delivery.Fault(d.string())
		o.Reply = d.string()
	}
	if flags&hasIntent != 0 {
		r.HasIntent = true
		r.Intent = d.intent()
	}
	return r
}
