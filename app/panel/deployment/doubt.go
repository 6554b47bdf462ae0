package deployment

import (
	"context"
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// decider is what stands over the list of what is in doubt: what that means, and
// the three things that a person can decide, each with what comes of it.
type decider struct {
	l      *list
	ticked map[int64]bool
	busy   bool

	sentence, scope, hint, why *kit.Text
	untick                     *widgets.Link
	choices                    *fyne.Container
	meanings                   []*kit.Text
	shown                      []state.Choice
	box                        fyne.CanvasObject
}

func newDecider(l *list) *decider {
	c := l.p.env.Text
	d := &decider{l: l, ticked: map[int64]bool{}, sentence: kit.NewText(kit.Body, c.T("doubt.sentence")).Wrap(),
		scope: kit.NewText(kit.Strong, ""), hint: kit.NewText(kit.Small, c.T("doubt.hint")), why: kit.NewText(kit.Muted, "").Wrap()}
	d.untick = widgets.NewLink(c.T("doubt.none_ticked"), func() { d.clear() })
	d.choices = widgets.Split(0, 20, 1.0/3)
	d.box = widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Pad(12, look.CardMargin),
		kit.VStack(10, d.sentence, kit.HStack(12, d.scope, d.untick, d.hint), d.choices, d.why))
	return d
}

// set shows what can be decided now.
func (d *decider) set() {
	env := d.l.p.env
	scope, n := d.scopeNow()
	m := state.DoubtsOf(env.Text, scope, n, env.Operator(), env.ReadOnly())
	d.scope.Set(m.Scope)
	kit.Show(d.scope, m.Scope != "" && m.Why == "")
	kit.Show(d.untick, m.Some && m.Why == "")
	kit.Show(d.hint, !m.Some && len(m.Choices) > 0 && d.l.rows > 1)
	d.why.Set(m.Why)
	kit.Show(d.why, m.Why != "")
	kit.Show(d.box, scope != state.ScopeNone)
	if !slices.Equal(m.Choices, d.shown) {
		d.shown = m.Choices
		d.meanings = nil
		var os []fyne.CanvasObject
		for _, x := range m.Choices {
			b := kit.NewButton(x.Label, decisionIcon(x.Decision), x.Weight, func() { d.choose(x.Decision) })
			b.SetToolTip(x.Sentence)
			t := kit.NewText(kit.Small, x.Sentence).Wrap()
			d.meanings = append(d.meanings, t)
			os = append(os, kit.VStack(6, kit.HStack(0, b), t))
		}
		kit.Replace(d.choices, os)
	}
	kit.Show(d.choices, len(m.Choices) > 0)
	if d.l.body != nil {
		d.l.body.Refresh()
	}
}

func decisionIcon(how delivery.Decision) kit.Icon {
	switch how {
	case delivery.MarkSent:
		return widgets.IconCheck
	case delivery.Leave:
		return widgets.IconQuestion
	}
	return widgets.IconSend
}

// scopeNow is whom a decision is about, and how many they are.
func (d *decider) scopeNow() (state.Scope, int64) {
	return state.ScopeOf(d.l.p.view, len(d.ticked), d.l.rows, d.l.place.Narrowed())
}

// may reports whether the person at work may decide.
func (d *decider) may() bool {
	return d.l.p.env.Operator().Rights.Has(access.Start) && d.l.p.env.ReadOnly() == ""
}

// toggle ticks a row, or unticks it.
func (d *decider) toggle(r delivery.Row) {
	if !d.may() {
		return
	}
	if d.ticked[r.Seq] {
		delete(d.ticked, r.Seq)
	} else {
		d.ticked[r.Seq] = true
	}
	d.l.grid.Redraw()
	d.set()
}

func (d *decider) clear() {
	clear(d.ticked)
	d.l.grid.Redraw()
	d.set()
}

// choose takes a decision about the scope.
func (d *decider) choose(how delivery.Decision) {
	scope, n := d.scopeNow()
	if scope == state.ScopeNone {
		return
	}
	d.ask(how, n, d.numbers(scope))
}

// one takes a decision about one row.
func (d *decider) one(how delivery.Decision, r delivery.Row) {
	d.ask(how, 1, func(context.Context) ([]int64, error) { return []int64{r.Seq}, nil })
}

// numbers are those of the rows that a decision is about, read when it is taken.
func (d *decider) numbers(scope state.Scope) func(context.Context) ([]int64, error) {
	env, id, q := d.l.p.env, d.l.p.id, *d.l.asked.Load()
	q.Limit = 0
	if scope == state.ScopeTicked {
		ticked := slices.Sorted(maps.Keys(d.ticked))
		return func(context.Context) ([]int64, error) { return ticked, nil }
	}
	return func(ctx context.Context) ([]int64, error) {
		ns, err := env.Engine.MessageNumbers(ctx, id, q)
		if err != nil || scope != state.ScopeUndecided {
			return ns, err
		}
		rows, err := env.Engine.MessageRows(ctx, id, ns)
		if err != nil {
			return nil, err
		}
		ns = []int64{}
		for _, r := range rows {
			if !r.Left() {
				ns = append(ns, r.Seq)
			}
		}
		return ns, nil
	}
}

// ask asks before what cannot be undone.
func (d *decider) ask(how delivery.Decision, n int64, numbers func(context.Context) ([]int64, error)) {
	if how != delivery.SendAgain {
		d.decide(how, numbers)
		return
	}
	c, v := d.l.p.env.Text, d.l.p.view
	sentence := c.T("doubt.ask_sentence")
	switch {
	case v.State.Ended():
		sentence += "\n\n" + c.T("doubt.ask_ended", "code", v.ID.String())
	case v.State == delivery.Paused:
		sentence += "\n\n" + c.T("doubt.ask_paused", "code", v.ID.String())
	}
	confirm.Ask(d.l.p.env.Window, confirm.Question{Title: c.N("doubt.ask_title", n), Sentence: sentence,
		OK: c.T("doubt.ask_ok"), Cancel: c.T("common.cancel")}, func(yes bool) {
		if yes {
			d.decide(how, numbers)
		}
	})
}

// decided is what a decision led to, and about which messages.
type decided struct {
	numbers []int64
	delivery.Resolution
}

// decide takes a decision and, when it can be, offers the way back. While one is
// on its way a second one is not taken.
func (d *decider) decide(how delivery.Decision, numbers func(context.Context) ([]int64, error)) {
	if d.busy {
		return
	}
	d.busy = true
	p := d.l.p
	env, who, id := p.env, p.env.Who(), p.id
	bridge.Run(env.Bridge, "in doubt", func(ctx context.Context) (decided, error) {
		ns, err := numbers(ctx)
		if err != nil {
			return decided{}, err
		}
		r, err := env.Engine.ResolveDoubt(ctx, who, id, ns, how)
		return decided{ns, r}, err
	}, func(x decided, err error) {
		d.busy = false
		said := state.DoubtDone(env.Text, how, x.Resolution)
		switch {
		case err != nil:
			env.Fail(err)
		case x.Decided == 0:
			env.Toast(said, state.Amber)
		case how == delivery.SendAgain:
			env.Toast(said, state.Blue)
		default:
			env.Did(said, func(ctx context.Context, who access.Principal) error {
				_, err := env.Engine.WithdrawDecision(ctx, who, id, x.numbers)
				return err
			})
		}
		if !p.closed {
			d.clear()
			p.Reload()
		}
	})
}

// items are the decisions in the menu of a row.
func (d *decider) items(r delivery.Row) []kit.Item {
	if !d.may() {
		return nil
	}
	c := d.l.p.env.Text
	tick := c.T("doubt.row.tick")
	if d.ticked[r.Seq] {
		tick = c.T("doubt.row.untick")
	}
	items := []kit.Item{{Label: tick, Tap: func() { d.toggle(r) }}}
	for _, how := range []delivery.Decision{delivery.MarkSent, delivery.Leave, delivery.SendAgain} {
		items = append(items, kit.Item{Label: c.T("doubt.row." + string(how)), Tap: func() { d.one(how, r) }})
	}
	return append(items, kit.Item{})
}

// roomy shows what the choices mean where the list keeps room below.
type roomy struct {
	d  *decider
	in fyne.Layout
}

// leastRoom is the height below which the sentences make way for the rows; the
// buttons tell them when they are pointed at.
const leastRoom float32 = 400

func (r roomy) Layout(os []fyne.CanvasObject, s fyne.Size) {
	for _, t := range r.d.meanings {
		kit.Show(t, s.Height >= leastRoom)
	}
	kit.Show(r.d.sentence, s.Height >= leastRoom || s.Height == 0)
	r.in.Layout(os, s)
}

func (r roomy) MinSize(os []fyne.CanvasObject) fyne.Size { return r.in.MinSize(os) }

// underDecider lays a tab out below its decider.
func underDecider(d *decider, body *fyne.Container) *fyne.Container {
	return container.New(roomy{d, body.Layout}, body.Objects...)
}
