package home

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel"
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
	none  fyne.CanvasObject // nothing matches
	miss  *kit.Text
	more  *widgets.Link // looks for people instead
	fresh *kit.Button
	which *kit.Button // filter
	sort  *kit.Button
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
		kit.NewButton(c.T("home.import"), kit.IconNone, state.Outlined, func() { p.env.Go(panel.Place{Screen: panel.Import}) }))
	kit.Show(v.empty, false)
	v.miss = kit.NewText(kit.Body, "").Wrap()
	v.none = kit.VStack(10, v.miss, kit.NewLink(c.T("home.show_all"), p.all))
	v.more = widgets.NewLink("", func() { p.env.Go(panel.Place{Screen: panel.People, Search: p.query.Search}) })
	kit.Show(v.none, false)
	kit.Show(v.more, false)
	v.which = kit.NewButton("", kit.IconNone, state.Outlined, nil).SetTrailing(widgets.IconDown)
	v.which.SetOnTap(func() { kit.PopUp(v.which, v.filters()) })
	v.sort = kit.NewButton("", kit.IconNone, state.Outlined, nil).SetTrailing(widgets.IconDown)
	v.sort.SetOnTap(func() { kit.PopUp(v.sort, v.sorts()) })
	v.bar.SetRight(kit.HStack(8, v.which, v.sort))
	v.root = kit.NewFrame(nil, v.bar, v.list, v.empty, v.none, kit.HStack(0, v.more))
	return v
}

func (v *view) filters() []kit.Item {
	var items []kit.Item
	for _, f := range state.HomeFilters() {
		items = append(items, kit.Item{Label: v.p.env.Text.T("home.filter." + string(f)), Checked: f == v.p.query.Filter, Tap: func() { v.p.filter(f) }})
	}
	return items
}

func (v *view) sorts() []kit.Item {
	var items []kit.Item
	for _, s := range state.HomeSorts() {
		items = append(items, kit.Item{Label: v.p.env.Text.T("home.sort." + string(s)), Checked: s == v.p.query.Sort, Tap: func() { v.p.sort(s) }})
	}
	return items
}

// patterns is how many ended deliveries are offered to begin from.
const patterns = 8

// create makes a new delivery, blank or, when there is one to begin from, as the
// person chooses.
func (v *view) create() {
	c, env := v.p.env.Text, v.p.env
	from := state.Patterns(v.p.views, patterns, c)
	if len(from) == 0 {
		editors.NewDelivery(env)
		return
	}
	items := []kit.Item{{Label: c.T("home.blank"), Tap: func() { editors.NewDelivery(env) }}, {}}
	for _, d := range from {
		items = append(items, kit.Item{Label: c.T("home.from", "label", d.Label, "date", c.Date(d.Created)), Tap: func() { editors.Duplicate(env, d.ID) }})
	}
	kit.PopUp(v.fresh, items)
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
	v.fresh = kit.NewButton(c.T("home.new"), kit.IconPlus, state.Primary, v.create)
	v.bar.SetButtons(v.fresh,
		kit.NewButton(c.T("home.import"), kit.IconNone, state.Outlined, func() { v.p.env.Go(panel.Place{Screen: panel.Import}) }))
}

func (v *view) set(cards []state.Card) {
	v.setBar()
	c, q := v.p.env.Text, v.p.query
	v.which.SetText(c.T("home.filter." + string(q.Filter)))
	v.sort.SetText(c.T("home.sort." + string(q.Sort)))
	kit.Show(v.empty, len(v.p.views) == 0)
	kit.Show(v.none, len(v.p.views) > 0 && len(cards) == 0)
	if q.Search == "" {
		v.miss.Set(c.T("home.none_filtered"))
	} else {
		v.miss.Set(c.T("home.none_found", "search", q.Search))
		v.more.Set(c.T("home.find_people", "search", q.Search))
	}
	kit.Show(v.more, q.Search != "")
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
	k = kit.NewCard(c.T("common.more"), func() { v.p.env.Open(id) }, func() { v.p.decide(id) }, func() []kit.Item {
		m := k.Model()
		items := []kit.Item{{Label: c.T("home.open"), Tap: func() { v.p.env.Open(id) }}}
		if m.Decide != "" {
			items = append(items, kit.Item{Label: m.Decide, Tap: func() { v.p.decide(id) }})
		}
		if v.may {
			items = append(items, kit.Item{Label: c.T("home.duplicate"), Tap: func() { editors.Duplicate(v.p.env, id) }})
		}
		if v.may && m.Delete {
			items = append(items, kit.Item{Label: c.T("home.delete"), Tap: func() { v.p.remove(id, m.Title) }})
		}
		return items
	})
	return k
}
