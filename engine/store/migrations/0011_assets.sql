-- Files that contents refer to by their hash: images, and attachments for
-- everybody. added is when it was added last: what nothing refers to stays a day.
CREATE TABLE assets (
  hash   TEXT PRIMARY KEY,
  name   TEXT NOT NULL,
  type   TEXT NOT NULL,
  size   INTEGER NOT NULL,
  width  INTEGER NOT NULL DEFAULT 0,
  height INTEGER NOT NULL DEFAULT 0,
  added  INTEGER NOT NULL,
  data   BLOB NOT NULL
);

-- The files that go with one message alone, as a JSON list of delivery.File; NULL
-- for none.
ALTER TABLE messages ADD COLUMN files TEXT;
