package store_test

import (
	"strconv"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/store"
)

// BenchmarkCommit measures what a message costs in the database: claimed,
// intended and accepted in group commits of one window of 16 connections, of more,
// and of as many as there are when they send flat out.
func BenchmarkCommit(b *testing.B) {
	for _, group := range []int{16, 64, 1000} {
		b.Run(strconv.Itoa(group), func(b *testing.B) {
			s := open(b, b.TempDir())
			n := max(b.N, group)
			id := plan(b, s, n)
			v, err := s.Delivery(ctx, id)
			if err != nil {
				b.Fatal(err)
			}
			if err := s.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); err != nil {
				b.Fatal(err)
			}
			if _, err := s.Advance(ctx, id, delivery.Start, nil); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			var batch queue.Batch
			for done := 0; done < n; {
				batch.Now = time.Now()
				batch.Claims = []queue.ClaimRequest{{Delivery: id, Max: group}}
				c, err := s.Commit(ctx, batch)
				if err != nil {
					b.Fatal(err)
				}
				batch.Outcomes = nil
				for _, j := range c.Jobs[id] {
					batch.Outcomes = append(batch.Outcomes, queue.Outcome{Ref: j.Ref, To: delivery.MsgAccepted, Attempt: 1, Code: 250,
						Enhanced: "2.0.0", Reply: "Ok: queued as 4TbX5q1Zzz", At: batch.Now})
				}
				done += len(batch.Outcomes)
				if len(c.Jobs[id]) == 0 {
					break
				}
			}
		})
	}
}

// BenchmarkKPI reads a dashboard's figures with a sending log of a million rows
// behind them: kept counters, against counting anew.
func BenchmarkKPI(b *testing.B) {
	s := open(b, b.TempDir())
	id := plan(b, s, 1_000_000)
	b.Run("counters", func(b *testing.B) {
		for b.Loop() {
			if v, err := s.Delivery(ctx, id); err != nil || v.Counters.Pending != 1_000_000 {
				b.Fatal(v.Counters, err)
			}
		}
	})
	b.Run("recount", func(b *testing.B) {
		for b.Loop() {
			if _, c, err := s.Recount(ctx, id); err != nil || c.Pending != 1_000_000 {
				b.Fatal(c, err)
			}
		}
	})
}

// BenchmarkImport stages and merges profiles.
func BenchmarkImport(b *testing.B) {
	s := open(b, b.TempDir())
	im, err := s.BeginImport(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer im.Discard()
	for i := range b.N {
		// A multiplicative walk: addresses come in no order, as in real files.
		p := person(int(uint32(i) * 2654435761))
		if err := im.Add(store.Profile{Address: p.Address, Key: p.Key, Fields: p.Fields}); err != nil {
			b.Fatal(err)
		}
	}
	if _, _, err := im.Merge(ctx, marieke, "Bench", "x.csv", nil); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkLog reads a sending log of a million rows as a list on the screen
// does: the first rows, the whole order, the rows in sight.
func BenchmarkLog(b *testing.B) {
	s := open(b, b.TempDir())
	id := plan(b, s, 1_000_000)
	for _, c := range []struct {
		name string
		q    delivery.LogQuery
		want int
	}{
		{"first", delivery.LogQuery{Limit: 200}, 200},
		{"order", delivery.LogQuery{}, 1_000_000},
		{"state", delivery.LogQuery{States: []delivery.MessageState{delivery.MsgPending}}, 1_000_000},
		{"sorted", delivery.LogQuery{Sort: delivery.LogByAddress, Desc: true}, 1_000_000},
		{"search", delivery.LogQuery{Search: "99999"}, -1},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				got, err := s.MessageNumbers(ctx, id, c.q)
				if err != nil || c.want >= 0 && len(got) != c.want {
					b.Fatal(len(got), err)
				}
			}
		})
	}
	page := make([]int64, 100)
	for i := range page {
		page[i] = 900_000 + int64(i)
	}
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			if rows, err := s.MessageRows(ctx, id, page); err != nil || len(rows) != 100 {
				b.Fatal(len(rows), err)
			}
		}
	})
}
