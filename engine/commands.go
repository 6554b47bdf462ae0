package engine

import (
	"context"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/queue"
	"sendoff/engine/schedule"
)

// CreateDelivery stores a new delivery in state Editing. Needs the right
// Prepare.
func (e *Engine) CreateDelivery(ctx context.Context, who access.Principal, d delivery.Draft) (delivery.ID, error) {
	d, err := checkDraft(d)
	if err != nil {
		return 0, err
	}
	id, err := e.store.CreateDelivery(ctx, who, d)
	if err == nil {
		e.changed(id)
	}
	return id, err
}

// EditDelivery replaces a delivery's draft. Needs the right Prepare. It is
// refused (KindState) while preparing and from Confirm on; it breaks the seal
// of a Ready delivery when it changes a part of the plan.
func (e *Engine) EditDelivery(ctx context.Context, who access.Principal, id delivery.ID, d delivery.Draft) error {
	d, err := checkDraft(d)
	if err != nil {
		return err
	}
	if err := e.store.EditDelivery(ctx, who, id, d); err != nil {
		return err
	}
	e.changed(id)
	return nil
}

// DuplicateDelivery makes a new delivery of an old one's content, audience and
// account, without its schedule.
func (e *Engine) DuplicateDelivery(ctx context.Context, who access.Principal, id delivery.ID) (delivery.ID, error) {
	n, err := e.store.DuplicateDelivery(ctx, who, id)
	if err == nil {
		err = e.carryFiles(ctx, who, id, n)
	}
	if err != nil {
		return 0, err
	}
	e.changed(n)
	return n, nil
}

// DeleteDelivery removes a delivery and its logs, unless it is under way.
func (e *Engine) DeleteDelivery(ctx context.Context, who access.Principal, id delivery.ID) error {
	err := e.store.DeleteDelivery(ctx, who, id)
	if err == nil {
		e.forgetFiles(ctx, id)
		e.hub.Publish(event.Lists{})
	}
	return err
}

// checkDraft normalises what a person wrote and resolves the schedule.
func checkDraft(d delivery.Draft) (delivery.Draft, error) {
	d.Label = strings.TrimSpace(d.Label)
	if d.Label == "" {
		return d, &delivery.Error{Op: "edit", Kind: delivery.KindInvalid, Field: "label"}
	}
	var err error
	if d.Content, err = design(d.Content); err != nil {
		return d, err
	}
	if len(d.Relays) == 1 && d.Relays[0].Account == d.Account {
		d.Relays = nil
	}
	if err := d.CheckRelays(); err != nil {
		return d, err
	}
	switch d.Follows.Mode {
	case "":
		d.Follows = delivery.Follow{}
	case delivery.Correction:
		d.Audience = 0 // it is for those who got the other one
	case delivery.TopUp:
		d.Follows.Doubtful = false // whoever may have got it is never written to
	default:
		return d, &delivery.Error{Op: "edit", Kind: delivery.KindInvalid, Field: "follows.mode", Detail: string(d.Follows.Mode)}
	}
	if d.Follows.Mode != "" && d.Follows.Delivery < 1 {
		return d, &delivery.Error{Op: "edit", Kind: delivery.KindInvalid, Field: "follows.delivery"}
	}
	switch d.Schedule.Mode {
	case "", delivery.OnceConfirmed:
		d.Schedule = delivery.Schedule{Mode: delivery.OnceConfirmed}
	case delivery.AtDate:
		at, _, err := schedule.Resolve(d.Schedule.Local, d.Schedule.Zone)
		if err != nil {
			return d, err
		}
		d.Schedule.At = at.UTC()
	default:
		return d, &delivery.Error{Op: "edit", Kind: delivery.KindInvalid, Field: "schedule.mode", Detail: string(d.Schedule.Mode)}
	}
	return d, nil
}

// Confirm lets a prepared delivery go. Needs the right Start. plan is the hash
// that the person was shown, whole or its first twelve digits or more:
// KindStalePlan when it is another one now, KindSealBroken when something was
// edited since, KindState when the delivery is not Ready (so a second Confirm
// sends nothing twice).
func (e *Engine) Confirm(ctx context.Context, who access.Principal, id delivery.ID, plan string) error {
	plan = strings.NewReplacer("·", "", " ", "").Replace(plan)
	if err := e.store.Confirm(ctx, who, id, plan, time.Now()); err != nil {
		return err
	}
	e.changed(id)
	e.kick()
	return nil
}

// Pause lets a delivery stand still. Needs the right Start. When it returns, no
// connection holds a message of it any more.
func (e *Engine) Pause(ctx context.Context, who access.Principal, id delivery.ID) error {
	if err := e.store.Pause(ctx, who, id); err != nil {
		return err
	}
	err := e.settle(ctx, id)
	e.changed(id)
	return err
}

// Resume lets a paused delivery go on. Needs the right Start.
func (e *Engine) Resume(ctx context.Context, who access.Principal, id delivery.ID) error {
	if err := e.store.Resume(ctx, who, id); err != nil {
		return err
	}
	e.changed(id)
	e.kick()
	return nil
}

// Stop ends a delivery for good: no new message is begun, what has not begun is
// cancelled. Needs the right Start. When it returns, no connection holds a
// message of it any more.
func (e *Engine) Stop(ctx context.Context, who access.Principal, id delivery.ID) error {
	if err := e.store.Stop(ctx, who, id); err != nil {
		return err
	}
	err := e.settle(ctx, id)
	if o, oerr := e.operator(ctx, who); oerr == nil {
		if serr := e.store.Stopped(context.WithoutCancel(ctx), id, o.Name); err == nil {
			err = serr
		}
	}
	e.thaw(id)
	e.changed(id)
	return err
}

// settle makes the dispatcher notice a change and waits until its connections
// have let go of the delivery.
func (e *Engine) settle(ctx context.Context, id delivery.ID) error {
	e.mu.Lock()
	q := e.queue
	e.mu.Unlock()
	if q == nil {
		return nil
	}
	q.Kick()
	return q.Drain(ctx, id)
}

func (e *Engine) kick() { e.tell((*queue.Queue).Kick) }

// mended lets the dispatcher try relays again that were left out until a person
// has seen to them.
func (e *Engine) mended() { e.tell((*queue.Queue).Mended) }

// tell calls a method of the dispatcher, when there is one.
func (e *Engine) tell(what func(*queue.Queue)) {
	e.mu.Lock()
	q := e.queue
	e.mu.Unlock()
	if q != nil {
		what(q)
	}
}

func (e *Engine) operator(ctx context.Context, who access.Principal) (access.Operator, error) {
	os, err := e.store.Operators(ctx)
	if err != nil {
		return access.Operator{}, err
	}
	for _, o := range os {
		if o.ID == who.Operator {
			return o, nil
		}
	}
	return access.Operator{}, &delivery.Error{Kind: delivery.KindNotFound, Field: "operator"}
}
