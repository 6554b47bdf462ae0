package queue_test

import (
	"context"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue/queuetest"
)

// While somebody has one of an account's connections, the queue has the others and no
// more; afterwards it has all again. Nothing is lost or sent twice over it.
func TestBorrow(t *testing.T) {
	for _, connections := range []int{1, 3} {
		bubble(t, func(r *rig) {
			a := queuetest.Account(1, connections)
			id := r.m.Seed(seed(3000, a))
			r.start()
			r.until(id, delivery.Sending, time.Minute)
			time.Sleep(time.Second)
			release, err := r.q.Borrow(context.Background(), a)
			if err != nil {
				t.Fatal(err)
			}
			for range 20 {
				if _, open := r.sends(); open >= connections {
					t.Errorf("%d of %d connections while one is borrowed", open, connections)
				}
				time.Sleep(50 * time.Millisecond)
			}
			if connections == 1 {
				ctx, cancel := context.WithTimeout(context.Background(), time.Second)
				if _, err := r.q.Borrow(ctx, a); err == nil {
					t.Error("two have the one connection")
				}
				cancel()
			}
			before := r.m.Counters(id).Accepted
			release()
			r.until(id, delivery.Finished, 10*time.Minute)
			if err := r.end(); err != nil {
				t.Fatal(err)
			}
			r.verify()
			if c := r.m.Counters(id); c.Accepted != 3000 || before == 3000 {
				t.Errorf("%+v, %d before it was given back", c, before)
			}
			if r.peak != connections {
				t.Errorf("%d connections at the peak, want %d", r.peak, connections)
			}
		})
	}
}

// An account through which nothing leaves lends at once.
func TestBorrowAtRest(t *testing.T) {
	bubble(t, func(r *rig) {
		r.start()
		release, err := r.q.Borrow(context.Background(), queuetest.Account(9, 1))
		if err != nil {
			t.Fatal(err)
		}
		release()
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
	})
}
