-- Several relays for one delivery, as the JSON of its list; NULL when account is
-- the only one. account of a message or an attempt is which of them took it; NULL:
-- the delivery's own, or none yet.
ALTER TABLE deliveries ADD COLUMN relays TEXT;
ALTER TABLE messages ADD COLUMN account INTEGER;
ALTER TABLE attempts ADD COLUMN account INTEGER;
