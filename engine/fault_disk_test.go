package engine_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/enginetest/invariant"
	"sendoff/engine/journal"
	"sendoff/engine/store"
)

// fullFile is a file of the journal whose disk has become full.
type fullFile struct {
	journal.File
	full *atomic.Bool
}

func (f fullFile) WriteAt(b []byte, at int64) (int, error) {
	if f.full.Load() {
		return 0, &os.PathError{Op: "write", Err: syscall.ENOSPC}
	}
	return f.File.WriteAt(b, at)
}

// TestFault22DiskFullAtTheIntent: what cannot be recorded is not sent. Nobody has a
// copy whose intent was not durable, sending ends and says why, and what was claimed
// waits again.
func TestFault22DiskFullAtTheIntent(t *testing.T) {
	t.Parallel()
	for _, after := range []int64{0, 7} { // messages that are taken before it happens
		dir := t.TempDir()
		l := confirmedLoop(t, dir, 40, 2, enginetest.SinkOptions{Delay: 2 * time.Millisecond})
		sink, id := l.sink, l.id
		var full atomic.Bool
		var prepared atomic.Int64
		e, err := engine.Open(t.Context(), engine.Options{Dir: dir, Secrets: noSecrets{}, Disk: func(_ *store.Options, j *journal.Options) {
			j.OpenFile = func(path string, flag int, perm os.FileMode) (journal.File, error) {
				f, err := os.OpenFile(path, flag, perm)
				prepared.Add(1)
				return fullFile{f, &full}, err
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		// The segments are there before anything is claimed; then space ends.
		before := prepared.Load()
		e.Run()
		for sink.Accepted() < after || prepared.Load() < before+2 {
			time.Sleep(time.Millisecond)
		}
		full.Store(true)
		if _, ok := l.rests(e, time.Minute); !ok {
			t.Fatal("it goes on")
		}
		if err := e.Broken(); !delivery.Is(err, delivery.KindDiskFull) {
			t.Errorf("after %d: broken by %v, want disk_full", after, err)
		}
		if err := e.Close(); err != nil && !delivery.Is(err, delivery.KindDiskFull) {
			t.Error(err)
		}
		sink.Quiet()
		n := sink.Accepted()
		time.Sleep(100 * time.Millisecond)
		if m := sink.Accepted(); m != n {
			t.Errorf("%d messages were taken after the end", m-n)
		}
		e = open(t, dir)
		c, err := e.Delivery(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		// Two connections with a window of two.
		if c := c.Counters; c.Claimed+c.Committing != 0 || c.InDoubt > 4 || c.Accepted+c.InDoubt < n {
			t.Errorf("after %d: %+v, the receiver has %d", after, c, n)
		}
		l.goesOn(t, e)
	}
}

// TestFault26LogOfTheDatabaseLost: the -wal file is deleted or cut while nothing
// runs. The database is then as it was some time ago; the journal knows better, so
// nothing leaves before a person says so, and nobody gets two.
func TestFault26LogOfTheDatabaseLost(t *testing.T) {
	t.Parallel()
	for _, taken := range []int64{1, 20, 70} {
		dir := t.TempDir()
		l := confirmedLoop(t, dir, 120, 2, enginetest.SinkOptions{Delay: 3 * time.Millisecond})
		sink, id := l.sink, l.id
		child := start(t, dir)
		for end := time.Now().Add(time.Minute); sink.Accepted() < taken && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		_ = child.Process.Kill()
		_ = child.Wait()
		sink.Quiet()
		wal := store.FileName + "-wal"
		size, err := os.Stat(filepath.Join(dir, wal))
		if err != nil {
			t.Fatal(err)
		}
		killed := l.received(0)
		for _, part := range []float64{0, 0.4, 0.9} {
			what := fmt.Sprintf("%d taken, %.0f %% of the log", taken, 100*part)
			first := len(sink.Receipts())
			lost := t.TempDir()
			if err := os.CopyFS(lost, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(lost, wal)
			err := os.Truncate(path, int64(part*float64(size.Size())))
			if part == 0 {
				err = errors.Join(err, os.Remove(path), os.Remove(filepath.Join(lost, store.FileName+"-shm")))
			}
			if err != nil {
				t.Fatal(err)
			}
			e, err := engine.Open(t.Context(), engine.Options{Dir: lost, Secrets: noSecrets{}})
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			v, err := e.Delivery(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			paused := v.State == delivery.Paused && v.Paused != nil && v.Paused.Kind == delivery.KindRestored
			if part == 0 && !paused {
				t.Errorf("%s: it is %s, want paused: %+v", what, v.State, v.Counters)
			}
			e.Run()
			if paused {
				time.Sleep(50 * time.Millisecond)
				if n := len(sink.Receipts()); n != first {
					t.Errorf("%s: %d messages left by themselves", what, n-first)
				}
			}
			l.finish(t, e)
			invariant.Check(t, e, id, append(l.received(first), killed...))
			if err := e.Close(); err != nil {
				t.Error(err)
			}
			if t.Failed() {
				return
			}
		}
	}
}
