package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
)

// raw is a client that neither renders nor records: what the receiver and the
// system allow.
type raw func(c net.Conn, n int, body []byte) error

// sendRaw sends o.recipients copies of a message of size octets over
// o.connections connections.
func sendRaw(_ context.Context, o options, addr string, size int64, client raw) error {
	body := []byte("Message-ID: <1@acme.example>\r\nSubject: hello\r\n\r\n" + strings.Repeat(strings.Repeat("x", 74)+"\r\n", int(size)/76))
	return connect(o, addr, func(c net.Conn, _, n int) error { return client(c, n, body) })
}

// connect shares o.recipients messages out over o.connections connections and
// waits for the end of all of them.
func connect(o options, addr string, send func(c net.Conn, first, n int) error) error {
	var wg sync.WaitGroup
	errs := make([]error, o.connections)
	first := 0
	for i := range o.connections {
		n := o.recipients / o.connections
		if i < o.recipients%o.connections {
			n++
		}
		if n == 0 {
			break
		}
		from := first
		first += n
		wg.Go(func() {
			c, err := net.Dial("tcp", addr)
			if err == nil {
				defer c.Close()
				err = send(c, from, n)
			}
			errs[i] = err
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// expect reads n replies that begin with one of the digits, and passes over the
// lines of a longer one.
func expect(r *bufio.Reader, n int) error {
	for n > 0 {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if line[0] != '2' && line[0] != '3' {
			return fmt.Errorf("the receiver says %q", line)
		}
		if line[3] == ' ' {
			n--
		}
	}
	return nil
}

const envelope = "MAIL FROM:<news@acme.example>\r\nRCPT TO:<someone@dest.example>\r\n"

// pipelined writes body, dot and the next message's envelope at once: one round
// trip and one write a message.
func pipelined(c net.Conn, n int, body []byte) error {
	r := bufio.NewReader(c)
	if _, err := io.WriteString(c, "EHLO bench\r\n"); err != nil {
		return err
	}
	if err := expect(r, 2); err != nil {
		return err
	}
	next := []byte(envelope + "DATA\r\n")
	both := append(append(bytes.Clone(body), ".\r\n"...), next...)
	if _, err := c.Write(next); err != nil {
		return err
	}
	for i := range n {
		if err := expect(r, 3); err != nil {
			return err
		}
		out := both
		if i == n-1 {
			out = both[:len(both)-len(next)]
		}
		if _, err := c.Write(out); err != nil {
			return err
		}
		if err := expect(r, 1); err != nil {
			return err
		}
	}
	return nil
}

// chunked keeps eight messages on the way by BDAT, with a goroutine that reads.
func chunked(c net.Conn, n int, body []byte) error {
	r := bufio.NewReader(c)
	if _, err := io.WriteString(c, "EHLO bench\r\n"); err != nil {
		return err
	}
	if err := expect(r, 2); err != nil {
		return err
	}
	window := make(chan struct{}, 8)
	read := make(chan error, 1)
	go func() {
		for range n {
			if err := expect(r, 3); err != nil {
				read <- err
				return
			}
			<-window
		}
		read <- nil
	}()
	message := append([]byte(envelope+fmt.Sprintf("BDAT %d LAST\r\n", len(body))), body...)
	var out []byte
	for i := range n {
		select {
		case window <- struct{}{}:
		default:
			if _, err := c.Write(out); err != nil {
				return err
			}
			out = out[:0]
			window <- struct{}{}
		}
		out = append(out, message...)
		if len(out) >= 64<<10 || i == n-1 {
			if _, err := c.Write(out); err != nil {
				return err
			}
			out = out[:0]
		}
	}
	return <-read
}

// gosmtp is the client of the go-smtp library, one command at a time.
func gosmtp(c net.Conn, n int, body []byte) error {
	s := smtp.NewClient(c)
	if err := s.Hello("bench"); err != nil {
		return err
	}
	for range n {
		if err := s.Mail("news@acme.example", nil); err != nil {
			return err
		}
		if err := s.Rcpt("someone@dest.example", nil); err != nil {
			return err
		}
		w, err := s.Data()
		if err != nil {
			return err
		}
		if _, err := w.Write(body); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
	return s.Quit()
}
