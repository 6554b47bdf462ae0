package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/extsort"
)

// alone runs fn in one durable transaction, in which fn may also use the driver's
// own connection: database/sql's bookkeeping would cost more than an insert. The
// foreign keys are not looked after meanwhile.
func (s *Store) alone(fn func(tx *sql.Tx, raw rawConn) error) error {
	ctx := context.Background()
	conn, err := s.w.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var raw rawConn
	if err := conn.Raw(func(c any) error {
		var ok bool
		if raw, ok = c.(rawConn); !ok {
			return fmt.Errorf("unexpected driver %T", c)
		}
		return nil
	}); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `PRAGMA foreign_keys = OFF`); err != nil {
		return err
	}
	defer func() {
		if _, err := conn.ExecContext(ctx, `PRAGMA foreign_keys = ON`); err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // the next one is a new one
		}
	}()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := s.ours(tx); err != nil {
		return err
	}
	if err := fn(tx, raw); err != nil {
		return err
	}
	return tx.Commit()
}

// merger does one import within its transaction.
type merger struct {
	ctx      context.Context
	tx       *sql.Tx
	raw      rawConn
	rows     *extsort.Iterator
	o        ImportOptions
	a        *delivery.Audience
	n        *Imported
	operator string

	id      int64 // of the import
	stamp   int64
	made    bool    // there was no audience of the name
	known   []int64 // profiles that were there
	add     driver.Stmt
	change  driver.Stmt
	keep    driver.Stmt
	consent []driver.Value
}

// undoInfo is what else it takes to undo an import: the audience and the fields as
// they were.
type undoInfo struct {
	Source   string
	Columns  []string
	Imported int64
	Import   *int64
	Fields   []delivery.Field // those that the import changed
	New      []string         // fields that nobody had
	Noted    []string         // columns that were noted because the audience lost them
}

func (m *merger) close() {
	for _, st := range []driver.Stmt{m.add, m.change, m.keep} {
		if st != nil {
			st.Close()
		}
	}
}

func (m *merger) run() error {
	var before int64
	var err error
	// No other change of a person has this time, by which undo knows its own.
	if m.stamp, err = stamp(m.tx); err != nil {
		return err
	}
	if err := notARule(m.tx, m.a.Name); err != nil {
		return err
	}
	m.a.Imported = time.UnixMilli(m.stamp).UTC()
	if err := m.begin(); err != nil {
		return err
	}
	if err := holdIDs(m.tx); err != nil {
		return err
	}
	if err := m.tx.QueryRow(`SELECT coalesce(max(id), 0) FROM profiles`).Scan(&before); err != nil {
		return err
	}
	if err := outcomes(m.ctx, m.tx, m.rows, m.o, m.take); err != nil {
		return err
	}
	if err := freeIDs(m.tx); err != nil {
		return err
	}
	if err := m.fill(before+1, before+m.n.Added); err != nil {
		return err
	}
	if err := m.dropOld(); err != nil {
		return err
	}
	_, err = m.tx.Exec(`UPDATE imports SET audience = ?, made = ?, first = ?, last = ?, rows = ?, added = ?, updated = ?, unchanged = ?, merged = ? WHERE id = ?`,
		m.a.ID, m.made, before+1, before+m.n.Added, m.n.Added+m.n.Updated+m.n.Unchanged+m.n.Merged,
		m.n.Added, m.n.Updated, m.n.Unchanged, m.n.Merged, m.id)
	return err
}

// begin writes the import's own row, by whose number all that it keeps is known,
// and prepares what is done for every person.
func (m *merger) begin() error {
	o := m.o
	if o.Existing == "" {
		o.Existing = delivery.ExistingUpdate
	}
	if o.Kind == "" {
		o.Kind = "csv"
	}
	err := m.tx.QueryRow(`INSERT INTO imports (at, operator, file, kind, audience, audience_name, made, existing, consent_source, consent_at, rejected, misfits)
		VALUES (?, ?, ?, ?, 0, ?, 0, ?, ?, ?, ?, ?) RETURNING id`, m.stamp, m.operator, o.Source, o.Kind, m.a.Name, o.Existing,
		o.ConsentSource, nullMS(o.ConsentAt), o.Rejected, o.Misfits).Scan(&m.id)
	if err != nil {
		return err
	}
	consent := `, ?, ?`
	if o.ConsentSource == "" && o.ConsentAt.IsZero() {
		consent = `, '', NULL`
	} else {
		m.consent = []driver.Value{o.ConsentSource, nil}
		if !o.ConsentAt.IsZero() {
			m.consent[1] = ms(o.ConsentAt)
		}
	}
	if m.add, err = m.raw.Prepare(fmt.Sprintf(`INSERT INTO profiles (address, key, fields, denied, created, modified, consent_source, consent_at)
		VALUES (?, ?, ?, ?, %d, %d%s)`, m.stamp, m.stamp, consent)); err != nil {
		return err
	}
	if m.keep, err = m.raw.Prepare(fmt.Sprintf(`INSERT INTO import_changes (import, profile, modified, fields, became, consent_source, consent_at)
		VALUES (%d, ?, ?, ?, ?, ?, ?)`, m.id)); err != nil {
		return err
	}
	m.change, err = m.raw.Prepare(fmt.Sprintf(`UPDATE profiles SET fields = ?, denied = ?, consent_source = ?, consent_at = ?, modified = %d WHERE id = ?`, m.stamp))
	return err
}

// take does what is to become of one person.
func (m *merger) take(o *Outcome) error {
	m.n.count(*o)
	if o.Before == nil {
		args := append(make([]driver.Value, 0, 6), emptyNull(o.Address), emptyNull(o.Key), o.Fields, denied(o.Denied))
		_, err := m.add.Exec(append(args, m.consent...))
		return err
	}
	k := o.Before
	m.known = append(m.known, k.ID)
	if !o.Changed {
		return nil
	}
	source, at := driver.Value(k.ConsentSource), nullInt(k.ConsentAt)
	if _, err := m.keep.Exec([]driver.Value{k.ID, k.modified, k.Fields, o.Fields, source, at}); err != nil {
		return err
	}
	if o.consented {
		source, at = m.consent[0], m.consent[1]
	}
	_, err := m.change.Exec([]driver.Value{o.Fields, denied(o.Denied || k.Denied), source, at, k.ID})
	return err
}

func denied(on bool) int64 {
	if on {
		return 1
	}
	return 0
}

func nullInt(n sql.NullInt64) driver.Value {
	if n.Valid {
		return n.Int64
	}
	return nil
}

// fill makes the audience: those who were added, whose numbers follow each other,
// and those who were there.
func (m *merger) fill(first, last int64) error {
	undo, err := m.remember()
	if err != nil {
		return err
	}
	// Columns that the new members lack are still fields of the old ones.
	noted, err := nameList(m.tx.QueryRow(`SELECT value FROM meta WHERE key = ?`, metaFields))
	if err != nil {
		return err
	}
	undo.Noted = slices.DeleteFunc(slices.Clone(undo.Columns), func(c string) bool { return slices.Contains(noted, c) })
	if err := rememberFields(m.tx, undo.Columns); err != nil {
		return err
	}
	if err := saveFields(m.tx, m.o.Fields); err != nil {
		return err
	}
	if m.o.Join {
		for _, c := range undo.Columns {
			if !slices.Contains(m.a.Columns, c) {
				m.a.Columns = append(m.a.Columns, c)
			}
		}
	}
	err = m.tx.QueryRow(`INSERT INTO audiences (id, name, source, columns, size, imported, import) VALUES (`+nextID("audiences")+`, ?2, ?3, ?4, 0, ?5, ?6)
		ON CONFLICT (name) DO UPDATE SET source = excluded.source, columns = excluded.columns, imported = excluded.imported, import = excluded.import
		RETURNING id`, metaLastAudience, m.a.Name, m.a.Source, marshal(m.a.Columns), m.stamp, m.id).Scan(&m.a.ID)
	if err != nil {
		return err
	}
	if !m.made {
		if _, err := m.tx.Exec(`INSERT INTO import_members (import, profile) SELECT ?, profile FROM members WHERE audience = ?`, m.id, m.a.ID); err != nil {
			return err
		}
		if !m.o.Join {
			if _, err := m.tx.Exec(`DELETE FROM members WHERE audience = ?`, m.a.ID); err != nil {
				return err
			}
		}
	}
	// Numbers in order, so that the index is filled from left to right.
	for at := 0; at < len(m.known); at += 10_000 {
		part := m.known[at:min(at+10_000, len(m.known))]
		if _, err := m.tx.Exec(`INSERT OR IGNORE INTO members (audience, profile) SELECT ?, value FROM json_each(?)`, m.a.ID, marshal(part)); err != nil {
			return err
		}
	}
	if _, err := m.tx.Exec(`INSERT INTO members (audience, profile) SELECT ?, id FROM profiles WHERE id BETWEEN ? AND ?`, m.a.ID, first, last); err != nil {
		return err
	}
	err = m.tx.QueryRow(`UPDATE audiences SET size = (SELECT count(*) FROM members WHERE audience = ?1), changed = ?2 WHERE id = ?1 RETURNING size`, m.a.ID, m.stamp).Scan(&m.a.Size)
	if err != nil {
		return err
	}
	_, err = m.tx.Exec(`UPDATE imports SET undo = ? WHERE id = ?`, marshal(undo), m.id)
	return err
}

// remember reads what the audience and the fields are before the import changes
// them.
func (m *merger) remember() (undoInfo, error) {
	var u undoInfo
	var columns string
	var by sql.NullInt64
	err := m.tx.QueryRow(`SELECT source, columns, imported, import FROM audiences WHERE name = ?`, m.a.Name).Scan(&u.Source, &columns, &u.Imported, &by)
	switch {
	case err == sql.ErrNoRows:
		m.made = true
	case err != nil:
		return u, err
	default:
		if by.Valid {
			u.Import = &by.Int64
		}
		if err := json.Unmarshal([]byte(columns), &u.Columns); err != nil {
			return u, err
		}
	}
	for _, f := range m.o.Fields {
		var was delivery.Field
		err := m.tx.QueryRow(`SELECT name, type, label, sample FROM fields WHERE name = ?`, f.Name).Scan(&was.Name, &was.Type, &was.Label, &was.Sample)
		switch {
		case err == sql.ErrNoRows:
			u.New = append(u.New, f.Name)
		case err != nil:
			return u, err
		default:
			u.Fields = append(u.Fields, was)
		}
	}
	return u, nil
}

// KeepUndo is how many imports can be undone; what older ones need is dropped.
const KeepUndo = 20

func (m *merger) dropOld() error {
	for _, q := range []string{
		`DELETE FROM import_changes WHERE import <= ?`,
		`DELETE FROM import_members WHERE import <= ?`,
		`DELETE FROM import_again WHERE import <= ?`,
		`UPDATE imports SET undo = '' WHERE id <= ?`,
	} {
		if _, err := m.tx.Exec(q, m.id-KeepUndo); err != nil {
			return err
		}
	}
	return nil
}
