package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
)

// TestFromAnotherShell pauses, resumes and stops a delivery while another
// process sends it.
func TestFromAnotherShell(t *testing.T) {
	const n = 1500
	sink, err := enginetest.StartSink(enginetest.SinkOptions{Delay: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	s, id := job(t, n, sink.Port(), 2)
	wait := func() (stop func() (string, int)) {
		cmd := s.command("delivery", "wait", id)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		before := sink.Accepted()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(20 * time.Second); sink.Accepted() < before+50 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		return func() (string, int) {
			cmd.Wait()
			return errs.String(), cmd.ProcessState.ExitCode()
		}
	}
	ended := wait()
	fi, err := os.Stat(filepath.Join(s.workspace, controlName))
	if err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("the secret is not its owner's alone: %v, %v", fi, err)
	}
	if out := s.do("delivery", "pause", id); !strings.Contains(out, "Paused DM1") {
		t.Errorf("pause: %s", out)
	}
	if errs, status := ended(); status != 1 || !strings.Contains(errs, "was paused by") {
		t.Errorf("the paused wait: status %d, %s", status, errs)
	}
	paused := sink.Accepted()
	v := s.show(id)
	addsUp(t, v, s.log(id))
	if v["state"] != "paused" || v["accepted"] != float64(paused) || v["in_doubt"] != 0.0 {
		t.Errorf("%v, %d received", v, paused)
	}
	s.do("delivery", "resume", id)
	ended = wait()

	// A file is relative to the shell that names it; an error comes back as one.
	dir := filepath.Dir(s.workspace)
	if err := os.WriteFile(filepath.Join(dir, "second.toml"), []byte("label = \"Second\"\nhtml_inline = \"<p>x</p>\""), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := s.command("delivery", "create", "second.toml")
	cmd.Dir = dir
	if out, err := cmd.Output(); err != nil || !strings.HasSuffix(string(out), "\n2\n") {
		t.Errorf("create: %s, %v", out, err)
	}
	if _, status := s.try("delivery", "confirm", id); status != 3 {
		t.Errorf("confirm while sending: status %d", status)
	}
	if out, status := s.try("run"); status != 1 {
		t.Errorf("a second run: status %d, %s", status, out)
	}
	if out := s.do("delivery", "stop", id, "--json"); !strings.Contains(out, `"stopped"`) {
		t.Errorf("stop: %s", out)
	}
	if errs, status := ended(); status != 1 || !strings.Contains(errs, "it is stopped") {
		t.Errorf("the stopped wait: status %d, %s", status, errs)
	}
	stopped := sink.Accepted()
	v = s.show(id)
	addsUp(t, v, s.log(id))
	if v["accepted"] != float64(stopped) || v["cancelled"] != float64(n)-float64(stopped) || stopped == n {
		t.Errorf("%v, %d received", v, stopped)
	}
	if _, err := os.Stat(filepath.Join(s.workspace, controlName)); !os.IsNotExist(err) {
		t.Errorf("the control file is left behind: %v", err)
	}
}

// TestControlRefusesStrangers: without the secret nothing is carried out, and
// without a sendoffctl behind it the workspace is simply taken.
func TestControlRefusesStrangers(t *testing.T) {
	dir := t.TempDir()
	holder := &fake{dir: dir, views: []delivery.View{ready()}}
	var errs bytes.Buffer
	a := &app{out: &errs, err: &errs}
	stop := a.listen(t.Context(), holder)
	file := filepath.Join(dir, controlName)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	locked := func() *fake { return &fake{openErr: &delivery.Error{Kind: delivery.KindLocked, File: dir}} }
	call := func() result { return ctl(t, locked(), "--workspace", dir, "delivery", "pause", "3") }
	if r := call(); r.status != 0 || !strings.Contains(r.out, "Paused DM3") {
		t.Errorf("with the secret: %+v", r)
	}
	addr, _, _ := strings.Cut(string(b), " ")
	for _, forged := range []string{addr + " wrong\n", addr + "\n", "", "127.0.0.1:1 x\n"} {
		if err := os.WriteFile(file, []byte(forged), 0o600); err != nil {
			t.Fatal(err)
		}
		if r := call(); r.status != 1 || !strings.Contains(r.err, "Another Sendoff has the workspace") {
			t.Errorf("%q: %+v", forged, r)
		}
	}
	stop()
	if r := call(); r.status != 1 {
		t.Errorf("after its end: %+v", r)
	}
	if len(holder.calls) != 1 || holder.closed != 0 {
		t.Errorf("the holder was asked %v and closed %d times", holder.calls, holder.closed)
	}
}
