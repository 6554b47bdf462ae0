package transport

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"sendoff/engine/delivery"
)

// maxWrite is how much of a body is written at once; its deadline restarts with
// every write (RFC 5321 section 4.5.3.2.5).
const maxWrite = 64 << 10

// wire is a connection with a deadline on everything.
type wire struct {
	raw     net.Conn // the socket, which stays the same under TLS
	conn    net.Conn
	r       *bufio.Reader
	heard   memory
	secrets []string // never to appear in a reply's text

	abort sync.Once
}

func newWire(c net.Conn) *wire {
	return &wire{raw: c, conn: c, r: bufio.NewReaderSize(c, 4096)}
}

// close closes the socket, without TLS's farewell, which could block. It does
// nothing the second time and may be called from any goroutine.
func (w *wire) close() {
	w.abort.Do(func() { _ = w.raw.Close() })
}

// guard closes the socket when ctx ends; release says that it need not any more
// and reports whether ctx had ended.
func (w *wire) guard(ctx context.Context) (release func() bool) {
	if ctx.Done() == nil {
		return func() bool { return false }
	}
	stop := context.AfterFunc(ctx, w.close)
	return func() bool { return !stop() }
}

// write writes b within d and tells how much of it left.
func (w *wire) write(b []byte, d time.Duration) (int, error) {
	if err := w.conn.SetWriteDeadline(time.Now().Add(d)); err != nil {
		return 0, err
	}
	return w.conn.Write(b)
}

// read reads one reply; all of it has to come within d.
func (w *wire) read(d time.Duration) (Reply, error) {
	if r, ok := w.heard.next(w.r); ok {
		return r, nil // it needs no deadline
	}
	if err := w.conn.SetReadDeadline(time.Now().Add(d)); err != nil {
		return Reply{}, err
	}
	return w.next()
}

// readLines reads one reply whose lines matter one by one.
func (w *wire) readLines(d time.Duration) (r Reply, lines []string, err error) {
	if err := w.conn.SetReadDeadline(time.Now().Add(d)); err != nil {
		return Reply{}, nil, err
	}
	r.Code, err = readReply(w.r, func(line []byte) { lines = append(lines, clean(string(line))) })
	if err != nil {
		return Reply{}, nil, err
	}
	r.Text = w.presentable(strings.Join(lines, " "))
	return r, lines, nil
}

// secure goes on over an encrypted connection. What was read ahead in clear is
// gone with its buffer.
func (w *wire) secure(c *tls.Conn) {
	w.conn = c
	w.r.Reset(c)
	w.heard = memory{}
}

// next reads one reply under the deadline that is set.
func (w *wire) next() (Reply, error) {
	if _, err := w.r.Peek(1); err != nil {
		return Reply{}, err
	}
	if r, ok := w.heard.next(w.r); ok {
		return r, nil
	}
	place := w.heard.place(w.r)
	r, err := parseReply(w.r)
	if err != nil {
		w.heard = memory{}
		return Reply{}, err
	}
	r.Text = w.presentable(r.Text)
	if place != nil {
		*place = r
	}
	return r, nil
}

// command writes a line and reads the reply to it.
func (w *wire) command(line string, d time.Duration) (Reply, error) {
	if _, err := w.write([]byte(line+"\r\n"), d); err != nil {
		return Reply{}, err
	}
	return w.read(d)
}

// redacted stands where a relay echoed a secret.
const redacted = "[redacted]"

// hide keeps a secret, and the forms in which AUTH sends it, out of replies.
func (w *wire) hide(user, password string) {
	if password == "" {
		return
	}
	w.heard = memory{}
	w.secrets = []string{
		base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password)),
		base64.StdEncoding.EncodeToString([]byte(password)),
		password,
	}
}

// redact removes the secrets from a text. A secret too short to be cut out
// without tearing words takes the whole text with it.
func (w *wire) redact(s string) string {
	for _, secret := range w.secrets {
		if !strings.Contains(s, secret) {
			continue
		}
		if len(secret) < 4 {
			return redacted
		}
		s = strings.ReplaceAll(s, secret, redacted)
	}
	return s
}

// presentable makes a reply's text fit to be kept: without secrets, and then,
// lest one is cut in two, not too long.
func (w *wire) presentable(s string) string {
	s = w.redact(s)
	if len(s) <= maxReplyText {
		return s
	}
	return strings.ToValidUTF8(s[:maxReplyText], "")
}

// kindOf says what an error of the connection means.
func kindOf(err error) delivery.Kind {
	var record tls.RecordHeaderError
	switch {
	case badReply(err), errors.As(err, &record):
		return delivery.KindProtocol
	case errors.Is(err, context.Canceled), errors.Is(err, net.ErrClosed):
		return delivery.KindCancelled
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return delivery.KindTimeout
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return delivery.KindTimeout
	}
	return delivery.KindUnreachable
}

// trouble wraps an error of the connection at a stage.
func trouble(stage Stage, detail string, err error) *delivery.Error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return &delivery.Error{Op: stage.String(), Kind: kindOf(err), Detail: detail, Err: err}
}
