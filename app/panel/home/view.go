package home

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/editors"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// view holds the cards. A card is made anew only when it is another delivery's;
// figures that move are set on its leaves.
type view struct {
	p     *Panel
	root  *kit.Frame
	bar   *widgets.ActionBar
	list  *fyne.Container
	empty fyne.CanvasObject
	cards map[delivery.ID]*kit.Card
	order []delivery.ID
	may   bool
	made  bool
}

func newView(p *Panel) *view {
	v := &view{p: p, cards: map[delivery.ID]*kit.Card{}}
	c := p.env.Text
	v.bar = widgets.NewActionBar(c.T("common.more"))
	v.list = kit.VStack(kit.Gap)
	v.empty = widgets.NewEmptyState(widgets.IconSend, c.T("home.empty"), c.T("home.empty_note"),
		kit.NewButton(c.T("home.sample"), kit.IconNone, state.Primary, p.sample),
		kit.NewButton(c.T("home.import"), kit.IconNone, state.Outlined, func() { editors.Import(p.env, nil) }))
	kit.Show(v.empty, false)
	v.root = kit.NewFrame(nil, v.bar, v.list, v.empty)
	return v
}

// Content is the screen.
func (p *Panel) Content() fyne.CanvasObject { return p.view.root.Object() }

func (v *view) setBar() {
	may := v.p.env.Operator().Rights.Has(access.Prepare) && v.p.env.ReadOnly() == ""
	if v.made && may == v.may {
		return
	}
	v.may, v.made = may, true
	c := v.p.env.Text
	if !may {
		why := c.T("why.prepare_right")
		if v.p.env.ReadOnly() != "" {
			why = c.T("why.read_only")
		}
		v.bar.SetButtons()
		v.bar.SetNote(why)
		return
	}
	v.bar.SetNote("")
	v.bar.SetButtons(
		kit.NewButton(c.T("home.new"), kit.IconPlus, state.Primary, func() { editors.NewDelivery(v.p.env) }),
		kit.NewButton(c.T("home.import"), kit.IconNone, state.Outlined, func() { editors.Import(v.p.env, nil) }))
}

func (v *view) set(cards []state.Card) {
	v.setBar()
	kit.Show(v.empty, len(cards) == 0)
	order := make([]delivery.ID, len(cards))
	objects := make([]fyne.CanvasObject, len(cards))
	keep := map[delivery.ID]*kit.Card{}
	for i, m := range cards {
		k := v.cards[m.ID]
		if k == nil {
			k = v.card(m.ID)
		}
		k.Set(m)
		keep[m.ID], order[i], objects[i] = k, m.ID, k
	}
	v.cards = keep
	if !slices.Equal(order, v.order) {
		v.order = order
		kit.Replace(v.list, objects)
	}
}

func (v *view) update(m state.Card) {
	if k := v.cards[m.ID]; k != nil {
		k.Set(m)
	}
}

func (v *view) card(id delivery.ID) *kit.Card {
	c := v.p.env.Text
	var k *kit.Card
	k = kit.NewCard(c.T("common.more"), func() { v.p.env.Open(id) }, func() []kit.Item {
		m := k.Model()
		items := []kit.Item{{Label: c.T("home.open"), Tap: func() { v.p.env.Open(id) }}}
		if v.may {
			items = append(items, kit.Item{Label: c.T("home.duplicate"), Tap: func() { v.p.duplicate(id) }})
		}
		if v.may && m.Delete {
			items = append(items, kit.Item{Label: c.T("home.delete"), Tap: func() { v.p.remove(id, m.Title) }})
		}
		return items
	})
	return k
}
