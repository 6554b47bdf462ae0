package message

import (
	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/logs"
	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

const (
	labels     float32 = 118 // width of the labels of facts
	sideBySide float32 = 880 // least width for two columns
)

// view holds the widgets of a page.
type view struct {
	p    *Panel
	root *kit.Frame
	bar  *widgets.ActionBar

	back, on *kit.Button
	where    *kit.Text

	chip   *widgets.Chip
	date   *kit.Text
	facts  *fyne.Container
	tries  *fyne.Container
	none   *kit.Text
	fields *fyne.Container

	left     *fyne.Container
	attempts *kit.Block
	person   *kit.Block
	got      *kit.Block
	letter   *letter
}

func newView(p *Panel) *view {
	c := p.env.Text
	v := &view{p: p, chip: widgets.NewChip("", look.Quiet), date: kit.NewText(kit.Small, ""), none: kit.NewText(kit.Muted, ""), where: kit.NewText(kit.Muted, "")}
	v.back = kit.NewButton(c.T("message.previous"), widgets.IconBack, state.Outlined, func() { p.step(-1) })
	v.on = kit.NewButton(c.T("message.next"), kit.IconNone, state.Outlined, func() { p.step(1) }).SetTrailing(widgets.IconForward)
	v.bar = widgets.NewActionBar(c.T("common.more"))
	v.bar.SetButtons(v.back, v.on,
		kit.NewButton(c.T("message.open_person"), widgets.IconPerson, state.QuietButton, v.openPerson),
		kit.NewButton(c.T("message.logs"), widgets.IconList, state.QuietButton, func() {
			p.env.Go(panel.Place{Screen: panel.Deployment, Delivery: p.id, Tab: string(state.TabSending)})
		}))
	v.bar.SetRight(v.where)
	v.facts, v.tries, v.fields = kit.VStack(0), kit.VStack(0), kit.VStack(0)
	facts := widgets.NewBlock("", nil)
	facts.SetContent(kit.VStack(10, kit.HStack(10, v.chip, v.date), v.facts))
	v.attempts = kit.NewBlock(c.T("message.attempts"), "", nil, v.none, v.tries)
	v.person = kit.NewBlock(c.T("message.fields"), "", nil, v.fields)
	v.letter = newLetter(p)
	v.got = kit.NewBlock("", "", nil, v.letter.body)
	v.left = kit.VStack(kit.Gap, facts, v.attempts, v.person)
	v.root = kit.NewFrame(nil, v.bar, widgets.Split(sideBySide, kit.Gap, 0.44, v.left, v.got))
	kit.Show(v.left, false)
	kit.Show(v.got, false)
	v.position()
	return v
}

func (v *view) openPerson() {
	if v.p.loaded {
		v.p.env.Go(panel.Place{Screen: panel.Person, Number: v.p.message.Profile})
	}
}

// position says where in its list the message is, and where one can go from it.
func (v *view) position() {
	p := v.p
	v.back.SetEnabled(p.at > 0)
	v.on.SetEnabled(p.at >= 0 && p.at < len(p.order)-1)
	if p.at < 0 {
		v.where.Set("")
	} else {
		v.where.Set(p.env.Text.T("message.position", "n", p.at+1, "of", len(p.order)))
	}
	v.bar.Refresh()
}

func (v *view) focus() { v.p.env.Window.Canvas().Focus(v.on) }

// set shows the page.
func (v *view) set() {
	m := v.p.page
	v.chip.Set(m.Chip.Text, look.Tone(m.Chip.Tone))
	v.date.Set(m.Date)
	kit.Replace(v.facts, v.factRows(m))
	v.none.Set(m.None)
	kit.Show(v.none, m.None != "")
	kit.Show(v.attempts, m.None != "" || len(m.Attempts) > 0)
	rows := make([]fyne.CanvasObject, len(m.Attempts))
	for i, a := range m.Attempts {
		rows[len(rows)-1-i] = newAttempt(a, i == 0, v.p.env.Text.T("message.no_reply")) // the last one first
	}
	kit.Replace(v.tries, rows)
	fields := make([]widgets.FactRow, len(m.Fields))
	for i, f := range m.Fields {
		fields[i] = widgets.FactRow{Label: f.Label, Value: f.Value}
	}
	kit.Replace(v.fields, []fyne.CanvasObject{widgets.NewFactTable(labels, fields...)})
	kit.Show(v.person, len(fields) > 0)
	v.got.SetTitle(m.Got)
	v.letter.set(m, v.p.message)
	kit.Show(v.left, true)
	kit.Show(v.got, true)
}

func (v *view) factRows(m state.Message) []fyne.CanvasObject {
	c, p := v.p.env.Text, v.p
	rows := make([]widgets.FactRow, len(m.Facts))
	for i, f := range m.Facts {
		rows[i] = widgets.FactRow{Label: f.Label, Value: f.Value, Rest: f.Note, Tone: look.Tone(f.Tone)}
		switch f.Link {
		case state.LinkPerson:
			rows[i].Link, rows[i].OnTap = c.T("common.show"), v.openPerson
		case state.LinkDelivery:
			rows[i].Link, rows[i].OnTap = c.T("common.show"), func() { p.env.Open(p.id) }
		case state.LinkDoubt:
			rows[i].Link, rows[i].OnTap = c.T("doubt.decide"), func() {
				p.env.Go(panel.Place{Screen: panel.Deployment, Delivery: p.id, Tab: string(state.TabDoubt)})
			}
		}
	}
	os := []fyne.CanvasObject{widgets.NewFactTable(labels, rows...)}
	if m.ID != "" {
		os = append(os, widgets.Inset(widgets.Insets{Top: 6}, kit.VStack(3, kit.NewText(kit.Small, c.T("message.id")), widgets.NewSelectable(m.ID, true).Small())))
	}
	return os
}

// newAttempt is one try in the timeline; a line leads down to the one before.
func newAttempt(a state.Attempt, last bool, silent string) fyne.CanvasObject {
	head := kit.HStack(8, kit.NewText(kit.Strong, a.Word), kit.NewText(kit.Small, a.Title+" · "+a.Time))
	kit.SetTone(head.Objects[0].(*kit.Text), a.Tone)
	words := kit.VStack(2, head)
	if a.Note != "" {
		words.Add(kit.NewText(kit.Small, a.Note).Wrap())
	}
	if a.Reply != "" {
		words.Add(widgets.NewSelectable(a.Reply, false).Prose())
	} else {
		words.Add(kit.NewText(kit.Small, silent).Wrap())
	}
	bottom := float32(14)
	if last {
		bottom = 0
	}
	return newStep(logs.Icon(a.State), look.Tone(a.Tone), last, widgets.Inset(widgets.Insets{Bottom: bottom}, words))
}
