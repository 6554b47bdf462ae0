package engine

import (
	"context"
	"slices"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/kpi"
	"sendoff/engine/message"
	"sendoff/engine/prepare"
	"sendoff/engine/queue"
	"sendoff/engine/store"
)

// RowFilter narrows the sending log.
type RowFilter = store.RowFilter

// Accounts lists the relays; the training relay comes first.
func (e *Engine) Accounts(ctx context.Context) ([]delivery.Account, error) {
	return e.store.Accounts(ctx)
}

// Audiences lists them, the newest first.
func (e *Engine) Audiences(ctx context.Context) ([]delivery.Audience, error) {
	return e.store.Audiences(ctx)
}

// Deliveries lists all of them with their live figures, the newest first.
func (e *Engine) Deliveries(ctx context.Context) ([]delivery.View, error) {
	vs, err := e.store.Deliveries(ctx)
	for i := range vs {
		vs[i] = e.live(vs[i])
	}
	return vs, err
}

// Delivery reads one with its live figures.
func (e *Engine) Delivery(ctx context.Context, id delivery.ID) (delivery.View, error) {
	v, err := e.store.Delivery(ctx, id)
	if err != nil {
		return v, err
	}
	v = e.live(v)
	e.mu.Lock()
	runs := e.queue != nil
	e.mu.Unlock()
	if !runs {
		v.Status, err = e.paced(ctx, v)
	}
	return v, err
}

// paced adds what can be read from the database about a delivery that another
// process sends.
func (e *Engine) paced(ctx context.Context, v delivery.View) (delivery.Status, error) {
	s, now := v.Status, time.Now()
	if v.State != delivery.Sending && v.State != delivery.Retrying {
		return s, nil
	}
	rate, free, err := e.store.Pace(ctx, v.Delivery, v.Account, now)
	if err != nil {
		return s, err
	}
	from := now
	if free.After(now) && len(v.Relays) == 0 && v.Counters.Pending > 0 && v.Counters.Claimed+v.Counters.Committing == 0 {
		s.Hold, from = queue.LimitHold(v.Account, free), free
	}
	if s.Rate = rate; rate > 0 || s.Hold != nil {
		// Otherwise nothing says that anybody sends it.
		s.ETA = queue.ETA(v.Account, v.Counters, from, rate)
	}
	return s, nil
}

// live adds what only the running dispatcher or preparation knows.
func (e *Engine) live(v delivery.View) delivery.View {
	e.mu.Lock()
	q, p := e.queue, e.preparations[v.ID]
	e.mu.Unlock()
	if q != nil && v.State.Active() {
		s := q.Status(v.ID)
		v.Status.Rate, v.Status.ETA, v.Status.Hold = s.Rate, s.ETA, s.Hold
	}
	if p != nil && v.State == delivery.Preparing {
		progress := p.progress()
		v.Status.Preparation = &progress
	}
	return v
}

// Allowed lists what an operator can do with a delivery now.
func (e *Engine) Allowed(ctx context.Context, who access.Principal, id delivery.ID) ([]delivery.Action, error) {
	v, err := e.Delivery(ctx, id)
	if err != nil {
		return nil, err
	}
	o, err := e.operator(ctx, who)
	if err != nil {
		return nil, err
	}
	if e.store.ReadOnly() != nil {
		return nil, nil
	}
	var out []delivery.Action
	for _, a := range delivery.Possible(v.State) {
		if may(o, v, a) {
			out = append(out, a)
		}
	}
	return out, nil
}

// may says whether an action of persons makes sense for an operator now. The
// commands check again; this only spares a person the refusal.
func may(o access.Operator, v delivery.View, a delivery.Action) bool {
	switch a {
	case delivery.Edit, delivery.StopPreparation:
		return o.Rights.Has(access.Prepare)
	case delivery.Prepare:
		return o.Rights.Has(access.Prepare) && v.Aimed()
	case delivery.Confirm:
		return o.Rights.Has(access.Start) && len(v.Broken) == 0
	case delivery.Pause, delivery.Resume, delivery.Stop:
		return o.Rights.Has(access.Start)
	}
	return false
}

// Log returns a delivery's log, the oldest line first.
func (e *Engine) Log(ctx context.Context, id delivery.ID) ([]delivery.LogLine, error) {
	return e.store.Log(ctx, id)
}

// EachRow streams the sending log by number.
func (e *Engine) EachRow(ctx context.Context, id delivery.ID, f RowFilter, fn func(delivery.Row) error) error {
	return e.store.EachRow(ctx, id, f, fn)
}

// Series returns what happened in each second of a deployment.
func (e *Engine) Series(ctx context.Context, id delivery.ID) ([]delivery.Point, error) {
	return e.store.Series(ctx, id)
}

// ComputeStats counts the sending log anew and reports every difference from
// the stored counters, which it then corrects if the delivery is at rest.
func (e *Engine) ComputeStats(ctx context.Context, id delivery.ID) (kpi.Recount, error) {
	stored, counted, err := e.store.Recount(ctx, id)
	if err != nil {
		return kpi.Recount{}, err
	}
	r := kpi.Compare(stored, counted)
	if len(r.Differences) == 0 || e.store.ReadOnly() != nil {
		return r, nil
	}
	if err := e.store.Correct(ctx, id, stored, counted); err != nil && !delivery.Is(err, delivery.KindState) {
		return r, err
	}
	e.hub.Publish(event.Changed{ID: id})
	return r, nil
}

// Preview is a delivery as one recipient will see it.
type Preview struct {
	message.Preview
	Address  string
	Profile  int64              // 0: nobody who is stored
	Values   map[string]string  // of the fields
	Findings []delivery.Finding // what speaks against the content, or against it for this person
	Bytes    int64              // of the whole message; 0 when there can be none
}

// broken is the error of a template that cannot be compiled.
func broken(op string, findings []delivery.Finding) error {
	i := slices.IndexFunc(findings, func(f delivery.Finding) bool { return f.Severity == delivery.SeverityError })
	f := findings[max(i, 0)]
	return &delivery.Error{Op: op, Kind: delivery.KindTemplate, Field: f.Part, Line: f.Line, Column: f.Column, Detail: f.Detail}
}

// Preview renders the delivery for the n-th profile of its target, from 0.
// KindNotFound when there is none, KindTemplate for broken Liquid.
func (e *Engine) Preview(ctx context.Context, id delivery.ID, n int) (Preview, error) {
	v, err := e.store.Delivery(ctx, id)
	if err != nil {
		return Preview{}, err
	}
	t, findings := message.CompileWith(v.Content, e.ofDraft(ctx, v.Draft))
	if t == nil {
		return Preview{}, broken("preview", findings)
	}
	var p store.Profile
	if v.Follows.Mode == delivery.Correction {
		p, err = e.store.FollowedSample(ctx, v.Follows, n)
	} else {
		var nth int64
		if nth, err = e.NeighbourOf(ctx, v.Draft, 0, n+1); err == nil {
			p, err = e.sampleOf(ctx, v.Draft, nth, "")
		}
	}
	if err != nil {
		return Preview{}, err
	}
	when := v.Modified
	if v.Plan != nil {
		when = v.Plan.At
	}
	out, err := prepare.NewPress(t, id, v.Draft, e.store.ID(), when).Preview(int64(n)+1, p.Address, p.Fields)
	return Preview{Preview: out, Address: p.Address}, err
}
