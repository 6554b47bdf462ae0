package preview

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/preview"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// manyFound is how many people a search offers.
const manyFound = 12

// people chooses whose message is shown.
type people struct {
	p      *pane
	bar    fyne.CanvasObject
	search *kit.Entry
	chips  fyne.CanvasObject
	row    *fyne.Container
	stop   func() // of the search for the riskiest
	turn   int
	moving bool
}

func newPeople(p *pane) *people {
	c := p.s.Env().Text
	k := &people{p: p, search: kit.NewEntry(c.T("preview.search")), row: kit.VStack(0)}
	back := kit.NewIconButton(widgets.IconBack, c.T("preview.previous_tip"), func() { k.move(-1) })
	next := kit.NewIconButton(widgets.IconForward, c.T("preview.next_tip"), func() { k.move(1) })
	k.search.SetOnReturn(k.find)
	k.bar = kit.HStack(2, back, next, widgets.Sized(216, 34, k.search))
	k.chips = k.row
	return k
}

// begin shows the first person of the audience.
func (k *people) begin() {
	env, d := k.p.s.Env(), k.p.s.Draft()
	bridge.Run(env.Bridge, "first person", func(ctx context.Context) (int64, error) {
		return env.Engine.NeighbourOf(ctx, d, 0, 1)
	}, func(id int64, err error) {
		if k.p.closed {
			return
		}
		if err != nil && !delivery.Is(err, delivery.KindNotFound) {
			env.Fail(err)
		}
		k.p.show(bridge.PreviewAs{Profile: id}) // 0: somebody of whom nothing is known
		k.look()
	})
}

// move goes to the next person, or to the one before.
func (k *people) move(step int) {
	env, d := k.p.s.Env(), k.p.s.Draft()
	if k.moving {
		return
	}
	k.moving = true
	at := k.p.as.Profile
	bridge.Run(env.Bridge, "neighbour", func(ctx context.Context) (int64, error) {
		return env.Engine.NeighbourOf(ctx, d, at, step)
	}, func(id int64, err error) {
		k.moving = false
		switch {
		case k.p.closed:
		case delivery.Is(err, delivery.KindNotFound) && step > 0:
			env.Toast(env.Text.T("preview.last"), state.Quiet)
		case delivery.Is(err, delivery.KindNotFound):
			env.Toast(env.Text.T("preview.first"), state.Quiet)
		case err != nil:
			env.Fail(err)
		default:
			k.p.show(bridge.PreviewAs{Profile: id})
		}
	})
}

// find offers the people in whose address or name something occurs: first those of the
// audience, else anybody.
func (k *people) find() {
	env, d, text := k.p.s.Env(), k.p.s.Draft(), strings.TrimSpace(k.search.Text())
	if text == "" {
		return
	}
	bridge.Run(env.Bridge, "find", func(ctx context.Context) ([]delivery.Profile, error) {
		for _, audience := range []int64{d.Audience, 0} {
			ids, err := env.Engine.ProfileNumbers(ctx, delivery.ProfileQuery{Search: text, Audience: audience, Limit: manyFound})
			if err != nil {
				return nil, err
			}
			if len(ids) > 0 {
				return env.Engine.ProfileRows(ctx, ids)
			}
		}
		return nil, nil
	}, func(ps []delivery.Profile, err error) {
		switch {
		case k.p.closed:
		case err != nil:
			env.Fail(err)
		case len(ps) == 0:
			k.search.SetError(env.Text.T("preview.found_none"))
		case len(ps) == 1:
			k.take(ps[0])
		default:
			k.search.SetError("")
			var items []kit.Item
			for _, x := range ps {
				items = append(items, kit.Item{Label: state.PersonLine(env.Text, x.Address, x.Fields), Tap: func() { k.take(x) }})
			}
			kit.PopUp(k.search, items)
		}
	})
}

func (k *people) take(x delivery.Profile) {
	k.search.SetError("")
	k.search.SetText("")
	k.p.show(bridge.PreviewAs{Profile: x.ID})
}

// changed looks for the riskiest again when a person pauses for longer.
func (k *people) changed() {
	k.close()
	k.stop = k.p.s.Env().Bridge.After(slow, k.look)
}

// close ends a search for the riskiest.
func (k *people) close() {
	k.turn++
	if k.stop != nil {
		k.stop()
		k.stop = nil
	}
}

// look finds the people who are worth a look.
func (k *people) look() {
	k.close()
	turn, env, d, id := k.turn, k.p.s.Env(), k.p.s.Draft(), k.p.s.Delivery()
	if len(k.row.Objects) == 0 {
		k.say(env.Text.T("preview.risks_wait"))
	}
	k.stop = bridge.Run(env.Bridge, "riskiest", func(ctx context.Context) ([]preview.Risk, error) {
		return env.Engine.Riskiest(ctx, id, d)
	}, func(rs []preview.Risk, err error) {
		if turn != k.turn || k.p.closed {
			return
		}
		switch {
		case delivery.Is(err, delivery.KindTemplate): // the paper says so
			k.say("")
		case err != nil:
			env.Fail(err)
			k.say("")
		case len(rs) == 0:
			k.say(env.Text.T("preview.risks_none"))
		default:
			k.offer(rs)
		}
	})
}

func (k *people) say(s string) {
	var os []fyne.CanvasObject
	if s != "" {
		os = append(os, kit.NewText(kit.Small, s))
	}
	kit.Replace(k.row, os)
	k.p.root.Refresh()
}

// offer shows the riskiest as chips.
func (k *people) offer(rs []preview.Risk) {
	c := k.p.s.Env().Text
	os := []fyne.CanvasObject{kit.NewText(kit.Small, c.T("preview.risks"))}
	for _, r := range rs {
		chip := widgets.NewChip(state.RiskText(c, r), look.Tone(state.RiskTone(r)))
		chip.SetOnTap(func() { k.p.show(bridge.PreviewAs{Profile: r.Profile}) })
		os = append(os, chip)
	}
	os = append(os, gap(1)) // the last one stands at the right
	kit.Replace(k.row, []fyne.CanvasObject{widgets.Tools(os...)})
	k.p.root.Refresh()
}

// bind lets keys go through the people while the tab is in sight.
func (p *pane) bind() {
	canvas := p.s.Env().Window.Canvas()
	for _, k := range []struct {
		key  fyne.KeyName
		step int
	}{{fyne.KeyDown, 1}, {fyne.KeyUp, -1}} {
		s := &desktop.CustomShortcut{KeyName: k.key, Modifier: fyne.KeyModifierAlt}
		canvas.AddShortcut(s, func(fyne.Shortcut) {
			if p.shown && !widgets.IsOpen(p.s.Env().Window) {
				p.people.move(k.step)
			}
		})
		p.keys = append(p.keys, s)
	}
}

func (p *pane) unbind() {
	for _, s := range p.keys {
		p.s.Env().Window.Canvas().RemoveShortcut(s)
	}
	p.keys = nil
}
