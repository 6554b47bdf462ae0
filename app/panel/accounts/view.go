package accounts

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// view holds the cards. A card is kept while its account is there.
type view struct {
	p     *Panel
	root  *kit.Frame
	bar   *widgets.ActionBar
	fresh *kit.Button
	list  *fyne.Container
	empty fyne.CanvasObject
	first *kit.Button // in the empty state
	only  *kit.Text   // there is the training relay alone
	lock  *kit.Banner
	place *kit.Text // where passwords are
	quiet fyne.CanvasObject
	cards map[int64]*card
	order []int64
	may   bool
}

func newView(p *Panel) *view {
	c := p.env.Text
	v := &view{p: p, cards: map[int64]*card{}, bar: widgets.NewActionBar(c.T("common.more")), list: kit.VStack(kit.Gap)}
	v.fresh = kit.NewButton(c.T("accounts.add"), kit.IconPlus, state.Primary, p.add)
	v.first = kit.NewButton(c.T("accounts.add"), kit.IconPlus, state.Outlined, p.add)
	v.empty = widgets.NewEmptyState(widgets.IconAccount, c.T("accounts.empty"), c.T("accounts.empty_note"), v.first)
	v.only = kit.NewText(kit.Muted, c.T("accounts.only_training")).Wrap()
	v.lock = widgets.NewBanner(look.AmberTone, widgets.IconKey, "")
	v.lock.SetAction(c.T("accounts.unlock"), p.unlock)
	v.place = kit.NewText(kit.Small, "").Wrap()
	v.quiet = widgets.HFill(8, widgets.NewIcon(widgets.IconKey, 14, look.Muted), v.place)
	for _, o := range []fyne.CanvasObject{v.empty, v.only, v.lock, v.quiet} {
		kit.Show(o, false)
	}
	v.root = kit.NewFrame(nil, v.bar, v.lock, v.list, v.empty, v.only, v.quiet)
	return v
}

func (v *view) focus() {
	canvas := v.p.env.Window.Canvas()
	switch {
	case v.may:
		canvas.Focus(v.fresh)
	case len(v.order) > 0:
		canvas.Focus(v.cards[v.order[0]].test)
	}
}

// render shows what was read.
func (v *view) render() {
	p, c := v.p, v.p.env.Text
	may, why := p.may()
	v.may = may
	v.bar.SetNote(why)
	models := state.AccountCards(c, p.data.accounts, p.data.providers)
	if may {
		v.bar.SetButtons(v.fresh)
	} else {
		v.bar.SetButtons()
	}
	kit.Show(v.empty, len(models) == 0)
	kit.Show(v.list, len(models) > 0)
	kit.Show(v.first, may)
	kit.Show(v.only, may && len(models) == 1 && models[0].Training)
	sentence, locked := "", false
	if p.data.passwords != nil {
		sentence, locked = state.PasswordPlace(c, *p.data.passwords)
	}
	v.lock.Set(look.AmberTone, widgets.IconKey, sentence)
	v.place.Set(sentence)
	kit.Show(v.lock, locked)
	kit.Show(v.quiet, sentence != "" && !locked)

	order := make([]int64, len(models))
	objects := make([]fyne.CanvasObject, len(models))
	keep := map[int64]*card{}
	for i, m := range models {
		k := v.cards[m.ID]
		if k == nil {
			k = newCard(v, m)
		}
		k.set(m)
		k.allow(may, m.Training)
		keep[m.ID], order[i], objects[i] = k, m.ID, k.o
	}
	v.cards = keep
	if !slices.Equal(order, v.order) {
		v.order = order
		kit.Replace(v.list, objects)
	}
	v.list.Refresh()
}

// card is one account.
type card struct {
	o      fyne.CanvasObject
	name   *kit.Text
	server *kit.Text
	test   *kit.Button
	edit   *kit.Button
	more   *kit.Button
	facts  []fact
}

// fact is one column of a card.
type fact struct{ label, value, note *kit.Text }

// factWidths share a card among its columns; below factsLeast they stand two and
// two.
var factWidths = [4]float32{1.7, 1.7, 1.15, 0.85}

const factsLeast float32 = 620

func newCard(v *view, m state.AccountCard) *card {
	c, p, id := v.p.env.Text, v.p, m.ID
	k := &card{name: kit.NewText(kit.RowTitle, "").Trim(), server: kit.NewText(kit.Small, "").Wrap()}
	k.test = kit.NewButton(c.T("accounts.test"), widgets.IconPlug, state.Outlined, func() { p.test(id) })
	k.edit = kit.NewButton(c.T("common.edit"), kit.IconNone, state.Outlined, func() { p.edit(id, first(m)) })
	k.more = kit.NewMenuButton(c.T("common.more"), func() []kit.Item {
		return []kit.Item{{Label: c.T("accounts.edit_sender"), Tap: func() { p.edit(id, state.PartSender) }},
			{Label: c.T("accounts.edit_limits"), Tap: func() { p.edit(id, state.PartLimits) }},
			{Label: c.T("dkim.open"), Tap: func() { p.signing(id) }}, {},
			{Label: c.T("accounts.delete"), Tap: func() { p.remove(id) }}}
	})
	icon, ground, ink := widgets.IconAccount, look.Chip, look.ChipText
	title := kit.HStack(10, k.name)
	if m.Training {
		icon, ground, ink = widgets.IconTraining, look.VioletOn, look.Violet
		title.Add(widgets.NewChip(c.T("accounts.training"), look.VioletTone))
	}
	words := kit.VStack(2, title, k.server)
	head := container.New(row{[]float32{-40, 1}, 14, 0, new(bool)}, disc(40, look.RadiusSmall, ground, widgets.NewIcon(icon, 20, ink)),
		widgets.Ends(words, kit.HStack(8, k.test, k.edit, k.more)))
	columns := make([]fyne.CanvasObject, len(factWidths))
	for i := range columns {
		f := fact{kit.NewText(kit.Note, ""), kit.NewText(kit.Body, "").Wrap(), kit.NewText(kit.Small, "").Wrap()}
		k.facts = append(k.facts, f)
		columns[i] = kit.VStack(2, f.label, f.value, f.note)
	}
	// The columns begin where the words above them do.
	facts := widgets.Inset(widgets.Insets{Left: 54}, container.New(row{factWidths[:], 24, factsLeast, new(bool)}, columns...))
	k.o = widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Insets{Top: 16, Right: 14, Bottom: 18, Left: look.CardMargin}, kit.VStack(16, head, facts))
	return k
}

// first is the part that editing begins with: of the training relay there is the
// sender alone.
func first(m state.AccountCard) state.AccountPart {
	if m.Training {
		return state.PartSender
	}
	return state.PartConnection
}

func (k *card) set(m state.AccountCard) {
	k.name.Set(m.Name)
	k.server.Set(m.Server)
	for i, f := range m.Facts {
		x := k.facts[i]
		x.label.Set(f.Label)
		x.value.Set(f.Value)
		x.note.Set(f.Note)
		kit.Show(x.note, f.Note != "")
		kit.Show(x.value, f.Value != "")
		kit.Show(x.label, strings.TrimSpace(f.Label) != "")
	}
}

// allow shows what may be done.
func (k *card) allow(may bool, training bool) {
	kit.Show(k.edit, may)
	kit.Show(k.more, may && !training)
}
