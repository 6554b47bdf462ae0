package queuetest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// Address is the address of a seeded message.
func Address(id delivery.ID, seq int64) string {
	return fmt.Sprintf("user%d@dm%d.example", seq, int64(id))
}

// AddressAt is the address of a seeded message at a domain: dm1.mail.example for
// mail.example.
func AddressAt(id delivery.ID, seq int64, domain string) string {
	return fmt.Sprintf("user%d@dm%d.%s", seq, int64(id), domain)
}

// Fields is the field text of a seeded message.
func Fields(seq int64) string { return fmt.Sprintf(`{"n":"%d"}`, seq) }

// Sum is the sealed sum of a seeded message.
func Sum(id delivery.ID, seq int64) [32]byte { return sha256.Sum256([]byte(Address(id, seq))) }

// Commit implements queue.Store.
func (m *Memory) Commit(_ context.Context, b queue.Batch) (queue.Committed, error) {
	if m.Delay > 0 {
		time.Sleep(m.Delay)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commits++
	switch {
	case m.lock > 0:
		m.lock--
		return queue.Committed{}, &delivery.Error{Op: "commit", Kind: delivery.KindLocked}
	case m.failAt < 0: // ambiguous: it happens, but nobody hears of it
		m.failAt = -m.failAt
		m.apply(b)
		return queue.Committed{}, ErrFault
	case m.failAt > 0 && m.commits >= m.failAt:
		return queue.Committed{}, ErrFault
	}
	return m.apply(b), nil
}

func (m *Memory) apply(b queue.Batch) queue.Committed {
	done := queue.Committed{Jobs: map[delivery.ID][]queue.Job{}, Counters: map[delivery.ID]delivery.Counters{},
		NextDue: map[delivery.ID]time.Time{}, States: map[delivery.ID]delivery.State{}, Limits: map[queue.Via]queue.Limit{}}
	bounds := map[delivery.ID]time.Time{}
	for _, o := range b.Outcomes {
		done.Counters[o.Delivery] = delivery.Counters{}
		m.outcome(o)
	}
	m.applied = max(m.applied, b.Applied)
	for _, c := range b.Claims {
		done.Counters[c.Delivery] = delivery.Counters{}
		jobs, bound := m.claim(c, b.Now)
		done.Jobs[c.Delivery] = append(done.Jobs[c.Delivery], jobs...)
		if len(jobs) < c.Max {
			if a, ok := m.account(c); ok && m.room(a, b.Now) == 0 {
				done.Limits[queue.Via{Delivery: c.Delivery, Account: c.Account}] = queue.Limit{Until: m.frees(a, b.Now)}
			} else if bound.Domain != "" {
				done.Limits[queue.Via{Delivery: c.Delivery, Account: c.Account}] = bound
				bounds[c.Delivery] = bound.Until
			}
		}
	}
	for id := range done.Counters {
		done.Counters[id] = m.heads[id].Counters
		done.States[id] = m.heads[id].State
		due := m.nextDue(id, b.Now)
		if u := bounds[id]; !u.IsZero() && (due.IsZero() || u.Before(due)) {
			due = u
		}
		if !due.IsZero() {
			done.NextDue[id] = due
		}
		if err := m.heads[id].Counters.Check(); err != nil {
			m.faults = append(m.faults, fmt.Errorf("%s: %w: %+v", id, err, m.heads[id].Counters))
		}
	}
	return done
}

// move changes a state and keeps the counters.
func (m *Memory) move(id delivery.ID, r *Message, to delivery.MessageState) {
	c := &m.heads[id].Counters
	*c.Of(r.To)--
	*c.Of(to)++
	r.To = to
	if to == delivery.MsgPending || to == delivery.MsgDeferred {
		m.low[id] = min(m.low[id], int(r.Seq)-1)
	}
}

// resting is the state of a message that waits: none waits in a stopped delivery.
func (m *Memory) resting(id delivery.ID, s delivery.MessageState) delivery.MessageState {
	if m.heads[id].State.Ended() {
		return delivery.MsgCancelled
	}
	return s
}

func (m *Memory) outcome(o queue.Outcome) {
	r := &m.rows[o.Delivery][o.Seq-1]
	if r.To != delivery.MsgClaimed || !delivery.MsgClaimed.CanBecome(o.To) && !delivery.MsgCommitting.CanBecome(o.To) {
		return
	}
	to := o.To
	switch to {
	case delivery.MsgPending:
		m.move(o.Delivery, r, m.resting(o.Delivery, to))
		return
	case delivery.MsgDeferred:
		to = m.resting(o.Delivery, to)
	case delivery.MsgAccepted:
		r.Accepted++
	}
	m.move(o.Delivery, r, to)
	r.Outcome = o // its Ref is the same
	r.To = to
}

func (m *Memory) claim(c queue.ClaimRequest, now time.Time) ([]queue.Job, queue.Limit) {
	h := m.heads[c.Delivery]
	if h.State != delivery.Sending && h.State != delivery.Retrying {
		return nil, queue.Limit{}
	}
	a, ok := m.account(c)
	if !ok {
		return nil, queue.Limit{}
	}
	domains := m.quotas(c, a, now)
	var bound queue.Limit
	n := min(c.Max, m.room(a, now))
	rows := m.rows[c.Delivery]
	low := m.low[c.Delivery]
	for low < len(rows) && rows[low].To != delivery.MsgPending && rows[low].To != delivery.MsgDeferred {
		low++
	}
	m.low[c.Delivery] = low
	var jobs []queue.Job
	for i := low; i < len(rows) && len(jobs) < n; i++ {
		r := &rows[i]
		if r.To != delivery.MsgPending && (r.To != delivery.MsgDeferred || r.NextTry.After(now)) {
			continue
		}
		if q := domains[delivery.DomainOf(r.Address)]; q != nil {
			if q.room <= 0 {
				q.Waiting++
				if bound.Domain == "" || q.Until.Before(bound.Until) || q.Domain == bound.Domain {
					bound = q.Limit
				}
				continue
			}
			q.room--
		}
		m.move(c.Delivery, r, delivery.MsgClaimed)
		r.Account = c.Account
		jobs = append(jobs, queue.Job{Ref: r.Ref, Attempt: r.Attempt + 1, Address: r.Address,
			Fields: Fields(r.Seq), Sum: Sum(c.Delivery, r.Seq), Account: c.Account})
	}
	return jobs, bound
}

// room is how many messages the limit per minute of an account leaves. What is
// claimed counts: it may leave at any moment.
func (m *Memory) room(a delivery.Account, now time.Time) int {
	if a.PerMinute == 0 {
		return 1 << 30
	}
	n := a.PerMinute
	m.used(a, now, func(time.Time) { n-- })
	return max(0, n)
}

// used calls fn with the moment of everything that counts against the limit.
func (m *Memory) used(a delivery.Account, now time.Time, fn func(time.Time)) {
	for id, rows := range m.rows {
		for i := range rows {
			r := &rows[i]
			if cmp.Or(r.Account, m.heads[id].Account.ID) != a.ID {
				continue
			}
			switch {
			case r.To == delivery.MsgClaimed:
				fn(now)
			case r.Attempt > 0 && r.At.After(now.Add(-time.Minute)):
				fn(r.At)
			}
		}
	}
}

func (m *Memory) nextDue(id delivery.ID, now time.Time) time.Time {
	h := m.heads[id]
	var due time.Time
	soon := func(t time.Time) {
		if due.IsZero() || t.Before(due) {
			due = t
		}
	}
	if h.Counters.Deferred > 0 {
		for i := range m.rows[id] {
			if r := &m.rows[id][i]; r.To == delivery.MsgDeferred {
				soon(r.NextTry)
			}
		}
	}
	if len(h.Relays) == 0 && h.Counters.Pending > 0 && m.room(h.Account, now) == 0 {
		return m.frees(h.Account, now)
	}
	return due
}

// frees is when an account at its limit may begin another message.
func (m *Memory) frees(a delivery.Account, now time.Time) time.Time {
	var first time.Time
	m.used(a, now, func(t time.Time) {
		if t = t.Add(time.Minute); first.IsZero() || t.Before(first) {
			first = t
		}
	})
	return first
}

// account is the one that a claim is for.
func (m *Memory) account(c queue.ClaimRequest) (delivery.Account, bool) {
	h := m.heads[c.Delivery]
	if c.Account == 0 {
		return h.Account, true
	}
	for _, r := range h.Relays {
		if r.Account.ID == c.Account {
			return r.Account, true
		}
	}
	return delivery.Account{}, false
}
