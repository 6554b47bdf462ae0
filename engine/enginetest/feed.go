package enginetest

import (
	"bytes"
	"context"
	"sync"

	"sendoff/engine/transport"
)

// Feed is a transport.Feed over a list of messages.
type Feed struct {
	// Mails are handed out in order.
	Mails []transport.Mail

	// BeforeDot is called by Commit for the message with that number in
	// Mails; nil: nothing. Its error forbids the message.
	BeforeDot func(ctx context.Context, i int) error

	// Refuse makes Begin report false for a message; nil: none.
	Refuse func(i int) bool

	mu      sync.Mutex
	next    int
	results []Ended
}

// Ended is a message that came back, by its number in Mails.
type Ended struct {
	I int
	transport.Result
}

// Next implements transport.Feed.
func (f *Feed) Next(context.Context, bool) *transport.Mail {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.next == len(f.Mails) {
		return nil
	}
	m := f.Mails[f.next]
	m.Tag, m.Data = f.next, bytes.Clone(m.Data)
	f.next++
	return &m
}

// Begin implements transport.Feed.
func (f *Feed) Begin(m *transport.Mail) bool {
	return f.Refuse == nil || !f.Refuse(m.Tag.(int))
}

// Ready implements transport.Feed.
func (f *Feed) Ready(*transport.Mail) bool { return true }

// Free implements transport.Feed. What is read of the message from here on is
// wrong.
func (f *Feed) Free(m *transport.Mail) {
	for i := range m.Data {
		m.Data[i] = '!'
	}
}

// Commit implements transport.Feed.
func (f *Feed) Commit(ctx context.Context, m *transport.Mail) error {
	if f.BeforeDot == nil {
		return nil
	}
	return f.BeforeDot(ctx, m.Tag.(int))
}

// Done implements transport.Feed.
func (f *Feed) Done(m *transport.Mail, r transport.Result) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.results = append(f.results, Ended{m.Tag.(int), r})
}

// Results lists what came back, in order.
func (f *Feed) Results() []Ended {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Ended(nil), f.results...)
}

// Send transmits one message over a session. A session that takes no more
// returns the zero Result with the outcome Again.
func Send(ctx context.Context, s *transport.Session, m transport.Mail, beforeDot func(context.Context) error) transport.Result {
	f := Feed{Mails: []transport.Mail{m}}
	if beforeDot != nil {
		f.BeforeDot = func(ctx context.Context, _ int) error { return beforeDot(ctx) }
	}
	s.Run(ctx, &f)
	if rs := f.Results(); len(rs) > 0 {
		return rs[0].Result
	}
	return transport.Result{Verdict: transport.Verdict{Outcome: transport.Again}}
}
