-- What a plan froze of each recipient. It never changes, unlike a row of messages, of
-- which every message is written twice while it is sent: those are small now.
CREATE TABLE frozen (
  delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  seq      INTEGER NOT NULL,
  fields   TEXT NOT NULL DEFAULT '{}',
  sum      BLOB,
  files    TEXT,
  PRIMARY KEY (delivery, seq)
) WITHOUT ROWID;
INSERT INTO frozen (delivery, seq, fields, sum, files) SELECT delivery, seq, fields, sum, files FROM messages;
ALTER TABLE messages DROP COLUMN fields;
ALTER TABLE messages DROP COLUMN sum;
ALTER TABLE messages DROP COLUMN files;
