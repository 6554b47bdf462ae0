package delivery

import "fmt"

// MessageState is where one message (one recipient of one delivery) stands.
// The numbers are stored.
type MessageState int

// A message moves pending → claimed → committing → one of the ends. Committing is
// an intent that is durable before the final dot is written; it is kept in the
// sending journal, and the database says claimed meanwhile. Whatever is found
// committing after a crash is in doubt and is never sent again by itself.
const (
	MsgPending    MessageState = 0 // to be sent
	MsgClaimed    MessageState = 1 // handed to a connection; safe to hand out again unless the journal has an open intent
	MsgCommitting MessageState = 2 // the dot may have been written
	MsgAccepted   MessageState = 3 // the relay said 2xx after the dot
	MsgDeferred   MessageState = 4 // 4xx; tried again at its next try
	MsgRejected   MessageState = 5 // 5xx, or its validity ran out
	MsgInDoubt    MessageState = 6 // nobody can know
	MsgCancelled  MessageState = 7 // stopped before it began
	MsgExcluded   MessageState = 8 // targeted, but not to be written to
)

var messageCodes = [...]string{"pending", "claimed", "committing", "accepted",
	"deferred", "rejected", "in_doubt", "cancelled", "excluded"}

// MessageStates lists every state once, in stored order.
func MessageStates() []MessageState {
	return []MessageState{MsgPending, MsgClaimed, MsgCommitting, MsgAccepted,
		MsgDeferred, MsgRejected, MsgInDoubt, MsgCancelled, MsgExcluded}
}

// String returns the state's code, such as "in_doubt".
func (s MessageState) String() string {
	if s < 0 || int(s) >= len(messageCodes) {
		return fmt.Sprintf("message_state_%d", int(s))
	}
	return messageCodes[s]
}

// Ended reports whether the message will not be touched again without a person.
func (s MessageState) Ended() bool {
	switch s {
	case MsgAccepted, MsgRejected, MsgInDoubt, MsgCancelled, MsgExcluded:
		return true
	}
	return false
}

// messageTransitions is the one table of what may happen to a message. In doubt
// leaves its state by a person's recorded decision alone, and comes back from
// accepted when that decision is withdrawn.
var messageTransitions = map[MessageState][]MessageState{
	MsgPending:    {MsgClaimed, MsgCancelled, MsgExcluded, MsgRejected},
	MsgClaimed:    {MsgPending, MsgCommitting, MsgDeferred, MsgRejected, MsgExcluded, MsgCancelled},
	MsgCommitting: {MsgAccepted, MsgDeferred, MsgRejected, MsgInDoubt, MsgPending},
	MsgDeferred:   {MsgClaimed, MsgCancelled, MsgRejected, MsgExcluded},
	MsgInDoubt:    {MsgAccepted, MsgPending},
	MsgAccepted:   {MsgInDoubt},
}

// CanBecome reports whether a message may go from s to t.
func (s MessageState) CanBecome(t MessageState) bool {
	for _, x := range messageTransitions[s] {
		if x == t {
			return true
		}
	}
	return false
}

// Fault says whose fault a refusal is. Only a recipient's fault may ever count
// against the recipient.
type Fault string

// The parties to a transaction.
const (
	FaultNone      Fault = ""
	FaultRecipient Fault = "recipient"
	FaultAccount   Fault = "account" // our credentials, our limits, our sender
	FaultContent   Fault = "content"
	FaultRelay     Fault = "relay"
	FaultNetwork   Fault = "network"
)

// Nature is the nature of a failure or of an exclusion.
type Nature string

// Natures, after the field's list.
const (
	NatureNone           Nature = ""
	NatureUserUnknown    Nature = "user_unknown"
	NatureInvalidDomain  Nature = "invalid_domain"
	NatureUnreachable    Nature = "unreachable"
	NatureDisabled       Nature = "account_disabled"
	NatureMailboxFull    Nature = "mailbox_full"
	NatureRefused        Nature = "refused"
	NatureGreylisted     Nature = "greylisted"
	NatureNotDefined     Nature = "not_defined"
	NatureExpired        Nature = "expired"
	NatureCancelled      Nature = "cancelled"
	NatureLostReply      Nature = "lost_reply"
	NatureMissing        Nature = "address_missing"
	NatureInvalid        Nature = "address_invalid"
	NatureDuplicate      Nature = "duplicate"
	NatureDenylist       Nature = "denylist"
	NatureQuarantine     Nature = "quarantine"
	NatureWritten        Nature = "already_written_to"  // by the delivery that this one tops up, or another top-up of it
	NatureUnsupported    Nature = "address_unsupported" // needs SMTPUTF8, which we do not offer
	NaturePersonalise    Nature = "personalisation"
	NatureRelayLimit     Nature = "relay_limit"
	NatureSenderRefused  Nature = "sender_refused"
	NatureContentRefused Nature = "content_refused"
	NatureAuth           Nature = "authentication"
)

// Causes lists the exclusion causes in the order the rules are applied, so that
// a report can show the zeros too.
func Causes() []Nature {
	return []Nature{NatureMissing, NatureInvalid, NatureDenylist, NatureQuarantine, NatureWritten, NatureDuplicate}
}
