package store

import (
	"database/sql"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// A message holds what was said at its last attempt. Before anything else is
// written in that place, the attempt is copied to the table attempts: by the
// outcome of another attempt, by the cancellation of what waited, and by an
// exclusion after the fact. Only a deferral can be followed by any of these, so
// that a message that is settled at once pays nothing.

// keepAttempt copies the last attempt of the messages that where selects, if
// there was one, to their history. Doing so twice changes nothing.
func keepAttempt(tx *sql.Tx, id delivery.ID, where string, args ...any) error {
	_, err := tx.Exec(`INSERT INTO attempts (delivery, seq, attempt, state, at, code, enhanced, nature, fault, reply, account)
		SELECT delivery, seq, attempts, ?, at, code, enhanced, nature, fault, reply, account FROM messages
		WHERE delivery = ? AND attempts > 0 AND `+where+` ON CONFLICT DO NOTHING`,
		append([]any{delivery.MsgDeferred, id}, args...)...)
	return err
}

// addAttempt writes a deferral to the history of a message that is cancelled
// instead of tried again.
func addAttempt(tx *sql.Tx, o queue.Outcome) error {
	_, err := tx.Exec(`INSERT INTO attempts (delivery, seq, attempt, state, at, code, enhanced, nature, fault, reply, account)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, (SELECT account FROM messages WHERE delivery = ?1 AND seq = ?2)) ON CONFLICT DO NOTHING`,
		o.Delivery, o.Seq, o.Attempt, delivery.MsgDeferred, ms(o.At), o.Code, o.Enhanced, o.Nature, o.Fault, o.Reply)
	return err
}

// putBack lets a message that was deferred before wait again, or calls it off.
// Nothing was tried, so what was said of it the last time still stands.
func putBack(tx *sql.Tx, o queue.Outcome, to delivery.MessageState) error {
	if to != delivery.MsgCancelled {
		_, err := tx.Exec(`UPDATE messages SET state = ?, next_try = NULL WHERE delivery = ? AND seq = ?`, to, o.Delivery, o.Seq)
		return err
	}
	if err := keepAttempt(tx, o.Delivery, "seq = ?", o.Seq); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE messages SET state = ?, next_try = NULL, nature = ?, at = ? WHERE delivery = ? AND seq = ?`,
		to, delivery.NatureCancelled, ms(o.At), o.Delivery, o.Seq)
	return err
}

func attemptsOf(tx *sql.Tx, id delivery.ID, number int64) ([]delivery.Attempt, error) {
	rows, err := tx.Query(`SELECT attempt, at, state, nature, fault, code, enhanced, reply, coalesce(account, 0) FROM attempts
		WHERE delivery = ? AND seq = ? ORDER BY attempt`, id, number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []delivery.Attempt
	for rows.Next() {
		var a delivery.Attempt
		var at sql.NullInt64
		if err := rows.Scan(&a.Number, &at, &a.State, &a.Nature, &a.Fault, &a.Code, &a.Enhanced, &a.Reply, &a.Account); err != nil {
			return nil, err
		}
		a.At = fromMS(at)
		out = append(out, a)
	}
	return out, rows.Err()
}
