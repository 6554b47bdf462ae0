// Package invariant holds what the engine says of a delivery against what a
// receiver saw, after whatever a test did to either. It is for tests.
//
// It only looks: it takes no lock, repairs nothing, and may be called while the
// delivery is under way, when it demands less.
package invariant

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// Receipt is one message whose final dot a receiver read.
type Receipt struct {
	Recipient string // bare address
	MessageID string // with its angle brackets
	Data      []byte // as received, CRLF line ends, dots unstuffed; nil: not kept
	Refused   bool   // the receiver answered with 4xx or 5xx
}

// Option says what a test knows beyond the rules.
type Option func(*books)

// SentAgain names recipients for whom a person decided to send again what was in
// doubt; they may have got two copies.
func SentAgain(recipients ...string) Option {
	return func(b *books) { b.again = append(b.again, recipients...) }
}

// books is one look at a delivery.
type books struct {
	testing.TB
	e     *engine.Engine
	id    delivery.ID
	view  delivery.View
	rows  []delivery.Row
	again []string
}

// Check fails t for everything that must never be, whatever happened:
//
//   - the ledger adds up, and sending log, log queries and recount agree with it;
//   - nothing left without a confirmation of exactly the plan that is stored;
//   - nobody got two copies that the receiver did not refuse;
//   - accepted means a stored 2xx and one copy, and whoever got a copy is
//     accepted or in doubt;
//   - every attempt bore the same Message-ID, which is the log's;
//   - every received message passes the guard of the wire and is, but for its
//     Date, to the byte what the plan sealed;
//   - attempts, states and next tries are a path through the transition table.
func Check(t testing.TB, e *engine.Engine, id delivery.ID, received []Receipt, options ...Option) {
	t.Helper()
	b := &books{TB: t, e: e, id: id}
	for _, o := range options {
		o(b)
	}
	ctx := context.Background()
	var err error
	if b.view, err = e.Delivery(ctx, id); err != nil {
		t.Fatal(err)
	}
	if err := e.EachRow(ctx, id, engine.RowFilter{}, func(r delivery.Row) error {
		b.rows = append(b.rows, r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if b.atRest() {
		b.ledger(ctx)
	}
	b.confirmed(received)
	b.copies(received)
	for _, r := range b.rows {
		b.path(ctx, r)
	}
	b.bytes(ctx, received)
}

// atRest reports whether nothing of the delivery is on its way, so that two
// readings agree.
func (b *books) atRest() bool {
	s, c := b.view.State, b.view.Counters
	quiet := s.Ended() || s == delivery.Paused || s == delivery.Retrying && c.Pending == 0
	return quiet && c.Claimed+c.Committing == 0
}

// ledger: conservation, and one truth for all who count.
func (b *books) ledger(ctx context.Context) {
	b.Helper()
	c := b.view.Counters
	if err := c.Check(); err != nil {
		b.Errorf("%v: %+v", err, c)
	}
	counted := delivery.Counters{Targeted: int64(len(b.rows))}
	for _, r := range b.rows {
		*counted.Of(r.State)++
	}
	if counted != c {
		b.Errorf("counters %+v, the log has %+v", c, counted)
	}
	for _, s := range delivery.MessageStates() {
		ns, err := b.e.MessageNumbers(ctx, b.id, delivery.LogQuery{States: []delivery.MessageState{s}})
		if err != nil || int64(len(ns)) != *c.Of(s) {
			b.Errorf("%d %s, counters have %d; %v", len(ns), s, *c.Of(s), err)
		}
	}
	r, err := b.e.ComputeStats(ctx, b.id)
	if err != nil || len(r.Differences) > 0 {
		b.Errorf("recount %+v, %v", r, err)
	}
}

// confirmed: nothing leaves but what a person let go.
func (b *books) confirmed(received []Receipt) {
	b.Helper()
	v := b.view
	begun := len(received) > 0 || slices.ContainsFunc(b.rows, func(r delivery.Row) bool { return r.Attempts > 0 })
	if begun && (v.Plan == nil || v.Confirmation == nil || v.Confirmation.Plan != v.Plan.Hash) {
		b.Errorf("sent without a confirmation of its plan: %+v", v.Confirmation)
	}
}

// copies: at most one for everybody, and none that the log does not know of.
func (b *books) copies(received []Receipt) {
	b.Helper()
	got := map[string]int{}
	ids := map[string]string{}
	for _, r := range received {
		if !r.Refused {
			got[r.Recipient]++
		} else if got[r.Recipient] == 0 {
			got[r.Recipient] = 0
		}
		if old, ok := ids[r.Recipient]; ok && old != r.MessageID {
			b.Errorf("%s got %s and %s: the Message-ID is not stable", r.Recipient, old, r.MessageID)
		}
		ids[r.Recipient] = r.MessageID
	}
	for _, r := range b.rows {
		n, seen := got[r.Address]
		delete(got, r.Address)
		most := 1
		if slices.Contains(b.again, r.Address) {
			most = 2
		}
		switch {
		case n > most:
			b.Errorf("%s got %d copies", r.Address, n)
		case seen && r.State == delivery.MsgExcluded:
			b.Errorf("%s is excluded and a message to it arrived", r.Address)
		case r.State == delivery.MsgAccepted && n == 0:
			b.Errorf("%s is accepted and the receiver has no copy", r.Address)
		case n > 0 && r.State != delivery.MsgAccepted && r.State != delivery.MsgInDoubt && r.State != delivery.MsgCommitting:
			b.Errorf("%s is %s and the receiver has a copy", r.Address, r.State)
		}
	}
	for address := range got {
		b.Errorf("%s is not in the log and a message to it arrived", address)
	}
}

// path: what is stored of a message can have come about only one way.
func (b *books) path(ctx context.Context, r delivery.Row) {
	b.Helper()
	bad := func(what string) {
		b.Helper()
		b.Errorf("%s: %s: %+v", r.Address, what, r)
	}
	switch {
	case r.State == delivery.MsgAccepted && r.Code/100 != 2:
		bad("accepted without a 2xx")
	case r.State == delivery.MsgRejected && r.Code/100 != 5 && r.Nature == delivery.NatureNone:
		bad("rejected without a reason")
	case r.State == delivery.MsgInDoubt && r.Nature != delivery.NatureLostReply:
		bad("in doubt, and not for a lost reply")
	case r.State == delivery.MsgInDoubt && (r.Code/100 == 2 || r.Code >= 400):
		bad("in doubt although the reply is certain")
	case (r.State == delivery.MsgDeferred) != !r.NextTry.IsZero():
		bad("deferred messages, and they alone, have a next try")
	case r.State == delivery.MsgDeferred && r.NextTry.Before(r.At):
		bad("the next try is before the last one")
	case r.Attempts == 0 && (r.State == delivery.MsgAccepted || r.State == delivery.MsgDeferred || r.State == delivery.MsgInDoubt):
		bad("an end without an attempt")
	}
	if r.Attempts < 2 {
		return
	}
	m, err := b.e.Message(ctx, b.id, r.Seq)
	if err != nil {
		b.Error(err)
		return
	}
	for i, a := range m.Attempts {
		if a.Number != i+1 {
			bad(fmt.Sprintf("attempt %d is numbered %d", i+1, a.Number))
		}
		if i > 0 && a.At.Before(m.Attempts[i-1].At) {
			bad("attempts go back in time")
		}
		// What leaves a state for another attempt was deferred, or was in
		// doubt and a person said so.
		decided := a.State == delivery.MsgInDoubt && slices.Contains(b.again, r.Address)
		if i < len(m.Attempts)-1 && a.State != delivery.MsgDeferred && !decided {
			bad(fmt.Sprintf("tried again after %s", a.State))
		}
	}
}

// bytes: what arrived is what was sealed.
func (b *books) bytes(ctx context.Context, received []Receipt) {
	b.Helper()
	numbers := map[string]int64{}
	for _, r := range b.rows {
		if r.State != delivery.MsgExcluded {
			numbers[r.Address] = r.Seq
		}
	}
	for _, r := range received {
		n, ok := numbers[r.Recipient]
		if !ok {
			continue // copies has said so
		}
		m, err := b.e.Message(ctx, b.id, n)
		if err != nil {
			b.Error(err)
			return
		}
		if !m.Sealed {
			b.Errorf("%s: what the plan sealed cannot be made again", r.Recipient)
		}
		if r.MessageID != m.MessageID {
			b.Errorf("%s got %s, the log has %s", r.Recipient, r.MessageID, m.MessageID)
		}
		if r.Data == nil {
			continue
		}
		if err := message.Guard(r.Data, 0); err != nil {
			b.Errorf("%s got what the guard refuses: %v\n%q", r.Recipient, err, r.Data)
		}
		if got, want := undated(r.Data), undated(m.Raw); !bytes.Equal(got, want) {
			b.Errorf("%s got\n%q\nand not what was sealed:\n%q", r.Recipient, got, want)
		}
	}
}

// undated is a message without its Date field, which is that of the attempt.
func undated(data []byte) []byte {
	data = slices.Clone(data)
	i := bytes.Index(data, []byte("\r\nDate: "))
	if bytes.HasPrefix(data, []byte("Date: ")) {
		i = -2
	} else if i < 0 {
		return data
	}
	i += 2
	return slices.Delete(data, i, i+bytes.IndexByte(data[i:], '\n')+1)
}

// ID is the Message-ID of a message with CRLF line ends, with its brackets, or
// empty.
func ID(data []byte) string {
	head, _, _ := bytes.Cut(data, []byte("\r\n\r\n"))
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Message-ID")) {
			return string(bytes.TrimSpace(value))
		}
	}
	return ""
}
