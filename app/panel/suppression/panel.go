// Package suppression is the screen of who is left out of every delivery:
// addresses in quarantine, and people on the denylist.
//
// A Panel lives on the UI goroutine.
package suppression

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/event"
	"sendoff/widgets"
)

// Panel is the screen.
type Panel struct {
	env        *panel.Env
	bar        *widgets.ActionBar
	tabs       *widgets.Tabs
	quarantine *addresses
	denylist   *denied
	root       *kit.Frame
}

// New makes the screen and asks for its lists.
func New(env *panel.Env, at panel.Place) *Panel {
	p := &Panel{env: env}
	c := env.Text
	env.Title(c.T("nav.suppression"), "")
	p.bar = widgets.NewActionBar(c.T("common.more"))
	p.quarantine = newAddresses(env, at.Search)
	p.denylist = newDenied(env, at.Search)
	p.tabs = widgets.NewTabs([]string{c.T("suppression.quarantine"), c.T("suppression.denylist")}, c.T("common.more"), func(int) { p.show() })
	if at.Tab == "denylist" {
		p.tabs.SetSelected(1)
	}
	p.root = kit.NewListFrame(p.bar, p.tabs, kit.Stack(p.quarantine.body, p.denylist.body))
	p.show()
	return p
}

func (p *Panel) show() {
	first := p.tabs.Selected() == 0
	kit.Show(p.quarantine.body, first)
	kit.Show(p.denylist.body, !first)
	c := p.env.Text
	p.bar.SetButtons()
	if !p.env.Operator().Rights.Has(access.Prepare) || p.env.ReadOnly() != "" {
		p.bar.SetNote(c.T("why.prepare_right"))
		return
	}
	p.bar.SetNote("")
	label, do := c.T("suppression.add_address"), p.quarantine.add
	if !first {
		label, do = c.T("suppression.add_person"), p.denylist.add
	}
	p.bar.SetButtons(kit.NewButton(label, kit.IconPlus, state.Primary, do))
}

// Content is the screen.
func (p *Panel) Content() fyne.CanvasObject { return p.root.Object() }

// Find goes to the search.
func (p *Panel) Find() {
	target := p.quarantine.search.Target()
	if p.tabs.Selected() == 1 {
		target = p.denylist.search.Target()
	}
	p.env.Window.Canvas().Focus(target)
}

// Close ends what is still being read.
func (p *Panel) Close() {
	p.quarantine.grid.Close()
	p.denylist.grid.Close()
}

// Handle takes events of the engine.
func (p *Panel) Handle(es []event.Event) {
	if slices.ContainsFunc(es, func(e event.Event) bool { _, ok := e.(event.Lists); return ok }) {
		p.Reload()
	}
}

// Reload reads both lists.
func (p *Panel) Reload() {
	p.show()
	p.quarantine.changed()
	p.denylist.changed()
}
