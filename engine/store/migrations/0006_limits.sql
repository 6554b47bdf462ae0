-- Limits of an account that bind within a connection or a second; 0 is the usual
-- number, or none.
ALTER TABLE accounts ADD COLUMN per_second INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN per_connection INTEGER NOT NULL DEFAULT 0;
