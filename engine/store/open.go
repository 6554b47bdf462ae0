package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// FileName is the database's name within its workspace.
const FileName = "sendoff.db"

// minSQLite is the first version without the WAL-reset defect, as a
// sqlite3_libversion_number.
const minSQLite = 3051003

// Options say how a store is opened.
type Options struct {
	Dir      string // the workspace; must exist
	ReadOnly bool   // no writer is opened and nothing is migrated
	Why      error  // of ReadOnly, what to tell; nil: that it is

	// Connect opens a connection to SQLite; nil: its driver's own. A test may
	// put something in between.
	Connect func(dsn string) (driver.Conn, error)
}

// connector opens the connections of one pool.
type connector struct {
	dsn  string
	open func(dsn string) (driver.Conn, error)
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.open(c.dsn) }

func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

// pool opens a database; the first connection is made when it is needed.
func (s *Store) pool(dsn string) *sql.DB { return sql.OpenDB(connector{dsn, s.connect}) }

// Store is one open workspace database.
type Store struct {
	dir      string
	path     string
	w        *sql.DB // one connection; nil when read-only
	r        *sql.DB
	readOnly error // why nothing can be written; nil when it can
	id       string

	generation string // of writers; ours
	connect    func(dsn string) (driver.Conn, error)

	mu     sync.Mutex
	cursor map[delivery.ID]int64  // no message below it is pending
	held   map[via]int            // claimed, by relay, of deliveries with several
	turns  map[delivery.ID]uint64 // how often the cursor was made to begin again
	aside  map[delivery.ID]aside
	heldIn map[queue.Ref]place // claimed, of domains with limits …
	places map[place]int       // … and how many in each
}

// Open opens the workspace's database, creating and migrating it as needed. A
// database of a newer program is opened read-only; ReadOnly then tells. Errors
// are *delivery.Error: KindPermission, KindDiskFull, KindDamaged, KindIO.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{dir: o.Dir, path: filepath.Join(o.Dir, FileName), connect: o.Connect, cursor: map[delivery.ID]int64{}, held: map[via]int{},
		turns: map[delivery.ID]uint64{}, aside: map[delivery.ID]aside{}, heldIn: map[queue.Ref]place{}, places: map[place]int{}}
	if s.connect == nil {
		s.connect = (&sqlite3.SQLiteDriver{}).Open
	}
	if _, n, _ := sqlite3.Version(); n < minSQLite {
		return nil, &delivery.Error{Op: "open", Kind: delivery.KindInternal, Detail: "SQLite is too old"}
	}
	if err := s.open(ctx, o.ReadOnly, o.Why); err != nil {
		s.Close()
		return nil, s.wrap("open", err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, readOnly bool, why error) error {
	fresh := false
	if _, err := os.Stat(s.path); errors.Is(err, os.ErrNotExist) {
		if readOnly {
			return &delivery.Error{Kind: delivery.KindNoFile, File: s.path}
		}
		fresh = true
	}
	r := s.pool(dsn(s.path, "mode=ro", "_busy_timeout=5000", "_query_only=1"))
	r.SetMaxOpenConns(4)
	r.SetMaxIdleConns(4)
	s.r = r

	if !readOnly {
		mode := "mode=rwc"
		if !fresh {
			mode = "mode=rw"
		}
		w := s.pool(dsn(s.path, mode, "_journal_mode=WAL", "_synchronous=FULL",
			"_txlock=immediate", "_busy_timeout=5000", "_foreign_keys=1"))
		w.SetMaxOpenConns(1)
		s.w = w
		// Deliveries' personal data is in this file: it is its owner's alone.
		if fresh {
			if err := touch(s.path); err != nil {
				return err
			}
		}
		if err := s.prepareWriter(ctx, fresh); err != nil {
			return err
		}
	}
	if err := s.checkVersion(ctx); err != nil {
		return err
	}
	if readOnly && s.readOnly == nil {
		s.readOnly = why
	}
	if readOnly && s.readOnly == nil {
		s.readOnly = &delivery.Error{Kind: delivery.KindReadOnly, File: s.path}
	}
	return s.r.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = 'workspace'`).Scan(&s.id)
}

// prepareWriter checks what is there, then brings it up to date.
func (s *Store) prepareWriter(ctx context.Context, fresh bool) error {
	if err := os.Chmod(s.path, 0o600); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if !fresh {
		var verdict string
		if err := s.w.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
			return err
		}
		if verdict != "ok" {
			return &delivery.Error{Kind: delivery.KindDamaged, File: s.path, Detail: verdict}
		}
	}
	// A page that a claim and then an outcome change is written back once, and
	// the log stays within 16 MiB or so.
	if _, err := s.w.ExecContext(ctx, `PRAGMA wal_autocheckpoint = 4000`); err != nil {
		return err
	}
	var mode string
	var sync int
	if err := s.w.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil {
		return err
	}
	if err := s.w.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&sync); err != nil {
		return err
	}
	if mode != "wal" || sync != 2 {
		return fmt.Errorf("journal %s, synchronous %d: not durable", mode, sync)
	}
	have, err := userVersion(ctx, s.w)
	if err != nil {
		return err
	}
	if have > SchemaVersion() {
		s.w.Close()
		s.w = nil
		return nil
	}
	if err := s.migrate(ctx, have); err != nil {
		return err
	}
	s.sweep()
	if err := s.dropDrafts(ctx); err != nil {
		return err
	}
	if err := s.firstStart(ctx); err != nil {
		return err
	}
	return s.take(ctx)
}

// take makes this the generation that may write: whoever opened the workspace
// before, on another machine and past a lock that does not reach so far, may not any
// more.
func (s *Store) take(ctx context.Context) error {
	return s.w.QueryRowContext(context.WithoutCancel(ctx), `INSERT INTO meta (key, value) VALUES ('generation', '1')
		ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value`).Scan(&s.generation)
}

// ours fails when another generation has begun.
func (s *Store) ours(tx *sql.Tx) error {
	var now string
	if err := tx.QueryRow(`SELECT value FROM meta WHERE key = 'generation'`).Scan(&now); err != nil {
		return err
	}
	if now != s.generation {
		return &delivery.Error{Kind: delivery.KindTakenOver, File: s.dir}
	}
	return nil
}

// checkVersion makes the store read-only when the schema is newer than ours.
func (s *Store) checkVersion(ctx context.Context) error {
	have, err := userVersion(ctx, s.r)
	if err != nil {
		return err
	}
	know := SchemaVersion()
	if have > know {
		s.readOnly = &delivery.Error{Kind: delivery.KindNewerSchema, File: s.path,
			Detail: fmt.Sprintf("%d>%d", have, know)}
	}
	if have < know {
		return &delivery.Error{Kind: delivery.KindReadOnly, File: s.path,
			Detail: fmt.Sprintf("schema %d of %d", have, know)}
	}
	return nil
}

// firstStart gives a new database its identity.
func (s *Store) firstStart(ctx context.Context) error {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		return err
	}
	done, err := s.w.ExecContext(ctx, `INSERT INTO meta (key, value) VALUES ('workspace', ?)
		ON CONFLICT DO NOTHING`, hex.EncodeToString(b))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return setBackup(s.w, time.Now())
}

// touch creates the file with its owner's rights before SQLite does.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func userVersion(ctx context.Context, db *sql.DB) (int, error) {
	var v int
	err := db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&v)
	return v, err
}

// dsn builds a data source name; a path may hold any character.
func dsn(path string, params ...string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()}
	for i, p := range params {
		if i > 0 {
			u.RawQuery += "&"
		}
		u.RawQuery += p
	}
	return u.String()
}

// Applied is the number of the last record of the journal whose outcome is
// stored.
func (s *Store) Applied(ctx context.Context) (uint64, error) {
	var n uint64
	err := s.r.QueryRowContext(ctx, `SELECT coalesce((SELECT value FROM meta WHERE key = 'applied'), 0)`).Scan(&n)
	return n, s.wrap("open", err)
}

// setApplied notes how far the journal has been taken over.
func setApplied(tx *sql.Tx, n uint64) error {
	if n == 0 {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO meta (key, value) VALUES ('applied', ?) ON CONFLICT DO UPDATE SET value = excluded.value`, n)
	return err
}

// ID is the workspace's own random identity, 32 hex digits.
func (s *Store) ID() string { return s.id }

// Path is the database file.
func (s *Store) Path() string { return s.path }

// ReadOnly returns why nothing can be written, or nil.
func (s *Store) ReadOnly() error { return s.readOnly }

// Close closes both pools.
func (s *Store) Close() error {
	var errs []error
	if s.r != nil {
		errs = append(errs, s.r.Close())
	}
	if s.w != nil {
		errs = append(errs, s.w.Close())
	}
	return errors.Join(errs...)
}

// write runs fn in one immediate, durable transaction. It cannot be cancelled.
func (s *Store) write(ctx context.Context, op string, fn func(tx *sql.Tx) error) error {
	if s.readOnly != nil {
		return s.refuse(op)
	}
	ctx = context.WithoutCancel(ctx)
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return s.wrap(op, err)
	}
	defer tx.Rollback() // after a commit this does nothing
	if err := s.ours(tx); err != nil {
		return s.wrap(op, err)
	}
	if err := fn(tx); err != nil {
		return s.wrap(op, err)
	}
	return s.wrap(op, tx.Commit())
}

func (s *Store) refuse(op string) error {
	var e *delivery.Error
	if !errors.As(s.readOnly, &e) {
		return s.readOnly
	}
	c := *e
	c.Op = op
	return &c
}

// wrap gives a database error its kind. A *delivery.Error passes unchanged.
func (s *Store) wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	var de *delivery.Error
	if errors.As(err, &de) {
		if de.Op == "" {
			c := *de
			c.Op = op
			return &c
		}
		return err
	}
	e := &delivery.Error{Op: op, Kind: delivery.KindInternal, File: s.path, Err: err}
	var se sqlite3.Error
	switch {
	case errors.As(err, &se):
		switch se.Code {
		case sqlite3.ErrFull:
			e.Kind = delivery.KindDiskFull
		case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
			e.Kind = delivery.KindDamaged
		case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm, sqlite3.ErrAuth:
			e.Kind = delivery.KindPermission
		case sqlite3.ErrIoErr:
			e.Kind = delivery.KindIO
		case sqlite3.ErrBusy, sqlite3.ErrLocked:
			e.Kind = delivery.KindLocked
		case sqlite3.ErrConstraint:
			// What a list on the screen still offers may have been deleted.
			if se.ExtendedCode == sqlite3.ErrConstraintForeignKey {
				e.Kind = delivery.KindNotFound
			}
		}
	case errors.Is(err, os.ErrPermission):
		e.Kind = delivery.KindPermission
	case errors.Is(err, context.Canceled):
		e.Kind = delivery.KindCancelled
	}
	return e
}

func ms(t time.Time) int64 { return t.UnixMilli() }

func nullMS(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func fromMS(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMilli(n.Int64).UTC()
}
