package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"sendoff/engine/delivery"
)

// MessageFiles reads what a plan froze of the files of one recipient; nil for none.
func (s *Store) MessageFiles(ctx context.Context, id delivery.ID, seq int64) ([]delivery.File, error) {
	var text sql.NullString
	err := s.r.QueryRowContext(ctx, `SELECT files FROM frozen WHERE delivery = ? AND seq = ?`, id, seq).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		err = &delivery.Error{Kind: delivery.KindNotFound, Field: "message"}
	}
	if err != nil || !text.Valid {
		return nil, s.wrap("files", err)
	}
	var out []delivery.File
	return out, s.wrap("files", json.Unmarshal([]byte(text.String), &out))
}

// FilesInUse are the hashes of the files that a delivery may still send: of every
// message before its end, and of those in doubt afterwards, as a person may send
// them again. Of a delivery that is gone there are none.
func (s *Store) FilesInUse(ctx context.Context, id delivery.ID) (map[string]bool, error) {
	out := map[string]bool{}
	var state delivery.State
	err := s.r.QueryRowContext(ctx, `SELECT state FROM deliveries WHERE id = ?`, id).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return out, nil
	}
	if err != nil {
		return nil, s.wrap("files", err)
	}
	rows, err := s.r.QueryContext(ctx, `SELECT f.files FROM frozen f JOIN messages m USING (delivery, seq)
		WHERE f.delivery = ? AND f.files IS NOT NULL AND (NOT ? OR m.state = ?)`,
		id, state.Ended(), delivery.MsgInDoubt)
	if err != nil {
		return nil, s.wrap("files", err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		var files []delivery.File
		if err := rows.Scan(&text); err != nil {
			return nil, s.wrap("files", err)
		}
		if err := json.Unmarshal([]byte(text), &files); err != nil {
			return nil, s.wrap("files", err)
		}
		for _, f := range files {
			if f.Hash != "" {
				out[f.Hash] = true
			}
		}
	}
	return out, s.wrap("files", rows.Err())
}
