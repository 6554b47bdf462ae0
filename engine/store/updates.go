package store

import (
	"database/sql"
	"errors"
	"fmt"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// updates write outcomes into the rows of claimed messages.
type updates struct {
	any, taken *sql.Stmt
}

// newUpdates prepares for many outcomes. What is true of every message that a relay
// took at once stands in the statement: such a message is most of them, and a value
// that is handed over costs more than it does to write it.
func newUpdates(tx *sql.Tx) (u updates, err error) {
	if u.any, err = tx.Prepare(`UPDATE messages SET state = ?, attempts = ?, at = ?, next_try = ?, code = ?, enhanced = ?,
		nature = ?, fault = ?, reply = ? WHERE delivery = ? AND seq = ? AND state = ?`); err != nil {
		return u, err
	}
	// A claimed message has no next try.
	u.taken, err = tx.Prepare(fmt.Sprintf(`UPDATE messages SET state = %d, attempts = 1, at = ?, code = ?, enhanced = ?,
		nature = '', fault = '', reply = ? WHERE delivery = ? AND seq = ? AND state = %d`, delivery.MsgAccepted, delivery.MsgClaimed))
	if err != nil {
		u.close()
	}
	return u, err
}

// put writes an outcome by which a message gets to a state. It reports whether the
// message was claimed; otherwise nothing is written.
func (u updates) put(o queue.Outcome, to delivery.MessageState, attempts int) (bool, error) {
	var done sql.Result
	var err error
	if to == delivery.MsgAccepted && attempts == 1 && o.NextTry.IsZero() && o.Nature == "" && o.Fault == "" {
		done, err = u.taken.Exec(ms(o.At), o.Code, o.Enhanced, o.Reply, o.Delivery, o.Seq)
	} else {
		done, err = u.any.Exec(to, attempts, ms(o.At), nullMS(o.NextTry), o.Code, o.Enhanced, o.Nature, o.Fault, o.Reply,
			o.Delivery, o.Seq, delivery.MsgClaimed)
	}
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n > 0, err
}

func (u updates) close() error {
	errs := []error{u.any.Close()}
	if u.taken != nil {
		errs = append(errs, u.taken.Close())
	}
	return errors.Join(errs...)
}
