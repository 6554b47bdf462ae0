-- One row an import. at is also the modified of every profile that it wrote, which
-- no other change has; first and last bound the numbers of the profiles it added.
-- made says that there was no audience of that name before. undo is JSON of what
-- else it takes to undo it; empty when that is no longer kept.
CREATE TABLE imports (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  at             INTEGER NOT NULL,
  operator       TEXT NOT NULL,
  file           TEXT NOT NULL,
  kind           TEXT NOT NULL,
  audience       INTEGER NOT NULL,
  audience_name  TEXT NOT NULL,
  made           INTEGER NOT NULL,
  existing       TEXT NOT NULL,
  consent_source TEXT NOT NULL DEFAULT '',
  consent_at     INTEGER,
  first          INTEGER NOT NULL DEFAULT 0,
  last           INTEGER NOT NULL DEFAULT 0,
  rows           INTEGER NOT NULL DEFAULT 0,
  added          INTEGER NOT NULL DEFAULT 0,
  updated        INTEGER NOT NULL DEFAULT 0,
  unchanged      INTEGER NOT NULL DEFAULT 0,
  merged         INTEGER NOT NULL DEFAULT 0,
  rejected       INTEGER NOT NULL DEFAULT 0,
  misfits        INTEGER NOT NULL DEFAULT 0,
  undo           TEXT NOT NULL DEFAULT '',
  undone         INTEGER,
  undone_by      TEXT NOT NULL DEFAULT ''
);

-- What an import changed in profiles that were there: when they were changed last,
-- their fields and their consent before it, and the fields after it.
CREATE TABLE import_changes (
  import         INTEGER NOT NULL,
  profile        INTEGER NOT NULL,
  modified       INTEGER NOT NULL,
  fields         TEXT NOT NULL,
  became         TEXT NOT NULL,
  consent_source TEXT NOT NULL,
  consent_at     INTEGER,
  PRIMARY KEY (import, profile)
) WITHOUT ROWID;

-- Who was in the audience before an import.
CREATE TABLE import_members (
  import  INTEGER NOT NULL,
  profile INTEGER NOT NULL,
  PRIMARY KEY (import, profile)
) WITHOUT ROWID;

-- Profiles that are as an import left them although their modified is another: what
-- was done to them since was undone.
CREATE TABLE import_again (
  import   INTEGER NOT NULL,
  profile  INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  PRIMARY KEY (import, profile)
) WITHOUT ROWID;

-- The import that made the audience what it is; NULL when something else did.
ALTER TABLE audiences ADD COLUMN import INTEGER;
