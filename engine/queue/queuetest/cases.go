package queuetest

import (
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

func testActive(b *bench) {
	at := b.now.Add(time.Hour).Truncate(time.Second)
	validity := b.now.Add(72 * time.Hour).Truncate(time.Second)
	acc := Account(7, 3)
	id := b.Seed(Seed{Messages: 2, Account: acc, Validity: validity,
		Schedule: delivery.Schedule{Mode: delivery.AtDate, Local: "2030-01-01T00:00:00", Zone: "UTC", At: at}})
	a, ok := b.find(id)
	if !ok {
		b.Fatal("a confirmed delivery is not active")
	}
	if a.State != delivery.Confirmed || a.Account.Connections != 3 || a.Account.Name != acc.Name ||
		a.Schedule.Mode != delivery.AtDate || !a.Schedule.At.Equal(at) || !a.Validity.Equal(validity) ||
		a.Counters.Pending != 2 || !a.Started.IsZero() {
		b.Fatalf("Active = %+v", a)
	}
	b.advance(id, delivery.Start, delivery.Sending)
	if a, _ := b.find(id); a.State != delivery.Sending || a.Started.IsZero() {
		b.Fatalf("after Start: %+v", a)
	}
	b.act(id, delivery.Pause)
	if _, ok := b.find(id); ok {
		b.Fatal("a paused delivery is active")
	}
	before := time.Now().Truncate(time.Millisecond)
	b.act(id, delivery.Resume)
	if a, ok := b.find(id); !ok || a.State != delivery.Confirmed || a.Decided.Before(before) {
		b.Fatalf("after Resume: %+v, %v", a, ok)
	}
	b.act(id, delivery.Stop)
	if _, ok := b.find(id); ok {
		b.Fatal("a stopped delivery is active")
	}
}

func testAdvance(b *bench) {
	id := b.Seed(Seed{Messages: 1, Account: Account(1, 1)})
	if _, err := b.Advance(b.Context(), id, delivery.Finish, nil); !delivery.Is(err, delivery.KindState) {
		b.Fatalf("Finish while confirmed: %v, want KindState", err)
	}
	b.advance(id, delivery.Start, delivery.Sending)
	first, _ := b.find(id)
	why := &delivery.PauseReason{At: b.now, Kind: delivery.KindAuth, Detail: "535"}
	if to, err := b.Advance(b.Context(), id, delivery.Pause, why); err != nil || to != delivery.Paused {
		b.Fatalf("Pause = %s, %v", to, err)
	}
	if got := b.State(id); got != delivery.Paused {
		b.Fatalf("state %s, want paused", got)
	}
	b.act(id, delivery.Resume)
	b.advance(id, delivery.Start, delivery.Sending)
	if a, _ := b.find(id); !a.Started.Equal(first.Started) {
		b.Fatalf("Started moved from %v to %v", first.Started, a.Started)
	}
	b.advance(id, delivery.Retry, delivery.Retrying)
	b.advance(id, delivery.Finish, delivery.Finished)
}

func testClaim(b *bench) {
	id := b.Seed(Seed{Messages: 5, Account: Account(1, 1)})
	if js := b.claim(id, 5); len(js) != 0 {
		b.Fatalf("%d jobs of a delivery that was not started", len(js))
	}
	b.advance(id, delivery.Start, delivery.Sending)
	js := b.claim(id, 3)
	if len(js) != 3 {
		b.Fatalf("%d jobs, want 3", len(js))
	}
	js = append(js, b.claim(id, 10)...)
	if len(js) != 5 {
		b.Fatalf("%d jobs in all, want 5", len(js))
	}
	seen := map[int64]bool{}
	for _, j := range js {
		if seen[j.Seq] {
			b.Fatalf("message %d was handed out twice", j.Seq)
		}
		seen[j.Seq] = true
		want := queue.Job{Ref: queue.Ref{Delivery: id, Seq: j.Seq}, Attempt: 1, Address: Address(id, j.Seq),
			Fields: Fields(j.Seq), Sum: Sum(id, j.Seq)}
		if j != want {
			b.Fatalf("job %+v, want %+v", j, want)
		}
	}
	if js := b.claim(id, 1); len(js) != 0 {
		b.Fatalf("%d jobs when all are claimed", len(js))
	}
	b.settle(js[1].Ref, delivery.MsgPending)
	b.is(js[1].Ref, delivery.MsgPending)
	if again := b.claim(id, 2); len(again) != 1 || again[0] != js[1] {
		b.Fatalf("after a release: %+v, want %+v", again, js[1])
	}
}

func testDeferred(b *bench) {
	id := b.started(1, Account(1, 1))
	r := b.claim(id, 1)[0].Ref
	done := b.settle(r, delivery.MsgDeferred)
	next := b.now.Add(time.Minute)
	if got := done.NextDue[id]; got.Sub(next).Abs() > time.Second {
		b.Fatalf("NextDue %v, want %v", got, next)
	}
	if a, _ := b.find(id); a.NextDue.Sub(next).Abs() > time.Second {
		b.Fatalf("Active.NextDue %v, want %v", a.NextDue, next)
	}
	b.now = b.now.Add(59 * time.Second)
	if js := b.claim(id, 1); len(js) != 0 {
		b.Fatal("claimed before its next try")
	}
	b.advance(id, delivery.Retry, delivery.Retrying)
	b.now = b.now.Add(2 * time.Second)
	js := b.claim(id, 1)
	if len(js) != 1 || js[0].Attempt != 2 {
		b.Fatalf("due: %+v, want attempt 2", js)
	}
	// A release does not count as an attempt.
	b.commit(queue.Batch{Outcomes: []queue.Outcome{b.outcome(r, delivery.MsgPending, 2)}})
	if js := b.claim(id, 1); len(js) != 1 || js[0].Attempt != 2 {
		b.Fatalf("after a release: %+v, want attempt 2", js)
	}
	b.commit(queue.Batch{Outcomes: []queue.Outcome{b.outcome(r, delivery.MsgAccepted, 2)}})
	if m := b.Message(r); m.To != delivery.MsgAccepted || m.Attempt != 2 || m.Code != 250 {
		b.Fatalf("message %+v", m)
	}
	if !b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 1}}}).NextDue[id].IsZero() {
		b.Fatal("NextDue is set when nothing is deferred")
	}
}

func testLegal(b *bench) {
	ends := []delivery.MessageState{delivery.MsgAccepted, delivery.MsgRejected, delivery.MsgInDoubt,
		delivery.MsgDeferred, delivery.MsgPending, delivery.MsgCancelled}
	for _, from := range []delivery.MessageState{delivery.MsgPending, delivery.MsgClaimed, delivery.MsgAccepted,
		delivery.MsgRejected, delivery.MsgInDoubt, delivery.MsgDeferred} {
		for _, to := range ends {
			id := b.started(1, Account(1, 1))
			r := b.claim(id, 1)[0].Ref
			if from != delivery.MsgClaimed {
				b.settle(r, from)
			}
			b.is(r, from)
			b.settle(r, to)
			want := from
			if from == delivery.MsgClaimed {
				want = to
			}
			if got := b.Message(r).To; got != want {
				b.Errorf("outcome %s for a message that is %s: %s, want %s", to, from, got, want)
			}
		}
	}
}

// testOrder holds one batch to its order: outcomes, then claims.
func testOrder(b *bench) {
	id := b.started(3, Account(1, 1))
	js := b.claim(id, 2)
	x, y := js[0].Ref, js[1].Ref
	third := queue.Ref{Delivery: id, Seq: 6 - x.Seq - y.Seq}
	done := b.commit(queue.Batch{
		Outcomes: []queue.Outcome{b.outcome(x, delivery.MsgAccepted, 1), b.outcome(y, delivery.MsgPending, 1)},
		Claims:   []queue.ClaimRequest{{Delivery: id, Max: 5}},
	})
	if got := done.Jobs[id]; len(got) != 2 || got[0].Seq+got[1].Seq != y.Seq+third.Seq {
		b.Fatalf("jobs %+v, want the released one and the third", got)
	}
	b.is(x, delivery.MsgAccepted)
	b.is(y, delivery.MsgClaimed)
}

func testPause(b *bench) {
	id := b.started(6, Account(1, 1))
	js := b.claim(id, 4)
	b.act(id, delivery.Pause)
	b.is(js[0].Ref, delivery.MsgClaimed)
	if got := b.claim(id, 6); len(got) != 0 {
		b.Fatalf("%d jobs of a paused delivery", len(got))
	}
	b.settle(js[0].Ref, delivery.MsgAccepted)
	b.settle(js[1].Ref, delivery.MsgPending)
	b.settle(js[2].Ref, delivery.MsgPending)
	b.settle(js[3].Ref, delivery.MsgDeferred)
	b.is(js[3].Ref, delivery.MsgDeferred)
	want := delivery.Counters{Targeted: 6, Accepted: 1, Deferred: 1, Pending: 4}
	if got := b.Counters(id); got != want {
		b.Fatalf("counters %+v, want %+v", got, want)
	}
	b.act(id, delivery.Resume)
	if got := b.claim(id, 6); len(got) != 0 {
		b.Fatalf("%d jobs before Start", len(got))
	}
	b.advance(id, delivery.Start, delivery.Sending)
	if got := b.claim(id, 6); len(got) != 4 {
		b.Fatalf("%d jobs after Resume, want 4", len(got))
	}
}

func testStop(b *bench) {
	id := b.started(7, Account(1, 1))
	js := b.claim(id, 6)
	b.settle(js[0].Ref, delivery.MsgDeferred)
	b.act(id, delivery.Stop)
	b.is(js[0].Ref, delivery.MsgCancelled)
	b.commit(queue.Batch{Outcomes: []queue.Outcome{
		b.outcome(js[1].Ref, delivery.MsgAccepted, 1),
		b.outcome(js[2].Ref, delivery.MsgDeferred, 1),
		b.outcome(js[3].Ref, delivery.MsgPending, 1),
		b.outcome(js[4].Ref, delivery.MsgInDoubt, 1),
		b.outcome(js[5].Ref, delivery.MsgPending, 1),
	}})
	want := delivery.Counters{Targeted: 7, Accepted: 1, InDoubt: 1, Cancelled: 5}
	if got := b.Counters(id); got != want {
		b.Fatalf("counters %+v, want %+v", got, want)
	}
	if got := b.claim(id, 7); len(got) != 0 {
		b.Fatalf("%d jobs of a stopped delivery", len(got))
	}
}

// testRecovery: the journal tells what the store lacks, and what neither knows
// was never committed to.
func testRecovery(b *bench) {
	id := b.started(6, Account(1, 1))
	js := b.claim(id, 5)
	b.settle(js[0].Ref, delivery.MsgAccepted)
	left := queue.Left{Known: true, Last: 9,
		Outcomes: []queue.Outcome{b.outcome(js[1].Ref, delivery.MsgAccepted, 1), b.outcome(js[2].Ref, delivery.MsgDeferred, 1)},
		// An outcome that the store has is stronger than an old intent.
		Open: []queue.Intent{{Ref: js[0].Ref, Attempt: 1}, {Ref: js[3].Ref, Attempt: 1}}}
	for range 20 { // as often as one likes
		b.Recover(left)
		b.is(js[0].Ref, delivery.MsgAccepted)
		b.is(js[1].Ref, delivery.MsgAccepted)
		b.is(js[2].Ref, delivery.MsgDeferred)
		b.is(js[3].Ref, delivery.MsgInDoubt)
		b.is(js[4].Ref, delivery.MsgPending)
	}
	// What comes too late changes nothing: in doubt is for persons.
	b.settle(js[3].Ref, delivery.MsgPending)
	b.is(js[3].Ref, delivery.MsgInDoubt)
	got := b.claim(id, 6)
	if len(got) != 2 || got[0].Attempt != 1 {
		b.Fatalf("after recovery: %+v", got)
	}
	want := delivery.Counters{Targeted: 6, Accepted: 2, Deferred: 1, InDoubt: 1, Claimed: 2}
	if got := b.Counters(id); got != want {
		b.Fatalf("counters %+v, want %+v", got, want)
	}
}

// testLimit sends over an account that may send five a minute: the limit holds
// over any minute and NextDue leads to the end.
func testLimit(b *bench) {
	a := Account(1, 1)
	a.PerMinute = 5
	id := b.started(12, a)
	var sent []time.Time
	for range 40 {
		done := b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 12}}})
		js := done.Jobs[id]
		for _, j := range js {
			b.settle(j.Ref, delivery.MsgAccepted)
			sent = append(sent, b.now)
		}
		if len(sent) == 12 {
			break
		}
		if len(js) == 0 {
			due := done.NextDue[id]
			if !due.After(b.now) {
				b.Fatalf("%d sent, nothing to claim, and NextDue %v is not after %v", len(sent), due, b.now)
			}
			b.now = due
		}
	}
	if len(sent) != 12 {
		b.Fatalf("only %d of 12 were sent", len(sent))
	}
	for i := 5; i < len(sent); i++ {
		if d := sent[i].Sub(sent[i-5]); d < 59*time.Second {
			b.Fatalf("six messages within %v", d)
		}
	}
}

func testTwo(b *bench) {
	x, y := b.started(3, Account(1, 1)), b.started(3, Account(1, 1))
	done := b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: x, Max: 2}, {Delivery: y, Max: 1}}})
	if len(done.Jobs[x]) != 2 || len(done.Jobs[y]) != 1 {
		b.Fatalf("jobs %+v", done.Jobs)
	}
	b.act(x, delivery.Pause)
	rx, ry := done.Jobs[x][0].Ref, done.Jobs[y][0].Ref
	b.commit(queue.Batch{Outcomes: []queue.Outcome{b.outcome(rx, delivery.MsgPending, 1), b.outcome(ry, delivery.MsgAccepted, 1)}})
	b.is(rx, delivery.MsgPending)
	b.is(ry, delivery.MsgAccepted)
}
