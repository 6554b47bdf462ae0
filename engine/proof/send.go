package proof

import (
	"context"
	"errors"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/transport"
)

// Sender is a session with a relay.
type Sender interface {
	Run(ctx context.Context, feed transport.Feed)
	Close() error
}

// Ledger keeps what happens to the messages of one proof.
type Ledger interface {
	// Reserve counts a message to an address against the limits of the account. It
	// returns the zero time when it may leave, else when it may be asked again,
	// and which limit it is.
	Reserve(ctx context.Context, address string) (free time.Time, limit string, err error)

	// Intend makes durable that the final dot of a message may be written.
	Intend(ctx context.Context, seq int) error

	// Settle keeps what became of a message.
	Settle(m delivery.ProofMessage) error
}

// Options say how to send.
type Options struct {
	Dial   func(ctx context.Context) (Sender, error)
	Ledger Ledger

	// Render makes message n, from 0, when its turn has come. Data may be used
	// again when the message is settled.
	Render func(n int) (transport.Mail, error)

	Now     func() time.Time
	Wait    func(ctx context.Context, d time.Duration) error
	Patient time.Duration // how long a limit of the account is waited for
}

// Send sends the messages, in their order, and says what keeps the rest from being
// sent: KindLimit, KindUnreachable, KindAuth… nil when a relay had its say about
// every one of them. When ctx ends the connection is closed; whether a message whose
// end has left was taken nobody knows then.
func Send(ctx context.Context, messages []delivery.ProofMessage, o Options) error {
	f := &feed{o: o, messages: messages}
	for idle := 0; !f.over(); idle++ {
		if err := ctx.Err(); err != nil {
			return &delivery.Error{Op: "proof", Kind: delivery.KindCancelled, Err: err}
		}
		if idle == maxReturns {
			return &delivery.Error{Op: "proof", Kind: delivery.KindUnreachable}
		}
		s, err := o.Dial(ctx)
		if err != nil {
			return err
		}
		before := f.next
		s.Run(ctx, f)
		_ = s.Close() // nothing depends on the farewell
		if f.next > before {
			idle = -1
		}
	}
	return f.why
}

// feed gives a session the messages one at a time: there is never one on the way
// while another is begun, so a crash leaves one in doubt at most.
type feed struct {
	o        Options
	messages []delivery.ProofMessage
	next     int // the first that is not settled
	reserved bool
	held     bool  // a session has it
	why      error // what ended it early
	came     int   // how often in a row it came back
}

func (f *feed) over() bool { return f.why != nil || f.next == len(f.messages) }

// Next waits for the limits of the account and renders.
func (f *feed) Next(ctx context.Context, wait bool) *transport.Mail {
	if f.over() || f.held {
		return nil
	}
	m := &f.messages[f.next]
	until := f.o.Now().Add(f.o.Patient)
	for !f.reserved {
		free, limit, err := f.o.Ledger.Reserve(ctx, m.Address)
		switch {
		case err != nil:
			f.why = err
			return nil
		case free.IsZero():
			f.reserved = true
			continue
		case !wait:
			return nil
		case free.After(until):
			f.why = &delivery.Error{Op: "proof", Kind: delivery.KindLimit, Detail: limit}
			return nil
		}
		if err := f.o.Wait(ctx, free.Sub(f.o.Now())); err != nil {
			return nil
		}
	}
	mail, err := f.o.Render(f.next)
	if err != nil {
		f.why = err
		return nil
	}
	f.held = true
	return &mail
}

// Begin lets a message begin.
func (f *feed) Begin(*transport.Mail) bool { return f.why == nil }

// Ready reports that an intent takes its time.
func (f *feed) Ready(*transport.Mail) bool { return false }

func (f *feed) Free(*transport.Mail) {}

// Commit makes the intent durable.
func (f *feed) Commit(ctx context.Context, _ *transport.Mail) error {
	return f.o.Ledger.Intend(ctx, f.messages[f.next].Seq)
}

// maxReturns is how often a message may come back with nothing said about it, or a
// connection end without one.
const maxReturns = 3

// Done keeps what became of a message.
func (f *feed) Done(_ *transport.Mail, r transport.Result) {
	f.held = false
	m := &f.messages[f.next]
	m.At = f.o.Now()
	m.Code, m.Enhanced, m.Reply = r.Reply.Code, r.Reply.Enhanced, r.Reply.Text
	var e *delivery.Error
	if errors.As(r.Err, &e) {
		m.Kind, m.Detail = e.Kind, e.Detail
	}
	switch r.Outcome {
	case transport.Accepted:
		m.Outcome = delivery.ProofAccepted
	case transport.InDoubt:
		m.Outcome = delivery.ProofInDoubt
	case transport.Deferred, transport.Rejected, transport.Suspend:
		m.Outcome = delivery.ProofRefused
		if m.Code == 0 {
			m.Outcome = delivery.ProofNotSent // we ourselves did not want it to leave
		}
		if r.Outcome == transport.Suspend {
			// A relay that does not want the account says so once.
			f.why = &delivery.Error{Op: "proof", Kind: r.Kind, Detail: r.Reply.String(), Err: r.Err}
		}
	default:
		// Nothing was said that counts; another connection may take it.
		if f.came++; f.came < maxReturns {
			return
		}
		m.Outcome = delivery.ProofNotSent
		f.why = r.Err
		if f.why == nil {
			f.why = &delivery.Error{Op: "proof", Kind: delivery.KindUnreachable}
		}
	}
	f.came, f.reserved = 0, false
	f.next++
	if err := f.o.Ledger.Settle(*m); err != nil {
		// Sending on without a record would be sending unseen.
		f.why = err
	}
}
