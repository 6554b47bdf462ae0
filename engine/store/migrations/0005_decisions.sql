-- What persons decided about messages in doubt, one row a message and decision.
-- attempt is the one that was in doubt; evidence is what it was based on.
CREATE TABLE decisions (
  id       INTEGER PRIMARY KEY,
  delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  seq      INTEGER NOT NULL,
  attempt  INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  operator TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('leave', 'mark_sent', 'send_again', 'withdraw')),
  evidence TEXT NOT NULL DEFAULT ''
);
CREATE INDEX decisions_message ON decisions (delivery, seq, id);

-- An ended delivery that sends again what was in doubt: since when, and the
-- state that it returns to at its end.
ALTER TABLE deliveries ADD COLUMN reopened INTEGER;
ALTER TABLE deliveries ADD COLUMN returns TEXT;

-- A delivery that follows another one, and how: a correction, a top-up.
ALTER TABLE deliveries ADD COLUMN follows INTEGER;
ALTER TABLE deliveries ADD COLUMN follow_mode TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN follow_doubtful INTEGER NOT NULL DEFAULT 0;
CREATE INDEX deliveries_follows ON deliveries (follows) WHERE follows IS NOT NULL;
