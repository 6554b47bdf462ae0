-- When a person last let the delivery go on, in milliseconds since 1970: whoever
-- did that after a missed contact date wants it sent late.
ALTER TABLE deliveries ADD COLUMN resumed INTEGER;
