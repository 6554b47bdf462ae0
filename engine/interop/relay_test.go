//go:build unix

package interop

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"sendoff/engine/enginetest/invariant"
)

// What a hook of a relay can do besides giving a reply of its own.
const (
	usually = ""      // the usual reply
	hangup  = "close" // end of the connection, without a word
	reset   = "reset" // TCP reset
	silence = "stall" // nothing any more
)

// moment is where a hook is asked: before the reply to a command, with stage
// connect, ehlo, auth, mail, rcpt, data, body (354 has been sent) or dot, or with
// stage next: after the reply to a dot.
type moment struct {
	link  int // number of the connection, from 1
	stage string
	to    string // from rcpt on
	nth   int    // how often this recipient (or, before rcpt, anybody) has been at this stage, this time included
	done  int    // messages taken on this connection
}

// relay is a mail server that does what a test wants in place of any reply. It
// keeps every message whose end it read.
type relay struct {
	port       int
	extensions []string
	hook       func(moment) string // may be nil; called one at a time
	drip       time.Duration       // between two bytes of each reply

	mu       sync.Mutex
	links    int
	open     map[net.Conn]bool
	seen     map[string]int
	receipts []invariant.Receipt
	over     chan struct{}
}

// startRelay starts a relay; port 0 is a free one.
func startRelay(t testing.TB, port int, drip time.Duration, hook func(moment) string, extensions ...string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{port: l.Addr().(*net.TCPAddr).Port, hook: hook, drip: drip, extensions: extensions,
		open: map[net.Conn]bool{}, seen: map[string]int{}, over: make(chan struct{})}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.(*net.TCPConn).SetReadBuffer(16 << 10)
			r.mu.Lock()
			r.links++
			x := &link{relay: r, Conn: c, r: bufio.NewReader(c), number: r.links}
			r.open[c] = true
			r.mu.Unlock()
			wg.Go(func() {
				x.serve()
				_ = c.Close()
				r.mu.Lock()
				delete(r.open, c)
				r.mu.Unlock()
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		close(r.over)
		r.cut()
		wg.Wait()
	})
	return r
}

// cut resets every connection.
func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.open {
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.Close()
	}
}

// taken lists what was kept.
func (r *relay) taken() []invariant.Receipt {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]invariant.Receipt(nil), r.receipts...)
}

// asked is how often anything came to a stage, by anybody.
func (r *relay) asked(stage string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen[stage]
}

// link is one connection of a relay.
type link struct {
	*relay
	net.Conn
	r      *bufio.Reader
	number int
	to     string
	mail   bool
	done   int
	left   bool // 421 was said
	out    strings.Builder
}

// reply gives the usual reply at a stage, or what the hook wants; it returns the
// first digit of what was said, 0 when the connection ends.
func (x *link) reply(stage, usual string) byte {
	x.relay.mu.Lock()
	x.seen[stage]++
	x.seen[stage+" "+x.to]++
	m := moment{x.number, stage, x.to, x.seen[stage+" "+x.to], x.done}
	does := usually
	if x.hook != nil {
		does = x.hook(m)
	}
	x.relay.mu.Unlock()
	switch does {
	case usually:
		does = usual
	case hangup:
		x.flush()
		return 0
	case reset:
		x.flush()
		_ = x.Conn.(*net.TCPConn).SetLinger(0)
		return 0
	case silence:
		x.flush()
		<-x.over
		return 0
	}
	if does == "" {
		return '2' // nothing is said at this stage
	}
	if !strings.HasSuffix(does, "\n") {
		does += "\r\n"
	}
	x.out.WriteString(does)
	if strings.HasPrefix(does, "421") {
		x.left = true
		x.flush()
		_ = x.Conn.(*net.TCPConn).CloseWrite()
		_ = x.SetReadDeadline(time.Now().Add(time.Second))
		_, _ = io.Copy(io.Discard, x.Conn)
		return 0
	}
	return does[0]
}

func (x *link) flush() {
	s := x.out.String()
	x.out.Reset()
	if x.drip == 0 {
		_, _ = io.WriteString(x.Conn, s)
		return
	}
	for i := range len(s) {
		if _, err := io.WriteString(x.Conn, s[i:i+1]); err != nil {
			return
		}
		time.Sleep(x.drip)
	}
}

func (x *link) serve() {
	if x.reply("connect", "220 relay.example ESMTP") == 0 {
		return
	}
	for {
		if x.r.Buffered() == 0 && x.out.Len() > 0 {
			x.flush()
		}
		line, err := x.r.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(line[:min(4, len(line))])
		said := byte('2')
		switch verb {
		case "EHLO":
			said = x.reply("ehlo", "250-relay.example\r\n250-"+strings.Join(append(x.extensions, "HELP\r\n"), "\r\n250-")+"250 X")
		case "HELO":
			said = x.reply("helo", "250 relay.example")
		case "AUTH":
			said = x.reply("auth", "235 2.7.0 OK")
		case "MAIL":
			x.to = ""
			said = x.reply("mail", "250 2.1.0 OK")
			x.mail = said == '2'
		case "RCPT":
			to, _, _ := strings.Cut(line[len("RCPT TO:<"):], ">")
			x.to = to
			if said = x.reply("rcpt", "250 2.1.5 OK"); said != '2' {
				x.to = ""
			}
		case "DATA":
			said = x.data()
		case "RSET":
			x.to, x.mail = "", false
			x.out.WriteString("250 2.0.0 OK\r\n")
		case "QUIT":
			x.out.WriteString("221 2.0.0 bye\r\n")
			x.flush()
			return
		default:
			x.out.WriteString("502 5.5.1 what?\r\n")
		}
		if said == 0 {
			return
		}
	}
}

func (x *link) data() byte {
	if x.to == "" {
		x.out.WriteString("503 5.5.1 no valid recipients\r\n")
		return '5'
	}
	if said := x.reply("data", "354 go ahead"); said != '3' {
		return said
	}
	x.flush()
	if x.reply("body", "") == 0 {
		return 0
	}
	x.flush()
	var body strings.Builder
	for {
		line, err := x.r.ReadString('\n')
		if err != nil {
			return 0
		}
		if line == ".\r\n" {
			break
		}
		body.WriteString(strings.TrimPrefix(line, "."))
	}
	data := []byte(body.String())
	x.relay.mu.Lock()
	x.receipts = append(x.receipts, invariant.Receipt{Recipient: x.to, MessageID: invariant.ID(data), Data: data})
	n := len(x.receipts) - 1
	x.relay.mu.Unlock()
	said := x.reply("dot", "250 2.0.0 queued")
	if said == '4' || said == '5' || x.left {
		x.relay.mu.Lock()
		x.receipts[n].Refused = true
		x.relay.mu.Unlock()
	}
	if said == 0 {
		return 0
	}
	x.done++
	said = x.reply("next", "")
	x.to, x.mail = "", false
	return said
}
