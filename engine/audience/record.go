package audience

import (
	"bytes"
	"io"

	"sendoff/engine/delivery"
)

// Limits of a file. Whatever is larger is no list of people.
const (
	MaxRecord  = 1 << 20 // bytes of one record, as UTF-8
	MaxColumns = 256
	MaxField   = 4 << 10 // bytes of one field, as UTF-8
)

// span is a field within its record. A messy one is still in its quotes, with
// doubled quotes or text after them; tidy takes those away.
type span struct {
	lo, hi int
	messy  bool
}

// splitter finds the end of a record and the fields in it, as RFC 4180 writes
// them, and forgiving what people's programs write: a quote inside an unquoted
// field is text, and so is what follows a closing quote.
type splitter struct {
	delim  byte
	spans  []span // the fields, at most MaxColumns
	count  int    // fields there are, also beyond MaxColumns
	quoted bool   // the record has a quoted field
}

type splitState uint8

const (
	complete splitState = iota
	more                // the record may go on after the end of the bytes given
	unclosed            // the last bytes are inside a quoted field
)

// split finds the first record in b: its text is b[:end], the next one begins
// at b[next]. last says that nothing follows b.
func (s *splitter) split(b []byte, last bool) (end, next int, st splitState) {
	s.spans, s.count, s.quoted = s.spans[:0], 0, false
	pos := 0
	for {
		f := span{lo: pos}
		if pos < len(b) && b[pos] == '"' {
			s.quoted = true
			if f, pos, st = s.quotedField(b, pos, last); st != complete {
				return 0, 0, st
			}
		} else {
			pos = s.plainEnd(b, pos)
			f.hi = pos
		}
		if pos == len(b) && !last {
			return 0, 0, more
		}
		if s.count++; s.count <= MaxColumns {
			s.spans = append(s.spans, f)
		}
		switch {
		case pos == len(b):
			return pos, pos, complete
		case b[pos] == s.delim:
			pos++
		case b[pos] == '\n':
			return pos, pos + 1, complete
		case pos+1 == len(b) && !last:
			return 0, 0, more // CR: is it a CR LF?
		case pos+1 < len(b) && b[pos+1] == '\n':
			return pos, pos + 2, complete
		default:
			return pos, pos + 1, complete
		}
	}
}

// plainEnd gives where an unquoted field that begins at pos ends.
func (s *splitter) plainEnd(b []byte, pos int) int {
	d := s.delim
	for ; pos < len(b); pos++ {
		if c := b[pos]; c == d || c == '\n' || c == '\r' {
			break
		}
	}
	return pos
}

// quotedField reads the field whose opening quote is at pos.
func (s *splitter) quotedField(b []byte, pos int, last bool) (span, int, splitState) {
	f := span{lo: pos + 1}
	begin := pos
	for pos++; ; pos += 2 { // two: past a doubled quote
		i := bytes.IndexByte(b[pos:], '"')
		if i < 0 {
			if last {
				return f, 0, unclosed
			}
			return f, 0, more
		}
		pos += i
		if pos+1 == len(b) || b[pos+1] != '"' {
			break
		}
		f.messy = true
	}
	f.hi = pos
	end := s.plainEnd(b, pos+1)
	if f.messy = f.messy || end > pos+1; f.messy {
		f.lo, f.hi = begin, end
	}
	return f, end, complete
}

// tidy takes the quotes out of the messy fields, in place.
func tidy(b []byte, fields []span) {
	for i := range fields {
		f := &fields[i]
		if !f.messy {
			continue
		}
		out, in, open := f.lo, f.lo+1, true
		for ; in < f.hi; in++ {
			if open && b[in] == '"' {
				if in+1 == f.hi || b[in+1] != '"' {
					open = false
					continue
				}
				in++
			}
			b[out] = b[in]
			out++
		}
		for i := out; i < f.hi; i++ {
			b[i] = ' ' // no halves of characters may stay behind: the whole record is checked
		}
		f.hi, f.messy = out, false
	}
}

// records reads one record after another from a source.
type records struct {
	splitter
	src    *source
	file   string
	buf    []byte // buf[lo:hi] is read and not yet handed out
	lo, hi int
	line   int  // physical line at lo, from 1
	whole  bool // src has no more
}

// fill reads until n bytes are at hand or the source has no more.
func (r *records) fill(n int) error {
	if r.hi-r.lo >= n || r.whole {
		return nil
	}
	copy(r.buf, r.buf[r.lo:r.hi])
	r.lo, r.hi = 0, r.hi-r.lo
	if n > len(r.buf) {
		r.buf = append(make([]byte, 0, n), r.buf[:r.hi]...)[:n]
	}
	for idle := 0; r.hi < n; {
		m, err := r.src.Read(r.buf[r.hi:])
		r.hi += m
		if err == io.EOF {
			r.whole = true
			return nil
		}
		if err != nil {
			return wrapIO(r.file, err)
		}
		if m > 0 {
			idle = 0
		} else if idle++; idle > 100 {
			return wrapIO(r.file, io.ErrNoProgress)
		}
		if len(r.buf)-r.hi < 16 {
			break // no room for a whole character
		}
	}
	return nil
}

// next reads a record that is not blank. The bytes and the spans are
// valid until the next call; io.EOF comes at the end of the file.
func (r *records) next() (record []byte, line int, err error) {
	for {
		b := r.buf[r.lo:r.hi]
		if len(b) == 0 && r.whole {
			return nil, 0, io.EOF
		}
		end, next, st := r.split(b, r.whole)
		switch {
		case st == unclosed:
			return nil, 0, &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "quote", File: r.file, Line: r.line}
		case st == more && len(b) > MaxRecord || end > MaxRecord:
			return nil, 0, &delivery.Error{Op: op, Kind: delivery.KindRecordTooLong, File: r.file, Line: r.line}
		case st == more:
			if err := r.fill(min(max(2*len(b), sniffSize), MaxRecord+sniffSize)); err != nil {
				return nil, 0, err
			}
			continue
		}
		line = r.line
		r.line++
		if r.quoted {
			r.line += countLines(b[:end])
		}
		r.lo += next
		record = b[:end]
		tidy(record, r.spans)
		if !r.blank(record) {
			return record, line, nil
		}
	}
}

// blank reports whether the record is an empty line.
func (r *records) blank(record []byte) bool {
	return r.count == 1 && !r.quoted && len(bytes.TrimLeft(record, " \t")) == 0
}

// countLines counts the line ends in b: LF, CR LF and CR alone.
func countLines(b []byte) int {
	n := bytes.Count(b, []byte{'\n'})
	for i := bytes.IndexByte(b, '\r'); i >= 0; {
		if i+1 == len(b) || b[i+1] != '\n' {
			n++
		}
		j := bytes.IndexByte(b[i+1:], '\r')
		if j < 0 {
			break
		}
		i += 1 + j
	}
	return n
}
