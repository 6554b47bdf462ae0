package engine

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"sendoff/engine/attachment"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/prepare"
	"sendoff/engine/preview"
	"sendoff/engine/store"
)

// PreviewAs is whose message is shown: the profile with that id, else who is described
// by Address and Fields.
type PreviewAs struct {
	Profile int64
	Address string
	Fields  map[string]string
}

// PreviewDraft renders what is being written as one person would get it; nothing needs
// to be saved. Findings are what the compiler and the person's values say against it;
// Bytes is the size of the whole message, 0 when it cannot be made for want of a sender
// or a valid address. With broken Liquid the error is of KindTemplate, and the findings
// say all that is broken; KindNotFound for a profile that is gone.
func (e *Engine) PreviewDraft(ctx context.Context, id delivery.ID, d delivery.Draft, as PreviewAs) (Preview, error) {
	p := Preview{Profile: as.Profile, Address: as.Address, Values: as.Fields}
	if as.Profile != 0 {
		person, err := e.store.Profile(ctx, as.Profile)
		if err != nil {
			return p, err
		}
		p.Address, p.Values = person.Address, person.Fields
	}
	t, findings := message.CompileWith(d.Content, e.ofDraft(ctx, d))
	p.Findings = findings
	if t == nil {
		return p, broken("preview", findings)
	}
	fields, err := json.Marshal(p.Values)
	if err != nil {
		return p, err
	}
	if p.Values == nil {
		fields = []byte("{}")
	}
	v, err := e.store.Delivery(ctx, id)
	if err != nil && !delivery.Is(err, delivery.KindNotFound) {
		return p, err
	}
	when := v.Modified
	if v.Plan != nil {
		when = v.Plan.At
	}
	// The number of a message decides nothing but its Message-ID.
	press := prepare.NewPress(t, id, d, e.store.ID(), when)
	if p.Preview, err = press.Preview(1, p.Address, string(fields)); err != nil {
		return p, err
	}
	for _, name := range p.Missing {
		f := delivery.Finding{Code: delivery.FindMissingValue, Severity: delivery.SeverityError, Count: 1, Detail: name}
		for _, use := range t.Fields() {
			if use.Name == name && !use.Default {
				f.Part, f.Line, f.Column = use.Part, use.Line, use.Column
				break
			}
		}
		p.Findings = append(p.Findings, f)
	}
	var buf message.Buffer
	folder := e.files(id, d.Content)
	defer folder.Close()
	files, path, err := attachedNow(press, &buf, folder, 1, p.Address, "", string(fields))
	var trouble *attachment.Trouble
	switch {
	case errors.As(err, &trouble) && len(p.Missing) == 0:
		p.Findings = append(p.Findings, delivery.Finding{Code: trouble.Code, Severity: delivery.SeverityError, Part: message.PartAttachment, Count: 1, Detail: path})
	case err != nil && trouble == nil:
		return p, err
	}
	if m, err := press.RenderWith(&buf, 1, p.Address, "", string(fields), files, when); err == nil {
		p.Bytes = int64(len(m.Data))
	}
	return p, nil
}

// NeighbourOf is the id of the person whom a draft is for step places after another
// one; 1 is the next one, -1 the one before, and after 0 comes the first. KindNotFound
// at either end, and when the draft is for nobody.
func (e *Engine) NeighbourOf(ctx context.Context, d delivery.Draft, profile int64, step int) (int64, error) {
	if d.Follows.Mode == delivery.Correction {
		return e.store.FollowedNeighbour(ctx, d.Follows, profile, step)
	}
	ids, ruled, err := e.named(ctx, d)
	if err != nil {
		return 0, err
	}
	if !ruled {
		return e.store.Neighbour(ctx, d.Audience, profile, step)
	}
	at, found := slices.BinarySearch(ids, profile)
	if step > 0 {
		if found {
			at++
		}
		ids = ids[at:]
	} else {
		ids = slices.Clone(ids[:at])
		slices.Reverse(ids)
		step = -step
	}
	for part := range slices.Chunk(ids, 1000) {
		there, err := e.store.Addressed(ctx, part)
		if err != nil {
			return 0, err
		}
		if step = step - len(there); step <= 0 {
			return there[len(there)+step-1], nil
		}
	}
	return 0, &delivery.Error{Op: "neighbour", Kind: delivery.KindNotFound, Field: "profile"}
}

// named are the ids of the people whom a draft is for now, in order, when its audience
// is a rule; false when it is a list. A rule that cannot be evaluated names nobody.
func (e *Engine) named(ctx context.Context, d delivery.Draft) ([]int64, bool, error) {
	if d.Audience == 0 {
		return nil, false, nil
	}
	ruled, err := e.store.IsRule(ctx, d.Audience)
	if err != nil || !ruled {
		return nil, false, err
	}
	sel, err := e.selectPeople(ctx, delivery.Delivery{Draft: d}, time.Now())
	if err != nil {
		return nil, true, err
	}
	sel.close()
	slices.Sort(sel.ids)
	return sel.ids, true, nil
}

// Riskiest finds the people of a draft's audience whose messages are most likely to
// look wrong, one for each reason that somebody gives, in the order of preview.Reasons.
// It looks at everybody once, in bounded memory; KindCancelled when ctx ended it,
// KindTemplate for broken Liquid.
func (e *Engine) Riskiest(ctx context.Context, id delivery.ID, d delivery.Draft) ([]preview.Risk, error) {
	const op = "riskiest"
	t, findings := message.CompileWith(d.Content, e.ofDraft(ctx, d))
	if t == nil {
		return nil, broken(op, findings)
	}
	c, err := e.choose(ctx, id, d, t.Fields())
	if ctx.Err() != nil {
		return nil, &delivery.Error{Op: op, Kind: delivery.KindCancelled, Err: ctx.Err()}
	}
	if err != nil {
		return nil, err
	}
	risks := c.Risks()
	var largest preview.Risk
	press := prepare.NewPress(t, id, d, e.store.ID(), d.Schedule.At)
	var buf message.Buffer
	folder := e.files(id, d.Content)
	defer folder.Close()
	for _, r := range c.Large() {
		files, _, err := attachedNow(press, &buf, folder, 1, r.Address, "", r.Values)
		if err != nil {
			continue
		}
		m, err := press.RenderWith(&buf, 1, r.Address, "", r.Values, files, d.Schedule.At)
		if err != nil {
			continue // no message, so not the largest
		}
		if r.Size = int64(len(m.Data)); r.Size > largest.Size {
			largest = r
		}
	}
	if largest.Size > 0 {
		risks = append(risks, largest)
	}
	return risks, nil
}

// choose streams the audience, on all cores where it is a list.
func (e *Engine) choose(ctx context.Context, id delivery.ID, d delivery.Draft, uses []message.Field) (*preview.Chooser, error) {
	c := preview.NewChooser(uses)
	if d.Follows.Mode == delivery.Correction {
		return c, e.store.EachTarget(ctx, delivery.Delivery{ID: id, Draft: d}, func(t store.Target) error {
			if t.Key != "" && !t.Denied && !t.Quarantined {
				c.Add(preview.Profile{ID: t.ID, Address: []byte(t.Address), Values: []byte(t.Fields)})
			}
			return ctx.Err()
		})
	}
	cores := runtime.GOMAXPROCS(0)
	ids, ruled, err := e.named(ctx, d)
	if err != nil {
		return nil, err
	}
	var streams []func(context.Context, func(id int64, address, fields []byte) error) error
	if ruled {
		for part := range slices.Chunk(ids, max(1, (len(ids)+cores-1)/cores)) {
			streams = append(streams, func(ctx context.Context, fn func(int64, []byte, []byte) error) error {
				for some := range slices.Chunk(part, namedAtOnce) {
					if err := e.store.EachNumbered(ctx, some, fn); err != nil {
						return err
					}
				}
				return nil
			})
		}
	} else {
		spans, err := e.store.Spans(ctx, d.Audience, cores)
		if err != nil {
			return nil, err
		}
		for _, span := range spans {
			streams = append(streams, func(ctx context.Context, fn func(int64, []byte, []byte) error) error {
				return e.store.EachMember(ctx, d.Audience, span, fn)
			})
		}
	}
	parts := make([]*preview.Chooser, len(streams))
	g, ctx := errgroup.WithContext(ctx)
	for i, stream := range streams {
		parts[i] = preview.NewChooser(uses)
		g.Go(func() error {
			return stream(ctx, func(id int64, address, fields []byte) error {
				parts[i].Add(preview.Profile{ID: id, Address: address, Values: fields})
				return nil
			})
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for p := range slices.Values(parts) {
		c.Merge(p)
	}
	return c, nil
}

// namedAtOnce is how many people of a rule are read with one statement.
const namedAtOnce = 20_000
