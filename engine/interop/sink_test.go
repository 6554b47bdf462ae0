//go:build unix

package interop

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/enginetest/invariant"
	"sendoff/engine/transport"
)

// smtpSink is the path of Postfix's fault server.
func smtpSink(t testing.TB) string {
	t.Helper()
	for _, name := range []string{os.Getenv("SMTP_SINK"), "smtp-sink", "/usr/sbin/smtp-sink"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("smtp-sink is not there (package postfix; make test unpacks it)")
	return ""
}

// sink is one smtp-sink that keeps what it took.
type sink struct {
	port int
	dir  string
}

// startSink starts smtp-sink, which listens on a port of its own.
func startSink(t testing.TB, path string, args ...string) *sink {
	t.Helper()
	dir, err := os.MkdirTemp("", "sendoff-sink") // one that the sink, nobody, may enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		args = append([]string{"-u", "nobody"}, args...)
	}
	args = append(args, "-d", dir+"/m.")
	var out bytes.Buffer
	for range 5 {
		port := freePort(t)
		cmd := exec.Command(path, append(slices.Clone(args), "127.0.0.1:"+strconv.Itoa(port), "50")...)
		out.Reset()
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			_ = cmd.Wait()
			close(ended)
		}()
		if listens(port, ended) {
			t.Cleanup(func() {
				_ = cmd.Process.Kill()
				<-ended
			})
			return &sink{port: port, dir: dir}
		}
		_ = cmd.Process.Kill()
		<-ended // another program took the port first
	}
	t.Fatalf("smtp-sink %q does not start: %s", args, out.String())
	return nil
}

// listens waits until somebody listens on a port, or the program has ended.
func listens(port int, ended <-chan struct{}) bool {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		c, err := net.DialTimeout("tcp", "127.0.0.1:"+strconv.Itoa(port), time.Second)
		if err == nil {
			_ = c.Close()
			return true
		}
		select {
		case <-ended:
			return false
		case <-time.After(10 * time.Millisecond):
		}
	}
	return false
}

// receipts reads what the sink wrote down: every message whose dot it read,
// whatever it answered.
func (s *sink) receipts(t testing.TB, refused bool) []invariant.Receipt {
	t.Helper()
	files, err := filepath.Glob(s.dir + "/m.*")
	if err != nil {
		t.Fatal(err)
	}
	var out []invariant.Receipt
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		to, message := parseDump(t, data)
		if message != nil {
			out = append(out, invariant.Receipt{Recipient: to, MessageID: invariant.ID(message), Data: message, Refused: refused})
		}
	}
	return out
}

// parseDump reads the format that smtp-sink(1) describes: headers of its own, of
// which Received is the last and has three lines, the message, an empty line.
// The message is nil when its end is not there yet.
func parseDump(t testing.TB, data []byte) (to string, message []byte) {
	t.Helper()
	received := false
	for len(data) > 0 {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		if received && !bytes.HasPrefix(line, []byte("\t")) {
			break
		}
		data = rest
		if after, ok := bytes.CutPrefix(line, []byte("X-Rcpt-Args: <")); ok {
			if to != "" {
				t.Errorf("a message with two recipients: %s, %s", to, after)
			}
			to, _, _ = strings.Cut(string(after), ">")
		}
		received = received || bytes.HasPrefix(line, []byte("Received: "))
	}
	if !bytes.HasSuffix(data, []byte("\n\n")) {
		return to, nil
	}
	return to, wire(data[:len(data)-1])
}

// sinkCase is one smtp-sink and what must become of a delivery to four people
// through it.
type sinkCase struct {
	name string
	args string

	want   string // summary when it has come to a stand
	row    string // fault, nature and code of everybody; empty: not looked at
	copies int    // messages whose dot the sink read; uncounted: not looked at

	connections int
	large       bool // messages that do not fit into the buffers of a connection
	timeouts    transport.Timeouts
	messages    int // on a connection; 0: the usual number
	people      int // 0: four
}

const uncounted = -1

// short is a timeout that runs out against a stall of thirty seconds. All others
// are long enough for the slowest machine.
const short = time.Second

// TestSMTPSinkFaults gives every switch of smtp-sink a relay, an account and a
// delivery of its own, all of them on one engine and at the same time: what one
// relay does must not be seen in another one's books.
//
// Verdicts are those of RFC 5321 sections 4.2, 4.3.2 and 4.5.4.1: a refusal
// before or after the dot is what it says; a line that is lost before the dot
// means that nothing was taken; one that is lost after it leaves a doubt.
func TestSMTPSinkFaults(t *testing.T) {
	t.Parallel()
	path := smtpSink(t)
	cases := sinkCases()
	r := newRig(t)
	audiences := map[int]int64{4: r.audience(4, "p%d@post.example"), 12: r.audience(12, "p%d@post.example")}
	r.Run()
	sinks := make([]*sink, len(cases))
	ids := make([]delivery.ID, len(cases))
	for i := range cases {
		c := &cases[i]
		if c.people == 0 {
			c.people = 4
		}
		sinks[i] = startSink(t, path, split(c.args)...)
		said := content(0)
		if c.large {
			said = content(250 << 10)
		}
		ids[i] = r.send("smtp-sink: "+c.name, audiences[c.people], said, delivery.Account{Port: sinks[i].port,
			Security: delivery.SecurityNone, Connections: c.connections}, "",
			func(x *transport.Config) {
				x.Timeouts, x.MaxMessages = c.timeouts, c.messages
				if c.large {
					x.Dial = narrow
				}
			})
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) { checkSink(t, r, ids[i], sinks[i], c) })
	}
}

// narrow dials a connection that holds little of what was written and not read.
func narrow(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err == nil {
		err = c.(*net.TCPConn).SetWriteBuffer(16 << 10)
	}
	return c, err
}

func checkSink(t *testing.T, r *rig, id delivery.ID, s *sink, c sinkCase) {
	held := strings.HasPrefix(c.want, "sending:")
	v := r.until(t, id, 2*time.Minute, func(v delivery.View) bool {
		return standing(v) && (held || v.Status.Hold == nil || v.State == delivery.Retrying) && !unfinished(v, c.want)
	})
	if held {
		// Held for as long as it takes: a person pauses it.
		if err := r.Pause(context.Background(), r.who, id); err != nil {
			t.Fatal(err)
		}
	}
	hold := v.Status.Hold
	if v.State == delivery.Retrying {
		v.Status.Hold = nil // how the account is has no part in what became of them
	}
	if got := summary(v, c.want); got != c.want {
		t.Errorf("got %s, want %s (hold %+v, paused %+v)", got, c.want, hold, v.Paused)
	}
	if c.row != "" {
		for _, x := range r.rows(t, id) {
			if got := row(x); got != c.row {
				t.Errorf("%s: got %s (%s), want %s", x.Address, got, x.Reply, c.row)
			}
		}
	}
	got := s.receipts(t, c.refuses())
	if c.copies != uncounted && len(got) != c.copies {
		t.Errorf("the sink read %d messages, want %d", len(got), c.copies)
	}
	invariant.Check(t, r.Engine, id, got)
}

// unfinished reports whether a delivery that is to be paused by a breaker is
// still between two tries.
func unfinished(v delivery.View, want string) bool {
	return strings.HasPrefix(want, "paused") && v.State == delivery.Retrying
}

// refuses reports whether the sink answers a message with a refusal.
func (c sinkCase) refuses() bool {
	args := split(c.args)
	for i, a := range args[:max(0, len(args)-1)] {
		if slices.Contains([]string{"-f", "-r", "-Q"}, a) && slices.Contains(strings.Split(args[i+1], ","), ".") {
			return true
		}
	}
	return false
}

// split divides arguments at spaces; what stands in quotes is one.
func split(s string) []string {
	var out []string
	for i, part := range strings.Split(s, "'") {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}
