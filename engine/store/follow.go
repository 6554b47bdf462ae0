package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// FollowUp makes a new delivery in state Editing that follows another one, with
// its content and account. A correction takes the others' recipients, a top-up an
// audience; a top-up of a top-up follows the first delivery of all.
func (s *Store) FollowUp(ctx context.Context, who access.Principal, f delivery.Follow, edit func(*delivery.Draft)) (delivery.ID, error) {
	const op = "follow_up"
	var id delivery.ID
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		d, err := deliveryIn(tx, f.Delivery)
		if err != nil {
			return err
		}
		n := d.Draft
		n.Schedule = delivery.Schedule{Mode: delivery.OnceConfirmed}
		n.Audience = 0
		if f.Mode == delivery.TopUp && d.Follows.Mode == delivery.TopUp {
			f.Delivery = d.Follows.Delivery
		}
		n.Follows = f
		edit(&n)
		if err := followable(tx, 0, n); err != nil {
			return err
		}
		if n.Audience != 0 {
			if _, err := audienceIn(tx, n.Audience); err != nil {
				return err
			}
		}
		id, err = insertDelivery(tx, o.Name, n)
		return err
	})
	return id, err
}

// followable checks the link of a draft: id is the delivery's own, 0 for a new
// one.
func followable(tx *sql.Tx, id delivery.ID, d delivery.Draft) error {
	f := d.Follows
	if f.Delivery == 0 {
		return nil
	}
	if f.Delivery == id {
		return &delivery.Error{Kind: delivery.KindInvalid, Field: "follows.delivery", Detail: id.String()}
	}
	other, err := deliveryIn(tx, f.Delivery)
	if err == nil && !delivery.CanFollow(other, f.Mode) {
		err = &delivery.Error{Kind: delivery.KindState, Detail: string(other.State)}
	}
	return err
}

// follows reads both ends of a delivery's links: what it follows, nil when that is
// nothing or gone, and what follows it, the oldest first.
func (s *Store) follows(ctx context.Context, v *delivery.View) error {
	rows, err := s.r.QueryContext(ctx, `SELECT id, label, coalesce(nullif(?2, ''), follow_mode), state, id = ?3 FROM deliveries
		WHERE id = ?3 OR follows = ?1 ORDER BY id`, v.ID, v.Follows.Mode, v.Follows.Delivery)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var f delivery.Follower
		var followed bool
		if err := rows.Scan(&f.ID, &f.Label, &f.Mode, &f.State, &followed); err != nil {
			return err
		}
		if followed {
			v.Followed = &f
		} else {
			v.Followers = append(v.Followers, f)
		}
	}
	return rows.Err()
}

// written are the states in which somebody got, may have got or may still get a
// message, and underWay those of a delivery in which the last of these count.
var (
	got      = []delivery.MessageState{delivery.MsgAccepted, delivery.MsgInDoubt}
	mayStill = []delivery.MessageState{delivery.MsgPending, delivery.MsgClaimed, delivery.MsgCommitting, delivery.MsgDeferred}
	underWay = []delivery.State{delivery.Confirmed, delivery.Sending, delivery.Retrying, delivery.Paused}
)

// writtenBefore is an EXISTS over the messages w by which the address ?key was
// written to, or will be, by a delivery of family. It takes three arguments: the
// family as JSON rows of [id, 1 when open messages count], got, and mayStill.
const writtenBefore = `EXISTS (SELECT 1 FROM json_each(?1) f CROSS JOIN messages w
	WHERE w.delivery = f.value ->> 0 AND w.key = t.key AND (w.state IN (SELECT value FROM json_each(?2))
	OR f.value ->> 1 AND w.state IN (SELECT value FROM json_each(?3))))`

// family lists the deliveries that a top-up must not repeat, as writtenBefore
// takes them: the one it follows and all other top-ups of that. open are the
// states of a delivery whose open messages count.
func family(ctx context.Context, q querier, d delivery.Delivery, open []delivery.State) (string, error) {
	rows, err := q.QueryContext(ctx, `WITH RECURSIVE
		up (id) AS (SELECT ?1 UNION SELECT d.follows FROM deliveries d JOIN up ON d.id = up.id WHERE d.follow_mode = 'top_up' AND d.follows IS NOT NULL),
		down (id) AS (SELECT id FROM up UNION SELECT d.id FROM deliveries d JOIN down ON d.follows = down.id WHERE d.follow_mode = 'top_up')
		SELECT d.id, d.state FROM deliveries d JOIN down ON d.id = down.id WHERE d.id <> ?2 ORDER BY d.id`, d.Follows.Delivery, d.ID)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	out := [][2]int64{}
	for rows.Next() {
		var f [2]int64
		var state delivery.State
		if err := rows.Scan(&f[0], &state); err != nil {
			return "", err
		}
		if slices.Contains(open, state) {
			f[1] = 1
		}
		out = append(out, f)
	}
	return marshal(out), rows.Err()
}

// repeats counts the messages of a sealed top-up that another delivery of its
// family has written to since it was prepared.
func repeats(ctx context.Context, tx *sql.Tx, d delivery.Delivery) (n int64, err error) {
	if d.Follows.Mode != delivery.TopUp {
		return 0, nil
	}
	others, err := family(ctx, tx, d, underWay)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM messages t WHERE t.delivery = ?4 AND t.state = 0 AND `+writtenBefore,
		others, marshal(got), marshal(mayStill), d.ID).Scan(&n)
	return n, err
}

// eachFollowed calls fn for everybody who got the delivery that a correction
// follows, by key: at the address that got it, with the fields that the person has
// now, or had then when the person is gone.
func (s *Store) eachFollowed(ctx context.Context, f delivery.Follow, fn func(Target) error) error {
	rows, err := s.r.QueryContext(ctx, followedQuery, f.Delivery, marshal(followedStates(f)))
	if err != nil {
		return s.wrap("target", err)
	}
	return s.targets(rows, fn)
}

const followedQuery = `SELECT m.profile, m.address, m.key, coalesce(p.fields, f.fields),
	EXISTS (SELECT 1 FROM profiles x WHERE x.denied AND (x.key = m.key OR x.id = m.profile)),
	` + lastSent + `, EXISTS (SELECT 1 FROM quarantine q WHERE q.key = m.key), 0
	FROM messages m CROSS JOIN frozen f ON f.delivery = m.delivery AND f.seq = m.seq LEFT JOIN profiles p ON p.id = m.profile
	WHERE m.delivery = ? AND m.key IS NOT NULL AND m.state IN (SELECT value FROM json_each(?)) AND NOT coalesce(p.test, 0) ORDER BY m.key`

func followedStates(f delivery.Follow) []delivery.MessageState {
	if f.Doubtful {
		return got
	}
	return got[:1]
}

// startOfFollow reads what the preparation of a correction needs: how many it is
// for, and which fields they have.
func startOfFollow(tx *sql.Tx, p *Preparation) error {
	f := p.Delivery.Follows
	if f.Delivery == 0 {
		return nil
	}
	d, err := deliveryIn(tx, f.Delivery)
	if err != nil {
		return err
	}
	p.Followed = d.State
	if f.Mode != delivery.Correction {
		return nil
	}
	p.Size = d.Counters.Accepted
	if f.Doubtful {
		p.Size += d.Counters.InDoubt
	}
	if d.Audience != 0 {
		p.Columns, err = audienceIn(tx, d.Audience)
		return err
	}
	// The list is gone: the fields that people were frozen with.
	rows, err := tx.Query(`SELECT DISTINCT j.key FROM (SELECT f.fields FROM messages m JOIN frozen f USING (delivery, seq)
		WHERE m.delivery = ? AND m.key IS NOT NULL LIMIT 1000) m, json_each(m.fields) j ORDER BY 1`, d.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		p.Columns = append(p.Columns, name)
	}
	return rows.Err()
}

// FollowedSample reads the n-th person of whom a correction is for, from 0.
func (s *Store) FollowedSample(ctx context.Context, f delivery.Follow, n int) (Profile, error) {
	var p Profile
	err := s.r.QueryRowContext(ctx, `SELECT m.address, m.key, coalesce(p.fields, f.fields)
		FROM messages m CROSS JOIN frozen f ON f.delivery = m.delivery AND f.seq = m.seq LEFT JOIN profiles p ON p.id = m.profile
		WHERE m.delivery = ? AND m.key IS NOT NULL AND m.state IN (SELECT value FROM json_each(?)) ORDER BY m.key LIMIT 1 OFFSET ?`,
		f.Delivery, marshal(followedStates(f)), n).Scan(&p.Address, &p.Key, &p.Fields)
	if errors.Is(err, sql.ErrNoRows) {
		err = &delivery.Error{Kind: delivery.KindNotFound, Field: "profile"}
	}
	return p, s.wrap("sample", err)
}

// FollowedNeighbour is Neighbour among the people whom a correction is for, as far as
// they are still profiles.
func (s *Store) FollowedNeighbour(ctx context.Context, f delivery.Follow, profile int64, step int) (int64, error) {
	query := `m.profile > ?3 ORDER BY m.profile`
	if step < 0 {
		query, step = `m.profile < ?3 ORDER BY m.profile DESC`, -step
	}
	var id int64
	err := s.r.QueryRowContext(ctx, `SELECT m.profile FROM messages m JOIN profiles p ON p.id = m.profile
		WHERE m.delivery = ?1 AND m.key IS NOT NULL AND m.state IN (SELECT value FROM json_each(?2)) AND `+query+` LIMIT 1 OFFSET ?4`,
		f.Delivery, marshal(followedStates(f)), profile, max(step, 1)-1).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = &delivery.Error{Kind: delivery.KindNotFound, Field: "profile"}
	}
	return id, s.wrap("members", err)
}

// unfollowed refuses the removal of a delivery that another one still needs: who
// got it decides whom that one is for.
func unfollowed(tx *sql.Tx, id delivery.ID) error {
	var user delivery.ID
	var label string
	err := tx.QueryRow(`SELECT id, label FROM deliveries WHERE follows = ? AND state IN ('editing', 'preparing', 'preparation_failed', 'ready')
		ORDER BY id LIMIT 1`, id).Scan(&user, &label)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return &delivery.Error{Kind: delivery.KindInUse, Field: "delivery", Detail: user.String() + " " + label}
}
