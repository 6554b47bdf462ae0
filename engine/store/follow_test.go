package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/store"
)

// member is one delivery of a made-up family: what its messages to people 0… are.
type member struct {
	id     delivery.ID
	state  delivery.State
	states map[int]delivery.MessageState
}

// family makes a delivery with messages in the given states.
func (x *seeder) member(d delivery.Draft, state delivery.State, states map[int]delivery.MessageState) member {
	x.Helper()
	x.exec(`INSERT INTO deliveries (label, content, audience, account, schedule, created, created_by, modified, follows, follow_mode)
		VALUES ('M', '{}', ?, 1, '{}', 0, 'm', 0, nullif(?, 0), ?)`, d.Audience, d.Follows.Delivery, d.Follows.Mode)
	var id delivery.ID
	if err := x.db.QueryRow(`SELECT max(id) FROM deliveries`).Scan(&id); err != nil {
		x.Fatal(err)
	}
	seq := 0
	for i, st := range states {
		seq++
		var key any = person(i).Key
		if st == delivery.MsgExcluded {
			key = nil
		}
		x.exec(`INSERT INTO messages (delivery, seq, profile, address, key, state, at) VALUES (?, ?, ?, ?, ?, ?, 0)`, id, seq, i+1, person(i).Address, key, st)
		x.exec(`INSERT INTO frozen (delivery, seq) VALUES (?, ?)`, id, seq)
		x.exec(`UPDATE deliveries SET targeted = targeted + 1, ` + st.String() + ` = ` + st.String() + ` + 1 WHERE id = ` + fmt.Sprint(int64(id)))
	}
	x.exec(`UPDATE deliveries SET state = ?, plan_hash = 'p', confirmed_plan = 'p', confirmed_by = 'm', started = 1 WHERE id = ?`, state, id)
	return member{id, state, states}
}

// TestWhoIsToppedUp holds the target of a top-up against a family written down as
// a map: nobody who got, may have got or may still get a message of it.
func TestWhoIsToppedUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		s := open(t, dir)
		defer s.Close()
		x := &seeder{TB: t, s: s, db: raw(t, dir)}
		defer x.db.Close()
		const n = 6
		au, _ := importPeople(t, s, "All", people(n)...)
		states := func(name string) map[int]delivery.MessageState {
			return rapid.MapOf(rapid.IntRange(0, n-1), rapid.SampledFrom(delivery.MessageStates())).Draw(rt, name)
		}
		some := []delivery.State{delivery.Editing, delivery.Ready, delivery.Confirmed, delivery.Sending, delivery.Paused, delivery.Finished, delivery.Stopped, delivery.Expired}
		root := x.member(delivery.Draft{Audience: au.ID}, rapid.SampledFrom(some[2:7]).Draw(rt, "root"), states("of the root"))
		family := []member{root}
		for i := range rapid.IntRange(0, 3).Draw(rt, "others") {
			follow := delivery.Follow{Delivery: rapid.SampledFrom(family).Draw(rt, "follows").id, Mode: rapid.SampledFrom(delivery.FollowModes()).Draw(rt, "mode")}
			m := x.member(delivery.Draft{Audience: au.ID, Follows: follow}, rapid.SampledFrom(some).Draw(rt, "state"), states(fmt.Sprint("of ", i)))
			if follow.Mode == delivery.TopUp {
				family = append(family, m)
			}
		}
		stranger := x.member(delivery.Draft{Audience: au.ID}, delivery.Finished, map[int]delivery.MessageState{0: delivery.MsgAccepted})
		_ = stranger // writes to the same people and is no relative

		mine := delivery.Draft{Audience: au.ID, Follows: delivery.Follow{Delivery: rapid.SampledFrom(family).Draw(rt, "mine follows").id, Mode: delivery.TopUp}}
		me := x.member(mine, delivery.Editing, map[int]delivery.MessageState{1: delivery.MsgPending}) // an older plan of its own counts for nothing
		open := []delivery.MessageState{delivery.MsgPending, delivery.MsgClaimed, delivery.MsgCommitting, delivery.MsgDeferred}
		live := []delivery.State{delivery.Ready, delivery.Confirmed, delivery.Sending, delivery.Retrying, delivery.Paused}
		want := map[string]bool{}
		for i := range n {
			for _, m := range family {
				st, ok := m.states[i]
				if ok && (st == delivery.MsgAccepted || st == delivery.MsgInDoubt || slices.Contains(open, st) && slices.Contains(live, m.state)) {
					want[person(i).Key] = true
				}
			}
		}
		seen := 0
		if err := s.EachTarget(ctx, delivery.Delivery{ID: me.id, Draft: mine}, func(g store.Target) error {
			seen++
			if g.Written != want[g.Key] {
				rt.Errorf("%s: written %v, want %v\nfamily %+v", g.Key, g.Written, want[g.Key], family)
			}
			return nil
		}); err != nil || seen != n {
			rt.Fatalf("%d of %d: %v", seen, n, err)
		}
	})
}

// TestTheFasterTopUpWins: of two top-ups that were prepared at the same moment for
// the same people one can be confirmed.
func TestTheFasterTopUpWins(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	x := &seeder{TB: t, s: s, db: raw(t, dir)}
	au, _ := importPeople(t, s, "All", people(3)...)
	root := x.member(delivery.Draft{Audience: au.ID}, delivery.Finished, map[int]delivery.MessageState{0: delivery.MsgAccepted})
	d := delivery.Draft{Label: "T", Audience: au.ID, Account: 1, Schedule: delivery.Schedule{Mode: delivery.OnceConfirmed}, Follows: delivery.Follow{Delivery: root.id, Mode: delivery.TopUp}}
	var ids []delivery.ID
	var plans []string
	for range 2 {
		id, err := s.CreateDelivery(ctx, marieke, d)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	for _, id := range ids {
		start, err := s.BeginPrepare(ctx, marieke, id)
		if err != nil {
			t.Fatal(err)
		}
		draft, err := s.BeginPlan(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < 3; i++ {
			if err := draft.Add(store.Message{Seq: int64(i), Profile: int64(i + 1), Address: person(i).Address, Key: person(i).Key, Fields: "{}", Sum: make([]byte, 32)}); err != nil {
				t.Fatal(err)
			}
		}
		p := delivery.Plan{Targeted: 2, ToDeliver: 2, Parts: map[delivery.Part]string{}}
		for _, part := range delivery.Parts() {
			p.Parts[part] = delivery.PartHash(part, start.Delivery.Draft, start.Account)
		}
		p.Hash = delivery.SealHash(id, p.Parts)
		plans = append(plans, p.Hash)
		if err := draft.Seal(ctx, p, nil); err != nil {
			t.Fatal(err)
		}
		draft.Discard()
	}
	if err := s.Confirm(ctx, marieke, ids[0], plans[0], time.Now()); err != nil {
		t.Fatal(err)
	}
	err := s.Confirm(ctx, marieke, ids[1], plans[1], time.Now())
	if !delivery.Is(err, delivery.KindSealBroken) || err.(*delivery.Error).Detail != string(delivery.PartRecipients) {
		t.Errorf("both confirmed: %v", err)
	}
	// Once the first is stopped its messages are cancelled, and the second may go.
	if err := s.Stop(ctx, marieke, ids[0]); err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(ctx, marieke, ids[1], plans[1], time.Now()); err != nil {
		t.Error(err)
	}
	v, err := s.Delivery(ctx, root.id)
	if err != nil || v.Followed != nil || len(v.Followers) != 2 || v.Followers[1] != (delivery.Follower{ID: ids[1], Label: "T", Mode: delivery.TopUp, State: delivery.Confirmed}) {
		t.Errorf("followed by %+v, %v", v.Followers, err)
	}
	if v, err = s.Delivery(ctx, ids[0]); err != nil || v.Followed == nil || v.Followed.ID != root.id || v.Followed.Mode != delivery.TopUp || len(v.Followers) != 0 {
		t.Errorf("follows %+v, %v", v.Followed, err)
	}
}

func TestFollowingIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	x := &seeder{TB: t, s: s, db: raw(t, dir)}
	au, _ := importPeople(t, s, "All", people(2)...)
	paused := x.member(delivery.Draft{Audience: au.ID}, delivery.Paused, nil)
	ended := x.member(delivery.Draft{Audience: au.ID}, delivery.Finished, nil)
	draft := func(id delivery.ID, m delivery.FollowMode) delivery.Draft {
		return delivery.Draft{Label: "F", Account: 1, Follows: delivery.Follow{Delivery: id, Mode: m}}
	}
	for _, c := range []struct {
		name string
		d    delivery.Draft
		want delivery.Kind
	}{
		{"a correction of what is under way", draft(paused.id, delivery.Correction), delivery.KindState},
		{"a top-up of what is under way", draft(paused.id, delivery.TopUp), ""},
		{"a correction of what ended", draft(ended.id, delivery.Correction), ""},
		{"of nothing", draft(77, delivery.TopUp), delivery.KindNotFound},
	} {
		if _, err := s.CreateDelivery(ctx, marieke, c.d); delivery.KindOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	id, err := s.CreateDelivery(ctx, marieke, delivery.Draft{Label: "F"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EditDelivery(ctx, marieke, id, draft(id, delivery.TopUp)); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("it follows itself: %v", err)
	}
	if err := s.DeleteDelivery(ctx, marieke, ended.id); !delivery.Is(err, delivery.KindInUse) {
		t.Errorf("deleted under a draft that follows it: %v", err)
	}
	n, err := s.DuplicateDelivery(ctx, marieke, id)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := s.Delivery(ctx, n); err != nil || v.Follows != (delivery.Follow{}) {
		t.Errorf("a duplicate follows %+v, %v", v.Follows, err)
	}
}
