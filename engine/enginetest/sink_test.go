package enginetest_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/enginetest"
)

func sink(t testing.TB, o enginetest.SinkOptions) *enginetest.Sink {
	t.Helper()
	s, err := enginetest.StartSink(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func connect(t testing.TB, s *enginetest.Sink) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	return c, bufio.NewReader(c)
}

// replies reads n single-line replies and returns their codes.
func replies(t testing.TB, r *bufio.Reader, n int) []string {
	t.Helper()
	var codes []string
	for len(codes) < n {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("after %q: %v", codes, err)
		}
		if line[3] == ' ' {
			codes = append(codes, line[:3])
		}
	}
	return codes
}

func transaction(to, body string) string {
	return "MAIL FROM:<a@x.example>\r\nRCPT TO:<" + to + ">\r\nDATA\r\n" + body + "\r\n.\r\n"
}

// TestSinkSeesEveryMessage: however the bytes are cut into writes, each message
// is seen once, with its recipient and Message-ID.
// TestSinkInsistsOnTheOrder of RFC 5321 section 4.1.4: no second sender before the
// transaction has ended, by its message or by RSET.
func TestSinkInsistsOnTheOrder(t *testing.T) {
	const mail, rcpt = "MAIL FROM:<a@x.example>\r\n", "RCPT TO:<b@x.example>\r\n"
	s := sink(t, enginetest.SinkOptions{Chunking: true})
	c, r := connect(t, s)
	fmt.Fprint(c, mail+mail+"RSET\r\n"+mail+rcpt+mail+"BDAT 2 LAST\r\nhi"+mail+"BDAT 2 LAST\r\nhi"+mail+"RSET\r\n"+transaction("b@x.example", "")+mail)
	got := replies(t, r, 17)
	want := []string{"220", "250", "503", "250", "250", "250", "503", "250", "250", "503", "503", "250", "250", "250", "354", "250", "250"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestSinkSeesEveryMessage(t *testing.T) {
	long := strings.Repeat(strings.Repeat("y", 70)+"\r\n", 3000) // more than the buffer
	bodies := []string{
		"Message-ID: <1@x>\r\nSubject: a\r\n\r\nhello",
		"Subject: b\r\nmessage-id:   <2@x>\r\n\r\n..\r\n.x\r\n",
		"MESSAGE-ID: <3@x>\r\n\r\n" + long,
		"Subject: none\r\n\r\nMessage-ID: <not@this>",
		"",
		"Message-ID: <6@x>",
		"X-Long: " + strings.Repeat("z", 70_000) + "\r\nMessage-ID: <7@x>\r\n\r\n" + long,
	}
	ids := []string{"<1@x>", "<2@x>", "<3@x>", "", "", "<6@x>", ""} // the last comes after more header than is kept
	rapid.Check(t, func(rt *rapid.T) {
		s := sink(t, enginetest.SinkOptions{Record: true})
		c, r := connect(t, s)
		stream := "EHLO x\r\n"
		picks := rapid.SliceOfN(rapid.IntRange(0, len(bodies)-1), 1, 6).Draw(rt, "messages")
		var want []enginetest.Receipt
		for i, p := range picks {
			to := fmt.Sprintf("r%d@x.example", i)
			stream += transaction(to, bodies[p])
			want = append(want, enginetest.Receipt{Recipient: to, MessageID: ids[p], Complete: true})
		}
		stream += "QUIT\r\n"
		chunk := rapid.IntRange(max(1, len(stream)/200), len(stream)).Draw(rt, "chunk")
		go func() {
			for part := range slices.Chunk([]byte(stream), chunk) {
				if _, err := c.Write(part); err != nil {
					return
				}
			}
		}()
		codes := replies(t, r, 2+4*len(picks)+1)
		for i := range picks {
			if got := strings.Join(codes[2+4*i:6+4*i], " "); got != "250 250 354 250" {
				rt.Fatalf("message %d: %s", i, got)
			}
		}
		got := s.Receipts()
		for i := range got {
			if picks[i] == 6 {
				got[i].MessageID = "" // found or not, by how the bytes came
			}
		}
		if !slices.Equal(got, want) || s.Accepted() != int64(len(want)) || s.Incomplete() != 0 {
			rt.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestSinkDotAtEveryBorder(t *testing.T) {
	s := sink(t, enginetest.SinkOptions{Record: true})
	text := transaction("a@x.example", "Message-ID: <1@x>\r\n\r\nhi\r\n..\r\n")
	for cut := 1; cut < len(text); cut++ {
		c, r := connect(t, s)
		if _, err := c.Write([]byte(text[:cut])); err != nil {
			t.Fatal(err)
		}
		if cut%8 == 0 {
			time.Sleep(time.Millisecond)
		}
		if _, err := c.Write([]byte(text[cut:] + "QUIT\r\n")); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(replies(t, r, 6), " "); got != "220 250 250 354 250 221" {
			t.Fatalf("cut at %d: %s", cut, got)
		}
		_ = c.Close()
	}
	if s.Accepted() != int64(len(text)-1) {
		t.Errorf("%d messages", s.Accepted())
	}
}

func TestSinkIncomplete(t *testing.T) {
	truth := filepath.Join(t.TempDir(), "truth")
	s := sink(t, enginetest.SinkOptions{Record: true, Truth: truth})
	c, r := connect(t, s)
	text := transaction("done@x.example", "Message-ID: <1@x>\r\n\r\nhi") + transaction("cut@x.example", "Message-ID: <2@x>\r\n\r\nhi")
	if _, err := c.Write([]byte(text[:len(text)-1])); err != nil {
		t.Fatal(err)
	}
	replies(t, r, 8)
	// The truth is there before the reply is.
	if got, err := os.ReadFile(truth); err != nil || string(got) != "done@x.example\t<1@x>\n" {
		t.Errorf("truth %q, %v", got, err)
	}
	_ = c.Close()
	for range 200 {
		if s.Incomplete() == 1 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	want := []enginetest.Receipt{{Recipient: "done@x.example", MessageID: "<1@x>", Complete: true}, {Recipient: "cut@x.example", MessageID: "<2@x>"}}
	if got := s.Receipts(); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestSinkRefusesAShare(t *testing.T) {
	s := sink(t, enginetest.SinkOptions{Refuse: 0.1})
	c, r := connect(t, s)
	const n = 2000
	refused := map[string]bool{}
	for round := range 2 {
		for i := range n {
			to := fmt.Sprintf("p%d@x.example", i)
			fmt.Fprintf(c, "MAIL FROM:<a@x.example>\r\nRCPT TO:<%s>\r\n", to)
			skip := 2
			if round == 0 && i == 0 {
				skip = 3
			}
			no := replies(t, r, skip)[skip-1] == "550"
			if round == 1 && refused[to] != no {
				t.Fatalf("%s is not refused alike twice", to)
			}
			refused[to] = no
		}
	}
	share := float64(s.Refused()) / (2 * n)
	if math.Abs(share-0.1) > 4*math.Sqrt(0.1*0.9/n) {
		t.Errorf("refused %.3f", share)
	}
	// Without a recipient there is no DATA.
	fmt.Fprint(c, "RSET\r\nDATA\r\n")
	if got := replies(t, r, 2); got[1] != "503" {
		t.Errorf("DATA got %s", got)
	}
}

// TestSinkDelay: every group comes a round trip later, and groups do not queue
// behind each other.
func TestSinkDelay(t *testing.T) {
	const delay = 200 * time.Millisecond
	s := sink(t, enginetest.SinkOptions{Delay: delay})
	c, r := connect(t, s)
	begin := time.Now()
	for range 5 {
		fmt.Fprint(c, "NOOP\r\n")
		time.Sleep(5 * time.Millisecond)
	}
	replies(t, r, 6)
	if d := time.Since(begin); d < delay || d > 4*delay {
		t.Errorf("took %s", d)
	}
}

func TestSinkStaysHere(t *testing.T) {
	if s, err := enginetest.StartSink(enginetest.SinkOptions{Listen: "0.0.0.0:0"}); err == nil {
		_ = s.Close()
		t.Error("listens everywhere")
	}
}

// BenchmarkSink measures the receiver with a client that does next to nothing:
// one write and one read a message.
func BenchmarkSink(b *testing.B) {
	for _, connections := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) {
			s := sink(b, enginetest.SinkOptions{})
			body := "Message-ID: <1@acme.example>\r\nSubject: hello\r\n\r\n" + strings.Repeat(strings.Repeat("x", 74)+"\r\n", 160)
			// The body of one message and the envelope of the next.
			cycle := []byte(body + "\r\n.\r\n" + "MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n")
			b.SetBytes(int64(len(body)))
			var wg sync.WaitGroup
			b.ResetTimer()
			for i := range connections {
				n := b.N / connections
				if i < b.N%connections {
					n++
				}
				wg.Go(func() {
					c, err := net.Dial("tcp", s.Addr())
					if err != nil {
						b.Error(err)
						return
					}
					defer func() { _ = c.Close() }()
					buf := make([]byte, 4096)
					await := func(n int) bool { // lines
						for n > 0 {
							k, err := c.Read(buf)
							if err != nil {
								b.Error(err)
								return false
							}
							n -= bytes.Count(buf[:k], []byte("\n"))
						}
						return true
					}
					if _, err := c.Write(cycle[len(body)+5:]); err != nil || !await(4) {
						return
					}
					for range n {
						if _, err := c.Write(cycle); err != nil || !await(4) {
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
		})
	}
}

// TestSinkChunksAtEveryBorder sends two pipelined messages by BDAT, the second in
// two chunks, cut into writes at every byte.
func TestSinkChunksAtEveryBorder(t *testing.T) {
	s := sink(t, enginetest.SinkOptions{Chunking: true, Record: true})
	text := "Message-ID: <1@x>\r\n\r\n.\r\nMAIL FROM:<z@x.example>\r\n"
	head := "RSET\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\n"
	all := head + fmt.Sprintf("BDAT %d LAST\r\n%s", len(text), text) +
		head + fmt.Sprintf("bdat 25\r\n%sBDAT %d last\r\n%s", text[:25], len(text)-25, text[25:]) +
		"RSET\r\nMAIL FROM:<a@x.example>\r\n" + fmt.Sprintf("BDAT %d LAST\r\n%s", len(text), text) + "QUIT\r\n"
	want := strings.Fields("220 250 250 250 250 250 250 250 250 250 250 250 503 221")
	for cut := 1; cut < len(all); cut++ {
		c, r := connect(t, s)
		for _, part := range []string{all[:cut], all[cut:]} {
			if _, err := c.Write([]byte(part)); err != nil {
				t.Fatal(err)
			}
		}
		if got := replies(t, r, len(want)); !slices.Equal(got, want) {
			t.Fatalf("cut at %d: %v, want %v", cut, got, want)
		}
		_ = c.Close()
	}
	if n := s.Accepted(); n != int64(2*(len(all)-1)) || s.Incomplete() != 0 {
		t.Errorf("%d accepted, %d incomplete", n, s.Incomplete())
	}
	for _, r := range s.Receipts() {
		if r.MessageID != "<1@x>" || r.Recipient != "b@x.example" || !r.Complete {
			t.Fatalf("%+v", r)
		}
	}
}

func TestSinkChunkBrokenOff(t *testing.T) {
	s := sink(t, enginetest.SinkOptions{Chunking: true})
	c, r := connect(t, s)
	if _, err := c.Write([]byte("MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nBDAT 100 LAST\r\nhalf")); err != nil {
		t.Fatal(err)
	}
	replies(t, r, 3)
	_ = c.Close()
	for s.Incomplete() == 0 {
		time.Sleep(time.Millisecond)
	}
	if s.Accepted() != 0 {
		t.Error("half a message was accepted")
	}
}
