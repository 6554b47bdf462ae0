package main

import (
	"context"
	"sync/atomic"
	"time"

	"sendoff/engine/queue"
)

// meter counts how often the dispatcher waits for the disk: every sync of the
// journal and every transaction of the database. A slow disk makes each of them
// take longer.
type meter struct {
	slow    time.Duration // what each of them takes besides
	syncs   atomic.Int64
	commits atomic.Int64
}

// attach puts the meter between the dispatcher and what it writes to.
func (m *meter) attach(o *queue.Options) {
	o.Journal = &meteredJournal{Journal: o.Journal, meter: m}
	o.Store = meteredStore{o.Store, m}
}

// meteredJournal watches a journal that counts its syncs.
type meteredJournal struct {
	queue.Journal
	meter *meter
	seen  uint64
}

func (j *meteredJournal) Prepare() error {
	err := j.Journal.Prepare()
	j.waited()
	return err
}

func (j *meteredJournal) Append(records []queue.Record) (uint64, error) {
	n, err := j.Journal.Append(records)
	j.waited()
	return n, err
}

// waited counts the syncs since it was last asked, and makes up for a slow disk:
// nobody is told that a record is durable before.
func (j *meteredJournal) waited() {
	c, ok := j.Journal.(interface{ Syncs() uint64 })
	if !ok {
		return
	}
	n := c.Syncs()
	j.meter.syncs.Add(int64(n - j.seen))
	time.Sleep(time.Duration(n-j.seen) * j.meter.slow)
	j.seen = n
}

// meteredStore watches a database.
type meteredStore struct {
	queue.Store
	meter *meter
}

func (s meteredStore) Commit(ctx context.Context, b queue.Batch) (queue.Committed, error) {
	c, err := s.Store.Commit(ctx, b)
	s.meter.commits.Add(1)
	time.Sleep(s.meter.slow)
	return c, err
}
