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

const accountColumns = `id, name, kind, host, port, security, user, password_env,
	connections, per_minute, per_hour, per_day, rate`

func scanAccount(r scanner) (delivery.Account, error) {
	var a delivery.Account
	err := r.Scan(&a.ID, &a.Name, &a.Kind, &a.Host, &a.Port, &a.Security, &a.User, &a.PasswordEnv,
		&a.Connections, &a.PerMinute, &a.PerHour, &a.PerDay, &a.Rate)
	return a, err
}

// Accounts lists the relays, the oldest first.
func (s *Store) Accounts(ctx context.Context) ([]delivery.Account, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT `+accountColumns+` FROM accounts ORDER BY id`)
	if err != nil {
		return nil, s.wrap("accounts", err)
	}
	defer rows.Close()
	var out []delivery.Account
	for rows.Next() {
		a, err := scanAccount(rows)
		if err != nil {
			return nil, s.wrap("accounts", err)
		}
		out = append(out, a)
	}
	return out, s.wrap("accounts", rows.Err())
}

// AddAccount stores a checked account on behalf of an operator with the right
// Admin and returns it with its id. after runs inside the transaction: its error
// undoes everything.
func (s *Store) AddAccount(ctx context.Context, who access.Principal, a delivery.Account, after func(delivery.Account) error) (delivery.Account, error) {
	const op = "add_account"
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Admin); err != nil {
			return err
		}
		if err := insertAccount(tx, &a); err != nil {
			return err
		}
		if after == nil {
			return nil
		}
		return after(a)
	})
	return a, err
}

func insertAccount(tx *sql.Tx, a *delivery.Account) error {
	res, err := tx.Exec(`INSERT INTO accounts (name, kind, host, port, security, user, password_env,
		connections, per_minute, per_hour, per_day, created)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		a.Name, a.Kind, a.Host, a.Port, a.Security, a.User, a.PasswordEnv,
		a.Connections, a.PerMinute, a.PerHour, a.PerDay, ms(time.Now()))
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return &delivery.Error{Kind: delivery.KindExists, Field: "account", Detail: a.Name}
	}
	a.ID, err = res.LastInsertId()
	return err
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

// SetRate remembers how fast an account was, in messages a second.
func (s *Store) SetRate(ctx context.Context, account int64, rate float64) error {
	return s.write(ctx, "set_rate", func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE accounts SET rate = ? WHERE id = ?`, rate, account)
		return err
	})
}
