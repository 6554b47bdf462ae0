package queue_test

import (
	"testing"
	"time"

	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

// TestWhoStandsStillIsNotKeptWaiting: on a disk that is slow enough for one sync to
// serve everybody, a connection that has come to stand still behind a record that
// had time waits briefly for company, not as long as the record might have.
func TestWhoStandsStillIsNotKeptWaiting(t *testing.T) {
	bubble(t, func(r *rig) {
		r.j.Delay = 2 * time.Millisecond
		r.latency = time.Millisecond
		r.window = 2
		// The other connection waits for an answer all the while.
		r.script = func(ref queue.Ref, _ int) act {
			if ref.Seq == 2 {
				return hang
			}
			return accept
		}
		id := r.m.Seed(seed(100, queuetest.Account(1, 2)))
		r.start()
		begin := time.Now()
		for r.m.Counters(id).Accepted < 90 {
			if time.Since(begin) > 10*time.Second {
				t.Fatalf("%+v", r.m.Counters(id))
			}
			time.Sleep(time.Millisecond)
		}
		// Two messages, of two round trips each, come with a write, which waits
		// for a millisecond and takes two. The store lags by a twentieth of a
		// second.
		if took := time.Since(begin); took > 400*time.Millisecond {
			t.Errorf("90 messages took %v", took)
		}
		r.cancel()
		<-r.done
	})
}
