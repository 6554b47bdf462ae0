package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// KeepAsset is how long an asset stays that nothing refers to: whoever works on a
// content may take an image out and put it back.
const KeepAsset = 24 * time.Hour

const assetColumns = `hash, name, type, size, width, height, added`

func scanAsset(r scanner, extra ...any) (delivery.Asset, error) {
	var a delivery.Asset
	var added sql.NullInt64
	err := r.Scan(append([]any{&a.Hash, &a.Name, &a.Type, &a.Size, &a.Width, &a.Height, &added}, extra...)...)
	a.Added = fromMS(added)
	return a, err
}

// AddAsset keeps a file. One that is there already keeps its name and counts as
// added now. Needs the right Prepare.
func (s *Store) AddAsset(ctx context.Context, who access.Principal, a delivery.Asset, data []byte) (delivery.Asset, error) {
	const op = "add_asset"
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Prepare); err != nil {
			return err
		}
		var err error
		a, err = scanAsset(tx.QueryRow(`INSERT INTO assets (`+assetColumns+`, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (hash) DO UPDATE SET added = excluded.added RETURNING `+assetColumns,
			a.Hash, a.Name, a.Type, a.Size, a.Width, a.Height, ms(time.Now()), data))
		return err
	})
	return a, err
}

// AssetHead reads an asset with the beginning of its data, which tells what it is.
// KindNotFound when there is none.
func (s *Store) AssetHead(ctx context.Context, hash string) (delivery.Asset, []byte, error) {
	return s.asset(ctx, hash, "substr(data, 1, 64)")
}

// Asset reads one with its data. KindNotFound when there is none.
func (s *Store) Asset(ctx context.Context, hash string) (delivery.Asset, []byte, error) {
	return s.asset(ctx, hash, "data")
}

func (s *Store) asset(ctx context.Context, hash, data string) (delivery.Asset, []byte, error) {
	var b []byte
	a, err := scanAsset(s.r.QueryRowContext(ctx, `SELECT `+assetColumns+`, `+data+` FROM assets WHERE hash = ?`, hash), &b)
	if errors.Is(err, sql.ErrNoRows) {
		err = &delivery.Error{Kind: delivery.KindNotFound, Field: "asset", Detail: hash}
	}
	return a, b, s.wrap("asset", err)
}

// Assets lists them, the newest first.
func (s *Store) Assets(ctx context.Context) ([]delivery.Asset, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT `+assetColumns+` FROM assets ORDER BY added DESC, hash`)
	if err != nil {
		return nil, s.wrap("assets", err)
	}
	defer rows.Close()
	var out []delivery.Asset
	for rows.Next() {
		a, err := scanAsset(rows)
		if err != nil {
			return nil, s.wrap("assets", err)
		}
		out = append(out, a)
	}
	return out, s.wrap("assets", rows.Err())
}

// DropAssets removes the assets that were added before a moment and that nothing
// refers to: no content, no draft of a form, no setting. It returns how many.
func (s *Store) DropAssets(ctx context.Context, before time.Time) (int, error) {
	n := 0
	err := s.write(ctx, "drop_assets", func(tx *sql.Tx) error {
		idle := map[string]bool{}
		if err := column(tx, func(hash string) { idle[hash] = true }, `SELECT hash FROM assets WHERE added < ?`, ms(before)); err != nil {
			return err
		}
		if len(idle) == 0 {
			return nil
		}
		if err := column(tx, func(text string) {
			for hash := range hashes(text) {
				delete(idle, hash)
			}
		}, `SELECT content FROM deliveries UNION ALL SELECT value FROM drafts UNION ALL SELECT value FROM meta`); err != nil {
			return err
		}
		for hash := range idle {
			if _, err := tx.Exec(`DELETE FROM assets WHERE hash = ?`, hash); err != nil {
				return err
			}
		}
		n = len(idle)
		return nil
	})
	return n, err
}

// column reads one column of text.
func column(tx *sql.Tx, fn func(string), query string, args ...any) error {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		fn(s)
	}
	return rows.Err()
}

// hashes yields every run of hexadecimal digits in a text that may be a hash.
func hashes(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for i := 0; i < len(s); i++ {
			from := i
			for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] >= 'a' && s[i] <= 'f') {
				i++
			}
			// Letters of a word before it may look like digits.
			for at := from; at+64 <= i; at++ {
				if !yield(s[at : at+64]) {
					return
				}
			}
		}
	}
}
