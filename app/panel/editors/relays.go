package editors

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// relayFields choose the account of a delivery or, one under the other, several
// with their shares.
type relayFields struct {
	env      *panel.Env
	accounts []delivery.Account
	names    []string
	rows     []*relayRow
	box      *fyne.Container
	fit      func() // the dialog takes the height that it needs now
}

// relayRow is one relay. What it offers begins with the shares; the last one is to
// be a spare, which the first relay cannot be.
type relayRow struct {
	account *widgets.Select
	share   *widgets.Select
	weights []int
}

func newRelayFields(env *panel.Env, accounts []delivery.Account, d delivery.Draft) *relayFields {
	f := &relayFields{env: env, accounts: accounts, box: kit.VStack(8), fit: func() {}}
	for _, a := range accounts {
		f.names = append(f.names, state.AccountName(env.Text, a))
	}
	for _, r := range d.Via() {
		if slices.ContainsFunc(accounts, func(a delivery.Account) bool { return a.ID == r.Account }) {
			f.add(r)
		}
	}
	if len(f.rows) == 0 && len(accounts) > 0 {
		f.add(delivery.Relay{Account: accounts[0].ID, Weight: 1})
	}
	f.lay()
	return f
}

func (f *relayFields) add(r delivery.Relay) {
	row := &relayRow{account: kit.NewSelect(f.names), weights: state.Shares(r.Weight)}
	row.account.SetSelected(slices.IndexFunc(f.accounts, func(a delivery.Account) bool { return a.ID == r.Account }))
	words := state.ShareWords(f.env.Text, row.weights)
	if len(f.rows) == 0 {
		words = words[:len(row.weights)]
	}
	row.share = kit.NewSelect(words)
	if row.share.SetSelected(slices.Index(row.weights, r.Weight)); r.Spare {
		row.share.SetSelected(len(row.weights))
	}
	f.rows = append(f.rows, row)
}

// free is an account that is no relay yet, a real one; false without one.
func (f *relayFields) free() (delivery.Account, bool) {
	used := f.list()
	i := slices.IndexFunc(f.accounts, func(a delivery.Account) bool {
		return !a.Training() && !slices.ContainsFunc(used, func(r delivery.Relay) bool { return r.Account == a.ID })
	})
	if i < 0 {
		return delivery.Account{}, false
	}
	return f.accounts[i], true
}

// lay puts the rows and what is beneath them into the form.
func (f *relayFields) lay() {
	c := f.env.Text
	var os []fyne.CanvasObject
	for i, row := range f.rows {
		if len(f.rows) == 1 {
			os = append(os, row.account)
			break
		}
		remove := kit.NewIconButton(widgets.IconClose, c.T("edit.relay_remove"), func() {
			rest := slices.Delete(f.list(), i, i+1)
			f.rows = nil
			for n, r := range rest {
				r.Spare = r.Spare && n > 0
				f.add(r)
			}
			f.lay()
		})
		os = append(os, kit.PairEnd(row.account, kit.HStack(8, kit.Wide(120, row.share), remove)))
	}
	if len(f.rows) > 1 {
		os = append(os, kit.NewText(kit.Small, c.T("edit.relays_note")).Wrap())
	}
	if _, ok := f.free(); ok && len(f.rows) < delivery.MaxRelays {
		os = append(os, kit.NewLink(c.T("edit.relay_add"), func() {
			if a, ok := f.free(); ok {
				f.add(delivery.Relay{Account: a.ID, Weight: 1})
				f.lay()
			}
		}))
	}
	kit.Replace(f.box, os)
	f.fit()
}

// list is what is chosen.
func (f *relayFields) list() []delivery.Relay {
	var out []delivery.Relay
	for _, row := range f.rows {
		r := delivery.Relay{Account: f.accounts[max(0, row.account.Selected())].ID, Weight: 1}
		if n := row.share.Selected(); n >= len(row.weights) {
			r.Spare = true
		} else if n >= 0 {
			r.Weight = row.weights[n]
		}
		out = append(out, r)
	}
	return out
}
