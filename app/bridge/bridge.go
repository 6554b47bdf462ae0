package bridge

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/engine/event"
)

// Post hands a closure to the UI goroutine and returns without waiting for it.
type Post func(func())

// UI posts to the UI goroutine of the running application.
func UI() Post { return fyne.Do }

// Tick is the least time between two applications of one subscription: at most
// twelve a second.
const Tick = 84 * time.Millisecond

// slow is how long a closure may keep the UI goroutine before the log says so.
const slow = 8 * time.Millisecond

// Bridge carries events and results to the UI goroutine. New makes one.
type Bridge struct {
	post   Post
	tick   time.Duration
	log    *slog.Logger
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	ran, late atomic.Int64
}

// New makes a bridge over post. A nil log discards.
func New(post Post, log *slog.Logger) *Bridge {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Bridge{post: post, tick: Tick, log: log, ctx: ctx, cancel: cancel}
}

// Close ends every subscription and job, and waits for them. It must not be
// called on the UI goroutine while closures may still be waiting for it; use
// Cancel there.
func (b *Bridge) Close() {
	b.cancel()
	b.wg.Wait()
}

// Cancel ends every subscription and job without waiting.
func (b *Bridge) Cancel() { b.cancel() }

// Do posts f under a name for the log of slow closures.
func (b *Bridge) Do(name string, f func()) {
	b.post(func() { b.measure(name, f) })
}

func (b *Bridge) measure(name string, f func()) {
	start := time.Now()
	f()
	b.ran.Add(1)
	if took := time.Since(start); took > slow {
		b.late.Add(1)
		b.log.Info("slow closure on the UI goroutine", "name", name, "took", took)
	}
}

// Closures is how many closures have run on the UI goroutine, and how many of
// them kept it longer than they may: eight milliseconds.
func (b *Bridge) Closures() (ran, slow int64) { return b.ran.Load(), b.late.Load() }

// apply posts f and waits until it ran, or until the bridge ends.
func (b *Bridge) apply(name string, f func()) bool {
	done := make(chan struct{})
	b.Do(name, func() {
		defer close(done)
		if b.ctx.Err() == nil {
			f()
		}
	})
	select {
	case <-done:
		return b.ctx.Err() == nil
	case <-b.ctx.Done():
		return false
	}
}

// rest waits out a tick; false when the bridge ended.
func (b *Bridge) rest(since time.Time) bool {
	t := time.NewTimer(b.tick - time.Since(since))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-b.ctx.Done():
		return false
	}
}

// Follow applies what src brings on the UI goroutine until the bridge ends. The
// source keeps the latest values while a closure is on its way.
func (b *Bridge) Follow(src Source, apply func([]event.Event)) {
	b.wg.Go(func() {
		defer src.Close()
		for {
			es, err := src.Next(b.ctx)
			if err != nil {
				return
			}
			start := time.Now()
			if !b.apply("events", func() { apply(es) }) || !b.rest(start) {
				return
			}
		}
	})
}

// Run does work off the UI goroutine and brings its result back to it. The
// function it returns cancels the work; done is then still called, with the
// error of the work. After the bridge has ended done is not called.
func Run[T any](b *Bridge, name string, work func(context.Context) (T, error), done func(T, error)) (cancel func()) {
	ctx, stop := context.WithCancel(b.ctx)
	b.wg.Go(func() {
		defer stop()
		v, err := safely(ctx, work)
		if b.ctx.Err() == nil {
			b.Do(name, func() { done(v, err) })
		}
	})
	return stop
}

// After calls f on the UI goroutine when d has passed, unless cancelled.
func (b *Bridge) After(d time.Duration, f func()) (cancel func()) {
	return Run(b, "timer", func(ctx context.Context) (bool, error) {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
			return true, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}, func(fire bool, _ error) {
		if fire {
			f()
		}
	})
}

// Latest carries values of one kind, such as a progress: newer ones replace
// those not yet applied, the last one is always applied.
type Latest[T any] struct {
	b     *Bridge
	apply func(T)

	mu   sync.Mutex
	v    T
	has  bool
	busy bool
}

// NewLatest makes a mailbox that applies on the UI goroutine.
func NewLatest[T any](b *Bridge, apply func(T)) *Latest[T] {
	return &Latest[T]{b: b, apply: apply}
}

// Set replaces the value. It never blocks.
func (l *Latest[T]) Set(v T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.v, l.has = v, true
	if l.busy || l.b.ctx.Err() != nil {
		return
	}
	l.busy = true
	l.b.wg.Go(l.drain)
}

func (l *Latest[T]) drain() {
	for {
		l.mu.Lock()
		if !l.has {
			l.busy = false
			l.mu.Unlock()
			return
		}
		v := l.v
		l.has = false
		l.mu.Unlock()
		start := time.Now()
		if !l.b.apply("latest", func() { l.apply(v) }) || !l.b.rest(start) {
			l.mu.Lock()
			l.busy = false
			l.mu.Unlock()
			return
		}
	}
}

// safely does work whose panic is an error.
func safely[T any](ctx context.Context, work func(context.Context) (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = caught(p)
		}
	}()
	return work(ctx)
}
