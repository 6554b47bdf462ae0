package queue

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

// Pace of the figures.
const (
	frame  = 100 * time.Millisecond // between two Status of a delivery
	fade   = time.Second            // between two while nothing but its rate changes
	slice  = 500 * time.Millisecond
	window = 10 // slices over which a rate is taken
)

// meter counts what ended within the last seconds.
type meter struct {
	slots [window]struct {
		at int64
		n  int64
	}
	first time.Time // of an unbroken run of events
}

// add counts n events.
func (m *meter) add(now time.Time, n int64) {
	if m.rate(now) == 0 {
		m.first = now.Add(-lag) // they were gathered since
	}
	at := now.UnixNano() / int64(slice)
	s := &m.slots[at%window]
	if s.at != at {
		s.at, s.n = at, 0
	}
	s.n += n
}

// rate returns the events per second, over the window or since they began.
func (m *meter) rate(now time.Time) float64 {
	at := now.UnixNano() / int64(slice)
	var n int64
	for _, s := range m.slots {
		if ago := at - s.at; ago >= 0 && ago < window { // a clock may have been set back
			n += s.n
		}
	}
	span := min(max(now.Sub(m.first), slice), window*slice)
	return float64(n) / span.Seconds()
}

// figures are the live figures of a flow.
func (f *flow) figures(now time.Time) delivery.Status {
	s := delivery.Status{ID: f.ID, State: f.State, Counters: f.Counters}
	if f.Counters.Deferred > 0 {
		s.NextTry = f.NextDue
	}
	if f.State != delivery.Sending && f.State != delivery.Retrying {
		return s
	}
	s.Rate = f.meter.rate(now)
	s.Hold = f.standing(now)
	if s.Hold == nil {
		from := now
		if s.Hold = f.limited(now); s.Hold != nil {
			from = s.Hold.Until
		}
		s.ETA = eta(f.Counters, from, cmp.Or(s.Rate, f.Account.Rate), f.fastest())
		if last := f.lastOf(); last.After(s.ETA) && f.Counters.Pending+f.Counters.Claimed+f.Counters.Committing > 0 {
			s.ETA = last // a domain's limit takes longer than the rest
		}
	}
	return s
}

// standing returns the hold to show: that of the only relay or, of several, the
// one that ends first when none of them takes messages.
func (f *flow) standing(now time.Time) *delivery.Hold {
	var first *delivery.Hold
	for _, g := range f.legs {
		h := g.lane.standing(now)
		switch {
		case g.out != nil:
		case h == nil:
			return nil
		case first == nil || h.Until.Before(first.Until):
			first = h
		}
	}
	return first
}

// limited returns the hold to show while the accounts' own limits let nothing
// leave for a while.
func (f *flow) limited(now time.Time) *delivery.Hold {
	if !f.dry() || f.Counters.Pending == 0 || f.owned > 0 {
		return nil
	}
	if h := f.bindingHold(now); h != nil {
		return h
	}
	if f.NextDue.Sub(now) < poll {
		return nil
	}
	var all []string
	for _, g := range f.legs {
		if g.out != nil {
			continue
		}
		words := limitWords(&g.lane.account)
		if words == "" {
			return nil // then it was something else
		}
		if f.several() {
			words = g.name() + " " + words
		}
		all = append(all, words)
	}
	return &delivery.Hold{Kind: delivery.KindLimit, Detail: strings.Join(all, "; "), Until: f.NextDue}
}

// limits are the limits of an account with their windows.
func limits(a *delivery.Account) [4]struct {
	n    int
	per  time.Duration
	word string
} {
	return [...]struct {
		n    int
		per  time.Duration
		word string
	}{{a.PerSecond, time.Second, "s"}, {a.PerMinute, time.Minute, "min"}, {a.PerHour, time.Hour, "h"}, {a.PerDay, 24 * time.Hour, "24 h"}}
}

// limitWords are such as "30/min, 500/24 h"; empty without limits.
func limitWords(a *delivery.Account) string {
	var words []string
	for _, l := range limits(a) {
		if l.n > 0 {
			words = append(words, strconv.Itoa(l.n)+"/"+l.word)
		}
	}
	return strings.Join(words, ", ")
}

// fastest is how many messages a second the limits of the relays allow in all; 0:
// as many as there are.
func (f *flow) fastest() float64 {
	all := 0.0
	for _, g := range f.legs {
		least := pace(&g.lane.account)
		switch {
		case g.out != nil || g.spare:
		case least == 0:
			return 0
		default:
			all += least
		}
	}
	return all
}

// pace is how many messages a second an account's limits allow; 0: any number.
func pace(a *delivery.Account) (least float64) {
	for _, l := range limits(a) {
		if most := float64(l.n) / l.per.Seconds(); l.n > 0 && (least == 0 || most < least) {
			least = most
		}
	}
	return least
}

// LimitHold is the hold of an account whose own limits let nothing leave until
// then; nil for one that has no such limits.
func LimitHold(a delivery.Account, until time.Time) *delivery.Hold {
	words := limitWords(&a)
	if words == "" {
		return nil
	}
	return &delivery.Hold{Kind: delivery.KindLimit, Detail: words, Until: until}
}

// ETA extrapolates a rate in messages a second, no faster than the limits of the
// account allow. Without a rate, 0, it is the one last measured for the account.
// Zero when nothing is known, or what is left is deferred and has no rate.
func ETA(a delivery.Account, c delivery.Counters, from time.Time, rate float64) time.Time {
	return eta(c, from, cmp.Or(rate, a.Rate), pace(&a))
}

// eta extrapolates a rate, no faster than most allows; 0: any speed.
func eta(c delivery.Counters, from time.Time, rate, most float64) time.Time {
	if c.Pending+c.Claimed+c.Committing == 0 {
		return time.Time{}
	}
	if most > 0 && (rate == 0 || most < rate) {
		rate = most
	}
	if rate == 0 {
		return time.Time{}
	}
	seconds := min(float64(c.Open())/rate, (10 * 365 * 24 * time.Hour).Seconds())
	return from.Add(time.Duration(seconds * float64(time.Second))).Round(0)
}

// publish calls the hooks for what changed and returns when it wants to be called
// again.
func (q *Queue) publish(now time.Time) time.Time {
	var next time.Time
	var news []delivery.Status
	q.mu.Lock()
	lines, changes := q.lines, q.changes
	q.lines, q.changes = nil, nil
	for _, f := range q.flows {
		switch at := f.showAt(); {
		case f.gone:
			if f.atRest() {
				q.forget(f)
				if f.State == delivery.Paused && f.known == q.asked && f.dirty {
					news = append(news, f.figures(now)) // nobody has touched it since
				}
				if f.State != delivery.Finished {
					changes = append(changes, f.ID)
				}
			}
		case f.force || !at.IsZero() && !at.After(now):
			s := f.figures(now)
			f.force, f.dirty, f.shown, f.rate = false, false, now, s.Rate
			news = append(news, s)
			if f.State.Ended() || f.State == delivery.Paused {
				f.gone = true
				q.poke()
			}
			next = earlier(next, f.showAt())
		default:
			next = earlier(next, at)
		}
	}
	q.mu.Unlock()
	q.call(lines, news, changes)
	return next
}

// tell writes down what is to be said in the logs.
func (q *Queue) tell() {
	q.mu.Lock()
	lines := q.lines
	q.lines = nil
	q.mu.Unlock()
	q.call(lines, nil, nil)
}

// call calls the hooks. One that panics ends the queue in good order: what the
// connections hold is finished and stored.
func (q *Queue) call(lines []line, news []delivery.Status, changes []delivery.ID) {
	defer func() {
		if p := recover(); p != nil {
			q.fail(&delivery.Error{Op: "hook", Kind: delivery.KindInternal, Err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())})
		}
	}()
	h := &q.o.Hooks
	if h.Log != nil {
		for _, l := range lines {
			h.Log(l.id, l.sev, l.code, l.params)
		}
	}
	slices.SortFunc(news, func(a, b delivery.Status) int { return int(a.ID - b.ID) })
	if h.Status != nil {
		for _, s := range news {
			h.Status(s)
		}
	}
	if h.Changed != nil {
		for _, id := range changes {
			h.Changed(id)
		}
	}
}

// showAt is when the figures are shown next; zero: when they change.
func (f *flow) showAt() time.Time {
	switch {
	case f.dirty:
		return f.shown.Add(frame)
	case f.rate > 0:
		return f.shown.Add(fade)
	}
	return time.Time{}
}
