package queue

import (
	"time"

	"sendoff/engine/delivery"
)

// What the time of day may do without anybody having to know.
const (
	tick  = time.Second      // how often it is held against the monotonic clock while connections are open
	blink = 5 * time.Second  // a difference below is nothing
	nap   = 30 * time.Second // a sleep from which connections do not wake up
	leap  = 6 * time.Hour    // ahead, without a sleep: a wrong clock
	back  = 10 * time.Minute // behind: a clock that was set, or is wrong now
)

// watch is the last look at both clocks.
type watch struct {
	mono time.Time // with its monotonic reading
	wall time.Time // without one
}

// now is the time of day.
func (q *Queue) now() time.Time { return q.o.Clock() }

// wait is how long the Run loop may sleep; negative: until something wakes it up.
// Timers stand still with the machine, and a date may come while it sleeps.
func (q *Queue) wait(next time.Time) time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	wait := time.Duration(-1)
	if !next.IsZero() {
		wait = max(0, min(poll, next.Sub(q.now())))
	}
	for _, l := range q.lanes {
		if len(l.workers) > 0 && (wait < 0 || wait > tick) {
			return tick
		}
	}
	return wait
}

// observe holds the time of day against the monotonic clock, before anything is
// decided by it. Under Queue.mu.
func (q *Queue) observe() {
	mono, wall := time.Now(), q.now().Round(0)
	gap := wall.Sub(q.watch.wall) - mono.Sub(q.watch.mono)
	before := q.watch.wall.Add(mono.Sub(q.watch.mono))
	q.watch = watch{mono, wall}
	if gap.Abs() < blink || q.stopping {
		return
	}
	slept := min(max(0, q.o.Slept(gap)), max(0, gap))
	set := gap - slept
	if set.Abs() >= blink {
		q.shift(set)
	}
	switch {
	case set > leap:
		q.mistrust(before.Add(slept), wall, func(f *flow) bool { return true })
	case set < -back:
		q.mistrust(before.Add(slept), wall, (*flow).dated)
	}
	if slept > nap {
		q.woke()
	}
}

// dated reports whether the delivery waits for its contact date.
func (f *flow) dated() bool {
	return f.State == delivery.Confirmed && f.Schedule.Mode == delivery.AtDate
}

// mistrust pauses deliveries whose moments the clock of the computer tells wrong.
func (q *Queue) mistrust(was, is time.Time, which func(*flow) bool) {
	for _, f := range q.flows {
		if !f.gone && which(f) {
			q.pauseFor(f, delivery.KindClock, clockDetail(was, is))
		}
	}
}

// clockDetail is what a clock said and what it says.
func clockDetail(was, is time.Time) string {
	return was.UTC().Format(time.RFC3339) + " → " + is.UTC().Format(time.RFC3339)
}

// shift moves the ends of waits with a clock that was set: they are so long, not
// until a date.
func (q *Queue) shift(by time.Duration) {
	move := func(t *time.Time) {
		if !t.IsZero() {
			*t = t.Add(by)
		}
	}
	for _, l := range q.lanes {
		move(&l.dialAfter)
		move(&l.blocked)
		move(&l.hold.Until)
		for _, s := range l.strains {
			move(&s.until)
		}
	}
	for _, f := range q.flows {
		move(&f.quiet)
		for _, g := range f.legs {
			g.limit, g.dry = time.Time{}, false // the store knows
		}
	}
	q.asked++
	q.poke()
}

// woke closes the connections that the machine slept over: whatever the relays said
// meanwhile, they have long hung up. What was under way is judged by how far it had
// come, and everything is planned anew.
func (q *Queue) woke() {
	for _, l := range q.lanes {
		for w := range l.workers {
			if w.session != nil {
				go w.session.Abort() // it may wait for a write
			}
		}
	}
	for _, f := range q.flows {
		if f.sends() {
			q.note(f.ID, delivery.SeverityInfo, "woke", nil)
		}
	}
	q.asked++
	q.poke()
}

// pauseFor pauses a delivery, also one that waits for its date.
func (q *Queue) pauseFor(f *flow, k delivery.Kind, detail string) {
	if f.pause != nil {
		return
	}
	f.pause = &delivery.PauseReason{At: q.now(), Kind: k, Detail: detail}
	q.releaseAll(f)
	q.poke()
}

// behind reports whether the clock is behind what it was when something was last
// sent: nobody knows then whether the contact date has come. Whoever resumed the
// delivery knows.
func (q *Queue) behind(f *flow, now time.Time) bool {
	return f.dated() && !q.trusted[f.ID] && f.Seen.Sub(now) > back
}
