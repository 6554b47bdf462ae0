package store

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// Where a domain is limited, its messages must not stand in the way of the others.
// A claim walks the pending messages from the cursor on; those of a domain that
// takes no more now are set aside, a list of numbers for each domain, and claimed
// from there when it does. So every message is passed once, whatever the order.
// The lists are a cache like the cursor: a start, or anything that makes the
// cursor begin again, makes them anew.

const (
	walk   = 4096 // messages that one claim looks at, at most
	stride = 256  // that it reads at once
)

// aside are the pending messages of one delivery that the cursor has passed, by
// domain, each list in order.
type aside map[string][]int64

func (a aside) put(domain string, seq int64) {
	list := a[domain]
	if n := len(list); n == 0 || list[n-1] < seq {
		a[domain] = append(list, seq)
		return
	}
	if at, found := slices.BinarySearch(list, seq); !found {
		a[domain] = slices.Insert(list, at, seq)
	}
}

// place is an account and a domain that it has a limit for.
type place struct {
	account int64
	domain  string
}

// quota is what an account may begin for one domain now.
type quota struct {
	limit delivery.DomainLimit
	hold  bool // by the queue
	room  int
	until time.Time // when there is room again; zero: when a message has its end
}

// quotas are those of one claim, by domain; a domain without one is free.
type quotas map[string]*quota

// quotas reads what the account of a claim may begin.
func (c *commit) quotas(tx *sql.Tx, r queue.ClaimRequest, a delivery.Account) (quotas, error) {
	const unlimited = 1 << 30
	qs := quotas{}
	for _, l := range a.DomainLimits.List() {
		q := &quota{limit: l, room: unlimited}
		held := c.heldAt(place{a.ID, l.Domain})
		for _, x := range []limit{{l.PerSecond, time.Second}, {l.PerMinute, time.Minute}, {l.PerHour, time.Hour}, {l.PerDay, 24 * time.Hour}} {
			if x.n == 0 {
				continue
			}
			rows, err := tx.Query(`SELECT second, n FROM domain_flow WHERE account = ? AND domain = ? AND second >= ? ORDER BY second DESC`,
				a.ID, l.Domain, c.since(x.window))
			if err != nil {
				return nil, err
			}
			room, free, err := roomIn(rows, x.n-held, x.window)
			if err != nil {
				return nil, err
			}
			q.room = min(q.room, room)
			if free.After(q.until) {
				q.until = free
			}
		}
		if l.AtOnce > 0 && l.AtOnce-held < q.room {
			q.room = l.AtOnce - held
			if q.room <= 0 && q.until.IsZero() {
				q.room = 0
			}
		}
		q.room = max(q.room, 0)
		qs[l.Domain] = q
	}
	for _, h := range r.Domains {
		q := qs[h.Domain]
		if q == nil {
			q = &quota{limit: delivery.DomainLimit{Domain: h.Domain}, room: unlimited}
			qs[h.Domain] = q
		}
		if most := h.Most - c.heldAt(place{a.ID, h.Domain}); most < q.room {
			q.hold, q.room = true, max(most, 0)
			if h.Until.After(q.until) {
				q.until = h.Until
			}
		}
	}
	return qs, nil
}

// claimByDomain hands out messages of an account that has limits for domains, or
// of a delivery of which some are set aside.
func (c *commit) claimByDomain(tx *sql.Tx, w *work, r queue.ClaimRequest, a delivery.Account, left int) (int, error) {
	qs, err := c.quotas(tx, r, a)
	if err != nil {
		return left, err
	}
	if w.aside == nil {
		w.aside = aside{}
	}
	t := &taking{c: c, w: w, r: r, account: a.ID, qs: qs}
	// What is set aside came first. Each domain gets a part of the claim, so
	// that one that is free again does not hold up the rest.
	var ready []string
	for domain, list := range w.aside {
		if q := qs[domain]; len(list) > 0 && (q == nil || q.room > 0) {
			ready = append(ready, domain)
		}
	}
	slices.Sort(ready)
	for i, domain := range ready {
		part := (left + len(ready) - i) / (len(ready) - i + 1)
		n, err := t.fromAside(tx, domain, part)
		if err != nil {
			return left, err
		}
		left -= n
	}
	n, more, err := t.fromQueue(tx, left)
	if err != nil {
		return left, err
	}
	left -= n
	for _, domain := range ready {
		if left <= 0 {
			break
		}
		if n, err = t.fromAside(tx, domain, left); err != nil {
			return left, err
		}
		left -= n
	}
	if left > 0 && w.counts.Deferred > 0 {
		if n, err = t.fromDeferred(tx, left); err != nil {
			return left, err
		}
		left -= n
	}
	if left > 0 {
		t.tell(more)
	}
	return left, nil
}

// taking is one claim under way.
type taking struct {
	c       *commit
	w       *work
	r       queue.ClaimRequest
	account int64
	qs      quotas
}

// claim makes jobs of messages and returns of how many.
func (t *taking) claim(tx *sql.Tx, seqs []int64) (int, error) {
	if len(seqs) == 0 {
		return 0, nil
	}
	before := len(t.c.out.Jobs[t.w.id])
	cursor := t.w.cursor
	_, n, err := t.c.take(tx, t.w, t.r, len(seqs), `m.seq IN (SELECT value FROM json_each(?2)) AND m.state IN (0, 4) ORDER BY m.seq`, marshal(seqs))
	t.w.cursor = cursor
	if err != nil {
		return 0, err
	}
	for _, j := range t.c.out.Jobs[t.w.id][before:] {
		domain := delivery.DomainOf(j.Address)
		if q := t.qs[domain]; q != nil {
			t.c.hold(j.Ref, place{t.account, domain})
		}
	}
	return n, nil
}

// fromAside claims up to n messages of a domain that are set aside.
func (t *taking) fromAside(tx *sql.Tx, domain string, n int) (int, error) {
	got := 0
	for n > got && len(t.w.aside[domain]) > 0 {
		list := t.w.aside[domain]
		k := min(n-got, len(list))
		q := t.qs[domain]
		if q != nil {
			k = min(k, q.room)
		}
		if k <= 0 {
			break
		}
		jobs, err := t.claim(tx, list[:k])
		if err != nil {
			return got, err
		}
		if q != nil {
			q.room -= jobs
		}
		got += jobs
		if t.w.aside[domain] = list[k:]; len(list) == k {
			delete(t.w.aside, domain)
		}
	}
	return got, nil
}

// fromQueue walks the pending messages from the cursor on. more: it has not seen
// all of them.
func (t *taking) fromQueue(tx *sql.Tx, n int) (got int, more bool, err error) {
	for seen := 0; n > got; {
		if seen >= walk {
			return got, true, nil
		}
		var take []int64
		k := 0
		if err := each(tx, `SELECT seq, address FROM messages WHERE delivery = ? AND state = 0 AND seq >= ? ORDER BY seq LIMIT ?`,
			func(seq int64, address string) bool {
				k++
				domain := delivery.DomainOf(address)
				q := t.qs[domain]
				switch {
				case q != nil && q.room <= 0, len(t.w.aside[domain]) > 0 && q != nil:
					t.w.aside.put(domain, seq)
				default:
					if q != nil {
						q.room--
					}
					take = append(take, seq)
				}
				t.w.cursor = seq + 1
				return len(take) < n-got
			}, t.w.id, t.w.cursor, max(stride, n-got)); err != nil {
			return got, false, err
		}
		if k == 0 {
			return got, false, nil
		}
		seen += k
		jobs, err := t.claim(tx, take)
		if err != nil {
			return got, false, err
		}
		got += jobs
	}
	return got, false, nil
}

// fromDeferred claims deferred messages that are due. Those of a domain that takes
// no more wait for their turn there: its next moments, one behind the other.
func (t *taking) fromDeferred(tx *sql.Tx, n int) (got int, err error) {
	put := map[string]int{}
	for seen := 0; n > got && seen < walk; {
		var take, late []int64
		var domains []string
		k := 0
		if err := each(tx, `SELECT seq, address FROM messages WHERE delivery = ? AND next_try <= ? ORDER BY next_try LIMIT ?`,
			func(seq int64, address string) bool {
				k++
				domain := delivery.DomainOf(address)
				if q := t.qs[domain]; q != nil && q.room <= 0 {
					late, domains = append(late, seq), append(domains, domain)
					return true
				} else if q != nil {
					q.room--
				}
				take = append(take, seq)
				return len(take) < n-got
			}, t.w.id, ms(t.c.now), max(stride, n-got)); err != nil {
			return got, err
		}
		if k == 0 {
			break
		}
		seen += k
		for i, seq := range late {
			at := t.qs[domains[i]].turn(put[domains[i]], t.c.now)
			put[domains[i]]++
			if _, err := tx.Exec(`UPDATE messages SET next_try = ? WHERE delivery = ? AND seq = ?`, ms(at), t.w.id, seq); err != nil {
				return got, err
			}
		}
		jobs, err := t.claim(tx, take)
		if err != nil {
			return got, err
		}
		got += jobs
	}
	return got, nil
}

// turn is when the k-th message that waits for a domain may be looked at again.
func (q *quota) turn(k int, now time.Time) time.Time {
	at := q.until
	if !at.After(now) {
		at = now.Add(time.Second)
	}
	if r := q.limit.Rate(); r > 0 {
		at = at.Add(time.Duration(min(float64(k)/r, 24*3600) * float64(time.Second)))
	}
	return at
}

// tell says which domain the claim waits for: the one that has room first.
func (t *taking) tell(more bool) {
	var best *quota
	waiting := 0
	for domain, list := range t.w.aside {
		q := t.qs[domain]
		if q == nil || len(list) == 0 {
			continue
		}
		if best == nil || q.until.Before(best.until) || q.until.Equal(best.until) && q.limit.Domain < best.limit.Domain {
			best, waiting = q, len(list)
		}
	}
	switch {
	case best == nil && !more:
	case best == nil:
		t.c.out.Limits[queue.Via{Delivery: t.r.Delivery, Account: t.r.Account}] = queue.Limit{More: true}
	default:
		l := queue.Limit{Until: best.until, Domain: best.limit.Domain, Waiting: waiting, Rate: best.limit.Rate(), More: more}
		if !best.hold {
			_, l.Words, _ = strings.Cut(best.limit.String(), "=")
		}
		t.c.bound(t.r, l)
	}
}

// each calls fn for rows of a number and a text until it returns false.
func each(tx *sql.Tx, query string, fn func(int64, string) bool, args ...any) error {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		var s string
		if err := rows.Scan(&n, &s); err != nil {
			return err
		}
		if !fn(n, s) {
			break
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// byDomain reports whether claims of a delivery for an account look at domains.
func (w *work) byDomain(r queue.ClaimRequest, a delivery.Account) bool {
	return len(w.aside) > 0 || len(r.Domains) > 0 || a.DomainLimits != ""
}

// comeBack sets messages aside that the cursor has passed and that wait again: to
// go back to them would mean to walk past all others once more.
func (w *work) comeBack(tx *sql.Tx, seqs ...int64) error {
	return each(tx, `SELECT seq, address FROM messages WHERE delivery = ? AND seq IN (SELECT value FROM json_each(?)) AND state = 0`,
		func(seq int64, address string) bool {
			if seq < w.cursor {
				w.aside.put(delivery.DomainOf(address), seq)
			}
			return true
		}, w.id, marshal(seqs))
}

// goBack makes the next claim look at messages again that the cursor has passed.
func (w *work) goBack(tx *sql.Tx, seqs ...int64) error {
	if w.aside != nil {
		return w.comeBack(tx, seqs...)
	}
	w.cursor = min(w.cursor, slices.Min(seqs))
	return nil
}

// abandon makes the next claims begin anew: what the transaction set aside is not
// so.
func (c *commit) abandon() {
	for _, w := range c.work {
		if w.aside != nil {
			c.s.forget(w.id)
		}
	}
}
