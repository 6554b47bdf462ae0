// Package home is the list of deliveries: a card for each one with its state and
// counts, and the ways to a new one.
//
// A Panel lives on the UI goroutine.
package home

import (
	"context"
	"slices"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

// prefSort is how the list was sorted the last time.
const prefSort = "deliveries.sort"

// Panel is the list.
type Panel struct {
	env    *panel.Env
	views  []delivery.View
	query  state.HomeQuery
	view   *view
	loaded bool
	closed bool

	loading, dirty bool
}

// New makes the list and asks for it.
func New(env *panel.Env) *Panel {
	p := &Panel{env: env, query: state.HomeQuery{Filter: state.HomeAll, Sort: state.HomeNewest}}
	if s := state.HomeSort(env.Prefs.String(prefSort)); slices.Contains(state.HomeSorts(), s) {
		p.query.Sort = s
	}
	p.view = newView(p)
	p.Reload()
	return p
}

// Loaded reports whether the list has been read.
func (p *Panel) Loaded() bool { return p.loaded }

// Close ends what the panel still waits for.
func (p *Panel) Close() { p.closed = true }

// Handle takes events of the engine.
func (p *Panel) Handle(es []event.Event) {
	for _, e := range es {
		switch e := e.(type) {
		case event.Status:
			i := slices.IndexFunc(p.views, func(v delivery.View) bool { return v.ID == e.ID })
			if i < 0 {
				continue
			}
			before := p.views[i].State
			p.views[i] = state.Live(p.views[i], e.Status)
			if p.views[i].State != before {
				p.Reload()
			}
			p.view.update(state.CardOf(p.env.Text, p.views[i], p.env.Operator(), p.env.Now()))
		case event.Changed, event.Lists:
			p.Reload()
		}
	}
}

// Reload asks for the list anew. Two calls at once are one.
func (p *Panel) Reload() {
	if p.loading {
		p.dirty = true
		return
	}
	p.loading = true
	bridge.Run(p.env.Bridge, "home", func(ctx context.Context) ([]delivery.View, error) {
		return p.env.Engine.Deliveries(ctx)
	}, func(vs []delivery.View, err error) {
		p.loading = false
		if p.closed {
			return
		}
		if p.dirty {
			p.dirty = false
			p.Reload()
		}
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.views, p.loaded = vs, true
		p.render()
	})
}

// render shows what the query asks for.
func (p *Panel) render() {
	if p.loaded {
		p.view.set(state.Home(p.env.Text, p.views, p.query, p.env.Operator(), p.env.Now()))
	}
}

// Search narrows the list to what has all the words of a text.
func (p *Panel) Search(text string) {
	p.query.Search = text
	p.render()
}

// filter shows some of the deliveries.
func (p *Panel) filter(f state.HomeFilter) {
	p.query.Filter = f
	p.render()
}

// all shows everything again.
func (p *Panel) all() {
	p.query.Search, p.query.Filter = "", state.HomeAll
	p.render()
}

// sort changes the order, for the next time too.
func (p *Panel) sort(s state.HomeSort) {
	p.query.Sort = s
	p.env.Prefs.SetString(prefSort, string(s))
	p.render()
}

// decide leads to what is in doubt of a delivery.
func (p *Panel) decide(id delivery.ID) {
	p.env.Go(panel.Place{Screen: panel.Deployment, Delivery: id, Tab: string(state.TabDoubt)})
}

// remove asks, then deletes.
func (p *Panel) remove(id delivery.ID, label string) {
	c := p.env.Text
	confirm.Ask(p.env.Window, confirm.Question{Title: c.T("home.delete_title"),
		Sentence: c.T("home.delete_sentence", "label", label), OK: c.T("home.delete_ok"), Cancel: c.T("common.cancel"),
	}, func(yes bool) {
		if yes {
			p.command("delete", c.T("home.deleted", "label", label), func(ctx context.Context, who access.Principal) error {
				return p.env.Engine.DeleteDelivery(ctx, who, id)
			})
		}
	})
}

// sample makes the training sample and opens it.
func (p *Panel) sample() {
	bridge.Run(p.env.Bridge, "sample", func(ctx context.Context) (delivery.ID, error) {
		return p.env.Engine.AddSample(ctx)
	}, func(id delivery.ID, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.env.Open(id)
	})
}

func (p *Panel) command(name, done string, do func(context.Context, access.Principal) error) {
	who := p.env.Who()
	bridge.Run(p.env.Bridge, name, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, do(ctx, who)
	}, func(_ struct{}, err error) {
		if err == nil {
			p.env.Toast(done, state.Green)
		}
		p.env.Fail(err)
		p.Reload()
	})
}
