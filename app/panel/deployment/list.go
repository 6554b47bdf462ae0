package deployment

import (
	"context"
	"strings"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/logs"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// list is a tab of messages: those to be sent, the excluded, those in doubt.
type list struct {
	p     *Panel
	place state.LogPlace
	asked atomic.Pointer[delivery.LogQuery] // the same for the engine, read off the UI goroutine
	begun bool                              // the list was asked for
	stale bool                              // something changed while it was out of sight

	grid    *kit.Grid[delivery.Row]
	search  *widgets.Search
	states  *kit.Button // sending log only
	natures *kit.Button // nil where there is one nature only
	columns *kit.Button // sending log only
	hidden  map[string]bool
	count   *kit.Text
	rows    int      // -1 until they are counted
	decider *decider // in doubt only
	miss    *kit.Text
	all     fyne.CanvasObject
	body    fyne.CanvasObject

	ordering, again bool // the order is being read, and will be again
	touch, order    *bridge.Pace
}

func newList(p *Panel, t state.LogTab, q delivery.LogQuery) *list {
	c, env := p.env.Text, p.env
	l := &list{p: p, place: state.LogPlace{Tab: t, Query: q}, count: kit.NewText(kit.Muted, "…"), rows: -1}
	l.touch = bridge.NewPace(env.Bridge, touchEvery, func() { l.grid.Touch() })
	l.order = bridge.NewPace(env.Bridge, orderEvery, l.reorder)
	if t == state.TabDoubt {
		l.decider = newDecider(l)
	}
	l.miss, l.all = kit.NewText(kit.Body, "").Wrap(), kit.NewLink(c.T("deployment.show_all"), func() { l.choose(delivery.LogQuery{}) })
	var tick func(delivery.Row)
	if l.decider != nil {
		tick = l.decider.toggle
	}
	l.grid = kit.NewGrid(kit.GridSpec[delivery.Row]{
		Tick:   tick,
		Bridge: env.Bridge, Columns: columnsOf(c, t),
		Numbers: func(ctx context.Context, limit int) ([]int64, error) {
			q := *l.asked.Load()
			q.Limit = limit
			return env.Engine.MessageNumbers(ctx, p.id, q)
		},
		Rows: func(ctx context.Context, ns []int64) ([]delivery.Row, error) {
			return env.Engine.MessageRows(ctx, p.id, ns)
		},
		Number: func(r delivery.Row) int64 { return r.Seq },
		Cell:   l.cell, Open: l.open, Menu: l.menu, Copy: func(r delivery.Row) string { return r.Address },
		OnSort: func(key string, desc bool) {
			l.place.Query.Sort, l.place.Query.Desc = state.LogSortOf(key), desc
			l.changed()
		},
		Counted: l.counted, Failed: l.failed, Copied: func(s string, _ int64) { env.Copy(s) },
		Empty: widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Pad(look.CardMargin, look.CardMargin), kit.VStack(8, l.miss, l.all)),
	})
	l.body = l.build()
	l.show()
	if l.decider != nil {
		l.decider.set()
	}
	return l
}

// build makes the row of tools and what stands around the grid.
func (l *list) build() fyne.CanvasObject {
	c, env, t := l.p.env.Text, l.p.env, l.place.Tab
	hint := c.T("deployment.search")
	if t == state.TabExclusions {
		hint = c.T("deployment.search_address")
	}
	l.search = widgets.NewSearch(hint, after(env), func(s string) {
		l.place.Query.Search = strings.TrimSpace(s)
		l.changed()
	})
	l.search.SetText(l.place.Query.Search)
	tools := []fyne.CanvasObject{l.search}
	if t == state.TabSending {
		l.states = l.chooser(l.stateItems)
		tools = append(tools, l.states)
	}
	if t != state.TabDoubt {
		l.natures = l.chooser(l.natureItems)
		tools = append(tools, l.natures)
	}
	right := kit.HStack(10, l.count)
	if t == state.TabSending {
		l.columns = kit.NewIconButton(widgets.IconColumns, c.T("deployment.columns"), nil)
		l.columns.SetOnTap(func() { kit.PopUpChoices(l.columns, l.columnItems) })
		right.Add(l.columns)
		l.hidden = remembered(env.Prefs)
		l.hide()
	}
	right.Add(newExport(l.p, l.source))
	tools = append(tools, right)
	os := []fyne.CanvasObject{widgets.Tools(tools...), l.grid}
	if l.decider != nil {
		return underDecider(l.decider, kit.Fill(kit.Gap, append([]fyne.CanvasObject{l.decider.box}, os...)...))
	}
	return kit.Fill(kit.Gap, os...)
}

func (l *list) object() fyne.CanvasObject { return l.body }

func (l *list) loaded() bool { return l.rows >= 0 && !l.ordering }

func (l *list) target() fyne.Focusable { return l.grid.Target() }

func (l *list) find() bool {
	l.p.env.Window.Canvas().Focus(l.search.Target())
	return true
}

func (l *list) close() {
	l.touch.Close()
	l.order.Close()
	l.grid.Close()
}

func (l *list) inSight() bool { return l.p.parts[l.p.shown] == tab(l) }

// choose shows what a query asks for, and no more than that.
func (l *list) choose(q delivery.LogQuery) {
	l.place.Query = q
	l.search.SetText(q.Search)
	l.changed()
}

// changed asks for what was chosen.
func (l *list) changed() {
	l.show()
	if !l.begun {
		return
	}
	l.grid.ScrollToTop()
	l.count.Set("…")
	l.rows = -1
	l.reread()
}

// show makes the tools say what was chosen.
func (l *list) show() {
	q := l.place.Full()
	l.asked.Store(&q)
	l.grid.Sorted(state.LogColumnOf(q.Sort), q.Desc)
	if l.states != nil {
		l.states.SetText(state.ChosenStates(l.p.env.Text, l.place.Query.States))
	}
	if l.natures != nil {
		l.natures.SetText(state.ChosenNatures(l.p.env.Text, l.place.Query.Natures))
	}
}

func (l *list) enter() {
	if !l.begun || l.stale {
		l.begun, l.stale = true, false
		l.reread()
		l.grid.Touch()
	}
}

func (l *list) reload() { l.renew(true) }

// renew reads rows, and their order when that may be another, or notes that it is
// to be done.
func (l *list) renew(order bool) {
	switch {
	case !l.begun:
	case !l.inSight():
		l.stale = true
	default:
		l.touch.Ask()
		if order {
			l.order.Ask()
		}
	}
}

func (l *list) moved(before, after delivery.Counters) {
	if l.decider != nil {
		l.decider.set() // who decided to leave something moves nothing
	}
	if before != after {
		l.renew(state.LogMoves(l.place.Full(), before, after))
	}
}

// reorder reads the order anew, unless it is being read: a list of a million that
// was asked for again and again would never be there.
func (l *list) reorder() {
	if l.again = l.ordering; !l.ordering {
		l.reread()
	}
}

// reread asks for the order at once.
func (l *list) reread() {
	l.ordering, l.again = true, false
	l.grid.Reload()
}

func (l *list) ended() {
	l.ordering = false
	if l.again {
		l.order.Ask()
	}
}

func (l *list) counted(n int, exact bool) {
	c := l.p.env.Text
	if exact {
		l.rows = n
		l.count.Set(c.N("deployment.rows", int64(n)))
		l.ended()
		if l.decider != nil {
			l.decider.set()
		}
	}
	if n == 0 {
		narrowed := l.place.Narrowed()
		l.miss.Set(c.T("deployment.empty." + string(l.place.Tab)))
		if narrowed {
			l.miss.Set(c.T("deployment.none_match"))
		}
		kit.Show(l.all, narrowed)
	}
}

func (l *list) failed(err error) {
	l.ended()
	if !l.p.closed {
		l.p.env.Fail(err)
	}
}

func (l *list) cell(r delivery.Row, key string) widgets.Cell {
	if key == state.LogTick {
		return widgets.Cell{Ticked: l.decider.ticked[r.Seq]}
	}
	if key == state.LogIcon {
		return widgets.Cell{Icon: logs.Icon(r.State), Tone: look.Tone(state.MessageTone(r.State))}
	}
	s, tone := state.LogCell(l.p.env.Text, r, key, l.p.env.Now())
	return widgets.Cell{Text: s, Tone: look.Tone(tone)}
}

// open shows a message, with the list that it was found in to walk on in.
func (l *list) open(r delivery.Row) {
	l.p.env.Go(panel.Place{Screen: panel.Message, Delivery: l.p.id, Number: r.Seq, Tab: l.place.String(), Search: l.place.Query.Search})
}

func (l *list) menu(r delivery.Row) []kit.Item {
	c, env := l.p.env.Text, l.p.env
	var items []kit.Item
	if l.decider != nil {
		items = l.decider.items(r)
	}
	items = append(items, kit.Item{Label: c.T("deployment.open_message"), Tap: func() { l.open(r) }})
	if r.Address != "" {
		items = append(items, kit.Item{Label: c.T("deployment.copy_address"), Tap: func() { env.Copy(r.Address) }})
	}
	return append(items, kit.Item{Label: c.T("deployment.open_person"), Tap: func() {
		env.Go(panel.Place{Screen: panel.Person, Number: r.Profile})
	}})
}
