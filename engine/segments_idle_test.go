package engine

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/segment"
)

// TestEverybodyIsLetGo: after the idle time nothing is kept, and what is used again
// in time stays.
func TestEverybodyIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &segments{}
		kept := func() bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.index.Bytes() > 0
		}
		if err := s.index.Sync(t.Context(), one{}, nil); err != nil {
			t.Fatal(err)
		}
		s.rest()
		time.Sleep(segmentIdle - time.Second)
		s.rest()
		time.Sleep(segmentIdle - time.Second)
		synctest.Wait()
		if !kept() {
			t.Error("let go although it was used")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if kept() {
			t.Error("still kept")
		}
	})
}

// one is a workspace with one person.
type one struct{ segment.Source }

func (one) Version(context.Context) (string, error) { return "1", nil }
func (one) Count(context.Context) (int64, error)    { return 1, nil }
func (one) People(_ context.Context, _ int64, fn func(segment.Person) error) error {
	return fn(segment.Person{ID: 1, Key: []byte("a@x.example"), Fields: []byte(`{"city":"Ede"}`)})
}
