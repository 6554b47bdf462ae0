-- How an account logs in, where its access tokens come from, and the SHA-256
-- fingerprint of the one certificate that it accepts. Refresh tokens and client
-- secrets are not here: they are kept where passwords are.
ALTER TABLE accounts ADD COLUMN auth TEXT NOT NULL DEFAULT '' CHECK (auth IN ('', 'oauth'));
ALTER TABLE accounts ADD COLUMN oauth_command TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN oauth_endpoint TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN oauth_client TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN oauth_scope TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN pin TEXT NOT NULL DEFAULT '' CHECK (pin = '' OR length(pin) = 64);
