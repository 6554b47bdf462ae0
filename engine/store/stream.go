package store

import (
	"context"
	"database/sql"
	"errors"

	"sendoff/engine/delivery"
)

// Span is a part of a list: the profiles with these ids, both included.
type Span struct{ From, To int64 }

// Spans cuts a list into parts of about the same size, n at most.
func (s *Store) Spans(ctx context.Context, audience int64, n int) ([]Span, error) {
	var low, high sql.NullInt64
	// The members are in an index by profile: both ends are found at once.
	err := s.r.QueryRowContext(ctx, `SELECT (SELECT min(profile) FROM members WHERE audience = ?1), (SELECT max(profile) FROM members WHERE audience = ?1)`,
		audience).Scan(&low, &high)
	if err != nil || !low.Valid {
		return nil, s.wrap("members", err)
	}
	var out []Span
	step := max((high.Int64-low.Int64)/int64(n)+1, 1)
	for from := low.Int64; from <= high.Int64; from += step {
		out = append(out, Span{from, min(from+step-1, high.Int64)})
	}
	return out, nil
}

// reachable are the profiles p who can get a message.
const reachable = ` AND p.key IS NOT NULL AND NOT p.denied AND NOT p.test AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.key = p.key)`

// EachMember calls fn for the members of a part of a list who can get a message: those
// with a valid address who are neither on the denylist nor in quarantine nor test
// profiles, by id. What fn is given is overwritten afterwards. It may run for several
// parts at once.
func (s *Store) EachMember(ctx context.Context, audience int64, part Span, fn func(id int64, address, fields []byte) error) error {
	return s.stream(ctx, fn, `SELECT p.id, p.address, p.fields FROM members m CROSS JOIN profiles p ON p.id = m.profile
		WHERE m.audience = ? AND m.profile BETWEEN ? AND ?`+reachable+` ORDER BY m.profile`, audience, part.From, part.To)
}

// EachNumbered is EachMember for profiles that are named by their ids.
func (s *Store) EachNumbered(ctx context.Context, ids []int64, fn func(id int64, address, fields []byte) error) error {
	return s.stream(ctx, fn, `SELECT p.id, p.address, p.fields FROM json_each(?) n CROSS JOIN profiles p ON p.id = n.value WHERE true`+reachable+
		` ORDER BY n.key`, marshal(ids))
}

func (s *Store) stream(ctx context.Context, fn func(id int64, address, fields []byte) error, query string, args ...any) error {
	rows, err := s.r.QueryContext(ctx, query, args...)
	if err != nil {
		return s.wrap("members", err)
	}
	defer rows.Close()
	var id int64
	var address, fields sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&id, &address, &fields); err != nil {
			return s.wrap("members", err)
		}
		if err := fn(id, address, fields); err != nil {
			return err
		}
	}
	return s.wrap("members", rows.Err())
}

// Addressed are those of some profiles that have a valid address, in their order.
func (s *Store) Addressed(ctx context.Context, ids []int64) ([]int64, error) {
	return s.numbers(ctx, "members", `SELECT p.id FROM json_each(?) n CROSS JOIN profiles p ON p.id = n.value
		WHERE p.key IS NOT NULL ORDER BY n.key`, marshal(ids))
}

// Neighbour is the member of a list who stands step places after a profile among those
// with a valid address who are no test profiles, by id: 1 the next one, -1 the one before. A profile that is no
// member, or 0, stands where its id would. KindNotFound at either end.
func (s *Store) Neighbour(ctx context.Context, audience, profile int64, step int) (int64, error) {
	query := `m.profile > ?2 ORDER BY m.profile`
	if step < 0 {
		query, step = `m.profile < ?2 ORDER BY m.profile DESC`, -step
	}
	var id int64
	err := s.r.QueryRowContext(ctx, `SELECT m.profile FROM members m CROSS JOIN profiles p ON p.id = m.profile
		WHERE m.audience = ?1 AND p.key IS NOT NULL AND NOT p.test AND `+query+` LIMIT 1 OFFSET ?3`, audience, profile, max(step, 1)-1).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = &delivery.Error{Kind: delivery.KindNotFound, Field: "profile"}
	}
	return id, s.wrap("members", err)
}

// IsRule reports whether an audience is a rule. KindNotFound.
func (s *Store) IsRule(ctx context.Context, audience int64) (bool, error) {
	text, _, err := audienceRule(s.r, audience)
	return text != "", s.wrap("members", err)
}
