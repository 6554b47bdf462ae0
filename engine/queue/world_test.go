package queue_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
	"sendoff/engine/transport"
)

// act is what the scripted relay does to one message.
type act int

const (
	accept    act = iota
	grey          // 451 at RCPT
	unknown       // 550 5.1.1 at RCPT
	refuse        // 554 after the dot, the content's fault
	lose          // reads the dot, accepts, and the reply is lost
	swallow       // the line breaks after the dot, before the relay took it
	cut           // the line breaks before the dot
	busy          // 421 at MAIL
	greyBusy      // 421 at RCPT, taken for a matter of the message
	overLimit     // 452, our limit at the relay
	sender        // 550 at MAIL, our sender is refused
	badAuth       // 530 at MAIL
	strange       // 503 at RCPT: the two ends do not understand each other
	putOff        // 450 4.7.0 at RCPT, the recipient's domain has had enough
	hang          // reads the dot and says nothing until it is cut
)

// world is a relay with its renderer: deterministic for its script and seed.
type world struct {
	t       testing.TB
	latency time.Duration
	window  int // of its connections; 0: 1
	script  func(r queue.Ref, try int) act
	dialErr func(n int) error
	render  func(n int, j queue.Job) error

	// By account, for deliveries with several relays.
	scriptVia func(account int64, r queue.Ref, try int) act
	dialVia   func(account int64) error
	trips     map[int64]time.Duration // of one answer; missing: latency
	tripVia   func(account int64) time.Duration

	mu         sync.Mutex
	dials      int
	dialsVia   map[int64]int
	at, peakAt map[string]int // messages on their way, by domain
	open       int
	peak       int
	renders    int
	begun      []queue.Ref // in order
	begunAt    []time.Time
	tries      map[queue.Ref]int
	copies     map[queue.Ref]int // that the relay took
}

func newWorld(t testing.TB) *world {
	return &world{t: t, latency: 10 * time.Millisecond, script: func(queue.Ref, int) act { return accept },
		tries: map[queue.Ref]int{}, copies: map[queue.Ref]int{}, dialsVia: map[int64]int{}, at: map[string]int{}, peakAt: map[string]int{}}
}

func (w *world) Dial(ctx context.Context, a delivery.Account) (queue.Sender, error) {
	w.mu.Lock()
	w.dials++
	w.dialsVia[a.ID]++
	n := w.dials
	w.mu.Unlock()
	select {
	case <-time.After(w.latency):
	case <-ctx.Done():
		return nil, &delivery.Error{Kind: delivery.KindCancelled}
	}
	if w.dialErr != nil {
		if err := w.dialErr(n); err != nil {
			return nil, err
		}
	}
	if w.dialVia != nil {
		if err := w.dialVia(a.ID); err != nil {
			return nil, err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open++
	w.peak = max(w.peak, w.open)
	return &conn{w: w, id: n, account: a.ID, window: max(1, w.window), gone: make(chan struct{})}, nil
}

func (w *world) Render(_ context.Context, buf *queue.Scratch, j queue.Job) (transport.Mail, error) {
	w.mu.Lock()
	w.renders++
	n := w.renders
	w.mu.Unlock()
	if w.render != nil {
		if err := w.render(n, j); err != nil {
			return transport.Mail{}, err
		}
	}
	if j.Sum != queuetest.Sum(j.Delivery, j.Seq) {
		return transport.Mail{}, &delivery.Error{Kind: delivery.KindSealBroken}
	}
	data, _ := buf.Value.([]byte)
	data = append(data[:0], j.Fields...)
	buf.Value = data
	return transport.Mail{From: "a@b.example", To: j.Address, Data: data}, nil
}

// conn is one connection.
type conn struct {
	w       *world
	id      int
	account int64
	window  int
	once    sync.Once
	gone    chan struct{}
}

func (c *conn) Window() int { return c.window }

func (c *conn) Close() error { c.Abort(); return nil }

func (c *conn) Abort() {
	c.once.Do(func() {
		close(c.gone)
		c.w.mu.Lock()
		c.w.open--
		c.w.mu.Unlock()
	})
}

// pause waits one latency; false means that the line was cut meanwhile.
func (c *conn) pause(ctx context.Context) bool {
	select {
	case <-time.After(c.w.trip(c.account)):
		return true
	case <-ctx.Done():
	case <-c.gone:
	}
	return false
}

// Run takes messages as a session of its window does: one by one, with the next
// one ready before the first is done, or a window full of them at once.
func (c *conn) Run(ctx context.Context, feed transport.Feed) {
	if c.window > 2 {
		c.stream(ctx, feed)
		return
	}
	var ahead *transport.Mail
	for {
		m := ahead
		if ahead = nil; m == nil {
			m = feed.Next(ctx, true)
		}
		if m == nil {
			return
		}
		if !feed.Begin(m) {
			continue
		}
		if c.window > 1 {
			ahead = feed.Next(ctx, false)
		}
		r, a := c.begin(m)
		res := c.transact(ctx, r, a, func(ctx context.Context) error { return feed.Commit(ctx, m) })
		c.w.onWay(m.To, -1)
		if !res.Usable {
			c.Abort()
		}
		feed.Done(m, res)
		if !res.Usable {
			if ahead != nil {
				feed.Done(ahead, transport.Result{Verdict: transport.Verdict{Outcome: transport.Again}, Stage: transport.StageConnect})
			}
			return
		}
	}
}

// stream commits to messages before it knows what became of those before.
func (c *conn) stream(ctx context.Context, feed transport.Feed) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sent := make(chan *transport.Mail, 100)
	done := make(chan struct{})
	go func() {
		defer close(done)
		broken := false
		for m := range sent {
			res := transport.Result{Verdict: transport.Verdict{Outcome: transport.InDoubt, Nature: delivery.NatureLostReply},
				Stage: transport.StageDot, Err: errLine}
			if !broken {
				r, a := c.begin(m)
				res = c.transact(ctx, r, a, func(context.Context) error { return nil })
				c.w.onWay(m.To, -1)
				if broken = !res.Usable; broken {
					c.Abort()
					cancel()
				}
			}
			feed.Done(m, res)
		}
	}()
	for {
		m := feed.Next(ctx, true)
		if m == nil {
			break
		}
		if feed.Commit(ctx, m) != nil {
			feed.Done(m, transport.Result{Verdict: transport.Verdict{Outcome: transport.Again}, Stage: transport.StageConnect})
			break
		}
		if feed.Begin(m) {
			sent <- m
		}
	}
	close(sent)
	<-done
}

// begin notes that a message is on its way.
func (c *conn) begin(m *transport.Mail) (queue.Ref, act) {
	w := c.w
	var r queue.Ref
	var dm int64
	if _, err := fmt.Sscanf(m.To, "user%d@dm%d.", &r.Seq, &dm); err != nil {
		w.t.Errorf("address %q: %v", m.To, err)
	}
	r.Delivery = delivery.ID(dm)
	w.mu.Lock()
	w.tries[r]++
	try := w.tries[r]
	w.way(m.To, 1)
	w.begun, w.begunAt = append(w.begun, r), append(w.begunAt, time.Now())
	w.mu.Unlock()
	if w.scriptVia != nil {
		return r, w.scriptVia(c.account, r, try)
	}
	return r, w.script(r, try)
}

// onWay counts messages between their first word and their answer, by domain.
func (w *world) onWay(to string, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.way(to, n)
}

func (w *world) way(to string, n int) {
	d := delivery.DomainOf(to)
	w.at[d] += n
	w.peakAt[d] = max(w.peakAt[d], w.at[d])
}

// trip is how long an answer of a relay takes.
func (w *world) trip(account int64) time.Duration {
	if w.tripVia != nil {
		return w.tripVia(account)
	}
	if d, ok := w.trips[account]; ok {
		return d
	}
	return w.latency
}

var errLine = errors.New("connection reset")

func (c *conn) transact(ctx context.Context, r queue.Ref, a act, beforeDot func(context.Context) error) transport.Result {
	again := transport.Result{Verdict: transport.Verdict{Outcome: transport.Again}, Stage: transport.StageMail, Err: errLine}
	doubt := transport.Result{Verdict: transport.Verdict{Outcome: transport.InDoubt, Nature: delivery.NatureLostReply}, Err: errLine}
	if !c.pause(ctx) {
		return again
	}
	v := func(o transport.Outcome, f delivery.Fault, n delivery.Nature, k delivery.Kind) transport.Verdict {
		return transport.Verdict{Outcome: o, Fault: f, Nature: n, Kind: k}
	}
	switch a {
	case grey:
		return transport.Result{Usable: true, Stage: transport.StageRcpt, Reply: transport.Reply{Code: 451, Enhanced: "4.7.1", Text: "later"},
			Verdict: v(transport.Deferred, delivery.FaultRelay, delivery.NatureGreylisted, "")}
	case putOff:
		return transport.Result{Usable: true, Stage: transport.StageRcpt, Reply: transport.Reply{Code: 450, Enhanced: "4.7.0", Text: "slow down"},
			Verdict: v(transport.Deferred, delivery.FaultRelay, delivery.NatureRefused, "")}
	case unknown:
		return transport.Result{Usable: true, Reply: transport.Reply{Code: 550, Enhanced: "5.1.1", Text: "no such user"},
			Verdict: v(transport.Rejected, delivery.FaultRecipient, delivery.NatureUserUnknown, "")}
	case cut:
		return again
	case busy:
		return transport.Result{Stage: transport.StageMail, Reply: transport.Reply{Code: 421, Enhanced: "4.3.2", Text: "closing"},
			Verdict: v(transport.Again, delivery.FaultRelay, "", delivery.KindRelay)}
	case greyBusy:
		return transport.Result{Reply: transport.Reply{Code: 421, Enhanced: "4.7.0", Text: "try later"},
			Verdict: v(transport.Deferred, delivery.FaultRelay, delivery.NatureRefused, "")}
	case overLimit:
		return transport.Result{Usable: true, Reply: transport.Reply{Code: 452, Enhanced: "4.5.3", Text: "enough"},
			Verdict: v(transport.Suspend, delivery.FaultAccount, delivery.NatureRelayLimit, delivery.KindRelay)}
	case sender:
		return transport.Result{Usable: true, Reply: transport.Reply{Code: 550, Enhanced: "5.7.1", Text: "not you"},
			Verdict: v(transport.Suspend, delivery.FaultAccount, delivery.NatureSenderRefused, delivery.KindSenderRefused)}
	case strange:
		return transport.Result{Reply: transport.Reply{Code: 503, Enhanced: "5.5.1", Text: "bad sequence"},
			Verdict: v(transport.Suspend, delivery.FaultRelay, delivery.NatureRefused, delivery.KindProtocol)}
	case badAuth:
		return transport.Result{Usable: true, Reply: transport.Reply{Code: 530, Enhanced: "5.7.0", Text: "who are you"},
			Verdict: v(transport.Suspend, delivery.FaultAccount, delivery.NatureAuth, delivery.KindAuth)}
	}
	if err := beforeDot(ctx); err != nil {
		return again
	}
	taken := func() {
		c.w.mu.Lock()
		c.w.copies[r]++
		c.w.mu.Unlock()
	}
	if a == hang {
		select {
		case <-ctx.Done():
		case <-c.gone:
		}
		return doubt
	}
	if !c.pause(ctx) {
		return doubt
	}
	switch a {
	case refuse:
		return transport.Result{Usable: true, Reply: transport.Reply{Code: 554, Enhanced: "5.6.0", Text: "no"},
			Verdict: v(transport.Rejected, delivery.FaultContent, delivery.NatureContentRefused, "")}
	case lose:
		taken()
		return doubt
	case swallow:
		return doubt
	}
	taken()
	return transport.Result{Usable: true, Reply: transport.Reply{Code: 250, Enhanced: "2.0.0", Text: "queued"},
		Verdict: transport.Verdict{Outcome: transport.Accepted}}
}
