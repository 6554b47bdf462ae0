// Package dashboard is the screen of one delivery: its summary, what can be done
// now, and the blocks Deployment, Audience, Schedule and Content. It decides
// nothing: app/state says what is shown, the engine what may be done.
//
// A Panel lives on the UI goroutine.
package dashboard

import (
	"context"
	"slices"
	"time"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/panel"
	"sendoff/app/panel/editors"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

// chartEvery is the least time between two drawings of the chart.
const chartEvery = 500 * time.Millisecond

// Panel is the dashboard of one delivery.
type Panel struct {
	env *panel.Env
	id  delivery.ID

	in     state.Input
	model  state.Dashboard
	view   *view
	loaded bool
	closed bool

	loading, dirty bool
	latest         delivery.Status // since the last load began
	fresh          bool            // latest is set

	drawn    time.Time // when the chart was last asked for
	drawing  bool
	redraw   bool
	stopDraw func()
	wake     func() // ends the timer that waits for the contact date

	previewed delivery.Draft // what the preview was made of
	shown     bool           // a preview was asked for
	first     bridge.Preview // the message of the first recipient
	busy      bool           // a command is on its way
	dialog    *confirm.Dialog
	onModel   func(state.Dashboard)
}

// New makes the dashboard of a delivery and asks for it.
func New(env *panel.Env, id delivery.ID) *Panel {
	p := &Panel{env: env, id: id}
	p.view = newView(p)
	p.Reload()
	return p
}

// ID is the delivery shown.
func (p *Panel) ID() delivery.ID { return p.id }

// Model is what is shown now; ok is false until the delivery was read.
func (p *Panel) Model() (state.Dashboard, bool) { return p.model, p.loaded }

// View is the delivery as last heard of.
func (p *Panel) View() delivery.View { return p.in.View }

// Watch calls f after every change of the model, and once at once if there is
// one.
func (p *Panel) Watch(f func(state.Dashboard)) {
	p.onModel = f
	if p.loaded {
		f(p.model)
	}
}

// Close ends what the panel still waits for.
func (p *Panel) Close() {
	p.closed = true
	for _, stop := range []func(){p.stopDraw, p.wake} {
		if stop != nil {
			stop()
		}
	}
}

// Handle takes events of the engine.
func (p *Panel) Handle(es []event.Event) {
	for _, e := range es {
		switch e := e.(type) {
		case event.Status:
			if e.ID != p.id {
				continue
			}
			p.latest, p.fresh = e.Status, true
			if !p.loaded {
				continue
			}
			before := p.in.View.State
			p.in.View = state.Live(p.in.View, e.Status)
			if p.in.View.State != before {
				p.Reload() // other actions, other facts
			}
			p.render()
		case event.Changed:
			if e.ID == p.id {
				p.Reload()
			}
		case event.Lists:
			p.Reload()
		}
	}
}

type loaded struct {
	view    delivery.View
	allowed []delivery.Action
	names   text.RuleNames
}

// Reload asks the engine for the delivery and for what may be done with it. Two
// calls at once are one.
func (p *Panel) Reload() {
	if p.loading {
		p.dirty = true
		return
	}
	p.loading, p.fresh = true, false
	who := p.env.Who()
	bridge.Run(p.env.Bridge, "dashboard", func(ctx context.Context) (loaded, error) {
		v, err := p.env.Engine.Delivery(ctx, p.id)
		if err != nil {
			return loaded{}, err
		}
		l := loaded{view: v}
		if v.AudienceRule != "" || v.Plan != nil && v.Plan.Rule != nil {
			if l.names, err = editors.RuleNames(ctx, p.env.Engine); err != nil {
				return l, err
			}
		}
		l.allowed, err = p.env.Engine.Allowed(ctx, who, p.id)
		return l, err
	}, p.take)
}

func (p *Panel) take(l loaded, err error) {
	p.loading = false
	if p.closed {
		return
	}
	if p.dirty {
		p.dirty = false
		p.Reload()
	}
	if err != nil {
		if delivery.Is(err, delivery.KindNotFound) {
			p.env.Home() // deleted by somebody
		}
		p.env.Fail(err)
		return
	}
	p.in.View, p.in.Allowed, p.in.Names = l.view, l.allowed, l.names
	if p.in.View.Status.ID == 0 {
		p.in.View.Status = delivery.Status{ID: p.id, State: l.view.State, Counters: l.view.Counters}
	}
	if p.fresh && p.latest.State == l.view.State {
		p.in.View = state.Live(p.in.View, p.latest) // newer than what was read
	}
	p.loaded = true
	p.render()
	p.preview()
	p.waitForDate()
}

// render makes the model anew and sets what changed of it.
func (p *Panel) render() {
	p.in.Operator = p.env.Operator()
	p.in.ReadOnly = p.env.ReadOnly()
	p.in.Now = p.env.Now()
	p.model = state.Of(p.env.Text, p.in)
	p.view.set(p.model)
	p.curve()
	if p.onModel != nil {
		p.onModel(p.model)
	}
}

// curve asks for the seconds of the deployment, at most twice a second.
func (p *Panel) curve() {
	d := p.model.Deployment
	if d == nil || !d.Chart {
		return
	}
	if p.drawing {
		p.redraw = true
		return
	}
	if wait := chartEvery - p.env.Now().Sub(p.drawn); wait > 0 && !p.drawn.IsZero() {
		p.drawing, p.redraw = true, true
		p.stopDraw = p.env.Bridge.After(wait, func() {
			p.drawing = false
			p.ask()
		})
		return
	}
	p.ask()
}

func (p *Panel) ask() {
	if p.closed {
		return
	}
	p.drawing, p.redraw = true, false
	p.drawn = p.env.Now()
	live := p.model.Deployment != nil && p.model.Deployment.Live
	bridge.Run(p.env.Bridge, "chart", func(ctx context.Context) (state.Curve, error) {
		points, err := p.env.Engine.Series(ctx, p.id)
		return state.CurveOf(points, live, p.drawn), err
	}, func(c state.Curve, err error) {
		p.drawing = false
		if p.closed {
			return
		}
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.view.draw(c)
		if p.redraw {
			p.redraw = false
			p.curve()
		}
	})
}

// preview renders the first recipient's message when the content or the
// audience is another than the one shown.
func (p *Panel) preview() {
	d := p.in.View.Draft
	d.Schedule, d.Label = delivery.Schedule{}, ""
	if p.shown && d.Equal(p.previewed) {
		return
	}
	p.previewed, p.shown = d, true
	if !d.Aimed() || d.Content.HTML == "" && d.Content.Text == "" {
		p.view.preview(bridge.Preview{}, nil)
		return
	}
	bridge.Run(p.env.Bridge, "preview", func(ctx context.Context) (bridge.Preview, error) {
		return p.env.Engine.Preview(ctx, p.id, 0)
	}, func(v bridge.Preview, err error) {
		p.first = v
		if !p.closed && p.previewed.Equal(d) {
			p.view.preview(v, err)
		}
	})
}

// waitForDate renders again when the contact date has come: no event says so.
func (p *Panel) waitForDate() {
	if p.wake != nil {
		p.wake()
		p.wake = nil
	}
	if at := state.Ends(p.in.View); at.After(p.env.Now()) {
		p.wake = p.env.Bridge.After(at.Sub(p.env.Now())+time.Second, p.Reload)
	}
}

// Can reports whether the action is offered now.
func (p *Panel) Can(a delivery.Action) bool {
	return p.loaded && slices.ContainsFunc(p.model.Buttons, func(b state.Button) bool { return b.Action == a })
}

// Editable reports whether the draft may be edited now.
func (p *Panel) Editable() bool { return p.loaded && p.model.CanEdit }

// Act does what a button of the action bar, a menu item or the tour asks for.
// What is not offered now is not done.
func (p *Panel) Act(a delivery.Action) {
	if !p.Can(a) {
		return
	}
	switch a {
	case delivery.Confirm:
		p.confirm()
	case delivery.Stop:
		p.stop()
	case delivery.Prepare:
		p.command("prepare", p.env.Engine.Prepare)
	case delivery.StopPreparation:
		// Prepare itself is still on its way and is not waited for.
		p.busy = false
		p.command("stop preparation", p.env.Engine.StopPreparation)
	case delivery.Pause:
		p.command("pause", p.env.Engine.Pause)
	case delivery.Resume:
		p.resume()
	case state.Test:
		p.test()
	case state.Correct:
		p.correct()
	case state.TopUp:
		p.topUp()
	}
}
