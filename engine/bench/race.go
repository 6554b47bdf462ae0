package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// result is one run: how many messages, how long, the processors' time on both
// sides, and how often the journal was synced and the database committed.
type result struct {
	n                  int
	took, ours, theirs time.Duration
	syncs, commits     int64
}

// rate is messages a second.
func (r result) rate() float64 { return float64(r.n) / r.took.Seconds() }

// runner is one way to send o.recipients messages of size octets to a receiver.
// It fills in all but n and theirs.
type runner func(ctx context.Context, o options, addr string, size int64) (result, error)

// contender is somebody who sends.
type contender struct {
	key      string // its name in a race
	name     string
	chunking bool // the receiver offers CHUNKING
	part     int  // it sends one of so many messages, being slow; 0: all
	run      runner
}

// race is what contenders did, round after round, one behind the other.
type race struct {
	list []contender
	runs map[string][]result
}

// interleave lets everybody send once a round, so that a slow minute hits all of
// them. Each has a receiver of its own.
func interleave(ctx context.Context, o options, label string, size int64, list []contender) (race, error) {
	rc := race{list, map[string][]result{}}
	for i := range o.runs {
		for _, c := range list {
			r, err := sendOnce(ctx, o, c, size)
			if err != nil {
				return rc, fmt.Errorf("%s: %w", c.name, err)
			}
			rc.runs[c.key] = append(rc.runs[c.key], r)
			note("%s %d/%d: %s %s", label, i+1, o.runs, c.name, rate(r.rate()))
		}
	}
	return rc, nil
}

// sendOnce runs a contender against a receiver of its own, and checks that
// everything arrived: a fast loss is no result.
func sendOnce(ctx context.Context, o options, c contender, size int64) (result, error) {
	s, err := startSink(c.chunking, o.trip)
	if err != nil {
		return result{}, err
	}
	o.recipients = max(o.recipients/max(c.part, 1), 1)
	runtime.GC() // what the one before left
	r, err := c.run(ctx, o, s.addr, size)
	got, theirs, serr := s.stop()
	switch {
	case err != nil:
		return result{}, err
	case serr != nil:
		return result{}, serr
	case got != o.recipients:
		return result{}, fmt.Errorf("%d received of %d", got, o.recipients)
	}
	r.n, r.theirs = o.recipients, theirs
	return r, nil
}

// of is the median of something over a contender's runs.
func (rc race) of(key string, what func(result) float64) float64 {
	var vs []float64
	for _, r := range rc.runs[key] {
		vs = append(vs, what(r))
	}
	return median(vs)
}

func (rc race) rate(key string) float64 { return rc.of(key, result.rate) }

// ratio is how much faster a is than b: the median over the rounds.
func (rc race) ratio(a, b string) float64 {
	var vs []float64
	for i, r := range rc.runs[a] {
		vs = append(vs, r.rate()/rc.runs[b][i].rate())
	}
	return median(vs)
}

// has reports whether a contender took part.
func (rc race) has(key string) bool { return len(rc.runs[key]) > 0 }

// details adds what everybody did to the table.
func (rc race) details(t *table, heading string) {
	t.detail(heading, "", "")
	for _, c := range rc.list {
		var took []time.Duration
		for _, r := range rc.runs[c.key] {
			took = append(took, r.took)
		}
		cost := func(what func(result) time.Duration) time.Duration {
			return time.Duration(rc.of(c.key, func(r result) float64 { return float64(what(r)) / float64(r.n) })).Round(100 * time.Nanosecond)
		}
		n := rc.runs[c.key][0].n
		t.detail("  "+c.name, rate(rc.rate(c.key)), fmt.Sprintf("%d messages, %s; CPU a message %s + receiver %s", n, spread(took),
			cost(func(r result) time.Duration { return r.ours }), cost(func(r result) time.Duration { return r.theirs })))
	}
}
