package main

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMain lets this test binary be the receiver, as the program itself is.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args[1:], "-sink") {
		os.Exit(beSink(slices.Contains(os.Args[1:], "-chunking=true"), 0))
	}
	os.Exit(m.Run())
}

// TestBenchmarksRun runs every benchmark on a small scale, so that none of them
// stops working between two looks at the figures.
func TestBenchmarksRun(t *testing.T) {
	o := options{dir: t.TempDir(), recipients: 100, rows: 200, runs: 1, connections: 2}
	if path, err := exec.LookPath("sqlite3"); err == nil {
		o.sqlite = path
	}
	var tab table
	for name, run := range map[string]func() error{
		"send":   func() error { return sending(t.Context(), o, &tab) },
		"import": func() error { return importing(t.Context(), o, &tab) },
		"kpi":    func() error { return figures(t.Context(), o, &tab) },
	} {
		if err := run(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var b bytes.Buffer
	tab.print(&b)
	for _, want := range []string{"send 100 messages", "import 200 rows", "figures of a delivery of 200", "smtp-source is not there"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

func TestOnlyWhatThereIs(t *testing.T) {
	o := options{dir: t.TempDir(), recipients: 1, rows: 1, runs: 1, only: "nothing"}
	if err := run(t.Context(), o); err == nil {
		t.Error("a benchmark that is not there ran")
	}
}

func TestMedian(t *testing.T) {
	if m := median([]time.Duration{9, 1, 5}); m != 5 {
		t.Errorf("median %d", m)
	}
	if peakMemory() == 0 {
		if _, err := os.Stat("/proc/self/status"); err == nil {
			t.Error("the memory of this process is not seen")
		}
	}
}
