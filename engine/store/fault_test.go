package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/store"
)

func TestFullDiskKeepsEverythingThatWas(t *testing.T) {
	s := open(t, t.TempDir())
	importPeople(t, s, "Before", people(10)...)
	if err := s.LimitPages(2); err != nil {
		t.Fatal(err)
	}
	im, err := s.BeginImport(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer im.Discard()
	for i := range 5000 {
		if err := im.Add(person(i + 100)); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := im.Merge(ctx, marieke, "After", "x.csv", nil); !delivery.Is(err, delivery.KindDiskFull) {
		t.Fatalf("got %v, want disk_full", err)
	}
	if err := s.LimitPages(100000); err != nil {
		t.Fatal(err)
	}
	as, err := s.Audiences(ctx)
	if err != nil || len(as) != 1 || as[0].Size != 10 {
		t.Errorf("audiences %+v, %v", as, err)
	}
	// The scratch database was let go: another import works.
	importPeople(t, s, "Again", people(20)...)
}

func TestFault21And23FullDiskInTheQueue(t *testing.T) {
	s := open(t, t.TempDir())
	id := plan(t, s, 2000)
	v, err := s.Delivery(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Advance(ctx, id, delivery.Start, nil); err != nil {
		t.Fatal(err)
	}
	c, err := s.Commit(ctx, queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 2000}}, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.LimitPages(0); err != nil {
		t.Fatal(err)
	}
	long := make([]byte, 200)
	for i := range long {
		long[i] = 'x'
	}
	var outs []queue.Outcome
	for _, j := range c.Jobs[id] {
		outs = append(outs, queue.Outcome{Ref: j.Ref, To: delivery.MsgDeferred, Attempt: 1, Code: 451, Reply: string(long), At: time.Now(), NextTry: time.Now()})
	}
	if _, err := s.Commit(ctx, queue.Batch{Outcomes: outs, Now: time.Now()}); !delivery.Is(err, delivery.KindDiskFull) {
		t.Fatalf("got %v, want disk_full", err)
	}
	stored, counted, err := s.Recount(ctx, id)
	if err != nil || stored != counted || counted.Claimed != 2000 {
		t.Errorf("%+v, %+v, %v: half a commit was kept", stored, counted, err)
	}
}

// TestFault9KilledWhilePreparing: whatever a killed preparation left, the next start
// is in Editing, without a plan, and without its scratch file.
func TestFault9KilledWhilePreparing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := plan(t, s, 50)
	if _, err := s.BeginPrepare(ctx, marieke, id); err != nil {
		t.Fatal(err)
	}
	draft, err := s.BeginPlan(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := draft.Add(store.Message{Seq: 1, Address: "a@b.example", Key: "a@b.example", Fields: "{}"}); err != nil {
		t.Fatal(err)
	}
	// The process dies here: nothing is closed. Another one starts.
	s2 := open(t, dir)
	if err := s2.Recover(ctx, queue.Left{}); err != nil {
		t.Fatal(err)
	}
	v, err := s2.Delivery(ctx, id)
	if err != nil || v.State != delivery.Editing {
		t.Fatalf("state %s, %v", v.State, err)
	}
	if err := s2.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); !delivery.Is(err, delivery.KindState) {
		t.Errorf("the earlier plan: %v, want state", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "scratch-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	seal(t, s2, id)
}

func TestFault25NoPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read anything")
	}
	dir := t.TempDir()
	open(t, dir).Close()
	if err := os.Chmod(filepath.Join(dir, store.FileName), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, store.Options{Dir: dir}); !delivery.Is(err, delivery.KindPermission) {
		t.Errorf("got %v, want permission", err)
	}
}
