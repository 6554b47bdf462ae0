package engine

import (
	"context"
	"net"
	"strconv"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// ResolveDoubt records a person's decision about messages in doubt and does what
// it says. Needs the right Start. numbers nil is all that are in doubt; numbers
// that are in doubt no more are skipped and counted, so that a second call does
// nothing. delivery.SendAgain reopens a delivery that has ended (one that was
// stopped sends nothing else and is stopped again at the end) and leaves a
// paused one paused; it cannot be undone, and the message may arrive twice.
// KindState when the delivery can send no more, KindInvalid with Field
// "decision" for a decision that is none.
func (e *Engine) ResolveDoubt(ctx context.Context, who access.Principal, id delivery.ID, numbers []int64,
	how delivery.Decision) (delivery.Resolution, error) {
	r, err := e.store.ResolveDoubt(ctx, who, id, numbers, how, time.Now())
	err = e.resolved(id, r, err)
	switch {
	case err != nil || r.Decided == 0 || how != delivery.SendAgain:
	case r.State == delivery.Paused:
		// Once its connections have let go, nothing goes past the messages.
		err = e.settle(ctx, id)
		e.store.Rewind(id)
	default:
		e.remind(id)
	}
	return r, err
}

// remindEvery is how long a message that is sent again may wait before it is
// looked for anew.
const remindEvery = time.Second

// remind makes the claims of a delivery look at its messages from the first one
// on until none that was sent again waits behind them: a commit that was on its
// way during the decision goes on from where it was.
func (e *Engine) remind(id delivery.ID) {
	time.AfterFunc(remindEvery, func() {
		waits, err := e.store.WaitsAgain(context.Background(), id)
		if err != nil || !waits { // claimed, ended, paused, or the workspace is closed
			return
		}
		e.store.Rewind(id)
		e.kick()
		e.remind(id)
	})
}

// WithdrawDecision takes back what was decided about messages: those marked as
// sent are in doubt again, those left are asked about again. Needs the right
// Start. numbers nil is all of these; what was sent again is skipped.
func (e *Engine) WithdrawDecision(ctx context.Context, who access.Principal, id delivery.ID, numbers []int64) (delivery.Resolution, error) {
	r, err := e.store.WithdrawDecision(ctx, who, id, numbers, time.Now())
	return r, e.resolved(id, r, err)
}

// resolved tells everybody about a decision, if there was one.
func (e *Engine) resolved(id delivery.ID, r delivery.Resolution, err error) error {
	if err == nil && r.Decided > 0 {
		e.changed(id)
		e.kick()
	}
	return err
}

// Doubt tells what is known of a message that is in doubt or was. KindNotFound
// with Field "message" when it never was.
func (e *Engine) Doubt(ctx context.Context, id delivery.ID, number int64) (delivery.Doubt, error) {
	v, err := e.store.Delivery(ctx, id)
	if err != nil {
		return delivery.Doubt{}, err
	}
	m, err := e.Message(ctx, id, number)
	if err != nil {
		return delivery.Doubt{}, err
	}
	for i := len(m.Attempts) - 1; i >= 0; i-- {
		if a := m.Attempts[i]; a.State == delivery.MsgInDoubt {
			return doubtOf(takerOf(v, a), m, a), nil
		}
	}
	return delivery.Doubt{}, &delivery.Error{Op: "doubt", Kind: delivery.KindNotFound, Field: "message", Detail: strconv.FormatInt(number, 10)}
}

// takerOf is the account that made an attempt.
func takerOf(v delivery.View, a delivery.Attempt) delivery.Account {
	for _, x := range v.Accounts {
		if x.ID == a.Account {
			return x
		}
	}
	return v.Account
}

func doubtOf(account delivery.Account, m delivery.Message, a delivery.Attempt) delivery.Doubt {
	d := delivery.Doubt{Row: m.Row, Cause: delivery.CauseOfDoubt(a.Fault), In: a, MessageID: m.MessageID, Bytes: int64(len(m.Raw))}
	if account.Host != "" {
		d.Relay = net.JoinHostPort(account.Host, strconv.Itoa(account.Port))
	}
	return d
}

// EachDoubt streams the messages of a delivery that are in doubt, by number.
func (e *Engine) EachDoubt(ctx context.Context, id delivery.ID, fn func(delivery.Doubt) error) error {
	ns, err := e.store.MessageNumbers(ctx, id, delivery.LogQuery{States: []delivery.MessageState{delivery.MsgInDoubt}})
	if err != nil {
		return err
	}
	for _, n := range ns {
		d, err := e.Doubt(ctx, id, n)
		if delivery.Is(err, delivery.KindNotFound) {
			continue // decided about meanwhile
		}
		if err == nil {
			err = fn(d)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
