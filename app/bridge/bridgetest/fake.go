// Package bridgetest has an engine in memory for tests of the window: it keeps
// the transitions and rights of the real one, sends nothing, and records what
// it was told. It is safe for concurrent use.
package bridgetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"sendoff/app/bridge"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/kpi"
)

// Engine is a bridge.Engine in memory. New makes one.
type Engine struct {
	Hub event.Hub

	mu         sync.Mutex
	views      map[delivery.ID]delivery.View
	operators  []access.Operator
	audiences  []delivery.Audience
	fields     []delivery.Field // all there are; nil: a few
	more       []delivery.Field // that Richer added
	confirms   []string         // plans that Confirm was given
	commands   []string
	fail       map[string]error
	readOnly   error
	series     []delivery.Point
	recount    kpi.Recount
	importGate chan struct{}
	imported   bridge.ImportRequest
	drafts     map[string]delivery.FormDraft
	crowd      *crowd
	logs       logs
	relays     relays
	previews   previews
}

var _ bridge.Engine = (*Engine)(nil)

// Now is the instant at which a fake engine does everything.
func Now() time.Time { return time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) }

// New makes an engine with the operators Marieke, who may start deliveries, and
// Joris, who may only prepare them, and with one audience.
func New(views ...delivery.View) *Engine {
	e := &Engine{crowd: newCrowd(300), views: map[delivery.ID]delivery.View{}, fail: map[string]error{},
		operators: []access.Operator{{ID: 1, Name: "Marieke", Rights: access.Rights{access.Start, access.Prepare}},
			{ID: 2, Name: "Joris", Rights: access.Rights{access.Prepare}}},
		audiences: []delivery.Audience{{ID: 1, Name: "Customers in the Netherlands", Size: 10000, Imported: Now().AddDate(0, 0, -3)}},
	}
	for _, v := range views {
		e.views[v.ID] = v
	}
	return e
}

// Sample is a delivery as it would look in a state.
func Sample(id delivery.ID, s delivery.State) delivery.View {
	v := delivery.View{
		Delivery: delivery.Delivery{
			ID: id, State: s, Created: Now().Add(-time.Hour), CreatedBy: "Marieke",
			Draft: delivery.Draft{Label: "Summer time", Audience: 1, Account: 1,
				Content: delivery.Content{From: "Acme Garden <news@acme.example>", Subject: "{{ first_name }}, your garden in June",
					HTML: "<p>Hello {{ first_name }}</p>"},
				Schedule: delivery.Schedule{Mode: delivery.OnceConfirmed}},
		},
		AudienceName: "Customers in the Netherlands", AudienceSize: 10000, AudienceFrom: Now().AddDate(0, 0, -3),
		Account: delivery.Account{ID: 1, Name: "Training relay", Kind: delivery.AccountSandbox, Connections: 4},
	}
	if s != delivery.Editing && s != delivery.Preparing {
		v.Plan = Plan()
		v.Plan.Parts = map[delivery.Part]string{delivery.PartContent: v.ContentHash()}
		v.Counters = delivery.Counters{Targeted: 10000, Excluded: 214, Pending: 9786}
	}
	if s == delivery.PreparationFailed {
		v.Plan.Findings = append(v.Plan.Findings, delivery.Finding{Code: delivery.FindTemplate, Severity: delivery.SeverityError,
			Part: "html", Line: 3, Column: 14, Detail: "unknown tag “fro”"})
	}
	if s.Sealed() && s != delivery.Expired && s != delivery.Skipped {
		v.Confirmation = &delivery.Confirmation{By: "Marieke", At: Now().Add(-20 * time.Minute), Plan: v.Plan.Hash}
	}
	switch s {
	case delivery.Sending, delivery.Retrying, delivery.Paused:
		v.Started = Now().Add(-19 * time.Minute)
		v.Counters = delivery.Counters{Targeted: 10000, Excluded: 214, Pending: 3502, Accepted: 5992, Deferred: 118, Rejected: 173, InDoubt: 1}
	case delivery.Finished:
		v.Started, v.Finished = Now().Add(-20*time.Minute), Now().Add(-20*time.Minute+372*time.Second)
		v.Counters = delivery.Counters{Targeted: 10000, Excluded: 214, Accepted: 9502, Rejected: 284}
	case delivery.Stopped, delivery.Failed:
		v.Started, v.Finished = Now().Add(-20*time.Minute), Now().Add(-10*time.Minute)
		v.Counters = delivery.Counters{Targeted: 2388, Accepted: 37, Cancelled: 2351}
	}
	v.Status = delivery.Status{ID: id, State: s, Counters: v.Counters}
	switch s {
	case delivery.Sending:
		v.Status.Rate, v.Status.ETA, v.Status.NextTry = 26, Now().Add(28*time.Minute), Now().Add(21*time.Minute)
	case delivery.Preparing:
		v.Status.Preparation = &delivery.Progress{Done: 4200, Total: 10000}
	case delivery.Paused:
		v.Paused = &delivery.PauseReason{By: "Marieke", At: Now().Add(-time.Minute)}
	}
	return v
}

// Plan is a sealed plan of 9,786 messages with two warnings.
func Plan() *delivery.Plan {
	return &delivery.Plan{Hash: "7f3ac41e09b2" + strings.Repeat("0", 52), At: Now().Add(-time.Minute), By: "Marieke",
		Targeted: 10000, ToDeliver: 9786, FirstTime: 312, Lately: 1204, Estimate: 6 * time.Minute,
		Causes: []delivery.Cause{{Nature: delivery.NatureMissing, Count: 0}, {Nature: delivery.NatureInvalid, Count: 13},
			{Nature: delivery.NatureDenylist, Count: 140}, {Nature: delivery.NatureQuarantine, Count: 0}, {Nature: delivery.NatureDuplicate, Count: 61}},
		Findings: []delivery.Finding{{Code: delivery.FindNoUnsubscribe, Severity: delivery.SeverityWarning, Part: "text"},
			{Code: delivery.FindLarge, Severity: delivery.SeverityWarning}}}
}

// Points is a deployment of n seconds.
func Points(n int) []delivery.Point {
	var out []delivery.Point
	for i := range n {
		out = append(out, delivery.Point{At: Now().Add(time.Duration(i-n) * time.Second), Accepted: int64(90 + i%17), Failed: int64(i % 4)})
	}
	return out
}

// Confirms lists the plans that Confirm was called with.
func (e *Engine) Confirms() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.confirms)
}

// Commands lists the commands in the order given, such as "prepare DM95".
func (e *Engine) Commands() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.commands)
}

// Fail makes a command return err from now on.
func (e *Engine) Fail(command string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fail[command] = err
}

// SetReadOnly makes the workspace read-only.
func (e *Engine) SetReadOnly(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.readOnly = err
}

// SetSeries sets the seconds of every deployment.
func (e *Engine) SetSeries(p []delivery.Point) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.series = p
}

// SetRecount sets what ComputeStats returns.
func (e *Engine) SetRecount(r kpi.Recount) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.recount = r
}

// Put stores a view and publishes that it changed.
func (e *Engine) Put(v delivery.View) {
	e.mu.Lock()
	v.Status.ID, v.Status.State, v.Status.Counters = v.ID, v.State, v.Counters
	e.views[v.ID] = v
	e.mu.Unlock()
	e.Hub.Publish(event.Status{Status: v.Status}, event.Changed{ID: v.ID}, event.Lists{})
}

func (e *Engine) command(name string, who access.Principal, id delivery.ID, right access.Right, a delivery.Action, change func(*delivery.View)) error {
	e.mu.Lock()
	e.commands = append(e.commands, fmt.Sprintf("%s %s", name, id))
	if err := e.fail[name]; err != nil {
		e.mu.Unlock()
		return err
	}
	if e.readOnly != nil {
		e.mu.Unlock()
		return &delivery.Error{Op: name, Kind: delivery.KindReadOnly}
	}
	if err := e.operator(who).Check(name, right); err != nil {
		e.mu.Unlock()
		return err
	}
	v, ok := e.views[id]
	if !ok {
		e.mu.Unlock()
		return &delivery.Error{Op: name, Kind: delivery.KindNotFound, Field: "delivery", Detail: id.String()}
	}
	s, err := delivery.Next(v.State, a)
	if err != nil {
		e.mu.Unlock()
		return err
	}
	v.State = s
	change(&v)
	e.mu.Unlock()
	e.Put(v)
	return nil
}

func (e *Engine) operator(who access.Principal) access.Operator {
	for _, o := range e.operators {
		if o.ID == who.Operator {
			return o
		}
	}
	return access.Operator{}
}

// Dir is no folder.
func (e *Engine) Dir() string { return "memory" }

// ReadOnly returns what SetReadOnly set.
func (e *Engine) ReadOnly() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.readOnly
}

// Subscribe opens a mailbox with the status of every delivery.
func (e *Engine) Subscribe() bridge.Source {
	return e.Hub.Subscribe(func() []event.Event {
		e.mu.Lock()
		defer e.mu.Unlock()
		es := []event.Event{event.Lists{}}
		for _, v := range e.views {
			es = append(es, event.Status{Status: v.Status})
		}
		return es
	})
}

// AddSample adds an editable delivery.
func (e *Engine) AddSample(context.Context) (delivery.ID, error) {
	e.Put(Sample(95, delivery.Editing))
	return 95, nil
}

// Operators lists them.
func (e *Engine) Operators(context.Context) ([]access.Operator, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.operators), nil
}

// Audiences lists them.
func (e *Engine) Audiences(context.Context) ([]delivery.Audience, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.audiences), nil
}

// CreateDelivery adds one.
func (e *Engine) CreateDelivery(_ context.Context, _ access.Principal, d delivery.Draft) (delivery.ID, error) {
	e.mu.Lock()
	id := delivery.ID(1)
	for k := range e.views {
		id = max(id, k+1)
	}
	e.commands = append(e.commands, "create "+id.String())
	err := e.fail["create"]
	e.mu.Unlock()
	if err != nil {
		return 0, err
	}
	v := Sample(id, delivery.Editing)
	v.Draft = d
	e.Put(v)
	return id, nil
}

// EditDelivery replaces the draft.
func (e *Engine) EditDelivery(_ context.Context, who access.Principal, id delivery.ID, d delivery.Draft) error {
	return e.command("edit", who, id, access.Prepare, delivery.Edit, func(v *delivery.View) {
		v.Draft, v.Accounts = d, nil
		for _, r := range d.Relays {
			for _, a := range e.rel().accounts {
				if a.ID == r.Account {
					v.Accounts = append(v.Accounts, a)
				}
			}
		}
	})
}

// DuplicateDelivery copies one.
func (e *Engine) DuplicateDelivery(ctx context.Context, who access.Principal, id delivery.ID) (delivery.ID, error) {
	v, err := e.Delivery(ctx, id)
	if err != nil {
		return 0, err
	}
	return e.CreateDelivery(ctx, who, v.Draft)
}

// DeleteDelivery removes one.
func (e *Engine) DeleteDelivery(_ context.Context, _ access.Principal, id delivery.ID) error {
	e.mu.Lock()
	delete(e.views, id)
	e.commands = append(e.commands, "delete "+id.String())
	e.mu.Unlock()
	e.Hub.Publish(event.Lists{})
	return nil
}

// Deliveries lists all.
func (e *Engine) Deliveries(context.Context) ([]delivery.View, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.fail["deliveries"]; err != nil {
		return nil, err
	}
	var out []delivery.View
	for _, v := range e.views {
		out = append(out, v)
	}
	return out, nil
}

// Delivery reads one.
func (e *Engine) Delivery(_ context.Context, id delivery.ID) (delivery.View, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	v, ok := e.views[id]
	if !ok {
		return v, &delivery.Error{Kind: delivery.KindNotFound, Field: "delivery", Detail: id.String()}
	}
	return v, nil
}

// Prepare makes a delivery ready at once.
func (e *Engine) Prepare(_ context.Context, who access.Principal, id delivery.ID) error {
	if err := e.command("prepare", who, id, access.Prepare, delivery.Prepare, func(*delivery.View) {}); err != nil {
		return err
	}
	v, _ := e.Delivery(context.Background(), id)
	draft := v.Draft
	v = Sample(id, delivery.Ready)
	v.Draft = draft
	e.Put(v)
	return nil
}

// StopPreparation goes back to editing.
func (e *Engine) StopPreparation(_ context.Context, who access.Principal, id delivery.ID) error {
	return e.command("stop_preparation", who, id, access.Prepare, delivery.StopPreparation, func(*delivery.View) {})
}

// Confirm records the plan and starts sending.
func (e *Engine) Confirm(_ context.Context, who access.Principal, id delivery.ID, plan string) error {
	e.mu.Lock()
	e.confirms = append(e.confirms, plan)
	e.mu.Unlock()
	return e.command("confirm", who, id, access.Start, delivery.Confirm, func(v *delivery.View) {
		*v = Sample(id, delivery.Sending)
	})
}

// Pause pauses.
func (e *Engine) Pause(_ context.Context, who access.Principal, id delivery.ID) error {
	return e.command("pause", who, id, access.Start, delivery.Pause, func(v *delivery.View) {
		v.Paused = &delivery.PauseReason{By: "Marieke", At: Now()}
	})
}

// Resume resumes.
func (e *Engine) Resume(_ context.Context, who access.Principal, id delivery.ID) error {
	return e.command("resume", who, id, access.Start, delivery.Resume, func(v *delivery.View) { v.Paused = nil })
}

// Stop stops.
func (e *Engine) Stop(_ context.Context, who access.Principal, id delivery.ID) error {
	return e.command("stop", who, id, access.Start, delivery.Stop, func(v *delivery.View) {
		v.Counters.Cancelled, v.Counters.Pending = v.Counters.Pending, 0
		v.Finished = Now()
	})
}

// Allowed lists what the table and the rights allow.
func (e *Engine) Allowed(_ context.Context, who access.Principal, id delivery.ID) ([]delivery.Action, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.readOnly != nil {
		return nil, nil
	}
	o := e.operator(who)
	var out []delivery.Action
	for _, a := range delivery.Possible(e.views[id].State) {
		switch a {
		case delivery.Edit, delivery.Prepare, delivery.StopPreparation:
			if o.Rights.Has(access.Prepare) {
				out = append(out, a)
			}
		case delivery.Confirm, delivery.Pause, delivery.Resume, delivery.Stop:
			if o.Rights.Has(access.Start) {
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// Series returns what SetSeries set.
func (e *Engine) Series(context.Context, delivery.ID) ([]delivery.Point, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.series), nil
}

// ComputeStats returns what SetRecount set.
func (e *Engine) ComputeStats(context.Context, delivery.ID) (kpi.Recount, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.recount, nil
}

// Preview greets Ann.
func (e *Engine) Preview(context.Context, delivery.ID, int) (bridge.Preview, error) {
	return bridge.Preview{From: "Acme Garden <news@acme.example>", Subject: "Ann, your garden in June", Address: "ann@post.example",
		Text: "Hello Ann\n\nThree things to plant before the longest day, and a voucher for your shop in Utrecht."}, nil
}
