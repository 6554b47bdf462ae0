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
	Account int64    // as in the ClaimRequest
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
// deferred ones whose next try has come. Account is the relay that takes them, of
// a delivery with several; 0 of one with one.
type ClaimRequest struct {
	Delivery delivery.ID
	Account  int64
	Max      int
	Domains  []DomainHold
}

// DomainHold bounds what is claimed for a domain: Most messages may be claimed at
// the same time, none with 0, which is so at least until Until.
type DomainHold struct {
	Domain string
	Most   int
	Until  time.Time
}

// Via names a delivery at one of its relays, as a ClaimRequest does.
type Via struct {
	Delivery delivery.ID
	Account  int64
}

// Limit is why a claim got less than it asked for although there is more: the
// account may begin no more before Until or, with a Domain, no more to that one,
// and nothing else waits. With a Domain and a zero Until it is as many as may be
// on their way at once.
type Limit struct {
	Until   time.Time
	Domain  string
	Words   string  // the limits of the domain, such as "20/min"; empty for a DomainHold
	Rate    float64 // messages a second that they allow; 0: any number
	Waiting int     // messages that wait for it, as far as they have been seen

	// More says that there may be others, and the search for them took too
	// long for one transaction: ask again.
	More bool
}

// Intent says that the final dot of a message is about to be written. Attempt is
// the Job's.
type Intent struct {
	Ref
	Attempt int
}

// Record is one line of the journal: what became of a message, an intent, or
// both. Both become durable together, so that a connection that ends one message
// and goes on to another never has an intent more than it may.
type Record struct {
	Outcome    Outcome
	Intent     Intent
	HasOutcome bool
	HasIntent  bool
}

// Journal makes records durable, ahead of the Store.
type Journal interface {
	// Prepare is called before anything is claimed. Afterwards the journal
	// has room for what is to come.
	Prepare() error

	// Append makes records durable, in their order, and returns the number of
	// the last one; numbers rise by one. One goroutine calls it. It may wait
	// for Applied. After an error nothing may be sent any more.
	Append([]Record) (uint64, error)

	// Applied says that the store has every outcome up to record n.
	Applied(n uint64)
}

// Left is what a journal knows at a start that the store does not.
type Left struct {
	// Known says that there is a journal of this store. Without one nobody
	// knows which claimed messages were committed to.
	Known bool

	// Outcomes that the store lacks, in order.
	Outcomes []Outcome

	// Open lists the intents without an outcome: these messages are in doubt.
	Open []Intent

	// Last is the number of the newest record.
	Last uint64

	// Older says that the store lacks records that it once had, or that it has
	// some that the journal does not: one of them is an older copy.
	Older bool
}

// Batch is everything that the store does in one transaction.
type Batch struct {
	Outcomes []Outcome
	Claims   []ClaimRequest
	Applied  uint64 // number of the journal's last record that is in Outcomes or before; 0: no change
	Now      time.Time
}

// Committed is what a Batch led to.
type Committed struct {
	Jobs     map[delivery.ID][]Job
	Counters map[delivery.ID]delivery.Counters // of every delivery the batch touched
	NextDue  map[delivery.ID]time.Time         // of the same deliveries; absent or zero: nothing waits for a moment
	States   map[delivery.ID]delivery.State    // of the same deliveries
	Limits   map[Via]Limit                     // that cut a claim short
}

// Relay is one of several that a delivery goes through. See delivery.Relay.
type Relay struct {
	Account delivery.Account
	Weight  int
	Spare   bool
}

// Active is one delivery that the dispatcher is concerned with.
type Active struct {
	ID       delivery.ID
	State    delivery.State // Confirmed, Sending or Retrying
	Account  delivery.Account
	Relays   []Relay // all of several, Account's first; empty for one
	Schedule delivery.Schedule
	Validity time.Time // no message is tried again after it; zero: no limit
	Counters delivery.Counters
	NextDue  time.Time // as in Committed
	Started  time.Time // zero before its first Start
	Decided  time.Time // when a person last confirmed or resumed it
	Seen     time.Time // of one that waits for its date: when something was last sent through its accounts; zero: never
}

// Store keeps the truth. Its methods are called from several goroutines at
// once and must not keep the slices they are given.
//
// A message that is claimed belongs to the queue that runs: only Commit touches
// it. A person's Pause or Stop changes the delivery's state and, for Stop,
// cancels what is pending or deferred; what is claimed then comes back through
// Commit. Recovery (the journal's outcomes, then open intents → in doubt and the
// other claims → pending) happens before Run and never during it.
type Store interface {
	// Active lists the deliveries that are Confirmed, Sending or Retrying.
	Active(ctx context.Context) ([]Active, error)

	// Advance applies Start, Retry, Finish or (by a breaker, with the reason)
	// Pause according to delivery.Next, with the line that the delivery's log has
	// about it, and returns the new state. The error is
	// of KindState when the action is no longer possible, of KindLocked when
	// another program has the database at the moment; any other error stops
	// the queue.
	Advance(ctx context.Context, id delivery.ID, a delivery.Action, why *delivery.PauseReason) (delivery.State, error)

	// Commit makes the batch durable in ONE transaction, in this order:
	// outcomes, Applied, claims. All of it is on the disk when Commit returns
	// nil. An error of KindLocked says that nothing was done and that it may
	// be tried again; after any other the queue stops for good.
	//
	// An outcome applies only to a message that is claimed, and only where
	// the transition table allows it (by way of committing); any other is
	// skipped. In a stopped delivery pending and deferred become cancelled.
	//
	// A claim of a delivery with several relays is noted in the message, so
	// that its attempt counts for the limits of that relay, also when a
	// restart finds it in the journal. One for an account that the delivery
	// does not go through gets nothing.
	//
	// Claims are granted only for deliveries that are Sending or Retrying and
	// within the limits of their account. Fewer jobs than asked mean that
	// there are no more before NextDue: the earliest next try of a deferred
	// message, or the moment a limit frees.
	Commit(ctx context.Context, b Batch) (Committed, error)
}
