package queuetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// ErrFault is what a Memory returns when it was told to fail.
var ErrFault = errors.New("fault on purpose")

// Message is one row of a Memory.
type Message struct {
	queue.Outcome // the last one; To is the state now
	Address       string
	Accepted      int   // how often it became accepted
	Account       int64 // the relay that has it or took it last, of several; 0: the delivery's own, or none yet
}

// Memory is a Store in memory.
type Memory struct {
	// Delay is how long a Commit takes. Set it before the first call.
	Delay   time.Duration
	mu      sync.Mutex
	rows    map[delivery.ID][]Message
	low     map[delivery.ID]int // no row before it can be claimed
	heads   map[delivery.ID]*queue.Active
	reasons map[delivery.ID]*delivery.PauseReason
	actions map[delivery.ID][]delivery.Action
	commits int
	applied uint64
	failAt  int
	lock    int // commits and changes of state that find the store locked
	crashed bool
	faults  []error
}

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{rows: map[delivery.ID][]Message{}, heads: map[delivery.ID]*queue.Active{},
		low: map[delivery.ID]int{}, reasons: map[delivery.ID]*delivery.PauseReason{}, actions: map[delivery.ID][]delivery.Action{}}
}

// Seed makes a confirmed delivery.
func (m *Memory) Seed(s Seed) delivery.ID {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := delivery.ID(len(m.heads) + 1)
	rows := make([]Message, s.Messages)
	for i := range rows {
		seq := int64(i + 1)
		rows[i].Ref = queue.Ref{Delivery: id, Seq: seq}
		rows[i].Address = s.Address(id, seq)
	}
	m.rows[id] = rows
	m.heads[id] = &queue.Active{ID: id, State: delivery.Confirmed, Account: s.Account, Relays: s.Relays, Schedule: s.Schedule,
		Validity: s.Validity, Counters: delivery.Counters{Targeted: int64(s.Messages), Pending: int64(s.Messages)}}
	return id
}

// FailAt makes the nth Commit from now on, and all after it, fail without effect.
func (m *Memory) FailAt(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failAt = m.commits + n
}

// Crash makes every call fail from now on. With ambiguous, the next Commit takes
// effect all the same, as one whose confirmation was lost.
func (m *Memory) Crash(ambiguous bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failAt, m.crashed = m.commits+1, true
	if ambiguous {
		m.failAt = -m.failAt
	}
}

// Lock makes the next n commits and changes of state find the store locked by
// another program.
func (m *Memory) Lock(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lock = n
}

// Applied is the number of the last record that was taken over from the journal.
func (m *Memory) Applied() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.applied
}

// Recover does what a start does: the outcomes that are left, then open intents →
// in doubt, and the other claims → pending. It ends all faults.
func (m *Memory) Recover(left queue.Left) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failAt, m.crashed = 0, false
	for _, o := range left.Outcomes {
		m.outcome(o)
	}
	m.applied = left.Last
	for _, i := range left.Open {
		if r := &m.rows[i.Delivery][i.Seq-1]; r.To == delivery.MsgClaimed {
			m.move(i.Delivery, r, delivery.MsgInDoubt)
			r.Attempt, r.At = i.Attempt, time.Now()
		}
	}
	for id, rows := range m.rows {
		for i := range rows {
			if rows[i].To == delivery.MsgClaimed {
				m.move(id, &rows[i], m.resting(id, delivery.MsgPending))
			}
		}
	}
}

// Act applies what a person does: Pause, Resume or Stop.
func (m *Memory) Act(id delivery.ID, a delivery.Action) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.heads[id]
	to, err := delivery.Next(h.State, a)
	if err != nil {
		return err
	}
	h.State = to
	if a == delivery.Resume {
		h.Decided = time.Now().Round(0)
	}
	if to == delivery.Stopped {
		for i := range m.rows[id] {
			if r := &m.rows[id][i]; r.To == delivery.MsgPending || r.To == delivery.MsgDeferred {
				m.move(id, r, delivery.MsgCancelled)
			}
		}
	}
	return nil
}

// Reschedule moves the contact date of a delivery.
func (m *Memory) Reschedule(id delivery.ID, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.heads[id].Schedule.At = at
}

// State returns the delivery's state.
func (m *Memory) State(id delivery.ID) delivery.State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.heads[id].State
}

// Counters returns the ledger, recounted from the messages.
func (m *Memory) Counters(id delivery.ID) delivery.Counters {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count(id)
}

func (m *Memory) count(id delivery.ID) delivery.Counters {
	c := delivery.Counters{Targeted: int64(len(m.rows[id]))}
	for i := range m.rows[id] {
		*c.Of(m.rows[id][i].To)++
	}
	return c
}

// Len returns how many messages a delivery has; 0 when there is no such delivery.
func (m *Memory) Len(id delivery.ID) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.rows[id])
}

// Message returns one message.
func (m *Memory) Message(r queue.Ref) Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rows[r.Delivery][r.Seq-1]
}

// Reason returns why a breaker paused the delivery, or nil.
func (m *Memory) Reason(id delivery.ID) *delivery.PauseReason {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reasons[id]
}

// Actions returns what Advance has done to the delivery.
func (m *Memory) Actions(id delivery.ID) []delivery.Action {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.actions[id])
}

// Commits returns how many commits were tried.
func (m *Memory) Commits() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.commits
}

// Faults returns what was found wrong: ledgers that did not add up.
func (m *Memory) Faults() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return errors.Join(m.faults...)
}

// seen is when something was last sent through an account.
func (m *Memory) seen(account int64) (last time.Time) {
	for id, rows := range m.rows {
		if m.heads[id].Account.ID != account {
			continue
		}
		for i := range rows {
			if rows[i].At.After(last) && rows[i].Attempt > 0 {
				last = rows[i].At
			}
		}
	}
	return last
}

// Active implements queue.Store.
func (m *Memory) Active(context.Context) ([]queue.Active, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.crashed {
		return nil, ErrFault
	}
	var list []queue.Active
	for _, id := range slices.Sorted(maps.Keys(m.heads)) {
		if h := *m.heads[id]; h.State.Active() {
			h.NextDue = m.nextDue(id, time.Now())
			if h.State == delivery.Confirmed && h.Schedule.Mode == delivery.AtDate {
				h.Seen = m.seen(h.Account.ID)
			}
			list = append(list, h)
		}
	}
	return list, nil
}

// Advance implements queue.Store.
func (m *Memory) Advance(_ context.Context, id delivery.ID, a delivery.Action, why *delivery.PauseReason) (delivery.State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.crashed {
		return "", ErrFault
	}
	if m.lock > 0 {
		m.lock--
		return "", &delivery.Error{Op: string(a), Kind: delivery.KindLocked}
	}
	h := m.heads[id]
	to, err := delivery.Next(h.State, a)
	if err != nil {
		return h.State, err
	}
	switch a {
	case delivery.Start:
		h.Started = cmp.Or(h.Started, time.Now().Round(0))
	case delivery.Pause:
		m.reasons[id] = why
	case delivery.Finish:
		if n := m.count(id).Open(); n > 0 {
			m.faults = append(m.faults, fmt.Errorf("%s finished with %d open messages", id, n))
		}
	}
	h.State = to
	m.actions[id] = append(m.actions[id], a)
	return to, nil
}
