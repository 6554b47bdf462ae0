package shell

import (
	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// chrome is what surrounds every screen: the training strip, the alarm, the
// header.
type chrome struct {
	s      *Shell
	root   *kit.Window
	strip  *kit.Strip
	alarms *kit.Banner
	header *kit.Header
}

func newChrome(s *Shell) *chrome {
	c := s.env.Text
	k := &chrome{s: s}
	k.strip = kit.NewStrip(c.T("app.training"))
	k.alarms = kit.NewBanner()
	k.header = kit.NewHeader(kit.HeaderSpec{Back: c.T("nav.back"), OnBack: s.Home,
		PanelTip: c.T("header.panel"), OnPanel: s.toggleSide,
		ThemeTip: c.T("header.theme"), OnTheme: s.flip,
		OperatorTip: c.T("header.operator"), Operators: s.operators,
		MenuTip: c.T("common.more"), Menu: s.menu})
	kit.Show(k.alarms, false)
	k.root = kit.NewWindow(k.strip, k.header, k.alarms)
	kit.Show(k.strip, false)
	k.operator(s.operator)
	return k
}

// body puts a screen below the header.
func (k *chrome) body(o fyne.CanvasObject) { k.root.Body(o) }

// home is the header of the list.
func (k *chrome) home() {
	k.header.Set(k.s.env.Text.T("app.name"), "", false)
	k.train(k.s.training)
	k.s.window.SetTitle(k.s.env.Text.T("app.name"))
}

// delivery is the header of a dashboard not yet read.
func (k *chrome) delivery(id delivery.ID) { k.header.Set("", id.String(), true) }

// title is the header of a dashboard.
func (k *chrome) title(d state.Dashboard) {
	k.header.Set(d.Title, d.Code, true)
	k.train(d.Training)
	k.s.window.SetTitle(d.Title + " · " + k.s.env.Text.T("app.name"))
}

func (k *chrome) operator(o access.Operator) { k.header.SetOperator(o.Name) }

// alarm says that the engine stopped; it stays.
func (k *chrome) alarm(sentence string) {
	kit.SetBanner(k.alarms, sentence, state.Red)
	kit.Show(k.alarms, true)
	k.root.Relayout()
}

// train shows the strip of a training relay.
func (k *chrome) train(on bool) {
	k.s.training = on
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
