package transport

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"
)

// TestMemory: whether a reply has come before or not, and however the octets come,
// what is read is the same.
func TestMemory(t *testing.T) {
	line := rapid.SampledFrom([]string{"250 2.0.0 OK\r\n", "250 2.1.0 OK\r\n", "250 2.1.5 OK\r\n", "354 go on\r\n", "250 2.0.0 queued as 1\r\n", "250 2.0.0 queued as 2\r\n",
		"250 2.0.0 queued as 3\r\n", "250-2.0.0 one\r\n250 2.0.0 two\r\n", "250\r\n", "250 \r\n", "250 2.0.0 OK\r", "250 2.0.0 OK\n", "250 a\x00b\r\n", "25", "2xx no\r\n",
		"550 5.1.1 " + strings.Repeat("x", 200) + "\r\n", "421 4.3.2 bye\r\n", "250 2.0.0 secret\r\n"})
	known := 0
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(line, 1, 40).Draw(rt, "replies"), "")
		var in io.Reader = strings.NewReader(text)
		if rapid.Bool().Draw(rt, "octet by octet") {
			in = iotest.OneByteReader(in)
		}
		conn, other := net.Pipe()
		defer conn.Close()
		defer other.Close()
		w := newWire(conn)
		w.r = bufio.NewReaderSize(in, 4096)
		w.hide("ann", "secret")
		plain := bufio.NewReaderSize(strings.NewReader(text), 4096)
		for {
			got, err := w.read(time.Second)
			want, wantErr := parseReply(plain)
			want.Text = w.presentable(want.Text)
			if (err == nil) != (wantErr == nil) || err == nil && got != want {
				rt.Fatalf("%+v, %v; want %+v, %v", got, err, want, wantErr)
			}
			if err != nil {
				return
			}
			for _, k := range w.heard.known {
				if k.again {
					known++
				}
			}
		}
	})
	if known == 0 {
		t.Error("no reply was known")
	}
}

// TestMemoryKeepsWhatComesAgain: a reply that is new each time does not push out
// those that come again.
func TestMemoryKeepsWhatComesAgain(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		b.WriteString("250 2.1.0 OK\r\n250 2.1.5 OK\r\n354 go on\r\n250 2.0.0 queued as " + strings.Repeat("x", i) + "\r\n")
	}
	conn, other := net.Pipe()
	defer conn.Close()
	defer other.Close()
	w := newWire(conn)
	w.r = bufio.NewReaderSize(strings.NewReader(b.String()), 4096)
	missed := 0
	for i := range 400 {
		if _, err := w.r.Peek(1); err != nil {
			t.Fatal(err)
		}
		if _, ok := w.heard.next(w.r); ok {
			continue
		}
		if _, err := w.next(); err != nil {
			t.Fatal(err)
		}
		if i >= 4 && i%4 != 3 {
			missed++
		}
	}
	// A line that the buffer cuts in two is not known.
	if missed > 8 {
		t.Errorf("%d of 300 that came before were not known", missed)
	}
}
