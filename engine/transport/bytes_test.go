package transport_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// keeper is a relay that takes every message and keeps its octets.
func keeper(c net.Conn, extensions ...string) (got []string) {
	r := bufio.NewReader(c)
	say := func(s string) { _, _ = io.WriteString(c, s+"\r\n") }
	say("220 keeper")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return got
		}
		var n int
		switch {
		case strings.HasPrefix(line, "EHLO"):
			say("250-keeper")
			for _, x := range extensions {
				say("250-" + x)
			}
			say("250 HELP")
		case strings.HasPrefix(line, "DATA"):
			say("354 go on")
			var b strings.Builder
			for line != ".\r\n" {
				if line, err = r.ReadString('\n'); err != nil {
					return got
				}
				if line != ".\r\n" {
					b.WriteString(strings.TrimPrefix(line, "."))
				}
			}
			got = append(got, b.String())
			say("250 taken")
		case strings.HasPrefix(line, "BDAT"):
			_, _ = fmt.Sscanf(line, "BDAT %d LAST", &n)
			b := make([]byte, n)
			if _, err := io.ReadFull(r, b); err != nil {
				return got
			}
			got = append(got, string(b))
			say("250 taken")
		case strings.HasPrefix(line, "QUIT"):
			say("221 bye")
			return got
		default:
			say("250 OK")
		}
	}
}

// TestOctets: each relay gets the very octets of each message, of small ones and of
// those that need several writes, although their memory is used again at once.
func TestOctets(t *testing.T) {
	var want []string
	for i, size := range []int{1, 10, 12_000, 12_000, 12_000, 64 << 10, 64<<10 + 1, 12_000, 200_000, 3, 128 << 10, 12_000, 12_000, 12_000} {
		text := fmt.Sprintf("Subject: %d\r\n\r\n%s\r\n", i, strings.Repeat(fmt.Sprintf("%06d\r\n", i), size/8))
		if i%3 == 0 {
			text += ".\r\n" // to be stuffed
		}
		want = append(want, text)
	}
	for _, extensions := range [][]string{nil, {"PIPELINING"}, {"PIPELINING", "CHUNKING"}} {
		t.Run(strings.Join(extensions, " "), func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			kept := make(chan []string, 1)
			go func() {
				c, err := l.Accept()
				if err != nil {
					kept <- nil
					return
				}
				defer c.Close()
				kept <- keeper(c, extensions...)
			}()
			s := dial(t, transport.Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: delivery.SecurityNone, MaxMessages: -1, Trust: -1})
			f := &Feed{}
			for i := range want {
				f.Mails = append(f.Mails, transport.Mail{From: "a@b.example", To: fmt.Sprintf("p%d@x.example", i), Data: []byte(want[i])})
			}
			s.Run(context.Background(), f)
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if got := <-kept; !slices.Equal(got, want) {
				for i := range min(len(got), len(want)) {
					if got[i] != want[i] {
						t.Errorf("message %d: %.40q of %d octets, want %.40q of %d", i, got[i], len(got[i]), want[i], len(want[i]))
					}
				}
				t.Errorf("%d messages, want %d", len(got), len(want))
			}
		})
	}
}
