-- What fields of profiles are. A field without a row is text.
CREATE TABLE fields (
  name   TEXT PRIMARY KEY,
  type   TEXT NOT NULL DEFAULT 'text',
  label  TEXT NOT NULL DEFAULT '',
  sample TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

-- Where a person agreed to be written to, and when.
ALTER TABLE profiles ADD COLUMN consent_source TEXT NOT NULL DEFAULT '';
ALTER TABLE profiles ADD COLUMN consent_at INTEGER;
