package queue_test

import (
	"context"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
	"sendoff/engine/transport"
)

// instant is a relay and a renderer that cost nothing.
type instant struct{}

func (instant) Dial(context.Context, delivery.Account) (queue.Sender, error) { return instant{}, nil }

func (instant) Render(_ context.Context, _ *queue.Scratch, j queue.Job) (transport.Mail, error) {
	return transport.Mail{To: j.Address}, nil
}

func (instant) Send(ctx context.Context, _ transport.Mail, beforeDot func(context.Context) error) transport.Result {
	if err := beforeDot(ctx); err != nil {
		return transport.Result{Verdict: transport.Verdict{Outcome: transport.Again}}
	}
	return transport.Result{Usable: true, Reply: transport.Reply{Code: 250},
		Verdict: transport.Verdict{Outcome: transport.Accepted}}
}

func (instant) Close() error { return nil }
func (instant) Abort()       {}

// BenchmarkQueue measures what the dispatcher and a store in memory cost for one
// message, with a relay and a renderer that cost nothing: at once, and with a
// commit as slow as a sync of a disk.
func BenchmarkQueue(b *testing.B) {
	for _, c := range []struct {
		name  string
		conns int
		delay time.Duration
	}{{"1 connection", 1, 0}, {"16 connections", 16, 0}, {"64 connections", 64, 0},
		{"16 connections, commits of 300 µs", 16, 300 * time.Microsecond}} {
		b.Run(c.name, func(b *testing.B) {
			m := queuetest.NewMemory()
			m.Delay = c.delay
			id := m.Seed(queuetest.Seed{Messages: b.N, Account: queuetest.Account(1, c.conns)})
			over := make(chan struct{})
			q := queue.New(queue.Options{Store: m, Dialer: instant{}, Renderer: instant{}, Hooks: queue.Hooks{
				Status: func(s delivery.Status) {
					if s.State == delivery.Finished {
						close(over)
					}
				}}})
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			done := make(chan error, 1)
			b.ReportAllocs()
			b.ResetTimer()
			go func() { done <- q.Run(ctx) }()
			<-over
			b.StopTimer()
			cancel()
			if err := <-done; err != nil {
				b.Fatal(err)
			}
			if c := m.Counters(id); c.Accepted != int64(b.N) {
				b.Fatalf("%+v", c)
			}
			b.ReportMetric(float64(m.Commits())/float64(b.N), "commits/msg")
		})
	}
}
