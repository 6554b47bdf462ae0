package dkim

import "bytes"

// field is one field of a header section, with its lines and their ends.
type field struct {
	raw   []byte
	end   int // of the name
	colon int
}

// split finds the fields of a message and returns its body.
func (w *work) split(message []byte) (body []byte, ok bool) {
	w.fields = w.fields[:0]
	for rest := message; ; {
		n := bytes.IndexByte(rest, '\n') + 1
		if n < 2 || bytes.IndexByte(rest[:n], '\r') != n-2 {
			return nil, false
		}
		line := rest[:n]
		if rest = rest[n:]; n == 2 {
			return rest, len(w.fields) > 0
		}
		if line[0] == ' ' || line[0] == '\t' {
			if len(w.fields) == 0 {
				return nil, false
			}
			f := &w.fields[len(w.fields)-1]
			f.raw = f.raw[:len(f.raw)+n] // the lines lie one behind the other
			continue
		}
		colon := bytes.IndexByte(line, ':')
		if colon < 1 {
			return nil, false
		}
		w.fields = append(w.fields, newField(line, colon))
	}
}

// has reports whether there is a field of that name.
func (w *work) has(name string) bool {
	for i := range w.fields {
		if w.fields[i].is(name) {
			return true
		}
	}
	return false
}

// newField is the field in raw. White space before the colon is not of its name.
func newField(raw []byte, colon int) field {
	return field{raw, len(bytes.TrimRight(raw[:colon], " \t")), colon}
}

// is reports whether the field has a name, given in small letters.
func (f *field) is(name string) bool {
	if f.end != len(name) {
		return false
	}
	for i, c := range f.raw[:f.end] {
		if lower(c) != name[i] {
			return false
		}
	}
	return true
}

func (f *field) appendName(dst []byte) []byte {
	for _, c := range f.raw[:f.end] {
		dst = append(dst, lower(c))
	}
	return dst
}

// append writes the field in canonical form (RFC 6376 section 3.4.2): the name
// in small letters, the value on one line, its white space single, none at
// either end.
func (f *field) append(dst []byte) []byte {
	dst = append(f.appendName(dst), ':')
	value, gap := f.raw[f.colon+1:], false
	start := len(dst)
	for _, c := range value {
		switch c {
		case ' ', '\t':
			gap = true
		case '\r', '\n': // of the line's end; split saw to that
		default:
			if gap && len(dst) > start {
				dst = append(dst, ' ')
			}
			gap = false
			dst = append(dst, c)
		}
	}
	return append(dst, "\r\n"...)
}

// appendBody writes a body in canonical form (RFC 6376 section 3.4.4): white
// space single and none before a line's end, no empty lines at the end.
func appendBody(dst, body []byte) []byte {
	begin, from := len(dst), 0
	for i := 0; i < len(body); {
		if c := body[i]; c != ' ' && c != '\t' {
			i++
			continue
		}
		j := i + 1
		for j < len(body) && (body[j] == ' ' || body[j] == '\t') {
			j++
		}
		switch ends := j == len(body) || body[j] == '\r' && j+1 < len(body) && body[j+1] == '\n'; {
		case ends:
			dst, from = append(dst, body[from:i]...), j
		case body[i] == '\t' || j > i+1:
			dst, from = append(append(dst, body[from:i]...), ' '), j
		}
		i = j
	}
	dst = append(dst, body[from:]...)
	for len(dst)-begin >= 2 && string(dst[len(dst)-2:]) == "\r\n" {
		dst = dst[:len(dst)-2]
	}
	if len(dst) > begin {
		dst = append(dst, "\r\n"...)
	}
	return dst
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
