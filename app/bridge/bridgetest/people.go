package bridgetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

// crowd is who the fake knows: n people, every 20th on the denylist, every 25th
// with an address in quarantine.
type crowd struct {
	people     []delivery.Profile
	quarantine []delivery.Quarantined
}

func newCrowd(n int) *crowd {
	first := []string{"Eva", "Noor", "Piet", "Anna", "José", "Sem", "Ann", "Joris", "Fatima", "Willemijn"}
	last := []string{"Jansen", "de Vries", "Bell", "van den Berg", "Yılmaz", "Smit", "Watts"}
	c := &crowd{}
	for i := range n {
		p := delivery.Profile{ID: int64(i + 1), Created: Now().AddDate(0, 0, -i%400), Modified: Now().AddDate(0, 0, -i%40),
			Fields: map[string]string{"first_name": first[i%len(first)], "last_name": last[i%len(last)], "city": "Utrecht"}}
		p.Address = fmt.Sprintf("%s.%d@post.example", strings.ToLower(strings.ReplaceAll(last[i%len(last)], " ", "")), i)
		if i%3 == 0 {
			p.LastSent = Now().AddDate(0, 0, -i%90)
		}
		if i%4 == 0 {
			p.ConsentSource, p.ConsentAt = "Webshop", Now().AddDate(0, 0, -i%400)
		}
		if i%20 == 19 {
			p.Denied, p.DeniedAt, p.DeniedBy = true, Now().AddDate(0, 0, -i%30), "Marieke"
		}
		if i%25 == 24 {
			p.Quarantine = "user_unknown"
			c.quarantine = append(c.quarantine, delivery.Quarantined{ID: int64(i), Key: p.Address, Address: p.Address, Reason: "user_unknown", At: Now().AddDate(0, 0, -i)})
		}
		c.people = append(c.people, p)
	}
	return c
}

// changeCrowd does something that needs the right Prepare.
func (e *Engine) changeCrowd(command string, who access.Principal, do func(*crowd) error) error {
	e.mu.Lock()
	e.commands = append(e.commands, command)
	err := e.fail[strings.Fields(command)[0]]
	if err == nil {
		err = e.operator(who).Check(command, access.Prepare)
	}
	if err == nil {
		err = do(e.crowd)
	}
	e.mu.Unlock()
	if err == nil {
		e.Hub.Publish(event.Lists{})
	}
	return err
}

func (c *crowd) at(id int64) int {
	return slices.IndexFunc(c.people, func(p delivery.Profile) bool { return p.ID == id })
}

// ProfileNumbers filters and sorts.
func (e *Engine) ProfileNumbers(_ context.Context, q delivery.ProfileQuery) ([]int64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.fail["profiles"]; err != nil {
		return nil, err
	}
	var ps []delivery.Profile
	for _, p := range e.crowd.people {
		text := strings.ToLower(p.Address + " " + p.Fields["first_name"] + " " + p.Fields["last_name"])
		if strings.Contains(text, strings.ToLower(q.Search)) && (!q.Denied || p.Denied) && (!q.Test || p.Test) && (q.Audience == 0 || p.ID%2 == 0) {
			ps = append(ps, p)
		}
	}
	slices.SortStableFunc(ps, func(a, b delivery.Profile) int {
		d := strings.Compare(a.Address, b.Address)
		by := func(x, y time.Time) int { return x.Compare(y) }
		switch q.Sort {
		case delivery.ProfilesByCreated:
			d = by(a.Created, b.Created)
		case delivery.ProfilesByLastSent:
			d = by(a.LastSent, b.LastSent)
		case delivery.ProfilesByDenied:
			d = by(a.DeniedAt, b.DeniedAt)
		}
		if q.Desc {
			return -d
		}
		return d
	})
	out := []int64{}
	for _, p := range ps {
		if q.Limit > 0 && len(out) == q.Limit {
			break
		}
		out = append(out, p.ID)
	}
	return out, nil
}

// ProfileRows reads some.
func (e *Engine) ProfileRows(_ context.Context, numbers []int64) ([]delivery.Profile, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []delivery.Profile
	for _, n := range numbers {
		if i := e.crowd.at(n); i >= 0 {
			out = append(out, e.crowd.people[i])
		}
	}
	return out, nil
}

// Profile reads one.
func (e *Engine) Profile(_ context.Context, id int64) (delivery.Profile, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.crowd.at(id)
	if i < 0 {
		return delivery.Profile{}, &delivery.Error{Kind: delivery.KindNotFound, Field: "profile"}
	}
	p := e.crowd.people[i]
	p.Audiences = []string{"Customers in the Netherlands"}
	return p, nil
}

func (c *crowd) check(p delivery.Profile) error {
	if !strings.Contains(p.Address, "@") {
		return &delivery.Error{Kind: delivery.KindInvalid, Field: "profile.address", Detail: "no_at"}
	}
	if slices.ContainsFunc(c.people, func(o delivery.Profile) bool { return o.ID != p.ID && strings.EqualFold(o.Address, p.Address) }) {
		return &delivery.Error{Kind: delivery.KindExists, Field: "profile", Detail: p.Address}
	}
	return nil
}

// AddProfile adds one.
func (e *Engine) AddProfile(_ context.Context, who access.Principal, p delivery.Profile) (int64, error) {
	err := e.changeCrowd("add_profile "+p.Address, who, func(c *crowd) error {
		p.ID = int64(len(c.people) + 1)
		p.Created, p.Modified = Now(), Now()
		if err := c.check(p); err != nil {
			return err
		}
		c.people = append(c.people, p)
		return nil
	})
	return p.ID, err
}

// EditProfile replaces address and fields.
func (e *Engine) EditProfile(_ context.Context, who access.Principal, p delivery.Profile) error {
	return e.changeCrowd("edit_profile "+p.Address, who, func(c *crowd) error {
		if err := c.check(p); err != nil {
			return err
		}
		i := c.at(p.ID)
		c.people[i].Address, c.people[i].Fields = p.Address, p.Fields
		return nil
	})
}

// DeleteProfile removes one.
func (e *Engine) DeleteProfile(_ context.Context, who access.Principal, id int64) error {
	return e.changeCrowd(fmt.Sprint("delete_profile ", id), who, func(c *crowd) error {
		c.people = slices.DeleteFunc(c.people, func(p delivery.Profile) bool { return p.ID == id })
		return nil
	})
}

// Deny puts people on the denylist or takes them off.
func (e *Engine) Deny(_ context.Context, who access.Principal, ids []int64, denied bool) error {
	return e.changeCrowd(fmt.Sprint("deny ", ids, " ", denied), who, func(c *crowd) error {
		for _, id := range ids {
			c.people[c.at(id)].Denied = denied
		}
		return nil
	})
}

// FieldNames lists a few.
func (e *Engine) FieldNames(context.Context) ([]string, error) {
	return []string{"first_name", "last_name", "city"}, nil
}

// SetFields says which fields there are.
func (e *Engine) SetFields(fs ...delivery.Field) { e.fields = fs }

// Fields lists them with their types.
func (e *Engine) Fields(context.Context) ([]delivery.Field, error) {
	if e.fields != nil {
		return slices.Clone(e.fields), nil
	}
	return append([]delivery.Field{
		{Name: "first_name", Type: delivery.FieldText, Label: "Voornaam", Sample: "Anna"},
		{Name: "last_name", Type: delivery.FieldText, Label: "Achternaam", Sample: "de Vries"},
		{Name: "city", Type: delivery.FieldText, Label: "Plaats", Sample: "Utrecht"},
	}, e.more...), nil
}

// QuarantineNumbers filters; the order is by number.
func (e *Engine) QuarantineNumbers(_ context.Context, q delivery.QuarantineQuery) ([]int64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := []int64{}
	for _, x := range e.crowd.quarantine {
		if strings.Contains(x.Address, q.Search) && (q.Limit == 0 || len(out) < q.Limit) {
			out = append(out, x.ID)
		}
	}
	return out, nil
}

// QuarantineRows reads some.
func (e *Engine) QuarantineRows(_ context.Context, numbers []int64) ([]delivery.Quarantined, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []delivery.Quarantined
	for _, n := range numbers {
		for _, x := range e.crowd.quarantine {
			if x.ID == n {
				out = append(out, x)
			}
		}
	}
	return out, nil
}

// AddQuarantine adds one by hand.
func (e *Engine) AddQuarantine(_ context.Context, who access.Principal, address string) error {
	return e.changeCrowd("quarantine "+address, who, func(c *crowd) error {
		if !strings.Contains(address, "@") {
			return &delivery.Error{Kind: delivery.KindInvalid, Field: "profile.address"}
		}
		c.quarantine = append(c.quarantine, delivery.Quarantined{ID: int64(10000 + len(c.quarantine)), Key: strings.ToLower(address), Address: address, Reason: "manual", By: "Marieke", At: Now()})
		return nil
	})
}

// Release takes addresses out.
func (e *Engine) Release(_ context.Context, who access.Principal, keys []string) error {
	return e.changeCrowd("release "+strings.Join(keys, " "), who, func(c *crowd) error {
		c.quarantine = slices.DeleteFunc(c.quarantine, func(x delivery.Quarantined) bool { return slices.Contains(keys, x.Key) })
		return nil
	})
}

// DeleteAudience removes one.
func (e *Engine) DeleteAudience(_ context.Context, who access.Principal, id int64) error {
	return e.changeCrowd(fmt.Sprint("delete_audience ", id), who, func(*crowd) error {
		e.audiences = slices.DeleteFunc(e.audiences, func(a delivery.Audience) bool { return a.ID == id })
		return nil
	})
}

// RenameAudience renames one.
func (e *Engine) RenameAudience(_ context.Context, who access.Principal, id int64, name string) error {
	return e.changeCrowd(fmt.Sprint("rename_audience ", id, " ", name), who, func(*crowd) error {
		for i := range e.audiences {
			if e.audiences[i].ID == id {
				e.audiences[i].Name = name
			}
		}
		return nil
	})
}
