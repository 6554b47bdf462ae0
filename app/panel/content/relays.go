package content

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// relays choose the account of a delivery or, one under the other, several with
// their shares.
type relays struct {
	s     *session.Session
	box   *fyne.Container
	shown []delivery.Relay // what the rows show
	names []string
	able  bool
}

func newRelays(s *session.Session) *relays {
	r := &relays{s: s, box: kit.VStack(8)}
	return r
}

// via is what the draft goes through: accounts that there are.
func (r *relays) via() []delivery.Relay {
	as := r.s.Accounts()
	d := r.s.Draft()
	out := slices.DeleteFunc(slices.Clone(d.Via()), func(v delivery.Relay) bool {
		return !slices.ContainsFunc(as, func(a delivery.Account) bool { return a.ID == v.Account })
	})
	return out
}

// render makes the rows anew when they are to show something else.
func (r *relays) render() {
	c := r.s.Env().Text
	var names []string
	for _, a := range r.s.Accounts() {
		names = append(names, state.AccountName(c, a))
	}
	able, _ := r.s.Editable()
	now := r.via()
	if slices.Equal(now, r.shown) && slices.Equal(names, r.names) && able == r.able && len(r.box.Objects) > 0 {
		return
	}
	r.shown, r.names, r.able = now, names, able
	var os []fyne.CanvasObject
	if len(now) == 0 {
		os = append(os, r.account(-1, 0))
	}
	for i, v := range now {
		account := r.account(i, v.Account)
		if len(now) == 1 {
			os = append(os, account)
			break
		}
		remove := kit.NewIconButton(widgets.IconClose, c.T("edit.relay_remove"), func() { r.remove(i) })
		remove.SetEnabled(able)
		os = append(os, kit.PairEnd(account, kit.HStack(8, kit.Wide(120, r.share(i, v)), remove)))
	}
	if len(now) > 1 {
		os = append(os, kit.NewText(kit.Small, c.T("edit.relays_note")).Wrap())
	}
	if a, ok := r.free(); ok && able && len(now) > 0 && len(now) < delivery.MaxRelays {
		os = append(os, kit.NewLink(c.T("edit.relay_add"), func() { r.set(append(r.via(), delivery.Relay{Account: a.ID, Weight: 1})) }))
	}
	kit.Replace(r.box, os)
}

func (r *relays) account(i int, id int64) fyne.CanvasObject {
	as := r.s.Accounts()
	s := widgets.NewSelect(r.names, r.s.Env().Text.T("content.no_account"), func(n int) {
		via := r.via()
		if i < 0 {
			r.set([]delivery.Relay{{Account: as[n].ID, Weight: 1}})
			return
		}
		via[i].Account = as[n].ID
		r.set(via)
	})
	s.SetSelected(slices.IndexFunc(as, func(a delivery.Account) bool { return a.ID == id }))
	s.SetEnabled(r.able)
	return s
}

// share chooses how much goes through a relay. What it offers begins with the
// shares; the last one is to be a spare, which the first relay cannot be.
func (r *relays) share(i int, v delivery.Relay) fyne.CanvasObject {
	weights := state.Shares(v.Weight)
	words := state.ShareWords(r.s.Env().Text, weights)
	if i == 0 {
		words = words[:len(weights)]
	}
	s := widgets.NewSelect(words, "", func(n int) {
		via := r.via()
		if via[i].Spare = n >= len(weights); !via[i].Spare {
			via[i].Weight = weights[n]
		}
		r.set(via)
	})
	if s.SetSelected(slices.Index(weights, v.Weight)); v.Spare {
		s.SetSelected(len(weights))
	}
	s.SetEnabled(r.able)
	return s
}

func (r *relays) remove(i int) {
	via := slices.Delete(r.via(), i, i+1)
	via[0].Spare = false
	r.set(via)
}

func (r *relays) set(via []delivery.Relay) {
	r.s.Edit("", func(d *delivery.Draft) { d.SetVia(via) })
	r.render()
}

// free is an account that is no relay yet, a real one; false without one.
func (r *relays) free() (delivery.Account, bool) {
	used := r.via()
	as := r.s.Accounts()
	i := slices.IndexFunc(as, func(a delivery.Account) bool {
		return !a.Training() && !slices.ContainsFunc(used, func(v delivery.Relay) bool { return v.Account == a.ID })
	})
	if i < 0 {
		return delivery.Account{}, false
	}
	return as[i], true
}
