package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// A delivery with several relays keeps in each message's row which of them took
// it. That is written when the message is claimed: after a crash the row says to
// whose limits an attempt counts, and the journal need not.

// via names an account of a delivery, or of one of its claims: 0 is the
// delivery's own.
type via struct {
	delivery delivery.ID
	account  int64
}

func nullRelays(rs []delivery.Relay) any {
	if len(rs) == 0 {
		return nil
	}
	return marshal(rs)
}

func scanRelays(s sql.NullString) ([]delivery.Relay, error) {
	if !s.Valid {
		return nil, nil
	}
	var rs []delivery.Relay
	return rs, json.Unmarshal([]byte(s.String), &rs)
}

// throughAccount is a condition on a delivery d: it goes through the account ?1.
const throughAccount = `(d.account = ?1 OR d.relays IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(d.relays) r WHERE r.value ->> 'account' = ?1))`

// relaysFit refuses relays that do not exist, and the training relay beside a real
// one: what it takes reaches nobody.
func relaysFit(tx *sql.Tx, d delivery.Draft) error {
	training := 0
	for _, r := range d.Relays {
		a, err := accountIn(tx, r.Account)
		if err != nil {
			return err
		}
		if a.Training() {
			training++
		}
	}
	if training > 0 {
		return &delivery.Error{Kind: delivery.KindInvalid, Field: "relays", Detail: "training"}
	}
	return nil
}

// querier is a transaction, or the pool for reading.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// relayAccounts reads the accounts of several relays, in their order.
func relayAccounts(ctx context.Context, q querier, rs []delivery.Relay) ([]delivery.Account, error) {
	if len(rs) == 0 {
		return nil, nil
	}
	out := make([]delivery.Account, len(rs))
	for i, r := range rs {
		var err error
		if out[i], err = scanAccount(q.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM accounts WHERE id = ?`, r.Account)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// others are the accounts of all relays but the first.
func others(as []delivery.Account) []delivery.Account {
	if len(as) == 0 {
		return nil
	}
	return as[1:]
}

// complete adds to a view what scanView could not read.
func (s *Store) complete(ctx context.Context, v *delivery.View) error {
	var err error
	if v.Accounts, err = relayAccounts(ctx, s.r, v.Relays); err != nil {
		return err
	}
	if v.Definition, err = definition(s.r, v.Audience); err != nil {
		return err
	}
	if v.AudienceRule != "" {
		if v.AudienceRule, err = named(s.r, v.AudienceRule); err != nil {
			return err
		}
	}
	if v.Plan != nil && !v.State.Sealed() {
		v.Broken = delivery.Broken(v.Plan, v.Draft, v.Account, others(v.Accounts)...)
	}
	return nil
}

// relaysOf lists the relays of a delivery for the queue; none for one account.
func relaysOf(v delivery.View) []queue.Relay {
	var out []queue.Relay
	for i, r := range v.Relays {
		out = append(out, queue.Relay{Account: v.Accounts[i], Weight: r.Weight, Spare: r.Spare})
	}
	return out
}

// several reports whether a delivery goes through more than one account.
func (w *work) several() bool { return len(w.relays) > 0 }

// account is the one that a claim is for. ok is false for one that the delivery
// does not go through.
func (w *work) account(id int64) (a delivery.Account, ok bool) {
	if id == 0 {
		return w.acct, true
	}
	for _, a := range w.relays {
		if a.ID == id {
			return a, true
		}
	}
	return a, false
}

// byRelay collects the attempts of one batch by the account that made them.
type byRelay map[int64]map[int64]*[4]int64

func (b byRelay) of(account int64) map[int64]*[4]int64 {
	if b[account] == nil {
		b[account] = map[int64]*[4]int64{}
	}
	return b[account]
}

// takenBy notes in the rows of claimed messages which relay has them. What a
// deferred one was told at its last attempt moves to its history first, with the
// relay that was told it.
func takenBy(tx *sql.Tx, w *work, seqs []int64, from delivery.MessageState, account int64) error {
	if from == delivery.MsgDeferred {
		if err := keepAttempt(tx, w.id, "seq IN (SELECT value FROM json_each(?))", marshal(seqs)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`UPDATE messages SET account = ? WHERE delivery = ? AND seq IN (SELECT value FROM json_each(?))`, account, w.id, marshal(seqs))
	return err
}

// taker is the account that has a claimed message.
func taker(tx *sql.Tx, w *work, seq int64) (int64, error) {
	var n sql.NullInt64
	err := tx.QueryRow(`SELECT account FROM messages WHERE delivery = ? AND seq = ?`, w.id, seq).Scan(&n)
	if !n.Valid {
		return w.acct.ID, err // claimed before the account was noted
	}
	return n.Int64, err
}

// nobodyHas takes note that the relays of messages that were claimed have done
// nothing with them: the row tells again who made its last attempt, if there was
// one.
func nobodyHas(tx *sql.Tx, w *work, where string, args ...any) error {
	_, err := tx.Exec(`UPDATE messages SET account = (SELECT a.account FROM attempts a WHERE a.delivery = messages.delivery
		AND a.seq = messages.seq AND a.attempt = messages.attempts) WHERE delivery = ? AND `+where, append([]any{w.id}, args...)...)
	return err
}

// returned takes note that claimed messages come back untouched, before they do.
func (c *commit) returned(tx *sql.Tx, w *work, seqs ...int64) error {
	for _, seq := range seqs {
		o := queue.Outcome{Ref: queue.Ref{Delivery: w.id, Seq: seq}}
		if err := c.ended(tx, w, o, w.acct.ID, false); err != nil {
			return err
		}
	}
	if !w.several() || len(seqs) == 0 {
		return nil
	}
	const these = `state = ? AND seq IN (SELECT value FROM json_each(?))`
	rows, err := tx.Query(`SELECT account, count(*) FROM messages WHERE delivery = ? AND `+these+` GROUP BY account`,
		w.id, delivery.MsgClaimed, marshal(seqs))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var account sql.NullInt64
		var n int
		if err := rows.Scan(&account, &n); err != nil {
			return err
		}
		c.held[via{w.id, account.Int64}] -= n
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return nobodyHas(tx, w, these, delivery.MsgClaimed, marshal(seqs))
}

// bound notes that a limit left less than a claim asked for.
func (c *commit) bound(r queue.ClaimRequest, l queue.Limit) {
	c.out.Limits[queue.Via{Delivery: r.Delivery, Account: r.Account}] = l
	if l.Until.IsZero() {
		return
	}
	if at := c.out.NextDue[r.Delivery]; at.IsZero() || l.Until.Before(at) {
		c.out.NextDue[r.Delivery] = l.Until
	}
}

// heldBy is how many messages an account has claimed in deliveries with several
// relays. It lives as long as the claims do, which is no longer than the program.
func (c *commit) heldBy(account int64) int {
	n := 0
	for v, d := range c.held {
		if v.account == account {
			n += d
		}
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for v, d := range c.s.held {
		if v.account == account {
			n += d
		}
	}
	return n
}

// keepHeld takes over what a transaction changed, under s.mu.
func (s *Store) keepHeld(by map[via]int) {
	for v, n := range by {
		if s.held[v] += n; s.held[v] == 0 {
			delete(s.held, v)
		}
	}
}

// dropHeld forgets the claims of a delivery: a recovery has settled them all.
func (s *Store) dropHeld(id delivery.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.held, func(v via, _ int) bool { return v.delivery == id })
	for r, p := range s.heldIn {
		if r.Delivery == id {
			delete(s.heldIn, r)
			s.places[p]--
		}
	}
}
