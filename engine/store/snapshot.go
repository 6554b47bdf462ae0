package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"sendoff/engine/delivery"
	"sendoff/engine/rule"
	"sendoff/engine/segment"
)

// Snapshot is one consistent state of the workspace: what is written while it is
// open does not show in it. It belongs to one goroutine and must be closed.
type Snapshot struct {
	s  *Store
	tx *sql.Tx
}

var _ segment.Source = (*Snapshot)(nil)

// Snapshot opens one.
func (s *Store) Snapshot(ctx context.Context) (*Snapshot, error) {
	tx, err := s.r.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, s.wrap("snapshot", err)
	}
	n := &Snapshot{s: s, tx: tx}
	// SQLite's begins with the first thing that is read.
	if _, err := n.Version(ctx); err != nil {
		n.Close()
		return nil, err
	}
	return n, nil
}

// Close lets it go.
func (n *Snapshot) Close() { n.tx.Rollback() }

// Version implements segment.Source. An import shows in the audiences as well,
// which costs nothing to look at.
func (n *Snapshot) Version(ctx context.Context) (string, error) {
	var v string
	err := n.tx.QueryRowContext(ctx, `SELECT coalesce((SELECT value FROM meta WHERE key = ?), '') || ' ' ||
		(SELECT count(*) || ' ' || coalesce(max(imported), 0) || ' ' || coalesce(sum(size), 0) FROM audiences WHERE rule = '')`, metaStamp).Scan(&v)
	return v, n.s.wrap("snapshot", err)
}

// Count implements segment.Source.
func (n *Snapshot) Count(ctx context.Context) (int64, error) {
	var c int64
	err := n.tx.QueryRowContext(ctx, `SELECT count(*) FROM profiles`).Scan(&c)
	return c, n.s.wrap("snapshot", err)
}

// People implements segment.Source.
func (n *Snapshot) People(ctx context.Context, since int64, fn func(segment.Person) error) error {
	rows, err := n.tx.QueryContext(ctx, `SELECT id, key, address, fields, created, modified, test FROM profiles
		WHERE modified > ? ORDER BY id`, since)
	if err != nil {
		return n.s.wrap("snapshot", err)
	}
	defer rows.Close()
	var key, address, fields sql.RawBytes
	var p segment.Person
	dest := []any{&p.ID, &key, &address, &fields, &p.Created, &p.Modified, &p.Test}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return n.s.wrap("snapshot", err)
		}
		p.Key, p.Address, p.Fields = key, address, fields
		if err := fn(p); err != nil {
			return err
		}
	}
	return n.s.wrap("snapshot", rows.Err())
}

// IDs implements segment.Source.
func (n *Snapshot) IDs(ctx context.Context, fn func(int64) error) error {
	return n.numbers(ctx, fn, `SELECT id FROM profiles ORDER BY id`)
}

// Members implements segment.Source.
func (n *Snapshot) Members(ctx context.Context, audience int64, fn func(int64) error) error {
	return n.numbers(ctx, fn, `SELECT profile FROM members WHERE audience = ?`, audience)
}

func (n *Snapshot) numbers(ctx context.Context, fn func(int64) error, query string, args ...any) error {
	rows, err := n.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return n.s.wrap("snapshot", err)
	}
	defer rows.Close()
	var id int64
	for rows.Next() {
		if err := rows.Scan(&id); err != nil {
			return n.s.wrap("snapshot", err)
		}
		if err := fn(id); err != nil {
			return err
		}
	}
	return n.s.wrap("snapshot", rows.Err())
}

// Audience implements segment.Source.
func (n *Snapshot) Audience(ctx context.Context, id int64) (segment.Audience, error) {
	var a segment.Audience
	var size, imported, changed int64
	err := n.tx.QueryRowContext(ctx, `SELECT name, rule, size, imported, changed FROM audiences WHERE id = ?`, id).
		Scan(&a.Name, &a.Rule, &size, &imported, &changed)
	if errors.Is(err, sql.ErrNoRows) {
		err = &delivery.Error{Kind: delivery.KindNotFound, Field: "audience", Detail: strconv.FormatInt(id, 10)}
	}
	a.Version = fmt.Sprint(size, imported, changed)
	return a, n.s.wrap("snapshot", err)
}

// Delivery implements segment.Source. Whom a relay accepted is known by how many
// they are, and by the decisions about messages in doubt.
func (n *Snapshot) Delivery(ctx context.Context, id delivery.ID) (string, error) {
	var v string
	err := n.tx.QueryRowContext(ctx, `SELECT accepted || ' ' || in_doubt || ' ' ||
		coalesce((SELECT max(id) FROM decisions WHERE delivery = d.id), 0) FROM deliveries d WHERE id = ?`, id).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		err = notFound(id)
	}
	return v, n.s.wrap("snapshot", err)
}

// Got implements segment.Source.
func (n *Snapshot) Got(ctx context.Context, id delivery.ID, fn func(profile int64, key []byte) error) error {
	rows, err := n.tx.QueryContext(ctx, `SELECT profile, key FROM messages WHERE delivery = ? AND state = ?`, id, delivery.MsgAccepted)
	if err != nil {
		return n.s.wrap("snapshot", err)
	}
	defer rows.Close()
	var profile int64
	var key sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&profile, &key); err != nil {
			return n.s.wrap("snapshot", err)
		}
		if err := fn(profile, key); err != nil {
			return err
		}
	}
	return n.s.wrap("snapshot", rows.Err())
}

// Rule reads the rule of an audience, empty for a list, and its definition for the
// seal. KindNotFound.
func (n *Snapshot) Rule(audience int64) (text, sealed string, err error) {
	if text, _, err = audienceRule(n.tx, audience); err == nil {
		sealed, err = definition(n.tx, audience)
	}
	return text, sealed, n.s.wrap("rule", err)
}

// Resolve gives the audiences of a rule their numbers alone. KindRule for what a
// rule refers to and is not there.
func (n *Snapshot) Resolve(e rule.Expr) (rule.Expr, error) {
	e, err := resolve(n.tx, e)
	return e, n.s.wrap("rule", err)
}

// Named writes a rule with the names of its audiences.
func (n *Snapshot) Named(text string) (string, error) {
	s, err := named(n.tx, text)
	return s, n.s.wrap("rule", err)
}

// EachOf is EachTarget for some people, given by number: those whom the rule of a
// delivery's audience names.
func (n *Snapshot) EachOf(ctx context.Context, d delivery.Delivery, ids []int64, fn func(Target) error) error {
	return n.s.eachMember(ctx, n.tx, d, fn, `json_each(?) m CROSS JOIN profiles t ON t.id = m.value WHERE NOT t.test`, marshal(ids))
}
