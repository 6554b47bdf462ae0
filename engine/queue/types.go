package queue

import (
	"context"
	"time"

	"sendoff/engine/delivery"
)

// Ref names one message: Seq counts from 1 within its delivery.
type Ref struct {
	Delivery delivery.ID
	Seq      int64
}

// Job is one message that the store handed out: it is claimed until an Outcome
// or a granted intent says otherwise.
type Job struct {
	Ref
	Attempt int // 1 for the first try
	Address string
	Fields  string   // JSON object, frozen at preparation
	Sum     [32]byte // of the rendered message, as sealed by the plan
}

// Outcome is what became of a message. To is MsgAccepted, MsgDeferred,
// MsgRejected, MsgInDoubt, MsgPending (released: nothing happened, the attempt is
// not counted) or MsgCancelled. NextTry is set for MsgDeferred alone.
type Outcome struct {
	Ref
	To       delivery.MessageState
	Attempt  int
	Nature   delivery.Nature
	Fault    delivery.Fault
	Code     int // of the reply, 0 without one
	Enhanced string
	Reply    string
	At       time.Time
	NextTry  time.Time
}

// ClaimRequest asks for at most Max messages of a delivery: pending ones and
// deferred ones whose next try has come.
type ClaimRequest struct {
	Delivery delivery.ID
	Max      int
}

// Batch is everything that becomes durable in one transaction.
type Batch struct {
	Outcomes []Outcome
	Intents  []Ref
	Claims   []ClaimRequest
	Now      time.Time
}

// Committed is what a Batch led to.
type Committed struct {
	Jobs     map[delivery.ID][]Job
	Refused  []Ref                             // intents not granted
	Counters map[delivery.ID]delivery.Counters // of every delivery the batch touched
	NextDue  map[delivery.ID]time.Time         // of the same deliveries; absent or zero: nothing waits for a moment
}

// Active is one delivery that the dispatcher is concerned with.
type Active struct {
	ID       delivery.ID
	State    delivery.State // Confirmed, Sending or Retrying
	Account  delivery.Account
	Schedule delivery.Schedule
	Validity time.Time // no message is tried again after it; zero: no limit
	Counters delivery.Counters
	NextDue  time.Time // as in Committed
	Started  time.Time // zero before its first Start
}

// Store keeps the truth. Its methods are called from several goroutines at
// once and must not keep the slices they are given.
//
// A message that is claimed or committing belongs to the queue that runs: only
// Commit touches it. A person's Pause or Stop changes the delivery's state and,
// for Stop, cancels what is pending or deferred; what is claimed or committing
// then comes back through Commit. Recovery (claimed → pending, committing → in
// doubt) happens before Run and never during it.
type Store interface {
	// Active lists the deliveries that are Confirmed, Sending or Retrying.
	Active(ctx context.Context) ([]Active, error)

	// Advance applies Start, Retry, Finish or (by a breaker, with the reason)
	// Pause according to delivery.Next and returns the new state. The error is
	// of KindState when the action is no longer possible; any other error
	// stops the queue.
	Advance(ctx context.Context, id delivery.ID, a delivery.Action, why *delivery.PauseReason) (delivery.State, error)

	// Commit makes the batch durable in ONE transaction, in this order:
	// outcomes, intents, claims. All of it is on the disk when Commit returns
	// nil, and the queue stops for good when it does not.
	//
	// An outcome applies only to a message that is claimed or committing, and
	// only where the transition table allows it; any other is skipped. In a
	// stopped delivery pending and deferred become cancelled.
	//
	// An intent (claimed → committing) is granted only to a claimed message
	// of a delivery that is Sending or Retrying. All others come back in
	// Refused; a refused message that is claimed has been released (pending)
	// or, in a stopped delivery, cancelled.
	//
	// Claims are granted only for deliveries that are Sending or Retrying and
	// within the limits of their account. Fewer jobs than asked mean that
	// there are no more before NextDue: the earliest next try of a deferred
	// message, or the moment a limit frees.
	Commit(ctx context.Context, b Batch) (Committed, error)
}
