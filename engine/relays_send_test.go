package engine_test

import (
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
)

// overSinks makes a workspace with one confirmed delivery over receivers.
func overSinks(t *testing.T, dir string, people int, weights []int, edit func(i int, a *delivery.Account)) (delivery.ID, []*enginetest.Sink) {
	t.Helper()
	w := newWork(t, dir, people)
	var relays []delivery.Relay
	var sinks []*enginetest.Sink
	for i, weight := range weights {
		sink, err := enginetest.StartSink(enginetest.SinkOptions{Record: true, Delay: 2 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { sink.Close() })
		a := delivery.Account{Name: "sink " + string(rune('A'+i)), Host: "127.0.0.1", Port: sink.Port(), Security: delivery.SecurityNone, Connections: 4}
		if edit != nil {
			edit(i, &a)
		}
		if a, err = w.AddAccount(t.Context(), w.who, a, ""); err != nil {
			t.Fatal(err)
		}
		relays = append(relays, delivery.Relay{Account: a.ID, Weight: weight})
		sinks = append(sinks, sink)
	}
	d := w.view().Draft
	d.SetVia(relays)
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	w.confirm()
	if v := w.view(); len(v.Accounts) != len(weights) || v.Account.ID != relays[0].Account {
		t.Fatalf("the view names %+v", v.Accounts)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.id, sinks
}

// receiptsOf joins what several receivers recorded.
func receiptsOf(sinks []*enginetest.Sink) []enginetest.Receipt {
	var out []enginetest.Receipt
	for _, s := range sinks {
		out = append(out, s.Receipts()...)
	}
	return out
}

// complete counts the whole messages of a receiver, by recipient.
func complete(s *enginetest.Sink) map[string]bool {
	out := map[string]bool{}
	for _, r := range s.Receipts() {
		if r.Complete {
			out[strings.Trim(r.Recipient, "<>")] = true
		}
	}
	return out
}

// rowsAgree holds the account in each row against who has the message.
func rowsAgree(t *testing.T, dir string, id delivery.ID, sinks []*enginetest.Sink) {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir, ReadOnly: true, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	v, err := e.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	has := map[int64]map[string]bool{}
	for i, a := range v.Accounts {
		has[a.ID] = complete(sinks[i])
	}
	if err := e.EachRow(t.Context(), id, engine.RowFilter{States: []delivery.MessageState{delivery.MsgAccepted}}, func(r delivery.Row) error {
		if !has[r.Account][r.Address] {
			t.Errorf("%s was accepted by account %d, says the log, which does not have it", r.Address, r.Account)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestRelaysByWeight sends over two real connections' worth of receivers. The
// division is deterministic up to what the relays may be ahead of each other.
func TestRelaysByWeight(t *testing.T) {
	const people = 3000
	dir := t.TempDir()
	id, sinks := overSinks(t, dir, people, []int{3, 1}, nil)
	if code := sendUntilEnded(dir); code != 0 {
		t.Fatalf("status %d", code)
	}
	agree(t, dir, id, receiptsOf(sinks), people, 0)
	rowsAgree(t, dir, id, sinks)
	if n := float64(sinks[0].Accepted()); math.Abs(n-people*3/4) > people/10 {
		t.Errorf("the first of 3:1 took %.0f of %d", n, people)
	}
}

// TestRelayKilled: one of two relays goes away for good in the middle. Nothing
// fails, nobody gets it twice, and only what stood on its lines is in doubt.
func TestRelayKilled(t *testing.T) {
	const people = 4000
	dir := t.TempDir()
	id, sinks := overSinks(t, dir, people, []int{1, 1}, nil)
	ended := make(chan int, 1)
	go func() { ended <- sendUntilEnded(dir) }()
	for deadline := time.Now().Add(time.Minute); sinks[0].Accepted() < people/8 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	sinks[0].Close()
	if code := <-ended; code != 0 {
		t.Fatalf("status %d", code)
	}
	agree(t, dir, id, receiptsOf(sinks), people, 4*2)
	rowsAgree(t, dir, id, sinks)
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir, ReadOnly: true, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if v, err := e.Delivery(t.Context(), id); err != nil || v.Counters.Rejected+v.Counters.Deferred != 0 {
		t.Errorf("%+v, %v", v.Counters, err)
	}
}

// TestRelaysAndKills kills the sending program again and again while two relays
// take the messages, one of them with a limit: the limit holds over all of it.
func TestRelaysAndKills(t *testing.T) {
	people, kills := 3000, 12
	if testing.Short() {
		people, kills = 1200, 4
	}
	limit := people / 4
	dir := t.TempDir()
	id, sinks := overSinks(t, dir, people, []int{1, 1}, func(i int, a *delivery.Account) {
		if i == 0 {
			a.PerHour = limit
		}
	})
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 2))
	times := 0
	sum := func() int64 { return sinks[0].Accepted() + sinks[1].Accepted() }
	for sum() < int64(people)*9/10 && times < kills {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), killDir+"="+dir)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		before := sinks[1].Connections()
		for deadline := time.Now().Add(30 * time.Second); sinks[1].Connections() == before && time.Now().Before(deadline); {
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
	agree(t, dir, id, receiptsOf(sinks), people, times*2*4*2)
	rowsAgree(t, dir, id, sinks)
	if n := len(complete(sinks[0])); n > limit || n < limit/4 {
		t.Errorf("the relay with a limit of %d within the hour took %d", limit, n)
	}
	t.Logf("%d kills, %d and %d", times, sinks[0].Accepted(), sinks[1].Accepted())
}
