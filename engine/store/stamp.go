package store

import (
	"database/sql"
	"time"
)

// metaStamp is the key of meta for the last stamp.
const metaStamp = "stamp"

// stamp gives a transaction that changes profiles or lists its time of change, in
// Unix milliseconds: later than that of every transaction before, even when the
// clock was set back. What is read anew because it changed is found by it, so
// whoever adds, changes or removes profiles or members takes one, and writes it to
// profiles.modified and audiences.changed.
func stamp(tx *sql.Tx) (int64, error) {
	var n int64
	err := tx.QueryRow(`INSERT INTO meta (key, value) VALUES (?1, ?2)
		ON CONFLICT (key) DO UPDATE SET value = max(?2, CAST(value AS INTEGER) + 1)
		RETURNING CAST(value AS INTEGER)`, metaStamp, ms(time.Now())).Scan(&n)
	return n, err
}
