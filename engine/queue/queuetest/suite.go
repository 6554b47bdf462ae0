package queuetest

import (
	"slices"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// Seed describes a delivery for a test: confirmed, with messages numbered from 1
// that are all pending, and with the Address, Fields and Sum of this package.
type Seed struct {
	Messages int
	Account  delivery.Account // equal IDs mean the same account
	Relays   []queue.Relay    // all of several, Account's first; empty for one
	Schedule delivery.Schedule
	Validity time.Time

	// Domain, if set, gives the last part of the domain of a message: the
	// address is AddressAt.
	Domain func(seq int64) string
}

// Address is that of a message of the seed.
func (s Seed) Address(id delivery.ID, seq int64) string {
	if s.Domain == nil {
		return Address(id, seq)
	}
	return AddressAt(id, seq, s.Domain(seq))
}

// Seeder is the other side of a Store: what persons and a start of the program
// do to it.
type Seeder interface {
	Seed(s Seed) delivery.ID
	// Act applies Pause, Resume or Stop as a person does.
	Act(id delivery.ID, a delivery.Action) error
	// Recover does what opening after a crash does with what the journal says.
	// The Store of the suite is used again afterwards.
	Recover(left queue.Left)
	State(id delivery.ID) delivery.State
	// Counters returns the ledger, recounted from the messages.
	Counters(id delivery.ID) delivery.Counters
	// Message returns one message: at least its state, attempts, next try and
	// account.
	Message(r queue.Ref) Message
}

// Account is an account of training size for tests.
func Account(id int64, connections int) delivery.Account {
	return delivery.Account{ID: id, Name: "relay", Kind: delivery.AccountSMTP, Host: "relay.example",
		Port: 25, Connections: connections}
}

// Run tests that a Store keeps to its contract. Each test opens its own.
func Run(t *testing.T, open func(t *testing.T) (queue.Store, Seeder)) {
	for _, c := range []struct {
		name string
		test func(*bench)
	}{
		{"active", testActive},
		{"advance", testAdvance},
		{"claim", testClaim},
		{"deferred", testDeferred},
		{"outcomes from legal states only", testLegal},
		{"order within a batch", testOrder},
		{"pause", testPause},
		{"stop", testStop},
		{"recovery", testRecovery},
		{"limit", testLimit},
		{"two deliveries", testTwo},
		{"several relays", testRelays},
		{"limits of several relays", testRelayLimits},
		{"recovery with several relays", testRelayRecovery},
		{"limits of a domain", testDomainLimit},
		{"at once to a domain", testDomainAtOnce},
		{"a domain on hold", testDomainHold},
		{"recovery with limits of a domain", testDomainRecovery},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, seeder := open(t)
			c.test(&bench{T: t, Store: s, Seeder: seeder, now: time.Now().Round(0).UTC()})
		})
	}
}

// bench is one test with its store.
type bench struct {
	*testing.T
	queue.Store
	Seeder
	now time.Time
}

// started seeds a delivery and starts it.
func (b *bench) started(n int, a delivery.Account) delivery.ID {
	b.Helper()
	id := b.Seed(Seed{Messages: n, Account: a})
	b.advance(id, delivery.Start, delivery.Sending)
	return id
}

func (b *bench) advance(id delivery.ID, a delivery.Action, want delivery.State) {
	b.Helper()
	got, err := b.Advance(b.Context(), id, a, nil)
	if err != nil || got != want {
		b.Fatalf("Advance(%s) = %s, %v; want %s", a, got, err, want)
	}
}

func (b *bench) act(id delivery.ID, a delivery.Action) {
	b.Helper()
	if err := b.Act(id, a); err != nil {
		b.Fatalf("%s: %v", a, err)
	}
}

// commit commits and checks every ledger that the batch touched.
func (b *bench) commit(x queue.Batch) queue.Committed {
	b.Helper()
	x.Now = b.now
	done, err := b.Commit(b.Context(), x)
	if err != nil {
		b.Fatalf("Commit: %v", err)
	}
	touched := map[delivery.ID]bool{}
	for _, o := range x.Outcomes {
		touched[o.Delivery] = true
	}
	for _, c := range x.Claims {
		touched[c.Delivery] = true
	}
	for id := range touched {
		got, ok := done.Counters[id]
		if !ok {
			b.Fatalf("Counters lack %s, which the batch touched", id)
		}
		if err := got.Check(); err != nil {
			b.Fatalf("%s: %v: %+v", id, err, got)
		}
		if want := b.Counters(id); got != want {
			b.Fatalf("%s: counters %+v, recounted %+v", id, got, want)
		}
	}
	return done
}

// claim claims messages and returns them.
func (b *bench) claim(id delivery.ID, n int) []queue.Job {
	b.Helper()
	return b.commit(queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: n}}}).Jobs[id]
}

// outcome hands in one outcome.
func (b *bench) outcome(r queue.Ref, to delivery.MessageState, attempt int) queue.Outcome {
	o := queue.Outcome{Ref: r, To: to, Attempt: attempt, At: b.now}
	switch to {
	case delivery.MsgAccepted:
		o.Code, o.Enhanced, o.Reply = 250, "2.0.0", "queued"
	case delivery.MsgRejected:
		o.Code, o.Enhanced, o.Reply = 550, "5.1.1", "no such user"
		o.Nature, o.Fault = delivery.NatureUserUnknown, delivery.FaultRecipient
	case delivery.MsgDeferred:
		o.Code, o.Enhanced, o.Reply = 451, "4.7.1", "greylisted"
		o.Nature, o.Fault = delivery.NatureGreylisted, delivery.FaultRelay
		o.NextTry = b.now.Add(time.Minute)
	case delivery.MsgInDoubt:
		o.Nature = delivery.NatureLostReply
	}
	return o
}

func (b *bench) settle(r queue.Ref, to delivery.MessageState) queue.Committed {
	b.Helper()
	return b.commit(queue.Batch{Outcomes: []queue.Outcome{b.outcome(r, to, 1)}})
}

// is checks the state of a message.
func (b *bench) is(r queue.Ref, want delivery.MessageState) {
	b.Helper()
	if got := b.Message(r).To; got != want {
		b.Fatalf("message %v is %s, want %s", r, got, want)
	}
}

func (b *bench) find(id delivery.ID) (queue.Active, bool) {
	b.Helper()
	list, err := b.Active(b.Context())
	if err != nil {
		b.Fatalf("Active: %v", err)
	}
	i := slices.IndexFunc(list, func(a queue.Active) bool { return a.ID == id })
	if i < 0 {
		return queue.Active{}, false
	}
	return list[i], true
}
