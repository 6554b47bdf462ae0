package transport

import (
	"fmt"

	"sendoff/engine/delivery"
)

// Stage is the step of a connection or transaction that a reply belongs to.
type Stage int

// Stages in the order they happen.
const (
	StageConnect  Stage = iota // no reply belongs to it
	StageGreeting              // 220
	StageHello                 // EHLO or HELO
	StageTLS                   // STARTTLS and the handshake
	StageAuth                  // AUTH
	StageMail                  // MAIL FROM, and the RSET before it
	StageRcpt                  // RCPT TO
	StageData                  // DATA
	StageBody                  // the message, before its dot
	StageDot                   // the dot has been written, at least in part
)

var stageNames = [...]string{"connect", "greeting", "hello", "tls", "auth", "mail", "rcpt", "data", "body", "dot"}

// Stages lists every stage.
func Stages() []Stage {
	s := make([]Stage, len(stageNames))
	for i := range s {
		s[i] = Stage(i)
	}
	return s
}

// String returns the stage's code, such as "rcpt".
func (s Stage) String() string {
	if s < 0 || int(s) >= len(stageNames) {
		return fmt.Sprintf("stage_%d", int(s))
	}
	return stageNames[s]
}

// Outcome is what a reply means for the message.
type Outcome int

// Outcomes. Continue is the answer of Judge to a reply that lets the
// transaction go on; Send never returns it.
const (
	Continue Outcome = iota
	Accepted         // the relay has taken the message over
	Deferred         // refused for now; try it later
	Rejected         // refused for good
	InDoubt          // the dot was written and nobody can know
	Again            // certainly not taken, and nothing was said about the message: offer it again
	Suspend          // refused for a reason that is not the message's: as Again, and the account must stop
)

var outcomeNames = [...]string{"continue", "accepted", "deferred", "rejected", "in_doubt", "again", "suspend"}

// String returns the outcome's code, such as "in_doubt".
func (o Outcome) String() string {
	if o < 0 || int(o) >= len(outcomeNames) {
		return fmt.Sprintf("outcome_%d", int(o))
	}
	return outcomeNames[o]
}

// Verdict is an outcome with its cause. Only a Fault of the recipient may count
// against the recipient. Kind is set where a person may have to act: with
// Suspend, Again, InDoubt and refusals by the relay or of the content.
type Verdict struct {
	Outcome Outcome
	Fault   delivery.Fault
	Nature  delivery.Nature
	Kind    delivery.Kind
}

// Judge gives the verdict on a reply at a stage. A Reply without a Code is no
// reply: the connection broke, timed out, or the peer said something that is not
// SMTP. It is a pure function.
//
// After the dot exactly the complete replies 2xx, 4xx and 5xx are certain; all
// else is InDoubt. Before the dot nothing is ever Accepted or InDoubt.
func Judge(stage Stage, r Reply) Verdict {
	switch r.Code / 100 {
	case 2, 3:
		return judgePositive(stage, r.Code)
	case 4, 5:
		if stage < StageMail {
			return judgeOpening(stage, r)
		}
		return judgeRefusal(stage, r)
	}
	if stage == StageDot {
		return Verdict{InDoubt, delivery.FaultNetwork, delivery.NatureLostReply, delivery.KindUnreachable}
	}
	return Verdict{Again, delivery.FaultNetwork, delivery.NatureUnreachable, delivery.KindUnreachable}
}

// judgePositive knows which first digit each stage waits for (RFC 5321 section
// 4.3.2). The other positive digit means that the two ends no longer talk about
// the same command.
func judgePositive(stage Stage, code int) Verdict {
	first := code / 100
	switch stage {
	case StageGreeting, StageHello, StageTLS, StageMail, StageRcpt:
		if first == 2 {
			return Verdict{}
		}
	case StageAuth:
		if first == 2 || code == 334 { // RFC 4954 section 4
			return Verdict{}
		}
	case StageData:
		if first == 3 {
			return Verdict{}
		}
	case StageDot:
		if first == 2 {
			return Verdict{Outcome: Accepted}
		}
		return Verdict{InDoubt, delivery.FaultRelay, delivery.NatureLostReply, delivery.KindProtocol}
	}
	return Verdict{Again, delivery.FaultRelay, delivery.NatureUnreachable, delivery.KindProtocol}
}

// judgeOpening judges refusals before the first transaction. No message was
// offered yet, so none is deferred or rejected.
func judgeOpening(stage Stage, r Reply) Verdict {
	temporary := r.Code/100 == 4
	switch {
	case r.Code == 421: // the relay closes the connection, RFC 5321 section 3.8
		return Verdict{Again, delivery.FaultRelay, delivery.NatureUnreachable, delivery.KindRelay}
	case stage == StageTLS:
		// RFC 3207 section 4: 454 is temporary, 501 is not; going on in
		// clear is out of the question either way.
		return Verdict{Suspend, delivery.FaultRelay, delivery.NatureUnreachable, delivery.KindTLS}
	case stage == StageAuth && !temporary:
		return Verdict{Suspend, delivery.FaultAccount, delivery.NatureAuth, delivery.KindAuth}
	case temporary:
		return Verdict{Again, delivery.FaultRelay, delivery.NatureUnreachable, delivery.KindRelay}
	}
	return Verdict{Suspend, delivery.FaultRelay, delivery.NatureRefused, delivery.KindRelay}
}
