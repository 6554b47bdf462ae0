package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Operators lists everybody who works here, the first one first.
func (s *Store) Operators(ctx context.Context) ([]access.Operator, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT id, name, rights FROM operators ORDER BY id`)
	if err != nil {
		return nil, s.wrap("operators", err)
	}
	defer rows.Close()
	var out []access.Operator
	for rows.Next() {
		o, err := scanOperator(rows)
		if err != nil {
			return nil, s.wrap("operators", err)
		}
		out = append(out, o)
	}
	return out, s.wrap("operators", rows.Err())
}

type scanner interface{ Scan(dest ...any) error }

func scanOperator(r scanner) (access.Operator, error) {
	var o access.Operator
	var rights string
	if err := r.Scan(&o.ID, &o.Name, &rights); err != nil {
		return o, err
	}
	var err error
	o.Rights, err = access.Parse(rights)
	return o, err
}

// operator reads one operator inside a transaction, so that a right is checked
// in the transaction that acts on it.
func operator(tx *sql.Tx, who access.Principal) (access.Operator, error) {
	o, err := scanOperator(tx.QueryRow(`SELECT id, name, rights FROM operators WHERE id = ?`, who.Operator))
	if errors.Is(err, sql.ErrNoRows) {
		return o, &delivery.Error{Kind: delivery.KindNotFound, Field: "operator"}
	}
	return o, err
}

// require reads the operator and checks one right.
func require(tx *sql.Tx, who access.Principal, op string, r access.Right) (access.Operator, error) {
	o, err := operator(tx, who)
	if err != nil {
		return o, err
	}
	return o, o.Check(op, r)
}

// AddOperator adds a person. The first one of a workspace needs nobody's right.
func (s *Store) AddOperator(ctx context.Context, who access.Principal, name string, rights access.Rights) (access.Operator, error) {
	const op = "add_operator"
	o := access.Operator{Name: strings.TrimSpace(name), Rights: rights}
	if o.Name == "" {
		return o, &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "operator.name"}
	}
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRow(`SELECT count(*) FROM operators`).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			if _, err := require(tx, who, op, access.Admin); err != nil {
				return err
			}
		}
		res, err := tx.Exec(`INSERT INTO operators (name, rights, created) VALUES (?, ?, ?)
			ON CONFLICT DO NOTHING`, o.Name, rights.String(), ms(time.Now()))
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 0 {
			return &delivery.Error{Kind: delivery.KindExists, Field: "operator", Detail: o.Name}
		}
		o.ID, err = res.LastInsertId()
		return err
	})
	return o, err
}

// EditOperator replaces an operator's name and rights. Needs the right Admin.
// KindInvalid, Field "operator.rights", when nobody would be left who has it.
// What has ended keeps the name it was confirmed under; what is under way follows
// the person, whose right is looked up by name when its date comes.
func (s *Store) EditOperator(ctx context.Context, who access.Principal, o access.Operator) error {
	const op = "edit_operator"
	o.Name = strings.TrimSpace(o.Name)
	if o.Name == "" {
		return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "operator.name"}
	}
	rights, err := access.Parse(o.Rights.String())
	if err != nil {
		return s.wrap(op, err)
	}
	return s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Admin); err != nil {
			return err
		}
		was, err := operator(tx, access.Principal{Operator: o.ID})
		if err != nil {
			return err
		}
		if was.Rights.Has(access.Admin) && !rights.Has(access.Admin) {
			if err := otherAdmin(tx, o.ID); err != nil {
				return err
			}
		}
		var taken bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM operators WHERE name = ? AND id <> ?)`, o.Name, o.ID).Scan(&taken); err != nil {
			return err
		}
		if taken {
			return &delivery.Error{Kind: delivery.KindExists, Field: "operator", Detail: o.Name}
		}
		if _, err := tx.Exec(`UPDATE operators SET name = ?, rights = ? WHERE id = ?`, o.Name, rights.String(), o.ID); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE deliveries SET confirmed_by = ? WHERE confirmed_by = ? AND state NOT IN (SELECT value FROM json_each(?))`,
			o.Name, was.Name, marshal(endedStates()))
		return err
	})
}

// otherAdmin makes sure that somebody besides one operator has the right Admin.
func otherAdmin(tx *sql.Tx, id int64) error {
	rows, err := tx.Query(`SELECT id, name, rights FROM operators WHERE id <> ?`, id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		o, err := scanOperator(rows)
		if err != nil {
			return err
		}
		if o.Rights.Has(access.Admin) {
			return nil
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return &delivery.Error{Kind: delivery.KindInvalid, Field: "operator.rights"}
}

// Settle gives a new workspace its first operator, with every right, and the
// training relay; on any other it does nothing.
func (s *Store) Settle(ctx context.Context, first string, training delivery.Account) error {
	var n int
	if err := s.r.QueryRowContext(ctx, `SELECT count(*) FROM operators`).Scan(&n); err != nil {
		return s.wrap("settle", err)
	}
	if n > 0 {
		return nil
	}
	return s.write(ctx, "settle", func(tx *sql.Tx) error {
		if _, err := tx.Exec(`INSERT INTO operators (name, rights, created) VALUES (?, ?, ?)`,
			first, access.Rights(access.All()).String(), ms(time.Now())); err != nil {
			return err
		}
		return insertAccount(tx, &training)
	})
}
