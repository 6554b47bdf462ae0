package queue

import (
	"slices"
	"time"

	"sendoff/engine/delivery"
)

// Waits of a lane whose relay cannot be reached or has had enough of us.
const (
	patience = 5 // failures before a relay that never worked pauses its deliveries
	limitMin = 10 * time.Minute
	limitMax = time.Hour
)

// holds are the waits after the first, second… failure to get a working
// session; the last one repeats.
var holds = [...]time.Duration{time.Second, 2 * time.Second, 4 * time.Second,
	8 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute}

// lane is one account with its connections, shared by the deliveries that leave
// through it. Its fields are guarded by Queue.mu.
type lane struct {
	account delivery.Account
	legs    []*leg
	turn    int // whose message is next
	workers map[*worker]struct{}
	parked  []*worker
	woken   int // told to take a message, but not there yet
	dialing int
	lent    int // connections that somebody else has
	live    int
	// window bounds the connections that are being opened at the same time: one
	// while nobody knows whether the relay lets us in (a wrong password must
	// not be tried by every connection), doubled with each one that opened.
	window int
	reach  int // the widest window of a session on the way

	tried     time.Time // since when there is no connection although one is wanted; zero: there is one, or none is wanted
	proven    bool      // a relay said something about a message in this Run
	failures  int       // in a row
	dialAfter time.Time
	blocked   time.Time     // nothing leaves before: the relay's limit is reached
	block     time.Duration // the last such wait
	hold      delivery.Hold // why, for whichever of the two
	told      delivery.Hold // as last logged

	strains map[string]*strain // of domains that are put off, until one is taken
}

func (l *lane) limit() int { return max(1, l.account.Connections) }

// places is how many connections the queue may have: fewer while some are borrowed.
func (l *lane) places() int { return max(0, l.limit()-l.lent) }

// held reports whether nothing can leave now.
func (l *lane) held(now time.Time) bool {
	return l.blocked.After(now) || l.live == 0 && l.dialAfter.After(now)
}

// standing returns the hold to show: also while a new connection is being tried.
func (l *lane) standing(now time.Time) *delivery.Hold {
	if l.blocked.After(now) || l.live == 0 && l.failures > 0 {
		h := l.hold
		return &h
	}
	return nil
}

// take picks the next message, one delivery after the other.
func (l *lane) take() (*leg, Job, bool) {
	for i := range l.legs {
		n := (l.turn + i) % len(l.legs)
		if g := l.legs[n]; g.buffered() > 0 {
			l.turn = n + 1
			return g, g.next(), true
		}
	}
	return nil, Job{}, false
}

// dispatch wakes or opens connections for the messages that wait in the buffers.
func (q *Queue) dispatch(l *lane, now time.Time) {
	if q.stopping {
		return
	}
	n := -l.woken - l.dialing
	probe := false
	for _, g := range l.legs {
		n += g.buffered()
		probe = probe || g.probes(now)
	}
	if l.live == 0 && l.dialing == 0 && probe {
		n = max(n, 1)
	}
	for n > 0 && len(l.parked) > 0 {
		w := l.parked[len(l.parked)-1]
		l.parked = l.parked[:len(l.parked)-1]
		w.listed, w.woken = false, true
		l.woken++
		w.rouse()
		n--
	}
	for n > 0 && len(l.workers) < l.places() && l.dialing < l.window && !l.dialAfter.After(now) {
		w := &worker{q: q, lane: l, account: l.account, wake: make(chan struct{}, 1)}
		l.workers[w] = struct{}{}
		l.dialing++
		if l.live == 0 && l.tried.IsZero() {
			l.tried = now
		}
		n--
		q.workers.Go(w.run)
	}
}

// opened notes that a connection is ready for messages.
func (q *Queue) opened(l *lane, now time.Time) {
	l.dialing--
	l.live++
	l.tried = time.Time{}
	l.window = min(2*l.window, l.limit())
	for _, g := range l.legs {
		g.flow.force = true
		q.refill(g.flow, now)
	}
	q.dispatch(l, now)
	q.poke()
}

// worked notes that the relay said something about a message over a session that
// lives on: the relay is well.
func (q *Queue) worked(l *lane, now time.Time) {
	l.proven = true
	l.failures = 0
	q.back(l)
	if now.Sub(l.blocked) > l.block {
		l.block = 0 // it has worked for longer than it was held
	}
}

// stumble holds the lane because no working session could be had. No recipient
// is touched by it: it is not theirs.
func (q *Queue) stumble(l *lane, k delivery.Kind, detail string, now time.Time) {
	l.window = 1
	l.failures++
	if !l.proven && l.failures >= patience && !q.giveUp(l, k, detail) {
		return
	}
	wait := holds[min(l.failures, len(holds))-1]
	l.dialAfter = now.Add(wait).Round(0)
	q.holdLane(l, delivery.Hold{Kind: k, Detail: detail, Until: l.dialAfter}, l.failures > len(holds))
}

// overLimit holds the lane because the relay said that we sent enough for now.
func (q *Queue) overLimit(l *lane, k delivery.Kind, detail string, now time.Time) {
	if l.blocked.After(now) {
		return // another connection has heard it too
	}
	l.block = min(max(2*l.block, limitMin), limitMax)
	l.blocked = now.Add(l.block).Round(0)
	q.holdLane(l, delivery.Hold{Kind: k, Detail: detail, Until: l.blocked}, false)
}

// holdLane shows the hold, logs it unless it merely repeats, and gives back what
// has not begun.
func (q *Queue) holdLane(l *lane, h delivery.Hold, repeats bool) {
	l.hold = h
	quiet := repeats && h.Kind == l.told.Kind && h.Detail == l.told.Detail
	held := l.held(q.now())
	for _, g := range l.legs {
		f := g.flow
		if !f.sends() || g.out != nil {
			continue
		}
		f.force = true
		if held {
			q.release(g)
		}
		if f.several() {
			if held {
				q.absent(g, h.Kind, h.Detail, h.Until)
			}
			continue
		}
		if !quiet {
			q.note(f.ID, delivery.SeverityWarning, "hold", map[string]string{
				"kind": string(h.Kind), "detail": h.Detail, "until": h.Until.UTC().Format(time.RFC3339)})
		}
	}
	if !quiet {
		l.told = h
	}
	q.poke()
}

// dropAll leaves the relay out of every sending delivery: they all share the
// fault. Those that have no other pause.
func (q *Queue) dropAll(l *lane, k delivery.Kind, detail string) {
	for _, g := range l.legs {
		q.drop(g, k, detail)
	}
	l.rest()
}

// giveUp pauses the deliveries of a relay that never worked and that have no
// other, and reports whether any is left that goes on without it.
func (q *Queue) giveUp(l *lane, k delivery.Kind, detail string) bool {
	left := false
	for _, g := range l.legs {
		f := g.flow
		if slices.ContainsFunc(f.legs, func(x *leg) bool { return !x.hopeless() }) {
			left = left || f.sends()
			continue
		}
		q.trip(f, k, detail)
	}
	if !left {
		l.rest()
	}
	return left
}

// rest forgets what went wrong.
func (l *lane) rest() {
	l.window, l.failures, l.dialAfter, l.tried = 1, 0, time.Time{}, time.Time{}
}

// dialFailed judges why a connection could not be opened.
func (q *Queue) dialFailed(l *lane, err error, now time.Time) {
	k, detail := delivery.KindOf(err), detailOf(err)
	if personal(k) {
		q.dropAll(l, k, detail)
		return
	}
	q.stumble(l, k, detail, now)
}

// personal reports whether a fault of the account stays until a person mends it.
func personal(k delivery.Kind) bool {
	switch k {
	case delivery.KindAuth, delivery.KindCertificate, delivery.KindTLS,
		delivery.KindInvalid, delivery.KindPassword, delivery.KindPassphrase, delivery.KindToken:
		return true
	}
	return false
}
