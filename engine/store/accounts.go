package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

const accountColumns = `id, name, kind, host, port, security, user, password_env, connections, per_minute, per_hour, per_day, rate,
	provider, from_name, from_address, reply_to, postal_address, auth, oauth_command, oauth_endpoint, oauth_client, oauth_scope, pin,
	per_second, per_connection, domain_limits`

// accountDest are the places for accountColumns.
func accountDest(a *delivery.Account) []any {
	return []any{&a.ID, &a.Name, &a.Kind, &a.Host, &a.Port, &a.Security, &a.User, &a.PasswordEnv,
		&a.Connections, &a.PerMinute, &a.PerHour, &a.PerDay, &a.Rate,
		&a.Provider, &a.Brand.Name, &a.Brand.Address, &a.Brand.ReplyTo, &a.Brand.PostalAddress,
		&a.Auth, &a.OAuth.Command, &a.OAuth.Endpoint, &a.OAuth.Client, &a.OAuth.Scope, &a.Pin, &a.PerSecond, &a.PerConnection, &a.DomainLimits}
}

func scanAccount(r scanner) (delivery.Account, error) {
	var a delivery.Account
	err := r.Scan(accountDest(&a)...)
	return a, err
}

// accountIn reads one account inside a transaction.
func accountIn(tx *sql.Tx, id int64) (delivery.Account, error) {
	a, err := scanAccount(tx.QueryRow(`SELECT `+accountColumns+` FROM accounts WHERE id = ? AND retired IS NULL`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = &delivery.Error{Kind: delivery.KindNotFound, Field: "account"}
	}
	return a, err
}

// Accounts lists the relays that can be chosen, the oldest first.
func (s *Store) Accounts(ctx context.Context) ([]delivery.Account, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT `+accountColumns+` FROM accounts WHERE retired IS NULL ORDER BY id`)
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
// Admin and returns it with its id. An account of that name that was deleted, and
// that old deliveries still name, comes back with the new settings. after runs
// inside the transaction: its error undoes everything.
func (s *Store) AddAccount(ctx context.Context, who access.Principal, a delivery.Account, after func(delivery.Account) error) (delivery.Account, error) {
	const op = "add_account"
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Admin); err != nil {
			return err
		}
		var old int64
		err := tx.QueryRow(`SELECT id FROM accounts WHERE name = ? AND retired IS NOT NULL`, a.Name).Scan(&old)
		switch {
		case err == nil:
			a.ID = old
			err = updateAccount(tx, a)
		case errors.Is(err, sql.ErrNoRows):
			err = insertAccount(tx, &a)
		}
		if err != nil || after == nil {
			return err
		}
		return after(a)
	})
	return a, err
}

func insertAccount(tx *sql.Tx, a *delivery.Account) error {
	b, o := a.Brand, a.OAuth
	res, err := tx.Exec(`INSERT INTO accounts (name, kind, host, port, security, user, password_env,
		connections, per_minute, per_hour, per_day, provider, from_name, from_address, reply_to, postal_address,
		auth, oauth_command, oauth_endpoint, oauth_client, oauth_scope, pin, per_second, per_connection, domain_limits, created)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		a.Name, a.Kind, a.Host, a.Port, a.Security, a.User, a.PasswordEnv,
		a.Connections, a.PerMinute, a.PerHour, a.PerDay, a.Provider, b.Name, b.Address, b.ReplyTo, b.PostalAddress,
		a.Auth, o.Command, o.Endpoint, o.Client, o.Scope, a.Pin, a.PerSecond, a.PerConnection, a.DomainLimits, ms(time.Now()))
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return &delivery.Error{Kind: delivery.KindExists, Field: "account", Detail: a.Name}
	}
	a.ID, err = res.LastInsertId()
	return err
}

func updateAccount(tx *sql.Tx, a delivery.Account) error {
	b, o := a.Brand, a.OAuth
	res, err := tx.Exec(`UPDATE OR IGNORE accounts SET name = ?, host = ?, port = ?, security = ?, user = ?, password_env = ?, connections = ?,
		per_minute = ?, per_hour = ?, per_day = ?, provider = ?, from_name = ?, from_address = ?, reply_to = ?, postal_address = ?,
		auth = ?, oauth_command = ?, oauth_endpoint = ?, oauth_client = ?, oauth_scope = ?, pin = ?, per_second = ?, per_connection = ?, domain_limits = ?, retired = NULL WHERE id = ?`,
		a.Name, a.Host, a.Port, a.Security, a.User, a.PasswordEnv, a.Connections, a.PerMinute, a.PerHour, a.PerDay,
		a.Provider, b.Name, b.Address, b.ReplyTo, b.PostalAddress,
		a.Auth, o.Command, o.Endpoint, o.Client, o.Scope, a.Pin, a.PerSecond, a.PerConnection, a.DomainLimits, a.ID)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return &delivery.Error{Kind: delivery.KindExists, Field: "account", Detail: a.Name}
	}
	return nil
}

// EditAccount replaces the settings of an account. Needs the right Admin. Where it
// leads cannot change while a delivery through it is under way (KindInUse); its
// limits, its brand and how it logs in can, so that a delivery that was paused for
// a certificate or a permission can go on. Of the training relay only the brand can change. after
// runs inside the transaction with the account as it was.
func (s *Store) EditAccount(ctx context.Context, who access.Principal, a delivery.Account, after func(was delivery.Account) error) error {
	const op = "edit_account"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Admin); err != nil {
			return err
		}
		was, err := accountIn(tx, a.ID)
		if err != nil {
			return err
		}
		a.Kind = was.Kind
		if was.Training() {
			b := a.Brand
			a = was
			a.Brand = b
		}
		if a.Host != was.Host || a.Port != was.Port || a.Security != was.Security || a.User != was.User {
			if err := unused(tx, a.ID, `'sending', 'retrying', 'paused', 'confirmed'`); err != nil {
				return err
			}
		}
		if err := updateAccount(tx, a); err != nil {
			return err
		}
		if a.DomainLimits != was.DomainLimits {
			if err := countDomains(tx, a, time.Now()); err != nil {
				return err
			}
		}
		return after(was)
	})
}

// unused refuses when a delivery in one of the states goes through an account.
func unused(tx *sql.Tx, account int64, states string) error {
	var id delivery.ID
	var label string
	err := tx.QueryRow(`SELECT id, label FROM deliveries d WHERE `+throughAccount+` AND state IN (`+states+`) ORDER BY id LIMIT 1`, account).Scan(&id, &label)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return &delivery.Error{Kind: delivery.KindInUse, Field: "account", Detail: id.String() + " " + label}
}

// DeleteAccount removes an account. One that ended deliveries name is offered no
// more but stays for them; one that any other delivery names is KindInUse. The
// training relay stays. It returns what was deleted, and whether another account
// has the same relay, user and way to log in, and so the same password.
func (s *Store) DeleteAccount(ctx context.Context, who access.Principal, id int64) (was delivery.Account, shared bool, err error) {
	const op = "delete_account"
	err = s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Admin); err != nil {
			return err
		}
		var err error
		if was, err = accountIn(tx, id); err != nil {
			return err
		}
		if was.Training() {
			return &delivery.Error{Kind: delivery.KindInvalid, Field: "account.kind"}
		}
		if err := unused(tx, id, `'editing', 'preparing', 'preparation_failed', 'ready', 'confirmed', 'sending', 'retrying', 'paused'`); err != nil {
			return err
		}
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM accounts WHERE id <> ? AND retired IS NULL AND host = ? COLLATE NOCASE AND port = ? AND user = ? AND auth = ?)`,
			id, was.Host, was.Port, was.User, was.Auth).Scan(&shared); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM dkim WHERE account = ?`, id); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE accounts SET retired = ?2 WHERE id = ?1 AND EXISTS (SELECT 1 FROM deliveries d WHERE `+throughAccount+`)`, id, ms(time.Now()))
		if err != nil {
			return err
		}
		_, err = tx.Exec(`DELETE FROM accounts WHERE id = ? AND retired IS NULL`, id)
		return err
	})
	return was, shared, err
}

// SetRate remembers how fast an account was, in messages a second.
func (s *Store) SetRate(ctx context.Context, account int64, rate float64) error {
	return s.write(ctx, "set_rate", func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE accounts SET rate = ? WHERE id = ?`, rate, account)
		return err
	})
}
