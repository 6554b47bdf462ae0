package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Keys of meta.
const (
	metaFields       = "fields"         // JSON list of field names that no audience may list
	metaLastProfile  = "last_profile"   // the highest id of a deleted profile
	metaLastAudience = "last_audience"  // and of a deleted audience
	metaAudienceName = "audience_name/" // and an ended delivery's number: the name of its audience that is deleted
)

// AddProfile stores a new person. Needs the right Prepare. KindExists when a
// profile has the address in any spelling. An address that is in quarantine stays
// there.
func (s *Store) AddProfile(ctx context.Context, who access.Principal, p Profile) (int64, error) {
	const op = "add_profile"
	var id int64
	fields, err := fieldsOf(p)
	if err != nil {
		return 0, s.wrap(op, err)
	}
	err = s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		if err := addressFree(tx, 0, p); err != nil {
			return err
		}
		now, err := stamp(tx)
		if err != nil {
			return err
		}
		var deniedAt any
		by := ""
		if p.Denied {
			deniedAt, by = now, o.Name
		}
		err = tx.QueryRow(`INSERT INTO profiles (id, address, key, fields, denied, denied_at, denied_by, created, modified)
			VALUES (`+nextID("profiles")+`, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) RETURNING id`,
			metaLastProfile, p.Address, p.Key, p.Fields, p.Denied, deniedAt, by, now).Scan(&id)
		if err != nil {
			return err
		}
		return rememberFields(tx, slices.Sorted(maps.Keys(fields)))
	})
	return id, err
}

// EditProfile replaces a person's address and fields; lists, denylist and the
// time of the last message stay. Needs the right Prepare.
//
// A plan that is sealed holds its recipients' addresses and fields as they were:
// it stays what a person confirmed, or is about to. An edit shows in the next
// preparation. A denial goes with the person, and it was also said for the old
// address: that one goes into quarantine.
func (s *Store) EditProfile(ctx context.Context, who access.Principal, id int64, p Profile) error {
	const op = "edit_profile"
	fields, err := fieldsOf(p)
	if err != nil {
		return s.wrap(op, err)
	}
	return s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		was, err := profileIn(tx, id)
		if err != nil {
			return err
		}
		had, err := fieldsOf(was)
		if err != nil || was.Address == p.Address && maps.Equal(had, fields) {
			return err
		}
		if err := addressFree(tx, id, p); err != nil {
			return err
		}
		now, err := stamp(tx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE profiles SET address = ?, key = ?, fields = ?, modified = ? WHERE id = ?`,
			p.Address, p.Key, p.Fields, now, id); err != nil {
			return err
		}
		if was.Denied && was.Key != p.Key {
			if err := suppress(tx, was.Key, o.Name); err != nil {
				return err
			}
		}
		return rememberFields(tx, slices.Sorted(maps.Keys(fields)))
	})
}

// DeleteProfile removes a person from every list. Needs the right Prepare. What
// deliveries know of them, by number, stays; the number is not used again. A
// message that a confirmed plan holds for them still leaves, unless they are
// denied first.
//
// No suppression is lost by it: quarantine is about the address and stays, and
// the address of somebody on the denylist goes there.
func (s *Store) DeleteProfile(ctx context.Context, who access.Principal, id int64) error {
	const op = "delete_profile"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		was, err := profileIn(tx, id)
		if err != nil {
			return err
		}
		if _, err := stamp(tx); err != nil {
			return err
		}
		for _, q := range []string{
			`UPDATE audiences SET size = size - 1 WHERE EXISTS (SELECT 1 FROM members m WHERE m.audience = audiences.id AND m.profile = ?)`,
			`DELETE FROM members WHERE audience IN (SELECT id FROM audiences) AND profile = ?`,
			`DELETE FROM contacted WHERE profile = ?`,
			`DELETE FROM profiles WHERE id = ?`,
		} {
			if _, err := tx.Exec(q, id); err != nil {
				return err
			}
		}
		if err := retireID(tx, metaLastProfile, id); err != nil || !was.Denied {
			return err
		}
		return suppress(tx, was.Key, o.Name)
	})
}

// Deny puts people on the denylist, or takes them off. Needs the right Prepare.
// Whoever is there already keeps the date and the name; people who are gone are
// left out, and when all are it is KindNotFound. A denial counts for everybody
// with the same address until the last of them is taken off.
func (s *Store) Deny(ctx context.Context, who access.Principal, ids []int64, denied bool) error {
	const op = "deny"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := anybody(tx, ids); err != nil {
			return err
		}
		now, err := stamp(tx)
		if err != nil {
			return err
		}
		if denied {
			_, err = tx.Exec(`UPDATE profiles SET denied = 1, denied_at = ?1, denied_by = ?2, modified = ?1
				WHERE id IN (SELECT value FROM json_each(?3)) AND NOT denied`, now, o.Name, marshal(ids))
		} else {
			_, err = tx.Exec(`UPDATE profiles SET denied = 0, denied_at = NULL, denied_by = '', modified = ?
				WHERE id IN (SELECT value FROM json_each(?)) AND denied`, now, marshal(ids))
		}
		return err
	})
}

// anybody refuses numbers of people who are all gone.
func anybody(tx *sql.Tx, ids []int64) error {
	var there bool
	err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM json_each(?) n CROSS JOIN profiles p ON p.id = n.value)`, marshal(ids)).Scan(&there)
	if err == nil && !there {
		err = noProfile(ids[0])
	}
	return err
}

// profileIn reads one profile inside a transaction.
func profileIn(tx *sql.Tx, id int64) (Profile, error) {
	var p Profile
	err := tx.QueryRow(`SELECT coalesce(address, ''), coalesce(key, ''), fields, denied FROM profiles WHERE id = ?`, id).
		Scan(&p.Address, &p.Key, &p.Fields, &p.Denied)
	if errors.Is(err, sql.ErrNoRows) {
		err = noProfile(id)
	}
	return p, err
}

// addressFree refuses an address that another profile has in any spelling.
// Imported profiles may share one; they can be edited as long as they keep it.
func addressFree(tx *sql.Tx, id int64, p Profile) error {
	var other string
	err := tx.QueryRow(`SELECT address FROM profiles WHERE id <> ?1 AND (address = ?2 OR key = ?3
			AND NOT EXISTS (SELECT 1 FROM profiles me WHERE me.id = ?1 AND me.key = ?3)) LIMIT 1`,
		id, p.Address, p.Key).Scan(&other)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return &delivery.Error{Kind: delivery.KindExists, Field: "profile", Detail: other}
}

func fieldsOf(p Profile) (map[string]string, error) {
	var fields map[string]string
	err := json.Unmarshal([]byte(p.Fields), &fields)
	return fields, err
}

// suppress keeps an address from which somebody said no from being written to
// when no profile says it any more. It outweighs any other reason to be in
// quarantine, for whoever releases the address must see it.
func suppress(tx *sql.Tx, key, by string) error {
	if key == "" {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO quarantine (key, reason, at, by) SELECT ?1, ?2, ?3, ?4
		WHERE NOT EXISTS (SELECT 1 FROM profiles WHERE key = ?1 AND denied)
		ON CONFLICT (key) DO UPDATE SET reason = excluded.reason, at = excluded.at, by = excluded.by`,
		key, delivery.NatureDenylist, ms(time.Now()), by)
	return err
}

// nextID is an expression for a number that the table has never used. Its
// parameter ?1 is the key of meta under which retireID remembers.
func nextID(table string) string {
	return `1 + max((SELECT coalesce(max(id), 0) FROM ` + table + `),
		coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?1), 0))`
}

// retireID keeps the number of a row that is deleted from being used again:
// messages, and forms on the screen, know the row by it.
func retireID(tx *sql.Tx, key string, id int64) error {
	_, err := tx.Exec(`INSERT INTO meta (key, value) VALUES (?1, ?2)
		ON CONFLICT (key) DO UPDATE SET value = max(CAST(value AS INTEGER), ?2)`, key, id)
	return err
}

// holdIDs makes SQLite number new profiles beyond the deleted ones, by a row in
// the place of the last of them until freeIDs.
func holdIDs(tx *sql.Tx) error {
	_, err := tx.Exec(`INSERT INTO profiles (id, created, modified) SELECT CAST(value AS INTEGER), 0, 0 FROM meta
		WHERE key = ? AND CAST(value AS INTEGER) > (SELECT coalesce(max(id), 0) FROM profiles)`, metaLastProfile)
	return err
}

func freeIDs(tx *sql.Tx) error {
	_, err := tx.Exec(`DELETE FROM profiles WHERE id = (SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?)`, metaLastProfile)
	return err
}

// rememberFields notes the names of fields for FieldNames: looking at every
// profile would take too long.
func rememberFields(tx *sql.Tx, names []string) error {
	known, err := nameList(tx.QueryRow(`SELECT value FROM meta WHERE key = ?`, metaFields))
	if err != nil {
		return err
	}
	n := len(known)
	for _, name := range names {
		if !slices.Contains(known, name) {
			known = append(known, name)
		}
	}
	if len(known) == n {
		return nil
	}
	_, err = tx.Exec(`INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
		metaFields, marshal(known))
	return err
}

// nameList reads a JSON list of names; a missing row is an empty one.
func nameList(row *sql.Row) ([]string, error) {
	var names []string
	var list string
	switch err := row.Scan(&list); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	err := json.Unmarshal([]byte(list), &names)
	return names, err
}

// FieldNames lists the names that fields of profiles have: those of the most
// audiences first, then in the order of the newest audience, then those of
// profiles that a person wrote and of audiences that are gone.
func (s *Store) FieldNames(ctx context.Context) ([]string, error) {
	as, err := s.Audiences(ctx)
	if err != nil {
		return nil, err
	}
	names, count := []string{}, map[string]int{}
	for _, a := range as {
		for _, c := range a.Columns {
			if count[c]++; count[c] == 1 {
				names = append(names, c)
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return count[b] - count[a] })
	more, err := nameList(s.r.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = ?`, metaFields))
	for _, name := range more {
		if count[name] == 0 {
			names = append(names, name)
		}
	}
	return names, s.wrap("fields", err)
}
