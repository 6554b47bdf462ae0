package session

import (
	"context"
	"encoding/json"

	"sendoff/app/bridge"
	"sendoff/app/state"
	"sendoff/engine/delivery"
)

type read struct {
	view     delivery.View
	accounts []delivery.Account
	fields   []delivery.Field
	sample   delivery.Profile
	kept     delivery.FormDraft
}

// Reload asks the engine for the delivery. What is being written stays.
func (s *Session) Reload() {
	first := !s.loaded
	bridge.Run(s.env.Bridge, "content", func(ctx context.Context) (r read, err error) {
		if r.view, err = s.env.Engine.Delivery(ctx, s.id); err != nil {
			return r, err
		}
		if r.accounts, err = s.env.Engine.Accounts(ctx); err != nil {
			return r, err
		}
		if r.fields, err = fields(ctx, s.env.Engine, r.view.Audience); err != nil {
			return r, err
		}
		r.sample, err = sample(ctx, s.env.Engine, r.view.Audience)
		if err == nil && first {
			r.kept, err = s.env.Engine.Draft(ctx, s.key())
		}
		return r, err
	}, s.take)
}

// fields are those that a letter to an audience may use.
func fields(ctx context.Context, e bridge.Engine, audience int64) ([]delivery.Field, error) {
	all, err := e.Fields(ctx)
	if err != nil {
		return nil, err
	}
	as, err := e.Audiences(ctx)
	return delivery.FieldsOf(all, as, audience), err
}

// sample is the first person of an audience, or of all when it is empty.
func sample(ctx context.Context, e bridge.Engine, audience int64) (delivery.Profile, error) {
	for _, q := range []delivery.ProfileQuery{{Audience: audience, Limit: 1}, {Limit: 1}} {
		ids, err := e.ProfileNumbers(ctx, q)
		if err != nil {
			return delivery.Profile{}, err
		}
		if len(ids) > 0 {
			return e.Profile(ctx, ids[0])
		}
	}
	return delivery.Profile{}, nil
}

func (s *Session) take(r read, err error) {
	if s.closed {
		return
	}
	if err != nil {
		if delivery.Is(err, delivery.KindNotFound) {
			s.env.Home() // deleted by somebody
		}
		s.env.Fail(err)
		return
	}
	mine := s.now
	clean := !s.Dirty()
	s.view, s.accounts, s.fields, s.sample = r.view, r.accounts, r.fields, r.sample
	switch {
	case !s.loaded, clean:
		s.now = r.view.Draft
	default:
		s.now = merged(r.view.Draft, mine)
	}
	first := !s.loaded
	s.loaded = true
	var k kept
	// What was kept of a delivery that is on its way by now stays where it is.
	if able, _ := s.Editable(); first && able && r.kept.Value != "" && json.Unmarshal([]byte(r.kept.Value), &k) == nil {
		s.now.Label, s.now.Content = k.Label, k.Content
		if len(k.Via) > 0 {
			s.now.SetVia(k.Via)
		}
		if s.kept = !s.now.Equal(r.view.Draft); s.kept {
			s.past.add("", r.view.Draft, s.env.Now())
			s.env.Toast(s.env.Text.T("common.restored"), state.Blue)
		}
	}
	s.look()
	s.changed()
}

// merged is what somebody else stored with what is being written here.
func merged(stored, mine delivery.Draft) delivery.Draft {
	stored.Label, stored.Content = mine.Label, mine.Content
	stored.SetVia(mine.Via())
	return stored
}
