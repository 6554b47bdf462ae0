package queuetest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"sendoff/engine/queue"
)

// Journal is a queue.Journal in memory.
type Journal struct {
	// Delay is how long an Append takes. Set it before the first call.
	Delay time.Duration

	// Most is how many intents may be open at any moment; 0: any number.
	Most int

	mu       sync.Mutex
	prepared bool
	first    int // records before it are forgotten
	records  []queue.Record
	open     map[queue.Ref]queue.Intent
	applied  uint64
	appends  int
	failAt   int
	faults   error
}

// Prepare implements queue.Journal.
func (j *Journal) Prepare() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failAt > 0 && j.appends >= j.failAt {
		return ErrFault
	}
	j.prepared = true
	return nil
}

// Append implements queue.Journal.
func (j *Journal) Append(rs []queue.Record) (uint64, error) {
	if j.Delay > 0 {
		time.Sleep(j.Delay)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.appends++
	switch {
	case !j.prepared:
		j.fault("an intent before Prepare")
	case j.failAt < 0: // ambiguous: it happens, but nobody hears of it
		j.failAt = -j.failAt
		j.write(rs)
		return 0, ErrFault
	case j.failAt > 0 && j.appends >= j.failAt:
		return 0, ErrFault
	}
	j.write(rs)
	return uint64(j.first + len(j.records)), nil
}

func (j *Journal) write(rs []queue.Record) {
	if j.open == nil {
		j.open = map[queue.Ref]queue.Intent{}
	}
	for _, r := range rs {
		if r.HasOutcome {
			if _, ok := j.open[r.Outcome.Ref]; !ok {
				j.fault("an outcome of %v without its intent", r.Outcome.Ref)
			}
			delete(j.open, r.Outcome.Ref)
		}
		if r.HasIntent {
			if _, ok := j.open[r.Intent.Ref]; ok {
				j.fault("a second intent for %v", r.Intent.Ref)
			}
			j.open[r.Intent.Ref] = r.Intent
		}
		if j.Most > 0 && len(j.open) > j.Most {
			j.fault("%d intents are open, %d may be", len(j.open), j.Most)
		}
	}
	j.records = append(j.records, rs...)
}

func (j *Journal) fault(format string, args ...any) {
	if j.faults == nil {
		j.faults = fmt.Errorf(format, args...)
	}
}

// Applied implements queue.Journal.
func (j *Journal) Applied(n uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if n < j.applied || n > uint64(j.first+len(j.records)) {
		j.fault("applied %d after %d, of %d", n, j.applied, j.first+len(j.records))
	}
	j.applied = n
}

// Crash makes every call fail from now on. With ambiguous, the next Append takes
// effect all the same.
func (j *Journal) Crash(ambiguous bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.failAt = j.appends + 1
	if ambiguous {
		j.failAt = -j.failAt
	}
}

// FailAt makes the nth Append from now on, and all after it, fail without effect.
func (j *Journal) FailAt(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.failAt = j.appends + n
}

// Restart says what a store that has taken over the records up to applied lacks,
// ends all faults, and begins anew behind it.
func (j *Journal) Restart(applied uint64) queue.Left {
	j.mu.Lock()
	defer j.mu.Unlock()
	last := j.first + len(j.records)
	left := queue.Left{Known: true, Last: uint64(last)}
	for i, r := range j.records {
		if r.HasOutcome && uint64(j.first+i+1) > applied {
			left.Outcomes = append(left.Outcomes, r.Outcome)
		}
	}
	for _, i := range j.open {
		left.Open = append(left.Open, i)
	}
	slices.SortFunc(left.Open, func(a, b queue.Intent) int { return int(a.Seq - b.Seq) })
	j.first, j.records, j.open, j.failAt, j.applied, j.prepared = last, nil, nil, 0, uint64(last), false
	return left
}

// Appends returns how many there were.
func (j *Journal) Appends() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.appends
}

// Faults returns what the queue did wrong.
func (j *Journal) Faults() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.faults
}
