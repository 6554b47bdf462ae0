package enginetest

import (
	"bytes"
	"errors"
	"hash/fnv"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// SinkOptions say how a Sink behaves.
type SinkOptions struct {
	// Listen is where; empty: a free port of 127.0.0.1.
	Listen string

	// Delay holds every group of replies back, as a round trip would. What
	// is read meanwhile is not held up.
	Delay time.Duration

	// Refuse is the share of recipients, 0 to 1, that RefuseReply is given
	// to, chosen by a hash of the address.
	Refuse      float64
	RefuseReply string // default "550 5.1.1 no such user"

	// Record keeps a Receipt of every message.
	Record bool

	// Truth is a file to which "recipient TAB message-id LF" is appended for
	// every message, before the reply that accepts it leaves: what a killed
	// client's peer knows. Empty: none.
	Truth string
}

// Receipt is one message as the Sink saw it.
type Receipt struct {
	Recipient string
	MessageID string // with its angle brackets
	Complete  bool   // the final dot came
}

// Sink is an SMTP receiver that throws messages away. It offers PIPELINING and
// does as little else as it can.
type Sink struct {
	o     SinkOptions
	l     net.Listener
	truth *os.File
	wg    sync.WaitGroup

	accepted, refused, incomplete, connections atomic.Int64

	mu       sync.Mutex
	receipts []Receipt
	conns    map[net.Conn]struct{}
	closed   bool
}

// StartSink starts a Sink.
func StartSink(o SinkOptions) (*Sink, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.RefuseReply == "" {
		o.RefuseReply = "550 5.1.1 no such user"
	}
	l, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, err
	}
	if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
		_ = l.Close()
		return nil, errors.New("sink: not a loopback address")
	}
	s := &Sink{o: o, l: l, conns: map[net.Conn]struct{}{}}
	if o.Truth != "" {
		if s.truth, err = os.OpenFile(o.Truth, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
			_ = l.Close()
			return nil, err
		}
	}
	s.wg.Go(s.accept)
	return s, nil
}

// Addr is host:port.
func (s *Sink) Addr() string { return s.l.Addr().String() }

// Port is where it listens on its loopback address.
func (s *Sink) Port() int { return s.l.Addr().(*net.TCPAddr).Port }

// Accepted counts the messages that got a 250 after their dot.
func (s *Sink) Accepted() int64 { return s.accepted.Load() }

// Refused counts the recipients that were refused.
func (s *Sink) Refused() int64 { return s.refused.Load() }

// Incomplete counts the messages that broke off before their dot.
func (s *Sink) Incomplete() int64 { return s.incomplete.Load() }

// Connections counts the connections so far.
func (s *Sink) Connections() int64 { return s.connections.Load() }

// Receipts lists what was recorded.
func (s *Sink) Receipts() []Receipt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Receipt(nil), s.receipts...)
}

// Close closes every connection and waits for its end.
func (s *Sink) Close() error {
	s.mu.Lock()
	s.closed = true
	err := s.l.Close()
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
	if s.truth != nil {
		err = errors.Join(err, s.truth.Close())
	}
	return err
}

func (s *Sink) accept() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			_ = c.Close()
			return
		}
		s.conns[c] = struct{}{}
		s.mu.Unlock()
		s.connections.Add(1)
		s.wg.Go(func() {
			t := &taker{sink: s, conn: c, buf: make([]byte, 0, 64<<10)}
			t.run()
			_ = c.Close()
			s.mu.Lock()
			delete(s.conns, c)
			s.mu.Unlock()
		})
	}
}

// refuses decides about a recipient by its name alone.
func (s *Sink) refuses(rcpt string) bool {
	if s.o.Refuse <= 0 {
		return false
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, strings.ToLower(rcpt))
	return float64(h.Sum64()>>11)/(1<<53) < s.o.Refuse
}

func (s *Sink) receipt(r Receipt) {
	if !r.Complete {
		s.incomplete.Add(1)
	} else {
		s.accepted.Add(1)
	}
	if !s.o.Record {
		return
	}
	s.mu.Lock()
	s.receipts = append(s.receipts, r)
	s.mu.Unlock()
}

// ErrTruth is why a Sink refuses a message: it could not be written down.
var ErrTruth = errors.New("sink: truth file")

// taker is one connection of a Sink.
type taker struct {
	sink  *Sink
	conn  net.Conn
	buf   []byte // what was read and not used yet
	out   []byte // replies that were not written yet
	truth []byte // acceptances that were not written down yet

	rcpt string
	id   string
	data bool // between 354 and the dot
	head bool // the header is not over yet
	line bool // at the beginning of a line, in data

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
	if t.data {
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

func (t *taker) accept() {
	t.data = false
	t.sink.receipt(Receipt{Recipient: t.rcpt, MessageID: t.id, Complete: true})
	if t.sink.truth != nil {
		t.truth = append(append(append(append(t.truth, t.rcpt...), '\t'), t.id...), '\n')
	}
	t.out = append(t.out, "250 2.0.0 taken\r\n"...)
	t.rcpt = ""
}

// command answers one line and reports whether the connection goes on.
func (t *taker) command(line []byte) bool {
	verb := line[:min(4, len(line))]
	switch {
	case bytes.EqualFold(verb, []byte("MAIL")):
		t.rcpt = ""
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
	case bytes.EqualFold(verb, []byte("EHLO")):
		t.out = append(t.out, "250-sink\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE\r\n"...)
	case bytes.EqualFold(verb, []byte("HELO")), bytes.EqualFold(verb, []byte("RSET")), bytes.EqualFold(verb, []byte("NOOP")):
		t.rcpt = ""
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
			return errors.Join(ErrTruth, err)
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
