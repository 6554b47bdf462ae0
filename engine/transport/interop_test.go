package transport_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/transport"
)

// smtpSink starts Postfix's fault server, which nobody here wrote, and returns
// its port.
func smtpSink(t *testing.T, args ...string) int {
	t.Helper()
	path, err := exec.LookPath(os.Getenv("SMTP_SINK")) // what make test has unpacked
	if err != nil {
		path, err = exec.LookPath("smtp-sink")
	}
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/smtp-sink"); err != nil {
			t.Skip("smtp-sink is not installed (package postfix)")
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	if os.Geteuid() == 0 {
		args = append([]string{"-u", "nobody"}, args...)
	}
	cmd := exec.Command(path, append(args, "127.0.0.1:"+strconv.Itoa(port), "10")...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Skipf("smtp-sink does not start: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for range 100 {
		c, err := net.DialTimeout("tcp", "127.0.0.1:"+strconv.Itoa(port), time.Second)
		if err == nil {
			_ = c.Close()
			return port
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("smtp-sink does not listen: %s", out.String())
	return 0
}

func TestSMTPSink(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string // of Send, or the kind of Dial's error
	}{
		"takes":                    {nil, "accepted - - usable"},
		"without pipelining":       {[]string{"-p"}, "accepted - - usable"},
		"without ESMTP":            {[]string{"-e"}, "accepted - - usable"},
		"refuses the greeting":     {[]string{"-f", "connect"}, "relay"},
		"hangs up at once":         {[]string{"-q", "connect"}, "unreachable"},
		"refuses EHLO, takes HELO": {[]string{"-f", "ehlo"}, "accepted - - usable"},
		"hangs up at EHLO":         {[]string{"-q", "ehlo"}, "unreachable"},
		"refuses MAIL":             {[]string{"-f", "mail"}, "suspend account sender_refused usable"},
		"defers MAIL":              {[]string{"-r", "mail"}, "deferred relay relay usable"},
		"hangs up at MAIL":         {[]string{"-q", "mail"}, "again network unreachable closed"},
		// Its reply is "500 5.3.0 Error: command failed".
		"refuses RCPT":             {[]string{"-f", "rcpt"}, "rejected relay relay usable"},
		"defers RCPT":              {[]string{"-r", "rcpt"}, "deferred relay relay usable"},
		"leaves at RCPT":           {[]string{"-Q", "rcpt"}, "deferred relay relay closed"},
		"hangs up at RCPT":         {[]string{"-q", "rcpt"}, "again network unreachable closed"},
		"refuses DATA":             {[]string{"-f", "data"}, "rejected relay relay usable"},
		"hangs up at DATA":         {[]string{"-q", "data"}, "again network unreachable closed"},
		"refuses the message":      {[]string{"-f", "."}, "rejected relay relay usable"},
		"defers the message":       {[]string{"-r", "."}, "deferred relay relay usable"},
		"leaves after the message": {[]string{"-Q", "."}, "deferred relay relay closed"},
		"hangs up after the dot":   {[]string{"-q", "."}, "in_doubt network unreachable closed"},
		"takes a second to answer": {[]string{"-W", ".:1"}, "accepted - - usable"},
		"takes too long to answer": {[]string{"-W", ".:9"}, "in_doubt network timeout closed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := transport.Config{Host: "127.0.0.1", Port: smtpSink(t, c.args...), Security: delivery.SecurityNone,
				Timeouts: transport.Timeouts{Dot: 2 * time.Second}}
			s, err := transport.Dial(context.Background(), cfg)
			if err != nil {
				if got := string(delivery.KindOf(err)); got != c.want {
					t.Errorf("dial: got %s (%v), want %s", got, err, c.want)
				}
				return
			}
			defer s.Abort()
			r := send(s, mail())
			if got := describe(r); got != c.want {
				t.Errorf("got %s (%+v, %v), want %s", got, r.Reply, r.Err, c.want)
			}
			if r.Usable {
				if r := send(s, mail()); describe(r) != c.want {
					t.Errorf("the second message: %+v", r)
				}
			}
		})
	}
}

// TestSMTPSinkStores: what Postfix wrote down is what was sent.
func TestSMTPSinkStores(t *testing.T) {
	dir := t.TempDir()
	for d := dir; len(d) > 1 && strings.HasPrefix(d, os.TempDir()) && d != os.TempDir(); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o777); err != nil { // the sink is nobody
			t.Fatal(err)
		}
	}
	port := smtpSink(t, "-d", dir+"/mail.")
	s := dial(t, transport.Config{Host: "127.0.0.1", Port: port, Security: delivery.SecurityNone})
	m := mail()
	m.Data = []byte("Subject: dots\r\n\r\n.\r\n..\r\na\r\n.b\r\n\r\n")
	if r := send(s, m); r.Outcome != transport.Accepted {
		t.Fatalf("%+v", r)
	}
	_ = s.Close()
	files, err := filepath.Glob(dir + "/mail.*")
	if err != nil || len(files) != 1 {
		t.Fatalf("%q, %v", files, err)
	}
	got, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.ReplaceAll(string(m.Data), "\r\n", "\n"); !strings.Contains(string(got), want) {
		t.Errorf("stored %q, want %q", got, want)
	}
}
