package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// Commit makes a batch of the queue durable in one transaction: outcomes, how far
// the journal has been taken over, counters, flow and claims. See queue.Store for
// its contract.
func (s *Store) Commit(ctx context.Context, b queue.Batch) (queue.Committed, error) {
	c := newCommit(s, b)
	err := s.write(ctx, "commit", func(tx *sql.Tx) error { return c.run(tx) })
	if err != nil {
		c.abandon()
		return queue.Committed{}, err
	}
	s.mu.Lock()
	for _, w := range c.work {
		if s.turns[w.id] == w.turn {
			s.cursor[w.id] = w.cursor
		}
	}
	s.keepHeld(c.held)
	s.keepDomains(c)
	s.mu.Unlock()
	return c.out, nil
}

// work is what one batch does to one delivery.
type work struct {
	id       delivery.ID
	outcomes []queue.Outcome
	claims   []queue.ClaimRequest

	state   delivery.State
	acct    delivery.Account
	relays  []delivery.Account // when there are several
	sealed  bool               // confirmed for the plan it holds
	counts  delivery.Counters
	delta   delivery.Counters
	cursor  int64
	aside   aside  // nil: no domain was ever set aside
	turn    uint64 // of the cursor
	limited bool   // an account of it has limits for domains
}

type commit struct {
	now     time.Time
	applied uint64
	work    []*work
	out     queue.Committed
	s       *Store
	held    map[via]int // change of what is claimed, for deliveries with several relays

	// Of domains with limits.
	watched bool // some are claimed
	holds   map[queue.Ref]place
	drops   map[queue.Ref]bool
	domains map[domainSecond]int
}

// makeCommit makes one that does nothing yet.
func (s *Store) makeCommit(now time.Time) *commit {
	return &commit{now: now, s: s, held: map[via]int{}, holds: map[queue.Ref]place{}, drops: map[queue.Ref]bool{},
		domains: map[domainSecond]int{}, out: queue.Committed{
			Jobs:     map[delivery.ID][]queue.Job{},
			Counters: map[delivery.ID]delivery.Counters{},
			NextDue:  map[delivery.ID]time.Time{},
			States:   map[delivery.ID]delivery.State{},
			Limits:   map[queue.Via]queue.Limit{},
		}}
}

func newCommit(s *Store, b queue.Batch) *commit {
	c := s.makeCommit(b.Now)
	c.applied = b.Applied
	by := map[delivery.ID]*work{}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.watched = len(s.heldIn) > 0
	of := func(id delivery.ID) *work {
		w := by[id]
		if w == nil {
			w = &work{id: id, cursor: s.cursor[id], aside: s.aside[id], turn: s.turns[id]}
			delete(s.aside, id) // until the transaction has come to its end
			by[id] = w
			c.work = append(c.work, w)
		}
		return w
	}
	for i := 0; i < len(b.Outcomes); {
		// Nearly always they are all of one delivery, and need no copy.
		id, from := b.Outcomes[i].Delivery, i
		for i < len(b.Outcomes) && b.Outcomes[i].Delivery == id {
			i++
		}
		if w := of(id); len(w.outcomes) == 0 {
			w.outcomes = b.Outcomes[from:i:i]
		} else {
			w.outcomes = append(w.outcomes, b.Outcomes[from:i]...)
		}
	}
	for _, r := range b.Claims {
		w := of(r.Delivery)
		w.claims = append(w.claims, r)
	}
	return c
}

// forget makes the next claim of a delivery look at its messages from the first
// one on.
func (s *Store) forget(id delivery.ID) {
	s.mu.Lock()
	delete(s.cursor, id)
	delete(s.aside, id)
	s.turns[id]++
	s.mu.Unlock()
}

func (c *commit) run(tx *sql.Tx) error {
	for _, step := range []func(*sql.Tx, *work) error{c.load, c.settle} {
		for _, w := range c.work {
			if err := step(tx, w); err != nil {
				return err
			}
		}
	}
	if err := c.addDomains(tx); err != nil {
		return err
	}
	if err := setApplied(tx, c.applied); err != nil {
		return err
	}
	// Outcomes of every delivery come before any claim, so that the limits of
	// a shared account are seen whole.
	for _, w := range c.work {
		if err := c.count(tx, w); err != nil {
			return err
		}
	}
	for _, w := range c.work {
		if err := c.claim(tx, w); err != nil {
			return err
		}
		if err := c.finish(tx, w); err != nil {
			return err
		}
	}
	return nil
}

func (c *commit) load(tx *sql.Tx, w *work) error {
	dest := []any{&w.state, &w.sealed}
	var acct sql.NullInt64
	var relays sql.NullString
	dest = append(dest, &acct, &relays)
	dest = append(dest, counterDest(&w.counts)...)
	err := tx.QueryRow(`SELECT state, coalesce(confirmed_plan = plan_hash, 0), account, relays, targeted, excluded, pending, claimed,
		committing, accepted, deferred, rejected, in_doubt, cancelled FROM deliveries WHERE id = ?`, w.id).Scan(dest...)
	if err == sql.ErrNoRows {
		return notFound(w.id)
	}
	if err != nil {
		return err
	}
	rs, err := scanRelays(relays)
	if err != nil {
		return err
	}
	if w.relays, err = relayAccounts(context.Background(), tx, rs); err != nil {
		return err
	}
	w.acct, err = scanAccount(tx.QueryRow(`SELECT `+accountColumns+` FROM accounts WHERE id = ?`, acct.Int64))
	w.limited = w.acct.DomainLimits != "" || slices.ContainsFunc(w.relays, func(a delivery.Account) bool { return a.DomainLimits != "" })
	if w.limited && w.aside == nil {
		w.aside = aside{}
	}
	return err
}

// running reports whether new messages of the delivery may begin.
func (w *work) running() bool {
	return w.sealed && (w.state == delivery.Sending || w.state == delivery.Retrying)
}

// settle applies the outcomes that the transition table allows. A message comes
// here claimed, and passes through committing when it was committed to.
func (c *commit) settle(tx *sql.Tx, w *work) error {
	if len(w.outcomes) == 0 {
		return nil
	}
	update, err := newUpdates(tx)
	if err != nil {
		return err
	}
	defer update.close()
	flow := byRelay{}
	var back []int64 // released, and nothing was ever said about them
	for _, o := range w.outcomes {
		to := o.To
		if w.state == delivery.Stopped && (to == delivery.MsgPending || to == delivery.MsgDeferred) {
			to = delivery.MsgCancelled
		}
		if to == delivery.MsgPending && o.Attempt <= 1 {
			back = append(back, o.Seq)
			continue
		}
		if !delivery.MsgClaimed.CanBecome(to) && !delivery.MsgCommitting.CanBecome(to) {
			continue
		}
		said := o
		if to == delivery.MsgCancelled {
			o.NextTry, o.Nature = time.Time{}, delivery.NatureCancelled
		}
		if o.Attempt > 1 {
			// Only who was deferred before pays for its history.
			claimed, err := isClaimed(tx, w.id, o.Seq)
			if err != nil {
				return err
			}
			if !claimed {
				continue
			}
			if o.To == delivery.MsgPending {
				if err := c.returned(tx, w, o.Seq); err != nil {
					return err
				}
				if err := putBack(tx, o, to); err != nil {
					return err
				}
				w.moved(1, to)
				if err := w.goBack(tx, o.Seq); err != nil {
					return err
				}
				continue
			}
			if err := keepAttempt(tx, w.id, "seq = ?", o.Seq); err != nil {
				return err
			}
		}
		by := w.acct.ID
		if w.several() {
			if by, err = taker(tx, w, o.Seq); err != nil {
				return err
			}
		}
		attempts := o.Attempt
		if o.To == delivery.MsgPending {
			attempts = 0
		}
		if ok, err := update.put(o, to, attempts); err != nil {
			return err
		} else if !ok {
			continue
		}
		w.moved(1, to)
		if w.several() {
			c.held[via{w.id, by}]--
		}
		if o.To == delivery.MsgDeferred && to == delivery.MsgCancelled {
			if err := addAttempt(tx, said); err != nil {
				return err
			}
		}
		tally(flow.of(by), o, to)
		if err := c.ended(tx, w, o, by, o.To != delivery.MsgPending && o.To != delivery.MsgCancelled); err != nil {
			return err
		}
	}
	if err := c.returned(tx, w, back...); err != nil {
		return err
	}
	if err := release(tx, w, back); err != nil {
		return err
	}
	for account, seconds := range flow {
		if err := addFlow(tx, w, account, seconds); err != nil {
			return err
		}
	}
	return nil
}

// moved counts messages that were claimed.
func (w *work) moved(n int64, to delivery.MessageState) {
	*w.delta.Of(delivery.MsgClaimed) -= n
	*w.delta.Of(to) += n
}

func isClaimed(tx *sql.Tx, id delivery.ID, seq int64) (bool, error) {
	var n int
	err := tx.QueryRow(`SELECT count(*) FROM messages WHERE delivery = ? AND seq = ? AND state = ?`, id, seq, delivery.MsgClaimed).Scan(&n)
	return n > 0, err
}

// release lets claimed messages wait again.
func release(tx *sql.Tx, w *work, seqs []int64) error {
	if len(seqs) == 0 {
		return nil
	}
	done, err := tx.Exec(`UPDATE messages SET state = ?, next_try = NULL WHERE delivery = ? AND state = ?
		AND seq IN (SELECT value FROM json_each(?))`, delivery.MsgPending, w.id, delivery.MsgClaimed, marshal(seqs))
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err != nil {
		return err
	}
	w.moved(n, delivery.MsgPending)
	return w.goBack(tx, seqs...)
}

// tally counts an attempt that reached the relay in the second it ended.
func tally(flow map[int64]*[4]int64, o queue.Outcome, to delivery.MessageState) {
	column := -1
	switch {
	case o.To == delivery.MsgAccepted:
		column = 0
	case o.To == delivery.MsgRejected:
		column = 1
	case o.To == delivery.MsgDeferred:
		column = 2
	case to == delivery.MsgInDoubt:
		column = 3
	default:
		return
	}
	second := o.At.Unix()
	if flow[second] == nil {
		flow[second] = new([4]int64)
	}
	flow[second][column]++
}

func addFlow(tx *sql.Tx, w *work, account int64, flow map[int64]*[4]int64) error {
	for second, n := range flow {
		if _, err := tx.Exec(`INSERT INTO flow (account, second, delivery, accepted, failed, deferred, doubtful)
			VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET accepted = accepted + excluded.accepted,
			failed = failed + excluded.failed, deferred = deferred + excluded.deferred,
			doubtful = doubtful + excluded.doubtful`, account, second, w.id, n[0], n[1], n[2], n[3]); err != nil {
			return err
		}
	}
	return nil
}

// shift moves messages from one state to another, with their counters.
func shift(tx *sql.Tx, w *work, seqs []int64, from, to delivery.MessageState) error {
	if len(seqs) == 0 {
		return nil
	}
	*w.delta.Of(from) -= int64(len(seqs))
	*w.delta.Of(to) += int64(len(seqs))
	if first, last := seqs[0], seqs[len(seqs)-1]; from == delivery.MsgPending && to == delivery.MsgClaimed && last-first == int64(len(seqs)-1) && slices.IsSorted(seqs) {
		// A run, as nearly all claims are: no number has to be looked up.
		_, err := tx.Exec(`UPDATE messages SET state = ? WHERE delivery = ? AND seq BETWEEN ? AND ?`, to, w.id, first, last)
		return err
	}
	_, err := tx.Exec(`UPDATE messages SET state = ?, next_try = NULL WHERE delivery = ? AND seq IN (SELECT value FROM json_each(?))`,
		to, w.id, marshal(seqs))
	return err
}

// count writes the changed counters and reads them back.
func (c *commit) count(tx *sql.Tx, w *work) error {
	if w.delta == (delivery.Counters{}) {
		return nil
	}
	d := w.delta
	w.delta = delivery.Counters{}
	return tx.QueryRow(`UPDATE deliveries SET excluded = excluded + ?, pending = pending + ?, claimed = claimed + ?,
		committing = committing + ?, accepted = accepted + ?, deferred = deferred + ?, rejected = rejected + ?,
		in_doubt = in_doubt + ?, cancelled = cancelled + ? WHERE id = ?
		RETURNING targeted, excluded, pending, claimed, committing, accepted, deferred, rejected, in_doubt, cancelled`,
		d.Excluded, d.Pending, d.Claimed, d.Committing, d.Accepted, d.Deferred, d.Rejected, d.InDoubt, d.Cancelled, w.id).
		Scan(counterDest(&w.counts)...)
}

// finish writes what the claim changed and says when the delivery is due next.
func (c *commit) finish(tx *sql.Tx, w *work) error {
	if err := c.count(tx, w); err != nil {
		return err
	}
	c.out.Counters[w.id] = w.counts
	c.out.States[w.id] = w.state
	if w.counts.Deferred == 0 {
		return nil
	}
	due, err := nextTry(tx, w.id)
	if err != nil {
		return err
	}
	if limit := c.out.NextDue[w.id]; limit.IsZero() || !due.IsZero() && due.Before(limit) {
		c.out.NextDue[w.id] = due
	}
	return nil
}

func nextTry(tx *sql.Tx, id delivery.ID) (time.Time, error) {
	var n sql.NullInt64
	err := tx.QueryRow(`SELECT min(next_try) FROM messages WHERE delivery = ? AND next_try IS NOT NULL`, id).Scan(&n)
	return fromMS(n), err
}
