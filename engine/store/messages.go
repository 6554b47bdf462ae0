package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"sendoff/engine/delivery"
)

// MessageNumbers returns the numbers of the messages that a query selects, in its
// order. Unsorted and unfiltered it reads no more than it returns; anything else
// looks at every message of the delivery once.
func (s *Store) MessageNumbers(ctx context.Context, id delivery.ID, q delivery.LogQuery) ([]int64, error) {
	where, args := messageWhere(id, q)
	direction := ""
	if q.Desc {
		direction = " DESC"
	}
	order := ""
	for _, by := range messageOrder(q.Sort) {
		order += by + direction + ", "
	}
	if order == "" {
		order = "seq" + direction
	} else {
		order += "seq"
	}
	limit := -1
	if q.Limit > 0 {
		limit = q.Limit
	}
	return s.numbers(ctx, "logs", `SELECT seq FROM messages WHERE `+where+` ORDER BY `+order+` LIMIT ?`, append(args, limit)...)
}

func messageOrder(by delivery.LogSort) []string {
	switch by {
	case delivery.LogByDate:
		return []string{"at"}
	case delivery.LogByState:
		return []string{"state"}
	case delivery.LogByAddress:
		return []string{"address COLLATE NOCASE"}
	case delivery.LogByNature:
		return []string{"nature"}
	case delivery.LogByReply:
		return []string{"code", "enhanced", "reply"}
	case delivery.LogByAttempts:
		return []string{"attempts"}
	}
	return nil
}

func messageWhere(id delivery.ID, q delivery.LogQuery) (string, []any) {
	where, args := "delivery = ?", []any{id}
	if len(q.States) > 0 {
		where += " AND state IN (SELECT value FROM json_each(?))"
		args = append(args, marshal(q.States))
	}
	if len(q.Natures) > 0 {
		where += " AND nature IN (SELECT value FROM json_each(?))"
		args = append(args, marshal(q.Natures))
	}
	if t := strings.TrimSpace(q.Search); t != "" {
		where += ` AND (address LIKE ? ESCAPE '\' OR reply LIKE ? ESCAPE '\' OR (code || ' ' || enhanced || ' ' || reply) LIKE ? ESCAPE '\')`
		p := contains(t)
		args = append(args, p, p, p)
	}
	return where, args
}

// contains is a LIKE pattern for a text anywhere, with ESCAPE '\'. LIKE folds the
// case of ASCII letters only.
func contains(t string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(t) + "%"
}

// numbers reads one column of numbers.
func (s *Store) numbers(ctx context.Context, op, query string, args ...any) ([]int64, error) {
	rows, err := s.r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, s.wrap(op, err)
	}
	defer rows.Close()
	out := []int64{}
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, s.wrap(op, err)
		}
		out = append(out, n)
	}
	return out, s.wrap(op, rows.Err())
}

// MessageRows reads messages by number, in the order given. Those that are gone
// are left out. CROSS JOIN keeps SQLite from walking the messages.
func (s *Store) MessageRows(ctx context.Context, id delivery.ID, numbers []int64) ([]delivery.Row, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT `+rowColumns+` FROM json_each(?) j CROSS JOIN messages m
		WHERE m.delivery = ? AND m.seq = j.value ORDER BY j.key`, marshal(numbers), id)
	if err != nil {
		return nil, s.wrap("rows", err)
	}
	defer rows.Close()
	out := make([]delivery.Row, 0, len(numbers))
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return nil, s.wrap("rows", err)
		}
		out = append(out, r)
	}
	return out, s.wrap("rows", rows.Err())
}

// Stored is a message with what it was rendered from.
type Stored struct {
	delivery.Row
	Fields string // JSON object, as the plan froze it
	Sum    []byte // as prepare.Row has it; nil for the excluded
	Files  []delivery.File
}

// Message reads one message with its earlier attempts, the oldest first.
func (s *Store) Message(ctx context.Context, id delivery.ID, number int64) (Stored, []delivery.Attempt, error) {
	var m Stored
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return m, nil, s.wrap("message", err)
	}
	defer tx.Rollback()
	var files sql.NullString
	m.Row, err = scanRow(tx.QueryRow(`SELECT `+rowColumns+`, f.fields, f.sum, f.files
		FROM messages m JOIN frozen f USING (delivery, seq) WHERE m.delivery = ? AND m.seq = ?`, id, number),
		&m.Fields, &m.Sum, &files)
	if errors.Is(err, sql.ErrNoRows) {
		err = &delivery.Error{Kind: delivery.KindNotFound, Field: "message"}
	}
	if err == nil && files.Valid {
		err = json.Unmarshal([]byte(files.String), &m.Files)
	}
	if err != nil {
		return m, nil, s.wrap("message", err)
	}
	attempts, err := attemptsOf(tx, id, number)
	return m, attempts, s.wrap("message", err)
}

// FieldValues are the fields by name.
func (m Stored) FieldValues() (map[string]string, error) {
	out := map[string]string{}
	return out, json.Unmarshal([]byte(m.Fields), &out)
}
