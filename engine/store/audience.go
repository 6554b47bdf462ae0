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
	"sendoff/engine/rule"
)

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

// AudienceName trims the name of an audience. KindInvalid with Field "audience.name"
// for an empty one, and for one that no rule could hold.
func AudienceName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || !rule.Plain(name) {
		return name, &delivery.Error{Op: "audience", Kind: delivery.KindInvalid, Field: "audience.name"}
	}
	return name, nil
}

// RenameAudience gives an audience another name. Needs the right Prepare. Errors
// as of AudienceName; KindExists for a name that another audience has.
func (s *Store) RenameAudience(ctx context.Context, who access.Principal, id int64, name string) error {
	const op = "rename_audience"
	name, err := AudienceName(name)
	if err != nil {
		return err
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
		return removeAudience(tx, id)
	})
}

// removeAudience takes a list away inside a transaction. Deliveries that were for
// it keep its name.
func removeAudience(tx *sql.Tx, id int64) error {
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
