-- What a plan froze of each recipient. It never changes. A row of messages is written
-- twice while its message is sent, so it holds no more than that.
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
