package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/enginetest/invariant"
	"sendoff/engine/event"
	"sendoff/engine/journal"
	"sendoff/engine/store"
	"sendoff/engine/store/storetest"
)

// copiesIn lists the copies of a workspace.
func copiesIn(dir string) (list []string) {
	entries, err := os.ReadDir(filepath.Join(dir, store.BackupFolder))
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".db") {
			list = append(list, e.Name())
		}
	}
	return list
}

// TestFault35NoRoomForCopies: the daily copy cannot be made, because its disk is full
// or its folder is gone. Sending goes on, it is said, and earlier copies stay.
func TestFault35NoRoomForCopies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, dir string, s *store.Options)
		kept  int
	}{
		{"full", func(_ *testing.T, _ string, s *store.Options) {
			s.Connect = storetest.Connect(func(call string) (error, bool) {
				if call == "vacuum" {
					return storetest.ErrFull, false
				}
				return nil, false
			})
		}, 1},
		{"gone", func(t *testing.T, dir string, _ *store.Options) {
			backups := filepath.Join(dir, store.BackupFolder)
			if err := os.RemoveAll(backups); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(backups, nil, 0o600); err != nil { // nor can it be made
				t.Fatal(err)
			}
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			l := confirmedLoop(t, dir, 100, 2, enginetest.SinkOptions{Delay: 2 * time.Millisecond})
			id := l.id

			o := engine.Options{Dir: dir, Secrets: noSecrets{}, BackupEvery: time.Nanosecond}
			s, err := store.Open(t.Context(), store.Options{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.DailyBackup(t.Context(), time.Now()); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if n := len(copiesIn(dir)); n != 1 {
				t.Fatalf("%d copies", n)
			}
			var set store.Options
			c.spoil(t, dir, &set)
			o.Disk = func(s *store.Options, _ *journal.Options) { s.Connect = set.Connect }
			e, err := engine.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			sub := e.Subscribe()
			defer sub.Close()
			e.Run()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			var said error
			for said == nil {
				es, err := sub.Next(ctx)
				if err != nil {
					t.Fatal("nobody is told")
				}
				for _, x := range es {
					if w, ok := x.(event.Warning); ok {
						said = w.Err
					}
				}
			}
			if !delivery.Is(said, delivery.KindBackup) || !strings.Contains(said.Error(), dir) {
				t.Errorf("it says %v", said)
			}
			l.finish(t, e)
			if v, err := e.Delivery(t.Context(), id); err != nil || v.Counters.Accepted != 100 {
				t.Errorf("%+v, %v", v.Counters, err)
			}
			if e.Broken() != nil {
				t.Error(e.Broken())
			}
			invariant.Check(t, e, id, l.received(0))
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			if list := copiesIn(dir); len(list) != c.kept {
				t.Errorf("copies %v, want %d", list, c.kept)
			}
		})
	}
}

// TestDailyBackup makes one when the last is a day old, and none before, while
// messages leave.
func TestDailyBackup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := confirmedLoop(t, dir, 200, 2, enginetest.SinkOptions{Delay: time.Millisecond})
	sink, id := l.sink, l.id
	for _, every := range []time.Duration{0, time.Hour, 10 * time.Millisecond} {
		e, err := engine.Open(t.Context(), engine.Options{Dir: dir, Secrets: noSecrets{}, BackupEvery: every})
		if err != nil {
			t.Fatal(err)
		}
		e.Run()
		(&loop{sink: sink, id: id}).finish(t, e)
		for end := time.Now().Add(10 * time.Second); every == 10*time.Millisecond && len(copiesIn(dir)) == 0 && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if n := len(copiesIn(dir)); (n > 0) != (every == 10*time.Millisecond) {
			t.Errorf("every %v: %d copies", every, n)
		}
	}
}
