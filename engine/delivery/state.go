package delivery

import (
	"fmt"
	"slices"
)

// State is where a delivery stands. The codes are stored, exported and shown by
// `sendoffctl delivery show --json`; they never change their meaning.
type State string

// The states a person sees, in the order of a delivery's life.
const (
	Editing           State = "editing"            // being written; nothing can leave
	Preparing         State = "preparing"          // target and messages are being computed
	PreparationFailed State = "preparation_failed" // an error finding blocks it
	Ready             State = "ready"              // sealed by a plan, waits for Confirm
	Confirmed         State = "confirmed"          // waits for its contact date
	Sending           State = "sending"            // messages leave
	Paused            State = "paused"             // a person or a breaker paused it
	Retrying          State = "retrying"           // first attempts done, deferred ones remain
	Finished          State = "finished"           // every message has its end
	Stopped           State = "stopped"            // a person stopped it; the rest is cancelled
	Failed            State = "failed"             // it could not go on
	Expired           State = "expired"            // never confirmed within its validity
	Skipped           State = "skipped"            // a run that a person skipped
)

// States lists every state once.
func States() []State {
	return []State{Editing, Preparing, PreparationFailed, Ready, Confirmed, Sending,
		Paused, Retrying, Finished, Stopped, Failed, Expired, Skipped}
}

// Ended reports whether nothing of the delivery will leave any more, unless a
// person decides to send again what is in doubt.
func (s State) Ended() bool {
	switch s {
	case Finished, Stopped, Failed, Expired, Skipped:
		return true
	}
	return false
}

// Active reports whether the dispatcher is concerned with the delivery.
func (s State) Active() bool {
	switch s {
	case Confirmed, Sending, Retrying:
		return true
	}
	return false
}

// Sealed reports whether the delivery has left the hands of its editors: from
// Confirm on, its content cannot change.
func (s State) Sealed() bool {
	switch s {
	case Confirmed, Sending, Paused, Retrying:
		return true
	}
	return s.Ended()
}

// Action is what moves a delivery from one state to another.
type Action string

// Actions of persons come first, then those of the engine.
const (
	Edit            Action = "edit"
	Prepare         Action = "prepare"
	StopPreparation Action = "stop_preparation"
	Confirm         Action = "confirm"
	Pause           Action = "pause"
	Resume          Action = "resume"
	Stop            Action = "stop"
	Reopen          Action = "reopen" // what is in doubt is sent again, by a recorded decision

	Prepared    Action = "prepared"     // preparation ended without an error finding
	FailPrepare Action = "fail_prepare" // preparation ended with one, or could not be done
	Start       Action = "start"        // the contact date has come
	Retry       Action = "retry"        // only deferred messages remain
	Finish      Action = "finish"       // no message is left to do
	Fail        Action = "fail"
	Expire      Action = "expire"
	Skip        Action = "skip"
)

// transitions is the one table that says what may happen to a delivery.
var transitions = map[State]map[Action]State{
	Editing:           {Edit: Editing, Prepare: Preparing},
	Preparing:         {StopPreparation: Editing, Prepared: Ready, FailPrepare: PreparationFailed},
	PreparationFailed: {Edit: Editing, Prepare: Preparing},
	Ready:             {Edit: Editing, Prepare: Preparing, Confirm: Confirmed, Expire: Expired, Skip: Skipped},
	Confirmed:         {Start: Sending, Pause: Paused, Stop: Stopped, Fail: Failed, Skip: Skipped},
	Sending:           {Pause: Paused, Stop: Stopped, Retry: Retrying, Finish: Finished, Fail: Failed},
	Retrying:          {Start: Sending, Pause: Paused, Stop: Stopped, Finish: Finished, Fail: Failed},
	Paused:            {Resume: Confirmed, Stop: Stopped, Fail: Failed},
	Finished:          {Reopen: Confirmed},
	Stopped:           {Reopen: Confirmed},
}

// Next returns the state that action leads to. The error is an *Error of
// KindState that names both when the action is not possible now.
func Next(s State, a Action) (State, error) {
	if to, ok := transitions[s][a]; ok {
		return to, nil
	}
	return s, &Error{Op: string(a), Kind: KindState, Detail: string(s),
		Err: fmt.Errorf("%s is not possible while %s", a, s)}
}

// Possible lists, sorted, the actions the table allows in a state.
func Possible(s State) []Action {
	var as []Action
	for a := range transitions[s] {
		as = append(as, a)
	}
	slices.Sort(as)
	return as
}
