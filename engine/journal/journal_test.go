package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

const workspace = "00112233445566778899aabbccddeeff"

// small is a segment for a hundred records or so.
const small = 16 << 10

func ref(n int) queue.Ref { return queue.Ref{Delivery: delivery.ID(1 + n%3), Seq: int64(n)} }

func intent(n int) queue.Record {
	return queue.Record{HasIntent: true, Intent: queue.Intent{Ref: ref(n), Attempt: 1}}
}

func outcome(n int) queue.Record {
	return queue.Record{HasOutcome: true, Outcome: queue.Outcome{Ref: ref(n), To: delivery.MsgAccepted, Attempt: 1, Code: 250,
		Enhanced: "2.0.0", Reply: fmt.Sprintf("queued as %d", n), At: time.UnixMilli(int64(1_700_000_000_000 + n)).UTC()}}
}

// failer is a *testing.T or a *rapid.T.
type failer interface {
	Helper()
	Fatal(...any)
}

func open(t failer, dir string, applied uint64) (*Journal, queue.Left) {
	t.Helper()
	j, left, err := Open(Options{Dir: dir, Workspace: workspace, Applied: applied, Size: small})
	if err != nil {
		t.Fatal(err)
	}
	return j, left
}

func prepared(t failer, dir string, applied uint64) *Journal {
	t.Helper()
	j, left := open(t, dir, applied)
	j.Applied(max(left.Last, applied))
	if err := j.Prepare(); err != nil {
		t.Fatal(err)
	}
	return j
}

func appended(t failer, j *Journal, rs ...queue.Record) uint64 {
	t.Helper()
	n, err := j.Append(rs)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNothingThere(t *testing.T) {
	j, left := open(t, t.TempDir(), 0)
	defer j.Close()
	if left.Known || left.Older || left.Last != 0 || len(left.Open)+len(left.Outcomes) != 0 {
		t.Errorf("%+v", left)
	}
}

// TestRecords: what was appended comes back, with every field.
func TestRecords(t *testing.T) {
	dir := t.TempDir()
	j := prepared(t, dir, 0)
	full := queue.Record{HasOutcome: true, Outcome: queue.Outcome{Ref: ref(1), To: delivery.MsgDeferred, Attempt: 3,
		Nature: delivery.NatureGreylisted, Fault: delivery.FaultRelay, Code: 451, Enhanced: "4.7.1", Reply: "später\t", At: time.UnixMilli(5).UTC(),
		NextTry: time.UnixMilli(99_000).UTC()}, HasIntent: true, Intent: queue.Intent{Ref: ref(2), Attempt: 7}}
	appended(t, j, intent(1))
	if n := appended(t, j, full, outcome(9)); n != 3 {
		t.Errorf("the last record is %d, want 3", n)
	}
	j.Close()
	j, left := open(t, dir, 0)
	j.Close()
	want := queue.Left{Known: true, Last: 3, Outcomes: []queue.Outcome{full.Outcome, outcome(9).Outcome}, Open: []queue.Intent{full.Intent}}
	if fmt.Sprintf("%+v", left) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", left, want)
	}
	// What the database has is not told again.
	j, left = open(t, dir, 2)
	j.Close()
	if len(left.Outcomes) != 1 || left.Outcomes[0].Ref != ref(9) || len(left.Open) != 1 {
		t.Errorf("%+v", left)
	}
}

// TestSegmentsTakeTurns: an intent that is never answered outlives every turn.
func TestSegmentsTakeTurns(t *testing.T) {
	dir := t.TempDir()
	j := prepared(t, dir, 0)
	appended(t, j, intent(1))
	epoch := j.epoch
	for n := 2; j.epoch < epoch+7; n++ {
		last := appended(t, j, intent(n))
		last = max(last, appended(t, j, outcome(n)))
		j.Applied(last)
	}
	last := j.next - 1
	j.Close()
	j, left := open(t, dir, last)
	defer j.Close()
	if !left.Known || left.Older || left.Last != last || len(left.Outcomes) != 0 || len(left.Open) != 1 || left.Open[0].Ref != ref(1) {
		t.Errorf("%+v, want the first intent alone", left)
	}
	if s := j.Syncs(); s != 2 {
		t.Errorf("it waited for the disk %d times, want once for the stamp of each segment", s)
	}
}

// TestWaitsForTheDatabase: a segment is not reused before the database has what it
// holds.
func TestWaitsForTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := prepared(t, t.TempDir(), 0)
		var done atomic.Uint64
		ended := make(chan error, 1)
		go func() {
			for n := 1; ; n++ {
				last, err := j.Append([]queue.Record{outcome(n)})
				if err != nil {
					ended <- err
					return
				}
				done.Store(last)
			}
		}()
		stands := func() uint64 {
			synctest.Wait()
			return done.Load()
		}
		first := stands()
		if first == 0 || first > 2*small/sector {
			t.Errorf("%d groups went into two segments", first)
		}
		j.Applied(1) // not enough for the whole of a segment
		if n := stands(); n != first {
			t.Errorf("it went on to %d without the database", n)
		}
		j.Applied(first)
		if n := stands(); n <= first {
			t.Error("it did not go on")
		}
		j.Close()
		if err := <-ended; !errors.Is(err, os.ErrClosed) {
			t.Errorf("in the end %v", err)
		}
	})
}

// TestTakenOver: whoever opens the journal finds everything that its last owner was
// told is durable, and that one records nothing more.
func TestTakenOver(t *testing.T) {
	dir := t.TempDir()
	first := prepared(t, dir, 0)
	defer first.Close()
	appended(t, first, intent(1))
	second, left := open(t, dir, 0)
	defer second.Close()
	if len(left.Open) != 1 || left.Open[0].Ref != ref(1) {
		t.Errorf("%+v, want the intent", left)
	}
	for range 2 {
		if _, err := first.Append([]queue.Record{intent(2)}); !delivery.Is(err, delivery.KindTakenOver) {
			t.Errorf("the first one: %v, want taken_over", err)
		}
	}
	second.Applied(left.Last)
	if err := second.Prepare(); err != nil {
		t.Fatal(err)
	}
	appended(t, second, intent(3))
	second.Close()
	third, left := open(t, dir, left.Last)
	defer third.Close()
	if len(left.Open) != 1 || left.Open[0].Ref != ref(3) {
		t.Errorf("%+v, want the intent of the second one alone", left)
	}
}

// TestEveryCut cuts the newest segment off after every sector, and tears every
// byte of the last group: what had been durable before stays, and nothing that
// was not is invented.
func TestEveryCut(t *testing.T) {
	dir := t.TempDir()
	j := prepared(t, dir, 0)
	appended(t, j, intent(1), intent(2))
	before := j.at
	appended(t, j, queue.Record{HasOutcome: true, Outcome: outcome(1).Outcome, HasIntent: true, Intent: intent(3).Intent})
	after := j.at
	name := names[j.live]
	j.Close()
	path := filepath.Join(dir, name)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, b []byte, want int) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		j, left := open(t, dir, 0)
		j.Close()
		if len(left.Outcomes) != want || len(left.Open) != 2 {
			t.Fatalf("%s: %+v", what, left)
		}
	}
	check("whole", whole, 1)
	for at := before; at < after; at++ {
		b := slices.Clone(whole)
		b[at] ^= 0x40
		if at-before < headSize || whole[at] != 0 || at < after-sector {
			want := 0
			if at-before >= int64(headSize)+int64(uint32(b[before+4])) && at-before >= headSize && whole[at] == 0 {
				want = 1 // padding says nothing
			}
			check(fmt.Sprintf("byte %d", at-before), b, want)
		}
	}
	b := slices.Clone(whole)
	clear(b[before:])
	check("lost", b, 0)
	check("cut", whole[:before], 0)
}

func TestForeignJournalIsPutAside(t *testing.T) {
	dir := t.TempDir()
	j := prepared(t, dir, 0)
	appended(t, j, intent(1))
	j.Close()
	for n := 1; n <= 2; n++ {
		j, left, err := Open(Options{Dir: dir, Workspace: "ff" + workspace[2:], Size: small})
		if err != nil {
			t.Fatal(err)
		}
		if left.Known != (n == 2) || len(left.Open) != 0 { // the second time it is its own
			t.Errorf("%+v of another workspace", left)
		}
		if err := j.Prepare(); err != nil {
			t.Fatal(err)
		}
		j.Close()
		if n == 1 {
			continue
		}
		if aside, _ := filepath.Glob(filepath.Join(dir, "*.aside*")); len(aside) != 2 {
			t.Errorf("put aside: %v, want both segments once", aside)
		}
	}
}

// TestFault28OlderDatabase and its mirror image: one of the two is an older copy.
func TestFault28OlderCopies(t *testing.T) {
	dir := t.TempDir()
	j := prepared(t, dir, 0)
	last := appended(t, j, outcome(1), outcome(2))
	j.Applied(last)
	appended(t, j, outcome(3)) // tells that the database had two
	j.Close()
	for applied, older := range map[uint64]bool{0: true, 1: true, 2: false, 3: false, 4: true} {
		j, left := open(t, dir, applied)
		j.Close()
		if left.Older != older {
			t.Errorf("the database has %d of 3: older %v", applied, left.Older)
		}
	}
}

// TestFault24FailedSync: it is not tried again.
func TestFault24FailedSync(t *testing.T) {
	dir := t.TempDir()
	eio := errors.New("input/output error")
	var f *faulty
	j, _, err := Open(Options{Dir: dir, Workspace: workspace, Size: small, OpenFile: func(path string, flag int, perm os.FileMode) (File, error) {
		file, err := openFile(path, flag, perm)
		if err != nil {
			return nil, err
		}
		f = &faulty{File: file}
		return f, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Prepare(); err != nil {
		t.Fatal(err)
	}
	live := j.seg[j.live].f.(*faulty)
	appended(t, j, intent(1))
	live.err = eio
	if _, err := j.Append([]queue.Record{outcome(1)}); !errors.Is(err, eio) || !delivery.Is(err, delivery.KindIO) {
		t.Errorf("got %v", err)
	}
	n := live.syncs
	live.err = nil
	if _, err := j.Append([]queue.Record{outcome(1)}); !errors.Is(err, eio) || live.syncs != n {
		t.Errorf("after the failure: %v, %d more syncs", err, live.syncs-n)
	}
	j.Close()
}

type faulty struct {
	File
	err   error
	syncs int
}

func (f *faulty) Sync() error {
	f.syncs++
	if f.err != nil {
		return f.err
	}
	return f.File.Sync()
}

// TestLives holds the journal against a model through random appends, starts,
// torn last groups and databases that lag behind.
func TestLives(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		model := map[queue.Ref]bool{}
		var outcomes []queue.Outcome // by record number
		applied := uint64(0)
		j := prepared(t, dir, 0)
		n := 0
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			switch rapid.IntRange(0, 9).Draw(rt, "step") {
			case 0: // a crash
				j.Close()
				var left queue.Left
				j, left = open(rt, dir, applied)
				var want []queue.Outcome
				for i, o := range outcomes {
					if uint64(i+1) > applied && o.Seq > 0 {
						want = append(want, o)
					}
				}
				if fmt.Sprint(left.Outcomes) != fmt.Sprint(want) {
					rt.Fatalf("outcomes %v, want %v", left.Outcomes, want)
				}
				if len(left.Open) != len(model) || left.Older || !left.Known || left.Last != uint64(len(outcomes)) {
					rt.Fatalf("%+v, want %d open and %d records", left, len(model), len(outcomes))
				}
				for _, i := range left.Open {
					if !model[i.Ref] {
						rt.Fatalf("%v is not open", i)
					}
				}
				clear(model) // they are in doubt now
				applied = left.Last
				j.Applied(applied)
				if err := j.Prepare(); err != nil {
					rt.Fatal(err)
				}
			default:
				var rs []queue.Record
				for range rapid.IntRange(1, 12).Draw(rt, "records") {
					var r queue.Record
					if len(model) > 0 && rapid.Bool().Draw(rt, "answered") {
						var oldest queue.Ref
						for x := range model {
							if oldest.Seq == 0 || x.Seq < oldest.Seq {
								oldest = x
							}
						}
						delete(model, oldest)
						r = outcome(int(oldest.Seq))
					}
					if !r.HasOutcome || rapid.Bool().Draw(rt, "next") {
						n++
						r.HasIntent, r.Intent = true, intent(n).Intent
						model[r.Intent.Ref] = true
					}
					rs = append(rs, r)
					outcomes = append(outcomes, r.Outcome)
				}
				if last := appended(rt, j, rs...); last != uint64(len(outcomes)) {
					rt.Fatalf("record %d, want %d", last, len(outcomes))
				}
				if lag := uint64(rapid.IntRange(0, 30).Draw(rt, "lag")); uint64(len(outcomes)) > applied+lag {
					applied = uint64(len(outcomes)) - lag
					j.Applied(applied)
				}
			}
		}
		j.Close()
	})
}

// FuzzGroup: no bytes make the reader fail, and what it takes is what was written.
func FuzzGroup(f *testing.F) {
	f.Add(appendGroup(nil, &group{epoch: 1, first: 1, records: []queue.Record{intent(1), outcome(1)}}))
	f.Add(appendGroup(nil, &group{epoch: 9, first: 7, applied: 3, snapshot: []queue.Intent{intent(4).Intent}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		g, n, ok := parseGroup(b)
		if !ok {
			return
		}
		again, m, ok := parseGroup(appendGroup(nil, &g))
		if !ok || m > n || fmt.Sprint(again) != fmt.Sprint(g) {
			t.Errorf("%+v is read as %+v", g, again)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			j, _, err := Open(Options{Dir: b.TempDir(), Workspace: workspace})
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			if err := j.Prepare(); err != nil {
				b.Fatal(err)
			}
			var rs []queue.Record
			for i := range n {
				r := outcome(i)
				r.HasIntent, r.Intent = true, intent(i+n).Intent
				rs = append(rs, r)
			}
			for b.Loop() {
				last, err := j.Append(rs)
				if err != nil {
					b.Fatal(err)
				}
				j.Applied(last)
			}
		})
	}
}
