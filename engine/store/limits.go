package store

import (
	"database/sql"
	"slices"
	"time"

	"sendoff/engine/delivery"
)

// limit is at most n attempts within a rolling window.
type limit struct {
	n      int
	window time.Duration
}

// room is how many messages an account may begin now, and when the next one is
// free if that is none. What is claimed or committing counts as begun.
func (c *commit) room(tx *sql.Tx, a delivery.Account) (int, time.Time, error) {
	const unlimited = 1 << 30
	limits := []limit{{a.PerSecond, time.Second}, {a.PerMinute, time.Minute}, {a.PerHour, time.Hour}, {a.PerDay, 24 * time.Hour}}
	limits = slices.DeleteFunc(limits, func(l limit) bool { return l.n == 0 })
	if len(limits) == 0 {
		return unlimited, time.Time{}, nil
	}
	var begun int
	if err := tx.QueryRow(`SELECT coalesce(sum(claimed + committing), 0) FROM deliveries WHERE account = ? AND relays IS NULL`, a.ID).Scan(&begun); err != nil {
		return 0, time.Time{}, err
	}
	begun += c.heldBy(a.ID)
	room, free := unlimited, time.Time{}
	for _, l := range limits {
		rows, err := tx.Query(`SELECT second, sum(accepted + failed + deferred + doubtful) FROM flow
			WHERE account = ? AND second >= ? GROUP BY second ORDER BY second DESC`, a.ID, c.since(l.window))
		if err != nil {
			return 0, time.Time{}, err
		}
		r, at, err := roomIn(rows, l.n-begun, l.window)
		if err != nil {
			return 0, time.Time{}, err
		}
		room = min(room, r)
		if at.After(free) {
			free = at
		}
	}
	return max(room, 0), free, nil
}

// since is the first second that counts for a window. Attempts are kept by the
// second, so a second that has begun to leave the window counts until it has left;
// a window of one second is that of the clock.
func (c *commit) since(window time.Duration) int64 {
	from := c.now.Add(-window).Unix()
	if window == time.Second {
		from++
	}
	return from
}

// roomIn is how many of n attempts are left in a rolling window, and when one more
// will be. rows are the seconds with their attempts, the newest first; they are
// closed.
func roomIn(rows *sql.Rows, n int, window time.Duration) (int, time.Time, error) {
	defer rows.Close()
	left := n
	var free time.Time
	for rows.Next() {
		var second int64
		var used int
		if err := rows.Scan(&second, &used); err != nil {
			return 0, time.Time{}, err
		}
		left -= used
		if left <= 0 && free.IsZero() {
			free = time.Unix(second+1, 0).Add(window)
			if window == time.Second {
				free = time.Unix(second+1, 0)
			}
		}
	}
	return left, free, rows.Err()
}
