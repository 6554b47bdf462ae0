package bridge

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

// ui is one goroutine that runs what is posted, each closure taking a while.
type ui struct {
	jobs chan func()
	wg   sync.WaitGroup
}

func newUI(each time.Duration) *ui {
	u := &ui{jobs: make(chan func(), 1024)}
	u.wg.Go(func() {
		for f := range u.jobs {
			f()
			time.Sleep(each)
		}
	})
	return u
}

func (u *ui) post(f func()) { u.jobs <- f }

func (u *ui) close() {
	close(u.jobs)
	u.wg.Wait()
}

func status(id delivery.ID, accepted int64) event.Status {
	return event.Status{Status: delivery.Status{ID: id, Counters: delivery.Counters{Accepted: accepted}}}
}

// Whatever the engine publishes, each delivery's last value is applied and no
// more than one closure for each tick runs.
func TestFollow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		bursts := rapid.SliceOfN(rapid.IntRange(0, 400), 1, 20).Draw(rt, "bursts")
		gap := time.Duration(rapid.IntRange(0, 200).Draw(rt, "gap")) * time.Millisecond
		each := time.Duration(rapid.IntRange(0, 100).Draw(rt, "each")) * time.Millisecond
		var hub event.Hub
		each, gap = each/5000, gap/5000 // the clock is real here: keep the ratio, not the length
		u := newUI(each)
		b := New(u.post, nil)
		b.tick = 20 * time.Microsecond
		var applied int
		last := map[delivery.ID]int64{}
		var mu sync.Mutex
		start := time.Now()
		b.Follow(hub.Subscribe(nil), func(es []event.Event) {
			mu.Lock()
			defer mu.Unlock()
			applied++
			for _, e := range es {
				s := e.(event.Status)
				last[s.ID] = s.Counters.Accepted
			}
		})
		want := map[delivery.ID]int64{}
		var n int64
		for i, k := range bursts {
			for range k {
				n++
				id := delivery.ID(i%3 + 1)
				want[id] = n
				hub.Publish(status(id, n))
			}
			time.Sleep(gap)
		}
		deadline := time.Now().Add(5 * time.Second)
		for {
			mu.Lock()
			same := len(last) == len(want)
			for id, v := range want {
				same = same && last[id] == v
			}
			count := applied
			mu.Unlock()
			if same {
				if most := int(time.Since(start)/b.tick) + 2; count > most {
					rt.Fatalf("%d applications in %v", count, time.Since(start))
				}
				break
			}
			if time.Now().After(deadline) {
				rt.Fatalf("applied %v, want %v", last, want)
			}
			time.Sleep(50 * time.Microsecond)
		}
		b.Close()
		u.close()
	})
}

// 100,000 events in a second are at most twelve closures and a last one.
func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var hub event.Hub
		u := newUI(time.Millisecond)
		b := New(u.post, nil)
		applied, last := 0, int64(0)
		b.Follow(hub.Subscribe(nil), func(es []event.Event) {
			applied++
			last = es[0].(event.Status).Counters.Accepted
		})
		for i := range int64(100_000) {
			hub.Publish(status(1, i+1))
			if i%100 == 99 {
				time.Sleep(time.Millisecond)
			}
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if applied > 14 || last != 100_000 {
			t.Errorf("%d closures, last value %d", applied, last)
		}
		b.Close()
		u.close()
	})
}

func TestLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUI(0)
		b := New(u.post, nil)
		applied, last := 0, 0
		l := NewLatest(b, func(v int) { applied, last = applied+1, v })
		for i := range 5000 {
			l.Set(i)
			if i%10 == 0 {
				time.Sleep(time.Millisecond)
			}
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if last != 4999 || applied > 8 {
			t.Errorf("applied %d times, last %d", applied, last)
		}
		b.Close()
		l.Set(7)
		synctest.Wait()
		if last != 4999 {
			t.Error("a value was applied after Close")
		}
		u.close()
	})
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUI(0)
		b := New(u.post, nil)
		var got []string
		Run(b, "a", func(context.Context) (int, error) { return 7, nil }, func(n int, err error) { got = append(got, fmt.Sprint(n, err)) })
		synctest.Wait()
		cancel := Run(b, "b", func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 0, ctx.Err()
		}, func(_ int, err error) { got = append(got, fmt.Sprint(errors.Is(err, context.Canceled))) })
		cancel()
		synctest.Wait()
		b.After(time.Minute, func() { got = append(got, "timer") })
		stop := b.After(time.Minute, func() { got = append(got, "never") })
		stop()
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if want := "[7 <nil> true timer]"; fmt.Sprint(got) != want {
			t.Errorf("got %v, want %v", got, want)
		}
		b.Close()
		u.close()
	})
}
