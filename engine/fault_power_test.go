package engine_test

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/enginetest/invariant"
	"sendoff/engine/journal"
	"sendoff/engine/queue"
	"sendoff/engine/store"
	"sendoff/engine/transport"
)

// power is a machine whose disk has a cache that forgets: what was written to the
// journal is on the platter when Sync has returned, and until then each sector of
// it may be there or not. The database's commits are atomic and durable, which is
// SQLite's promise and TestFault13DotsFollowSyncs' business.
type power struct {
	mu    sync.Mutex
	rng   *rand.Rand
	dir   string
	at    int // the event at which the power fails
	n     int
	after string // the folder as the next start finds it; empty before the cut
	files map[string]*platter
}

// event is something that goes on at the disk. It reports false once there is no
// power.
func (p *power) event() bool {
	if p.n++; p.n == p.at {
		p.cut()
	}
	return p.after == ""
}

// cut saves what the platters hold.
func (p *power) cut() {
	to := p.dir + ".after"
	err := filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(p.dir, path)
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		case strings.HasSuffix(rel, "-shm"), p.files[path] != nil: // the former is memory
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), b, 0o600)
	})
	for path, f := range p.files {
		rel, _ := filepath.Rel(p.dir, path)
		if err == nil {
			err = os.WriteFile(filepath.Join(to, rel), f.survives(p.rng), 0o600)
		}
	}
	if err != nil {
		panic(err)
	}
	p.after = to
}

// platter is a file behind a cache that forgets.
type platter struct {
	journal.File
	p      *power
	stable []byte
	cached []sector
}

type sector struct {
	at   int64
	data []byte
}

const sectorSize = 512

// apply puts a sector where it belongs.
func apply(b []byte, s sector) []byte {
	if need := int(s.at) + len(s.data); need > len(b) {
		b = append(b, make([]byte, need-len(b))...)
	}
	copy(b[s.at:], s.data)
	return b
}

// survives is what the next start reads.
func (f *platter) survives(rng *rand.Rand) []byte {
	b := append([]byte(nil), f.stable...)
	for _, s := range f.cached {
		if rng.IntN(2) == 0 {
			b = apply(b, s)
		}
	}
	return b
}

func (f *platter) WriteAt(b []byte, at int64) (int, error) {
	f.p.mu.Lock()
	defer f.p.mu.Unlock()
	if !f.p.event() {
		return 0, syscall.EIO
	}
	for i := 0; i < len(b); i += sectorSize {
		end := min(i+sectorSize, len(b))
		f.cached = append(f.cached, sector{at + int64(i), append([]byte(nil), b[i:end]...)})
	}
	return f.File.WriteAt(b, at)
}

func (f *platter) Sync() error {
	f.p.mu.Lock()
	defer f.p.mu.Unlock()
	if !f.p.event() {
		return syscall.EIO
	}
	for _, s := range f.cached {
		f.stable = apply(f.stable, s)
	}
	f.cached = nil
	if !f.p.event() { // it is there, and nobody was told
		return syscall.EIO
	}
	return nil
}

// machineStore is the store while there is power.
type machineStore struct {
	queue.Store
	p *power
}

func (s machineStore) Commit(ctx context.Context, b queue.Batch) (queue.Committed, error) {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if !s.p.event() {
		return queue.Committed{}, &delivery.Error{Kind: delivery.KindIO, Err: syscall.EIO}
	}
	c, err := s.Store.Commit(ctx, b)
	if !s.p.event() {
		return queue.Committed{}, &delivery.Error{Kind: delivery.KindIO, Err: syscall.EIO}
	}
	return c, err
}

func (s machineStore) Advance(ctx context.Context, id delivery.ID, a delivery.Action, why *delivery.PauseReason) (delivery.State, error) {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if !s.p.event() {
		return "", &delivery.Error{Kind: delivery.KindIO, Err: syscall.EIO}
	}
	return s.Store.Advance(ctx, id, a, why)
}

// options let an engine run on the machine.
func (p *power) options(o engine.Options) engine.Options {
	o.Disk = func(_ *store.Options, j *journal.Options) {
		j.Size = 32 << 10 // it turns over several times
		j.OpenFile = func(path string, flag int, perm os.FileMode) (journal.File, error) {
			f, err := os.OpenFile(path, flag, perm)
			if err != nil {
				return nil, err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			w := &platter{File: f, p: p, stable: b}
			p.files[path] = w
			return w, nil
		}
	}
	o.Queue = func(q *queue.Options) {
		q.Store = machineStore{q.Store, p}
		q.Grace = 300 * time.Millisecond
	}
	return o
}

// TestFault13PowerCut fails the power at one moment after the other: what was
// written and not synced is there or not, sector by sector. Whoever the relay has a
// copy for is accepted or in doubt afterwards, and nobody gets a second one.
func TestFault13PowerCut(t *testing.T) {
	for _, chunking := range []bool{false, true} {
		t.Run(fmt.Sprintf("chunking %v", chunking), func(t *testing.T) {
			t.Parallel()
			ready := t.TempDir()
			id := draftFor(t, ready, 60, 25, 3)
			letGo(t, ready, id)
			seed := uint64(time.Now().UnixNano())
			rng := rand.New(rand.NewPCG(seed, 13))
			step, cuts := 12, 0
			if os.Getenv("SENDOFF_SOAK") == "1" {
				step = 1
			}
			for n := 1; ; n += 1 + rng.IntN(2*step-1) {
				if !powerCut(t, ready, id, n, rng, chunking) {
					t.Logf("%d cuts among %d events", cuts, n)
					break
				}
				cuts++
				if t.Failed() {
					t.Fatalf("seed %d, cut at event %d", seed, n)
				}
			}
			if cuts < 3 {
				t.Errorf("%d cuts", cuts)
			}
		})
	}
}

// letGo prepares and confirms.
func letGo(t *testing.T, dir string, id delivery.ID) {
	t.Helper()
	e := open(t, dir)
	l := &loop{id: id}
	who := l.first(t, e)
	if err := e.Prepare(t.Context(), who, id); err != nil {
		t.Fatal(err)
	}
	v, err := e.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Confirm(t.Context(), who, id, v.Plan.Hash); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// powerCut reports whether the power failed before the delivery had ended.
func powerCut(t *testing.T, ready string, id delivery.ID, at int, rng *rand.Rand, chunking bool) bool {
	t.Helper()
	sink, err := enginetest.StartSink(enginetest.SinkOptions{Record: true, Chunking: chunking, Delay: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	l := &loop{sink: sink, id: id}
	dir := filepath.Join(t.TempDir(), "workspace")
	if err := os.CopyFS(dir, os.DirFS(ready)); err != nil {
		t.Fatal(err)
	}
	p := &power{rng: rng, dir: dir, at: at, files: map[string]*platter{}}
	o := engine.Options{Dir: dir, Secrets: noSecrets{}, Reach: func(c *transport.Config) { c.Port, c.Trust = sink.Port(), 3 },
		Backoff: func(delivery.Account) []time.Duration { return []time.Duration{20 * time.Millisecond} }}
	clean := o
	e, err := engine.Open(t.Context(), p.options(o))
	if err == nil {
		e.Run()
		if v, ok := l.rests(e, time.Minute); !ok {
			t.Fatalf("it is still %s with %+v", v.State, v.Counters)
		}
		_ = e.Close() // without power that fails
	}
	if p.after == "" {
		return false
	}
	clean.Dir = p.after
	e, err = engine.Open(t.Context(), clean)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	invariant.Check(t, e, id, l.received(0))
	e.Run()
	l.finish(t, e)
	invariant.Check(t, e, id, l.received(0))
	v, err := e.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	window := 2
	if chunking {
		window = 8
	}
	if c := v.Counters; c.Accepted+c.InDoubt != 60 || c.InDoubt > int64(3*window) {
		t.Errorf("in the end %+v", c)
	}
	return true
}
