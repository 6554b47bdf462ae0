package suppression

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/person"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// denied is the list of people who do not want mail.
type denied struct {
	env    *panel.Env
	grid   *kit.Grid[delivery.Profile]
	search *widgets.Search
	count  *kit.Text
	query  delivery.ProfileQuery
	asked  atomic.Pointer[delivery.ProfileQuery] // the same, for the engine
	body   fyne.CanvasObject
}

func newDenied(env *panel.Env, search string) *denied {
	c := env.Text
	l := &denied{env: env, query: delivery.ProfileQuery{Search: search, Denied: true}, count: kit.NewText(kit.Muted, "…")}
	l.search = widgets.NewSearch(c.T("people.search"), func(d time.Duration, f func()) { env.Bridge.After(d, f) }, func(s string) {
		l.query.Search = s
		l.changed()
	})
	l.search.SetText(search)
	open := func(v delivery.Profile) { env.Go(panel.Place{Screen: panel.Person, Number: v.ID}) }
	l.grid = kit.NewGrid(kit.GridSpec[delivery.Profile]{Bridge: env.Bridge,
		Columns: []widgets.Column{{Key: "address", Title: c.T("people.address"), Width: -3, Sorts: true}, {Key: "name", Title: c.T("people.name"), Width: -2, Drop: 2},
			{Key: "denied", Title: c.T("suppression.since"), Width: 120, Sorts: true}, {Key: "by", Title: c.T("suppression.by"), Width: 130, Drop: 1}},
		Numbers: func(ctx context.Context, limit int) ([]int64, error) {
			q := *l.asked.Load()
			q.Limit = limit
			return env.Engine.ProfileNumbers(ctx, q)
		},
		Rows: func(ctx context.Context, ns []int64) ([]delivery.Profile, error) {
			return env.Engine.ProfileRows(ctx, ns)
		},
		Number: func(v delivery.Profile) int64 { return v.ID },
		Cell:   l.cell, Open: open, Copy: func(v delivery.Profile) string { return v.Address }, Copied: func(s string, _ int64) { env.Copy(s) },
		Menu: func(v delivery.Profile) []kit.Item {
			items := []kit.Item{{Label: c.T("home.open"), Tap: func() { open(v) }}}
			if env.Operator().Rights.Has(access.Prepare) && env.ReadOnly() == "" {
				items = append(items, kit.Item{Label: c.T("people.allow"), Tap: func() { person.Deny(env, v, false) }})
			}
			return items
		},
		OnSort: func(key string, desc bool) {
			l.query.Sort, l.query.Desc = delivery.ProfileSort(key), desc
			if key == "address" {
				l.query.Sort = delivery.ProfilesByAddress
			}
			l.changed()
		},
		Counted: func(n int, exact bool) {
			if exact {
				l.count.Set(c.N("people.count", int64(n)))
				l.body.Refresh()
			}
		}, Failed: env.Fail,
		Empty: widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Pad(look.CardMargin, look.CardMargin), kit.NewText(kit.Body, c.T("suppression.no_person")).Wrap())})
	l.body = kit.Fill(12, kit.NewText(kit.Small, c.T("suppression.denylist_note")).Wrap(), widgets.Tools(l.search, l.count), l.grid)
	l.changed()
	return l
}

func (l *denied) changed() {
	q := l.query
	l.asked.Store(&q)
	key := string(q.Sort)
	if key == "" {
		key = "address"
	}
	l.grid.Sorted(key, q.Desc)
	l.grid.Reload()
	l.grid.Touch()
}

func (l *denied) cell(v delivery.Profile, key string) widgets.Cell {
	c := l.env.Text
	switch key {
	case "address":
		return widgets.Cell{Text: v.Address}
	case "name":
		return widgets.Cell{Text: state.PersonName(v.Fields)}
	case "denied":
		if v.DeniedAt.IsZero() {
			return widgets.Cell{Text: c.None(), Tone: look.Quiet}
		}
		return widgets.Cell{Text: c.Date(v.DeniedAt), Tone: look.Quiet}
	}
	if v.DeniedBy == "" {
		return widgets.Cell{Text: c.T("suppression.by_list"), Tone: look.Quiet}
	}
	return widgets.Cell{Text: v.DeniedBy, Tone: look.Quiet}
}

// add puts the person with an address on the denylist, and makes one when there
// is none: so nobody can be imported later and written to.
func (l *denied) add() {
	env, c := l.env, l.env.Text
	address := widgets.NewEntry(c.T("people.address"), "")
	widgets.ShowForm(env.Window, widgets.FormSpec{Title: c.T("suppression.add_person"), Content: kit.VStack(12, address, kit.NewText(kit.Small, c.T("suppression.denylist_note")).Wrap()),
		Save: c.T("suppression.add"), Cancel: c.T("common.cancel"), Focus: address.Target(), OnSave: func(f *widgets.Form) {
			a := strings.TrimSpace(address.Text())
			who := env.Who()
			f.SetBusy(true)
			bridge.Run(env.Bridge, "denylist", func(ctx context.Context) (delivery.Profile, error) {
				return deny(ctx, env, who, a)
			}, func(v delivery.Profile, err error) {
				if err != nil {
					f.SetBusy(false)
					address.SetError(wrong(env, err))
					f.Fit()
					return
				}
				f.Close()
				env.Did(c.T("people.denied_now", "address", v.Address), func(ctx context.Context, who access.Principal) error {
					return env.Engine.Deny(ctx, who, []int64{v.ID}, false)
				})
			})
		}})
}

func deny(ctx context.Context, env *panel.Env, who access.Principal, address string) (delivery.Profile, error) {
	id, err := env.Engine.AddProfile(ctx, who, delivery.Profile{Address: address})
	if delivery.Is(err, delivery.KindExists) {
		if id, err = find(ctx, env, address); err != nil {
			return delivery.Profile{}, err
		}
	}
	if err != nil {
		return delivery.Profile{}, err
	}
	return delivery.Profile{ID: id, Address: address}, env.Engine.Deny(ctx, who, []int64{id}, true)
}

// find is the number of the person with an address.
func find(ctx context.Context, env *panel.Env, address string) (int64, error) {
	numbers, err := env.Engine.ProfileNumbers(ctx, delivery.ProfileQuery{Search: address})
	if err != nil {
		return 0, err
	}
	rows, err := env.Engine.ProfileRows(ctx, numbers)
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		if strings.EqualFold(r.Address, address) {
			return r.ID, nil
		}
	}
	return 0, &delivery.Error{Op: "deny", Kind: delivery.KindNotFound, Field: "profile", Detail: address}
}
