package delivery

import "errors"

// Counters is the ledger of one delivery: how many of its messages stand in
// each state. Targeted is the number of message rows, every other field one
// state.
type Counters struct {
	Targeted   int64 `json:"targeted"`
	Excluded   int64 `json:"excluded"`
	Pending    int64 `json:"pending"`
	Claimed    int64 `json:"claimed"`
	Committing int64 `json:"committing"`
	Accepted   int64 `json:"accepted"`
	Deferred   int64 `json:"deferred"`
	Rejected   int64 `json:"rejected"`
	InDoubt    int64 `json:"in_doubt"`
	Cancelled  int64 `json:"cancelled"`
}

// ErrUnbalanced says that a ledger does not add up.
var ErrUnbalanced = errors.New("ledger does not add up")

// Of points at the counter of one message state.
func (c *Counters) Of(s MessageState) *int64 {
	switch s {
	case MsgPending:
		return &c.Pending
	case MsgClaimed:
		return &c.Claimed
	case MsgCommitting:
		return &c.Committing
	case MsgAccepted:
		return &c.Accepted
	case MsgDeferred:
		return &c.Deferred
	case MsgRejected:
		return &c.Rejected
	case MsgInDoubt:
		return &c.InDoubt
	case MsgCancelled:
		return &c.Cancelled
	case MsgExcluded:
		return &c.Excluded
	}
	return new(int64)
}

// Sum adds every state.
func (c Counters) Sum() int64 {
	var n int64
	for _, s := range MessageStates() {
		n += *c.Of(s)
	}
	return n
}

// Check returns ErrUnbalanced when the ledger does not add up or a term is
// negative.
func (c Counters) Check() error {
	for _, s := range MessageStates() {
		if *c.Of(s) < 0 {
			return ErrUnbalanced
		}
	}
	if c.Targeted != c.Sum() {
		return ErrUnbalanced
	}
	return nil
}

// ToDeliver is the number of messages that the plan lets out.
func (c Counters) ToDeliver() int64 { return c.Targeted - c.Excluded }

// Open is the number of messages that may still leave.
func (c Counters) Open() int64 { return c.Pending + c.Claimed + c.Committing + c.Deferred }
