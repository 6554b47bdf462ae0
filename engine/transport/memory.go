package transport

import (
	"bufio"
	"bytes"
)

// memory knows the last replies of one line, with their octets. A relay says the
// same few lines over and over: those that are known need not be read letter by
// letter, and those that are here already need no deadline.
type memory struct {
	known [8]struct {
		line  []byte // with its end
		reply Reply
		again bool // it has come again since it was last passed over
	}
	at int // where the next one is put
}

// next takes a reply from r when all of it is there and known.
func (m *memory) next(r *bufio.Reader) (Reply, bool) {
	b, _ := r.Peek(r.Buffered())
	for i := range m.known {
		if k := &m.known[i]; len(k.line) > 0 && bytes.HasPrefix(b, k.line) {
			k.again = true
			_, _ = r.Discard(len(k.line)) // which is there
			return k.reply, true
		}
	}
	return Reply{}, false
}

// place returns where to keep the reply that r has next, when that is one line and
// there already; otherwise nil. Those that have come again stay longer.
func (m *memory) place(r *bufio.Reader) *Reply {
	b, _ := r.Peek(r.Buffered())
	n := bytes.IndexByte(b, '\n') + 1
	if n < len("250 \r\n") || n > 128 || b[3] != ' ' {
		return nil
	}
	for m.known[m.at].again {
		m.known[m.at].again = false
		m.at = (m.at + 1) % len(m.known)
	}
	k := &m.known[m.at]
	m.at = (m.at + 1) % len(m.known)
	k.line = append(k.line[:0], b[:n]...)
	return &k.reply
}
