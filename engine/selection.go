package engine

import (
	"context"
	"errors"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/prepare"
	"sendoff/engine/rule"
	"sendoff/engine/schedule"
	"sendoff/engine/segment"
	"sendoff/engine/store"
)

// selection is whom the rule of a delivery's audience names, frozen with the state
// of the workspace in which that was found.
type selection struct {
	now     *store.Snapshot // nil when the rule cannot be evaluated
	ids     []int64
	plan    *delivery.PlanRule
	sealed  string
	finding []delivery.Finding
}

func (s *selection) close() {
	if s.now != nil {
		s.now.Close()
	}
}

// selectPeople evaluates the rule of a delivery's audience at a moment. What the rule
// refers to and is not there is a finding, no error.
func (e *Engine) selectPeople(ctx context.Context, d delivery.Delivery, at time.Time) (*selection, error) {
	sel := &selection{}
	at, zone := dated(d.Schedule, at)
	fields, err := e.store.Fields(ctx)
	if err != nil {
		return sel, err
	}
	err = e.segments.with(ctx, e.store, nil, func(ix *segment.Index, now *store.Snapshot) (bool, error) {
		text, sealed, err := now.Rule(d.Audience)
		if err != nil {
			return false, err
		}
		sel.sealed = sealed
		said, err := now.Named(text)
		if err != nil {
			return false, err
		}
		sel.plan = &delivery.PlanRule{Text: said, At: at, Zone: zone}
		x, err := rule.Parse(text)
		if err == nil {
			err = checkRules(ctx, now, x, fields, map[int64]bool{d.Audience: true})
		}
		var set segment.Set
		if err == nil {
			set, err = ix.Eval(ctx, now, x, segment.Env{Now: at})
		}
		if f, ok := ruleFinding(err); ok {
			sel.finding = []delivery.Finding{f}
			return false, nil
		}
		if err != nil {
			return false, err
		}
		sel.plan.Count = set.Count()
		sel.ids, sel.now = ix.IDs(set, 0, -1), now
		return true, nil
	})
	return sel, err
}

// checkRules looks for fields that nobody has in a rule and in those that it
// refers to.
func checkRules(ctx context.Context, now *store.Snapshot, x rule.Expr, fields []delivery.Field, seen map[int64]bool) error {
	if err := x.CheckFields(fields); err != nil {
		return err
	}
	for _, r := range x.Audiences() {
		if seen[r.ID] {
			continue
		}
		seen[r.ID] = true
		a, err := now.Audience(ctx, r.ID)
		if delivery.Is(err, delivery.KindNotFound) {
			continue // the evaluation says so
		}
		if err != nil {
			return err
		}
		if a.Rule == "" {
			continue
		}
		x, err := rule.Parse(a.Rule)
		if err == nil {
			err = checkRules(ctx, now, x, fields, seen)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dated gives a moment the zone in which a delivery's days are meant: that of its
// contact date, else this computer's; with its name.
func dated(s delivery.Schedule, at time.Time) (time.Time, string) {
	if s.Mode == delivery.AtDate {
		if zone, err := schedule.Load(s.Zone); err == nil {
			return at.In(zone), s.Zone
		}
	}
	at = at.Local()
	name, _ := at.Zone()
	return at, name
}

// ruleFinding is what a fault of a rule means to a delivery.
func ruleFinding(err error) (delivery.Finding, bool) {
	var de *delivery.Error
	if !errors.As(err, &de) || de.Kind != delivery.KindRule {
		return delivery.Finding{}, false
	}
	f := delivery.Finding{Code: delivery.FindRuleBroken, Severity: delivery.SeverityError, Detail: de.Field}
	switch de.Field {
	case rule.FaultField:
		f.Code, f.Detail = delivery.FindRuleField, de.Detail
	case rule.FaultAudience:
		f.Code, f.Detail = delivery.FindRuleAudience, de.Detail
	case rule.FaultDelivery:
		f.Code, f.Detail = delivery.FindRuleDelivery, de.Detail
	}
	return f, true
}

// byRule makes a preparation one of the people whom its rule names.
func (e *Engine) byRule(ctx context.Context, p *preparation, start store.Preparation, in *prepare.Input) (*selection, error) {
	sel, err := e.selectPeople(ctx, start.Delivery, in.Now)
	if err != nil {
		return sel, err
	}
	in.Rule, in.Unmet, in.Draft.Definition = sel.plan, sel.finding, sel.sealed
	in.Size = int64(len(sel.ids))
	p.total.Store(in.Size)
	in.Source = func(ctx context.Context, fn func(prepare.Target) error) error {
		if sel.now == nil {
			return nil
		}
		return sel.now.EachOf(ctx, start.Delivery, sel.ids, func(t store.Target) error { return fn(target(t)) })
	}
	return sel, nil
}

// target is a target of the store as the preparation takes it.
func target(t store.Target) prepare.Target {
	return prepare.Target{Profile: t.ID, Address: t.Address, Key: t.Key, Fields: t.Fields,
		Denied: t.Denied, Quarantined: t.Quarantined, Written: t.Written, LastSent: t.LastSent}
}
