package audience

import (
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"sendoff/engine/delivery"
)

// broken stands for what cannot be decoded. It is never part of UTF-8, so the
// check that every row gets anyhow finds it.
const broken = 0xff

// source gives the text of a file in UTF-8, whatever it is written in. What
// cannot be decoded comes out as bytes that are no UTF-8.
type source struct {
	r      io.Reader
	raw    []byte // taken from r and not handed out yet
	room   []byte // where gather keeps raw
	enc    encoding
	offset int64
	err    error // what r said last; reported when raw is empty
}

// newSource reads the beginning of r and decides the encoding, unless it is
// given.
func newSource(r io.Reader, given string) (*source, error) {
	s := &source{r: r, room: make([]byte, sniffSize)}
	s.gather(sniffSize)
	if s.err != nil && s.err != io.EOF {
		return nil, s.err
	}
	e, mark, err := sniff(s.raw, s.err != nil)
	if err != nil {
		return nil, err
	}
	if given != "" {
		var ok bool
		if e, ok = namedEncoding(given); !ok {
			return nil, &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "import.encoding", Detail: given}
		}
		mark = markOf(e, s.raw)
	}
	s.enc, s.raw = e, s.raw[mark:]
	return s, nil
}

// gather reads until raw holds n bytes, at most sniffSize, or r has no more.
func (s *source) gather(n int) {
	have := len(s.raw)
	if n <= have || s.err != nil {
		return
	}
	copy(s.room, s.raw)
	m, err := io.ReadFull(s.r, s.room[have:n])
	s.raw = s.room[:have+m]
	s.offset += int64(m)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	s.err = err
}

// Read fills p, of at least utf8.UTFMax bytes, with text.
func (s *source) Read(p []byte) (int, error) {
	if len(p) > sniffSize {
		p = p[:sniffSize]
	}
	for {
		switch s.enc {
		case utf8Text:
			return s.take(p)
		case ascii:
			n, err := s.take(p)
			i := firstHigh(p[:n])
			if i < 0 {
				return n, err
			}
			s.raw = append(append(make([]byte, 0, 2*sniffSize), p[i:n]...), s.raw...)
			s.gather(sniffSize)
			s.enc = sniffText(s.raw, s.err != nil)
			if i > 0 {
				return i, nil
			}
		default:
			if len(s.raw) < 4 {
				s.gather(sniffSize)
			}
			n, m := s.decode(p)
			s.raw = s.raw[m:]
			if m == 0 {
				return 0, s.err
			}
			return n, nil
		}
	}
}

// take hands out bytes as they are.
func (s *source) take(p []byte) (int, error) {
	if len(s.raw) > 0 {
		n := copy(p, s.raw)
		s.raw = s.raw[n:]
		return n, nil
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	s.offset += int64(n)
	s.err = err
	if n > 0 {
		err = nil
	}
	return n, err
}

// decode turns raw into UTF-8 as long as p has room for a whole character. It
// gives the bytes written and the bytes used.
func (s *source) decode(p []byte) (n, used int) {
	if s.enc == windows1252 {
		for n+utf8.UTFMax <= len(p) && used < len(s.raw) {
			n += putWindows1252(p[n:], s.raw[used])
			used++
		}
		return n, used
	}
	var order binary.ByteOrder = binary.LittleEndian
	if s.enc == utf16BE {
		order = binary.BigEndian
	}
	for n+utf8.UTFMax <= len(p) && used < len(s.raw) {
		r, size := utf16Rune(s.raw[used:], order)
		if r == utf8.RuneError && size < 0 {
			if s.err == nil {
				break // the rest of this character has not been read yet
			}
			p[n] = broken
			return n + 1, len(s.raw)
		}
		if r < 0 {
			p[n] = broken
			n++
		} else {
			n += utf8.EncodeRune(p[n:], r)
		}
		used += size
	}
	return n, used
}

// utf16Rune reads one character; r is -1 for a surrogate without its other
// half, and size is -1 when b ends within the character.
func utf16Rune(b []byte, order binary.ByteOrder) (r rune, size int) {
	if len(b) < 2 {
		return utf8.RuneError, -1
	}
	r = rune(order.Uint16(b))
	if !utf16.IsSurrogate(r) {
		return r, 2
	}
	if r >= 0xdc00 {
		return -1, 2
	}
	if len(b) < 4 {
		return utf8.RuneError, -1
	}
	if r = utf16.DecodeRune(r, rune(order.Uint16(b[2:]))); r == utf8.RuneError {
		return -1, 2
	}
	return r, 4
}

// putWindows1252 writes one character. The five bytes that Windows-1252 does
// not define count as broken, not as the control characters some map them to.
func putWindows1252(p []byte, c byte) int {
	if c < utf8.RuneSelf {
		p[0] = c
		return 1
	}
	r := charmap.Windows1252.DecodeByte(c)
	if r == utf8.RuneError || (r >= 0x80 && r < 0xa0) {
		p[0] = broken
		return 1
	}
	return utf8.EncodeRune(p, r)
}

// wrapIO makes an error of the reader one of the engine's.
func wrapIO(file string, err error) error {
	if e, ok := errors.AsType[*delivery.Error](err); ok {
		if e.File == "" {
			c := *e
			c.File = file
			return &c
		}
		return e
	}
	return &delivery.Error{Op: op, Kind: delivery.KindIO, File: file, Err: err}
}
