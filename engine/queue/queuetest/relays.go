package queuetest

import (
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// Relays makes relays of equal weight of accounts.
func Relays(as ...delivery.Account) []queue.Relay {
	var out []queue.Relay
	for _, a := range as {
		out = append(out, queue.Relay{Account: a, Weight: 1})
	}
	return out
}

// pair seeds and starts a delivery over two relays.
func (b *bench) pair(n int, x, y delivery.Account) delivery.ID {
	b.Helper()
	id := b.Seed(Seed{Messages: n, Account: x, Relays: Relays(x, y)})
	b.advance(id, delivery.Start, delivery.Sending)
	return id
}

func (b *bench) claimVia(id delivery.ID, account int64, n int) []queue.Job {
	b.Helper()
	return b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Account: account, Max: n}}}).Jobs[id]
}

func two() (x, y delivery.Account) {
	x, y = Account(1, 1), Account(2, 3)
	x.Name, y.Name, y.Host = "first", "second", "other.example"
	return x, y
}

// testRelays: each claim is for one of the relays, and the message remembers it.
func testRelays(b *bench) {
	x, y := two()
	id := b.pair(6, x, y)
	a, _ := b.find(id)
	if len(a.Relays) != 2 || a.Relays[0].Account.ID != 1 || a.Relays[1].Account.Connections != 3 || a.Relays[1].Weight != 1 || a.Account.ID != 1 {
		b.Fatalf("Active = %+v", a)
	}
	done := b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Account: 2, Max: 2}, {Delivery: id, Account: 1, Max: 1}}})
	by := map[int64]int{}
	seen := map[int64]bool{}
	for _, j := range done.Jobs[id] {
		if by[j.Account]++; seen[j.Seq] {
			b.Fatalf("message %d twice", j.Seq)
		}
		seen[j.Seq] = true
		if got := b.Message(j.Ref).Account; got != j.Account {
			b.Fatalf("message %d is with account %d, claimed for %d", j.Seq, got, j.Account)
		}
	}
	if by[1] != 1 || by[2] != 2 {
		b.Fatalf("claims by account: %v", by)
	}
	if js := b.claimVia(id, 7, 1); len(js) != 0 {
		b.Fatalf("an account that the delivery does not go through got %+v", js)
	}
	// Deferred by one, taken by the other.
	var r queue.Ref
	for _, j := range done.Jobs[id] {
		if j.Account == 2 {
			r = j.Ref
		}
	}
	b.settle(r, delivery.MsgDeferred)
	b.now = b.now.Add(2 * time.Minute)
	again := b.claimVia(id, 1, 9)
	var found bool
	for _, j := range again {
		if j.Ref == r {
			found = j.Attempt == 2 && j.Account == 1
		}
	}
	if !found {
		b.Fatalf("what the one deferred the other did not get: %+v", again)
	}
	b.commit(queue.Batch{Outcomes: []queue.Outcome{b.outcome(r, delivery.MsgAccepted, 2)}})
	if m := b.Message(r); m.To != delivery.MsgAccepted || m.Account != 1 || m.Attempt != 2 {
		b.Fatalf("message %+v", m)
	}
}

// testRelayLimits: each relay has its own limit, whichever delivery uses it.
func testRelayLimits(b *bench) {
	x, y := two()
	x.PerMinute, y.PerMinute = 3, 5
	id := b.pair(30, x, y)
	claims := queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Account: 1, Max: 10}, {Delivery: id, Account: 2, Max: 10}}}
	done := b.commit(claims)
	by := map[int64]int{}
	for _, j := range done.Jobs[id] {
		by[j.Account]++
	}
	if by[1] != 3 || by[2] != 5 {
		b.Fatalf("claims by account: %v, want the limits 3 and 5", by)
	}
	// What is claimed counts, also for another delivery of the account.
	other := b.started(5, x)
	if js := b.claim(other, 5); len(js) != 0 {
		b.Fatalf("%d claims over the limit by another delivery", len(js))
	}
	for i, j := range done.Jobs[id] {
		if i == 0 { // a release gives the place back
			b.settle(j.Ref, delivery.MsgPending)
			continue
		}
		b.settle(j.Ref, delivery.MsgAccepted)
	}
	first := done.Jobs[id][0].Account
	if js := b.claimVia(id, first, 9); len(js) != 1 {
		b.Fatalf("%d claims for account %d after one was released", len(js), first)
	}
	for _, v := range []int64{1, 2} {
		done := b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Account: v, Max: 9}}})
		l := done.Limits[queue.Via{Delivery: id, Account: v}]
		if len(done.Jobs[id]) != 0 || l.Until.Sub(b.now) < 50*time.Second || l.Until.Sub(b.now) > 62*time.Second {
			b.Fatalf("account %d at its limit: %d jobs, limit until %v, now %v", v, len(done.Jobs[id]), l.Until, b.now)
		}
	}
	b.now = b.now.Add(62 * time.Second)
	if js := b.claimVia(id, 2, 9); len(js) == 0 {
		b.Fatal("the limit does not free")
	}
}

// testRelayRecovery: after a crash an attempt counts for the relay that made it,
// although the journal does not say which that was.
func testRelayRecovery(b *bench) {
	x, y := two()
	x.PerMinute, y.PerMinute = 4, 4
	id := b.pair(20, x, y)
	mine, others := b.claimVia(id, 1, 4), b.claimVia(id, 2, 4)
	if len(mine) != 4 || len(others) != 4 {
		b.Fatalf("%d and %d claims", len(mine), len(others))
	}
	left := queue.Left{Known: true, Last: 5,
		Outcomes: []queue.Outcome{b.outcome(others[0].Ref, delivery.MsgAccepted, 1), b.outcome(others[1].Ref, delivery.MsgAccepted, 1)},
		Open:     []queue.Intent{{Ref: others[2].Ref, Attempt: 1}}}
	b.Recover(left)
	b.is(others[2].Ref, delivery.MsgInDoubt)
	b.is(others[3].Ref, delivery.MsgPending)
	b.is(mine[0].Ref, delivery.MsgPending)
	if m := b.Message(others[0].Ref); m.Account != 2 {
		b.Fatalf("accepted by account %d", m.Account)
	}
	// Three of the second's four are gone: two accepted, one in doubt.
	if js := b.claimVia(id, 2, 9); len(js) != 1 {
		b.Fatalf("%d claims for the second relay after the crash, want 1", len(js))
	}
	if js := b.claimVia(id, 1, 9); len(js) != 4 {
		b.Fatalf("%d claims for the first relay after the crash, want 4", len(js))
	}
}
