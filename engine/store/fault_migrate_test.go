package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/store"
	"sendoff/engine/store/storetest"
)

// migrateDir makes this test binary a program that opens the workspace it names,
// and that is killed before the statement whose number is in migrateKill.
const (
	migrateDir  = "SENDOFF_TEST_MIGRATE_DIR"
	migrateKill = "SENDOFF_TEST_MIGRATE_KILL"

	badMigration = 3 // its exit status when it failed without being killed
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(migrateDir); dir != "" {
		os.Exit(migrateUntilKilled(dir))
	}
	os.Exit(m.Run())
}

func migrateUntilKilled(dir string) int {
	at, err := strconv.Atoi(os.Getenv(migrateKill))
	if err != nil {
		return badMigration
	}
	n := 0
	s, err := store.Open(context.Background(), store.Options{Dir: dir, Connect: storetest.Connect(func(call string) (error, bool) {
		switch call {
		case "open", "prepare", "next", "select":
			return nil, false // nothing changes by them
		}
		if n++; n == at {
			if p, err := os.FindProcess(os.Getpid()); err == nil {
				_ = p.Kill()
			}
			select {} // the end comes when the system likes
		}
		return nil, false
	})})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return badMigration
	}
	if err := s.Close(); err != nil {
		return badMigration
	}
	return 0
}

// schemaOf is everything that a database is made of, as text.
func schemaOf(t *testing.T, db *sql.DB) (version int, schema string) {
	t.Helper()
	if err := db.QueryRow(`PRAGMA user_version`).Scan(&version); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(`SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY type, name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var kind, name, text string
		if err := rows.Scan(&kind, &name, &text); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, kind, name, text)
	}
	return version, b.String()
}

// schemas are what the migrations make, one after the other: the n-th is that of
// version n.
func schemas(t *testing.T) []string {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(t.TempDir(), "steps.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	names, err := filepath.Glob(filepath.Join("migrations", "*.sql"))
	if err != nil {
		t.Fatal(err)
	}
	out := []string{""}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(string(text)); err != nil {
			t.Fatal(err)
		}
		_, s := schemaOf(t, db)
		out = append(out, s)
	}
	return out
}

// TestFault10KilledWhileMigrating: killed before every single statement, a database
// has the whole schema of one version, there is a verified copy of what it was
// before anything changed, and the next start brings it to the end.
func TestFault10KilledWhileMigrating(t *testing.T) {
	steps := schemas(t)
	old := t.TempDir()
	schema1(t, old)
	for n, whole := 1, false; !whole; n++ {
		if n > 1000 {
			t.Fatal("no start without a kill")
		}
		if testing.Short() && n%7 != 0 && n > 10 && n < 100 {
			continue
		}
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(old)); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), migrateDir+"="+dir, migrateKill+"="+strconv.Itoa(n))
		out, err := c.CombinedOutput()
		if whole = err == nil; whole {
			t.Logf("%d statements", n-1)
			if n < 2*len(steps) {
				t.Error("hardly a statement was counted")
			}
		} else if c.ProcessState.ExitCode() == badMigration {
			t.Fatalf("kill %d: %v: %s", n, err, out)
		}
		migrated(t, dir, n, steps)
	}
}

// migrated checks one workspace whose migration was killed.
func migrated(t *testing.T, dir string, n int, steps []string) {
	t.Helper()
	db := raw(t, dir)
	version, schema := schemaOf(t, db)
	if schema != steps[version] {
		t.Errorf("kill %d: the schema is not that of version %d:\n%s", n, version, schema)
	}
	copies, err := filepath.Glob(filepath.Join(dir, store.BackupFolder, "*.db"))
	if err != nil {
		t.Fatal(err)
	}
	if version > 1 && len(copies) == 0 {
		t.Errorf("kill %d: version %d and no copy of the first", n, version)
	}
	for _, path := range copies {
		b, err := sql.Open("sqlite3", path)
		if err != nil {
			t.Fatal(err)
		}
		if v, schema := schemaOf(t, b); v != 1 || schema != steps[1] {
			t.Errorf("kill %d: the copy has version %d", n, v)
		}
		b.Close()
	}
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		t.Fatalf("kill %d: %v", n, err)
	}
	defer s.Close()
	if v, schema := schemaOf(t, db); v != len(steps)-1 || schema != steps[v] {
		t.Errorf("kill %d: the next start leaves version %d", n, v)
	}
	v, err := s.Delivery(ctx, 1)
	if err != nil || v.Counters != (delivery.Counters{Targeted: 2, Accepted: 1, Deferred: 1}) || len(v.Broken) != 0 {
		t.Errorf("kill %d: %+v, %v", n, v, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, store.BackupFolder, "*.part")); len(left) > 0 {
		t.Errorf("kill %d: half a copy stays: %v", n, left)
	}
}
