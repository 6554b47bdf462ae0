package engine_test

import (
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
	"sendoff/engine/store/storetest"
)

// syncless is a file of the journal whose disk has begun to fail.
type syncless struct {
	journal.File
	bad   *atomic.Bool
	tries *atomic.Int64
}

func (f syncless) Sync() error {
	if f.bad.Load() {
		f.tries.Add(1)
		return &os.PathError{Op: "sync", Err: syscall.EIO}
	}
	return f.File.Sync()
}

// TestFault24And25StorageFailsMidSend: the sync of the journal, the database's disk or
// the right to write is lost in the midst of a delivery. Sending ends with a reason
// that names it, a failed sync is not tried again, and a start with a good disk sends
// the rest: nobody gets two.
func TestFault24And25StorageFailsMidSend(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error // of the database's commits; nil: the journal's sync fails
		kind delivery.Kind
	}{
		"24 sync":             {nil, delivery.KindIO},
		"24 disk of database": {storetest.ErrIO, delivery.KindIO},
		"25 permission":       {storetest.ErrRead, delivery.KindPermission},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			l := confirmedLoop(t, dir, 200, 2, enginetest.SinkOptions{Delay: 2 * time.Millisecond})
			sink, id := l.sink, l.id
			var bad atomic.Bool
			var tries atomic.Int64
			e, err := engine.Open(t.Context(), engine.Options{Dir: dir, Secrets: noSecrets{}, Disk: func(s *store.Options, j *journal.Options) {
				s.Connect = storetest.Connect(func(call string) (error, bool) {
					if c.err != nil && bad.Load() && (call == "commit" || call == "update" || call == "insert") {
						return c.err, false
					}
					return nil, false
				})
				j.OpenFile = func(path string, flag int, perm os.FileMode) (journal.File, error) {
					f, err := os.OpenFile(path, flag, perm)
					if err != nil || c.err != nil {
						return f, err
					}
					return syncless{f, &bad, &tries}, nil
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			e.Run()
			for end := time.Now().Add(time.Minute); sink.Accepted() < 40 && time.Now().Before(end); {
				time.Sleep(time.Millisecond)
			}
			bad.Store(true)
			l.rests(e, time.Minute)
			if err := e.Broken(); !delivery.Is(err, c.kind) {
				t.Errorf("broken by %v, want %s", err, c.kind)
			}
			if n := tries.Load(); c.err == nil && n != 1 {
				t.Errorf("a sync that failed was tried %d times", n)
			}
			_ = e.Close() // its disk is bad
			n := sink.Accepted()
			if e, err = engine.Open(t.Context(), engine.Options{Dir: dir, Secrets: noSecrets{}}); err != nil {
				t.Fatal(err)
			}
			v, err := e.Delivery(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			// What the database did not take was in the journal.
			if d := v.Counters; d.Claimed+d.Committing != 0 || d.Accepted+d.InDoubt < n || c.err != nil && d.InDoubt != 0 || d.InDoubt > 4 {
				t.Errorf("%+v, the receiver has %d", d, n)
			}
			l.goesOn(t, e)
		})
	}
}

// TestFault28OlderCopyOfTheDatabase: somebody puts yesterday's database back, beside
// the journal of today. Nothing leaves by itself, it says why, and who got a message
// that the copy does not know of does not get another.
func TestFault28OlderCopyOfTheDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := confirmedLoop(t, dir, 150, 2, enginetest.SinkOptions{Delay: 2 * time.Millisecond})
	sink, id := l.sink, l.id
	yesterday, err := os.ReadFile(filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	child := start(t, dir)
	for end := time.Now().Add(time.Minute); sink.Accepted() < 60 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	_ = child.Process.Kill()
	_ = child.Wait()
	sink.Quiet()
	n := sink.Accepted()
	for _, name := range []string{"-wal", "-shm"} {
		if err := os.Remove(filepath.Join(dir, store.FileName+name)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, store.FileName), yesterday, 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	e.Run()
	time.Sleep(100 * time.Millisecond)
	v, err := e.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if v.State != delivery.Paused || v.Paused == nil || v.Paused.Kind != delivery.KindRestored {
		t.Errorf("it is %s, %+v", v.State, v.Paused)
	}
	if m := sink.Accepted(); m != n {
		t.Errorf("%d messages left by themselves", m-n)
	}
	invariant.Check(t, e, id, l.received(0))
	l.finish(t, e)
	invariant.Check(t, e, id, l.received(0))
}
