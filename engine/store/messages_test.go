package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/store"
)

// sending is a confirmed delivery of n messages under way.
func sending(t *testing.T, s *store.Store, n int) delivery.ID {
	t.Helper()
	id := plan(t, s, n)
	v, err := s.Delivery(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Advance(ctx, id, delivery.Start, nil); err != nil {
		t.Fatal(err)
	}
	return id
}

// try claims what is due at a moment and ends every attempt as given.
func try(t *testing.T, s *store.Store, id delivery.ID, now time.Time, end func(queue.Job) queue.Outcome) {
	t.Helper()
	c, err := s.Commit(ctx, queue.Batch{Now: now, Claims: []queue.ClaimRequest{{Delivery: id, Max: 100}}})
	if err != nil {
		t.Fatal(err)
	}
	var b queue.Batch
	b.Now = now
	for _, j := range c.Jobs[id] {
		o := end(j)
		o.Ref, o.Attempt, o.At = j.Ref, j.Attempt, now
		b.Outcomes = append(b.Outcomes, o)
	}
	if _, err := s.Commit(ctx, b); err != nil {
		t.Fatal(err)
	}
}

func deferral(code int, reply string, next time.Time) func(queue.Job) queue.Outcome {
	return func(queue.Job) queue.Outcome {
		return queue.Outcome{To: delivery.MsgDeferred, Code: code, Reply: reply, Nature: delivery.NatureRefused, NextTry: next}
	}
}

// Every attempt is kept, in order, whatever the message became in the end.
func TestAttempts(t *testing.T) {
	s := open(t, t.TempDir())
	id := sending(t, s, 1)
	start := time.Now().Truncate(time.Second)
	at := func(i int) time.Time { return start.Add(time.Duration(i) * time.Hour) }

	check := func(want ...string) store.Stored {
		t.Helper()
		m, attempts, err := s.Message(ctx, id, 1)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, a := range attempts {
			got = append(got, a.Reply)
			if a.Number != i+1 || a.State != delivery.MsgDeferred || !a.At.Equal(at(i)) {
				t.Errorf("attempt %+v", a)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("history %q, want %q", got, want)
		}
		return m
	}
	check()
	try(t, s, id, at(0), deferral(451, "first", at(1)))
	if m := check(); m.Attempts != 1 || m.Reply != "first" {
		t.Errorf("%+v", m.Row)
	}
	try(t, s, id, at(1), deferral(452, "second", at(2)))
	check("first")

	// Given back without being tried: nothing was said, nothing changes.
	c, err := s.Commit(ctx, queue.Batch{Now: at(2), Claims: []queue.ClaimRequest{{Delivery: id, Max: 1}}})
	if err != nil || len(c.Jobs[id]) != 1 {
		t.Fatal(c.Jobs, err)
	}
	j := c.Jobs[id][0]
	if _, err := s.Commit(ctx, queue.Batch{Now: at(2), Outcomes: []queue.Outcome{{Ref: j.Ref, To: delivery.MsgPending, Attempt: j.Attempt, At: at(2)}}}); err != nil {
		t.Fatal(err)
	}
	if m := check("first"); m.Attempts != 2 || m.Reply != "second" || m.Code != 452 || m.State != delivery.MsgPending {
		t.Errorf("given back: %+v", m.Row)
	}

	try(t, s, id, at(2), func(queue.Job) queue.Outcome {
		return queue.Outcome{To: delivery.MsgAccepted, Code: 250, Reply: "Ok"}
	})
	if m := check("first", "second"); m.Attempts != 3 || m.Reply != "Ok" || m.State != delivery.MsgAccepted {
		t.Errorf("%+v", m.Row)
	}
}

// Whatever ends the waiting of a message that was deferred, what the relay said
// at its attempts stays known, with its moment and its nature.
func TestAttemptsOutliveTheEnd(t *testing.T) {
	start := time.Now().Truncate(time.Second)
	at := func(i int) time.Time { return start.Add(time.Duration(i) * time.Hour) }
	claim := func(t *testing.T, s *store.Store, id delivery.ID, i int) queue.Job {
		t.Helper()
		c, err := s.Commit(ctx, queue.Batch{Now: at(i), Claims: []queue.ClaimRequest{{Delivery: id, Max: 1}}})
		if err != nil || len(c.Jobs[id]) != 1 {
			t.Fatal(c.Jobs, err)
		}
		return c.Jobs[id][0]
	}
	end := func(t *testing.T, s *store.Store, o queue.Outcome) {
		t.Helper()
		if _, err := s.Commit(ctx, queue.Batch{Now: o.At, Outcomes: []queue.Outcome{o}}); err != nil {
			t.Fatal(err)
		}
	}
	stop := func(t *testing.T, s *store.Store, id delivery.ID) {
		t.Helper()
		if err := s.Stop(ctx, marieke, id); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name      string
		deferrals int // deferrals before
		finish    func(t *testing.T, s *store.Store, id delivery.ID)
		state     delivery.MessageState
		nature    delivery.Nature
		history   int // rows in the table
	}{
		{"stopped while it waits", 1, stop, delivery.MsgCancelled, delivery.NatureCancelled, 1},
		{"stopped while it waits again", 2, stop, delivery.MsgCancelled, delivery.NatureCancelled, 2},
		{"stopped before its first attempt", 0, stop, delivery.MsgCancelled, delivery.NatureCancelled, 0},
		{"given back after the stop", 1, func(t *testing.T, s *store.Store, id delivery.ID) {
			j := claim(t, s, id, 1)
			stop(t, s, id)
			end(t, s, queue.Outcome{Ref: j.Ref, To: delivery.MsgPending, Attempt: j.Attempt, At: at(9)})
		}, delivery.MsgCancelled, delivery.NatureCancelled, 1},
		{"given back, then stopped", 1, func(t *testing.T, s *store.Store, id delivery.ID) {
			j := claim(t, s, id, 1)
			end(t, s, queue.Outcome{Ref: j.Ref, To: delivery.MsgPending, Attempt: j.Attempt, At: at(9)})
			stop(t, s, id)
		}, delivery.MsgCancelled, delivery.NatureCancelled, 1},
		{"deferred after the stop", 0, func(t *testing.T, s *store.Store, id delivery.ID) {
			j := claim(t, s, id, 0)
			stop(t, s, id)
			o := deferral(450, "reply 0", at(1))(j)
			o.Ref, o.Attempt, o.At = j.Ref, j.Attempt, at(0)
			end(t, s, o)
		}, delivery.MsgCancelled, delivery.NatureCancelled, 1},
		{"deferred again after the stop", 1, func(t *testing.T, s *store.Store, id delivery.ID) {
			j := claim(t, s, id, 1)
			stop(t, s, id)
			o := deferral(451, "reply 1", at(2))(j)
			o.Ref, o.Attempt, o.At = j.Ref, j.Attempt, at(1)
			end(t, s, o)
		}, delivery.MsgCancelled, delivery.NatureCancelled, 2},
		{"on the denylist by now", 1, func(t *testing.T, s *store.Store, id delivery.ID) {
			if err := s.Deny(ctx, marieke, []int64{1}, true); err != nil {
				t.Fatal(err)
			}
			c, err := s.Commit(ctx, queue.Batch{Now: at(1), Claims: []queue.ClaimRequest{{Delivery: id, Max: 1}}})
			if err != nil || len(c.Jobs[id]) != 0 {
				t.Fatal(c.Jobs, err)
			}
		}, delivery.MsgExcluded, delivery.NatureDenylist, 1},
		{"too late", 1, func(t *testing.T, s *store.Store, id delivery.ID) {
			j := claim(t, s, id, 1)
			end(t, s, queue.Outcome{Ref: j.Ref, To: delivery.MsgRejected, Attempt: j.Attempt, Nature: delivery.NatureExpired, At: at(9)})
		}, delivery.MsgRejected, delivery.NatureExpired, 1},
		{"reply lost", 2, func(t *testing.T, s *store.Store, id delivery.ID) {
			try(t, s, id, at(2), func(queue.Job) queue.Outcome {
				return queue.Outcome{To: delivery.MsgInDoubt, Nature: delivery.NatureLostReply}
			})
		}, delivery.MsgInDoubt, delivery.NatureLostReply, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, t.TempDir())
			id := sending(t, s, 1)
			for i := range c.deferrals {
				try(t, s, id, at(i), deferral(450+i, fmt.Sprint("reply ", i), at(i+1)))
			}
			c.finish(t, s, id)
			m, attempts, err := s.Message(ctx, id, 1)
			if err != nil {
				t.Fatal(err)
			}
			if m.State != c.state || m.Nature != c.nature {
				t.Errorf("the message is %v, %q", m.State, m.Nature)
			}
			if len(attempts) != c.history {
				t.Fatalf("%d attempts kept, want %d", len(attempts), c.history)
			}
			for i, got := range attempts {
				want := delivery.Attempt{Number: i + 1, At: at(i).UTC(), State: delivery.MsgDeferred, Nature: delivery.NatureRefused,
					Code: 450 + i, Reply: fmt.Sprint("reply ", i)}
				if got != want {
					t.Errorf("attempt %+v, want %+v", got, want)
				}
			}
			if v, err := s.Delivery(ctx, id); err != nil || v.Counters.Check() != nil {
				t.Errorf("the ledger: %+v, %v", v.Counters, err)
			}
		})
	}
}

// A crash at the last dot of a second attempt leaves the first one known.
func TestAttemptsAfterACrash(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := sending(t, s, 1)
	now := time.Now()
	try(t, s, id, now, deferral(451, "first", now.Add(time.Minute)))
	c, err := s.Commit(ctx, queue.Batch{Now: now.Add(time.Hour), Claims: []queue.ClaimRequest{{Delivery: id, Max: 1}}})
	if err != nil || len(c.Jobs[id]) != 1 {
		t.Fatal(c.Jobs, err)
	}
	s.Close()
	s = open(t, dir)
	open := []queue.Intent{{Ref: c.Jobs[id][0].Ref, Attempt: 2}}
	if err := s.Recover(ctx, queue.Left{Known: true, Open: open, Last: 1}); err != nil {
		t.Fatal(err)
	}
	m, attempts, err := s.Message(ctx, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	if m.State != delivery.MsgInDoubt || m.Attempts != 2 || m.Reply != "" || m.Code != 0 {
		t.Errorf("in doubt with the reply of another attempt: %+v", m.Row)
	}
	if len(attempts) != 1 || attempts[0].Reply != "first" || attempts[0].Code != 451 {
		t.Errorf("history %+v", attempts)
	}
}

// A message that is taken at once has no history to pay for.
func TestNoAttemptsWithoutADeferral(t *testing.T) {
	s := open(t, t.TempDir())
	id := sending(t, s, 50)
	try(t, s, id, time.Now(), func(queue.Job) queue.Outcome {
		return queue.Outcome{To: delivery.MsgAccepted, Code: 250, Reply: "Ok"}
	})
	for n := range int64(50) {
		if _, attempts, err := s.Message(ctx, id, n+1); err != nil || len(attempts) != 0 {
			t.Fatalf("%d: %v %v", n+1, attempts, err)
		}
	}
}

// The order and the selection of a list, against one made by hand.
func TestMessageNumbers(t *testing.T) {
	s := open(t, t.TempDir())
	id := sending(t, s, 12)
	now := time.Now()
	try(t, s, id, now, func(j queue.Job) queue.Outcome {
		switch j.Seq % 3 {
		case 0:
			return queue.Outcome{To: delivery.MsgRejected, Code: 550, Enhanced: "5.1.1", Reply: "No such 100%_mailbox", Nature: delivery.NatureUserUnknown}
		case 1:
			return queue.Outcome{To: delivery.MsgDeferred, Code: 451, Reply: "later", Nature: delivery.NatureRefused, NextTry: now.Add(time.Hour)}
		}
		return queue.Outcome{To: delivery.MsgAccepted, Code: 250, Enhanced: "2.0.0", Reply: "Ok"}
	})
	all := []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	rejected, deferred, accepted := []int64{3, 6, 9, 12}, []int64{1, 4, 7, 10}, []int64{2, 5, 8, 11}
	back := func(ns ...int64) []int64 { ns = slices.Clone(ns); slices.Reverse(ns); return ns }
	for _, c := range []struct {
		name string
		q    delivery.LogQuery
		want []int64
	}{
		{"all", delivery.LogQuery{}, all},
		{"backwards", delivery.LogQuery{Desc: true}, back(all...)},
		{"some", delivery.LogQuery{Limit: 3}, all[:3]},
		{"state", delivery.LogQuery{States: []delivery.MessageState{delivery.MsgRejected}}, rejected},
		{"two states", delivery.LogQuery{States: []delivery.MessageState{delivery.MsgRejected, delivery.MsgDeferred}}, []int64{1, 3, 4, 6, 7, 9, 10, 12}},
		{"nature", delivery.LogQuery{Natures: []delivery.Nature{delivery.NatureUserUnknown}}, rejected},
		{"reply", delivery.LogQuery{Search: "LATER"}, deferred},
		{"code and reply", delivery.LogQuery{Search: "550 5.1.1 No"}, rejected},
		{"no pattern", delivery.LogQuery{Search: "%"}, rejected},
		{"no pattern either", delivery.LogQuery{Search: "_mail"}, rejected},
		{"nothing", delivery.LogQuery{Search: `\`}, []int64{}},
		{"by reply", delivery.LogQuery{Sort: delivery.LogByReply}, slices.Concat(accepted, deferred, rejected)},
		{"by reply, backwards", delivery.LogQuery{Sort: delivery.LogByReply, Desc: true, Limit: 4}, nil},
		{"by nature and state", delivery.LogQuery{Sort: delivery.LogByNature, States: []delivery.MessageState{delivery.MsgAccepted}}, accepted},
	} {
		got, err := s.MessageNumbers(ctx, id, c.q)
		if err != nil {
			t.Fatal(c.name, err)
		}
		if c.want == nil {
			slices.Sort(got)
			c.want = rejected
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	rows, err := s.MessageRows(ctx, id, []int64{9, 2, 99, 4})
	if err != nil || len(rows) != 3 || rows[0].Seq != 9 || rows[1].Seq != 2 || rows[2].Seq != 4 || rows[0].Reply != "No such 100%_mailbox" {
		t.Errorf("%+v, %v", rows, err)
	}
	if _, _, err := s.Message(ctx, id, 99); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("a number that is not there: %v", err)
	}
}
