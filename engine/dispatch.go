package engine

import (
	"cmp"
	"context"
	"net"
	"strconv"
	"sync"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/dkim"
	"sendoff/engine/event"
	"sendoff/engine/message"
	"sendoff/engine/prepare"
	"sendoff/engine/queue"
	"sendoff/engine/store"
	"sendoff/engine/transport"
)

// newQueue wires the dispatcher to what it needs.
func (e *Engine) newQueue() *queue.Queue {
	o := queue.Options{
		Store:    e.store,
		Journal:  e.journal,
		Dialer:   dialer{e: e},
		Renderer: &renderer{e: e, store: e.store, signer: e.signer, presses: map[delivery.ID]*pressed{}},
		Hooks: queue.Hooks{
			Status:  func(s delivery.Status) { e.hub.Publish(event.Status{Status: s}) },
			Changed: e.dispatched,
			Log: func(id delivery.ID, severity delivery.Severity, code string, params map[string]string) {
				if err := e.store.AddLog(context.Background(), id, delivery.LogLine{Severity: severity, Code: code, Params: params}); err != nil {
					e.log.Error("delivery log", "delivery", id, "code", code, "error", err)
				}
			},
		},
		Backoff: e.backoff,
		Seed:    uint64(time.Now().UnixNano()),
	}
	if e.tune != nil {
		e.tune(&o)
	}
	return queue.New(o)
}

// dispatched follows a change of state that the dispatcher made.
func (e *Engine) dispatched(id delivery.ID) {
	e.remember(id)
	e.thaw(id)
	e.changed(id)
}

// minMeasured is how many messages a delivery must have sent before its speed
// says anything about the account.
const minMeasured = 100

// remember measures the account by a delivery that has just finished. One over
// several relays says little about each of them.
func (e *Engine) remember(id delivery.ID) {
	ctx := context.Background()
	v, err := e.store.Delivery(ctx, id)
	if err != nil || v.State != delivery.Finished || len(v.Relays) > 0 || v.Counters.Accepted < minMeasured {
		return
	}
	points, err := e.store.Series(ctx, id)
	if err != nil || len(points) == 0 {
		return
	}
	// Seconds without an event (a pause, a night, a retry's wait) do not
	// count; the first and the last are only partly used.
	seconds := max(1, float64(len(points))-1)
	if d := v.Finished.Sub(v.Started).Seconds(); d > 0 {
		seconds = min(seconds, d)
	}
	if err := e.store.SetRate(ctx, v.Account.ID, float64(v.Counters.Accepted)/seconds); err != nil {
		e.log.Warn("account rate", "error", err)
	}
}

// dialer opens connections to accounts: the training relay's own address, or
// the configured relay with its password or access token.
type dialer struct {
	e     *Engine
	trust int // transport.Config.Trust
}

// config is how to reach an account, without its password or token.
func (d dialer) config(a delivery.Account) (transport.Config, error) {
	c := transport.Config{Host: a.Host, Port: a.Port, Security: a.Security, User: a.User, Pin: a.Pin, MaxMessages: a.PerConnection}
	if a.Training() {
		addr, err := d.e.world.addr(d.e.latency)
		if err != nil {
			return c, err
		}
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return c, err
		}
		c = transport.Config{Host: host, Security: delivery.SecurityNone, MaxMessages: -1}
		if c.Port, err = strconv.Atoi(port); err != nil {
			return c, err
		}
	}
	if d.e.reach != nil {
		d.e.reach(&c)
	}
	if d.trust != 0 {
		c.Trust = d.trust
	}
	return c, nil
}

// Dial opens a connection that takes messages.
func (d dialer) Dial(ctx context.Context, a delivery.Account) (queue.Sender, error) {
	c, err := d.config(a)
	if err != nil {
		return nil, err
	}
	fresh := true
	switch {
	case c.User == "":
	case a.Auth == delivery.AuthOAuth:
		c.Token, fresh, err = d.e.tokens.Token(ctx, a)
	default:
		c.Password, err = d.e.secrets.Get(a)
	}
	if err != nil {
		return nil, err
	}
	s, err := transport.Dial(ctx, c)
	if !fresh && delivery.Is(err, delivery.KindAuth) {
		// The token may have been revoked before its time. Another one is
		// tried once: a fresh one that is refused stays refused.
		d.e.tokens.Drop(ctx, a, c.Token)
		if c.Token, _, err = d.e.tokens.Token(ctx, a); err != nil {
			return nil, err
		}
		s, err = transport.Dial(ctx, c)
	}
	if err != nil {
		return nil, err // not a typed nil
	}
	return s, nil
}

// renderer renders jobs with one press a delivery, compiled when its first job
// comes. It is safe for concurrent use.
type renderer struct {
	e      *Engine
	store  *store.Store
	signer func(ctx context.Context, account int64) (*dkim.Signer, error)

	mu      sync.Mutex
	presses map[delivery.ID]*pressed
}

type pressed struct {
	plan    string
	account int64
	*prepare.Press
}

// wet is what one connection keeps between its messages.
type wet struct {
	buf    message.Buffer
	signed []byte
}

// pressOf returns the press for the plan that a delivery holds.
func (r *renderer) pressOf(ctx context.Context, id delivery.ID) (*pressed, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.presses[id]; p != nil {
		return p, nil
	}
	v, err := r.store.Delivery(ctx, id)
	if err != nil {
		return nil, err
	}
	var t *message.Template
	var findings []delivery.Finding
	if v.Plan != nil {
		t, findings = message.CompileWith(v.Content, r.e.ofPlan(ctx, v.Plan))
	}
	if t == nil {
		e := &delivery.Error{Op: "render", Kind: delivery.KindTemplate}
		if len(findings) > 0 {
			f := findings[0]
			e.Field, e.Line, e.Column, e.Detail = f.Part, f.Line, f.Column, f.Detail
		}
		return nil, e
	}
	p := &pressed{plan: v.Plan.Hash, account: v.Account.ID, Press: prepare.NewPress(t, id, v.Draft, r.store.ID(), v.Plan.At)}
	// A confirmed delivery cannot be edited, so its press stays right.
	r.presses[id] = p
	return p, nil
}

// Render renders a job and holds it against the sum that the plan sealed: what
// leaves is what was prepared, to the byte, but for its Date. Then it is signed,
// when the account signs: the signature tells the time, so no plan can hold it.
func (r *renderer) Render(ctx context.Context, scratch *queue.Scratch, j queue.Job) (transport.Mail, error) {
	p, err := r.pressOf(ctx, j.Delivery)
	if err != nil {
		return transport.Mail{}, err
	}
	w, ok := scratch.Value.(*wet)
	if !ok {
		w = new(wet)
		scratch.Value = w
	}
	now := time.Now()
	var files []message.File
	if p.Personal() {
		if files, err = r.files(ctx, j); err != nil {
			return transport.Mail{}, err
		}
	}
	m, err := p.RenderWith(&w.buf, j.Seq, j.Address, "", j.Fields, files, now)
	if err != nil {
		return transport.Mail{}, err
	}
	if !m.Sealed(j.Sum[:]) {
		return transport.Mail{}, &delivery.Error{Op: "render", Kind: delivery.KindSealBroken, Detail: string(delivery.PartRecipients)}
	}
	s, err := r.signer(ctx, cmp.Or(j.Account, p.account))
	if err != nil {
		return transport.Mail{}, err
	}
	if s != nil {
		if w.signed, err = s.Sign(w.signed[:0], m.Data, now); err != nil {
			return transport.Mail{}, err
		}
		m.Data, m.Plain = w.signed, false
		// Without a signature these are the very bytes that the preparation
		// has passed: the sum says so.
		if err := message.Guard(m.Data, prepare.MaxSize); err != nil {
			return transport.Mail{}, err
		}
	}
	return transport.Mail{From: m.From, To: m.To, Data: m.Data, Plain: m.Plain}, nil
}

// files reads the copies of the files of one job.
func (r *renderer) files(ctx context.Context, j queue.Job) ([]message.File, error) {
	kept, err := r.store.MessageFiles(ctx, j.Delivery, j.Seq)
	if err != nil {
		return nil, err
	}
	return frozen(copiesOf(r.e.dir, j.Delivery), kept)
}
