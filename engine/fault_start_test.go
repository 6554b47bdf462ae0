package engine_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/enginetest/invariant"
)

// crashDir makes this test binary a program that opens the workspace it names, says
// so, and comes to the end that crashHow names.
const (
	crashDir = "SENDOFF_TEST_CRASH_DIR"
	crashHow = "SENDOFF_TEST_CRASH_HOW"
)

func crash(dir string) int {
	e, err := engine.Open(context.Background(), engine.Options{Dir: dir, Secrets: noSecrets{}, Watch: true})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	e.Run()
	if why := e.ReadOnly(); why != nil {
		fmt.Println("only looks:", delivery.KindOf(why))
		if err := e.Close(); err != nil {
			return 1
		}
		return 0
	}
	switch os.Getenv(crashHow) {
	case "panic":
		go func() { panic("a defect of ours") }()
		select {}
	case "fatal": // what no recover helps against
		m := map[int]int{}
		for range 8 {
			go func() {
				for i := 0; ; i++ {
					m[i%2] = i
				}
			}()
		}
		select {}
	case "kill":
		p, err := os.FindProcess(os.Getpid())
		if err != nil || p.Kill() != nil {
			return 1
		}
		select {}
	}
	if err := e.Close(); err != nil {
		return 1
	}
	return 0
}

// startedAs runs the program and returns what it said.
func startedAs(t *testing.T, dir, how string) string {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), crashDir+"="+dir, crashHow+"="+how)
	var said strings.Builder
	c.Stdout = &said
	err := c.Run()
	if quiet := how == ""; quiet != (err == nil) && !strings.HasPrefix(said.String(), "only looks") {
		t.Fatalf("%q: %v, %s", how, err, said.String())
	}
	return strings.TrimSpace(said.String())
}

// TestFault20CrashLoop: after three crashes in a row while starting, the engine is
// off and everything can be looked at, until a person insists. Kills and good ends
// are no crashes.
func TestFault20CrashLoop(t *testing.T) {
	t.Parallel()
	sink, err := enginetest.StartSink(enginetest.SinkOptions{Record: true})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	dir := t.TempDir()
	letGoAt(t, dir, 5, sink.Port(), time.Now().Add(time.Hour))
	for _, how := range []string{"kill", "kill", "kill", "kill", "panic", "panic", "", "panic", "fatal"} {
		if said := startedAs(t, dir, how); said != "" {
			t.Fatalf("before the third crash in a row: %s", said)
		}
	}
	if said := startedAs(t, dir, "panic"); said != "" {
		t.Fatalf("before the third crash in a row: %s", said)
	}
	for range 2 { // it stays so
		if said := startedAs(t, dir, "panic"); said != "only looks: crashes" {
			t.Fatalf("after three crashes: %q", said)
		}
	}
	words, err := os.ReadFile(filepath.Join(dir, "sendoff.crash1"))
	if err != nil || !strings.Contains(string(words), "a defect of ours") || !strings.Contains(string(words), "goroutine") {
		t.Errorf("the last words are %.200q, %v", words, err)
	}

	o := engine.Options{Dir: dir, Secrets: noSecrets{}, Watch: true}
	e, err := engine.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	e.Run()
	vs, err := e.Deliveries(t.Context())
	if err != nil || len(vs) != 1 || vs[0].Counters.Pending != 5 {
		t.Errorf("it cannot be looked at: %+v, %v", vs, err)
	}
	l := &loop{id: vs[0].ID}
	if err := e.Stop(t.Context(), l.first(t, e), vs[0].ID); !delivery.Is(err, delivery.KindCrashes) {
		t.Errorf("a command: %v, want crashes", err)
	}
	invariant.Check(t, e, vs[0].ID, nil)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	o.Insist = true
	if e, err = engine.Open(t.Context(), o); err != nil || e.ReadOnly() != nil {
		t.Fatalf("a person insists: %v, %v", err, e.ReadOnly())
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if said := startedAs(t, dir, ""); said != "" {
		t.Errorf("afterwards: %s", said)
	}
	if n := len(sink.Receipts()); n != 0 {
		t.Errorf("%d messages left", n)
	}
}

// letGoAt makes a workspace with a confirmed delivery for a date.
func letGoAt(t *testing.T, dir string, people, port int, at time.Time) {
	t.Helper()
	w := newWork(t, dir, people)
	a, err := w.AddAccount(t.Context(), w.who, delivery.Account{Name: "sink", Host: "127.0.0.1", Port: port,
		Security: delivery.SecurityNone, Connections: 1}, "")
	if err != nil {
		t.Fatal(err)
	}
	d := w.view().Draft
	d.Account = a.ID
	d.Schedule = delivery.Schedule{Mode: delivery.AtDate, Local: at.UTC().Format("2006-01-02T15:04:05"), Zone: "UTC"}
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	w.confirm()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestFault29SharedFolder: a workspace that others may write to is only looked at,
// until a person says that it may lie there; a new one is not even made.
func TestFault29SharedFolder(t *testing.T) {
	t.Parallel()
	here := t.TempDir()
	l := confirmedLoop(t, here, 5, 1, enginetest.SinkOptions{})
	sink, id := l.sink, l.id
	dir := filepath.Join(t.TempDir(), "OneDrive - Acme", "Mail")
	if err := os.CopyFS(dir, os.DirFS(here)); err != nil {
		t.Fatal(err)
	}
	o := engine.Options{Dir: dir, Secrets: noSecrets{}}
	e, err := engine.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var why *delivery.Error
	if err := e.ReadOnly(); !delivery.Is(err, delivery.KindShared) {
		t.Errorf("it is open: %v", err)
	} else if why = err.(*delivery.Error); why.Detail != "OneDrive" || why.File != dir {
		t.Errorf("it says %+v", why)
	}
	e.Run()
	time.Sleep(100 * time.Millisecond)
	if v, err := e.Delivery(t.Context(), id); err != nil || v.Counters.Pending != 5 {
		t.Errorf("it cannot be looked at: %+v, %v", v, err)
	}
	if n := len(sink.Receipts()); n != 0 {
		t.Errorf("%d messages left", n)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}

	o.Insist = true
	for _, insist := range []bool{true, false} { // whoever insisted once is not asked again
		o.Insist = insist
		if e, err = engine.Open(t.Context(), o); err != nil || e.ReadOnly() != nil {
			t.Fatalf("a person insists: %v, %v", err, e.ReadOnly())
		}
		e.Run()
		l := &loop{sink: sink, id: id}
		l.finish(t, e)
		invariant.Check(t, e, id, l.received(0))
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}

	fresh := filepath.Join(t.TempDir(), "Dropbox", "new")
	if _, err := engine.Open(t.Context(), engine.Options{Dir: fresh, Secrets: noSecrets{}}); !delivery.Is(err, delivery.KindShared) {
		t.Errorf("a new workspace in Dropbox: %v", err)
	}
	if _, err := os.Stat(filepath.Join(fresh, "sendoff.db")); err == nil {
		t.Error("it was made")
	}
}
