package queue

import (
	"context"
	"time"

	"sendoff/engine/delivery"
)

// between is how often a borrower looks whether its connection is free.
const between = 20 * time.Millisecond

// Borrow leaves one connection of an account to somebody else until release is called,
// so that the account never has more than it allows. It waits until that one is free:
// a connection of the queue gives its place up when it has heard about the messages it
// holds. The error is that of ctx.
func (q *Queue) Borrow(ctx context.Context, a delivery.Account) (release func(), err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lend(a.ID, 1)
	for !q.take(a) {
		q.mu.Unlock()
		select {
		case <-time.After(between):
		case <-ctx.Done():
		}
		q.mu.Lock()
		if ctx.Err() != nil {
			q.giveBack(a.ID)
			return nil, context.Cause(ctx)
		}
	}
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.taken[a.ID]--
		q.giveBack(a.ID)
	}, nil
}

// take takes a connection that is free, under Queue.mu.
func (q *Queue) take(a delivery.Account) bool {
	l, workers := q.lanes[a.ID], 0
	if l != nil {
		workers = len(l.workers)
	}
	if workers+q.taken[a.ID] < max(1, a.Connections) {
		q.taken[a.ID]++
		return true
	}
	if l != nil {
		for w := range l.workers {
			w.rouse() // who waits for messages sees that it is one too many
		}
	}
	return false
}

// giveBack lets the queue have a connection again, under Queue.mu.
func (q *Queue) giveBack(account int64) {
	q.lend(account, -1)
	if l := q.lanes[account]; l != nil {
		q.dispatch(l, q.now())
		q.poke()
	}
}

// lend changes how many connections of an account are lent, under Queue.mu.
func (q *Queue) lend(account int64, n int) {
	if q.lent[account] += n; q.lent[account] == 0 {
		delete(q.lent, account)
	}
	if l := q.lanes[account]; l != nil {
		l.lent = q.lent[account]
	}
}
