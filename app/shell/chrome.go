package shell

import (
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/widgets"
)

// chrome is what surrounds every screen: the training strip, the alarm, the
// header, the navigation.
type chrome struct {
	s      *Shell
	root   *kit.Window
	strip  *kit.Strip
	alarms *kit.Banner
	header *kit.Header
	nav    *kit.Nav
	search *widgets.Search
	place  panel.Place
}

func newChrome(s *Shell) *chrome {
	c := s.env.Text
	k := &chrome{s: s}
	k.strip = kit.NewStrip(c.T("app.training"))
	k.alarms = kit.NewBanner()
	k.search = widgets.NewSearch(c.T("header.search"), func(d time.Duration, f func()) { s.bridge.After(d, f) }, s.find).Wide(260)
	k.header = kit.NewHeader(kit.HeaderSpec{OnBack: s.Back,
		PanelTip: c.T("header.panel"), OnPanel: s.toggleSide,
		ThemeTip: c.T("header.theme"), OnTheme: s.flip,
		HelpTip: c.T("header.help"), OnHelp: s.help,
		OperatorTip: c.T("header.operator"), Operators: s.operators,
		MenuTip: c.T("common.more"), Menu: s.menu, Search: k.search})
	var parts []kit.NavPart
	for _, p := range panel.Parts() {
		parts = append(parts, kit.NavPart{Icon: partIcon(p), Label: c.T("nav." + string(p)), Low: p == panel.Settings,
			Tap: func() { s.Go(panel.Place{Screen: p}) }})
	}
	k.nav = kit.NewNav(parts)
	kit.Show(k.alarms, false)
	k.root = kit.NewWindow(k.strip, k.header, k.alarms, k.nav)
	kit.Show(k.strip, false)
	k.operator(s.operator)
	return k
}

// body puts a screen below the header.
func (k *chrome) body(o fyne.CanvasObject) {
	k.root.Body(o, isPart(k.place.Screen) || k.place.Screen == panel.Person || k.place.Screen == panel.Gallery)
}

func partIcon(p panel.Screen) kit.Icon {
	switch p {
	case panel.Deliveries:
		return widgets.IconMail
	case panel.People:
		return widgets.IconPerson
	case panel.Audiences:
		return widgets.IconPeople
	case panel.Accounts:
		return widgets.IconAccount
	case panel.Suppression:
		return widgets.IconBlocked
	}
	return widgets.IconSettings
}

// at makes header and navigation fit a place; before is where Back leads.
func (k *chrome) at(p panel.Place, before panel.Screen) {
	c := k.s.env.Text
	k.place = p
	part := isPart(p.Screen)
	back := ""
	if !part && p.Screen != panel.Welcome {
		back = c.T("nav." + string(before))
	}
	k.header.Arrange(back, p.Screen == panel.Delivery, p.Screen == panel.Deliveries)
	chosen := -1
	for i, x := range panel.Parts() {
		if x == p.Screen {
			chosen = i
		}
	}
	k.nav.SetSelected(chosen)
	k.search.SetText("")
	switch {
	case part:
		k.header.Set(c.T("app.name"), c.T("nav."+string(p.Screen)))
		k.s.window.SetTitle(c.T("nav."+string(p.Screen)) + " · " + c.T("app.name"))
	case p.Screen == panel.Delivery:
		k.header.Set("", p.Delivery.String())
	default:
		k.header.Set("", "")
	}
	if part || p.Screen == panel.Welcome {
		k.train(k.s.training)
	}
}

// title names the screen below.
func (k *chrome) title(title, code string) {
	if isPart(k.place.Screen) {
		return // the navigation names it
	}
	k.header.Set(title, code)
	name := k.s.env.Text.T("app.name")
	if title != "" && title != name {
		name = title + " · " + name
	}
	k.s.window.SetTitle(name)
}

// delivery names the dashboard below.
func (k *chrome) delivery(d state.Dashboard) {
	k.title(d.Title, d.Code)
	k.train(d.Training)
}

func (k *chrome) operator(o access.Operator) { k.header.SetOperator(o.Name) }

// alarm says that the engine stopped; it stays.
func (k *chrome) alarm(sentence string) {
	kit.SetBanner(k.alarms, sentence, state.Red)
	kit.Show(k.alarms, true)
	k.root.Relayout()
}

// doubt says why the workspace is only looked at, with the way to open it all the
// same.
func (k *chrome) doubt(sentence, action string, do func()) {
	kit.SetBanner(k.alarms, sentence, state.Amber)
	k.alarms.SetAction(action, do)
	kit.Show(k.alarms, true)
	k.root.Relayout()
}

// train shows the strip of a training relay.
func (k *chrome) train(on bool) {
	if k.strip.Visible() != on {
		kit.Show(k.strip, on)
		k.root.Relayout()
	}
}

// operators lists who may work here, each with what they may do.
func (s *Shell) operators() []kit.Item {
	var items []kit.Item
	for _, o := range s.cfg.Operators {
		items = append(items, kit.Item{Label: s.env.Text.T("operator.rights", "name", o.Name, "rights", s.env.Text.Rights(o.Rights)),
			Checked: o.ID == s.operator.ID, Tap: func() { s.Become(o) }})
	}
	return items
}
