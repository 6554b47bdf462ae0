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

func (instant) Run(ctx context.Context, feed transport.Feed) {
	for {
		m := feed.Next(ctx, true)
		if m == nil {
			return
		}
		if !feed.Begin(m) {
			continue
		}
		if err := feed.Commit(ctx, m); err != nil {
			feed.Done(m, transport.Result{Verdict: transport.Verdict{Outcome: transport.Again}})
			return
		}
		feed.Done(m, transport.Result{Usable: true, Reply: transport.Reply{Code: 250},
			Verdict: transport.Verdict{Outcome: transport.Accepted}})
	}
}

func (instant) Window() int  { return 1 }
func (instant) Close() error { return nil }
func (instant) Abort()       {}

// BenchmarkQueue measures what the dispatcher, a store and a journal in memory cost
// for one message, with a relay and a renderer that cost nothing: at once, and with
// a journal as slow as a sync of a disk.
func BenchmarkQueue(b *testing.B) {
	for _, c := range []struct {
		name  string
		conns int
		delay time.Duration
	}{{"1 connection", 1, 0}, {"16 connections", 16, 0}, {"64 connections", 64, 0},
		{"16 connections, syncs of 300 µs", 16, 300 * time.Microsecond}} {
		b.Run(c.name, func(b *testing.B) {
			m := queuetest.NewMemory()
			j := &queuetest.Journal{Delay: c.delay}
			id := m.Seed(queuetest.Seed{Messages: b.N, Account: queuetest.Account(1, c.conns)})
			over := make(chan struct{})
			q := queue.New(queue.Options{Store: m, Journal: j, Dialer: instant{}, Renderer: instant{}, Hooks: queue.Hooks{
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
			b.ReportMetric(float64(j.Appends())/float64(b.N), "syncs/msg")
		})
	}
}
