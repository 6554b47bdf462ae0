package enginetest

import (
	"bytes"
	"errors"
	"net"
	"strconv"
	"strings"
)

// errTruth is why a Sink hangs up without a reply: what it took could not be
// written down.
var errTruth = errors.New("sink: truth file")

// taker is one connection of a Sink.
type taker struct {
	sink  *Sink
	conn  net.Conn
	buf   []byte // what was read and not used yet
	out   []byte // replies that were not written yet
	truth []byte // acceptances that were not written down yet

	open  bool // a sender was given
	rcpt  string
	id    string
	data  bool // between 354 and the dot
	left  int  // octets of a chunk that are to come
	last  bool // it is the last one of its message
	lost  bool // it belongs to no transaction
	head  bool // the header is not over yet
	begun bool // a chunk of the message has come
	line  bool // at the beginning of a line, in data

	late *late
}

var (
	crlf = []byte("\r\n")
	end  = []byte("\r\n.\r\n")
)

func (t *taker) run() {
	if d := t.sink.o.Delay; d > 0 {
		t.late = newLate(t.conn, d)
		defer t.late.close()
	}
	t.out = append(t.out, "220 sink ESMTP\r\n"...)
	for t.flush() == nil {
		if len(t.buf) == cap(t.buf) {
			t.buf = append(t.buf, 0)[:len(t.buf)] // a line longer than the buffer
		}
		n, err := t.conn.Read(t.buf[len(t.buf):cap(t.buf)])
		if err != nil {
			break
		}
		t.buf = t.buf[:len(t.buf)+n]
		used, more := t.take(t.buf)
		t.buf = t.buf[:copy(t.buf, t.buf[used:])]
		if !more {
			_ = t.flush()
			break
		}
	}
	if t.data || t.left > 0 && !t.lost {
		t.sink.receipt(Receipt{Recipient: t.rcpt, MessageID: t.id})
	}
}

// take uses up as much of b as it can and reports whether the connection goes
// on.
func (t *taker) take(b []byte) (used int, more bool) {
	for {
		if t.data {
			n, done := t.body(b[used:])
			used += n
			if !done {
				return used, true
			}
			continue
		}
		if t.left > 0 {
			n := t.chunk(b[used:])
			used += n
			if t.left > 0 {
				return used, true
			}
			continue
		}
		i := bytes.Index(b[used:], crlf)
		if i < 0 {
			return used, true
		}
		line := b[used : used+i]
		used += i + 2
		if !t.command(line) {
			return used, false
		}
	}
}

// body uses up message text, up to its dot when that is there.
func (t *taker) body(b []byte) (used int, done bool) {
	if t.line && bytes.HasPrefix(b, end[2:]) {
		t.accept()
		return 3, true
	}
	i := bytes.Index(b, end)
	text := b
	if i >= 0 {
		text = b[:i]
	}
	if t.head {
		if !t.header(text) && i < 0 && len(b) < 16<<10 {
			return 0, false // wait for the rest of the header
		}
		t.head = false
	}
	if i >= 0 {
		t.accept()
		return i + len(end), true
	}
	// The dot may be cut in two: keep what could be its beginning.
	if len(b) < len(end) {
		return 0, false
	}
	t.line = false
	return len(b) - len(end) + 1, false
}

// header looks for the Message-ID and reports whether it saw all of the header.
func (t *taker) header(b []byte) bool {
	whole := bytes.Index(b, []byte("\r\n\r\n"))
	if whole >= 0 {
		b = b[:whole]
	}
	const name = "message-id:"
	for len(b) > 0 {
		line, rest, _ := bytes.Cut(b, crlf)
		if len(line) > len(name) && line[0]|0x20 == 'm' && strings.EqualFold(string(line[:len(name)]), name) {
			t.id = string(bytes.TrimSpace(line[len(name):]))
		}
		b = rest
	}
	return whole >= 0
}

// chunk uses up text of a chunk (RFC 3030 section 2), and answers it at its end.
func (t *taker) chunk(b []byte) (used int) {
	if t.head && !t.lost {
		if whole := t.header(b[:min(len(b), t.left)]); !whole && len(b) < min(t.left, 16<<10) {
			return 0 // wait for the rest of the header
		}
		t.head = false
	}
	used = min(len(b), t.left)
	if t.left -= used; t.left == 0 {
		t.chunked()
	}
	return used
}

// chunked answers a chunk that is whole.
func (t *taker) chunked() {
	switch {
	case t.lost:
		t.out = append(t.out, "503 5.5.1 no valid recipient\r\n"...)
	case t.last:
		t.accept()
	default:
		t.out = append(t.out, "250 2.0.0 go on\r\n"...)
	}
}

// bdat begins a chunk.
func (t *taker) bdat(line []byte) bool {
	words := strings.Fields(string(line))
	t.last = len(words) == 3 && strings.EqualFold(words[2], "LAST")
	n, err := strconv.Atoi(words[min(1, len(words)-1)])
	if err != nil || n < 0 || len(words) > 2 && !t.last {
		t.out = append(t.out, "501 5.5.4 BDAT size [LAST]\r\n"...)
		return false // what follows cannot be told from commands
	}
	if t.lost = t.rcpt == ""; !t.begun {
		t.begun, t.head, t.id = true, true, ""
	}
	if t.left = n; n == 0 {
		t.chunked()
	}
	return true
}

func (t *taker) accept() {
	t.begun = false
	t.data = false
	t.sink.receipt(Receipt{Recipient: t.rcpt, MessageID: t.id, Complete: true})
	if t.sink.truth != nil {
		t.truth = append(append(append(append(t.truth, t.rcpt...), '\t'), t.id...), '\n')
	}
	t.out = append(t.out, "250 2.0.0 taken\r\n"...)
	t.open, t.rcpt = false, ""
}

// command answers one line and reports whether the connection goes on.
func (t *taker) command(line []byte) bool {
	verb := line[:min(4, len(line))]
	switch {
	case bytes.EqualFold(verb, []byte("MAIL")):
		if t.open { // RFC 5321 section 4.1.4
			t.out = append(t.out, "503 5.5.1 sender already given\r\n"...)
			break
		}
		t.open = true
		t.out = append(t.out, "250 2.1.0 OK\r\n"...)
	case bytes.EqualFold(verb, []byte("RCPT")):
		rcpt := address(line)
		if t.sink.refuses(rcpt) {
			t.sink.refused.Add(1)
			t.out = append(append(t.out, t.sink.o.RefuseReply...), crlf...)
			break
		}
		t.rcpt = rcpt
		t.out = append(t.out, "250 2.1.5 OK\r\n"...)
	case bytes.EqualFold(verb, []byte("DATA")):
		if t.rcpt == "" {
			t.out = append(t.out, "503 5.5.1 no valid recipient\r\n"...)
			break
		}
		t.data, t.head, t.line, t.id = true, true, true, ""
		t.out = append(t.out, "354 go on\r\n"...)
	case t.sink.o.Chunking && bytes.EqualFold(verb, []byte("BDAT")):
		return t.bdat(line)
	case bytes.EqualFold(verb, []byte("EHLO")):
		if t.sink.o.Chunking {
			t.out = append(t.out, "250-sink\r\n250-CHUNKING\r\n"...)
		}
		t.out = append(t.out, "250-sink\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE\r\n"...)
	case bytes.EqualFold(verb, []byte("HELO")), bytes.EqualFold(verb, []byte("RSET")), bytes.EqualFold(verb, []byte("NOOP")):
		t.open, t.rcpt, t.begun = false, "", false
		t.out = append(t.out, "250 2.0.0 OK\r\n"...)
	case bytes.EqualFold(verb, []byte("QUIT")):
		t.out = append(t.out, "221 2.0.0 bye\r\n"...)
		return false
	default:
		t.out = append(t.out, "502 5.5.1 what?\r\n"...)
	}
	return true
}

// address is what stands between the angle brackets.
func address(line []byte) string {
	i, j := bytes.IndexByte(line, '<'), bytes.IndexByte(line, '>')
	if i < 0 || j < i {
		return ""
	}
	return string(line[i+1 : j])
}

// flush writes the truth down, and then the replies.
func (t *taker) flush() error {
	if len(t.truth) > 0 {
		if _, err := t.sink.truth.Write(t.truth); err != nil {
			return errors.Join(errTruth, err)
		}
		t.truth = t.truth[:0]
	}
	if len(t.out) == 0 {
		return nil
	}
	if t.late != nil {
		t.late.write(t.out)
		t.out = t.out[:0]
		return nil
	}
	_, err := t.conn.Write(t.out)
	t.out = t.out[:0]
	return err
}
