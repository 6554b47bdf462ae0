-- Proofs: tests of a delivery, by number. content is the hash of what was sent.
-- They are no messages: no counter, no quarantine and no log of recipients knows
-- them, but flow does, for the limits of the account (as delivery 0).
CREATE TABLE proofs (
  delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  number   INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  operator TEXT NOT NULL,
  content  TEXT NOT NULL,
  account  INTEGER NOT NULL,
  PRIMARY KEY (delivery, number)
) WITHOUT ROWID;

-- under_way is durable before the final dot is written.
CREATE TABLE proof_messages (
  delivery INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  address  TEXT NOT NULL,
  shown_as TEXT NOT NULL DEFAULT '',
  outcome  TEXT NOT NULL DEFAULT 'waiting'
           CHECK (outcome IN ('waiting', 'under_way', 'accepted', 'refused', 'in_doubt', 'not_sent')),
  at       INTEGER NOT NULL,
  code     INTEGER NOT NULL DEFAULT 0,
  enhanced TEXT NOT NULL DEFAULT '',
  reply    TEXT NOT NULL DEFAULT '',
  kind     TEXT NOT NULL DEFAULT '',
  detail   TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (delivery, number, seq),
  FOREIGN KEY (delivery, number) REFERENCES proofs (delivery, number) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX proof_messages_open ON proof_messages (outcome) WHERE outcome IN ('waiting', 'under_way');
