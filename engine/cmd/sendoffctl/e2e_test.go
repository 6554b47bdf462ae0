package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sendoff/engine/enginetest"
	"sendoff/engine/sample"
)

// asMain makes the test binary be the program: the tests below run it as
// processes of its own, which can be killed.
const asMain = "SENDOFFCTL_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// shell runs the program in a workspace.
type shell struct {
	t         *testing.T
	workspace string
}

func (s shell) command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append([]string{"--workspace", s.workspace}, args...)...)
	// The race detector sleeps for a second before a process ends.
	cmd.Env = append(os.Environ(), asMain+"=1", "GORACE=atexit_sleep_ms=0")
	return cmd
}

// do runs a command that must succeed and returns its output.
func (s shell) do(args ...string) string {
	s.t.Helper()
	out, status := s.try(args...)
	if status != 0 {
		s.t.Fatalf("%v: status %d", args, status)
	}
	return out
}

func (s shell) try(args ...string) (string, int) {
	s.t.Helper()
	cmd := s.command(args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	if errs.Len() > 0 {
		s.t.Logf("%s: %s", strings.Join(args, " "), errs.String())
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

func (s shell) show(id string) map[string]any {
	s.t.Helper()
	m := map[string]any{}
	if err := json.Unmarshal([]byte(s.do("delivery", "show", id, "--json")), &m); err != nil {
		s.t.Fatal(err)
	}
	return m
}

// log returns the state of every address in the exported sending log.
func (s shell) log(id string) map[string]string {
	s.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(s.do("delivery", "logs", id, "--tab", "sending"))).ReadAll()
	if err != nil {
		s.t.Fatal(err)
	}
	m := map[string]string{}
	for _, r := range rows[1:] {
		if _, twice := m[r[1]]; twice {
			s.t.Fatalf("%s is in the log twice", r[1])
		}
		m[r[1]] = r[2]
	}
	return m
}

// job makes a workspace with n people and a confirmed delivery to them through a
// relay on this machine, from files as a person has them.
func job(t *testing.T, n, port, connections int) (shell, string) {
	t.Helper()
	s := shell{t, filepath.Join(t.TempDir(), "workspace")}
	var people strings.Builder
	people.WriteString("Voornaam;E-mailadres;Plaats\r\n")
	for i := range n {
		fmt.Fprintf(&people, "Persoon %d;p%d@dest.example;Utrecht\r\n", i, i)
	}
	people.WriteString("Dubbel;P0@DEST.example;Utrecht\r\nFout;geen adres;Utrecht\r\n")
	letter := strings.NewReplacer("first_name", "Voornaam", "city", "Plaats", `{{ shop |`, `{{ Plaats |`, `{{ voucher |`, `{{ Voornaam |`).Replace(sample.Content("nl").HTML)
	dir := filepath.Dir(write(t, "mensen.csv", people.String(), "zomer.html", letter, "zomer.toml", `
label    = "Zomer"
from     = "Acme <news@acme.example>"
subject  = "Dag {{ Voornaam | default: 'tuinvriend' }}"
html     = "zomer.html"
audience = "klanten"
account  = "relay"
[schedule]
mode = "once confirmed"
`))
	s.do("init")
	s.do("account", "add", "relay", "--host", "127.0.0.1", "--port", strconv.Itoa(port), "--security", "none", "--connections", strconv.Itoa(connections))
	s.do("audience", "import", filepath.Join(dir, "mensen.csv"), "--name", "klanten")
	out := strings.Fields(s.do("delivery", "create", filepath.Join(dir, "zomer.toml")))
	id := out[len(out)-1]
	s.do("delivery", "prepare", id)
	plan, _ := s.show(id)["plan"].(string)
	if len(plan) != 64 {
		t.Fatalf("plan %q", plan)
	}
	if _, status := s.try("delivery", "confirm", id, "--plan", strings.Repeat("0", 64)); status != 3 {
		t.Fatalf("a plan that nobody saw was confirmed: status %d", status)
	}
	s.do("delivery", "confirm", id, "--plan", plan)
	if _, status := s.try("delivery", "confirm", id, "--plan", plan); status != 3 {
		t.Fatalf("it was confirmed twice: status %d", status)
	}
	return s, id
}

// addsUp holds a shown delivery against its exported log.
func addsUp(t *testing.T, v map[string]any, log map[string]string) {
	t.Helper()
	counts := map[string]float64{}
	for _, state := range log {
		counts[state]++
	}
	sum := v["excluded"].(float64)
	for _, term := range []string{"pending", "claimed", "committing", "accepted", "deferred", "rejected", "in_doubt", "cancelled"} {
		if v[term] != counts[term] {
			t.Errorf("%s: %v shown, %v in the log", term, v[term], counts[term])
		}
		sum += v[term].(float64)
	}
	if v["targeted"] != sum {
		t.Errorf("targeted %v, the terms sum up to %v", v["targeted"], sum)
	}
}

// TestFromFileToReceiver is the main job from a shell.
func TestFromFileToReceiver(t *testing.T) {
	const n = 400
	sink, err := enginetest.StartSink(enginetest.SinkOptions{Record: true, Refuse: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	s, id := job(t, n, sink.Port(), 4)
	s.do("delivery", "wait", id, "--timeout", "1m")
	v, log := s.show(id), s.log(id)
	addsUp(t, v, log)
	got := map[string]bool{}
	for _, r := range sink.Receipts() {
		if got[r.Recipient] || !r.Complete {
			t.Errorf("%s got it twice, or half of it", r.Recipient)
		}
		got[r.Recipient] = true
	}
	for address, state := range log {
		if (state == "accepted") != got[address] {
			t.Errorf("%s is %s in the log, received: %v", address, state, got[address])
		}
	}
	if v["state"] != "finished" || v["to_deliver"] != float64(n) || v["rejected"] == 0.0 || v["accepted"] != float64(len(got)) {
		t.Errorf("%v", v)
	}
	if out := s.do("delivery", "stats", id, "--compute"); !strings.Contains(out, "no differences") {
		t.Error(out)
	}
}

// TestForeignReceiver sends to Postfix's smtp-sink, which keeps every message as
// a file.
func TestForeignReceiver(t *testing.T) {
	program := os.Getenv("SMTP_SINK")
	if program == "" {
		t.Skip("SMTP_SINK does not name Postfix's smtp-sink; make test does")
	}
	const n = 300
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	dumps := t.TempDir()
	args := []string{"-d", filepath.Join(dumps, "%M."), "127.0.0.1:" + strconv.Itoa(port), "100"}
	if os.Getuid() == 0 {
		// It gives root up; the folder must be its own.
		if err := os.Chmod(dumps, 0o777); err != nil {
			t.Fatal(err)
		}
		for d := filepath.Dir(dumps); len(d) > 1 && d != os.TempDir(); d = filepath.Dir(d) {
			if err := os.Chmod(d, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		args = append([]string{"-u", "nobody"}, args...)
	}
	cmd := exec.Command(program, args...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	for range 100 {
		if c, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
			c.Close()
			break
		}
		time.Sleep(20 * time.Millisecond)
	}

	s, id := job(t, n, port, 4)
	s.do("delivery", "wait", id, "--timeout", "1m")
	v, log := s.show(id), s.log(id)
	addsUp(t, v, log)
	if v["accepted"] != float64(n) {
		t.Errorf("accepted %v", v["accepted"])
	}
	files, err := os.ReadDir(dumps)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dumps, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		_, rcpt, ok := strings.Cut(string(b), "X-Rcpt-Args: <")
		address, _, _ := strings.Cut(rcpt, ">")
		if !ok || !bytes.Contains(b, []byte("multipart/alternative")) {
			t.Fatalf("%s is no message of ours:\n%.600s", f.Name(), b)
		}
		got[address]++
	}
	for address, state := range log {
		if state == "accepted" && got[address] != 1 {
			t.Errorf("%s arrived %d times", address, got[address])
		}
	}
	if len(got) != n {
		t.Errorf("%d of %d arrived", len(got), n)
	}
}

// TestKilled kills the program while it sends, again and again, and lets it
// finish.
func TestKilled(t *testing.T) {
	const n, connections, window, kills = 1500, 4, 2, 3
	sink, err := enginetest.StartSink(enginetest.SinkOptions{Record: true, Delay: 2 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	s, id := job(t, n, sink.Port(), connections)
	killed := 0
	for range kills {
		before := sink.Accepted()
		cmd := s.command("delivery", "wait", id)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(20 * time.Second); sink.Accepted() < before+200 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		if cmd.Process.Kill() == nil {
			killed++
		}
		cmd.Wait()
		// What is left behind adds up too, before anybody has put it in order.
		addsUp(t, s.show(id), s.log(id))
	}
	s.do("delivery", "wait", id, "--timeout", "1m")
	v, log := s.show(id), s.log(id)
	addsUp(t, v, log)
	got := map[string]int{}
	for _, r := range sink.Receipts() {
		if r.Complete {
			got[r.Recipient]++
		}
	}
	for address, state := range log {
		switch {
		case got[address] > 1:
			t.Errorf("%s got it %d times", address, got[address])
		case state == "accepted" && got[address] == 0:
			t.Errorf("%s is accepted and got nothing", address)
		case state != "accepted" && state != "in_doubt":
			t.Errorf("%s is %s", address, state)
		}
	}
	if doubt := v["in_doubt"].(float64); doubt > float64(killed*connections*window) {
		t.Errorf("%v in doubt after %d kills of %d connections", doubt, killed, connections)
	}
	if v["state"] != "finished" {
		t.Errorf("it is %v", v["state"])
	}
}

// TestFault17Interrupted ends a wait as Ctrl-C does: nothing is in doubt by that.
func TestFault17Interrupted(t *testing.T) {
	const n = 1500
	sink, err := enginetest.StartSink(enginetest.SinkOptions{Delay: 2 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	s, id := job(t, n, sink.Port(), 4)
	cmd := s.command("delivery", "wait", id)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); sink.Accepted() < 200 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if status := cmd.ProcessState.ExitCode(); status != 1 || !strings.Contains(errs.String(), "Interrupted") {
		t.Fatalf("status %d, %s", status, errs.String())
	}
	v := s.show(id)
	addsUp(t, v, s.log(id))
	if v["in_doubt"] != 0.0 || v["accepted"] != float64(sink.Accepted()) || v["accepted"] == float64(n) {
		t.Errorf("after Ctrl-C: %v accepted, %d received, %v in doubt", v["accepted"], sink.Accepted(), v["in_doubt"])
	}
	s.do("delivery", "wait", id, "--timeout", "1m")
	if v := s.show(id); v["accepted"] != float64(n) || sink.Accepted() != n {
		t.Errorf("at the end: %v accepted, %d received", v["accepted"], sink.Accepted())
	}
}
