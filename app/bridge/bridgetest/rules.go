package bridgetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendoff/app/bridge"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/rule"
)

// Richer gives the people fields of every type, and other towns.
func (e *Engine) Richer() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.more = []delivery.Field{{Name: "age", Type: delivery.FieldNumber, Label: "Age"}, {Name: "joined", Type: delivery.FieldDate, Label: "Joined"},
		{Name: "member", Type: delivery.FieldBool, Label: "Member"}, {Name: "language", Type: delivery.FieldLanguage, Label: "Language"}}
	towns := []string{"Utrecht", "Amsterdam", "Utrecht", "Zwolle", "Den Haag", "Köln"}
	for i := range e.crowd.people {
		p := &e.crowd.people[i]
		f := map[string]string{"city": towns[i%len(towns)], "age": strconv.Itoa(18 + i%60),
			"joined": Now().AddDate(0, 0, -i).Format(time.DateOnly), "member": []string{rule.Yes, rule.No}[i%2], "language": []string{"nl", "en"}[i/3%2]}
		for k, v := range p.Fields {
			if f[k] == "" {
				f[k] = v
			}
		}
		p.Fields = f
	}
}

// AddRule stores an audience by rule.
func (e *Engine) AddRule(name, text string, size int64) delivery.Audience {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := delivery.Audience{ID: int64(len(e.audiences) + 1), Name: name, Rule: text, Size: size, Counted: Now(), Imported: Now(), Columns: []string{}}
	e.audiences = append(e.audiences, a)
	return a
}

// names asks a rule of one person. Nobody got anything; every second is in a list.
func names(e rule.Expr, p delivery.Profile) bool {
	switch e.Op {
	case rule.And:
		return !slices.ContainsFunc(e.Terms, func(t rule.Expr) bool { return !names(t, p) })
	case rule.Or:
		return slices.ContainsFunc(e.Terms, func(t rule.Expr) bool { return names(t, p) })
	case rule.Not:
		return !names(e.Terms[0], p)
	case rule.InAudience:
		return p.ID%2 == 0
	case rule.NotIn:
		return p.ID%2 == 1
	case rule.Got:
		return false
	case rule.Everyone, rule.DidNotGet:
		return true
	case rule.Random:
		part := int(p.ID)%e.Of + 1
		return part >= e.First && part <= e.Last
	}
	switch e.Field {
	case rule.FieldEmail:
		return rule.Test(e, Now())(p.Address)
	case rule.FieldAdded:
		return rule.Test(e, Now())(rule.DayText(p.Created, Now()))
	}
	return rule.Test(e, Now())(p.Fields[e.Field])
}

// CountRule counts among the people of the fake.
func (e *Engine) CountRule(ctx context.Context, text string, sample int, progress func(delivery.Progress)) (bridge.RuleCount, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := cmp.Or(ctx.Err(), e.fail["count_rule"]); err != nil {
		return bridge.RuleCount{}, err
	}
	x, err := rule.Parse(text)
	c := bridge.RuleCount{At: Now(), Took: 12 * time.Millisecond}
	if err != nil {
		return c, err
	}
	if progress != nil {
		progress(delivery.Progress{Done: 1, Total: 2})
	}
	for _, p := range e.crowd.people {
		if p.Test {
			continue
		}
		if c.Total++; names(x, p) {
			if c.Count++; len(c.Sample) < sample {
				c.Sample = append(c.Sample, p)
			}
		}
	}
	return c, nil
}

// CountAudience counts an audience by rule.
func (e *Engine) CountAudience(ctx context.Context, id int64) (int64, error) {
	e.mu.Lock()
	i := slices.IndexFunc(e.audiences, func(a delivery.Audience) bool { return a.ID == id })
	text := ""
	if i >= 0 {
		text = e.audiences[i].Rule
	}
	e.mu.Unlock()
	if text == "" {
		return 0, &delivery.Error{Kind: delivery.KindNotFound, Field: "audience"}
	}
	c, err := e.CountRule(ctx, text, 0, nil)
	if err == nil {
		e.mu.Lock()
		e.audiences[i].Size, e.audiences[i].Counted = c.Count, Now()
		e.mu.Unlock()
	}
	return c.Count, err
}

// CreateAudience stores one.
func (e *Engine) CreateAudience(ctx context.Context, who access.Principal, name, text string) (delivery.Audience, error) {
	var a delivery.Audience
	err := e.changeCrowd("create_audience "+name+": "+text, who, func(*crowd) error {
		if slices.ContainsFunc(e.audiences, func(a delivery.Audience) bool { return strings.EqualFold(a.Name, name) }) {
			return &delivery.Error{Kind: delivery.KindExists, Field: "audience", Detail: name}
		}
		a = delivery.Audience{ID: int64(len(e.audiences) + 1), Name: name, Rule: text, Imported: Now(), Columns: []string{}}
		e.audiences = append(e.audiences, a)
		return nil
	})
	return a, err
}

// EditAudienceRule replaces a rule.
func (e *Engine) EditAudienceRule(_ context.Context, who access.Principal, id int64, text string) error {
	return e.changeCrowd(fmt.Sprint("edit_audience ", id, ": ", text), who, func(*crowd) error {
		for i := range e.audiences {
			if e.audiences[i].ID == id {
				e.audiences[i].Rule = text
			}
		}
		return nil
	})
}

// SplitAudience makes the parts.
func (e *Engine) SplitAudience(_ context.Context, who access.Principal, id int64, s bridge.Split) ([]delivery.Audience, error) {
	var out []delivery.Audience
	err := e.changeCrowd(fmt.Sprint("split ", id, " ", s.Shares, " ", s.Names), who, func(*crowd) error {
		for i, name := range s.Names {
			a := delivery.Audience{ID: int64(len(e.audiences) + 1), Name: name, Rule: fmt.Sprintf("in audience %d and random part %d of %d seed 1", id, i+1, len(s.Shares))}
			e.audiences, out = append(e.audiences, a), append(out, a)
		}
		return nil
	})
	return out, err
}

// FieldValues counts the values of the people.
func (e *Engine) FieldValues(_ context.Context, field, part string, n int) ([]bridge.FieldValue, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	count := map[string]int64{}
	for _, p := range e.crowd.people {
		if v := p.Fields[field]; v != "" && strings.Contains(strings.ToLower(v), strings.ToLower(part)) {
			count[v]++
		}
	}
	var out []bridge.FieldValue
	for v, c := range count {
		out = append(out, bridge.FieldValue{Text: v, Count: c})
	}
	slices.SortFunc(out, func(a, b bridge.FieldValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Text, b.Text))
	})
	return out[:min(n, len(out))], nil
}

// SetTest marks test profiles.
func (e *Engine) SetTest(_ context.Context, who access.Principal, ids []int64, test bool) error {
	return e.changeCrowd(fmt.Sprint("test ", ids, " ", test), who, func(c *crowd) error {
		for _, id := range ids {
			c.people[c.at(id)].Test = test
		}
		return nil
	})
}

// Forget makes an audience by rule one that was never counted.
func (e *Engine) Forget(id int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range e.audiences {
		if e.audiences[i].ID == id {
			e.audiences[i].Size, e.audiences[i].Counted = 0, time.Time{}
		}
	}
}
