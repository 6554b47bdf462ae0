package store

import (
	"database/sql"
	"slices"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// hold notes that a message of a limited domain is claimed.
func (c *commit) hold(r queue.Ref, p place) { c.holds[r] = p }

// heldAt is how many messages an account has claimed for a domain.
func (c *commit) heldAt(p place) int {
	n := 0
	for r, x := range c.holds {
		if x == p && !c.drops[r] {
			n++
		}
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	n += c.s.places[p]
	for r := range c.drops {
		if c.s.heldIn[r] == p {
			n--
		}
	}
	return n
}

// ended notes that a message is claimed no more, and tallies an attempt at a domain
// with limits.
func (c *commit) ended(tx *sql.Tx, w *work, o queue.Outcome, by int64, attempt bool) error {
	if !c.watched && !w.limited {
		return nil
	}
	c.s.mu.Lock()
	p, held := c.s.heldIn[o.Ref]
	c.s.mu.Unlock()
	if held {
		c.drops[o.Ref] = true
	}
	if !attempt || !w.limited {
		return nil
	}
	domain := p.domain
	if !held {
		var address string
		if err := tx.QueryRow(`SELECT address FROM messages WHERE delivery = ? AND seq = ?`, w.id, o.Seq).Scan(&address); err != nil {
			return err
		}
		domain = delivery.DomainOf(address)
	}
	if !w.limits(by, domain) {
		return nil
	}
	c.domains[domainSecond{place{by, domain}, o.At.Unix()}]++
	return nil
}

// limits reports whether an account of the delivery has limits for a domain.
func (w *work) limits(account int64, domain string) bool {
	a, ok := w.account(account)
	if account == w.acct.ID {
		a, ok = w.acct, true
	}
	return ok && slices.ContainsFunc(a.DomainLimits.List(), func(l delivery.DomainLimit) bool { return l.Domain == domain })
}

// domainSecond is a second of domain_flow.
type domainSecond struct {
	place
	second int64
}

// addDomains writes what ended tallied.
func (c *commit) addDomains(tx *sql.Tx) error {
	for d, n := range c.domains {
		if err := addDomain(tx, d, n); err != nil {
			return err
		}
	}
	clear(c.domains)
	return nil
}

func addDomain(tx *sql.Tx, d domainSecond, n int) error {
	_, err := tx.Exec(`INSERT INTO domain_flow (account, domain, second, n) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET n = n + excluded.n`, d.account, d.domain, d.second, n)
	return err
}

// countDomains counts the last day's attempts of an account at the domains that it
// has limits for, from the sending logs: limits hold from the moment they are set.
func countDomains(tx *sql.Tx, a delivery.Account, now time.Time) error {
	if _, err := tx.Exec(`DELETE FROM domain_flow WHERE account = ?`, a.ID); err != nil {
		return err
	}
	limited := map[string]bool{}
	for _, l := range a.DomainLimits.List() {
		limited[l.Domain] = true
	}
	if len(limited) == 0 {
		return nil
	}
	from := now.Add(-24 * time.Hour)
	tally := map[domainSecond]int{}
	if err := each(tx, `WITH lately (id) AS (SELECT DISTINCT delivery FROM flow WHERE account = ?1 AND second >= ?2)
		SELECT m.at, m.address FROM lately JOIN deliveries d ON d.id = lately.id JOIN messages m ON m.delivery = d.id
			WHERE m.state IN (3, 4, 5, 6) AND m.attempts > 0 AND m.at >= ?3 AND coalesce(m.account, d.account) = ?1
		UNION ALL SELECT x.at, m.address FROM lately JOIN deliveries d ON d.id = lately.id JOIN attempts x ON x.delivery = d.id
			JOIN messages m ON m.delivery = x.delivery AND m.seq = x.seq
			WHERE x.at >= ?3 AND coalesce(x.account, d.account) = ?1 AND NOT (x.attempt = m.attempts AND m.state IN (3, 4, 5, 6))
		UNION ALL SELECT y.at, y.address FROM proofs p JOIN proof_messages y ON y.delivery = p.delivery AND y.number = p.number
			WHERE p.account = ?1 AND y.at >= ?3 AND y.outcome IN ('accepted', 'refused', 'in_doubt')`,
		func(at int64, address string) bool {
			if d := delivery.DomainOf(address); limited[d] {
				tally[domainSecond{place{a.ID, d}, at / 1000}]++
			}
			return true
		}, a.ID, from.Unix(), ms(from)); err != nil {
		return err
	}
	for d, n := range tally {
		if err := addDomain(tx, d, n); err != nil {
			return err
		}
	}
	return nil
}

// keepDomains takes over what a transaction changed, under s.mu.
func (s *Store) keepDomains(c *commit) {
	for r := range c.drops {
		if p, ok := s.heldIn[r]; ok {
			delete(s.heldIn, r)
			if s.places[p]--; s.places[p] <= 0 {
				delete(s.places, p)
			}
		}
	}
	for r, p := range c.holds {
		s.heldIn[r] = p
		s.places[p]++
	}
	for _, w := range c.work {
		if w.aside != nil && s.turns[w.id] == w.turn {
			s.aside[w.id] = w.aside
		}
	}
}
