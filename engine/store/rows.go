package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sendoff/engine/delivery"
)

// RowFilter narrows the sending log. The zero value means all of it.
type RowFilter struct {
	States []delivery.MessageState
	Limit  int // 0: no limit
	Offset int
}

const rowColumns = `m.seq, m.profile, m.address, m.state, m.nature, m.fault, m.code, m.enhanced, m.reply, m.attempts, m.at, m.next_try, coalesce(m.account, 0), ` + decidedColumn

func scanRow(rows scanner, extra ...any) (delivery.Row, error) {
	var r delivery.Row
	var at, next sql.NullInt64
	var decided sql.NullString
	err := rows.Scan(append([]any{&r.Seq, &r.Profile, &r.Address, &r.State, &r.Nature, &r.Fault, &r.Code, &r.Enhanced, &r.Reply,
		&r.Attempts, &at, &next, &r.Account, &decided}, extra...)...)
	r.At, r.NextTry, r.Decided = fromMS(at), fromMS(next), scanDecided(decided)
	return r, err
}

// EachRow calls fn for every line of the sending log that the filter lets
// through, by number. It streams: memory does not grow with the log.
func (s *Store) EachRow(ctx context.Context, id delivery.ID, f RowFilter, fn func(delivery.Row) error) error {
	limit := f.Limit
	if limit <= 0 {
		limit = -1
	}
	states := f.States
	if len(states) == 0 {
		states = delivery.MessageStates()
	}
	rows, err := s.r.QueryContext(ctx, `SELECT `+rowColumns+`
		FROM messages m WHERE delivery = ? AND state IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ? OFFSET ?`,
		id, marshal(states), limit, f.Offset)
	if err != nil {
		return s.wrap("rows", err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return s.wrap("rows", err)
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return s.wrap("rows", rows.Err())
}

// Series returns what happened in each second of a deployment, in order;
// seconds without an event are absent.
func (s *Store) Series(ctx context.Context, id delivery.ID) ([]delivery.Point, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT second, sum(accepted), sum(failed), sum(deferred) FROM flow
		WHERE delivery = ? GROUP BY second ORDER BY second`, id)
	if err != nil {
		return nil, s.wrap("series", err)
	}
	defer rows.Close()
	var out []delivery.Point
	for rows.Next() {
		var p delivery.Point
		var second int64
		if err := rows.Scan(&second, &p.Accepted, &p.Failed, &p.Deferred); err != nil {
			return nil, s.wrap("series", err)
		}
		p.At = time.Unix(second, 0).UTC()
		out = append(out, p)
	}
	return out, s.wrap("series", rows.Err())
}

// Recount reads a delivery's stored counters and counts its sending log anew,
// both at the same instant.
func (s *Store) Recount(ctx context.Context, id delivery.ID) (stored, counted delivery.Counters, err error) {
	const op = "stats"
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return stored, counted, s.wrap(op, err)
	}
	defer tx.Rollback()
	d, err := deliveryIn(tx, id)
	if err != nil {
		return stored, counted, s.wrap(op, err)
	}
	stored = d.Counters
	rows, err := tx.QueryContext(ctx, `SELECT state, count(*) FROM messages WHERE delivery = ? GROUP BY state`, id)
	if err != nil {
		return stored, counted, s.wrap(op, err)
	}
	for rows.Next() {
		var st delivery.MessageState
		var n int64
		if err := rows.Scan(&st, &n); err != nil {
			rows.Close()
			return stored, counted, s.wrap(op, err)
		}
		*counted.Of(st) = n
		counted.Targeted += n
	}
	return stored, counted, s.wrap(op, errors.Join(rows.Err(), rows.Close()))
}

// Correct writes recounted counters in the place of the stored ones, unless
// the delivery is under way.
func (s *Store) Correct(ctx context.Context, id delivery.ID, was, is delivery.Counters) error {
	return s.write(ctx, "stats", func(tx *sql.Tx) error {
		d, err := deliveryIn(tx, id)
		if err != nil {
			return err
		}
		if d.Counters != was || d.State.Active() {
			return &delivery.Error{Kind: delivery.KindState, Detail: string(d.State)}
		}
		_, err = tx.Exec(`UPDATE deliveries SET targeted = ?, excluded = ?, pending = ?, claimed = ?, committing = ?,
			accepted = ?, deferred = ?, rejected = ?, in_doubt = ?, cancelled = ? WHERE id = ?`,
			is.Targeted, is.Excluded, is.Pending, is.Claimed, is.Committing, is.Accepted, is.Deferred,
			is.Rejected, is.InDoubt, is.Cancelled, id)
		return err
	})
}
