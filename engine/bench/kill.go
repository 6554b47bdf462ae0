package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
)

// killedConnections are few, so that each is at work with its whole window
// between two kills.
const killedConnections = 4

// killing kills a sending process again and again, at random moments, lets the
// last one finish, and holds its log against what the receiver has.
func killing(ctx context.Context, o options, t *table) error {
	for _, c := range []struct {
		name     string
		chunking bool
		window   int
	}{{"DATA", false, 2}, {"BDAT", true, 8}} {
		name := fmt.Sprintf("kills while sending by %s: lost, twice or told wrongly", c.name)
		doubts := fmt.Sprintf("kills while sending by %s: in doubt after one, at most", c.name)
		none, bound := atMost(0, whole), atMost(float64(killedConnections*c.window), whole)
		if o.kills == 0 {
			t.absent(name, none, "-kills N counts them; make soak does as a test")
			t.absent(doubts, bound, "")
			continue
		}
		k, err := killed(ctx, o, c.chunking)
		if err != nil {
			return err
		}
		t.figure(name, none, float64(k.lost+k.twice+k.wrong), fmt.Sprintf("%d kills over %d recipients: %d lost, %d twice, %d told wrongly", k.kills, o.recipients, k.lost, k.twice, k.wrong))
		t.figure(doubts, bound, float64(k.most), fmt.Sprintf("%d connections, a window of %d; %d in doubt in all, %d of them had arrived", killedConnections, c.window, k.doubts, k.arrived))
	}
	return nil
}

// kills is what became of a delivery whose sender was killed.
type kills struct {
	kills              int
	lost, twice, wrong int // recipients of whom the log is not true
	doubts, arrived    int // in doubt, and of them with the receiver
	most               int // that one kill left in doubt
}

func killed(ctx context.Context, o options, chunking bool) (kills, error) {
	var k kills
	// Slow enough that connections are found at every step.
	s, err := enginetest.StartSink(enginetest.SinkOptions{Record: true, Chunking: chunking, Delay: 2 * time.Millisecond})
	if err != nil {
		return k, err
	}
	defer s.Close()
	o.connections = killedConnections
	b, v, err := prepared(ctx, o, o.recipients, relay(ctx, o, s.Addr()))
	if err != nil {
		return k, err
	}
	defer os.RemoveAll(b.dir)
	err = b.Confirm(ctx, b.who, v.ID, v.Plan.Hash)
	if cerr := b.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return k, err
	}
	each := max(o.recipients/o.kills, 1)
	for k.kills < o.kills && s.Accepted() < int64(o.recipients)*95/100 {
		if err := killOnce(ctx, b.dir, s, int64(rand.IntN(2*each))); err != nil {
			return k, err
		}
		k.kills++
		now, err := inDoubt(ctx, b.dir, v.ID)
		if err != nil {
			return k, err
		}
		k.most = max(k.most, now-k.doubts)
		k.doubts = now
		if k.kills%100 == 0 {
			note("kill: %d kills, %d received, %d in doubt", k.kills, s.Accepted(), k.doubts)
		}
	}
	if out, err := finisher(ctx, b.dir).CombinedOutput(); err != nil {
		return k, fmt.Errorf("the last process: %w %s", err, out)
	}
	return k, k.compare(ctx, b.dir, v.ID, s.Receipts())
}

// finisher is a process that sends until every delivery of a workspace has ended.
func finisher(ctx context.Context, dir string) *exec.Cmd {
	return exec.CommandContext(ctx, os.Args[0], "-finish", dir)
}

// beFinisher is that process.
func beFinisher(ctx context.Context, dir string) error {
	e, err := engine.Open(ctx, engine.Options{Dir: dir})
	if err != nil {
		return err
	}
	defer e.Close()
	sub := e.Subscribe()
	defer sub.Close()
	e.Run()
	for {
		vs, err := e.Deliveries(ctx)
		if err != nil {
			return err
		}
		if err := e.Broken(); err != nil {
			return err
		}
		if vs[0].State.Ended() {
			return nil
		}
		if vs[0].State == delivery.Paused {
			return fmt.Errorf("paused: %+v", vs[0].Paused)
		}
		if _, err := sub.Next(ctx); err != nil {
			return err
		}
	}
}

// killOnce starts a sender and kills it when n more messages have arrived.
func killOnce(ctx context.Context, dir string, s *enginetest.Sink, n int64) error {
	c := finisher(ctx, dir)
	c.Stderr = os.Stderr
	connections, accepted := s.Connections(), s.Accepted()
	if err := c.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = c.Wait() // killed, or at its end: both will do
	}()
	tick := time.NewTicker(200 * time.Microsecond)
	defer tick.Stop()
	for s.Connections() == connections || s.Accepted() < accepted+n {
		select {
		case <-ended:
			return ctx.Err()
		case <-tick.C:
		}
	}
	time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
	_ = c.Process.Kill() // it may have come to its end
	<-ended
	return ctx.Err()
}

// inDoubt starts the engine, which finds out what the crash has left.
func inDoubt(ctx context.Context, dir string, id delivery.ID) (int, error) {
	e, err := engine.Open(ctx, engine.Options{Dir: dir})
	if err != nil {
		return 0, err
	}
	defer e.Close()
	v, err := e.Delivery(ctx, id)
	return int(v.Counters.InDoubt), err
}

// compare holds the log against the receipts, recipient by recipient.
func (k *kills) compare(ctx context.Context, dir string, id delivery.ID, receipts []enginetest.Receipt) error {
	got := map[string]int{}
	for _, r := range receipts {
		if r.Complete {
			got[strings.Trim(r.Recipient, "<>")]++
		}
	}
	e, err := engine.Open(ctx, engine.Options{Dir: dir, ReadOnly: true})
	if err != nil {
		return err
	}
	defer e.Close()
	k.doubts = 0
	err = e.EachRow(ctx, id, engine.RowFilter{}, func(r delivery.Row) error {
		k.judge(r.State, got[r.Address])
		delete(got, r.Address)
		return nil
	})
	k.wrong += len(got) // whom the log does not know
	return err
}

// judge holds what the log says in the end of a recipient against how many
// messages he got.
func (k *kills) judge(s delivery.MessageState, n int) {
	if n > 1 {
		k.twice++
	}
	switch {
	case s == delivery.MsgInDoubt:
		k.doubts++
		k.arrived += min(n, 1)
	case n == 0:
		k.lost++ // said to be there, or forgotten
	case s != delivery.MsgAccepted:
		k.wrong++
	}
}
