-- Who is denied, by address: every claim asks, and nearly nobody is.
CREATE INDEX profiles_denied ON profiles (key) WHERE denied;
