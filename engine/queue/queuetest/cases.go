package queuetest

import (
	"slices"
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
	b.act(id, delivery.Resume)
	if a, ok := b.find(id); !ok || a.State != delivery.Confirmed {
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
	b.intend(r)
	b.commit(queue.Batch{Outcomes: []queue.Outcome{b.outcome(r, delivery.MsgAccepted, 2)}})
	if m := b.Message(r); m.To != delivery.MsgAccepted || m.Attempt != 2 || m.Code != 250 {
		b.Fatalf("message %+v", m)
	}
	if !b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 1}}}).NextDue[id].IsZero() {
		b.Fatal("NextDue is set when nothing is deferred")
	}
}

func testIntents(b *bench) {
	id := b.started(2, Account(1, 1))
	j := b.claim(id, 1)[0]
	if got := b.intend(j.Ref); len(got) != 0 {
		b.Fatalf("refused %v", got)
	}
	b.is(j.Ref, delivery.MsgCommitting)
	if got := b.intend(j.Ref); !slices.Equal(got, []queue.Ref{j.Ref}) {
		b.Fatalf("second intent for one claim: refused %v", got)
	}
	b.is(j.Ref, delivery.MsgCommitting)
	other := queue.Ref{Delivery: id, Seq: 3 - j.Seq}
	if got := b.intend(other); !slices.Equal(got, []queue.Ref{other}) {
		b.Fatalf("intent for a message that is not claimed: refused %v", got)
	}
	b.is(other, delivery.MsgPending)
	// Given back before its dot, it is free again.
	b.settle(j.Ref, delivery.MsgPending)
	b.is(j.Ref, delivery.MsgPending)
}

func testLegal(b *bench) {
	ends := []delivery.MessageState{delivery.MsgAccepted, delivery.MsgRejected, delivery.MsgInDoubt,
		delivery.MsgDeferred, delivery.MsgPending, delivery.MsgCancelled}
	into := map[delivery.MessageState]func(r queue.Ref){
		delivery.MsgPending: func(r queue.Ref) { b.settle(r, delivery.MsgPending) },
		delivery.MsgClaimed: func(queue.Ref) {},
	}
	for _, s := range []delivery.MessageState{delivery.MsgAccepted, delivery.MsgRejected, delivery.MsgInDoubt, delivery.MsgDeferred} {
		into[s] = func(r queue.Ref) { b.intend(r); b.settle(r, s) }
	}
	into[delivery.MsgCommitting] = func(r queue.Ref) { b.intend(r) }
	for _, from := range delivery.MessageStates() {
		bring := into[from]
		if bring == nil {
			continue
		}
		for _, to := range ends {
			id := b.started(1, Account(1, 1))
			r := b.claim(id, 1)[0].Ref
			bring(r)
			b.is(r, from)
			b.settle(r, to)
			want := from
			if (from == delivery.MsgClaimed || from == delivery.MsgCommitting) && from.CanBecome(to) {
				want = to
			}
			if got := b.Message(r).To; got != want {
				b.Errorf("outcome %s for a message that is %s: %s, want %s", to, from, got, want)
			}
		}
	}
}

// testOrder holds one batch to its order: outcomes, then intents, then claims.
func testOrder(b *bench) {
	id := b.started(3, Account(1, 1))
	js := b.claim(id, 2)
	x, y := js[0].Ref, js[1].Ref
	b.intend(x)
	third := queue.Ref{Delivery: id, Seq: 6 - x.Seq - y.Seq}
	done := b.commit(queue.Batch{
		Outcomes: []queue.Outcome{b.outcome(x, delivery.MsgAccepted, 1)},
		Intents:  []queue.Ref{y},
		Claims:   []queue.ClaimRequest{{Delivery: id, Max: 5}},
	})
	if len(done.Refused) != 0 || len(done.Jobs[id]) != 1 || done.Jobs[id][0].Ref != third {
		b.Fatalf("refused %v, jobs %+v", done.Refused, done.Jobs[id])
	}
	b.is(x, delivery.MsgAccepted)
	b.is(y, delivery.MsgCommitting)
	// An intent does not survive the release before it; a claim sees it.
	done = b.commit(queue.Batch{
		Outcomes: []queue.Outcome{b.outcome(third, delivery.MsgPending, 1)},
		Intents:  []queue.Ref{third},
		Claims:   []queue.ClaimRequest{{Delivery: id, Max: 5}},
	})
	if !slices.Equal(done.Refused, []queue.Ref{third}) || len(done.Jobs[id]) != 1 {
		b.Fatalf("refused %v, jobs %+v", done.Refused, done.Jobs[id])
	}
	b.is(third, delivery.MsgClaimed)
}

func testPause(b *bench) {
	id := b.started(6, Account(1, 1))
	js := b.claim(id, 4)
	committing, claimed, refused, late := js[0].Ref, js[1].Ref, js[2].Ref, js[3].Ref
	b.intend(committing)
	b.act(id, delivery.Pause)
	b.is(claimed, delivery.MsgClaimed)
	if got := b.claim(id, 6); len(got) != 0 {
		b.Fatalf("%d jobs of a paused delivery", len(got))
	}
	if got := b.intend(refused); !slices.Equal(got, []queue.Ref{refused}) {
		b.Fatalf("refused %v", got)
	}
	b.is(refused, delivery.MsgPending)
	b.settle(committing, delivery.MsgAccepted)
	b.is(committing, delivery.MsgAccepted)
	b.settle(claimed, delivery.MsgPending)
	b.settle(late, delivery.MsgDeferred)
	b.is(late, delivery.MsgDeferred)
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
	b.intend(js[1].Ref, js[2].Ref, js[3].Ref)
	b.act(id, delivery.Stop)
	b.is(js[0].Ref, delivery.MsgCancelled)
	if got := b.intend(js[4].Ref); len(got) != 1 {
		b.Fatal("an intent of a stopped delivery was granted")
	}
	b.is(js[4].Ref, delivery.MsgCancelled)
	b.commit(queue.Batch{Outcomes: []queue.Outcome{
		b.outcome(js[1].Ref, delivery.MsgAccepted, 1),
		b.outcome(js[2].Ref, delivery.MsgDeferred, 1),
		b.outcome(js[3].Ref, delivery.MsgPending, 1),
		b.outcome(js[5].Ref, delivery.MsgPending, 1),
	}})
	want := delivery.Counters{Targeted: 7, Accepted: 1, Cancelled: 6}
	if got := b.Counters(id); got != want {
		b.Fatalf("counters %+v, want %+v", got, want)
	}
	if got := b.claim(id, 7); len(got) != 0 {
		b.Fatalf("%d jobs of a stopped delivery", len(got))
	}
}

func testRecovery(b *bench) {
	id := b.started(4, Account(1, 1))
	js := b.claim(id, 3)
	b.intend(js[0].Ref, js[1].Ref)
	b.settle(js[0].Ref, delivery.MsgAccepted)
	for range 2 { // as often as one likes
		b.Recover()
		b.is(js[0].Ref, delivery.MsgAccepted)
		b.is(js[1].Ref, delivery.MsgInDoubt)
		b.is(js[2].Ref, delivery.MsgPending)
	}
	// What comes too late changes nothing: in doubt is for persons.
	b.settle(js[1].Ref, delivery.MsgPending)
	b.is(js[1].Ref, delivery.MsgInDoubt)
	got := b.claim(id, 4)
	if len(got) != 2 || got[0].Attempt != 1 {
		b.Fatalf("after recovery: %+v", got)
	}
	want := delivery.Counters{Targeted: 4, Accepted: 1, InDoubt: 1, Claimed: 2}
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
			b.intend(j.Ref)
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
	if got := b.intend(rx, ry); !slices.Equal(got, []queue.Ref{rx}) {
		b.Fatalf("refused %v, want %v alone", got, rx)
	}
	b.is(ry, delivery.MsgCommitting)
}
