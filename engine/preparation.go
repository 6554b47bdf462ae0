package engine

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/prepare"
	"sendoff/engine/store"
)

// preparation is one that runs.
type preparation struct {
	cancel context.CancelFunc
	done   chan struct{}
	now    atomic.Int64
	total  atomic.Int64
}

func (p *preparation) progress() delivery.Progress {
	return delivery.Progress{Done: p.now.Load(), Total: p.total.Load()}
}

// publishEvery is how often a preparation tells how far it is.
const publishEvery = 100 * time.Millisecond

// Prepare computes target, exclusions and messages and seals them into a plan.
// Needs the right Prepare. It returns when the delivery is Ready or
// PreparationFailed; which one, and why, is in the plan's findings.
// KindCancelled when StopPreparation or ctx ended it: the delivery is then back
// in Editing and nothing has changed.
func (e *Engine) Prepare(ctx context.Context, who access.Principal, id delivery.ID) error {
	start, err := e.store.BeginPrepare(ctx, who, id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := &preparation{cancel: cancel, done: make(chan struct{})}
	p.total.Store(start.Size)
	e.mu.Lock()
	if last := e.preparations[id]; last != nil { // it still tidies up behind itself
		e.mu.Unlock()
		<-last.done
		e.mu.Lock()
	}
	e.preparations[id] = p
	e.mu.Unlock()
	e.changed(id)

	err = e.prepare(ctx, p, start)
	if err != nil {
		by := ""
		if delivery.Is(err, delivery.KindCancelled) {
			by = start.By
		}
		if aerr := e.store.AbandonPrepare(context.WithoutCancel(ctx), id, by); aerr != nil {
			e.log.Error("abandon preparation", "delivery", id, "error", aerr)
		}
	}
	e.keepCopies(ctx, id)
	e.mu.Lock()
	delete(e.preparations, id)
	e.mu.Unlock()
	close(p.done)
	e.changed(id)
	return err
}

func (e *Engine) prepare(ctx context.Context, p *preparation, start store.Preparation) error {
	draft, err := e.store.BeginPlan(ctx, start.Delivery.ID)
	if err != nil {
		return err
	}
	defer draft.Discard()
	folder := e.files(start.Delivery.ID, start.Delivery.Content)
	defer folder.Close()
	sender := start.Account.Brand.Sender()
	began, last := time.Now(), time.Time{}
	in := prepare.Input{ID: start.Delivery.ID, Draft: start.Delivery.Draft, Account: start.Account, Accounts: start.Accounts, Columns: start.Columns,
		Size: start.Size, Followed: start.Followed, Usual: start.Usual, By: start.By, Now: began, Workspace: e.store.ID(),
		Source: func(ctx context.Context, fn func(prepare.Target) error) error {
			return e.store.EachTarget(ctx, start.Delivery, func(t store.Target) error {
				return fn(target(t))
			})
		},
		Resources: e.resources(ctx, &sender), Freeze: e.freezer(start.Delivery.ID, folder),
		Sink: func(m prepare.Message) error { return draft.Add(store.Message(m)) },
		Progress: func(done, total int64) {
			p.now.Store(done)
			if now := time.Now(); now.Sub(last) >= publishEvery {
				last = now
				e.hub.Publish(event.Status{Status: delivery.Status{ID: start.Delivery.ID, State: delivery.Preparing,
					Counters:    start.Delivery.Counters,
					Preparation: &delivery.Progress{Done: done, Total: total}}})
			}
		}}
	if start.Rule {
		sel, err := e.byRule(ctx, p, start, &in)
		defer sel.close()
		if err != nil {
			return err
		}
	}
	plan, err := prepare.Run(ctx, in)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return &delivery.Error{Op: "prepare", Kind: delivery.KindCancelled, Err: ctx.Err()}
	}
	return draft.Seal(ctx, plan, planLines(plan, time.Since(began)))
}

// planLines is what the delivery's log says of a preparation.
func planLines(p delivery.Plan, took time.Duration) []delivery.LogLine {
	n := func(i int64) string { return strconv.FormatInt(i, 10) }
	var out []delivery.LogLine
	for _, c := range p.Causes {
		out = append(out, delivery.LogLine{Severity: delivery.SeverityInfo, Code: "rule",
			Params: map[string]string{"nature": string(c.Nature), "count": n(c.Count)}})
	}
	var errs, warnings int64
	for _, f := range p.Findings {
		switch f.Severity {
		case delivery.SeverityError:
			errs++
		case delivery.SeverityWarning:
			warnings++
		}
	}
	if errs > 0 {
		return append(out, delivery.LogLine{Severity: delivery.SeverityError, Code: "prepare_failed", By: p.By,
			Params: map[string]string{"errors": n(errs)}})
	}
	severity := delivery.SeverityInfo
	if warnings > 0 {
		severity = delivery.SeverityWarning
	}
	return append(out, delivery.LogLine{Severity: severity, Code: "prepare_done", By: p.By, Params: map[string]string{
		"targeted": n(p.Targeted), "to_deliver": n(p.ToDeliver), "plan": p.Short(), "warnings": n(warnings),
		"seconds": strconv.FormatFloat(took.Seconds(), 'f', 1, 64)}})
}

// StopPreparation ends a running preparation without a trace. Needs the right
// Prepare.
func (e *Engine) StopPreparation(ctx context.Context, who access.Principal, id delivery.ID) error {
	o, err := e.operator(ctx, who)
	if err != nil {
		return err
	}
	if err := o.Check("stop_preparation", access.Prepare); err != nil {
		return err
	}
	e.mu.Lock()
	p := e.preparations[id]
	e.mu.Unlock()
	if p == nil {
		v, err := e.store.Delivery(ctx, id)
		if err != nil {
			return err
		}
		_, err = delivery.Next(v.State, delivery.StopPreparation)
		return err
	}
	p.cancel()
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		return &delivery.Error{Op: "stop_preparation", Kind: delivery.KindCancelled, Err: ctx.Err()}
	}
}
