package deployment

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/logs"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/widgets"
)

const (
	touchEvery = time.Second     // least time between two readings of the rows in sight
	orderEvery = 2 * time.Second // the same for the order of a list
)

// tab is what stands below the row of tabs.
type tab interface {
	object() fyne.CanvasObject
	enter()                                // it comes into sight
	reload()                               // everything may be another
	moved(before, after delivery.Counters) // messages went from state to state
	loaded() bool                          // all of it has been read
	target() fyne.Focusable
	find() bool // gives the keyboard to its search; false without one
	close()
}

// Panel is the Deployment window of one delivery.
type Panel struct {
	env *panel.Env
	id  delivery.ID

	view   delivery.View
	loaded bool
	closed bool
	choose bool // the tab is still to be chosen

	loading, dirty bool
	latest         delivery.Status // since the last reading began
	fresh          bool            // latest is set
	all            bool            // the lists are to be read again too

	root  fyne.CanvasObject
	head  *head
	tabs  *widgets.Tabs
	stack *fyne.Container
	parts []tab // by tab
	shown int

	exports []*exporter
}

// New makes the window of a place and asks for its delivery.
func New(env *panel.Env, at panel.Place) *Panel {
	c := env.Text
	p := &Panel{env: env, id: at.Delivery}
	env.Title(c.T("deployment.title", "label", c.T("nav.delivery"), "code", p.id.String()), "")
	place := state.ParseLogPlace(at.Tab, at.Search)
	if p.choose = place.Tab == ""; p.choose {
		place.Tab = state.TabSending
	}
	p.head = newHead(p)
	var names []string
	for _, t := range state.LogTabs() {
		names = append(names, c.T("deployment.tab."+string(t)))
		query := delivery.LogQuery{}
		if t == place.Tab {
			query = place.Query
		}
		switch t {
		case state.TabLog:
			p.parts = append(p.parts, newLog(p))
		case state.TabCauses:
			p.parts = append(p.parts, newCauses(p))
		default:
			l := newList(p, t, query)
			if t == place.Tab {
				l.grid.Return(at.Row, at.Scroll)
			}
			p.parts = append(p.parts, l)
		}
	}
	p.tabs = widgets.NewTabs(names, c.T("common.more"), p.show)
	p.stack = kit.Stack()
	for _, t := range p.parts {
		o := t.object()
		kit.Show(o, false)
		p.stack.Add(o)
	}
	p.root = kit.NewPlain(p.head, p.tabs, p.stack)
	p.shown = slices.Index(state.LogTabs(), place.Tab)
	p.tabs.SetSelected(p.shown)
	p.tabs.SetShown(p.index(state.TabDoubt), place.Tab == state.TabDoubt)
	kit.Show(p.parts[p.shown].object(), true)
	p.parts[p.shown].enter()
	p.read()
	return p
}

// Content is the screen.
func (p *Panel) Content() fyne.CanvasObject { return p.root }

// Loaded reports whether the delivery and what the tab shows have been read.
func (p *Panel) Loaded() bool { return p.loaded && !p.loading && p.parts[p.shown].loaded() }

// Place is where the window stands, so that one can come back to it.
func (p *Panel) Place() panel.Place {
	at := panel.Place{Screen: panel.Deployment, Delivery: p.id, Tab: string(p.tab())}
	if l, ok := p.parts[p.shown].(*list); ok {
		at.Tab, at.Search = l.place.String(), l.place.Query.Search
		at.Row, at.Scroll = l.grid.Spot()
	}
	return at
}

func (p *Panel) tab() state.LogTab { return state.LogTabs()[p.shown] }

func (p *Panel) index(t state.LogTab) int { return slices.Index(state.LogTabs(), t) }

// show brings a tab into sight.
func (p *Panel) show(i int) {
	p.choose = false
	if i == p.shown {
		return
	}
	kit.Show(p.parts[p.shown].object(), false)
	p.shown = i
	p.tabs.SetSelected(i)
	p.parts[i].enter()
	kit.Show(p.parts[i].object(), true)
	p.render() // a tab that has nothing left goes when it is left
}

// open shows the rows of a term of the ledger.
func (p *Panel) open(s delivery.MessageState) {
	at := state.LogPlaceOf(s)
	if at.Tab == state.TabDoubt && p.view.Counters.InDoubt == 0 {
		at = state.LogPlace{Tab: state.TabSending, Query: delivery.LogQuery{States: []delivery.MessageState{s}}}
	}
	p.visit(at)
}

// visit shows a list with nothing but what a place asks for.
func (p *Panel) visit(at state.LogPlace) {
	i := p.index(at.Tab)
	p.parts[i].(*list).choose(at.Query)
	p.show(i)
	p.focus()
}

// Focus gives the keyboard to what is shown.
func (p *Panel) Focus() { p.focus() }

func (p *Panel) focus() {
	if t := p.parts[p.shown].target(); t != nil {
		p.env.Window.Canvas().Focus(t)
	}
}

// Find gives the keyboard to the search of the tab, or of the sending log.
func (p *Panel) Find() {
	if !p.parts[p.shown].find() {
		p.show(p.index(state.TabSending))
		p.parts[p.shown].find()
	}
}

// Close ends what the panel still waits for.
func (p *Panel) Close() {
	p.closed = true
	for _, t := range p.parts {
		t.close()
	}
}

// compute recounts and shows the result.
func (p *Panel) compute() {
	logs.Compute(p.env, p.id, func() bool { return !p.closed })
}

// Handle takes events of the engine.
func (p *Panel) Handle(es []event.Event) {
	for _, e := range es {
		switch e := e.(type) {
		case event.Status:
			if e.ID == p.id && p.loaded {
				p.live(e.Status)
			}
		case event.Changed:
			if e.ID == p.id {
				p.Reload()
			}
		case event.Lists:
			p.read()
		}
	}
}

// live takes the newest figures.
func (p *Panel) live(s delivery.Status) {
	before, was := p.view.Counters, p.view.State
	p.latest, p.fresh = s, true
	p.view = state.Live(p.view, s)
	p.render()
	if before != p.view.Counters {
		for _, t := range p.parts {
			t.moved(before, p.view.Counters)
		}
	}
	if was != p.view.State {
		p.Reload()
	}
}

// Reload asks for the delivery and for what is shown.
func (p *Panel) Reload() {
	p.all = true
	p.read()
}

// read asks for the delivery. Two calls at once are one.
func (p *Panel) read() {
	if p.loading {
		p.dirty = true
		return
	}
	p.loading, p.fresh = true, false
	bridge.Run(p.env.Bridge, "deployment", func(ctx context.Context) (delivery.View, error) {
		return p.env.Engine.Delivery(ctx, p.id)
	}, p.take)
}

func (p *Panel) take(v delivery.View, err error) {
	p.loading = false
	if p.closed {
		return
	}
	if p.dirty {
		p.dirty = false
		p.read()
	}
	if err != nil {
		if delivery.Is(err, delivery.KindNotFound) {
			p.env.Home() // deleted by somebody
		}
		p.env.Fail(err)
		return
	}
	first, all, before := !p.loaded, p.all, p.view.Counters
	if p.fresh && p.latest.State == v.State {
		v = state.Live(v, p.latest) // newer than what was read
	}
	p.view, p.loaded, p.all = v, true, false
	p.env.Title(state.DeploymentTitle(p.env.Text, v), "")
	if p.choose && v.Counters.Targeted == 0 {
		p.show(p.index(state.TabLog))
	}
	p.render()
	for _, t := range p.parts {
		switch {
		case first: // is being read already
			t.moved(v.Counters, v.Counters)
		case all:
			t.reload()
		default:
			t.moved(before, v.Counters)
		}
	}
}

// render sets what changed of the head and of the tabs' names.
func (p *Panel) render() {
	c := p.env.Text
	word, tone := state.SendStatus(c, p.view)
	p.head.set(word, tone, state.LedgerOf(c, p.view.Counters))
	n, i := p.view.Counters.InDoubt, p.index(state.TabDoubt)
	name := c.T("deployment.tab." + string(state.TabDoubt))
	if n > 0 {
		name = c.T("deployment.tab_count", "tab", name, "n", n)
	}
	p.tabs.SetName(i, name)
	p.tabs.SetShown(i, n > 0 || p.shown == i)
	for _, x := range p.exports {
		x.allow()
	}
}
