package queue

import (
	"context"
	"slices"
	"time"

	"sendoff/engine/delivery"
)

// poll is how often the wall clock is read while something waits for a date:
// timers follow a clock that stands still while the machine sleeps.
const poll = 5 * time.Second

// Run dispatches until ctx ends, and returns nil then: nothing new begins, the
// connections finish what they hold (Options.Grace, then they are cut), every
// outcome is stored and every claim given back. It returns the reason when it
// ends by itself: when the store fails (the connections finish what they hold,
// and the journal has what became of it), and when the journal fails or a
// connection panics (then they have been cut).
func (q *Queue) Run(ctx context.Context) error {
	q.mu.Lock()
	if q.begun {
		q.mu.Unlock()
		return &delivery.Error{Op: "run", Kind: delivery.KindState, Detail: "running"}
	}
	q.begun = true
	q.asked++
	lasting := context.WithoutCancel(ctx) // a commit is never interrupted
	q.dialCtx, q.cutDial = context.WithCancel(lasting)
	q.hardCtx, q.cutHard = context.WithCancel(lasting)
	q.mu.Unlock()
	defer q.cutHard()

	syncing, storing := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(syncing)
		q.syncLoop()
	}()
	go func() {
		defer close(storing)
		q.storeLoop(lasting)
	}()
	timer := time.NewTimer(0)
	defer timer.Stop()
	told := false // that the store is locked
	for running := true; running; {
		next, err := q.step(lasting)
		switch {
		case delivery.Is(err, delivery.KindLocked):
			if !told {
				q.storeLocked(err)
				told = true
			}
			timer.Reset(locked)
		case err != nil:
			q.fail(err)
		default:
			told = false
			if wait := q.wait(next); wait >= 0 {
				timer.Reset(wait)
			} else {
				timer.Stop()
			}
		}
		select {
		case <-ctx.Done():
			running = false
		case <-q.quit:
			running = false
		case <-q.wake:
		case <-timer.C:
		}
	}
	return q.shutdown(syncing, storing)
}

// shutdown lets the connections finish, stores what became of their messages,
// and gives the rest back.
func (q *Queue) shutdown(syncing, storing <-chan struct{}) error {
	q.mu.Lock()
	q.stop()
	q.mu.Unlock()
	grace := time.AfterFunc(q.o.Grace, q.cut)
	q.workers.Wait()
	grace.Stop()

	q.mu.Lock()
	for _, f := range q.flows {
		q.releaseAll(f)
	}
	q.syncs.closing = true
	q.syncs.poke()
	q.mu.Unlock()
	<-syncing
	q.mu.Lock()
	q.stores.closing = true
	q.arm(true)
	q.mu.Unlock()
	<-storing

	q.mu.Lock()
	q.ended = true
	q.drained()
	for _, f := range q.flows {
		f.force = true
	}
	q.mu.Unlock()
	q.publish(q.now())
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.err
}

// step does everything that is due and returns when the next thing is.
func (q *Queue) step(ctx context.Context) (time.Time, error) {
	q.mu.Lock()
	q.observe()
	over, reread := q.stopping, q.read < q.asked
	q.mu.Unlock()
	if over {
		return time.Time{}, nil
	}
	if reread {
		if err := q.reread(ctx); err != nil {
			return time.Time{}, err
		}
	}
	if err := q.advance(ctx); err != nil {
		return time.Time{}, err
	}
	now := q.now()
	next := q.attend(now)
	return earlier(next, q.publish(now)), nil
}

// reread takes up what the store says about the active deliveries.
func (q *Queue) reread(ctx context.Context) error {
	q.mu.Lock()
	gen := q.asked
	for _, f := range q.flows {
		f.seen = f.turn
	}
	q.mu.Unlock()
	active, err := q.o.Store.Active(ctx)
	if err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	listed := make(map[delivery.ID]bool, len(active))
	for _, a := range active {
		listed[a.ID] = true
		q.takeUp(a)
	}
	for id, f := range q.flows {
		if !listed[id] && !f.gone {
			f.gone, f.pause = true, nil
			q.releaseAll(f)
		}
	}
	for _, f := range q.flows {
		q.refill(f, now)
	}
	q.read = gen
	q.drained()
	return nil
}

// takeUp brings one delivery up to date with the store.
func (q *Queue) takeUp(a Active) {
	f := q.flows[a.ID]
	if f == nil {
		f = q.newFlow(a)
		q.flows[a.ID] = f
	}
	if f.gone { // resumed
		f.gone, f.force = false, true
		for _, g := range f.legs {
			g.refusals, g.doubts, g.out, g.away = 0, 0, nil, false
		}
	}
	// While messages are in our hands, the commits bring newer figures than a
	// list that was read beside them.
	if n, due := f.Counters, f.NextDue; !f.atRest() || f.turn != f.seen {
		a.Counters, a.NextDue = n, due
	}
	f.force = f.force || f.State != a.State
	f.Active = a
	f.legs[0].lane.account = a.Account
	for _, r := range a.Relays {
		if g := f.leg(r.Account.ID); g != nil {
			g.lane.account = r.Account
		}
	}
	for _, g := range f.legs {
		g.dry, g.limit, g.bound = false, time.Time{}, Limit{}
	}
}

// forget drops a delivery that the queue has nothing to do with any more.
func (q *Queue) forget(f *flow) {
	delete(q.flows, f.ID)
	for _, g := range f.legs {
		g.lane.legs = slices.DeleteFunc(g.lane.legs, func(x *leg) bool { return x == g })
	}
}

// advance makes the changes of state that are due.
func (q *Queue) advance(ctx context.Context) error {
	type change struct {
		f   *flow
		a   delivery.Action
		why *delivery.PauseReason
	}
	now := q.now()
	var todo []change
	q.mu.Lock()
	for _, f := range q.flows {
		a := f.due()
		why := f.pause
		if f.State == delivery.Confirmed && !f.gone && f.pause == nil && !f.opens().After(now) {
			a = delivery.Start
			switch {
			case q.behind(f, now):
				a, why = delivery.Pause, &delivery.PauseReason{At: now.Round(0), Kind: delivery.KindClock, Detail: clockDetail(f.Seen, now)}
			case f.late(now):
				a, why = delivery.Pause, &delivery.PauseReason{At: now.Round(0), Kind: delivery.KindLate, Detail: f.Schedule.Said()}
			}
		}
		if a != "" && !f.quiet.After(now) {
			todo = append(todo, change{f, a, why})
		}
	}
	q.mu.Unlock()
	if len(todo) > 0 {
		q.tell() // why, before what
	}
	slices.SortFunc(todo, func(x, y change) int { return int(x.f.ID - y.f.ID) })
	for _, c := range todo {
		to, err := q.o.Store.Advance(ctx, c.f.ID, c.a, c.why)
		if err != nil && !delivery.Is(err, delivery.KindState) {
			return err
		}
		q.mu.Lock()
		if err != nil {
			// A person was faster: see what they did.
			c.f.quiet = now.Add(time.Second).Round(0)
			q.asked++
			q.poke()
		} else {
			q.advanced(c.f, c.a, to, c.why, now)
		}
		q.mu.Unlock()
	}
	return nil
}

// opens is the moment from which a confirmed delivery may start.
func (f *flow) opens() time.Time {
	if f.Schedule.Mode == delivery.AtDate {
		return f.Schedule.At
	}
	return time.Time{}
}

// late reports whether the contact date has passed so long ago that a person must
// say whether the delivery is still to leave: the machine was off or asleep, or
// its clock was set. Whoever confirmed or resumed it after that knows.
func (f *flow) late(now time.Time) bool {
	at := f.opens()
	if at.IsZero() || !f.Started.IsZero() {
		return false
	}
	return now.Sub(at) > delivery.Late && f.Decided.Before(at.Add(delivery.Late))
}

// advanced takes up a change of state.
func (q *Queue) advanced(f *flow, a delivery.Action, to delivery.State, why *delivery.PauseReason, now time.Time) {
	f.State, f.force, f.pause = to, true, nil
	if f.due() != "" {
		q.poke() // nothing else may come to say so
	}
	q.changes = append(q.changes, f.ID)
	switch a {
	case delivery.Start:
		if f.Started.IsZero() {
			f.Started = now.Round(0)
		}
		q.refill(f, now)
	case delivery.Pause:
		f.known = q.asked
		q.trusted[f.ID] = why.Kind == delivery.KindClock
	}
}

// attend opens lanes and flows whose wait is over, closes those that are held,
// and returns the next moment to look again.
func (q *Queue) attend(now time.Time) time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	var next time.Time
	for _, f := range q.flows {
		for _, g := range f.legs {
			if g.lane.held(now) {
				q.release(g)
			}
			if g.dry && !f.gone && f.State != delivery.Confirmed {
				next = soonest(next, g.retry, now)
			}
		}
		q.refill(f, now)
		switch {
		case f.gone:
		case f.State == delivery.Confirmed:
			next = soonest(next, f.opens(), now)
		case f.several() && f.sends():
			next = earlier(next, f.look(now))
		}
		next = soonest(next, f.quiet, now)
	}
	for _, l := range q.lanes {
		q.dispatch(l, now)
		next = soonest(next, l.blocked, now)
		next = soonest(next, l.dialAfter, now)
	}
	return next
}

// soonest returns the earlier of two moments, where b counts only in the future.
func soonest(a, b, now time.Time) time.Time {
	if !b.After(now) {
		return a
	}
	return earlier(a, b)
}

// earlier returns the earlier of two moments, where zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
