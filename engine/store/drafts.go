package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"sendoff/engine/delivery"
)

// Bounds of a form's draft.
const (
	maxDraft  = 16 << 20 // bytes
	keepDraft = 30 * 24 * time.Hour
)

// SaveDraft keeps what was typed into the form called key, instead of what was
// kept before; an empty value forgets it. KindInvalid for more than 16 MiB.
func (s *Store) SaveDraft(ctx context.Context, key, value string) error {
	const op = "save_draft"
	if len(value) > maxDraft {
		return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "draft.value", Detail: strconv.Itoa(len(value))}
	}
	return s.write(ctx, op, func(tx *sql.Tx) error {
		if value == "" {
			_, err := tx.Exec(`DELETE FROM drafts WHERE key = ?`, key)
			return err
		}
		_, err := tx.Exec(`INSERT INTO drafts (key, value, at) VALUES (?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at`, key, value, ms(time.Now()))
		return err
	})
}

// Draft reads what is kept of a form; zero when nothing is.
func (s *Store) Draft(ctx context.Context, key string) (delivery.FormDraft, error) {
	var d delivery.FormDraft
	var at sql.NullInt64
	err := s.r.QueryRowContext(ctx, `SELECT value, at FROM drafts WHERE key = ?`, key).Scan(&d.Value, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return d, nil
	}
	d.At = fromMS(at)
	return d, s.wrap("draft", err)
}

// dropDrafts forgets what nobody came back to for thirty days.
func (s *Store) dropDrafts(ctx context.Context) error {
	_, err := s.w.ExecContext(ctx, `DELETE FROM drafts WHERE at < ?`, ms(time.Now().Add(-keepDraft)))
	return err
}
