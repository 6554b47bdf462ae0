package transport

import (
	"bytes"
	"strconv"
	"strings"

	"sendoff/engine/delivery"
)

// refuse looks at a message before a word about it is said. The engine has
// checked all of this before; what reaches the wire is checked again here, since
// an address that is not one word is a second command.
func (s *Session) refuse(m *Mail) (Verdict, error) {
	bad := func(v Verdict, field, detail string) (Verdict, error) {
		return v, &delivery.Error{Op: "send", Kind: v.Kind, Field: field, Detail: detail}
	}
	if !plainAddress(m.From) {
		return bad(Verdict{Suspend, delivery.FaultAccount, delivery.NatureSenderRefused, delivery.KindInvalid}, "from", "")
	}
	if !plainAddress(m.To) {
		nature := delivery.NatureInvalid
		if !ascii(m.To) {
			nature = delivery.NatureUnsupported // needs SMTPUTF8 (RFC 6531)
		}
		return bad(Verdict{Rejected, delivery.FaultRecipient, nature, delivery.KindInvalid}, "address", "")
	}
	plain, dotted := m.Plain && len(m.Data) > 0, false
	if !plain {
		plain, dotted = lines(m.Data)
	}
	if m.dotted = dotted; !plain {
		return bad(Verdict{Rejected, delivery.FaultContent, delivery.NatureContentRefused, delivery.KindInvalid}, "data", "")
	}
	if n := wireSize(m.Data); s.ext.size > 0 && n > s.ext.size {
		return bad(Verdict{Rejected, delivery.FaultContent, delivery.NatureContentRefused, delivery.KindTooLarge},
			"data", strconv.FormatInt(n, 10)+">"+strconv.FormatInt(s.ext.size, 10))
	}
	return Verdict{}, nil
}

// plainAddress reports whether a is one address that cannot be anything else on
// a command line: printable ASCII without spaces and angle brackets, and within
// the 254 octets that RFC 5321 section 4.5.3.1.3 leaves for it.
func plainAddress(a string) bool {
	at := strings.LastIndexByte(a, '@')
	return at > 0 && at < len(a)-1 && len(a) <= 254 && printable(a) && !strings.ContainsAny(a, "<>")
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

// lines reports whether CR and LF occur as CRLF only and NUL not at all (a bare
// one of them lets two programs see the end of a message in different places), and
// whether a line begins with a dot.
func lines(data []byte) (plain, dotted bool) {
	if len(data) == 0 || bytes.IndexByte(data, 0) >= 0 {
		return false, false
	}
	dotted = data[0] == '.'
	lines := 0
	for rest := data; ; lines++ {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			break
		}
		if i == 0 || rest[i-1] != '\r' {
			return false, false
		}
		rest = rest[i+1:]
		dotted = dotted || len(rest) > 0 && rest[0] == '.'
	}
	return bytes.Count(data, []byte{'\r'}) == lines, dotted
}

// wireSize is the size of a message as RFC 1870 section 3 counts it: with every
// CRLF, without stuffed dots and the final one.
func wireSize(data []byte) int64 {
	n := int64(len(data))
	if !bytes.HasSuffix(data, []byte("\r\n")) {
		n += 2
	}
	return n
}

// stuff doubles the dots that begin a line (RFC 5321 section 4.5.2) and takes
// the last line end off, which the final dot brings back. Without such a line it
// does not copy.
func (s *Session) stuff(m *Mail) []byte {
	data := bytes.TrimSuffix(m.Data, []byte("\r\n"))
	if !m.dotted {
		return data
	}
	first := data[0] == '.'
	b := s.body[:0]
	if first {
		b = append(b, '.')
	}
	for {
		i := bytes.Index(data, []byte("\n."))
		if i < 0 {
			break
		}
		b = append(append(b, data[:i+2]...), '.')
		data = data[i+2:]
	}
	s.body = append(b, data...)
	return s.body
}
