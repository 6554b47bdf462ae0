package proof_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/proof"
	"sendoff/engine/transport"
)

// rig is a relay, a ledger and a clock in one; steps notes what happens in its order.
type rig struct {
	now     time.Time
	steps   []string
	answers map[string][]transport.Result // by address, one a try
	free    []time.Time                   // what Reserve says, one a call
	fail    map[string]error              // by step
	dials   int
	perConn int // messages that a connection takes; 0: any number
}

func (r *rig) note(format string, args ...any) error {
	s := fmt.Sprintf(format, args...)
	r.steps = append(r.steps, s)
	return r.fail[s]
}

func (r *rig) Reserve(_ context.Context, address string) (time.Time, string, error) {
	err := r.note("reserve %s", address)
	if len(r.free) == 0 {
		return time.Time{}, "", err
	}
	f := r.free[0]
	r.free = r.free[1:]
	return f, "2/h", err
}

func (r *rig) Intend(_ context.Context, seq int) error { return r.note("intend %d", seq) }

func (r *rig) Settle(m delivery.ProofMessage) error { return r.note("settle %d %s", m.Seq, m.Outcome) }

// Run offers messages one after the other, as a session does.
func (r *rig) Run(ctx context.Context, feed transport.Feed) {
	for n := 0; r.perConn == 0 || n < r.perConn; n++ {
		m := feed.Next(ctx, true)
		if m == nil {
			return
		}
		if extra := feed.Next(ctx, false); extra != nil {
			panic("two at once")
		}
		if !feed.Begin(m) {
			return
		}
		res := transport.Result{Verdict: transport.Verdict{Outcome: transport.Accepted}, Reply: transport.Reply{Code: 250}}
		if a := r.answers[m.To]; len(a) > 0 {
			res = a[0]
			r.answers[m.To] = a[1:]
		}
		if res.Stage != transport.StageRcpt {
			if err := feed.Commit(ctx, m); err != nil {
				res = transport.Result{Verdict: transport.Verdict{Outcome: transport.Again}, Err: err}
			} else {
				r.note("dot %s", m.To)
			}
		}
		feed.Done(m, res)
		if res.Outcome == transport.Again {
			return
		}
	}
}

func (r *rig) Close() error { return nil }

func (r *rig) send(ctx context.Context, addresses ...string) ([]delivery.ProofMessage, error) {
	var ms []delivery.ProofMessage
	for i, a := range addresses {
		ms = append(ms, delivery.ProofMessage{Seq: i + 1, Address: a})
	}
	err := proof.Send(ctx, ms, proof.Options{
		Dial:   func(context.Context) (proof.Sender, error) { r.dials++; return r, r.note("dial") },
		Ledger: r,
		Render: func(n int) (transport.Mail, error) { return transport.Mail{To: ms[n].Address}, nil },
		Now:    func() time.Time { return r.now },
		Wait: func(ctx context.Context, d time.Duration) error {
			r.now = r.now.Add(d)
			r.note("wait %s", d)
			return ctx.Err()
		},
		Patient: time.Minute,
	})
	return ms, err
}

func newRig() *rig {
	return &rig{now: time.Unix(1_700_000_000, 0), answers: map[string][]transport.Result{}, fail: map[string]error{}}
}

// The order is the promise: reserved, intended, the dot, settled; one after the other.
func TestOrder(t *testing.T) {
	r := newRig()
	if _, err := r.send(t.Context(), "a", "b"); err != nil {
		t.Fatal(err)
	}
	want := "dial, reserve a, intend 1, dot a, settle 1 accepted, reserve b, intend 2, dot b, settle 2 accepted"
	if got := strings.Join(r.steps, ", "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// A limit is waited for when it ends soon, and is the end when it does not.
func TestLimit(t *testing.T) {
	r := newRig()
	r.free = []time.Time{r.now.Add(time.Second), {}, r.now.Add(2 * time.Hour)}
	ms, err := r.send(t.Context(), "a", "b")
	if !delivery.Is(err, delivery.KindLimit) || ms[0].Outcome != delivery.ProofAccepted || ms[1].Outcome != "" {
		t.Errorf("%+v, %v", ms, err)
	}
	if !slices.Contains(r.steps, "wait 1s") || slices.Contains(r.steps, "intend 2") {
		t.Errorf("%q", r.steps)
	}
}

// Nothing leaves without a durable intent, and nothing more once a record is lost.
func TestLedgerFails(t *testing.T) {
	r := newRig()
	r.fail["intend 1"] = &delivery.Error{Kind: delivery.KindDiskFull}
	ms, err := r.send(t.Context(), "a", "b")
	if !delivery.Is(err, delivery.KindDiskFull) || slices.Contains(r.steps, "dot a") || slices.Contains(r.steps, "reserve b") || ms[0].Outcome != delivery.ProofNotSent {
		t.Errorf("%+v, %v: %q", ms, err, r.steps)
	}
	r = newRig()
	r.fail["settle 1 accepted"] = &delivery.Error{Kind: delivery.KindDiskFull}
	if _, err = r.send(t.Context(), "a", "b"); !delivery.Is(err, delivery.KindDiskFull) || slices.Contains(r.steps, "reserve b") {
		t.Errorf("%v: %q", err, r.steps)
	}
}

// What came back without a word is offered again, three times at most, on another
// connection; it is counted against the limits once.
func TestAgain(t *testing.T) {
	again := transport.Result{Verdict: transport.Verdict{Outcome: transport.Again, Kind: delivery.KindUnreachable}, Stage: transport.StageRcpt,
		Err: &delivery.Error{Kind: delivery.KindUnreachable, Detail: "relay:25"}}
	r := newRig()
	r.answers["a"] = []transport.Result{again, again}
	ms, err := r.send(t.Context(), "a", "b")
	if err != nil || ms[0].Outcome != delivery.ProofAccepted || ms[1].Outcome != delivery.ProofAccepted || r.dials != 3 {
		t.Errorf("%+v, %v, %d dials", ms, err, r.dials)
	}
	if n := strings.Count(strings.Join(r.steps, ","), "reserve a"); n != 1 {
		t.Errorf("counted %d times", n)
	}
	r = newRig()
	r.answers["a"] = []transport.Result{again, again, again, again}
	ms, err = r.send(t.Context(), "a", "b")
	if !delivery.Is(err, delivery.KindUnreachable) || ms[0].Outcome != delivery.ProofNotSent || ms[1].Outcome != "" || r.dials != 3 {
		t.Errorf("%+v, %v, %d dials", ms, err, r.dials)
	}
}

// A refusal of one is no end for the others; one of the account is.
func TestRefusals(t *testing.T) {
	r := newRig()
	r.answers["a"] = []transport.Result{{Verdict: transport.Verdict{Outcome: transport.Rejected}, Stage: transport.StageRcpt, Reply: transport.Reply{Code: 550}}}
	r.answers["b"] = []transport.Result{{Verdict: transport.Verdict{Outcome: transport.InDoubt, Kind: delivery.KindUnreachable}, Stage: transport.StageDot, Err: errors.New("gone")}}
	r.answers["c"] = []transport.Result{{Verdict: transport.Verdict{Outcome: transport.Suspend, Kind: delivery.KindSenderRefused}, Stage: transport.StageRcpt, Reply: transport.Reply{Code: 550, Text: "not you"}}}
	ms, err := r.send(t.Context(), "a", "b", "c", "d")
	var got []delivery.ProofOutcome
	for _, m := range ms {
		got = append(got, m.Outcome)
	}
	if want := []delivery.ProofOutcome{delivery.ProofRefused, delivery.ProofInDoubt, delivery.ProofRefused, ""}; !slices.Equal(got, want) || !delivery.Is(err, delivery.KindSenderRefused) {
		t.Errorf("%v, %v", got, err)
	}
}

// A connection that takes a few messages is followed by another one; one that takes none
// is not tried for ever.
func TestConnections(t *testing.T) {
	r := newRig()
	r.perConn = 2
	if ms, err := r.send(t.Context(), "a", "b", "c", "d", "e"); err != nil || r.dials != 3 || ms[4].Outcome != delivery.ProofAccepted {
		t.Errorf("%v, %d dials", err, r.dials)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newRig().send(ctx, "a"); !delivery.Is(err, delivery.KindCancelled) {
		t.Errorf("cancelled: %v", err)
	}
}
