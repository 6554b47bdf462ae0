package transport_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// BenchmarkSend sends messages of 12 KB to a receiver that discards them.
func BenchmarkSend(b *testing.B) {
	for _, connections := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) {
			sink, err := enginetest.StartSink(enginetest.SinkOptions{})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = sink.Close() }()
			m := mail()
			m.Data = []byte("Message-ID: <1@acme.example>\r\nSubject: hello\r\n\r\n" + strings.Repeat(strings.Repeat("x", 74)+"\r\n", 160))
			b.SetBytes(int64(len(m.Data)))
			b.ReportAllocs()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			jobs := make(chan struct{}, b.N)
			for range b.N {
				jobs <- struct{}{}
			}
			close(jobs)
			var wg sync.WaitGroup
			b.ResetTimer()
			for range connections {
				wg.Go(func() {
					s, err := transport.Dial(ctx, transport.Config{Host: "127.0.0.1", Port: sink.Port(), Security: delivery.SecurityNone, MaxMessages: -1})
					if err != nil {
						b.Error(err)
						return
					}
					defer func() { _ = s.Close() }()
					for range jobs {
						if r := enginetest.Send(ctx, s, m, nil); r.Outcome != transport.Accepted {
							b.Errorf("%+v", r)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
			if sink.Accepted() != int64(b.N) {
				b.Errorf("the sink took %d of %d", sink.Accepted(), b.N)
			}
		})
	}
}
