-- When a person was last sent something. It is written for everybody at the end of a
-- delivery, and a row of profiles is large.
CREATE TABLE contacted (
  profile INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL
);
INSERT INTO contacted (profile, at) SELECT id, last_sent FROM profiles WHERE last_sent IS NOT NULL ORDER BY id;
ALTER TABLE profiles DROP COLUMN last_sent;
