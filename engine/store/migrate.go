package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// BackupFolder holds the copies made before migrations, within the workspace.
const BackupFolder = "backups"

// keepBackups is how many copies stay.
const keepBackups = 7

// migrations lists the file names in order; the n-th brings version n.
func migrations() []string {
	entries, err := migrationFiles.ReadDir("migrations")
	if err != nil {
		panic(err) // embedded: cannot happen in a built program
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	slices.Sort(names)
	return names
}

// SchemaVersion is the version this program writes.
func SchemaVersion() int { return len(migrations()) }

// migrate brings the schema from version have to ours, one transaction a step.
// A database that already held something is copied and the copy verified first.
func (s *Store) migrate(ctx context.Context, have int) error {
	names := migrations()
	if have >= len(names) {
		return nil
	}
	if have > 0 {
		if _, err := s.Backup(ctx, fmt.Sprintf("before-schema-%d", len(names))); err != nil {
			return err
		}
	}
	for v := have + 1; v <= len(names); v++ {
		text, err := migrationFiles.ReadFile("migrations/" + names[v-1])
		if err != nil {
			return err
		}
		if err := s.step(ctx, v, string(text)); err != nil {
			return fmt.Errorf("migration %s: %w", names[v-1], err)
		}
	}
	return nil
}

func (s *Store) step(ctx context.Context, version int, text string) error {
	tx, err := s.w.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec(text); err != nil {
		return err
	}
	if _, err := tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return err
	}
	return tx.Commit()
}

// Backup writes a verified copy of the database into the backup folder and
// returns its path. The copy appears under its name only when it is whole; the
// oldest copies beyond seven are removed.
func (s *Store) Backup(ctx context.Context, label string) (string, error) {
	dir := filepath.Join(s.dir, BackupFolder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", s.wrap("backup", err)
	}
	dropParts(dir)
	name := filepath.Join(dir, time.Now().UTC().Format("20060102T150405.000Z")+"-"+label+".db")
	tmp := name + ".part"
	defer os.Remove(tmp)
	if err := s.copyTo(ctx, tmp); err != nil {
		return "", s.wrap("backup", err)
	}
	if err := s.verify(ctx, tmp); err != nil {
		return "", s.wrap("backup", err)
	}
	if err := syncFile(tmp); err != nil {
		return "", s.wrap("backup", err)
	}
	if err := os.Rename(tmp, name); err != nil {
		return "", s.wrap("backup", err)
	}
	syncFile(dir)
	return name, s.prune(dir)
}

// copyTo copies the database as it is at one moment, over a connection of its own:
// nobody who writes waits for it.
func (s *Store) copyTo(ctx context.Context, path string) error {
	db := s.pool(dsn(s.path, "mode=ro", "_busy_timeout=5000"))
	defer db.Close()
	_, err := db.ExecContext(ctx, `VACUUM INTO ?`, path)
	return err
}

// LastBackup is when the daily copy was last made or, before the first one, when the
// workspace was.
func (s *Store) LastBackup(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	err := s.r.QueryRowContext(ctx, `SELECT (SELECT value FROM meta WHERE key = 'backup')`).Scan(&at)
	return fromMS(at), s.wrap("backup", err)
}

// DailyBackup makes a copy and notes when.
func (s *Store) DailyBackup(ctx context.Context, now time.Time) error {
	if _, err := s.Backup(ctx, "daily"); err != nil {
		return err
	}
	return s.write(ctx, "backup", func(tx *sql.Tx) error { return setBackup(tx, now) })
}

func setBackup(tx interface {
	Exec(query string, args ...any) (sql.Result, error)
}, at time.Time) error {
	_, err := tx.Exec(`INSERT INTO meta (key, value) VALUES ('backup', ?) ON CONFLICT DO UPDATE SET value = excluded.value`, ms(at))
	return err
}

// dropParts removes copies that a crash cut short, and what SQLite put beside
// them. One process at a time makes copies.
func dropParts(dir string) {
	left, _ := os.ReadDir(dir) // whatever is wrong with it, the copy will say so
	for _, e := range left {
		if strings.Contains(e.Name(), ".db.part") {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// verify opens a copy and lets SQLite check it whole.
func (s *Store) verify(ctx context.Context, path string) error {
	db := s.pool(dsn(path, "mode=ro"))
	defer db.Close()
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return &delivery.Error{Kind: delivery.KindDamaged, File: path, Detail: verdict}
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

func (s *Store) prune(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".db") {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	for len(names) > keepBackups {
		if err := os.Remove(filepath.Join(dir, names[0])); err != nil {
			return err
		}
		names = names[1:]
	}
	return nil
}
