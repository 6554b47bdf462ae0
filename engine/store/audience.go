package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Import gathers the rows of one import. It belongs to one goroutine; Discard
// must be called in the end, also after Merge.
type Import struct {
	s *Store
	x *scratch
}

// BeginImport opens an empty import. Nothing of the workspace changes before
// Merge.
func (s *Store) BeginImport(ctx context.Context) (*Import, error) {
	if s.readOnly != nil {
		return nil, s.refuse("import")
	}
	x, err := s.newScratch(ctx, `address TEXT, key TEXT, fields TEXT, denied INTEGER`, 4)
	if err != nil {
		return nil, err
	}
	return &Import{s: s, x: x}, nil
}

// Profile is a person as the store keeps it. Key is empty for an address that
// is missing or invalid; Fields is a JSON object of the non-empty fields.
type Profile struct {
	Address string
	Key     string
	Fields  string
	Denied  bool
}

// Add stages one profile.
func (i *Import) Add(p Profile) error {
	var denied int64
	if p.Denied {
		denied = 1
	}
	return i.s.wrap("import", i.x.add(emptyNull(p.Address), emptyNull(p.Key), p.Fields, denied))
}

func emptyNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Imported counts what a merge did.
type Imported struct {
	Added   int64 // new profiles
	Updated int64 // profiles that were there already
	Merged  int64 // rows that named an address of an earlier row again
}

// Merge makes the staged rows profiles and the members of the audience called
// name, all at once. Rows of one address become one profile: later values win,
// empty ones never erase. An audience of that name gets the new members instead
// of the old.
func (i *Import) Merge(ctx context.Context, who access.Principal, name, source string, columns []string) (delivery.Audience, Imported, error) {
	const op = "import"
	a := delivery.Audience{Name: strings.TrimSpace(name), Source: source, Columns: columns, Imported: time.Now()}
	var n Imported
	if a.Name == "" {
		return a, n, &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "audience.name"}
	}
	err := i.s.merge(ctx, op, i.x, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Prepare); err != nil {
			return err
		}
		if err := notARule(tx, a.Name); err != nil {
			return err
		}
		if err := i.mergeProfiles(tx, &a, &n); err != nil {
			return err
		}
		return i.mergeMembers(tx, &a, &n)
	})
	return a, n, err
}

// mergeProfiles stamps every profile it adds or updates with a time of change
// that no other import has, by which mergeMembers finds them again.
func (i *Import) mergeProfiles(tx *sql.Tx, a *delivery.Audience, n *Imported) error {
	var before, after int64
	if err := tx.QueryRow(`SELECT count(*) FROM profiles`).Scan(&before); err != nil {
		return err
	}
	now, err := stamp(tx)
	if err != nil {
		return err
	}
	a.Imported = time.UnixMilli(now).UTC()
	if err := holdIDs(tx); err != nil {
		return err
	}
	// Sorted, so that the unique index is filled from left to right.
	if _, err := tx.Exec(`INSERT INTO profiles (address, key, fields, denied, created, modified)
		SELECT address, key, fields, denied, ?1, ?1 FROM stage.staged WHERE true ORDER BY address, rowid
		ON CONFLICT (address) DO UPDATE SET modified = excluded.modified,
			denied = max(denied, excluded.denied), fields = json_patch(fields, excluded.fields)`, ms(a.Imported)); err != nil {
		return err
	}
	if err := freeIDs(tx); err != nil {
		return err
	}
	if err := tx.QueryRow(`SELECT count(*) FROM profiles`).Scan(&after); err != nil {
		return err
	}
	n.Added = after - before
	return nil
}

func (i *Import) mergeMembers(tx *sql.Tx, a *delivery.Audience, n *Imported) error {
	// Columns that the new members lack are still fields of the old ones.
	old, err := nameList(tx.QueryRow(`SELECT columns FROM audiences WHERE name = ?`, a.Name))
	if err != nil {
		return err
	}
	if err := rememberFields(tx, old); err != nil {
		return err
	}
	err = tx.QueryRow(`INSERT INTO audiences (id, name, source, columns, size, imported) VALUES (`+nextID("audiences")+`, ?2, ?3, ?4, 0, ?5)
		ON CONFLICT (name) DO UPDATE SET source = excluded.source, columns = excluded.columns, imported = excluded.imported
		RETURNING id`, metaLastAudience, a.Name, a.Source, marshal(a.Columns), ms(a.Imported)).Scan(&a.ID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM members WHERE audience = ?`, a.ID); err != nil {
		return err
	}
	res, err := tx.Exec(`INSERT INTO members (audience, profile)
		SELECT ?, id FROM profiles WHERE modified = ? ORDER BY id`, a.ID, ms(a.Imported))
	if err != nil {
		return err
	}
	if a.Size, err = res.RowsAffected(); err != nil {
		return err
	}
	n.Updated = a.Size - n.Added
	n.Merged = i.x.n - a.Size
	_, err = tx.Exec(`UPDATE audiences SET size = ?, changed = ? WHERE id = ?`, a.Size, ms(a.Imported), a.ID)
	return err
}

// Discard removes the staged rows.
func (i *Import) Discard() { i.x.discard() }

// Audiences lists them, the newest first.
func (s *Store) Audiences(ctx context.Context) ([]delivery.Audience, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT id, name, source, columns, size, imported, rule, counted FROM audiences ORDER BY id DESC`)
	if err != nil {
		return nil, s.wrap("audiences", err)
	}
	defer rows.Close()
	var out []delivery.Audience
	for rows.Next() {
		var a delivery.Audience
		var columns string
		var imported, counted sql.NullInt64
		if err := rows.Scan(&a.ID, &a.Name, &a.Source, &columns, &a.Size, &imported, &a.Rule, &counted); err != nil {
			return nil, s.wrap("audiences", err)
		}
		a.Imported, a.Counted = fromMS(imported), fromMS(counted)
		if err := json.Unmarshal([]byte(columns), &a.Columns); err != nil {
			return nil, s.wrap("audiences", err)
		}
		out = append(out, a)
	}
	if err := rows.Err(); err != nil {
		return nil, s.wrap("audiences", err)
	}
	for i := range out {
		if out[i].Rule != "" {
			if out[i].Rule, err = named(s.r, out[i].Rule); err != nil {
				return nil, s.wrap("audiences", err)
			}
		}
	}
	return out, nil
}

// Quarantine puts addresses, given by their keys, where no delivery goes.
func (s *Store) Quarantine(ctx context.Context, keys []string, reason string) error {
	return s.write(ctx, "quarantine", func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO quarantine (key, reason, at) SELECT value, ?, ? FROM json_each(?) WHERE true
			ON CONFLICT DO NOTHING`, reason, ms(time.Now()), marshal(keys))
		return err
	})
}

// RenameAudience gives an audience another name. Needs the right Prepare.
// KindInvalid for an empty name, KindExists for one that another audience has.
func (s *Store) RenameAudience(ctx context.Context, who access.Principal, id int64, name string) error {
	const op = "rename_audience"
	name = strings.TrimSpace(name)
	if name == "" {
		return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "audience.name"}
	}
	return s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Prepare); err != nil {
			return err
		}
		if _, err := audienceIn(tx, id); err != nil {
			return err
		}
		if err := nameFree(tx, id, name); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE audiences SET name = ? WHERE id = ?`, name, id)
		return err
	})
}

// DeleteAudience removes a list or a rule; its people stay. Needs the right Prepare.
// KindInUse when a delivery that has not ended is for it, or the rule of another
// audience refers to it; Detail: which. Ended
// deliveries keep its name.
func (s *Store) DeleteAudience(ctx context.Context, who access.Principal, id int64) error {
	const op = "delete_audience"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Prepare); err != nil {
			return err
		}
		columns, err := audienceIn(tx, id)
		if err != nil {
			return err
		}
		if err := audienceFree(tx, id); err != nil {
			return err
		}
		if err := unreferred(tx, id); err != nil {
			return err
		}
		if err := rememberFields(tx, columns); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO meta (key, value) SELECT ? || d.id, a.name
			FROM deliveries d JOIN audiences a ON a.id = d.audience WHERE a.id = ?`, metaAudienceName, id); err != nil {
			return err
		}
		for _, q := range []string{
			`UPDATE deliveries SET audience = NULL WHERE audience = ?`,
			`DELETE FROM members WHERE audience = ?`,
			`DELETE FROM audiences WHERE id = ?`,
		} {
			if _, err := tx.Exec(q, id); err != nil {
				return err
			}
		}
		return retireID(tx, metaLastAudience, id)
	})
}

// notARule refuses the name of an audience by rule for an import: it would make a
// list of it.
func notARule(tx *sql.Tx, name string) error {
	var taken bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM audiences WHERE name = ? AND rule <> '')`, name).Scan(&taken); err != nil {
		return err
	}
	if taken {
		return &delivery.Error{Kind: delivery.KindExists, Field: "audience", Detail: name}
	}
	return nil
}

// audienceIn reads an audience's columns inside a transaction.
func audienceIn(tx *sql.Tx, id int64) ([]string, error) {
	var there bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM audiences WHERE id = ?)`, id).Scan(&there); err != nil {
		return nil, err
	}
	if !there {
		return nil, &delivery.Error{Kind: delivery.KindNotFound, Field: "audience", Detail: strconv.FormatInt(id, 10)}
	}
	return nameList(tx.QueryRow(`SELECT columns FROM audiences WHERE id = ?`, id))
}

// audienceFree refuses an audience that a delivery still needs.
func audienceFree(tx *sql.Tx, id int64) error {
	var user delivery.ID
	var label string
	err := tx.QueryRow(`SELECT id, label FROM deliveries
		WHERE audience = ? AND state NOT IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1`, id, marshal(endedStates())).Scan(&user, &label)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return &delivery.Error{Kind: delivery.KindInUse, Field: "audience", Detail: user.String() + " " + label}
}

func endedStates() []delivery.State {
	return slices.DeleteFunc(delivery.States(), func(s delivery.State) bool { return !s.Ended() })
}
