package store

import (
	"database/sql"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// claim hands out messages: pending ones by number, then deferred ones that are
// due. Whoever has been suppressed since the preparation is excluded instead.
func (c *commit) claim(tx *sql.Tx, w *work) error {
	for _, r := range w.claims {
		if err := c.claimFor(tx, w, r); err != nil {
			return err
		}
	}
	return nil
}

func (c *commit) claimFor(tx *sql.Tx, w *work, r queue.ClaimRequest) error {
	a, ok := w.account(r.Account)
	if r.Max <= 0 || !ok || !w.running() {
		return nil
	}
	room, free, err := c.room(tx, a)
	if err != nil {
		return err
	}
	if room < r.Max {
		c.bound(r, queue.Limit{Until: free})
	}
	left := min(room, r.Max)
	if left > 0 && w.byDomain(r, a) {
		_, err := c.claimByDomain(tx, w, r, a, left)
		return err
	}
	for left > 0 && w.counts.Pending+w.delta.Pending > 0 {
		got, jobs, err := c.take(tx, w, r, left, `m.state = 0 AND m.seq >= ?2 ORDER BY m.seq`, w.cursor)
		if err != nil {
			return err
		}
		if got == 0 {
			break
		}
		left -= jobs
	}
	if left > 0 && w.counts.Deferred > 0 {
		_, _, err = c.take(tx, w, r, left, `m.next_try <= ?2 ORDER BY m.next_try`, ms(c.now))
	}
	return err
}

// take claims up to n messages that match and returns how many it looked at and
// how many became jobs.
func (c *commit) take(tx *sql.Tx, w *work, r queue.ClaimRequest, n int, where string, arg any) (seen, jobs int, err error) {
	took := map[delivery.MessageState][]int64{}
	barred := map[delivery.Nature]map[delivery.MessageState][]int64{delivery.NatureDenylist: {}, delivery.NatureQuarantine: {}}
	out := c.out.Jobs[w.id]
	seen, err = waiting(tx, w.id, where, arg, n, func(m *candidate, most int) {
		if len(out) == 0 {
			out = make([]queue.Job, 0, most)
		}
		if m.state == delivery.MsgPending {
			w.cursor = m.Seq + 1
		}
		switch {
		case m.denied:
			barred[delivery.NatureDenylist][m.state] = append(barred[delivery.NatureDenylist][m.state], m.Seq)
		case m.quarantined:
			barred[delivery.NatureQuarantine][m.state] = append(barred[delivery.NatureQuarantine][m.state], m.Seq)
		default:
			m.Attempt++
			m.Account = r.Account
			took[m.state] = append(took[m.state], m.Seq)
			out = append(out, m.Job)
			jobs++
		}
	})
	if err != nil {
		return 0, 0, err
	}
	c.out.Jobs[w.id] = out
	for st, seqs := range took {
		if w.several() {
			if err := takenBy(tx, w, seqs, st, r.Account); err != nil {
				return 0, 0, err
			}
			c.held[via{w.id, r.Account}] += len(seqs)
		}
		if err := shift(tx, w, seqs, st, delivery.MsgClaimed); err != nil {
			return 0, 0, err
		}
	}
	for nature, by := range barred {
		for st, seqs := range by {
			if err := shift(tx, w, seqs, st, delivery.MsgExcluded); err != nil {
				return 0, 0, err
			}
			if err := keepAttempt(tx, w.id, "seq IN (SELECT value FROM json_each(?))", marshal(seqs)); err != nil {
				return 0, 0, err
			}
			if _, err := tx.Exec(`UPDATE messages SET nature = ?, at = ?, key = NULL WHERE delivery = ? AND seq IN (SELECT value FROM json_each(?))`,
				nature, ms(c.now), w.id, marshal(seqs)); err != nil {
				return 0, 0, err
			}
		}
	}
	return seen, jobs, nil
}
