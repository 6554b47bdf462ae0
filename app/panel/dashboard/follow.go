package dashboard

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// correct makes a delivery to those who got this one. Whether it is also for those
// in doubt is asked, with the reason why it usually should be.
func (p *Panel) correct() {
	c, v := p.env.Text, p.in.View
	k := v.Counters
	content := kit.VStack(12, kit.NewText(kit.Body, c.N("follow.correct_sentence", k.Accepted, "code", v.ID.String())).Wrap())
	doubtful := widgets.NewCheck(c.N("follow.doubtful", k.InDoubt), nil)
	doubtful.SetChecked(true)
	if k.InDoubt > 0 {
		content.Add(kit.VStack(2, doubtful, kit.NewText(kit.Small, c.T("follow.doubtful_why")).Wrap()))
	}
	prefix := state.CorrectionPrefix(c, p.env.Engine.Language(v.Content))
	p.follow(widgets.FormSpec{Title: c.T("follow.correct_title"), Content: content, Save: c.T("follow.correct_ok")}, func() bridge.FollowRequest {
		return bridge.FollowRequest{Mode: delivery.Correction, Doubtful: doubtful.Checked(), Prefix: prefix, Label: prefix + v.Label}
	}, c.T("follow.made_correction", "code", v.ID.String()))
}

// topUp makes a delivery of the same content for people who were forgotten.
func (p *Panel) topUp() {
	env := p.env
	bridge.Run(env.Bridge, "audiences", func(ctx context.Context) ([]delivery.Audience, error) {
		return env.Engine.Audiences(ctx)
	}, func(as []delivery.Audience, err error) {
		switch {
		case p.closed:
		case err != nil:
			env.Fail(err)
		case len(as) == 0:
			env.Toast(env.Text.T("follow.no_audience"), state.Amber)
			env.Go(panel.Place{Screen: panel.Import})
		default:
			p.topUpFrom(as)
		}
	})
}

func (p *Panel) topUpFrom(as []delivery.Audience) {
	c, v := p.env.Text, p.in.View
	names := make([]string, len(as))
	for i, a := range as {
		names[i] = a.Name + " · " + c.N("audience.profiles", a.Size) + " · " + c.T("audience.imported", "date", c.Date(a.Imported))
	}
	list := kit.NewRadio(names, nil)
	// Most likely a list that is new, not the one that was written to.
	list.SetSelected(max(0, slices.IndexFunc(as, func(a delivery.Audience) bool { return a.ID != v.Audience })))
	content := []fyne.CanvasObject{kit.NewText(kit.Body, c.T("follow.top_up_sentence", "code", v.ID.String())).Wrap(), list}
	var f *widgets.Form
	// Who was forgotten is mostly in a file that was not read yet.
	fresh := kit.NewButton(c.T("menu.import"), kit.IconNone, state.QuietButton, func() {
		f.Close()
		p.env.Go(panel.Place{Screen: panel.Import})
	})
	f = p.follow(widgets.FormSpec{Title: c.T("follow.top_up_title"), Content: kit.VStack(12, content...), Save: c.T("follow.top_up_ok"),
		Left: widgets.Inset(widgets.Insets{Left: -14}, fresh)}, func() bridge.FollowRequest {
		return bridge.FollowRequest{Mode: delivery.TopUp, Audience: as[max(0, list.Selected())].ID, Label: c.T("follow.label_top_up", "label", v.Label)}
	}, c.T("follow.made_top_up", "code", v.ID.String()))
}

// follow shows a form, makes what it asks for, and opens that.
func (p *Panel) follow(spec widgets.FormSpec, request func() bridge.FollowRequest, made string) *widgets.Form {
	env := p.env
	who := env.Who()
	spec.Cancel = env.Text.T("common.cancel")
	spec.OnSave = func(f *widgets.Form) {
		r := request()
		f.SetBusy(true)
		bridge.Run(env.Bridge, "follow up", func(ctx context.Context) (delivery.ID, error) {
			return env.Engine.FollowUp(ctx, who, p.id, r)
		}, func(id delivery.ID, err error) {
			f.SetBusy(false)
			if err != nil {
				env.Fail(err)
				return
			}
			f.Close()
			env.Toast(made, state.Blue)
			env.Open(id)
		})
	}
	return widgets.ShowForm(env.Window, spec)
}
