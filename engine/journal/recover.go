package journal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"sendoff/engine/queue"
)

// Open takes a workspace's journal over and reads it: a process that has it open
// still records nothing from then on. Besides its stamp nothing is changed. What it
// finds has to be in the database before Prepare is called. A segment of another
// workspace is put aside under a name of its own. Errors are *delivery.Error: KindPermission,
// KindIO.
func Open(o Options) (*Journal, queue.Left, error) {
	if o.Size == 0 {
		o.Size = DefaultSize
	}
	if o.OpenFile == nil {
		o.OpenFile = openFile
	}
	j := &Journal{o: o, live: -1, applied: o.Applied}
	j.moved = sync.NewCond(&j.mu)
	if _, err := rand.Read(j.stamp[:]); err != nil {
		return nil, queue.Left{}, j.fail(err)
	}
	var chains [2][]group
	for i := range names {
		groups, err := j.load(i)
		if err != nil {
			j.Close()
			return nil, queue.Left{}, j.fail(err)
		}
		chains[i] = groups
	}
	left := j.settle(chains)
	j.next = max(left.Last, o.Applied) + 1
	return j, left, nil
}

// load reads a segment's groups.
func (j *Journal) load(i int) ([]group, error) {
	path := filepath.Join(j.o.Dir, names[i])
	f, err := j.o.OpenFile(path, os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	line := j.headline()
	head := make([]byte, len(line))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		f.Close()
		return nil, err
	}
	if bytes.Equal(head, line) {
		// First the stamp, then the groups: one that comes after it is not
		// acted upon by whoever wrote it.
		_, err := f.WriteAt(j.stamp[:], stampAt)
		if err == nil {
			j.syncs++
			err = f.Sync()
		}
		if err != nil {
			f.Close()
			return nil, err
		}
	}
	b, err := io.ReadAll(io.NewSectionReader(f, 0, int64(max(j.o.Size, DefaultSize))*4))
	if err != nil {
		f.Close()
		return nil, err
	}
	if len(b) < sector || !bytes.Equal(b[:len(line)], line) {
		f.Close()
		if len(bytes.Trim(b, "\x00")) == 0 {
			return nil, os.Remove(path) // a crash while it was made
		}
		return nil, aside(path)
	}
	// A segment of another size is used as it is: to make it anew would wipe
	// out what it says.
	s := &segment{f: f, size: int64(len(b) / sector * sector)}
	j.seg[i] = s
	var out []group
	for at := sector; at < len(b); {
		g, n, ok := parseGroup(b[at:])
		if !ok || len(out) > 0 && (g.epoch != out[0].epoch || g.first != out[len(out)-1].end()) {
			break // what follows is of an earlier turn
		}
		out = append(out, g)
		at += n
	}
	if len(out) > 0 {
		s.last = out[len(out)-1].end() - 1
	}
	return out, nil
}

// end is the number of the record after the group's last.
func (g *group) end() uint64 { return g.first + uint64(len(g.records)) }

// aside renames what is not ours to a name that is free.
func aside(path string) error {
	for n := 1; ; n++ {
		to := path + ".aside" + strconv.Itoa(n)
		if _, err := os.Lstat(to); errors.Is(err, os.ErrNotExist) {
			return os.Rename(path, to)
		}
	}
}

// settle draws the conclusions from what both segments say.
func (j *Journal) settle(chains [2][]group) queue.Left {
	older, newer := chains[0], chains[1]
	if len(older) > 0 && (len(newer) == 0 || older[0].epoch > newer[0].epoch) {
		older, newer = newer, older
	}
	if len(newer) == 0 {
		return queue.Left{}
	}
	j.epoch = newer[0].epoch
	left := queue.Left{Known: true, Last: newer[len(newer)-1].end() - 1}
	had := newer[len(newer)-1].applied
	left.Older = j.o.Applied < had || j.o.Applied > left.Last
	need := j.o.Applied + 1
	open := map[queue.Ref]int{}
	replay := func(groups []group, intents bool) {
		for i := range groups {
			g := &groups[i]
			if intents && i == 0 {
				for _, x := range g.snapshot {
					open[x.Ref] = x.Attempt
				}
			}
			for k := range g.records {
				r := &g.records[k]
				if r.HasOutcome {
					if intents {
						delete(open, r.Outcome.Ref)
					}
					if g.first+uint64(k) >= need {
						left.Outcomes = append(left.Outcomes, r.Outcome)
					}
				}
				if r.HasIntent && intents {
					open[r.Intent.Ref] = r.Intent.Attempt
				}
			}
		}
	}
	// Intents that the older segment left open are in the newer one's
	// snapshot. The two need not follow each other: after a start that lost
	// the older one its records are in the database or in nobody's hands.
	replay(older, false)
	replay(newer, true)
	if n := oldest(older, newer); n > need && left.Last >= need {
		left.Older = true
	}
	for r, attempt := range open {
		left.Open = append(left.Open, queue.Intent{Ref: r, Attempt: attempt})
	}
	slices.SortFunc(left.Open, func(a, b queue.Intent) int {
		if a.Delivery != b.Delivery {
			return int(a.Delivery - b.Delivery)
		}
		return int(a.Seq - b.Seq)
	})
	return left
}

// oldest is the first record number of an unbroken run up to the newest record.
func oldest(older, newer []group) uint64 {
	if len(older) > 0 && older[len(older)-1].end() == newer[0].first {
		return older[0].first
	}
	return newer[0].first
}

// openFile opens a segment on the disk.
func openFile(path string, flag int, perm os.FileMode) (File, error) {
	f, err := os.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	return disk{f}, nil
}

// disk is a file whose Sync waits for the data alone where the system knows the
// difference: the size of a segment never changes.
type disk struct{ *os.File }

func (d disk) Sync() error { return syncData(d.File) }
