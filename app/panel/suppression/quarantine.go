package suppression

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// addresses is the list of what is in quarantine.
type addresses struct {
	env    *panel.Env
	grid   *kit.Grid[delivery.Quarantined]
	search *widgets.Search
	count  *kit.Text
	query  delivery.QuarantineQuery
	asked  atomic.Pointer[delivery.QuarantineQuery] // the same, for the engine
	body   fyne.CanvasObject
}

func newAddresses(env *panel.Env, search string) *addresses {
	c := env.Text
	l := &addresses{env: env, query: delivery.QuarantineQuery{Search: search}, count: kit.NewText(kit.Muted, "…")}
	l.search = widgets.NewSearch(c.T("people.search_address"), func(d time.Duration, f func()) { env.Bridge.After(d, f) }, func(s string) {
		l.query.Search = s
		l.changed()
	})
	l.search.SetText(search)
	l.grid = kit.NewGrid(kit.GridSpec[delivery.Quarantined]{Bridge: env.Bridge,
		Columns: []widgets.Column{{Key: "address", Title: c.T("people.address"), Width: -3, Sorts: true}, {Key: "reason", Title: c.T("suppression.reason"), Width: -2, Sorts: true},
			{Key: "at", Title: c.T("suppression.since"), Width: 120, Sorts: true}, {Key: "by", Title: c.T("suppression.by"), Width: 130, Drop: 1}},
		Numbers: func(ctx context.Context, limit int) ([]int64, error) {
			q := *l.asked.Load()
			q.Limit = limit
			return env.Engine.QuarantineNumbers(ctx, q)
		},
		Rows: func(ctx context.Context, ns []int64) ([]delivery.Quarantined, error) {
			return env.Engine.QuarantineRows(ctx, ns)
		},
		Number: func(v delivery.Quarantined) int64 { return v.ID },
		Cell:   l.cell, Open: l.release, Copy: func(v delivery.Quarantined) string { return v.Address }, Copied: func(s string, _ int64) { env.Copy(s) },
		Menu: func(v delivery.Quarantined) []kit.Item {
			return []kit.Item{{Label: c.T("suppression.release"), Tap: func() { l.release(v) }}, {Label: c.T("people.copy"), Tap: func() { env.Copy(v.Address) }}}
		},
		OnSort: func(key string, desc bool) {
			l.query.Sort, l.query.Asc = key, !desc
			l.changed()
		},
		Counted: func(n int, exact bool) {
			if exact {
				l.count.Set(c.N("suppression.addresses", int64(n)))
				l.body.Refresh()
			}
		}, Failed: env.Fail,
		Empty: widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Pad(look.CardMargin, look.CardMargin), kit.NewText(kit.Body, c.T("suppression.no_address")).Wrap())})
	l.body = kit.Fill(12, kit.NewText(kit.Small, c.T("suppression.quarantine_note")).Wrap(), widgets.Tools(l.search, l.count), l.grid)
	l.changed()
	return l
}

func (l *addresses) changed() {
	q := l.query
	l.asked.Store(&q)
	key := q.Sort
	if key == "" {
		key = "at"
	}
	l.grid.Sorted(key, !q.Asc)
	l.grid.Reload()
	l.grid.Touch()
}

func (l *addresses) cell(v delivery.Quarantined, key string) widgets.Cell {
	c := l.env.Text
	switch key {
	case "address":
		return widgets.Cell{Text: v.Address}
	case "reason":
		return widgets.Cell{Text: state.QuarantineReason(c, v.Reason), Icon: widgets.IconBlocked, Tone: look.AmberTone}
	case "at":
		return widgets.Cell{Text: c.Date(v.At), Tone: look.Quiet}
	}
	if v.By == "" {
		return widgets.Cell{Text: c.T("suppression.by_sendoff"), Tone: look.Quiet}
	}
	return widgets.Cell{Text: v.By, Tone: look.Quiet}
}

// release lets mail go to an address again. It asks: a mailbox that does not exist
// harms the sender's name.
func (l *addresses) release(v delivery.Quarantined) {
	c, env := l.env.Text, l.env
	if !env.Operator().Rights.Has(access.Prepare) || env.ReadOnly() != "" {
		return
	}
	confirm.Ask(env.Window, confirm.Question{Title: c.T("suppression.release_title"),
		Sentence: c.T("suppression.release_sentence", "address", v.Address, "reason", state.QuarantineReason(c, v.Reason)),
		OK:       c.T("suppression.release"), Cancel: c.T("common.cancel")}, func(yes bool) {
		if !yes {
			return
		}
		who := env.Who()
		bridge.Run(env.Bridge, "release", func(ctx context.Context) (struct{}, error) {
			return struct{}{}, env.Engine.Release(ctx, who, []string{v.Key})
		}, func(_ struct{}, err error) {
			if err == nil {
				env.Toast(c.T("suppression.released", "address", v.Address), state.Green)
			}
			env.Fail(err)
		})
	})
}

// add puts an address into quarantine by hand; that can be undone.
func (l *addresses) add() {
	env, c := l.env, l.env.Text
	address := widgets.NewEntry(c.T("people.address"), "")
	widgets.ShowForm(env.Window, widgets.FormSpec{Title: c.T("suppression.add_address"), Content: kit.VStack(12, address, kit.NewText(kit.Small, c.T("suppression.quarantine_note")).Wrap()),
		Save: c.T("suppression.add"), Cancel: c.T("common.cancel"), Focus: address.Target(), OnSave: func(f *widgets.Form) {
			a := strings.TrimSpace(address.Text())
			who := env.Who()
			f.SetBusy(true)
			bridge.Run(env.Bridge, "quarantine", func(ctx context.Context) (struct{}, error) {
				return struct{}{}, env.Engine.AddQuarantine(ctx, who, a)
			}, func(_ struct{}, err error) {
				if err != nil {
					f.SetBusy(false)
					address.SetError(wrong(env, err))
					f.Fit()
					return
				}
				f.Close()
				env.Did(c.T("suppression.added", "address", a), func(ctx context.Context, who access.Principal) error {
					return env.Engine.Release(ctx, who, []string{strings.ToLower(a)})
				})
			})
		}})
}

func wrong(env *panel.Env, err error) string {
	switch {
	case delivery.Is(err, delivery.KindInvalid):
		return env.Text.T("person.bad_address")
	case delivery.Is(err, delivery.KindExists):
		return env.Text.T("suppression.there")
	}
	return env.Text.Error(err)
}
