package store_test

import (
	"fmt"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

func limitsOf(t testing.TB, texts ...string) delivery.DomainLimits {
	t.Helper()
	var ls delivery.DomainLimits
	for _, s := range texts {
		l, ok := delivery.ParseDomainLimit(s)
		if !ok {
			t.Fatal(s)
		}
		ls = ls.With(l)
	}
	return ls
}

// TestDomainLimitSetLater: a limit that is set while a delivery is under way counts
// what the account has sent before.
func TestDomainLimitSetLater(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	x := &seeder{TB: t, s: s, db: raw(t, dir)}
	id := x.Seed(queuetest.Seed{Messages: 40, Account: queuetest.Account(9, 1), Domain: func(int64) string { return "slow.example" }})
	if _, err := s.Advance(ctx, id, delivery.Start, nil); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	commit := func(b queue.Batch) queue.Committed {
		t.Helper()
		b.Now = now
		c, err := s.Commit(ctx, b)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	var out []queue.Outcome
	for i, j := range commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 7}}}).Jobs[id] {
		o := queue.Outcome{Ref: j.Ref, To: delivery.MsgAccepted, Attempt: 1, At: now, Code: 250}
		if i < 2 { // tried twice
			o.To, o.NextTry = delivery.MsgDeferred, now
		}
		out = append(out, o)
	}
	again := commit(queue.Batch{Outcomes: out}).Jobs[id]
	for _, j := range append(again, commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 2}}}).Jobs[id]...) {
		commit(queue.Batch{Outcomes: []queue.Outcome{{Ref: j.Ref, To: delivery.MsgAccepted, Attempt: j.Attempt, At: now, Code: 250}}})
	}
	as, err := s.Accounts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	a := as[len(as)-1]
	a.DomainLimits = limitsOf(t, fmt.Sprintf("dm%d.slow.example=12/h", id))
	if err := s.EditAccount(ctx, marieke, a, func(delivery.Account) error { return nil }); err != nil {
		t.Fatal(err)
	}
	var used int
	if err := x.db.QueryRow(`SELECT coalesce(sum(n), 0) FROM domain_flow WHERE account = ?`, a.ID).Scan(&used); err != nil || used != 9 {
		t.Fatalf("%d attempts counted, %v; want the 9 there were", used, err)
	}
	if n := len(commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 30}}}).Jobs[id]); n != 3 {
		t.Fatalf("%d more, want 3 of 12", n)
	}
}

// TestLimitedDomainFirst: a claim walks past a domain at its limit within bounds,
// however much of it comes first, and goes on where it stopped.
func TestLimitedDomainFirst(t *testing.T) {
	const people, limited = 12000, 11000
	dir := t.TempDir()
	s := open(t, dir)
	x := &seeder{TB: t, s: s, db: raw(t, dir)}
	a := queuetest.Account(9, 1)
	a.DomainLimits = limitsOf(t, "dm1.slow.example=5/h", "dm2.slow.example=5/h")
	id := x.Seed(queuetest.Seed{Messages: people, Account: a, Domain: func(seq int64) string {
		if seq <= limited {
			return "slow.example"
		}
		return "free.example"
	}})
	if _, err := s.Advance(ctx, id, delivery.Start, nil); err != nil {
		t.Fatal(err)
	}
	slow, free, asks := 0, 0, 0
	for free < people-limited && asks < 100 {
		asks++
		c, err := s.Commit(ctx, queue.Batch{Now: time.Now(), Claims: []queue.ClaimRequest{{Delivery: id, Max: 100}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range c.Jobs[id] {
			if j.Seq <= limited {
				slow++
			} else {
				free++
			}
		}
		if l := c.Limits[queue.Via{Delivery: id}]; len(c.Jobs[id]) < 100 && free < people-limited && !l.More {
			t.Fatalf("%d jobs, and nothing says that there are more: %+v", len(c.Jobs[id]), l)
		}
	}
	if slow != 5 || free != people-limited || asks > 20 {
		t.Errorf("%d of the limited domain and %d others in %d claims", slow, free, asks)
	}
	if err := x.check(id); err != nil {
		t.Error(err)
	}
}

func (x *seeder) check(id delivery.ID) error {
	v, err := x.s.Delivery(ctx, id)
	if err != nil {
		return err
	}
	if got := x.Counters(id); got != v.Counters {
		return fmt.Errorf("stored %+v, counted %+v", v.Counters, got)
	}
	return v.Counters.Check()
}

// BenchmarkDomains measures claims and outcomes of a million messages of which half
// are for a domain at its limit, against the same without a limit.
func BenchmarkDomains(b *testing.B) {
	for _, c := range []struct {
		name   string
		limits []string
	}{{"none", nil}, {"half at a limit", []string{"dm1.slow.example=20/min"}}, {"half two at once", []string{"dm1.slow.example=2/once"}}} {
		b.Run(c.name, func(b *testing.B) {
			dir := b.TempDir()
			s := open(b, dir)
			x := &seeder{TB: b, s: s, db: raw(b, dir)}
			a := queuetest.Account(9, 16)
			a.DomainLimits = limitsOf(b, c.limits...)
			id := x.Seed(queuetest.Seed{Messages: 1_000_000, Account: a, Domain: func(seq int64) string {
				if seq%2 == 0 {
					return "slow.example"
				}
				return "free.example"
			}})
			if _, err := s.Advance(ctx, id, delivery.Start, nil); err != nil {
				b.Fatal(err)
			}
			var out []queue.Outcome
			most := time.Duration(0)
			b.ResetTimer()
			for done := 0; done < b.N; {
				begin := time.Now()
				r, err := s.Commit(ctx, queue.Batch{Outcomes: out, Now: begin, Claims: []queue.ClaimRequest{{Delivery: id, Max: 64}}})
				if err != nil {
					b.Fatal(err)
				}
				most = max(most, time.Since(begin))
				out = out[:0]
				for _, j := range r.Jobs[id] {
					out = append(out, queue.Outcome{Ref: j.Ref, To: delivery.MsgAccepted, Attempt: 1, Code: 250, Enhanced: "2.0.0", Reply: "Ok", At: begin})
				}
				done += len(r.Jobs[id])
			}
			b.ReportMetric(float64(most.Microseconds())/1000, "ms/slowest-commit")
		})
	}
}
