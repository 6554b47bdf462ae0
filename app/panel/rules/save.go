package rules

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// save stores the rule: of a new audience after its name was asked for.
func (p *Panel) save() {
	text, ok := p.whole()
	if !ok {
		return
	}
	if p.audience.ID == 0 {
		p.saveAs()
		return
	}
	c, who, a := p.env.Text, p.env.Who(), p.audience
	bridge.Run(p.env.Bridge, "save rule", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.env.Engine.EditAudienceRule(ctx, who, a.ID, text)
	}, func(_ struct{}, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.keep.Forget()
		p.env.Did(c.T("rule.saved", "name", a.Name), func(ctx context.Context, who access.Principal) error {
			return p.env.Engine.EditAudienceRule(ctx, who, a.ID, a.Rule)
		})
		p.leave()
	})
}

// whole is the text of the rule; ok is false, and it is said why, when it is not
// complete.
func (p *Panel) whole() (string, bool) {
	e, missing, ok := p.tree.Rule()
	switch {
	case len(missing) > 0:
		p.env.Toast(p.env.Text.N("rule.incomplete", int64(len(missing))), state.Amber)
		if k := p.controls[missing[0]]; k != nil {
			p.env.Window.Canvas().Focus(k.first.Target())
		}
		return "", false
	case !ok:
		p.env.Fail(e.Validate())
		return "", false
	}
	return e.String(), true
}

// saveAs asks for a name and makes a new audience.
func (p *Panel) saveAs() {
	text, ok := p.whole()
	if !ok {
		return
	}
	c := p.env.Text
	name := widgets.NewEntry(c.T("rule.name"), "")
	widgets.ShowForm(p.env.Window, widgets.FormSpec{Title: c.T("rule.save"), Save: c.T("common.save"), Cancel: c.T("common.cancel"),
		Content: kit.VStack(12, name, kit.NewText(kit.Muted, c.T("rule.save_note")).Wrap()), Focus: name.Target(),
		OnSave: func(f *widgets.Form) {
			now := strings.TrimSpace(name.Text())
			if now == "" {
				name.SetError(c.T("import.need_name"))
				f.Fit()
				return
			}
			who := p.env.Who()
			f.SetBusy(true)
			bridge.Run(p.env.Bridge, "create audience", func(ctx context.Context) (delivery.Audience, error) {
				return p.env.Engine.CreateAudience(ctx, who, now, text)
			}, func(a delivery.Audience, err error) {
				if err != nil {
					f.SetBusy(false)
					s := c.Error(err)
					if delivery.Is(err, delivery.KindExists) {
						s = c.T("rule.exists")
					}
					name.SetError(s)
					f.Fit()
					return
				}
				f.Close()
				p.keep.Forget()
				p.use(a)
			})
		}})
}

// use gives a new audience to the delivery that it was made for, if any.
func (p *Panel) use(a delivery.Audience) {
	c, id, who := p.env.Text, p.at.Delivery, p.env.Who()
	if id == 0 {
		p.env.Toast(c.T("rule.saved", "name", a.Name), state.Green)
		p.leave()
		return
	}
	bridge.Run(p.env.Bridge, "use audience", func(ctx context.Context) (string, error) {
		v, err := p.env.Engine.Delivery(ctx, id)
		if err != nil {
			return "", err
		}
		d := v.Draft
		d.Audience = a.ID
		return v.Label, p.env.Engine.EditDelivery(ctx, who, id, d)
	}, func(label string, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.env.Toast(c.T("rule.saved_used", "name", a.Name, "label", label), state.Green)
		p.leave()
	})
}

// leave goes to where the audience is seen.
func (p *Panel) leave() {
	if p.at.Delivery != 0 {
		p.env.Open(p.at.Delivery)
		return
	}
	p.env.Go(panel.Place{Screen: panel.Audiences})
}

// Split asks how to deal an audience into random parts, and makes an audience of
// each.
func Split(env *panel.Env, a delivery.Audience) {
	c := env.Text
	shares := widgets.NewEntry(c.T("rule.split_shares"), "50, 50")
	shares.SetText("50, 50")
	names := widgets.NewEntry(c.T("rule.split_names"), "")
	proposed := ""
	propose := func() {
		if names.Text() != proposed {
			return // a person named them
		}
		if n, ok := sharesOf(shares.Text()); ok {
			proposed = state.JoinList(partNames(a.Name, len(n)))
			names.SetText(proposed)
		}
	}
	propose()
	shares.SetOnChanged(func(string) { propose() })
	widgets.ShowForm(env.Window, widgets.FormSpec{Title: c.T("rule.split_title"), Save: c.T("rule.split_ok"), Cancel: c.T("common.cancel"), Focus: shares.Target(),
		Content: kit.VStack(12, kit.NewText(kit.Body, a.Name).Wrap(), kit.NewText(kit.Muted, c.T("rule.split_note")).Wrap(), shares, names),
		OnSave: func(f *widgets.Form) {
			n, ok := sharesOf(shares.Text())
			shares.SetError("")
			if !ok {
				shares.SetError(c.T("rule.split_bad"))
				f.Fit()
				return
			}
			called := append(state.SplitList(names.Text()), partNames(a.Name, len(n))[min(len(n), len(state.SplitList(names.Text()))):]...)
			s, who := bridge.Split{Shares: n, Names: called[:len(n)], Seed: rand.Uint32()}, env.Who()
			f.SetBusy(true)
			bridge.Run(env.Bridge, "split", func(ctx context.Context) ([]delivery.Audience, error) {
				return env.Engine.SplitAudience(ctx, who, a.ID, s)
			}, func(made []delivery.Audience, err error) {
				if err != nil {
					f.SetBusy(false)
					f.SetError(c.Error(err))
					f.Fit()
					return
				}
				f.Close()
				env.Did(c.N("rule.split_done", int64(len(made))), func(ctx context.Context, who access.Principal) error {
					for _, m := range made {
						if err := env.Engine.DeleteAudience(ctx, who, m.ID); err != nil {
							return err
						}
					}
					return nil
				})
				env.Go(panel.Place{Screen: panel.Audiences})
			})
		}})
}

// sharesOf reads shares: whole numbers of 1 or more, at least two.
func sharesOf(s string) ([]int, bool) {
	var out []int
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,;/%", r) }) {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 || n > 1000 {
			return nil, false
		}
		out = append(out, n)
	}
	return out, len(out) > 1
}

// partNames are names for parts: the audience's with a letter.
func partNames(name string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = name + " " + string(rune('A'+i%26))
		if i >= 26 {
			out[i] += strconv.Itoa(i / 26)
		}
	}
	return out
}
