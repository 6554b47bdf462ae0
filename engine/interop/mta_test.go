//go:build unix

package interop

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sendoff/engine/enginetest/invariant"
)

// mta is a mail server of another house that runs for one test, as nobody's
// system mail server: its configuration, queue and mailboxes are in a folder of
// the test, its ports are on 127.0.0.1, and it relays nothing.
type mta struct {
	dir   string
	certs *certs
	ports map[string]int // by the name of the service
	log   func() string
	// mail lists the files of the mailbox.
	mail func() []string
	// own names the header fields that it puts in front of a message.
	own []string
}

// root is the folder below which a Debian package's file lies: the system's own
// or the one that make test unpacks into. It is empty when there is none.
func root(t testing.TB, file string) (root string, ok bool) {
	t.Helper()
	unpacked, err := filepath.Abs("../../build/packages")
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range []string{"", unpacked} {
		if info, err := os.Stat(root + file); err == nil && info.Mode()&0o111 != 0 {
			return root, true
		}
	}
	return "", false
}

// libraries is LD_LIBRARY_PATH for what has been unpacked below a root.
func libraries(t testing.TB, root string) string {
	t.Helper()
	if root == "" {
		return ""
	}
	var dirs []string
	for _, pattern := range []string{"/lib/*-linux-gnu*", "/usr/lib/*-linux-gnu*", "/usr/lib/postfix"} {
		found, err := filepath.Glob(root + pattern)
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, found...)
	}
	return strings.Join(dirs, ":")
}

// id is a system user that every Debian has.
func id(t testing.TB, name string) (uid, gid int) {
	t.Helper()
	u, err := user.Lookup(name)
	if err != nil {
		t.Skip(err)
	}
	uid, _ = strconv.Atoi(u.Uid)
	gid, _ = strconv.Atoi(u.Gid)
	return uid, gid
}

// folder makes a folder that system users may enter, and removes it at the end.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sendoff-mta")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t testing.TB, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// owned makes a folder of a user.
func owned(t testing.TB, path string, mode os.FileMode, uid, gid int) {
	t.Helper()
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, uid, gid); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// run starts a server that stays in the foreground, and waits until it speaks. make
// configures it; when one does not come up, somebody may have taken its ports since,
// and another one is made.
func run(t testing.TB, make func() (*mta, *exec.Cmd)) *mta {
	t.Helper()
	var m *mta
	for range 3 {
		var cmd *exec.Cmd
		if m, cmd = make(); m.start(t, cmd) {
			return m
		}
	}
	t.Fatalf("%+v: it does not come up:\n%s", m.ports, last(m.log()))
	return nil
}

// start reports whether the server has come up.
func (m *mta) start(t testing.TB, cmd *exec.Cmd) bool {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		t.Skipf("%s does not start: %v", cmd.Path, err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	alive := func() bool {
		select {
		case <-ended:
			return false
		default:
			return true
		}
	}
	t.Cleanup(func() {
		gone := !alive()
		if !gone { // its number may be somebody else's by now
			killGroup(cmd)
		}
		<-ended
		if t.Failed() {
			t.Logf("%s: it ended by itself: %v\n%s\n%s", cmd.Path, gone, last(out.String()), last(m.log()))
		}
	})
	for _, port := range m.ports {
		if !listens(port, ended) {
			return false
		}
	}
	return m.greets(ended) && alive()
}

// greets reports whether the server says something on a port without TLS.
func (m *mta) greets(ended <-chan struct{}) bool {
	c, err := net.DialTimeout("tcp", fmt.Sprint("127.0.0.1:", m.ports["starttls"]), time.Second)
	if err != nil {
		return false
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	said := make(chan bool, 1)
	go func() {
		line, _ := bufio.NewReader(c).ReadString('\n')
		said <- strings.HasPrefix(line, "220")
	}()
	select {
	case ok := <-said:
		return ok
	case <-ended:
		return false
	}
}

// last is the end of what a server said, which tells most.
func last(log string) string {
	lines := strings.Split(strings.TrimSpace(log), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}

// receipts reads the mailbox.
func (m *mta) receipts(t testing.TB) []invariant.Receipt {
	t.Helper()
	var out []invariant.Receipt
	for _, name := range m.mail() {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r := invariant.Receipt{}
		r.Recipient, r.Data = m.strip(data)
		r.Data = wire(r.Data)
		r.MessageID = invariant.ID(r.Data)
		out = append(out, r)
	}
	return out
}

// strip takes off what the server put in front, and returns the recipient that
// it says there.
func (m *mta) strip(data []byte) (to string, message []byte) {
	for {
		name, _, ok := bytes.Cut(data, []byte(":"))
		if !ok || !m.puts(string(name)) {
			return to, data
		}
		for first := true; first || bytes.HasPrefix(data, []byte("\t")) || bytes.HasPrefix(data, []byte(" ")); first = false {
			line, rest, _ := bytes.Cut(data, []byte("\n"))
			for _, name := range []string{"Delivered-To: ", "Envelope-to: "} {
				if after, ok := bytes.CutPrefix(line, []byte(name)); ok {
					to = string(after)
				}
			}
			data = rest
		}
	}
}

func (m *mta) puts(name string) bool {
	for _, own := range m.own {
		if strings.EqualFold(own, name) {
			return true
		}
	}
	return false
}
