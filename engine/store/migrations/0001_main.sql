-- Times are Unix milliseconds, UTC. Message states are the numbers of
-- delivery.MessageState.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE operators (
  id      INTEGER PRIMARY KEY,
  name    TEXT NOT NULL COLLATE NOCASE UNIQUE,
  rights  TEXT NOT NULL,
  created INTEGER NOT NULL
);

CREATE TABLE accounts (
  id           INTEGER PRIMARY KEY,
  name         TEXT NOT NULL COLLATE NOCASE UNIQUE,
  kind         TEXT NOT NULL CHECK (kind IN ('sandbox', 'smtp')),
  host         TEXT NOT NULL DEFAULT '',
  port         INTEGER NOT NULL DEFAULT 0,
  security     TEXT NOT NULL DEFAULT '',
  user         TEXT NOT NULL DEFAULT '',
  password_env TEXT NOT NULL DEFAULT '',
  connections  INTEGER NOT NULL CHECK (connections BETWEEN 1 AND 256),
  per_minute   INTEGER NOT NULL DEFAULT 0,
  per_hour     INTEGER NOT NULL DEFAULT 0,
  per_day      INTEGER NOT NULL DEFAULT 0,
  rate         REAL NOT NULL DEFAULT 0,
  created      INTEGER NOT NULL,
  -- The training relay cannot be pointed anywhere.
  CHECK (kind = 'smtp' OR (host = '' AND port = 0))
);

-- address: normalised when valid, else as it was given; NULL when there is none.
-- key: the address with its local part folded; NULL unless valid.
-- fields: JSON object of the non-empty fields.
CREATE TABLE profiles (
  id        INTEGER PRIMARY KEY,
  address   TEXT,
  key       TEXT,
  denied    INTEGER NOT NULL DEFAULT 0,
  fields    TEXT NOT NULL DEFAULT '{}',
  last_sent INTEGER,
  created   INTEGER NOT NULL,
  modified  INTEGER NOT NULL
);
CREATE UNIQUE INDEX profiles_address ON profiles (address);
CREATE INDEX profiles_key ON profiles (key);

CREATE TABLE quarantine (
  key    TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  at     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE audiences (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL COLLATE NOCASE UNIQUE,
  source   TEXT NOT NULL DEFAULT '',
  columns  TEXT NOT NULL,
  size     INTEGER NOT NULL,
  imported INTEGER NOT NULL
);

CREATE TABLE members (
  audience INTEGER NOT NULL REFERENCES audiences (id) ON DELETE CASCADE,
  profile  INTEGER NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  PRIMARY KEY (audience, profile)
) WITHOUT ROWID;

CREATE TABLE deliveries (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  label          TEXT NOT NULL,
  state          TEXT NOT NULL DEFAULT 'editing',
  content        TEXT NOT NULL,
  audience       INTEGER REFERENCES audiences (id),
  account        INTEGER REFERENCES accounts (id),
  schedule       TEXT NOT NULL,
  tracking       INTEGER NOT NULL DEFAULT 0,
  created        INTEGER NOT NULL,
  created_by     TEXT NOT NULL,
  modified       INTEGER NOT NULL,
  plan           TEXT,
  plan_hash      TEXT,
  confirmed_by   TEXT,
  confirmed_at   INTEGER,
  confirmed_plan TEXT,
  validity       INTEGER,
  started        INTEGER,
  finished       INTEGER,
  paused         TEXT,
  targeted       INTEGER NOT NULL DEFAULT 0,
  excluded       INTEGER NOT NULL DEFAULT 0,
  pending        INTEGER NOT NULL DEFAULT 0,
  claimed        INTEGER NOT NULL DEFAULT 0,
  committing     INTEGER NOT NULL DEFAULT 0,
  accepted       INTEGER NOT NULL DEFAULT 0,
  deferred       INTEGER NOT NULL DEFAULT 0,
  rejected       INTEGER NOT NULL DEFAULT 0,
  in_doubt       INTEGER NOT NULL DEFAULT 0,
  cancelled      INTEGER NOT NULL DEFAULT 0
);

-- No delivery gets under way without a confirmation of exactly the plan it
-- holds, whoever writes to the table and by whatever means.
CREATE TRIGGER deliveries_confirmed BEFORE UPDATE ON deliveries
WHEN NEW.state IN ('confirmed', 'sending', 'retrying', 'finished')
 AND (NEW.confirmed_by IS NULL OR NEW.confirmed_plan IS NULL OR NEW.plan_hash IS NULL
      OR NEW.confirmed_plan <> NEW.plan_hash)
BEGIN
  SELECT RAISE(ABORT, 'delivery is not confirmed for this plan');
END;

CREATE TRIGGER deliveries_born BEFORE INSERT ON deliveries
WHEN NEW.state <> 'editing'
BEGIN
  SELECT RAISE(ABORT, 'a delivery begins in editing');
END;

-- One row per targeted recipient. key is NULL for the excluded, so that the
-- index forbids a second message to the same address.
CREATE TABLE messages (
  delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  seq      INTEGER NOT NULL,
  profile  INTEGER NOT NULL,
  address  TEXT NOT NULL,
  key      TEXT,
  state    INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  at       INTEGER NOT NULL,
  next_try INTEGER,
  code     INTEGER NOT NULL DEFAULT 0,
  enhanced TEXT NOT NULL DEFAULT '',
  nature   TEXT NOT NULL DEFAULT '',
  fault    TEXT NOT NULL DEFAULT '',
  reply    TEXT NOT NULL DEFAULT '',
  fields   TEXT NOT NULL DEFAULT '{}',
  sum      BLOB,
  PRIMARY KEY (delivery, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX messages_key ON messages (delivery, key);
CREATE INDEX messages_due ON messages (delivery, next_try) WHERE next_try IS NOT NULL;

-- What happened in each second, for charts and for the limits of an account.
CREATE TABLE flow (
  account  INTEGER NOT NULL,
  second   INTEGER NOT NULL,
  delivery INTEGER NOT NULL,
  accepted INTEGER NOT NULL DEFAULT 0,
  failed   INTEGER NOT NULL DEFAULT 0,
  deferred INTEGER NOT NULL DEFAULT 0,
  doubtful INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, second, delivery)
) WITHOUT ROWID;
CREATE INDEX flow_delivery ON flow (delivery, second);

CREATE TABLE log (
  id       INTEGER PRIMARY KEY,
  delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  at       INTEGER NOT NULL,
  severity TEXT NOT NULL,
  code     TEXT NOT NULL,
  params   TEXT NOT NULL DEFAULT '{}',
  operator TEXT NOT NULL DEFAULT ''
);
CREATE INDEX log_delivery ON log (delivery, id);
