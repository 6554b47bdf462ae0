package delivery

import "time"

// Decision is what a person decides about a message in doubt. The codes are
// stored and never change their meaning.
type Decision string

// Decisions. Every one is recorded with the operator's name; none is taken by
// the engine itself.
const (
	Leave     Decision = "leave"      // it stays in doubt and is not asked about again
	MarkSent  Decision = "mark_sent"  // it counts as accepted
	SendAgain Decision = "send_again" // it is sent again under its own Message-ID: it may arrive twice
)

// Withdraw takes a Leave or a MarkSent back, so that it is asked again. It is
// recorded like a decision and is none that ResolveDoubt takes.
const Withdraw Decision = "withdraw"

// Decisions lists every decision once, the mildest first.
func Decisions() []Decision { return []Decision{Leave, MarkSent, SendAgain} }

// Becomes is the state that the decision leads to, from MsgInDoubt. It is of
// KindInvalid for anything that is no decision.
func (d Decision) Becomes() (MessageState, error) {
	switch d {
	case Leave:
		return MsgInDoubt, nil
	case MarkSent:
		return MsgAccepted, nil
	case SendAgain:
		return MsgPending, nil
	}
	return MsgInDoubt, &Error{Op: "resolve_doubt", Kind: KindInvalid, Field: "decision", Detail: string(d)}
}

// Decided is the last decision that was taken about a message; the zero value
// is none.
type Decided struct {
	Decision Decision
	By       string // operator
	At       time.Time
	Attempt  int // the attempt that was in doubt, from 1
}

// Marked reports whether a message is accepted by a decision instead of by a
// reply of the relay: the one exception from "accepted has a stored 2xx".
func (r Row) Marked() bool { return r.State == MsgAccepted && r.Decided.Decision == MarkSent }

// Left reports whether a message is in doubt and, by a decision, stays so.
func (r Row) Left() bool {
	return r.State == MsgInDoubt && r.Decided.Decision == Leave && r.Decided.Attempt == r.Attempts
}

// DoubtCause is what made it impossible to know whether a message arrived.
type DoubtCause string

// Causes of a doubt.
const (
	DoubtCrash      DoubtCause = "crash"      // Sendoff or the computer ended between the intent and the outcome
	DoubtLostReply  DoubtCause = "lost_reply" // the connection ended after the final dot, before a whole reply
	DoubtUnreadable DoubtCause = "unreadable" // what came after the final dot is no reply of SMTP
)

// CauseOfDoubt tells the cause by what an attempt left behind.
func CauseOfDoubt(f Fault) DoubtCause {
	switch f {
	case FaultNone:
		return DoubtCrash
	case FaultRelay:
		return DoubtUnreadable
	}
	return DoubtLostReply
}

// Resolution tells what ResolveDoubt did.
type Resolution struct {
	Decided  int64 // messages that the decision was recorded for
	Skipped  int64 // messages that were in doubt no more, or left already: nothing was done
	Reopened bool  // an ended delivery waits to send again
	State    State // of the delivery afterwards
}

// Doubt is what is known of a message in doubt, or of one that was: what a
// decision can be based on.
type Doubt struct {
	Row
	Cause     DoubtCause
	In        Attempt // the attempt that is or was in doubt; At is when the reply was missed or, after a crash, found missing
	Relay     string  // host:port of the account; empty for the training relay
	MessageID string  // the same at every attempt, with its angle brackets
	Bytes     int64   // of the message on the wire, before dot-stuffing
}
