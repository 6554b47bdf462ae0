package store

import (
	"context"
	"database/sql"

	"sendoff/engine/delivery"
)

// Fields lists what profiles have, in the order of FieldNames, with the types
// that imports gave them.
func (s *Store) Fields(ctx context.Context) ([]delivery.Field, error) {
	names, err := s.FieldNames(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]delivery.Field{}
	rows, err := s.r.QueryContext(ctx, `SELECT name, type, label, sample FROM fields`)
	if err != nil {
		return nil, s.wrap("fields", err)
	}
	defer rows.Close()
	for rows.Next() {
		var f delivery.Field
		if err := rows.Scan(&f.Name, &f.Type, &f.Label, &f.Sample); err != nil {
			return nil, s.wrap("fields", err)
		}
		known[f.Name] = f
	}
	if err := rows.Err(); err != nil {
		return nil, s.wrap("fields", err)
	}
	out := make([]delivery.Field, len(names))
	for i, name := range names {
		out[i] = delivery.Field{Name: name, Type: delivery.FieldText}
		if f, ok := known[name]; ok {
			out[i] = f
		}
	}
	return out, nil
}

// saveFields notes what an import knows of fields. The first label stays; type
// and sample are those of the newest import, so that they fit its values.
func saveFields(tx *sql.Tx, fields []delivery.Field) error {
	for _, f := range fields {
		if f.Type == "" {
			f.Type = delivery.FieldText
		}
		if _, err := tx.Exec(`INSERT INTO fields (name, type, label, sample) VALUES (?, ?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET type = excluded.type,
				label = CASE WHEN label = '' THEN excluded.label ELSE label END,
				sample = CASE WHEN excluded.sample = '' THEN sample ELSE excluded.sample END`,
			f.Name, f.Type, f.Label, f.Sample); err != nil {
			return err
		}
	}
	return nil
}
