package queuetest

import (
	"cmp"
	"fmt"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// domainQuota is what may be claimed for a domain.
type domainQuota struct {
	queue.Limit
	room int
}

// quotas are those of an account by domain: its limits a minute and at once, and
// what the queue holds.
func (m *Memory) quotas(c queue.ClaimRequest, a delivery.Account, now time.Time) map[string]*domainQuota {
	out := map[string]*domainQuota{}
	of := func(domain string) *domainQuota {
		if out[domain] == nil {
			out[domain] = &domainQuota{Limit: queue.Limit{Domain: domain}, room: 1 << 30}
		}
		return out[domain]
	}
	claimed := map[string]int{}
	count := func(domain string, fn func(time.Time)) {
		for id, rows := range m.rows {
			for i := range rows {
				r := &rows[i]
				switch {
				case delivery.DomainOf(r.Address) != domain || cmp.Or(r.Account, m.heads[id].Account.ID) != a.ID:
				case r.To == delivery.MsgClaimed:
					claimed[domain]++
				case r.Attempt > 0 && r.At.After(now.Add(-time.Minute)):
					fn(r.At)
				}
			}
		}
	}
	for _, l := range a.DomainLimits.List() {
		q := of(l.Domain)
		q.Words, q.Rate = fmt.Sprint(l.PerMinute, "/min"), l.Rate()
		used := 0
		var first time.Time
		count(l.Domain, func(t time.Time) {
			used++
			if first.IsZero() || t.Before(first) {
				first = t
			}
		})
		if l.PerMinute > 0 {
			if q.room = l.PerMinute - used - claimed[l.Domain]; q.room <= 0 && !first.IsZero() {
				q.Until = first.Add(time.Minute)
			}
		}
		if l.AtOnce > 0 {
			q.room = min(q.room, l.AtOnce-claimed[l.Domain])
		}
	}
	for _, h := range c.Domains {
		q := of(h.Domain)
		if _, known := claimed[h.Domain]; !known {
			count(h.Domain, func(time.Time) {})
		}
		if most := h.Most - claimed[h.Domain]; most < q.room {
			q.room, q.Until, q.Words = most, h.Until, ""
		}
	}
	return out
}

// odd puts every second message to one domain.
func odd(seq int64) string {
	if seq%2 == 1 {
		return "slow.example"
	}
	return "free.example"
}

// slow makes an account with limits for the slow domain of the next delivery, of
// which there is none in the store yet.
func slow(limits string) delivery.Account {
	a := Account(1, 4)
	for id := 1; id <= 2; id++ {
		l, ok := delivery.ParseDomainLimit(fmt.Sprintf("dm%d.slow.example=%s", id, limits))
		if !ok {
			panic(limits)
		}
		a.DomainLimits = a.DomainLimits.With(l)
	}
	return a
}

func (b *bench) seedOdd(n int, a delivery.Account) delivery.ID {
	b.Helper()
	id := b.Seed(Seed{Messages: n, Account: a, Domain: odd})
	b.advance(id, delivery.Start, delivery.Sending)
	return id
}

// split counts jobs to the slow domain and to the other.
func split(js []queue.Job) (slow, free int) {
	for _, j := range js {
		if j.Seq%2 == 1 {
			slow++
		} else {
			free++
		}
	}
	return slow, free
}

// testDomainLimit: a domain at its limit lets the others pass, its messages are
// claimed in their turn, and the limit holds over any minute.
func testDomainLimit(b *bench) {
	id := b.seedOdd(60, slow("5/min"))
	js := b.claim(id, 20)
	if s, f := split(js); s != 5 || f != 15 {
		b.Fatalf("%d to the slow domain and %d to the other, want 5 and 15", s, f)
	}
	seen := map[int64]bool{}
	var at []time.Time
	for rounds := 0; len(seen) < 60 && rounds < 100; rounds++ {
		for _, j := range js {
			if seen[j.Seq] {
				b.Fatalf("message %d twice", j.Seq)
			}
			seen[j.Seq] = true
			b.settle(j.Ref, delivery.MsgAccepted)
			if j.Seq%2 == 1 {
				at = append(at, b.now)
			}
		}
		done := b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 20}}})
		js = done.Jobs[id]
		if len(js) > 0 || len(seen) == 60 {
			continue
		}
		l := done.Limits[queue.Via{Delivery: id}]
		if l.Domain != "dm1.slow.example" || !l.Until.After(b.now) || l.Waiting != 30-len(at) || l.Words != "5/min" || !done.NextDue[id].Equal(l.Until) {
			b.Fatalf("nothing to claim at %v, and the limit is %+v, next due %v", b.now, l, done.NextDue[id])
		}
		b.now = l.Until
	}
	if len(seen) != 60 {
		b.Fatalf("%d of 60", len(seen))
	}
	for i := 5; i < len(at); i++ {
		if d := at[i].Sub(at[i-5]); d < 59*time.Second {
			b.Fatalf("six messages to the domain within %v", d)
		}
	}
}

// testDomainAtOnce: no more than so many are claimed at the same time, and the end
// of one makes room for another; a release does, too, and loses nothing.
func testDomainAtOnce(b *bench) {
	id := b.seedOdd(40, slow("2/once"))
	js := b.claim(id, 10)
	if s, f := split(js); s != 2 || f != 8 {
		b.Fatalf("%d to the slow domain and %d to the other, want 2 and 8", s, f)
	}
	var of []queue.Job
	for _, j := range js {
		if j.Seq%2 == 1 {
			of = append(of, j)
		}
	}
	b.settle(of[0].Ref, delivery.MsgPending)
	if s, _ := split(b.claim(id, 10)); s != 1 {
		b.Fatalf("%d more to the slow domain after a release, want 1", s)
	}
	b.settle(of[1].Ref, delivery.MsgAccepted)
	all := b.claim(id, 40)
	if s, _ := split(all); s != 1 {
		b.Fatalf("%d more to the slow domain after an end, want 1", s)
	}
	done := b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 9}}})
	if l := done.Limits[queue.Via{Delivery: id}]; len(done.Jobs[id]) != 0 || l.Domain != "dm1.slow.example" || !l.Until.IsZero() {
		b.Fatalf("%d jobs, limit %+v", len(done.Jobs[id]), l)
	}
	for range 60 {
		for seq := int64(1); seq <= 40; seq++ {
			if r := (queue.Ref{Delivery: id, Seq: seq}); b.Message(r).To == delivery.MsgClaimed {
				b.settle(r, delivery.MsgAccepted)
			}
		}
		b.claim(id, 40)
	}
	if c := b.Counters(id); c.Accepted != 40 {
		b.Fatalf("in the end %+v", c)
	}
}

// testDomainHold: what the queue holds is left alone, pending or deferred, and
// comes when it is let go.
func testDomainHold(b *bench) {
	id := b.seedOdd(20, Account(1, 1))
	until := b.now.Add(5 * time.Minute).Truncate(time.Millisecond)
	held := []queue.DomainHold{{Domain: "dm1.slow.example", Until: until}}
	first := b.claim(id, 1)[0] // of the slow domain
	b.settle(first.Ref, delivery.MsgDeferred)
	b.now = b.now.Add(2 * time.Minute)
	done := b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 20, Domains: held}}})
	if s, f := split(done.Jobs[id]); s != 0 || f != 10 {
		b.Fatalf("%d to the domain on hold and %d to the other", s, f)
	}
	if l := done.Limits[queue.Via{Delivery: id}]; l.Domain != "dm1.slow.example" || !l.Until.Equal(until) || l.Words != "" {
		b.Fatalf("limit %+v", l)
	}
	b.now = until.Add(time.Second)
	held[0].Most = 1
	trial := b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 20, Domains: held}}}).Jobs[id]
	if s, _ := split(trial); s != 1 || len(trial) != 1 {
		b.Fatalf("%d on trial, want one", len(trial))
	}
	b.settle(trial[0].Ref, delivery.MsgAccepted)
	b.now = b.now.Add(time.Minute)
	if s, _ := split(b.claim(id, 20)); s != 9 {
		b.Fatalf("%d came after the hold, want the other 9", s)
	}
}

// testDomainRecovery: after a crash the attempts at a domain count as before.
func testDomainRecovery(b *bench) {
	id := b.seedOdd(40, slow("4/min"))
	js := b.claim(id, 12)
	var of []queue.Job
	for _, j := range js {
		if j.Seq%2 == 1 {
			of = append(of, j)
		}
	}
	if len(of) != 4 {
		b.Fatalf("%d to the slow domain", len(of))
	}
	b.settle(of[0].Ref, delivery.MsgAccepted)
	b.Recover(queue.Left{Known: true, Last: 7, Outcomes: []queue.Outcome{b.outcome(of[1].Ref, delivery.MsgAccepted, 1)},
		Open: []queue.Intent{{Ref: of[2].Ref, Attempt: 1}}})
	if s, f := split(b.claim(id, 40)); s != 1 || f != 20 {
		b.Fatalf("after the crash %d to the slow domain and %d to the other, want 1 and 20", s, f)
	}
}
