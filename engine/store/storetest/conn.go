package storetest

import (
	"context"
	"database/sql/driver"
	"strings"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// Errors as SQLite reports them.
var (
	ErrFull error = sqlite3.Error{Code: sqlite3.ErrFull}
	ErrIO   error = sqlite3.Error{Code: sqlite3.ErrIoErr}
	ErrBusy error = sqlite3.Error{Code: sqlite3.ErrBusy}
	ErrRead error = sqlite3.Error{Code: sqlite3.ErrReadonly}
)

// Hook is asked before every call. call is the first word of its statement in
// small letters, or open, prepare, commit, rollback or next. With an error the
// call fails; when done is true it takes effect all the same.
type Hook func(call string) (err error, done bool)

// Connect opens connections whose calls pass by a hook; for store.Options.
func Connect(h Hook) func(dsn string) (driver.Conn, error) {
	d := &sqlite3.SQLiteDriver{}
	return func(dsn string) (driver.Conn, error) {
		if err, _ := h("open"); err != nil {
			return nil, err
		}
		c, err := d.Open(dsn)
		if err != nil {
			return nil, err
		}
		return &conn{c.(*sqlite3.SQLiteConn), h}, nil
	}
}

// pass makes a call as the hook wants it.
func pass[T any](h Hook, call string, do func() (T, error)) (T, error) {
	var none T
	fault, done := h(call)
	if fault == nil {
		return do()
	}
	if done {
		if _, err := do(); err != nil {
			return none, err
		}
	}
	return none, fault
}

// conn is one connection. Only what database/sql and the store use is passed on.
type conn struct {
	c *sqlite3.SQLiteConn
	h Hook
}

// word is the first word of a statement.
func word(query string) string {
	f := strings.Fields(query)
	if len(f) == 0 {
		return ""
	}
	return strings.ToLower(f[0])
}

func (c *conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	return pass(c.h, "prepare", func() (driver.Stmt, error) {
		s, err := c.c.PrepareContext(ctx, query)
		if err != nil {
			return nil, err
		}
		return &stmt{s.(*sqlite3.SQLiteStmt), c.h, word(query)}, nil
	})
}

func (c *conn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	// One that failed and is open nevertheless would be the driver's defect.
	if err, _ := c.h("begin"); err != nil {
		return nil, err
	}
	t, err := c.c.BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	return tx{t, c.h}, nil
}

func (c *conn) Exec(query string, args []driver.Value) (driver.Result, error) {
	return pass(c.h, word(query), func() (driver.Result, error) { return c.c.Exec(query, args) })
}

// ExecContext runs the statements of a text one by one, each past the hook.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) > 0 {
		return pass(c.h, word(query), func() (driver.Result, error) { return c.c.ExecContext(ctx, query, args) })
	}
	var last driver.Result = driver.RowsAffected(0)
	for _, q := range Statements(query) {
		r, err := pass(c.h, word(q), func() (driver.Result, error) { return c.c.ExecContext(ctx, q, nil) })
		if err != nil {
			return nil, err
		}
		last = r
	}
	return last, nil
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err, _ := c.h(word(query)); err != nil {
		return nil, err
	}
	r, err := c.c.QueryContext(ctx, query, args)
	if err != nil {
		return nil, err
	}
	return &rows{r, c.h}, nil
}

func (c *conn) Ping(ctx context.Context) error { return c.c.Ping(ctx) }

func (c *conn) Close() error { return c.c.Close() }

type stmt struct {
	s    *sqlite3.SQLiteStmt
	h    Hook
	call string
}

func (s *stmt) Close() error  { return s.s.Close() }
func (s *stmt) NumInput() int { return s.s.NumInput() }

func (s *stmt) Exec(args []driver.Value) (driver.Result, error) {
	return pass(s.h, s.call, func() (driver.Result, error) { return s.s.Exec(args) })
}

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return pass(s.h, s.call, func() (driver.Result, error) { return s.s.ExecContext(ctx, args) })
}

func (s *stmt) Query(args []driver.Value) (driver.Rows, error) {
	named := make([]driver.NamedValue, len(args))
	for i, v := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return s.QueryContext(context.Background(), named)
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err, _ := s.h(s.call); err != nil {
		return nil, err
	}
	r, err := s.s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	return &rows{r, s.h}, nil
}

// rows are the answer to a query: reading on may fail as well.
type rows struct {
	driver.Rows
	h Hook
}

func (r *rows) Next(dest []driver.Value) error {
	if err, _ := r.h("next"); err != nil {
		return err
	}
	return r.Rows.Next(dest)
}

type tx struct {
	t driver.Tx
	h Hook
}

// Commit ends the transaction, as SQLite does when its commit fails, unless it
// is done.
func (t tx) Commit() error {
	fault, done := t.h("commit")
	if fault == nil {
		return t.t.Commit()
	}
	end := t.t.Rollback
	if done {
		end = t.t.Commit
	}
	if err := end(); err != nil {
		return err
	}
	return fault
}

// Rollback is never refused: what is not committed is gone anyhow.
func (t tx) Rollback() error { return t.t.Rollback() }

// Statements takes a text apart. It knows of SQL what our own has: comments at
// the end of lines, and triggers, which end with END.
func Statements(text string) []string {
	var out []string
	var b strings.Builder
	for line := range strings.Lines(text) {
		code, _, _ := strings.Cut(line, "--")
		b.WriteString(code)
		if !strings.HasSuffix(strings.TrimSpace(code), ";") {
			continue
		}
		s := strings.TrimSpace(b.String())
		if strings.HasPrefix(s, "CREATE TRIGGER") && !strings.HasSuffix(s, "END;") {
			continue
		}
		out = append(out, s)
		b.Reset()
	}
	if s := strings.TrimSpace(b.String()); s != "" {
		out = append(out, s)
	}
	return out
}
