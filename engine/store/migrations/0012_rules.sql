-- An audience may be a rule that says who belongs to it, as engine/rule writes it
-- with the numbers of audiences; empty: a list. Its size is that of the time when
-- it was last counted. changed is the stamp of the last change of its members.
ALTER TABLE audiences ADD COLUMN rule TEXT NOT NULL DEFAULT '';
ALTER TABLE audiences ADD COLUMN counted INTEGER;
ALTER TABLE audiences ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;

-- Test profiles get proofs and are targeted by no list and no rule.
ALTER TABLE profiles ADD COLUMN test INTEGER NOT NULL DEFAULT 0;
CREATE INDEX profiles_test ON profiles (id) WHERE test;

-- Every change of profiles has a stamp of its own, later than all before: the time
-- in milliseconds, or one more than the last.
INSERT INTO meta (key, value) SELECT 'stamp', coalesce(max(modified), 0) FROM profiles;
