-- Several relays for one delivery, as the JSON of its list; NULL when account is
-- the only one. account of a message or an attempt is which of them took it; NULL:
-- the delivery's own, or none yet.
ALTER TABLE deliveries ADD COLUMN relays TEXT;
ALTER TABLE messages ADD COLUMN account INTEGER;
ALTER TABLE attempts ADD COLUMN account INTEGER;

-- Limits of an account by the domain of the recipient, as delivery.DomainLimits,
-- and the attempts of the last day at domains that have some.
ALTER TABLE accounts ADD COLUMN domain_limits TEXT NOT NULL DEFAULT '';
CREATE TABLE domain_flow (
  account INTEGER NOT NULL,
  domain  TEXT NOT NULL,
  second  INTEGER NOT NULL,
  n       INTEGER NOT NULL,
  PRIMARY KEY (account, domain, second)
) WITHOUT ROWID;
