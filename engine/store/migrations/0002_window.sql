-- Every attempt at a message but the last one, which the message itself holds. A
-- message that is taken at once has none, and costs nothing here.
CREATE TABLE attempts (
  delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  seq      INTEGER NOT NULL,
  attempt  INTEGER NOT NULL,
  state    INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  code     INTEGER NOT NULL DEFAULT 0,
  enhanced TEXT NOT NULL DEFAULT '',
  nature   TEXT NOT NULL DEFAULT '',
  fault    TEXT NOT NULL DEFAULT '',
  reply    TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (delivery, seq, attempt)
) WITHOUT ROWID;

-- What a person typed into a form and has not saved, so that it survives the
-- window. key names the form, such as "content/DM12"; value is the form's own.
CREATE TABLE drafts (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  at    INTEGER NOT NULL
) WITHOUT ROWID;

-- Who writes through an account. retired is when it was deleted although old
-- deliveries still name it; such an account is offered no more.
ALTER TABLE accounts ADD COLUMN provider TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN from_name TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN from_address TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN reply_to TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN postal_address TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN retired INTEGER;

-- Since when a person is on the denylist, and who put them there.
ALTER TABLE profiles ADD COLUMN denied_at INTEGER;
ALTER TABLE profiles ADD COLUMN denied_by TEXT NOT NULL DEFAULT '';

-- Quarantined addresses get a number that is never used again, so that a list on
-- the screen can be paged by it. by is the operator; empty for the engine.
CREATE TABLE quarantine_numbered (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  key    TEXT NOT NULL UNIQUE,
  reason TEXT NOT NULL,
  at     INTEGER NOT NULL,
  by     TEXT NOT NULL DEFAULT ''
);
INSERT INTO quarantine_numbered (key, reason, at) SELECT key, reason, at FROM quarantine ORDER BY at, key;
DROP TABLE quarantine;
ALTER TABLE quarantine_numbered RENAME TO quarantine;
