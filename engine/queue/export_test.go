package queue

import "fmt"

// Left tells what a queue that has ended still counts; empty: nothing. A count that
// does not come back to zero would one day let connections wait for ever.
func (q *Queue) Left() (out []string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	add := func(what string, n int) {
		if n != 0 {
			out = append(out, fmt.Sprintf("%s: %d", what, n))
		}
	}
	for _, l := range q.lanes {
		add("connections", len(l.workers))
		add("live", l.live)
		add("dialing", l.dialing)
		add("parked", len(l.parked))
		add("woken", l.woken)
		add("lent", l.lent)
	}
	for _, n := range q.taken {
		add("taken", n)
	}
	for _, f := range q.flows {
		add("owned", f.owned)
		for _, g := range f.legs {
			add("asked", g.asked)
			add("buffered", g.buffered())
		}
	}
	add("busy", q.syncs.busy)
	add("standing still", q.syncs.parked)
	add("records", len(q.syncs.records))
	add("outcomes", len(q.stores.outcomes))
	return out
}
