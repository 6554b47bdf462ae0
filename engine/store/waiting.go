package store

import (
	"database/sql"
	"encoding/hex"
	"errors"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// candidate is a message that may be claimed. Its Attempt is the last one.
type candidate struct {
	queue.Job
	state       delivery.MessageState
	denied      bool
	quarantined bool
}

// waiting reads up to n messages that match, hands each of them over together with
// their number, and returns that. They come as one text, each with the lengths of
// its parts ahead: for a message it is cheaper to be cut out of a text in memory
// than to cross the border to SQLite as a row of its own.
func waiting(tx *sql.Tx, id delivery.ID, where string, arg any, n int, each func(m *candidate, most int)) (int, error) {
	var all sql.NullString
	var count int
	err := tx.QueryRow(`SELECT count(*), group_concat(
			seq || ' ' || state || ' ' || attempts || ' ' || denied || ' ' || quarantined || ' ' ||
			octet_length(address) || ' ' || octet_length(fields) || ' ' || sum || address || fields, '')
		FROM (SELECT m.seq, m.state, m.attempts, m.address, f.fields, CASE length(f.sum) WHEN 32 THEN hex(f.sum) ELSE hex(zeroblob(32)) END AS sum,
				EXISTS (SELECT 1 FROM profiles p WHERE p.denied AND p.key = m.key)
					OR EXISTS (SELECT 1 FROM profiles p WHERE p.denied AND p.id = m.profile) AS denied,
				EXISTS (SELECT 1 FROM quarantine q WHERE q.key = m.key) AS quarantined
			FROM messages m CROSS JOIN frozen f ON f.delivery = m.delivery AND f.seq = m.seq WHERE m.delivery = ?1 AND `+where+` LIMIT ?3)`, id, arg, n).Scan(&count, &all)
	if err != nil {
		return 0, err
	}
	d := cutter{rest: all.String}
	var m candidate
	var sum [2 * len(m.Sum)]byte
	for range count {
		m = candidate{Job: queue.Job{Ref: queue.Ref{Delivery: id, Seq: d.number()}}}
		m.state = delivery.MessageState(d.number())
		m.Attempt = int(d.number())
		m.denied, m.quarantined = d.number() != 0, d.number() != 0
		address, fields := int(d.number()), int(d.number())
		copy(sum[:], d.text(len(sum)))
		m.Address, m.Fields = d.text(address), d.text(fields)
		if d.bad {
			return 0, errors.New("a claim cannot be read")
		}
		if _, err := hex.Decode(m.Sum[:], sum[:]); err != nil {
			return 0, err
		}
		each(&m, count)
	}
	return count, nil
}

// cutter cuts numbers and texts off the front of a text.
type cutter struct {
	rest string
	bad  bool
}

// number cuts a decimal number and the space behind it.
func (d *cutter) number() int64 {
	n := int64(0)
	i := 0
	for ; i < len(d.rest) && i < 19 && d.rest[i]-'0' <= 9; i++ {
		n = 10*n + int64(d.rest[i]-'0')
	}
	if i == 0 || i == len(d.rest) || d.rest[i] != ' ' {
		d.rest, d.bad = "", true
		return 0
	}
	d.rest = d.rest[i+1:]
	return n
}

// text cuts n octets. What is cut shares its memory with the whole.
func (d *cutter) text(n int) string {
	if n < 0 || n > len(d.rest) {
		d.rest, d.bad = "", true
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}
