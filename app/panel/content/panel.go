package content

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/widgets"
)

// Panel is the screen of one delivery's content.
type Panel struct {
	env    *panel.Env
	s      *session.Session
	at     panel.Place
	closed bool
	ready  bool // the delivery was shown
	around around
	name   string // of the delivery, as the title has it

	waiting []func() // for that

	root  fyne.CanvasObject
	seal  *kit.Banner
	head  *head
	tabs  *widgets.Tabs
	stack *fyne.Container
	made  []maker
	panes []session.Pane // by tab; nil until it was shown
	shown int

	save, undo, redo *kit.Button
	status           *kit.Text
}

// New makes the screen of a place and asks for its delivery.
func New(env *panel.Env, at panel.Place) *Panel {
	c := env.Text
	p := &Panel{env: env, at: at, shown: -1, made: makers()}
	env.Title(c.T("content.title", "label", at.Delivery.String()), "")
	p.s = session.New(env, at.Delivery, p.visit)
	p.head = newHead(p.s)
	p.seal = kit.NewBanner()
	kit.Show(p.seal, false)
	var names []string
	for _, m := range p.made {
		names = append(names, c.T("content.tab."+m.tab))
	}
	p.panes = make([]session.Pane, len(p.made))
	p.tabs = widgets.NewTabs(names, c.T("common.more"), func(i int) { p.choose(i) })
	p.stack = kit.Stack()
	p.status = kit.NewText(kit.Small, "")
	p.undo = kit.NewIconButton(widgets.IconUndo, c.T("content.undo"), func() { p.s.Undo() })
	p.redo = kit.NewIconButton(widgets.IconRedo, c.T("content.redo"), func() { p.s.Redo() })
	p.save = kit.NewButton(c.T("common.save"), kit.IconNone, state.Primary, p.Save)
	p.tabs.WithEnd(kit.HStack(8, p.status, p.undo, p.redo, p.save))
	p.root = kit.NewPlain(p.seal, p.head.object(), p.tabs, p.stack)
	p.head.refit = p.root.Refresh
	p.s.Watch(p.render)
	p.render()
	return p
}

// Content is the screen.
func (p *Panel) Content() fyne.CanvasObject { return p.root }

// Session is what is written.
func (p *Panel) Session() *session.Session { return p.s }

// Place is where the screen stands, so that one can come back to it.
func (p *Panel) Place() panel.Place {
	at := panel.Place{Screen: panel.Content, Delivery: p.s.Delivery(), Tab: p.at.Tab}
	if p.shown >= 0 {
		at.Tab = p.made[p.shown].tab
	}
	return at
}

// tab is the index of a tab, -1 for none.
func (p *Panel) tab(name string) int {
	return slices.IndexFunc(p.made, func(m maker) bool { return m.tab == name })
}

// choose brings a tab into sight.
func (p *Panel) choose(i int) {
	if i < 0 || i == p.shown {
		return
	}
	if p.shown >= 0 {
		p.panes[p.shown].Shown(false)
		kit.Show(p.panes[p.shown].Content(), false)
	}
	if p.panes[i] == nil {
		p.panes[i] = p.made[i].make(p.s)
		p.stack.Add(p.panes[i].Content())
	}
	p.shown = i
	p.tabs.SetSelected(i)
	kit.Show(p.panes[i].Content(), true)
	p.panes[i].Shown(true)
	p.stack.Refresh()
}

// visit shows a place: a tab, or a field of the head.
func (p *Panel) visit(tab string, line, column int) {
	if i := p.tab(tab); i >= 0 {
		p.choose(i)
		if f, ok := p.panes[i].(session.Finder); ok {
			f.Find(line, column)
		}
		return
	}
	p.head.visit(tab)
}

// first is the tab that opens when the place names none: the design when there is
// one, or nothing yet.
func (p *Panel) first() int {
	if i := p.tab(p.at.Tab); i >= 0 {
		return i
	}
	return max(0, p.tab(state.FirstTab(p.s.Draft().Content)))
}

// render sets what changed around the tabs.
func (p *Panel) render() {
	if p.closed || !p.s.Loaded() {
		return
	}
	c := p.env.Text
	if !p.ready {
		p.ready = true
		p.head.begin()
		p.choose(p.first())
		for _, f := range p.waiting {
			f()
		}
		p.waiting = nil
	}
	d := p.s.Draft()
	if name := state.DeliveryName(c, d, p.s.Delivery()); name != p.name {
		p.name = name
		p.env.Title(c.T("content.title", "label", name), "")
	}
	ok, why := p.s.Editable()
	sentence, tone := "", state.Amber
	switch {
	case !ok:
		sentence, tone = why, state.Neutral
	case p.s.Dirty() && p.s.Seals():
		sentence = c.T("edit.seal")
	}
	if kit.Show(p.seal, sentence != ""); sentence != "" {
		kit.SetBanner(p.seal, sentence, tone)
	}
	p.undo.SetEnabled(ok && p.s.CanUndo())
	p.redo.SetEnabled(ok && p.s.CanRedo())
	p.save.SetEnabled(ok && p.s.Dirty() && !p.s.Saving())
	p.status.Set(state.SaveStatus(c, p.s.Dirty(), p.s.Saving()))
	fs, _ := p.s.Findings()
	p.tabs.SetName(p.tab(TabChecks), state.ChecksTab(c, fs))
	if now := (around{sentence, p.status.Text()}); now != p.around {
		p.around = now
		p.root.Refresh()
	}
}

// around is what stands around the tabs and takes room there.
type around struct{ seal, status string }

// Save stores what is written.
func (p *Panel) Save() {
	p.s.Save(func(err error) { p.env.Fail(err) })
}

// Undo and Redo go through all of the draft.
func (p *Panel) Undo() bool { return p.s.Undo() }

// Redo makes again what Undo took back.
func (p *Panel) Redo() bool { return p.s.Redo() }

// Handle takes events of the engine.
func (p *Panel) Handle(es []event.Event) {
	for _, e := range es {
		switch e := e.(type) {
		case event.Changed:
			if e.ID == p.s.Delivery() && !p.s.Saving() {
				p.s.Reload()
			}
		case event.Lists:
			p.s.Reload()
		}
	}
}

// Reload asks for the delivery; what is written stays.
func (p *Panel) Reload() { p.s.Reload() }

// Close ends the screen. What is not saved is kept.
func (p *Panel) Close() {
	p.closed = true
	for _, x := range p.panes {
		if x != nil {
			x.Close()
		}
	}
	p.s.Close()
}

// ID is the delivery whose content is written.
func (p *Panel) ID() delivery.ID { return p.s.Delivery() }

// Drop takes a picture that was dragged onto the window, when the tab in sight
// has a use for it.
func (p *Panel) Drop(file string) bool {
	if p.shown < 0 {
		return false
	}
	d, ok := p.panes[p.shown].(interface{ Drop(string) bool })
	return ok && d.Drop(file)
}
