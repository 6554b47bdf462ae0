package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest/invariant"
)

// importDir makes this test binary a program that imports the file of importFile
// into the workspace it names, and tells how far it is.
const (
	importDir  = "SENDOFF_TEST_IMPORT_DIR"
	importFile = "SENDOFF_TEST_IMPORT_FILE"
)

func importIt(dir string) int {
	ctx := context.Background()
	e, err := engine.Open(ctx, engine.Options{Dir: dir, Secrets: noSecrets{}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	os1, err := e.Operators(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	_, err = e.Import(ctx, access.Principal{Operator: os1[0].ID}, engine.ImportRequest{File: os.Getenv(importFile), Name: "Big"},
		func(p engine.ImportProgress) { fmt.Println("rows", p.Rows) })
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := e.Close(); err != nil {
		return 1
	}
	fmt.Println("done")
	return 0
}

// TestFault14OutOfMemory: the system kills whoever takes too much memory, here in the
// midst of a list. Of a killed import nothing is left, and the next start works; with
// SENDOFF_SOAK=1 the list has a gigabyte, and memory stays below 200 MiB with it.
func TestFault14OutOfMemory(t *testing.T) {
	t.Parallel()
	rows := 80_000
	if os.Getenv("SENDOFF_SOAK") == "1" {
		rows = 12_000_000
	}
	file := filepath.Join(t.TempDir(), "big.csv")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "email,first_name,city,note")
	for i := range rows {
		fmt.Fprintf(w, "person%08d@post%d.example,Person %d,Utrecht,%s\n", i, i%1000, i, strings.Repeat("x", 30))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	ready := t.TempDir()
	work := newWork(t, ready, 10)
	if err := work.Close(); err != nil {
		t.Fatal(err)
	}
	for _, part := range []float64{0.02, 0.5, 0.98, 2} { // the last one is not killed
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(ready)); err != nil {
			t.Fatal(err)
		}
		peak := importUntil(t, dir, file, int64(part*float64(rows)))
		t.Logf("killed at %.0f %%: %d MiB at most", 100*part, peak>>20)
		if peak > 200<<20 {
			t.Errorf("%d MiB", peak>>20)
		}
		e, err := engine.Open(t.Context(), engine.Options{Dir: dir, Secrets: noSecrets{}})
		if err != nil {
			t.Fatal(err)
		}
		as, err := e.Audiences(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int64{"People": 10}
		if part > 1 {
			want["Big"] = int64(rows)
		}
		for _, a := range as {
			if a.Size != want[a.Name] {
				t.Errorf("killed at %.2f: %s has %d people, want %d", part, a.Name, a.Size, want[a.Name])
			}
			delete(want, a.Name)
		}
		if len(want) > 0 {
			t.Errorf("killed at %.2f: %v are missing", part, want)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "scratch-*")); len(left) > 0 {
			t.Errorf("killed at %.2f: left behind %v", part, left)
		}
		invariant.Check(t, e, work.id, nil)
		v, err := e.Delivery(t.Context(), work.id)
		if err != nil || v.State != delivery.Editing {
			t.Errorf("killed at %.2f: %s, %v", part, v.State, err)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

// importUntil kills the import as soon as it has read some rows, and returns the most
// memory that it had; 0 where that is not known.
func importUntil(t *testing.T, dir, file string, rows int64) (peak int64) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), importDir+"="+dir, importFile+"="+file)
	said, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	done := false
	for lines := bufio.NewScanner(said); lines.Scan(); {
		word, number, _ := strings.Cut(lines.Text(), " ")
		done = done || word == "done"
		peak = max(peak, resident(c.Process.Pid))
		if n, err := strconv.ParseInt(number, 10, 64); err == nil && n >= rows {
			_ = c.Process.Kill()
			break
		}
	}
	if err := c.Wait(); done != (err == nil) {
		t.Fatalf("it ended with %v", err)
	}
	return peak
}

// resident is the most memory that a process had so far, in bytes; 0 where the system
// does not say.
func resident(pid int) int64 {
	if runtime.GOOS != "linux" {
		return 0
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	f := strings.Fields(rest)
	if len(f) == 0 {
		return 0
	}
	n, _ := strconv.ParseInt(f[0], 10, 64)
	return n << 10
}
