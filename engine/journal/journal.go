package journal

import (
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// DefaultSize of a segment, in bytes: room for some twenty thousand messages,
// far more than the database ever lags behind.
const DefaultSize = 4 << 20

// names of the segments.
var names = [2]string{"sendoff.j0", "sendoff.j1"}

// File is a segment: an *os.File, or what a test makes of one.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Sync() error
	Truncate(size int64) error
}

// Options say where a journal is.
type Options struct {
	Dir       string
	Workspace string // the database's identity, 32 hex digits
	Applied   uint64 // the last record that the database has
	Size      int    // of a segment, in bytes; 0: DefaultSize

	// OpenFile opens a segment; nil: os.OpenFile.
	OpenFile func(path string, flag int, perm os.FileMode) (File, error)
}

// Journal is an open journal.
type Journal struct {
	o    Options
	seg  [2]*segment // nil before Prepare where there was none
	live int         // the segment that is written to; -1 before Prepare
	at   int64       // where in it the next group begins

	epoch uint64
	next  uint64 // number of the next record
	open  map[queue.Ref]int
	buf   []byte
	fault error // the first failure; nothing is written after it

	stamp [stampSize]byte // in both segments while they are ours
	syncs uint64

	mu      sync.Mutex
	applied uint64
	moved   *sync.Cond // applied grew, or the journal is closed
	closed  bool
}

// segment is one file.
type segment struct {
	f    File
	size int64
	last uint64 // the highest record it holds; 0: none
}

// Prepare makes the journal ready for the first intent: the segments exist at
// their full size on the disk, and what was open before is no longer. Doing so
// again does nothing. Errors are *delivery.Error: KindDiskFull, KindPermission,
// KindIO.
func (j *Journal) Prepare() error {
	if j.live >= 0 || j.fault != nil {
		return j.fault
	}
	if err := j.create(); err != nil {
		return j.fail(err)
	}
	j.open = map[queue.Ref]int{}
	// Into the segment that is not the newest one: what that says is needed
	// until this group is on the disk.
	j.live = 0
	if j.seg[0].last > j.seg[1].last {
		j.live = 1
	}
	j.at, j.epoch = sector, j.epoch+1
	j.buf = appendGroup(j.buf[:0], &group{epoch: j.epoch, first: j.next, applied: j.upTo()})
	if err := j.write(); err != nil {
		j.live = -1
		return j.fail(err)
	}
	return nil
}

// create makes the segments that are missing or of another size or workspace.
func (j *Journal) create() error {
	made := false
	for i, name := range names {
		if j.seg[i] != nil {
			continue
		}
		f, err := j.o.OpenFile(filepath.Join(j.o.Dir, name), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return err
		}
		j.seg[i] = &segment{f: f, size: int64(j.o.Size)}
		if err := j.fill(f); err != nil {
			return err
		}
		made = true
	}
	if !made {
		return nil
	}
	return syncDir(j.o.Dir)
}

// fill writes a segment from end to end, so that its space is its own.
func (j *Journal) fill(f File) error {
	if err := f.Truncate(int64(j.o.Size)); err != nil {
		return err
	}
	block := make([]byte, 64<<10)
	copy(block, j.headline())
	copy(block[stampAt:], j.stamp[:])
	for at := 0; at < j.o.Size; at += len(block) {
		if _, err := f.WriteAt(block[:min(len(block), j.o.Size-at)], int64(at)); err != nil {
			return err
		}
		clear(block[:sector])
	}
	j.syncs++
	return f.Sync()
}

// Whoever opens a journal puts its stamp behind the headline of both segments.
const (
	stampAt   = 48
	stampSize = 16
)

// ours fails when somebody else has put their stamp into the segment since: a lock
// that holds on one machine may not hold across a network.
func (j *Journal) ours(s *segment) error {
	var b [stampSize]byte
	if _, err := s.f.ReadAt(b[:], stampAt); err != nil {
		return err
	}
	if b != j.stamp {
		return &delivery.Error{Op: "journal", Kind: delivery.KindTakenOver, File: j.o.Dir}
	}
	return nil
}

// headline is what the first sector of a segment begins with.
func (j *Journal) headline() []byte {
	b := append([]byte("sendoff journal 1\n"), make([]byte, 14)...)
	id, _ := hex.DecodeString(j.o.Workspace)
	return append(b, id...)
}

// Append makes records durable, in order, and returns the number of the last
// one. It waits while the database is too far behind for a segment to be reused.
// After an error the journal takes nothing more: a sync that failed is not tried
// again, since nobody knows what it left undone.
func (j *Journal) Append(records []queue.Record) (uint64, error) {
	if j.fault != nil {
		return 0, j.fault
	}
	if j.live < 0 {
		return 0, j.fail(errors.New("journal not prepared"))
	}
	for len(records) > 0 {
		n := min(len(records), maxRecords)
		if err := j.append(records[:n]); err != nil {
			return 0, j.fail(err)
		}
		records = records[n:]
	}
	return j.next - 1, nil
}

// maxRecords of a group keep it well below the smallest segment.
const maxRecords = 256

func (j *Journal) append(records []queue.Record) error {
	g := group{epoch: j.epoch, first: j.next, applied: j.upTo(), records: records}
	j.buf = appendGroup(j.buf[:0], &g)
	if j.at+int64(len(j.buf)) > j.seg[j.live].size {
		if err := j.turn(); err != nil {
			return err
		}
		g.epoch, g.applied = j.epoch, j.upTo()
		for r, attempt := range j.open {
			g.snapshot = append(g.snapshot, queue.Intent{Ref: r, Attempt: attempt})
		}
		j.buf = appendGroup(j.buf[:0], &g)
	}
	if err := j.write(); err != nil {
		return err
	}
	j.next += uint64(len(records))
	j.seg[j.live].last = j.next - 1
	for i := range records {
		if r := &records[i]; r.HasOutcome {
			delete(j.open, r.Outcome.Ref)
		}
		if r := &records[i]; r.HasIntent {
			j.open[r.Intent.Ref] = r.Intent.Attempt
		}
	}
	return nil
}

// turn goes on in the other segment, once the database has what that holds.
func (j *Journal) turn() error {
	other := j.seg[1-j.live]
	j.mu.Lock()
	for j.applied < other.last && !j.closed {
		j.moved.Wait()
	}
	closed := j.applied < other.last
	j.mu.Unlock()
	if closed {
		return os.ErrClosed
	}
	j.live, j.at, j.epoch = 1-j.live, sector, j.epoch+1
	return nil
}

// write puts the group in j.buf on the disk. Only when the segment is still ours
// after that, whoever takes the journal over is sure to find it there.
func (j *Journal) write() error {
	s := j.seg[j.live]
	if err := j.ours(s); err != nil {
		return err
	}
	if j.at+int64(len(j.buf)) > s.size {
		return errors.New("journal segment too small")
	}
	if _, err := s.f.WriteAt(j.buf, j.at); err != nil {
		return err
	}
	j.syncs++
	if err := s.f.Sync(); err != nil {
		return err
	}
	if err := j.ours(s); err != nil {
		return err
	}
	j.at += int64(len(j.buf))
	return nil
}

// Applied says that the database durably has every record up to n.
func (j *Journal) Applied(n uint64) {
	j.mu.Lock()
	j.applied = max(j.applied, n)
	j.moved.Broadcast()
	j.mu.Unlock()
}

func (j *Journal) upTo() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.applied
}

// Syncs counts the times that the journal waited for the disk.
func (j *Journal) Syncs() uint64 { return j.syncs }

// Close closes the files. An Append that waits for the database fails.
func (j *Journal) Close() error {
	j.mu.Lock()
	j.closed = true
	j.moved.Broadcast()
	j.mu.Unlock()
	var errs []error
	for _, s := range j.seg {
		if s != nil {
			errs = append(errs, s.f.Close())
		}
	}
	return errors.Join(errs...)
}

// fail notes the failure that ends the journal.
func (j *Journal) fail(err error) error {
	if j.fault == nil && delivery.Is(err, delivery.KindTakenOver) {
		j.fault = err
	}
	if j.fault == nil {
		e := &delivery.Error{Op: "journal", Kind: delivery.FileKind(err), File: filepath.Join(j.o.Dir, names[max(j.live, 0)]), Err: err}
		j.fault = e
	}
	return j.fault
}

// syncDir makes the names in a folder durable, where the system can.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, os.ErrInvalid) && !errors.Is(err, os.ErrPermission) {
		return err
	}
	return nil
}
