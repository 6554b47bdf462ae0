package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// BeginProof stores a proof with all its addresses waiting, under the next number
// of its delivery, and who sends it. Needs the right Prepare. KindInvalid, Field
// "proof.denied", when an address belongs to somebody on the denylist, "proof.quarantine"
// when it is in quarantine; Detail: which. keys are the keys of the addresses.
func (s *Store) BeginProof(ctx context.Context, who access.Principal, p delivery.Proof, keys []string) (delivery.Proof, error) {
	const op = "proof"
	p.At = time.Now()
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		if _, err := deliveryIn(tx, p.Delivery); err != nil {
			return err
		}
		if err := unwanted(tx, keys); err != nil {
			return err
		}
		p.By = o.Name
		// Numbers of deleted deliveries do not matter: their ids are not used again.
		if err := tx.QueryRow(`INSERT INTO proofs (delivery, number, at, operator, content, account)
			VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM proofs WHERE delivery = ?1), ?2, ?3, ?4, ?5) RETURNING number`,
			p.Delivery, ms(p.At), p.By, p.Content, p.Account).Scan(&p.Number); err != nil {
			return err
		}
		for i := range p.Messages {
			m := &p.Messages[i]
			m.Seq, m.Outcome, m.At = i+1, delivery.ProofWaiting, p.At
			if _, err := tx.Exec(`INSERT INTO proof_messages (delivery, number, seq, address, shown_as, at) VALUES (?, ?, ?, ?, ?, ?)`,
				p.Delivery, p.Number, m.Seq, m.Address, m.As, ms(m.At)); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

// unwanted refuses addresses that nobody may write to.
func unwanted(tx *sql.Tx, keys []string) error {
	for _, q := range []struct{ field, query string }{
		{"proof.denied", `SELECT p.address FROM profiles p WHERE p.denied AND p.key IN (SELECT value FROM json_each(?)) LIMIT 1`},
		{"proof.quarantine", `SELECT q.key FROM quarantine q WHERE q.key IN (SELECT value FROM json_each(?)) LIMIT 1`},
	} {
		var address string
		err := tx.QueryRow(q.query, marshal(keys)).Scan(&address)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err == nil {
			err = &delivery.Error{Kind: delivery.KindInvalid, Field: q.field, Detail: address}
		}
		return err
	}
	return nil
}

// ReserveProof counts one message to an address against the limits of an account,
// if they have room. Else it counts nothing and returns when they will, with the
// limit, such as "500/h".
func (s *Store) ReserveProof(ctx context.Context, account int64, address string) (free time.Time, limit string, err error) {
	err = s.write(ctx, "proof", func(tx *sql.Tx) error {
		a, err := scanAccount(tx.QueryRow(`SELECT `+accountColumns+` FROM accounts WHERE id = ?`, account))
		if err != nil {
			return err
		}
		c := s.makeCommit(time.Now())
		room, at, err := c.room(tx, a)
		if err != nil {
			return err
		}
		if room <= 0 {
			free = later(at, c.now)
			if h := queue.LimitHold(a, free); h != nil {
				limit = h.Detail
			}
			return nil
		}
		domain := delivery.DomainOf(address)
		domains, err := c.quotas(tx, queue.ClaimRequest{}, a)
		if err != nil {
			return err
		}
		if q := domains[domain]; q != nil {
			if q.room <= 0 {
				free, limit = later(q.until, c.now), domain
				return nil
			}
			if err := addDomain(tx, domainSecond{place{account, domain}, c.now.Unix()}, 1); err != nil {
				return err
			}
		}
		_, err = tx.Exec(`INSERT INTO flow (account, second, delivery, doubtful) VALUES (?, ?, 0, 1)
			ON CONFLICT DO UPDATE SET doubtful = doubtful + 1`, account, c.now.Unix())
		return err
	})
	return free, limit, err
}

// later is when to look again: what only the end of a message makes free is free
// soon.
func later(at, now time.Time) time.Time {
	if at.After(now) {
		return at
	}
	return now.Add(100 * time.Millisecond)
}

// IntendProof makes durable that the final dot of a proof may be written. It is an
// error when the message has its end. One that certainly did not leave may be
// intended again.
func (s *Store) IntendProof(ctx context.Context, p delivery.Proof, seq int) error {
	return s.write(ctx, "proof", func(tx *sql.Tx) error {
		done, err := tx.Exec(`UPDATE proof_messages SET outcome = 'under_way', at = ?
			WHERE delivery = ? AND number = ? AND seq = ? AND outcome IN ('waiting', 'under_way')`, ms(time.Now()), p.Delivery, p.Number, seq)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, &delivery.Error{Kind: delivery.KindState, Detail: "proof"})
		}
		return nil
	})
}

// SettleProof stores what became of a proof at one address.
func (s *Store) SettleProof(ctx context.Context, p delivery.Proof, m delivery.ProofMessage) error {
	return s.write(ctx, "proof", func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE proof_messages SET outcome = ?, at = ?, code = ?, enhanced = ?, reply = ?, kind = ?, detail = ?
			WHERE delivery = ? AND number = ? AND seq = ? AND outcome IN ('waiting', 'under_way')`,
			m.Outcome, ms(m.At), m.Code, m.Enhanced, m.Reply, m.Kind, m.Detail, p.Delivery, p.Number, m.Seq)
		return err
	})
}

// EndProof settles what is still open of a proof and writes it into the delivery's
// log. why is what ended it early, or nil.
func (s *Store) EndProof(ctx context.Context, p delivery.Proof, why error) (delivery.Proof, error) {
	err := s.write(ctx, "proof", func(tx *sql.Tx) error {
		var kind delivery.Kind
		var detail string
		if why != nil {
			kind = delivery.KindOf(why)
			var e *delivery.Error
			if errors.As(why, &e) {
				detail = e.Detail
			}
		}
		if err := closeProofs(tx, `delivery = ? AND number = ?`, kind, detail, p.Delivery, p.Number); err != nil {
			return err
		}
		list, err := proofsIn(ctx, tx, p.Delivery, p.Number)
		if err != nil {
			return err
		}
		p = list[0]
		severity := delivery.SeverityInfo
		if p.Count(delivery.ProofAccepted) < len(p.Messages) {
			severity = delivery.SeverityWarning
		}
		return logLine(tx, p.Delivery, delivery.LogLine{Severity: severity, Code: "proof_sent", By: p.By, Params: map[string]string{
			"number": strconv.Itoa(p.Number), "count": strconv.Itoa(len(p.Messages)), "accepted": strconv.Itoa(p.Count(delivery.ProofAccepted))}})
	})
	return p, err
}

// closeProofs puts in doubt what may have left and calls off the rest.
func closeProofs(tx *sql.Tx, where string, kind delivery.Kind, detail string, args ...any) error {
	now := ms(time.Now())
	for _, q := range []struct {
		from, to delivery.ProofOutcome
	}{{delivery.ProofUnderWay, delivery.ProofInDoubt}, {delivery.ProofWaiting, delivery.ProofNotSent}} {
		if _, err := tx.Exec(`UPDATE proof_messages SET outcome = ?, at = ?, kind = ?, detail = ? WHERE outcome = ? AND `+where,
			append([]any{q.to, now, kind, detail, q.from}, args...)...); err != nil {
			return err
		}
	}
	return nil
}

// RecoverProofs settles the proofs that an earlier process did not see to an end.
// It must not run beside one that sends.
func (s *Store) RecoverProofs(ctx context.Context) error {
	return s.write(ctx, "proof", func(tx *sql.Tx) error { return closeProofs(tx, "true", delivery.KindCancelled, "") })
}

// Proofs lists the proofs of a delivery, the newest first, each with its addresses.
func (s *Store) Proofs(ctx context.Context, id delivery.ID) ([]delivery.Proof, error) {
	list, err := proofsIn(ctx, s.r, id, 0)
	return list, s.wrap("proofs", err)
}

// proofsIn reads one proof of a delivery, or with number 0 all.
func proofsIn(ctx context.Context, q querier, id delivery.ID, number int) ([]delivery.Proof, error) {
	rows, err := q.QueryContext(ctx, `SELECT p.number, p.at, p.operator, p.content, p.account,
			m.seq, m.address, m.shown_as, m.outcome, m.at, m.code, m.enhanced, m.reply, m.kind, m.detail
		FROM proofs p JOIN proof_messages m ON m.delivery = p.delivery AND m.number = p.number
		WHERE p.delivery = ?1 AND (?2 = 0 OR p.number = ?2) ORDER BY p.number DESC, m.seq`, id, number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []delivery.Proof
	for rows.Next() {
		p, m := delivery.Proof{Delivery: id}, delivery.ProofMessage{}
		var at, then sql.NullInt64
		if err := rows.Scan(&p.Number, &at, &p.By, &p.Content, &p.Account,
			&m.Seq, &m.Address, &m.As, &m.Outcome, &then, &m.Code, &m.Enhanced, &m.Reply, &m.Kind, &m.Detail); err != nil {
			return nil, err
		}
		p.At, m.At = fromMS(at), fromMS(then)
		if len(out) == 0 || out[len(out)-1].Number != p.Number {
			out = append(out, p)
		}
		last := &out[len(out)-1]
		last.Messages = append(last.Messages, m)
	}
	return out, rows.Err()
}
