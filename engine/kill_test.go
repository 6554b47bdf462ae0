package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
)

// killDir is the variable that makes this test binary the program that is
// killed: it opens the workspace it names and sends until everything has ended.
const killDir = "SENDOFF_TEST_KILL_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		os.Exit(sendUntilEnded(dir))
	}
	if dir := os.Getenv(importDir); dir != "" {
		os.Exit(importIt(dir))
	}
	if dir := os.Getenv(crashDir); dir != "" {
		os.Exit(crash(dir))
	}
	if dir := os.Getenv(confirmDir); dir != "" {
		os.Exit(confirmIt(dir))
	}
	if dir := os.Getenv(proofDir); dir != "" {
		os.Exit(proveIt(dir))
	}
	os.Exit(m.Run())
}

func sendUntilEnded(dir string) int {
	ctx := context.Background()
	e, err := engine.Open(ctx, engine.Options{Dir: dir, Secrets: noSecrets{}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	e.Run()
	sub := e.Subscribe()
	for {
		vs, err := e.Deliveries(ctx)
		if err != nil || e.Broken() != nil {
			fmt.Fprintln(os.Stderr, err, e.Broken())
			return 1
		}
		if vs[0].State.Ended() {
			break
		}
		if _, err := sub.Next(ctx); err != nil {
			return 1
		}
	}
	if err := e.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// TestKill kills the sending program again and again, at random moments, and
// lets it finish in the end. The receiver's own record and the log must agree on
// every single recipient, and what is in doubt is bounded by what the
// connections held.
func TestKill(t *testing.T) {
	for _, c := range []struct {
		name     string
		chunking bool
		window   int
	}{{"one behind the other", false, 2}, {"a window of chunks", true, 8}} {
		t.Run(c.name, func(t *testing.T) { killed(t, c.chunking, c.window) })
	}
}

func killed(t *testing.T, chunking bool, window int) {
	people, kills := 22_000, 100
	if testing.Short() {
		people, kills = 3000, 15
	}
	if n, err := strconv.Atoi(os.Getenv("SENDOFF_TEST_KILLS")); err == nil {
		people, kills = 220*n, n
	}
	const connections = 4
	dir := t.TempDir()
	l := confirmedLoop(t, dir, people, connections, enginetest.SinkOptions{Chunking: chunking, Delay: 2 * time.Millisecond})
	sink, id := l.sink, l.id

	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	times := 0
	for sink.Accepted() < int64(people)*9/10 && times < kills {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), killDir+"="+dir)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		// A moment counted from the first message on, so that a slow start
		// does not make the test harmless.
		before := sink.Connections()
		for deadline := time.Now().Add(30 * time.Second); sink.Connections() == before && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rng.IntN(120)) * time.Millisecond)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		c.Wait()
		times++
	}
	last := exec.Command(os.Args[0])
	last.Env = append(os.Environ(), killDir+"="+dir)
	if out, err := last.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	agree(t, dir, id, sink.Receipts(), people, times*connections*window)
	t.Logf("%d kills", times)
}

// confirmedFor makes a workspace with one confirmed delivery to the receiver.
func confirmedFor(t *testing.T, dir string, people, port, connections int) delivery.ID {
	t.Helper()
	w := drafted(t, dir, people, port, connections)
	w.confirm()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.id
}

// agree holds the log against what the receivers recorded, recipient by recipient.
func agree(t *testing.T, dir string, id delivery.ID, receipts []enginetest.Receipt, people, bound int) {
	t.Helper()
	got := map[string]int{}
	ids := map[string]string{}
	for _, r := range receipts {
		if !r.Complete {
			continue
		}
		to := strings.Trim(r.Recipient, "<>")
		got[to]++
		if old, ok := ids[to]; ok && old != r.MessageID {
			t.Errorf("%s got %s and %s: the Message-ID is not stable", to, old, r.MessageID)
		}
		ids[to] = r.MessageID
	}
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir, ReadOnly: true, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	w := &work{TB: t, Engine: e, id: id}
	c := w.trueLedger()
	if v := w.view(); v.State != delivery.Finished || c.Targeted != int64(people) || c.Open() != 0 {
		t.Errorf("in the end %s with %+v", v.State, c)
	}
	if c.InDoubt > int64(bound) {
		t.Errorf("%d in doubt, at most %d were on their way", c.InDoubt, bound)
	}
	arrived := 0
	if err := e.EachRow(t.Context(), id, engine.RowFilter{}, func(r delivery.Row) error {
		n := got[r.Address]
		switch {
		case n > 1:
			t.Errorf("%s got %d messages", r.Address, n)
		case r.State == delivery.MsgAccepted && n != 1:
			t.Errorf("%s is accepted and the receiver has none", r.Address)
		case r.State == delivery.MsgInDoubt:
			arrived += n
		case r.State != delivery.MsgAccepted && n != 0:
			t.Errorf("%s is %s and the receiver has it", r.Address, r.State)
		}
		delete(got, r.Address)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(got) > 0 {
		t.Errorf("the receiver knows %d recipients that the log does not", len(got))
	}
	t.Logf("%d accepted, %d in doubt (%d of them had arrived), bound %d", c.Accepted, c.InDoubt, arrived, bound)
}
