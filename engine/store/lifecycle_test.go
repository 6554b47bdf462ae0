package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

// lined lists what the log of a delivery says of its way, after its confirmation.
func lined(t *testing.T, d *doubtful) (out []string) {
	t.Helper()
	lines, err := d.s.Log(ctx, d.id)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		var words []string
		for k, v := range l.Params {
			words = append(words, k+"="+v)
		}
		slices.Sort(words)
		out = append(out, strings.Join(append([]string{string(l.Severity), l.Code, l.By}, words...), " "))
	}
	return out
}

// TestEachChangeHasItsLine: what the queue does to a delivery is in its log, once.
func TestEachChangeHasItsLine(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	d := &doubtful{TB: t, s: s, x: &seeder{TB: t, s: s, db: raw(t, dir)}, at: time.Now()}
	first, second := queuetest.Account(7, 1), queuetest.Account(8, 1)
	first.Name, second.Name = "Provider", "Spare"
	d.id = d.x.Seed(queuetest.Seed{Messages: 3, Account: first, Relays: []queue.Relay{{Account: first, Weight: 1}, {Account: second, Spare: true}}})
	before := len(lined(t, d))
	d.advance(delivery.Start, delivery.Sending)
	if _, err := s.Advance(ctx, d.id, delivery.Pause, &delivery.PauseReason{Kind: delivery.KindAuth, Detail: "535 no"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Resume(ctx, marieke, d.id); err != nil {
		t.Fatal(err)
	}
	d.advance(delivery.Start, delivery.Sending) // which it did before
	got, err := s.Commit(ctx, queue.Batch{Now: d.at, Claims: []queue.ClaimRequest{{Delivery: d.id, Account: 7, Max: 3}}})
	if err != nil {
		t.Fatal(err)
	}
	job := got.Jobs[d.id]
	if len(job) != 3 {
		t.Fatalf("%d jobs", len(job))
	}
	settle := func(to delivery.MessageState, o queue.Outcome, seq int) {
		t.Helper()
		o.Ref, o.To, o.Attempt, o.At = job[seq].Ref, to, 1, d.at
		if _, err := s.Commit(ctx, queue.Batch{Now: d.at, Outcomes: []queue.Outcome{o}}); err != nil {
			t.Fatal(err)
		}
	}
	settle(delivery.MsgAccepted, queue.Outcome{Code: 250}, 0)
	settle(delivery.MsgRejected, queue.Outcome{Code: 550, Nature: delivery.NatureUserUnknown, Fault: delivery.FaultRecipient}, 1)
	settle(delivery.MsgDeferred, queue.Outcome{Code: 450, Nature: delivery.NatureUnreachable, Fault: delivery.FaultRecipient, NextTry: d.at}, 2)
	d.advance(delivery.Retry, delivery.Retrying)
	got, err = s.Commit(ctx, queue.Batch{Now: d.at.Add(time.Second), Claims: []queue.ClaimRequest{{Delivery: d.id, Account: 7, Max: 3}}})
	if err != nil || len(got.Jobs[d.id]) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	job[2], d.at = got.Jobs[d.id][0], d.at.Add(time.Second)
	if _, err := s.Commit(ctx, queue.Batch{Now: d.at, Outcomes: []queue.Outcome{{Ref: job[2].Ref, To: delivery.MsgInDoubt, Attempt: 2,
		Nature: delivery.NatureLostReply, Fault: delivery.FaultNetwork, At: d.at}}}); err != nil {
		t.Fatal(err)
	}
	d.x.exec(`UPDATE deliveries SET started = started - 90000 WHERE id = ?`, d.id)
	d.advance(delivery.Finish, delivery.Finished)
	said := lined(t, d)[before:]
	want := []string{
		"info started  account=Provider, Spare",
		"error paused_by_breaker  detail=535 no kind=auth",
		"info resumed Marieke",
		"info retrying  deferred=1",
		"info finished  accepted=1 in_doubt=1 rejected=1 seconds=9",
	}
	if len(said) != len(want) {
		t.Fatalf("the log says %q", said)
	}
	for i := range want {
		if !strings.HasPrefix(said[i], want[i]) {
			t.Errorf("line %d: %q, want %q", i+1, said[i], want[i])
		}
	}
}

// TestNoChangeWithoutItsLine: when the line cannot be written nothing has changed.
func TestNoChangeWithoutItsLine(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	x := &seeder{TB: t, s: s, db: raw(t, dir)}
	for _, c := range []struct {
		begin []delivery.Action
		a     delivery.Action
		want  delivery.State
	}{
		{nil, delivery.Start, delivery.Confirmed},
		{[]delivery.Action{delivery.Start}, delivery.Pause, delivery.Sending},
		{[]delivery.Action{delivery.Start}, delivery.Retry, delivery.Sending},
		{[]delivery.Action{delivery.Start}, delivery.Finish, delivery.Sending},
	} {
		id := x.Seed(queuetest.Seed{Messages: 1, Account: queuetest.Account(7, 4)})
		for _, a := range c.begin {
			if _, err := s.Advance(ctx, id, a, nil); err != nil {
				t.Fatal(err)
			}
		}
		x.exec(`CREATE TRIGGER no_line BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'no line'); END`)
		if _, err := s.Advance(ctx, id, c.a, nil); err == nil {
			t.Errorf("%s: no error", c.a)
		}
		x.exec(`DROP TRIGGER no_line`)
		if got := x.State(id); got != c.want {
			t.Errorf("%s: the delivery is %s, want %s", c.a, got, c.want)
		}
	}
}
