package dashboard

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/editors"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// view holds the widgets of a dashboard. They are made once; set changes only
// the leaves that differ, so it may be called at every tick.
type view struct {
	p    *Panel
	root *kit.Frame

	tile  *kit.Tile
	title *kit.Text
	facts *kit.Facts
	opens []state.Fact // as shown, for what they lead to

	bar     *widgets.ActionBar
	buttons []state.Button
	why     string
	banner  *kit.Banner

	deployment *deploymentBlock
	audience   *plainBlock
	schedule   *plainBlock
	content    *contentBlock
	proofs     *proofsBlock
}

func newView(p *Panel) *view {
	v := &view{p: p}
	c := p.env.Text
	v.tile = kit.NewTile()
	v.title = kit.NewText(kit.SideTitle, "").Wrap()
	v.facts = kit.NewFacts()
	v.facts.SetOnLink(func(i int) { p.env.Open(v.opens[i].Opens) })
	v.bar = widgets.NewActionBar(c.T("common.more"))
	v.banner = kit.NewBanner()
	v.deployment = newDeploymentBlock(p)
	v.audience = newPlainBlock(c.T("block.audience"), c.T("common.edit"), func() { editors.Audience(p.env, p.in.View) })
	v.schedule = newPlainBlock(c.T("block.schedule"), c.T("common.edit"), func() { editors.Schedule(p.env, p.in.View) })
	v.content = newContentBlock(p, func() { p.env.Go(panel.Place{Screen: panel.Content, Delivery: p.id}) })
	v.proofs = newProofsBlock(p)
	v.root = kit.NewFrame(kit.Side(v.tile, v.title, v.facts), v.bar,
		v.banner, v.deployment.block, kit.Columns(kit.VStack(kit.Gap, v.audience.block, v.schedule.block, v.proofs.block), v.content.block))
	kit.Show(v.banner, false)
	kit.Show(v.deployment.block, false)
	return v
}

// Content is the screen.
func (p *Panel) Content() fyne.CanvasObject { return p.view.root.Object() }

// ToggleSide shows or hides the summary.
func (p *Panel) ToggleSide() { p.view.root.ToggleSide() }

// set shows a model.
func (v *view) set(d state.Dashboard) {
	kit.SetTile(v.tile, d.Tile.Text, d.Tile.Tone)
	v.title.Set(d.Title)
	v.opens = d.Facts
	kit.SetFacts(v.facts, d.Facts, v.p.env.Text.T("common.show"))
	v.setBar(d)
	kit.SetBanner(v.banner, d.Banner.Text, d.Banner.Tone)
	v.banner.SetAction(d.Banner.Action, func() {
		switch d.Banner.Does {
		case state.Decide:
			v.p.logs(string(state.TabDoubt))
		case state.Unlock:
			v.p.resume()
		}
	})
	kit.Show(v.banner, d.Banner.Text != "")
	if d.Deployment != nil {
		v.deployment.set(*d.Deployment)
	}
	kit.Show(v.deployment.block, d.Deployment != nil)
	v.audience.set(d.Audience, d.CanEdit && !d.Corrects)
	v.schedule.set(d.Schedule, d.CanEdit)
	v.content.set(d.Content, d.CanEdit)
	v.proofs.set(d.Proofs)
}

// icons of the actions.
func icon(a delivery.Action) kit.Icon {
	switch a {
	case state.Test:
		return widgets.IconTest
	case delivery.Prepare:
		return kit.IconPrepare
	case delivery.Confirm:
		return kit.IconCheck
	case delivery.Pause:
		return kit.IconPause
	case delivery.Resume:
		return kit.IconPlay
	case delivery.Stop, delivery.StopPreparation:
		return kit.IconStop
	case state.Correct:
		return widgets.IconEdit
	case state.TopUp:
		return kit.IconPlus
	}
	return kit.IconNone
}

// setBar makes the action bar anew when other actions are possible.
func (v *view) setBar(d state.Dashboard) {
	if slices.Equal(d.Buttons, v.buttons) && d.Why == v.why {
		return
	}
	v.buttons, v.why = d.Buttons, d.Why
	bs := make([]*kit.Button, len(d.Buttons))
	for i, b := range d.Buttons {
		bs[i] = kit.NewButton(b.Label, icon(b.Action), b.Weight, func() { v.p.Act(b.Action) })
		bs[i].SetToolTip(b.Tip)
	}
	v.bar.SetButtons(bs...)
	v.bar.SetNote(d.Why)
}

// preview shows a message as its recipient gets it.
func (v *view) preview(m bridge.Preview, err error) { v.content.preview(m, err) }

// draw shows the curve.
func (v *view) draw(c state.Curve) { v.deployment.draw(c) }
