package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"sendoff/engine/delivery"
)

func logLine(tx *sql.Tx, id delivery.ID, l delivery.LogLine) error {
	if l.At.IsZero() {
		l.At = time.Now()
	}
	if l.Params == nil {
		l.Params = map[string]string{}
	}
	_, err := tx.Exec(`INSERT INTO log (delivery, at, severity, code, params, operator) VALUES (?, ?, ?, ?, ?, ?)`,
		id, ms(l.At), l.Severity, l.Code, marshal(l.Params), l.By)
	return err
}

// AddLog appends a line to a delivery's log.
func (s *Store) AddLog(ctx context.Context, id delivery.ID, l delivery.LogLine) error {
	return s.write(ctx, "log", func(tx *sql.Tx) error { return logLine(tx, id, l) })
}

// Log returns a delivery's log, the oldest line first.
func (s *Store) Log(ctx context.Context, id delivery.ID) ([]delivery.LogLine, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT at, severity, code, params, operator FROM log
		WHERE delivery = ? ORDER BY id`, id)
	if err != nil {
		return nil, s.wrap("log", err)
	}
	defer rows.Close()
	var out []delivery.LogLine
	for rows.Next() {
		var l delivery.LogLine
		var at sql.NullInt64
		var params string
		if err := rows.Scan(&at, &l.Severity, &l.Code, &params, &l.By); err != nil {
			return nil, s.wrap("log", err)
		}
		l.At = fromMS(at)
		if err := json.Unmarshal([]byte(params), &l.Params); err != nil {
			return nil, s.wrap("log", err)
		}
		out = append(out, l)
	}
	return out, s.wrap("log", rows.Err())
}
