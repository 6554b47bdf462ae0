package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sendoff/engine/extsort"
)

// scratchPrefix names the scratch databases within the workspace, as the runs of
// an import are named: a start sweeps both.
const scratchPrefix = extsort.Prefix

// scratch is a throw-away database: rows go in at full speed, without
// durability, and out in one transaction of the main database. It belongs to
// one goroutine.
type scratch struct {
	path string
	db   *sql.DB
	conn *sql.Conn
	raw  rawConn
	ins  driver.Stmt
	args []driver.Value
}

// rawConn is what the staging needs of a driver's connection.
type rawConn interface {
	Exec(query string, args []driver.Value) (driver.Result, error)
	Prepare(query string) (driver.Stmt, error)
}

// newScratch creates the file with one table of the given columns and an
// insert statement for it.
func (s *Store) newScratch(ctx context.Context, columns string, n int) (*scratch, error) {
	f, err := os.CreateTemp(s.dir, scratchPrefix+"*.db")
	if err != nil {
		return nil, s.wrap("scratch", err)
	}
	f.Close()
	x := &scratch{path: f.Name(), args: make([]driver.Value, n)}
	if err := s.openScratch(ctx, x, columns, n); err != nil {
		x.discard()
		return nil, s.wrap("scratch", err)
	}
	return x, nil
}

func (s *Store) openScratch(ctx context.Context, x *scratch, columns string, n int) error {
	var err error
	x.db = s.pool(dsn(x.path, "mode=rw", "_journal_mode=OFF", "_synchronous=OFF", "_locking_mode=EXCLUSIVE"))
	x.db.SetMaxOpenConns(1)
	if x.conn, err = x.db.Conn(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	if _, err = x.conn.ExecContext(ctx, `CREATE TABLE staged (`+columns+`)`); err != nil {
		return err
	}
	// The driver's own connection: database/sql's bookkeeping would cost more
	// than the insert itself.
	if err = x.conn.Raw(func(c any) error {
		raw, ok := c.(rawConn)
		if !ok {
			return fmt.Errorf("unexpected driver %T", c)
		}
		x.raw = raw
		return nil
	}); err != nil {
		return err
	}
	if _, err = x.raw.Exec("BEGIN", nil); err != nil {
		return err
	}
	x.ins, err = x.raw.Prepare(`INSERT INTO staged VALUES (` + strings.TrimSuffix(strings.Repeat("?,", n), ",") + `)`)
	return err
}

// add inserts one row. The values must be driver values.
func (x *scratch) add(values ...driver.Value) error {
	copy(x.args, values)
	_, err := x.ins.Exec(x.args)
	return err
}

// finish makes the rows readable for another connection.
func (x *scratch) finish() error {
	if x.ins != nil {
		if err := x.ins.Close(); err != nil {
			return err
		}
		x.ins = nil
	}
	if _, err := x.raw.Exec("COMMIT", nil); err != nil {
		return err
	}
	x.conn.Close()
	return x.db.Close()
}

// discard removes the file. Calling it again does nothing.
func (x *scratch) discard() {
	if x.ins != nil {
		x.ins.Close()
	}
	if x.conn != nil {
		x.conn.Close()
	}
	if x.db != nil {
		x.db.Close()
	}
	os.Remove(x.path)
	os.Remove(x.path + "-journal")
}

// merge runs fn in one durable transaction of the main database, in which the
// scratch table is visible as stage.staged.
func (s *Store) merge(ctx context.Context, op string, x *scratch, fn func(tx *sql.Tx) error) error {
	if s.readOnly != nil {
		return s.refuse(op)
	}
	if err := x.finish(); err != nil {
		return s.wrap(op, err)
	}
	ctx = context.WithoutCancel(ctx)
	conn, err := s.w.Conn(ctx)
	if err != nil {
		return s.wrap(op, err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `ATTACH DATABASE ? AS stage`, dsn(x.path, "mode=rw")); err != nil {
		return s.wrap(op, err)
	}
	err = func() error {
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := s.ours(tx); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Commit()
	}()
	if _, derr := conn.ExecContext(ctx, `DETACH DATABASE stage`); err == nil {
		err = derr
	}
	return s.wrap(op, err)
}

// sweep removes what an earlier crash left behind.
func (s *Store) sweep() {
	left, err := filepath.Glob(filepath.Join(s.dir, scratchPrefix+"*"))
	if err != nil {
		return
	}
	for _, path := range left {
		os.Remove(path)
	}
}
