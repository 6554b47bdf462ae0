package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
	"sendoff/engine/store"
)

// doubtful is a delivery of n messages of which those numbered in doubt were
// offered and lost their reply, and all others were accepted.
type doubtful struct {
	testing.TB
	s  *store.Store
	x  *seeder
	id delivery.ID
	at time.Time
}

func newDoubtful(t *testing.T, n int, inDoubt ...int64) *doubtful {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir)
	d := &doubtful{TB: t, s: s, x: &seeder{TB: t, s: s, db: raw(t, dir)}, at: time.Now().Round(time.Millisecond).UTC()}
	d.id = d.x.Seed(queuetest.Seed{Messages: n, Account: queuetest.Account(7, 4)})
	d.advance(delivery.Start, delivery.Sending)
	d.send(n, func(seq int64) bool { return slices.Contains(inDoubt, seq) })
	return d
}

func (d *doubtful) advance(a delivery.Action, want delivery.State) {
	d.Helper()
	if to, err := d.s.Advance(ctx, d.id, a, nil); err != nil || to != want {
		d.Fatalf("%s: %s, %v, want %s", a, to, err, want)
	}
}

// send claims up to n messages, offers them all, and returns their jobs.
func (d *doubtful) send(n int, lost func(seq int64) bool) []queue.Job {
	d.Helper()
	got, err := d.s.Commit(ctx, queue.Batch{Now: d.at, Claims: []queue.ClaimRequest{{Delivery: d.id, Max: n}}})
	if err != nil {
		d.Fatal(err)
	}
	b := queue.Batch{Now: d.at}
	for _, j := range got.Jobs[d.id] {
		o := queue.Outcome{Ref: j.Ref, To: delivery.MsgAccepted, Attempt: j.Attempt, At: d.at, Code: 250, Enhanced: "2.0.0", Reply: "ok"}
		if lost(j.Seq) {
			o.To, o.Nature, o.Fault, o.Code, o.Enhanced, o.Reply = delivery.MsgInDoubt, delivery.NatureLostReply, delivery.FaultNetwork, 0, "", ""
		}
		b.Outcomes = append(b.Outcomes, o)
	}
	if _, err := d.s.Commit(ctx, queue.Batch{Now: d.at, Outcomes: b.Outcomes}); err != nil {
		d.Fatal(err)
	}
	return got.Jobs[d.id]
}

func (d *doubtful) decide(how delivery.Decision, numbers ...int64) delivery.Resolution {
	d.Helper()
	r, err := d.s.ResolveDoubt(ctx, marieke, d.id, numbers, how, d.at.Add(time.Hour))
	if err != nil {
		d.Fatal(err)
	}
	return r
}

func (d *doubtful) view() delivery.View {
	d.Helper()
	v, err := d.s.Delivery(ctx, d.id)
	if err != nil {
		d.Fatal(err)
	}
	stored, counted, err := d.s.Recount(ctx, d.id)
	if err != nil || stored != counted || stored != v.Counters || stored.Check() != nil {
		d.Fatalf("counters %+v, of the log %+v: %v", stored, counted, err)
	}
	return v
}

func (d *doubtful) message(seq int64) (store.Stored, []delivery.Attempt) {
	d.Helper()
	m, as, err := d.s.Message(ctx, d.id, seq)
	if err != nil {
		d.Fatal(err)
	}
	return m, as
}

// lastSent is when a person last got something, in Unix milliseconds, 0 for never.
func (d *doubtful) lastSent(profile int64) (at int64) {
	d.Helper()
	if err := d.x.db.QueryRow(`SELECT coalesce((SELECT at FROM contacted WHERE profile = ?), 0)`, profile).Scan(&at); err != nil {
		d.Fatal(err)
	}
	return at
}

func nobody(int64) bool { return false }

// TestNothingIsKeptOfWhoIsGone: somebody is deleted while their message leaves.
func TestNothingIsKeptOfWhoIsGone(t *testing.T) {
	d := newDoubtful(t, 3, 3)
	gone, _ := d.message(1)
	stays, _ := d.message(2)
	doubtful, _ := d.message(3)
	for _, p := range []int64{gone.Profile, doubtful.Profile} {
		if err := d.s.DeleteProfile(ctx, marieke, p); err != nil {
			t.Fatal(err)
		}
	}
	d.advance(delivery.Finish, delivery.Finished)
	d.decide(delivery.MarkSent, 3)
	for profile, want := range map[int64]bool{gone.Profile: false, stays.Profile: true, doubtful.Profile: false} {
		if at := d.lastSent(profile); at > 0 != want {
			t.Errorf("person %d was last sent something at %d", profile, at)
		}
	}
	// And of whoever is deleted afterwards.
	if err := d.s.DeleteProfile(ctx, marieke, stays.Profile); err != nil {
		t.Fatal(err)
	}
	if at := d.lastSent(stays.Profile); at != 0 {
		t.Errorf("it knows of %d still", at)
	}
}

func TestMarkSent(t *testing.T) {
	d := newDoubtful(t, 6, 2, 5)
	d.advance(delivery.Finish, delivery.Finished)
	if v := d.view(); v.Counters.InDoubt != 2 || v.Undecided() != 2 {
		t.Fatalf("%+v, %d undecided", v.Counters, v.Undecided())
	}
	if r := d.decide(delivery.MarkSent, 5, 5, 1, 99); r != (delivery.Resolution{Decided: 1, Skipped: 2, State: delivery.Finished}) {
		t.Errorf("%+v", r)
	}
	if v := d.view(); v.Counters.Accepted != 5 || v.Counters.InDoubt != 1 || v.State != delivery.Finished {
		t.Errorf("%s, %+v", v.State, v.Counters)
	}
	m, as := d.message(5)
	want := delivery.Decided{Decision: delivery.MarkSent, By: "Marieke", At: d.at.Add(time.Hour), Attempt: 1}
	if !m.Marked() || m.Decided != want || m.Code != 0 || m.Reply != "" || m.Nature != "" {
		t.Errorf("%+v", m.Row)
	}
	if len(as) != 1 || as[0].State != delivery.MsgInDoubt || as[0].Nature != delivery.NatureLostReply || !as[0].At.Equal(d.at) {
		t.Errorf("the doubtful attempt is gone: %+v", as)
	}
	if m, _ := d.message(1); m.Marked() || m.Decided != (delivery.Decided{}) {
		t.Errorf("who was not in doubt: %+v", m.Row)
	}
	if m, _ := d.message(5); d.lastSent(m.Profile) != d.at.UnixMilli() {
		t.Errorf("last sent %d, want that of the attempt, %d", d.lastSent(m.Profile), d.at.UnixMilli())
	}
	// Again: nothing happens, and it is told.
	if r := d.decide(delivery.SendAgain, 5); r.Decided != 0 || r.Skipped != 1 || r.State != delivery.Finished {
		t.Errorf("decided once more: %+v", r)
	}
	lines, err := d.s.Log(ctx, d.id)
	if err != nil {
		t.Fatal(err)
	}
	last := lines[len(lines)-1]
	if last.Code != "doubt_resolved" || last.By != "Marieke" || last.Params["count"] != "1" || last.Params["decision"] != "mark_sent" || last.Params["left"] != "1" {
		t.Errorf("log line %+v", last)
	}
	var evidence string
	if err := d.x.db.QueryRow(`SELECT group_concat(evidence) FROM decisions`).Scan(&evidence); err != nil || evidence != "lost_reply relay.example:25" {
		t.Errorf("evidence %q, %v", evidence, err)
	}
}

// TestLastSentNeverGoesBack: who got something else since a doubtful attempt got
// that last.
func TestLastSentNeverGoesBack(t *testing.T) {
	d := newDoubtful(t, 4, 2)
	m, _ := d.message(2)
	later := d.at.Add(time.Hour).UnixMilli()
	d.x.exec(`INSERT INTO contacted (profile, at) VALUES (?, ?)`, m.Profile, later)
	d.decide(delivery.MarkSent, 2)
	if got := d.lastSent(m.Profile); got != later {
		t.Errorf("after the decision %d, want %d", got, later)
	}
	d.advance(delivery.Finish, delivery.Finished)
	if got := d.lastSent(m.Profile); got != later {
		t.Errorf("after the end %d, want %d", got, later)
	}
}

func TestLeave(t *testing.T) {
	d := newDoubtful(t, 4, 1, 2, 3)
	if r := d.decide(delivery.Leave, 1, 2); r.Decided != 2 {
		t.Errorf("%+v", r)
	}
	if v := d.view(); v.Counters.InDoubt != 3 || v.Left != 2 || v.Undecided() != 1 {
		t.Errorf("%+v, %d left, %d undecided", v.Counters, v.Left, v.Undecided())
	}
	if r, err := d.s.ResolveDoubt(ctx, marieke, d.id, nil, delivery.Leave, d.at); err != nil || r.Decided != 1 || r.Skipped != 2 {
		t.Errorf("the others: %+v, %v", r, err)
	}
	// Whoever left it may know better tomorrow.
	if r := d.decide(delivery.MarkSent, 2); r.Decided != 1 {
		t.Errorf("%+v", r)
	}
	if v := d.view(); v.Left != 2 || v.Undecided() != 0 || v.Counters.InDoubt != 2 {
		t.Errorf("%+v, %d left", v.Counters, v.Left)
	}
	// What was left and sent again asks again when that is in doubt, too.
	d.decide(delivery.SendAgain, 3)
	d.send(9, func(int64) bool { return true })
	if v := d.view(); v.Left != 1 || v.Undecided() != 1 {
		t.Errorf("%d left, %d undecided", v.Left, v.Undecided())
	}
}

// TestWithdraw: what was marked as sent or left is asked about again, as it was;
// what was sent again is not.
func TestWithdraw(t *testing.T) {
	d := newDoubtful(t, 6, 1, 2, 3, 4)
	before, _ := d.message(1)
	d.decide(delivery.MarkSent, 1)
	d.decide(delivery.Leave, 2)
	d.decide(delivery.SendAgain, 3)
	withdraw := func(numbers []int64) delivery.Resolution {
		t.Helper()
		r, err := d.s.WithdrawDecision(ctx, marieke, d.id, numbers, d.at)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := withdraw([]int64{1, 3, 4, 5}); r.Decided != 1 || r.Skipped != 3 {
		t.Errorf("%+v", r)
	}
	after, as := d.message(1)
	if len(as) != 1 || after.Decided.Decision != delivery.Withdraw || after.Marked() {
		t.Errorf("%+v, %+v", after.Row, as)
	}
	if after.Decided = before.Decided; after.Row != before.Row {
		t.Errorf("%+v, want as before, %+v", after.Row, before.Row)
	}
	if v := d.view(); v.Counters.InDoubt != 3 || v.Left != 1 || v.Counters.Pending != 1 || v.Counters.Accepted != 2 {
		t.Errorf("%+v, %d left", v.Counters, v.Left)
	}
	if r := withdraw(nil); r.Decided != 1 || r.Skipped != 0 {
		t.Errorf("all others: %+v", r)
	}
	if v := d.view(); v.Left != 0 || v.Undecided() != 3 {
		t.Errorf("%d left, %d undecided", v.Left, v.Undecided())
	}
	if r := withdraw(nil); r.Decided != 0 {
		t.Errorf("again: %+v", r)
	}
	// And it can be decided anew.
	if r := d.decide(delivery.MarkSent, 1, 2); r.Decided != 2 || d.view().Counters.Accepted != 4 {
		t.Errorf("%+v", r)
	}
}

// TestSendAgainReopens: an ended delivery sends what is sent again and nothing
// else, and is then what it was.
func TestSendAgainReopens(t *testing.T) {
	for _, end := range []delivery.State{delivery.Finished, delivery.Stopped} {
		t.Run(string(end), func(t *testing.T) {
			d := newDoubtful(t, 4, 3)
			if end == delivery.Stopped {
				d = newDoubtful(t, 9, 3)
				d.x.exec(`UPDATE messages SET state = 0, attempts = 0 WHERE seq > 4`)
				d.x.exec(`UPDATE deliveries SET pending = 5, accepted = accepted - 5`)
				if err := d.s.Stop(ctx, marieke, d.id); err != nil {
					t.Fatal(err)
				}
				if err := d.s.Stopped(ctx, d.id, "Marieke"); err != nil {
					t.Fatal(err)
				}
			} else {
				d.advance(delivery.Finish, delivery.Finished)
			}
			d.x.exec(`UPDATE deliveries SET validity = 1000, started = 1000`)
			before := d.view()
			if r := d.decide(delivery.SendAgain, 3); r != (delivery.Resolution{Decided: 1, Reopened: true, State: delivery.Confirmed}) {
				t.Errorf("%+v", r)
			}
			if v := d.view(); v.State != delivery.Confirmed || v.Counters.Pending != 1 || v.Counters.Cancelled != before.Counters.Cancelled || !v.Finished.IsZero() {
				t.Errorf("%s, %+v", v.State, v.Counters)
			}
			d.advance(delivery.Start, delivery.Sending)
			active, err := d.s.Active(ctx)
			if err != nil || len(active) != 1 || time.Until(active[0].Validity) < 71*time.Hour || active[0].Started.Before(d.at) {
				t.Errorf("%+v, %v: the validity is not renewed", active, err)
			}
			if _, err := d.s.Advance(ctx, d.id, delivery.Finish, nil); !delivery.Is(err, delivery.KindState) {
				t.Errorf("finished with a message to send: %v", err)
			}
			jobs := d.send(9, nobody)
			if len(jobs) != 1 || jobs[0].Seq != 3 || jobs[0].Attempt != 2 {
				t.Fatalf("jobs %+v", jobs)
			}
			if _, as := d.message(3); len(as) != 1 || as[0].State != delivery.MsgInDoubt || as[0].Number != 1 {
				t.Errorf("the doubtful attempt is gone: %+v", as)
			}
			if m, _ := d.message(3); m.State != delivery.MsgAccepted || m.Marked() || m.Code != 250 || m.Attempts != 2 || m.Decided.Decision != delivery.SendAgain {
				t.Errorf("%+v", m.Row)
			}
			d.advance(delivery.Finish, end)
			v := d.view()
			if v.State != end || v.Finished.IsZero() || v.Counters.Cancelled != before.Counters.Cancelled || v.Counters.InDoubt != 0 {
				t.Errorf("in the end %s, %+v", v.State, v.Counters)
			}
			// It may be reopened again, and what it returns to is not forgotten.
			d.x.exec(`UPDATE messages SET state = 6 WHERE seq = 1`)
			d.x.exec(`UPDATE deliveries SET accepted = accepted - 1, in_doubt = 1`)
			if r := d.decide(delivery.SendAgain, 1); !r.Reopened {
				t.Errorf("%+v", r)
			}
			if err := d.s.Stop(ctx, marieke, d.id); err != nil {
				t.Fatal(err)
			}
			if v := d.view(); v.State != delivery.Stopped || v.Counters.Cancelled != before.Counters.Cancelled+1 {
				t.Errorf("stopped while reopened: %s, %+v", v.State, v.Counters)
			}
		})
	}
}

// TestSendAgainWhilePausedAndSending: a paused delivery stays paused, a sending
// one takes up what was sent again although its claims are past it.
func TestSendAgainWhilePausedAndSending(t *testing.T) {
	d := newDoubtful(t, 4, 1, 2)
	if r := d.decide(delivery.SendAgain, 1); r.State != delivery.Sending || r.Reopened {
		t.Errorf("%+v", r)
	}
	if jobs := d.send(9, nobody); len(jobs) != 1 || jobs[0].Seq != 1 {
		t.Errorf("jobs %+v", jobs)
	}
	if err := d.s.Pause(ctx, marieke, d.id); err != nil {
		t.Fatal(err)
	}
	d.x.exec(`UPDATE deliveries SET validity = 1000`)
	if r := d.decide(delivery.SendAgain, []int64{}...); r.Decided != 0 {
		t.Errorf("nobody was named: %+v", r)
	}
	if r := d.decide(delivery.SendAgain, 2); r.State != delivery.Paused || r.Reopened {
		t.Errorf("%+v", r)
	}
	if jobs := d.send(9, nobody); len(jobs) != 0 {
		t.Errorf("paused, and yet %+v", jobs)
	}
	if err := d.s.Resume(ctx, marieke, d.id); err != nil {
		t.Fatal(err)
	}
	d.advance(delivery.Start, delivery.Sending)
	if jobs := d.send(9, nobody); len(jobs) != 1 || jobs[0].Seq != 2 {
		t.Errorf("jobs %+v", jobs)
	}
	if active, err := d.s.Active(ctx); err != nil || time.Until(active[0].Validity) < 71*time.Hour {
		t.Errorf("%+v, %v", active, err)
	}
}

func TestResolveDoubtIsRefused(t *testing.T) {
	d := newDoubtful(t, 2, 1)
	joris, err := d.s.AddOperator(ctx, marieke, "Joris", access.Rights{access.Prepare})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		who  access.Principal
		id   delivery.ID
		how  delivery.Decision
		want delivery.Kind
	}{
		{"no right", access.Principal{Operator: joris.ID}, d.id, delivery.Leave, delivery.KindRight},
		{"no delivery", marieke, 77, delivery.Leave, delivery.KindNotFound},
		{"no decision", marieke, d.id, "guess", delivery.KindInvalid},
	} {
		if _, err := d.s.ResolveDoubt(ctx, c.who, c.id, nil, c.how, d.at); !delivery.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	d.x.exec(`UPDATE deliveries SET state = 'failed'`)
	if _, err := d.s.ResolveDoubt(ctx, marieke, d.id, nil, delivery.SendAgain, d.at); !delivery.Is(err, delivery.KindState) {
		t.Errorf("a failed delivery: %v", err)
	}
	var n int
	if err := d.x.db.QueryRow(`SELECT count(*) FROM decisions`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d decisions of what was refused, %v", n, err)
	}
}

// TestDecisionsKeepTheLedger plays random decisions, sends and ends: the ledger
// adds up after each, nobody who was accepted by a reply is sent anything again,
// and every message has as many decisions as times it left the doubt.
func TestDecisionsKeepTheLedger(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := int64(rapid.IntRange(1, 12).Draw(rt, "n"))
		lost := func(seq int64) bool { return rapid.Bool().Draw(rt, fmt.Sprint("lost ", seq)) }
		d := newDoubtful(t, int(n))
		d.x.exec(`UPDATE messages SET state = 6, code = 0, attempts = 1 WHERE seq % 2 = 1`)
		d.x.exec(`UPDATE deliveries SET in_doubt = (SELECT count(*) FROM messages WHERE state = 6), accepted = (SELECT count(*) FROM messages WHERE state = 3)`)
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			switch what := rapid.SampledFrom([]string{"decide", "all", "send", "finish"}).Draw(rt, "what"); what {
			case "decide", "all":
				how := rapid.SampledFrom(delivery.Decisions()).Draw(rt, "how")
				var numbers []int64
				if what == "decide" {
					numbers = rapid.SliceOf(rapid.Int64Range(1, n+1)).Draw(rt, "numbers")
					if numbers == nil {
						numbers = []int64{}
					}
				}
				before := d.view()
				r, err := d.s.ResolveDoubt(ctx, marieke, d.id, numbers, how, d.at)
				if err != nil {
					rt.Fatal(err)
				}
				after := d.view()
				if left := before.Counters.InDoubt - after.Counters.InDoubt; how == delivery.Leave && left != 0 || how != delivery.Leave && left != r.Decided {
					rt.Fatalf("%s: %+v, and %d left the doubt", how, r, left)
				}
				if r.Reopened != (before.State == delivery.Finished && r.Decided > 0 && how == delivery.SendAgain) {
					rt.Fatalf("%s while %s: %+v", how, before.State, r)
				}
			case "send":
				if d.view().State == delivery.Confirmed {
					d.advance(delivery.Start, delivery.Sending)
				}
				for _, j := range d.send(5, lost) {
					if m, as := d.message(j.Seq); len(as) == 0 || m.Decided.Decision != delivery.SendAgain {
						rt.Fatalf("%d was sent again by nobody's decision: %+v", j.Seq, m.Row)
					}
				}
			case "finish":
				if v := d.view(); v.State == delivery.Sending && v.Counters.Open() == 0 {
					d.advance(delivery.Finish, delivery.Finished)
				}
			}
			d.view()
		}
		if err := d.s.EachRow(ctx, d.id, store.RowFilter{}, func(r delivery.Row) error {
			if r.State == delivery.MsgAccepted && r.Code/100 != 2 && !r.Marked() {
				return fmt.Errorf("%+v is accepted without a reply or a decision", r)
			}
			return nil
		}); err != nil {
			rt.Fatal(err)
		}
		d.s.Close()
	})
}
