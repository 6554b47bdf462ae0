package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

// sumVersion is hashed first into the digest of every template: it changes with
// the recipe, and with whatever the renderer writes between the pieces.
const sumVersion = "sendoff rendering 2"

// sum seals what a template renders, from its first byte behind the Date field,
// without reading all of it for each recipient: the static pieces are in the
// template's digest, and only what lies between them is hashed again, each piece
// with its place. A newsletter is the same to nine parts in ten for everybody, and
// hashing it whole was a sixth of what a message cost.
type sum struct {
	from   int    // where in the message the sealed part begins
	pieces []byte // place, length and text of each, one behind the other
	plain  bool   // all pieces so far
}

// begin starts a message whose sealed part begins at from. plain says that its
// static pieces are.
func (s *sum) begin(digest *[32]byte, from int, plain bool) {
	s.from, s.plain = from, plain
	s.pieces = append(s.pieces[:0], digest[:]...)
}

// add seals data[from:to].
func (s *sum) add(data []byte, from, to int) {
	s.pieces = binary.BigEndian.AppendUint32(s.pieces, uint32(from-s.from))
	s.pieces = binary.BigEndian.AppendUint32(s.pieces, uint32(to-from))
	s.pieces = append(s.pieces, data[from:to]...)
	s.plain = s.plain && plainPiece(data[from:to])
}

// plainPiece reports whether a piece of a message may stand at the beginning of a
// line and ahead of any other such piece: CR and LF occur in it as CRLF only, NUL
// not at all, and none of its lines begins with a dot. Of such pieces nothing else
// can be made, whatever their order.
func plainPiece(p []byte) bool {
	if len(p) > 0 && p[0] == '.' {
		return false
	}
	for i, c := range p {
		if c > '\r' {
			continue
		}
		switch c {
		case 0:
			return false
		case '\r':
			if i+1 == len(p) || p[i+1] != '\n' {
				return false
			}
		case '\n':
			if i == 0 || p[i-1] != '\r' || i+1 < len(p) && p[i+1] == '.' {
				return false
			}
		}
	}
	return true
}

// staticPlain reports whether what all messages of the template share is plain.
func (t *Template) staticPlain() bool {
	if !plainPiece(t.head) {
		return false
	}
	for _, u := range []*unit{t.text, t.html} {
		if u == nil {
			continue
		}
		for i := range u.segments {
			if s := &u.segments[i]; !s.slot && !plainPiece(s.encoded) {
				return false
			}
		}
	}
	return true
}

// hashed seals data[from:to], which has the given sum or is made of what has it.
func (s *sum) hashed(from, to int, sum [32]byte) {
	s.pieces = binary.BigEndian.AppendUint32(s.pieces, uint32(from-s.from))
	s.pieces = binary.BigEndian.AppendUint32(s.pieces, uint32(to-from)|1<<31)
	s.pieces = append(s.pieces, sum[:]...)
}

// end returns the sum of a message of n bytes.
func (s *sum) end(n int) [32]byte {
	s.pieces = binary.BigEndian.AppendUint32(s.pieces, uint32(n-s.from))
	return sha256.Sum256(s.pieces)
}

// digestOf is the digest of what all messages of the template share. A unit that
// the engine renders has no static pieces: its output is sealed whole.
func (t *Template) digestOf() [32]byte {
	b := []byte(sumVersion)
	add := func(kind byte, text []byte) {
		b = append(b, kind)
		b = binary.BigEndian.AppendUint32(b, uint32(len(text)))
		b = append(b, text...)
	}
	add('h', t.head)
	for _, u := range []*unit{t.text, t.html} {
		if u == nil {
			add('0', nil)
			continue
		}
		add('u', nil)
		for i := range u.segments {
			if s := &u.segments[i]; s.slot {
				add('v', nil)
			} else {
				add('s', s.encoded)
			}
		}
	}
	return sha256.Sum256(b)
}

// Sealed reports whether the message is the one that a plan has sealed with sum.
// Plans of the first version hold the hash of every byte behind the Date field.
func (m *Message) Sealed(sum []byte) bool {
	if bytes.Equal(m.Sum[:], sum) {
		return true
	}
	_, rest, _ := bytes.Cut(m.Data, []byte("\r\n"))
	whole := sha256.Sum256(rest)
	return bytes.Equal(whole[:], sum)
}
