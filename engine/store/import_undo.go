package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Imports lists those that were done, the newest first.
func (s *Store) Imports(ctx context.Context) ([]delivery.Import, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT `+importColumns+` FROM imports ORDER BY id DESC`)
	if err != nil {
		return nil, s.wrap("imports", err)
	}
	defer rows.Close()
	out := []delivery.Import{}
	for rows.Next() {
		i, err := scanImport(rows)
		if err != nil {
			return nil, s.wrap("imports", err)
		}
		out = append(out, i.Import)
	}
	return out, s.wrap("imports", rows.Err())
}

const importColumns = `id, at, operator, file, kind, audience, audience_name, existing, consent_source, consent_at,
	rows, added, updated, unchanged, merged, rejected, misfits, undone, undone_by, made, first, last, undo`

// doneImport is an import with what its undo needs.
type doneImport struct {
	delivery.Import
	stamp       int64
	made        bool
	first, last int64
	undo        undoInfo
}

func scanImport(r scanner) (doneImport, error) {
	var i doneImport
	var consent, undone sql.NullInt64
	var undo string
	if err := r.Scan(&i.ID, &i.stamp, &i.Operator, &i.File, &i.Kind, &i.Audience, &i.AudienceName, &i.Existing, &i.ConsentSource, &consent,
		&i.Rows, &i.Added, &i.Updated, &i.Unchanged, &i.Merged, &i.Rejected, &i.Misfits, &undone, &i.UndoneBy, &i.made, &i.first, &i.last, &undo); err != nil {
		return i, err
	}
	i.At, i.ConsentAt, i.Undone = time.UnixMilli(i.stamp).UTC(), fromMS(consent), fromMS(undone)
	i.Undo = undo != "" && !undone.Valid
	if undo == "" {
		return i, nil
	}
	return i, json.Unmarshal([]byte(undo), &i.undo)
}

// UndoImport takes back what an import did, as far as nobody built on it: people
// whom it added are removed unless they were written to, edited or put on another
// list since; people whom it changed get back what they had, field by field, where
// it is still what the import made of it; its audience has the members it had, or
// is gone. Needs the right Prepare. KindNotFound; KindInvalid with Field "import"
// and Detail "undone" or "expired"; KindInUse when the audience would go and a
// delivery that has not ended is for it, or a rule refers to it.
func (s *Store) UndoImport(ctx context.Context, who access.Principal, id int64) (delivery.ImportUndo, error) {
	const op = "undo_import"
	var r delivery.ImportUndo
	if s.readOnly != nil {
		return r, s.refuse(op)
	}
	err := s.alone(func(tx *sql.Tx, _ rawConn) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		i, err := scanImport(tx.QueryRow(`SELECT `+importColumns+` FROM imports WHERE id = ?`, id))
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return &delivery.Error{Kind: delivery.KindNotFound, Field: "import", Detail: strconv.FormatInt(id, 10)}
		case err != nil:
			return err
		case !i.Undone.IsZero():
			return &delivery.Error{Kind: delivery.KindInvalid, Field: "import", Detail: "undone"}
		case !i.Undo:
			return &delivery.Error{Kind: delivery.KindInvalid, Field: "import", Detail: "expired"}
		}
		u := &undoer{tx: tx, i: i, r: &r}
		if err := u.run(); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE imports SET undone = ?, undone_by = ?, undo = '' WHERE id = ?`, ms(time.Now()), o.Name, id)
		return err
	})
	return r, s.wrap(op, err)
}

type undoer struct {
	tx    *sql.Tx
	i     doneImport
	r     *delivery.ImportUndo
	stamp int64
}

func (u *undoer) run() error {
	var err error
	if u.stamp, err = stamp(u.tx); err != nil {
		return err
	}
	for _, step := range []func() error{u.audience, u.added, u.untouched, u.touched, u.fields, u.members, u.forget} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// audience finds out whether the list is still what the import made of it, and
// takes its members out.
func (u *undoer) audience() error {
	err := u.tx.QueryRow(`SELECT coalesce(import = ?, 0) FROM audiences WHERE id = ?`, u.i.ID, u.i.Audience).Scan(&u.r.Audience)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !u.r.Audience {
		return nil
	}
	if err != nil {
		return err
	}
	if u.i.made {
		if err := audienceFree(u.tx, u.i.Audience); err != nil {
			return err
		}
		if err := unreferred(u.tx, u.i.Audience); err != nil {
			return err
		}
	}
	_, err = u.tx.Exec(`DELETE FROM members WHERE audience = ?`, u.i.Audience)
	return err
}

// added removes the people whom the import added and whom nothing has to do with
// since.
func (u *undoer) added() error {
	if u.i.last < u.i.first {
		return nil
	}
	if _, err := u.tx.Exec(`CREATE TEMP TABLE IF NOT EXISTS undone (id INTEGER PRIMARY KEY)`); err != nil {
		return err
	}
	if _, err := u.tx.Exec(`DELETE FROM temp.undone`); err != nil {
		return err
	}
	res, err := u.tx.Exec(`INSERT INTO temp.undone SELECT id FROM profiles p WHERE id BETWEEN ?1 AND ?2 AND NOT EXISTS (SELECT 1 FROM contacted c WHERE c.profile = p.id)
		AND (modified = ?3 OR modified = (SELECT g.modified FROM import_again g WHERE g.import = ?4 AND g.profile = p.id))
		AND NOT EXISTS (SELECT 1 FROM audiences a JOIN members m ON m.audience = a.id AND m.profile = p.id)
		AND id NOT IN (SELECT m.profile FROM messages m WHERE m.profile BETWEEN ?1 AND ?2 AND m.key IS NOT NULL
			AND m.delivery IN (SELECT id FROM deliveries WHERE confirmed_at IS NOT NULL))`,
		u.i.first, u.i.last, u.i.stamp, u.i.ID)
	if err != nil {
		return err
	}
	if u.r.Removed, err = res.RowsAffected(); err != nil {
		return err
	}
	if err := u.tx.QueryRow(`SELECT count(*) - ?3 FROM profiles WHERE id BETWEEN ?1 AND ?2`, u.i.first, u.i.last, u.r.Removed).Scan(&u.r.Kept); err != nil {
		return err
	}
	if _, err := u.tx.Exec(`DELETE FROM profiles WHERE id IN (SELECT id FROM temp.undone)`); err != nil {
		return err
	}
	if _, err := u.tx.Exec(`DELETE FROM temp.undone`); err != nil {
		return err
	}
	return retireID(u.tx, metaLastProfile, u.i.last)
}

// untouched gives back to those whom nobody changed since all that they had. For
// the import before this one they are again as it left them.
func (u *undoer) untouched() error {
	res, err := u.tx.Exec(`UPDATE profiles SET fields = c.fields, consent_source = c.consent_source, consent_at = c.consent_at, modified = ?1
		FROM import_changes c WHERE c.import = ?2 AND profiles.id = c.profile AND (profiles.modified = ?3 OR
			profiles.modified = (SELECT g.modified FROM import_again g WHERE g.import = ?2 AND g.profile = profiles.id))`, u.stamp, u.i.ID, u.i.stamp)
	if err != nil {
		return err
	}
	if u.r.Restored, err = res.RowsAffected(); err != nil {
		return err
	}
	_, err = u.tx.Exec(`INSERT OR REPLACE INTO import_again (import, profile, modified)
		SELECT i.id, c.profile, ?1 FROM import_changes c JOIN profiles p ON p.id = c.profile AND p.modified = ?1
			JOIN imports i ON i.undo <> '' AND i.id < ?2 AND (i.at = c.modified OR
				c.modified = (SELECT g.modified FROM import_again g WHERE g.import = i.id AND g.profile = c.profile))
		WHERE c.import = ?2`, u.stamp, u.i.ID)
	return err
}

// touched gives back to the others what is still as the import left it.
func (u *undoer) touched() error {
	type person struct {
		id     int64
		fields string // as they will be
		source string
		at     sql.NullInt64
	}
	rows, err := u.tx.Query(`SELECT p.id, p.fields, c.fields, c.became, p.consent_source, p.consent_at, c.consent_source, c.consent_at
		FROM import_changes c JOIN profiles p ON p.id = c.profile WHERE c.import = ? AND p.modified <> ?`, u.i.ID, u.stamp)
	if err != nil {
		return err
	}
	defer rows.Close()
	var people []person
	var texts [3]string
	var now, was, became flat
	for rows.Next() {
		var p person
		var source string
		var at sql.NullInt64
		if err := rows.Scan(&p.id, &texts[0], &texts[1], &texts[2], &p.source, &p.at, &source, &at); err != nil {
			return err
		}
		for i, f := range []*flat{&now, &was, &became} {
			if *f, err = parseFlat(*f, texts[i]); err != nil {
				return err
			}
		}
		var all bool
		now, all = now.restore(was, became)
		p.fields = now.String()
		if u.i.ConsentSource != "" && p.source == u.i.ConsentSource && sameDate(p.at, u.i.ConsentAt) {
			p.source, p.at = source, at
		}
		if all {
			u.r.Restored++
		} else {
			u.r.Changed++
		}
		people = append(people, p)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	for _, p := range people {
		if _, err := u.tx.Exec(`UPDATE profiles SET fields = ?, consent_source = ?, consent_at = ?, modified = ? WHERE id = ?`,
			p.fields, p.source, p.at, u.stamp, p.id); err != nil {
			return err
		}
	}
	return nil
}

// fields gives fields their types back and forgets those that nobody had.
func (u *undoer) fields() error {
	if !u.r.Audience {
		return nil // a later import says what they are
	}
	for _, f := range u.i.undo.Fields {
		if _, err := u.tx.Exec(`UPDATE fields SET type = ?, label = ?, sample = ? WHERE name = ?`, f.Type, f.Label, f.Sample, f.Name); err != nil {
			return err
		}
	}
	if u.r.Kept > 0 || u.r.Changed > 0 {
		return nil // somebody may have them
	}
	for _, name := range u.i.undo.New {
		if _, err := u.tx.Exec(`DELETE FROM fields WHERE name = ?`, name); err != nil {
			return err
		}
	}
	return nil
}

// members makes the list what it was.
func (u *undoer) members() error {
	if !u.r.Audience {
		return nil
	}
	id := u.i.Audience
	if u.i.made {
		if u.r.Kept > 0 || u.r.Changed > 0 {
			columns, err := audienceIn(u.tx, id)
			if err != nil {
				return err
			}
			if err := rememberFields(u.tx, columns); err != nil {
				return err
			}
		}
		return removeAudience(u.tx, id)
	}
	if _, err := u.tx.Exec(`INSERT INTO members (audience, profile) SELECT ?, m.profile FROM import_members m JOIN profiles p ON p.id = m.profile
		WHERE m.import = ?`, id, u.i.ID); err != nil {
		return err
	}
	was := u.i.undo
	if _, err := u.tx.Exec(`UPDATE audiences SET source = ?, columns = ?, imported = ?, import = ?,
		changed = ?6,
		size = (SELECT count(*) FROM members WHERE audience = ?5) WHERE id = ?5`, was.Source, marshal(was.Columns), was.Imported, was.Import, id, u.stamp); err != nil {
		return err
	}
	return u.unnote()
}

// unnote forgets the names that were noted as fields when the list lost them as
// columns: they are its columns again.
func (u *undoer) unnote() error {
	known, err := nameList(u.tx.QueryRow(`SELECT value FROM meta WHERE key = ?`, metaFields))
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(known, func(c string) bool { return slices.Contains(u.i.undo.Noted, c) })
	if len(left) == 0 {
		_, err = u.tx.Exec(`DELETE FROM meta WHERE key = ?`, metaFields)
		return err
	}
	_, err = u.tx.Exec(`UPDATE meta SET value = ? WHERE key = ?`, marshal(left), metaFields)
	return err
}

func (u *undoer) forget() error {
	for _, q := range []string{`DELETE FROM import_changes WHERE import = ?`, `DELETE FROM import_members WHERE import = ?`, `DELETE FROM import_again WHERE import = ?`} {
		if _, err := u.tx.Exec(q, u.i.ID); err != nil {
			return err
		}
	}
	return nil
}
