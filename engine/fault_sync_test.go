package engine_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sendoff/engine"
	"sendoff/engine/enginetest"
	"sendoff/engine/enginetest/invariant"
)

// TestFault13DotsFollowSyncs watches the system calls of a whole delivery: between
// two messages of a connection that holds one at a time, the journal has been
// written and synced; and SQLite syncs its log.
func TestFault13DotsFollowSyncs(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not there")
	}
	const people = 20
	steps := opened()
	for range people {
		steps = append(append(steps, data...), enginetest.Body(), enginetest.Say("250 2.0.0 queued\r\n"))
	}
	g := newGate(t, append(steps, enginetest.Silence()))
	dir := t.TempDir()
	id := confirmedFor(t, dir, people, g.l.Addr().(*net.TCPAddr).Port, 1)
	out := filepath.Join(t.TempDir(), "trace")
	c := exec.Command(strace, "-f", "-y", "-s", "200000", "-e", "trace=write,pwrite64,fdatasync,fsync", "-o", out, os.Args[0])
	c.Env = append(os.Environ(), killDir+"="+dir)
	if text, err := c.CombinedOutput(); err != nil {
		if strings.Contains(string(text), "ptrace") {
			t.Skipf("strace may not watch: %s", text)
		}
		t.Fatalf("%v: %s", err, text)
	}
	trace, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	dots, syncs := order(t, string(trace))
	if dots != people {
		t.Errorf("%d dots, want %d", dots, people)
	}
	t.Logf("%d syncs of the log", syncs)
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir, ReadOnly: true, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	invariant.Check(t, e, id, g.received())
}

// call is one line of a trace: the process, then the call with its file, or what
// is left of one that was interrupted by others.
var call = regexp.MustCompile(`^(\d+) +(?:<\.\.\. )?(\w+)(?:\((\d+)<([^>]*)>)?(.*)$`)

// order reads a trace and fails when a dot leaves ahead of its sync.
func order(t *testing.T, trace string) (dots, syncs int) {
	t.Helper()
	written, synced := false, false // the journal, since the last dot
	open := map[string]string{}     // file of the call that a thread is in
	for line := range strings.Lines(trace) {
		m := call.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			continue
		}
		pid, name, file, rest := m[1], m[2], m[4], m[5]
		begun, ended := true, !strings.HasSuffix(rest, "<unfinished ...>")
		if file == "" { // resumed
			file, begun = open[pid], false
		}
		open[pid] = file
		segment := strings.Contains(file, "/sendoff.j")
		switch {
		case name == "pwrite64" && segment && ended:
			written, synced = true, false
		case strings.HasSuffix(name, "sync") && segment && ended:
			synced = written
		case strings.HasSuffix(name, "sync") && strings.HasSuffix(file, "-wal") && ended:
			syncs++
		case name == "write" && begun && strings.Contains(rest, `\r\n.\r\n"`):
			if dots++; !synced {
				t.Errorf("dot %d left ahead of its sync", dots)
			}
			written, synced = false, false
		}
	}
	if syncs == 0 {
		t.Error("SQLite's log was never synced")
	}
	return dots, syncs
}
