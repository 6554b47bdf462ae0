package engine

import (
	"context"
	"sync"

	"sendoff/engine/delivery"
)

// jobs are commands that take their time, which Close ends and waits for. Its zero
// value is ready to use.
type jobs struct {
	mu      sync.Mutex
	ended   bool
	number  int
	cancels map[int]context.CancelFunc
	running sync.WaitGroup
}

// begin returns the context of a job and what to call at its end. KindCancelled
// when the engine is closing.
func (j *jobs) begin(ctx context.Context) (context.Context, func(), error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.ended {
		return nil, nil, &delivery.Error{Kind: delivery.KindCancelled}
	}
	ctx, cancel := context.WithCancel(ctx)
	if j.cancels == nil {
		j.cancels = map[int]context.CancelFunc{}
	}
	j.number++
	n := j.number
	j.cancels[n] = cancel
	j.running.Add(1)
	return ctx, func() {
		j.mu.Lock()
		delete(j.cancels, n)
		j.mu.Unlock()
		cancel()
		j.running.Done()
	}, nil
}

// end cancels what runs, waits for it, and lets nothing begin any more.
func (j *jobs) end() {
	j.mu.Lock()
	j.ended = true
	for _, cancel := range j.cancels {
		cancel()
	}
	j.mu.Unlock()
	j.running.Wait()
}
