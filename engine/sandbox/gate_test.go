package sandbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// foreign is a listener whose peers say that they come from somewhere.
type foreign struct {
	conns chan net.Conn
	once  sync.Once
}

func (f *foreign) Accept() (net.Conn, error) {
	c, ok := <-f.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (f *foreign) Close() error   { f.once.Do(func() { close(f.conns) }); return nil }
func (f *foreign) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

type from struct {
	net.Conn
	addr net.Addr
}

func (f from) RemoteAddr() net.Addr { return f.addr }

func TestOnlyFromHere(t *testing.T) {
	l := &foreign{conns: make(chan net.Conn, 1)}
	w := newWorld(Options{Shares: Shares{AllAccept: true}})
	w.serve(l)
	defer func() { _ = w.Close() }()
	for _, c := range []struct {
		addr net.Addr
		in   bool
	}{
		{&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9}, true},
		{&net.TCPAddr{IP: net.IPv6loopback, Port: 9}, true},
		{&net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 9}, false},
		{&net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 9}, false},
		{&net.TCPAddr{IP: net.ParseIP("2001:db8::1"), Port: 9}, false},
		{&net.TCPAddr{Port: 9}, false},
		{&net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9}, false},
	} {
		ours, theirs := net.Pipe()
		l.conns <- from{theirs, c.addr}
		_ = ours.SetDeadline(time.Now().Add(5 * time.Second))
		line, err := bufio.NewReader(ours).ReadString('\n')
		if got := err == nil && strings.HasPrefix(line, "220 "); got != c.in {
			t.Errorf("%v: %q, %v", c.addr, line, err)
		}
		_ = ours.Close()
	}
	if s := w.Stats(); s.Connections != 2 || s.TurnedAway != 5 {
		t.Errorf("%+v", s)
	}
}

func TestConnectionLimit(t *testing.T) {
	w := start(t, Options{})
	var conns []net.Conn
	for range maxConnections {
		c, err := net.Dial("tcp", w.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.HasPrefix(line, "220 ") {
			t.Fatalf("%q, %v", line, err)
		}
		conns = append(conns, c)
	}
	c := transport.Config{Host: "127.0.0.1", Port: port(t, w), Security: delivery.SecurityNone}
	if _, err := transport.Dial(context.Background(), c); !delivery.Is(err, delivery.KindRelay) {
		t.Errorf("one more: %v", err)
	}
	_ = conns[0].Close()
	for range 200 {
		s, err := transport.Dial(context.Background(), c)
		if err == nil {
			s.Abort()
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("a place that was given back is not given out")
}

func TestMessageLimits(t *testing.T) {
	w := start(t, Options{Shares: Shares{AllAccept: true}})
	s := dial(t, w)
	if s.MaxSize() != maxMessageBytes {
		t.Errorf("says SIZE %d", s.MaxSize())
	}
	c, err := net.Dial("tcp", w.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	r := bufio.NewReader(c)
	say := func(line, want string) {
		t.Helper()
		if line != "" {
			if _, err := fmt.Fprint(c, line+"\r\n"); err != nil {
				t.Fatal(err)
			}
		}
		for {
			got, err := r.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if got[3] == '-' {
				continue
			}
			if !strings.HasPrefix(got, want) {
				t.Errorf("%.30q got %q, want %s", line, got, want)
			}
			return
		}
	}
	say("", "220")
	say("EHLO x", "250")
	say("MAIL FROM:<a@x.example> SIZE="+strconv.Itoa(maxMessageBytes+1), "552 5.3.4")
	say("MAIL FROM:<a@x.example>", "250")
	for i := range maxRecipients {
		say(fmt.Sprintf("RCPT TO:<r%d@x.example>", i), "250")
	}
	say("RCPT TO:<more@x.example>", "452")
	say("DATA", "354")
	// A client that lied about the size, or said nothing.
	line := strings.Repeat("x", 998) + "\r\n"
	block := strings.Repeat(line, 1000)
	for sent := 0; sent <= maxMessageBytes; sent += len(block) {
		if _, err := fmt.Fprint(c, block); err != nil {
			t.Fatal(err)
		}
	}
	say(".", "552 5.3.4")
	if st := w.Stats(); st.Accepted != 0 || st.Bytes != 0 {
		t.Errorf("%+v", st)
	}
}

// TestBrokenOff: a message without its dot is not counted.
func TestBrokenOff(t *testing.T) {
	w := start(t, Options{Shares: Shares{AllAccept: true}})
	s := dial(t, w)
	enginetest.Send(context.Background(), s, mail("ann@x.example"), func(context.Context) error { return errors.New("no") })
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if st := w.Stats(); st.Accepted != 0 || st.Connections != 1 {
		t.Errorf("%+v", st)
	}
}

func TestLatency(t *testing.T) {
	const wait = 20 * time.Millisecond
	w := start(t, Options{Shares: Shares{AllAccept: true}, Latency: wait})
	s := dial(t, w)
	begin := time.Now()
	if r := enginetest.Send(context.Background(), s, mail("ann@x.example"), nil); r.Outcome != transport.Accepted {
		t.Errorf("%+v", r)
	}
	if d := time.Since(begin); d < 3*wait { // MAIL, RCPT, dot
		t.Errorf("took %s", d)
	}
}

// TestCloseEndsEverything: clients in every stage, a latency of an hour, and
// nothing is left.
func TestCloseEndsEverything(t *testing.T) {
	before := runtime.NumGoroutine()
	w := start(t, Options{Latency: time.Hour})
	var conns []net.Conn
	for _, text := range []string{"", "EHLO x\r\n", "EHLO x\r\nMAIL FROM:<a@x.example>\r\n", "EHLO x\r\nDATA\r\n", "nonsense"} {
		c, err := net.Dial("tcp", w.Addr())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprint(c, text); err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(c).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
	}
	time.Sleep(20 * time.Millisecond)
	done := make(chan error, 1)
	go func() { done <- w.Close() }()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("does not close")
	}
	if err := w.Close(); err != nil {
		t.Errorf("twice: %v", err)
	}
	if _, err := net.Dial("tcp", w.Addr()); err == nil {
		t.Error("still listens")
	}
	for _, c := range conns {
		_ = c.Close()
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// TestNoWayOut reads the package's own source: it imports nothing that could
// carry a message away but net and go-smtp, and uses neither's clients.
func TestNoWayOut(t *testing.T) {
	allowed := []string{"context", "errors", "io", "iter", "log", "math", "math/rand/v2", "net", "net/netip", "strconv", "strings",
		"sync", "sync/atomic", "time", "unicode", "golang.org/x/text/unicode/norm", "github.com/emersion/go-smtp", "sendoff/engine/delivery"}
	// What it may use of the two packages that also have clients.
	uses := map[string][]string{
		"net":  {"Listener", "ListenTCP", "TCPAddrFromAddrPort", "TCPAddr", "Conn", "Addr"},
		"smtp": {"Server", "NewServer", "BackendFunc", "Conn", "Session", "MailOptions", "RcptOptions", "SMTPError", "EnhancedCode"},
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if p, _ := strconv.Unquote(i.Path.Value); !slices.Contains(allowed, p) || i.Name != nil {
				t.Errorf("%s imports %s", file, i.Path.Value)
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && uses[x.Name] != nil && !slices.Contains(uses[x.Name], s.Sel.Name) {
					t.Errorf("%s uses %s.%s", file, x.Name, s.Sel.Name)
				}
			}
			return true
		})
	}
}

// BenchmarkWorld sends over 8 connections without latency.
func BenchmarkWorld(b *testing.B) {
	w := start(b, Options{Shares: Shares{AllAccept: true}})
	m := mail("ann@x.example")
	m.Data = []byte("Subject: hello\r\n\r\n" + strings.Repeat(strings.Repeat("x", 74)+"\r\n", 160))
	jobs := make(chan struct{}, b.N)
	for range b.N {
		jobs <- struct{}{}
	}
	close(jobs)
	var wg sync.WaitGroup
	b.ResetTimer()
	for range 8 {
		s := dial(b, w)
		wg.Go(func() {
			for range jobs {
				if r := enginetest.Send(context.Background(), s, m, nil); r.Outcome != transport.Accepted {
					b.Errorf("%+v", r)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}
