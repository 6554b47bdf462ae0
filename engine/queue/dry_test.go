package queue

import (
	"testing"
	"time"

	"sendoff/engine/delivery"
)

// TestReleasedBehindAClaim: a message was given back, and while that still waited
// for the journal the store was asked for more and had none. When it has been told
// the message is there again, and nobody else would ask.
func TestReleasedBehindAClaim(t *testing.T) {
	for _, c := range []struct {
		to   delivery.MessageState
		want bool
	}{{delivery.MsgPending, true}, {delivery.MsgAccepted, false}, {delivery.MsgDeferred, false}} {
		q := New(Options{})
		f := q.newFlow(Active{ID: 1, State: delivery.Sending, Account: delivery.Account{Connections: 1}})
		f.owned, f.legs[0].dry, f.legs[0].retry = 1, true, time.Now().Add(time.Hour)
		q.flows[1] = f
		q.stored(Batch{Outcomes: []Outcome{{Ref: Ref{Delivery: 1, Seq: 1}, To: c.to}}},
			Committed{Counters: map[delivery.ID]delivery.Counters{1: {Targeted: 2, Pending: 1, Deferred: 1}},
				NextDue: map[delivery.ID]time.Time{1: time.Now().Add(time.Hour)},
				States:  map[delivery.ID]delivery.State{1: delivery.Sending}})
		if got := q.wants(f.legs[0], time.Now()) > 0; got != c.want {
			t.Errorf("%s: asks again %v, want %v", c.to, got, c.want)
		}
		select {
		case <-q.wake:
		default:
			t.Errorf("%s: nobody looks at the delivery", c.to)
		}
	}
}
