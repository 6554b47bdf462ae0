package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// QuarantineNumbers returns the ids of the quarantined addresses that a query
// selects, in its order; ties follow the id. Ids are never used again.
func (s *Store) QuarantineNumbers(ctx context.Context, q delivery.QuarantineQuery) ([]int64, error) {
	column, direction := "at", " DESC"
	switch q.Sort {
	case "address":
		column = "key"
	case "reason":
		column = "reason"
	}
	if q.Asc {
		direction = ""
	}
	where, args := "true", []any{}
	if t := strings.TrimSpace(q.Search); len(t) > longestSearch {
		return []int64{}, nil
	} else if t != "" {
		where, args = anyCase("key", t)
	}
	return s.numbers(ctx, "quarantine", `SELECT id FROM quarantine WHERE `+where+
		` ORDER BY `+column+direction+`, id`+direction+` LIMIT ?`, append(args, limitOf(q.Limit))...)
}

// QuarantineRows reads quarantined addresses by id, in the order given; those
// that are gone are left out.
func (s *Store) QuarantineRows(ctx context.Context, ids []int64) ([]delivery.Quarantined, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT q.id, q.key, q.reason, q.by, q.at,
			coalesce((SELECT p.address FROM profiles p WHERE p.key = q.key ORDER BY p.id LIMIT 1), q.key)
		FROM json_each(?) n CROSS JOIN quarantine q ON q.id = n.value ORDER BY n.key`, marshal(ids))
	if err != nil {
		return nil, s.wrap("quarantine", err)
	}
	defer rows.Close()
	out := make([]delivery.Quarantined, 0, len(ids))
	for rows.Next() {
		var q delivery.Quarantined
		var at sql.NullInt64
		if err := rows.Scan(&q.ID, &q.Key, &q.Reason, &q.By, &at, &q.Address); err != nil {
			return nil, s.wrap("quarantine", err)
		}
		q.At = fromMS(at)
		out = append(out, q)
	}
	return out, s.wrap("quarantine", rows.Err())
}

// ReasonManual is why an address is in quarantine that a person put there.
const ReasonManual = "manual"

// AddQuarantine puts one address, given by its key, into quarantine on behalf of
// an operator with the right Prepare. KindExists when it is there already.
func (s *Store) AddQuarantine(ctx context.Context, who access.Principal, key string) error {
	const op = "add_quarantine"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		res, err := tx.Exec(`INSERT INTO quarantine (key, reason, at, by) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			key, ReasonManual, ms(time.Now()), o.Name)
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 0 {
			return &delivery.Error{Kind: delivery.KindExists, Field: "quarantine", Detail: key}
		}
		return nil
	})
}

// Release takes addresses out of quarantine, by key. Needs the right Prepare.
// Keys that are not there are left out. It also lifts what a deleted denial left
// behind; a profile on the denylist stays there.
func (s *Store) Release(ctx context.Context, who access.Principal, keys []string) error {
	const op = "release"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Prepare); err != nil {
			return err
		}
		_, err := tx.Exec(`DELETE FROM quarantine WHERE key IN (SELECT value FROM json_each(?))`, marshal(keys))
		return err
	})
}
