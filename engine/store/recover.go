package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// Recover settles what a crash left behind, in one transaction: what the journal
// knows and the database does not, the open intents as in doubt, and the claims
// of nobody. It must run before the queue and never beside it; running it again
// changes nothing.
//
// Without a journal of this database every claimed message is in doubt. When one
// of the two is an older copy, every delivery that is under way is paused as
// well: a person has to know before anything leaves.
func (s *Store) Recover(ctx context.Context, left queue.Left) error {
	return s.write(ctx, "recover", func(tx *sql.Tx) error {
		lost, err := lacksClaims(tx, left)
		if err != nil {
			return err
		}
		left.Older = left.Older || lost
		ids, err := unsettled(tx, left)
		if err != nil {
			return err
		}
		by := map[delivery.ID]*found{}
		for _, o := range left.Outcomes {
			foundIn(by, o.Delivery).outcomes = append(foundIn(by, o.Delivery).outcomes, o)
		}
		for _, i := range left.Open {
			foundIn(by, i.Delivery).open = append(foundIn(by, i.Delivery).open, i)
		}
		for _, id := range ids {
			if err := s.recover(tx, id, *foundIn(by, id), left); err != nil {
				return err
			}
			s.forget(id)
			s.dropHeld(id)
		}
		return setApplied(tx, left.Last)
	})
}

// found is what a journal says about one delivery.
type found struct {
	outcomes []queue.Outcome
	open     []queue.Intent
}

func foundIn(by map[delivery.ID]*found, id delivery.ID) *found {
	if by[id] == nil {
		by[id] = &found{}
	}
	return by[id]
}

// lacksClaims reports whether the journal speaks of an attempt at a message that
// still waits for it here. Whoever records an intent has claimed the message before,
// so the database has lost what it once had.
func lacksClaims(tx *sql.Tx, left queue.Left) (bool, error) {
	type attempt struct {
		Delivery delivery.ID
		Seq      int64
		Attempt  int
	}
	// The last word about each: one that was put off comes again.
	last := map[queue.Ref]int{}
	for _, o := range left.Outcomes {
		last[o.Ref] = o.Attempt
	}
	for _, i := range left.Open {
		last[i.Ref] = i.Attempt
	}
	var list []attempt
	for ref, n := range last {
		list = append(list, attempt{ref.Delivery, ref.Seq, n})
	}
	if len(list) == 0 {
		return false, nil
	}
	var n int
	err := tx.QueryRow(`SELECT count(*) FROM json_each(?) j JOIN messages m
		ON m.delivery = j.value ->> 'Delivery' AND m.seq = j.value ->> 'Seq'
		WHERE m.state IN (?, ?) AND m.attempts < j.value ->> 'Attempt'`,
		marshal(list), delivery.MsgPending, delivery.MsgDeferred).Scan(&n)
	return n > 0, err
}

// unsettled lists the deliveries that a crash may have left in the middle of
// something.
func unsettled(tx *sql.Tx, left queue.Left) ([]delivery.ID, error) {
	named := map[delivery.ID]bool{}
	for _, o := range left.Outcomes {
		named[o.Delivery] = true
	}
	for _, i := range left.Open {
		named[i.Delivery] = true
	}
	var list []delivery.ID
	for id := range named {
		list = append(list, id)
	}
	rows, err := tx.Query(`SELECT id FROM deliveries WHERE state = 'preparing' OR claimed > 0 OR committing > 0
		OR id IN (SELECT value FROM json_each(?)) OR ? AND state IN ('confirmed', 'sending', 'retrying') ORDER BY id`,
		marshal(list), left.Older)
	if err != nil {
		return nil, err
	}
	var ids []delivery.ID
	for rows.Next() {
		var id delivery.ID
		if err := rows.Scan(&id); err != nil {
			rows.Close()
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, errors.Join(rows.Err(), rows.Close())
}

// recover settles one delivery.
func (s *Store) recover(tx *sql.Tx, id delivery.ID, f found, left queue.Left) error {
	d, err := deliveryIn(tx, id)
	if err != nil {
		return err
	}
	if d.State == delivery.Preparing {
		if err := s.move(tx, &d, delivery.StopPreparation); err != nil {
			return err
		}
		return logLine(tx, id, delivery.LogLine{Severity: delivery.SeverityWarning, Code: "prepare_stopped"})
	}
	c := s.makeCommit(time.Now())
	w := &work{id: id, outcomes: f.outcomes}
	if err := c.load(tx, w); err != nil {
		return err
	}
	if left.Older {
		if err := reclaim(tx, w, f); err != nil {
			return err
		}
	}
	if err := c.settle(tx, w); err != nil {
		return err
	}
	doubtful, err := c.doubt(tx, w, f.open, left.Known && !left.Older)
	if err != nil {
		return err
	}
	if err := c.addDomains(tx); err != nil {
		return err
	}
	released, err := unclaim(tx, w)
	if err != nil {
		return err
	}
	if err := c.count(tx, w); err != nil {
		return err
	}
	if left.Older && d.State.Active() {
		if err := s.move(tx, &d, delivery.Pause); err != nil {
			return err
		}
		why := &delivery.PauseReason{At: c.now.UTC(), Kind: delivery.KindRestored}
		if err := pause(tx, &d, why); err != nil {
			return err
		}
	}
	if doubtful+released+int64(len(f.outcomes)) == 0 {
		return nil
	}
	return logLine(tx, id, delivery.LogLine{Severity: delivery.SeverityWarning, Code: "recovered", Params: map[string]string{
		"released": strconv.FormatInt(released, 10), "in_doubt": strconv.FormatInt(doubtful, 10),
		"replayed": strconv.Itoa(len(f.outcomes))}})
}

// reclaim puts the messages that the journal speaks of back to where it knew
// them: an older copy of the database thinks that they never left.
func reclaim(tx *sql.Tx, w *work, f found) error {
	var seqs []int64
	for _, o := range f.outcomes {
		seqs = append(seqs, o.Seq)
	}
	for _, i := range f.open {
		seqs = append(seqs, i.Seq)
	}
	for _, from := range []delivery.MessageState{delivery.MsgPending, delivery.MsgDeferred} {
		done, err := tx.Exec(`UPDATE messages SET state = ?, next_try = NULL WHERE delivery = ? AND state = ?
			AND seq IN (SELECT value FROM json_each(?))`, delivery.MsgClaimed, w.id, from, marshal(seqs))
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if err != nil {
			return err
		}
		*w.delta.Of(from) -= n
		*w.delta.Of(delivery.MsgClaimed) += n
	}
	return nil
}

// doubt puts those in doubt whose intent is open, and all that are claimed when
// nobody knows whose is.
func (c *commit) doubt(tx *sql.Tx, w *work, open []queue.Intent, known bool) (int64, error) {
	now := time.Now()
	seqs := make([]int64, len(open))
	for i, x := range open {
		seqs[i] = x.Seq
	}
	where, args := `state IN (?, ?)`, []any{delivery.MsgClaimed, delivery.MsgCommitting}
	if known {
		where = `(state = ? AND seq IN (SELECT value FROM json_each(?)) OR state = ?)`
		args = []any{delivery.MsgClaimed, marshal(seqs), delivery.MsgCommitting}
	}
	if err := keepAttempt(tx, w.id, where, args...); err != nil {
		return 0, err
	}
	rows, err := tx.Query(`UPDATE messages SET state = ?, at = ?, nature = ?, fault = '', code = 0, enhanced = '', reply = '',
		next_try = NULL, attempts = attempts + 1 WHERE delivery = ? AND `+where+` RETURNING account, address`,
		append([]any{delivery.MsgInDoubt, ms(now), delivery.NatureLostReply, w.id}, args...)...)
	if err != nil {
		return 0, err
	}
	var n int64
	by := map[int64]int64{}
	for rows.Next() {
		var account sql.NullInt64
		var address string
		if err := rows.Scan(&account, &address); err != nil {
			rows.Close()
			return 0, err
		}
		if !account.Valid {
			account.Int64 = w.acct.ID
		}
		by[account.Int64]++
		n++
		if w.limits(account.Int64, delivery.DomainOf(address)) {
			c.domains[domainSecond{place{account.Int64, delivery.DomainOf(address)}, now.Unix()}]++
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || n == 0 {
		return n, err
	}
	// What was committing in a database of an earlier version counted as that.
	committing := w.counts.Committing
	w.delta.Committing -= committing
	w.delta.Claimed -= n - committing
	w.delta.InDoubt += n
	for account, n := range by {
		if err := addFlow(tx, w, account, map[int64]*[4]int64{now.Unix(): {3: n}}); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// unclaim lets wait again what was claimed and not committed to, or calls it off
// in a stopped delivery.
func unclaim(tx *sql.Tx, w *work) (int64, error) {
	to, nature := delivery.MsgPending, delivery.NatureNone
	if w.state == delivery.Stopped {
		to, nature = delivery.MsgCancelled, delivery.NatureCancelled
		if err := keepAttempt(tx, w.id, "state = ?", delivery.MsgClaimed); err != nil {
			return 0, err
		}
	}
	if w.several() {
		if err := nobodyHas(tx, w, "state = ?", delivery.MsgClaimed); err != nil {
			return 0, err
		}
	}
	done, err := tx.Exec(`UPDATE messages SET state = ?1, next_try = NULL, nature = CASE ?2 WHEN '' THEN nature ELSE ?2 END
		WHERE delivery = ?3 AND state = ?4`, to, nature, w.id, delivery.MsgClaimed)
	if err != nil {
		return 0, err
	}
	n, err := done.RowsAffected()
	w.moved(n, to)
	return n, err
}
