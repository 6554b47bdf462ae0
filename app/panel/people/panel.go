// Package people is the list of everybody one may write to.
//
// A Panel lives on the UI goroutine.
package people

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/person"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Panel is the list.
type Panel struct {
	env    *panel.Env
	root   *kit.Frame
	bar    *widgets.ActionBar
	grid   *kit.Grid[delivery.Profile]
	search *widgets.Search
	who    *kit.Button
	count  *kit.Text
	miss   *kit.Text
	clear  fyne.CanvasObject
	pace   *bridge.Pace

	query  delivery.ProfileQuery
	asked  atomic.Pointer[delivery.ProfileQuery] // the same, for the engine
	lists  []delivery.Audience
	closed bool
}

// reorder is the least time between two readings of the order that events ask
// for.
const reorder = time.Second

// New makes the list and asks for it.
func New(env *panel.Env, at panel.Place) *Panel {
	p := &Panel{env: env}
	env.Title(env.Text.T("nav.people"), "")
	p.query = queryOf(at)
	p.build()
	p.grid.Return(at.Row, at.Scroll)
	p.pace = bridge.NewPace(env.Bridge, reorder, p.read)
	p.Reload()
	return p
}

func (p *Panel) build() {
	c, env := p.env.Text, p.env
	p.bar = widgets.NewActionBar(c.T("common.more"))
	p.setBar()
	p.search = widgets.NewSearch(c.T("people.search"), func(d time.Duration, f func()) { env.Bridge.After(d, f) }, func(s string) {
		p.query.Search = s
		p.changed()
	})
	p.search.SetText(p.query.Search)
	p.who = kit.NewButton("", kit.IconNone, state.Outlined, nil).SetTrailing(widgets.IconDown)
	p.who.SetOnTap(func() { kit.PopUp(p.who, p.filters()) })
	p.count = kit.NewText(kit.Muted, "…")
	p.miss = kit.NewText(kit.Body, "").Wrap()
	p.clear = kit.NewLink(c.T("people.show_all"), func() {
		p.search.SetText("")
		p.query.Search, p.query.Audience, p.query.Denied, p.query.Test = "", 0, false, false
		p.changed()
	})
	p.grid = kit.NewGrid(kit.GridSpec[delivery.Profile]{Bridge: env.Bridge,
		Columns: []widgets.Column{
			{Key: "address", Title: c.T("people.address"), Width: -3, Sorts: true},
			{Key: "name", Title: c.T("people.name"), Width: -2, Drop: 2},
			{Key: "state", Title: c.T("people.state"), Width: 150, Drop: 1},
			{Key: "last_sent", Title: c.T("people.last_sent"), Width: 120, Sorts: true, Drop: 3},
			{Key: "created", Title: c.T("people.created"), Width: 120, Sorts: true, Drop: 4}},
		Numbers: func(ctx context.Context, limit int) ([]int64, error) {
			q := *p.asked.Load()
			q.Limit = limit
			return env.Engine.ProfileNumbers(ctx, q)
		},
		Rows: func(ctx context.Context, ns []int64) ([]delivery.Profile, error) {
			return env.Engine.ProfileRows(ctx, ns)
		},
		Number: func(v delivery.Profile) int64 { return v.ID },
		Cell:   p.cell, Open: func(v delivery.Profile) { env.Go(panel.Place{Screen: panel.Person, Number: v.ID}) },
		Menu: p.menu, Copy: func(v delivery.Profile) string { return v.Address }, Copied: func(s string, _ int64) { env.Copy(s) },
		OnSort: func(key string, desc bool) {
			p.query.Sort, p.query.Desc = delivery.ProfileSort(key), desc
			if key == "address" {
				p.query.Sort = delivery.ProfilesByAddress
			}
			p.changed()
		},
		Counted: p.counted, Failed: env.Fail,
		Empty: widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Pad(look.CardMargin, look.CardMargin), kit.VStack(8, p.miss, p.clear))})
	p.root = kit.NewListFrame(p.bar, widgets.Tools(p.search, p.who, p.count), p.grid)
}

func (p *Panel) may() bool {
	return p.env.Operator().Rights.Has(access.Prepare) && p.env.ReadOnly() == ""
}

func (p *Panel) setBar() {
	c := p.env.Text
	if !p.may() {
		p.bar.SetButtons()
		p.bar.SetNote(c.T("why.prepare_right"))
		return
	}
	p.bar.SetNote("")
	p.bar.SetButtons(kit.NewButton(c.T("people.add"), kit.IconPlus, state.Primary, func() { person.Edit(p.env, delivery.Profile{}) }),
		kit.NewButton(c.T("home.import"), kit.IconNone, state.Outlined, func() { p.env.Go(panel.Place{Screen: panel.Import}) }))
}

// Content is the screen.
func (p *Panel) Content() fyne.CanvasObject { return p.root.Object() }

// Find goes to the search.
func (p *Panel) Find() { p.env.Window.Canvas().Focus(p.search.Target()) }

// Close ends what is still being read.
func (p *Panel) Close() {
	p.closed = true
	p.pace.Close()
	p.grid.Close()
}

// Handle takes events of the engine.
func (p *Panel) Handle(es []event.Event) {
	if slices.ContainsFunc(es, func(e event.Event) bool { _, ok := e.(event.Lists); return ok }) {
		p.pace.Ask()
	}
}

// Reload reads the list and the names of the audiences.
func (p *Panel) Reload() {
	p.setBar()
	p.changed()
}

func (p *Panel) read() {
	bridge.Run(p.env.Bridge, "audiences", func(ctx context.Context) ([]delivery.Audience, error) {
		return p.env.Engine.Audiences(ctx)
	}, func(as []delivery.Audience, err error) {
		if p.closed || err != nil {
			return
		}
		p.lists = as
		p.who.SetText(p.filterName())
	})
	p.grid.Reload()
	p.grid.Touch()
}

// changed asks for the list by the present query.
func (p *Panel) changed() {
	q := p.query
	p.asked.Store(&q)
	key := string(q.Sort)
	if key == "" {
		key = "address"
	}
	p.grid.Sorted(key, q.Desc)
	p.who.SetText(p.filterName())
	p.count.Set("…")
	p.read()
}

func (p *Panel) filterName() string {
	c := p.env.Text
	if p.query.Denied {
		return c.T("people.only_denied")
	}
	if p.query.Test {
		return c.T("people.only_test")
	}
	for _, a := range p.lists {
		if a.ID == p.query.Audience {
			return a.Name
		}
	}
	return c.T("people.everybody")
}

func (p *Panel) filters() []kit.Item {
	c := p.env.Text
	choose := func(audience int64, denied, test bool) func() {
		return func() {
			p.query.Audience, p.query.Denied, p.query.Test = audience, denied, test
			p.changed()
		}
	}
	items := []kit.Item{{Label: c.T("people.everybody"), Checked: p.query.Audience == 0 && !p.query.Denied && !p.query.Test, Tap: choose(0, false, false)},
		{Label: c.T("people.only_denied"), Checked: p.query.Denied, Tap: choose(0, true, false)},
		{Label: c.T("people.only_test"), Checked: p.query.Test, Tap: choose(0, false, true)}}
	if len(p.lists) > 0 {
		items = append(items, kit.Item{})
	}
	for _, a := range p.lists {
		items = append(items, kit.Item{Label: a.Name, Checked: p.query.Audience == a.ID, Tap: choose(a.ID, false, false)})
	}
	return items
}

func (p *Panel) counted(n int, exact bool) {
	c := p.env.Text
	if !exact {
		return
	}
	p.count.Set(c.N("people.count", int64(n)))
	narrowed := p.query.Search != "" || p.query.Audience != 0 || p.query.Denied || p.query.Test
	p.miss.Set(c.T("people.nobody"))
	if narrowed {
		p.miss.Set(c.T("people.none_match"))
	}
	kit.Show(p.clear, narrowed)
	p.root.Object().Refresh()
}

func (p *Panel) cell(v delivery.Profile, key string) widgets.Cell {
	c := p.env.Text
	when := func(t time.Time) widgets.Cell {
		if t.IsZero() {
			return widgets.Cell{Text: c.None(), Tone: look.Quiet}
		}
		return widgets.Cell{Text: c.Date(t), Tone: look.Quiet}
	}
	switch key {
	case "address":
		if v.Address == "" {
			return widgets.Cell{Text: c.T("people.no_address"), Tone: look.Quiet}
		}
		return widgets.Cell{Text: v.Address}
	case "name":
		return widgets.Cell{Text: state.PersonName(v.Fields)}
	case "state":
		k := state.PersonState(c, v)
		icon := widgets.NoIcon
		switch {
		case v.Denied:
			icon = widgets.IconDenied
		case v.Quarantine != "":
			icon = widgets.IconBlocked
		}
		return widgets.Cell{Text: k.Text, Tone: look.Tone(k.Tone), Icon: icon}
	case "last_sent":
		return when(v.LastSent)
	case "created":
		return when(v.Created)
	}
	return widgets.Cell{}
}

func (p *Panel) menu(v delivery.Profile) []kit.Item {
	c := p.env.Text
	items := []kit.Item{{Label: c.T("home.open"), Tap: func() { p.env.Go(panel.Place{Screen: panel.Person, Number: v.ID}) }},
		{Label: c.T("people.copy"), Tap: func() { p.env.Copy(v.Address) }}}
	if !p.may() {
		return items
	}
	label := c.T("people.deny")
	if v.Denied {
		label = c.T("people.allow")
	}
	test := c.T("people.make_test")
	if v.Test {
		test = c.T("people.end_test")
	}
	return append(items, kit.Item{Label: test, Tap: func() { person.Test(p.env, v, !v.Test) }}, kit.Item{}, kit.Item{Label: label, Tap: func() { person.Deny(p.env, v, !v.Denied) }},
		kit.Item{Label: c.T("people.delete"), Tap: func() { p.remove(v) }})
}

func (p *Panel) remove(v delivery.Profile) {
	c := p.env.Text
	confirm.Ask(p.env.Window, confirm.Question{Title: c.T("people.delete_title"), Sentence: c.T("people.delete_sentence", "address", v.Address),
		OK: c.T("home.delete_ok"), Cancel: c.T("common.cancel")}, func(yes bool) {
		if yes {
			person.Delete(p.env, v, func() {})
		}
	})
}
