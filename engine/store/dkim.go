package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Signing is how an account signs, with the public half of its key.
type Signing struct {
	delivery.DKIM
	Record string    // the text of its TXT record
	Since  time.Time // messages that left before were signed otherwise or not at all
}

// Signing returns how an account signs; a zero Signing when it does not.
func (s *Store) Signing(ctx context.Context, account int64) (Signing, error) {
	var g Signing
	var since sql.NullInt64
	err := s.r.QueryRowContext(ctx, `SELECT domain, selector, algorithm, record, since FROM dkim WHERE account = ?`, account).
		Scan(&g.Domain, &g.Selector, &g.Algorithm, &g.Record, &since)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Signing{}, nil
	case err != nil:
		return Signing{}, s.wrap("dkim", err)
	}
	g.Since = fromMS(since)
	return g, nil
}

// SetSigning makes an account sign from now on, or with a zero Signing no more.
// Other accounts that use the same domain and selector share the key, and get its
// record too. Needs the right Admin. The training relay cannot sign (KindInvalid, Field
// "account.kind"): its messages lead nowhere. after runs inside the transaction;
// its error undoes everything.
func (s *Store) SetSigning(ctx context.Context, who access.Principal, account int64, g Signing, after func() error) error {
	const op = "set_dkim"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Admin); err != nil {
			return err
		}
		a, err := accountIn(tx, account)
		if err != nil {
			return err
		}
		if a.Training() {
			return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "account.kind"}
		}
		if !g.On() {
			_, err = tx.Exec(`DELETE FROM dkim WHERE account = ?`, account)
		} else {
			err = putSigning(tx, account, g)
		}
		if err != nil || after == nil {
			return err
		}
		return after()
	})
}

func putSigning(tx *sql.Tx, account int64, g Signing) error {
	now := ms(time.Now())
	_, err := tx.Exec(`INSERT INTO dkim (account, domain, selector, algorithm, record, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (account) DO UPDATE SET domain = ?2, selector = ?3, algorithm = ?4, record = ?5, since = ?6
		WHERE record <> ?5 OR domain <> ?2 OR selector <> ?3`, account, g.Domain, g.Selector, g.Algorithm, g.Record, now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE dkim SET algorithm = ?, record = ?, since = ? WHERE domain = ? AND selector = ? AND record <> ?`,
		g.Algorithm, g.Record, now, g.Domain, g.Selector, g.Record)
	return err
}

// KeyUsed reports whether an account that can be chosen signs with the key of a
// domain and a selector.
func (s *Store) KeyUsed(ctx context.Context, domain, selector string) (used bool, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM dkim JOIN accounts ON id = account
		WHERE retired IS NULL AND domain = ? AND selector = ?)`, domain, selector).Scan(&used)
	return used, s.wrap("dkim", err)
}
