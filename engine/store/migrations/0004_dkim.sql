-- How the messages of an account are signed. The private key is where the
-- passwords are; record is its public half, as it is published in the DNS.
CREATE TABLE dkim (
  account   INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  domain    TEXT NOT NULL,
  selector  TEXT NOT NULL,
  algorithm TEXT NOT NULL CHECK (algorithm IN ('rsa', 'ed25519')),
  record    TEXT NOT NULL,
  since     INTEGER NOT NULL
);
