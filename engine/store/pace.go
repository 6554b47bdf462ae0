package store

import (
	"context"
	"database/sql"
	"time"

	"sendoff/engine/delivery"
)

// lately is over how many seconds Pace takes a rate.
const lately = 10

// Pace tells how fast a delivery went lately, in messages with an end a second,
// and from when on the limits of its account let one more leave; zero for at once.
// It is for processes other than the one that sends, which knows better.
func (s *Store) Pace(ctx context.Context, d delivery.Delivery, a delivery.Account, now time.Time) (rate float64, free time.Time, err error) {
	const op = "pace"
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return 0, time.Time{}, s.wrap(op, err)
	}
	defer tx.Rollback()
	var ended, first int64
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(sum(accepted + failed), 0), coalesce(min(second), 0) FROM flow WHERE delivery = ? AND second > ?`,
		d.ID, now.Unix()-lately).Scan(&ended, &first); err != nil {
		return 0, time.Time{}, s.wrap(op, err)
	}
	if ended > 0 {
		rate = float64(ended) / float64(max(1, now.Unix()-first+1))
	}
	c := commit{now: now, s: s}
	room, free, err := c.room(tx, a)
	if err != nil || room > 0 {
		free = time.Time{}
	}
	return rate, free, s.wrap(op, err)
}
