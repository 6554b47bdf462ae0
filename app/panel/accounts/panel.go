package accounts

import (
	"context"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/provider"
)

// Panel is the page of accounts.
type Panel struct {
	env    *panel.Env
	data   loaded
	ready  bool
	closed bool
	view   *view

	loading, dirty bool
}

// loaded is what the page is made of.
type loaded struct {
	accounts  []delivery.Account
	providers []provider.Provider
	passwords *delivery.Passwords // nil when nobody knows
}

// New makes the page and asks for the accounts.
func New(env *panel.Env, _ panel.Place) *Panel {
	p := &Panel{env: env}
	env.Title(env.Text.T("nav.accounts"), "")
	p.view = newView(p)
	p.Reload()
	return p
}

// Content is the screen.
func (p *Panel) Content() fyne.CanvasObject { return p.view.root.Object() }

// Focus gives the keyboard to the first button.
func (p *Panel) Focus() { p.view.focus() }

// Close ends what the page still waits for.
func (p *Panel) Close() { p.closed = true }

// Handle takes events of the engine.
func (p *Panel) Handle(es []event.Event) {
	for _, e := range es {
		if _, ok := e.(event.Lists); ok {
			p.Reload()
		}
	}
}

// Reload asks for the accounts anew. Two calls at once are one.
func (p *Panel) Reload() {
	if p.loading {
		p.dirty = true
		return
	}
	p.loading = true
	bridge.Run(p.env.Bridge, "accounts", func(ctx context.Context) (loaded, error) {
		as, err := p.env.Engine.Accounts(ctx)
		if err != nil {
			return loaded{}, err
		}
		l := loaded{accounts: as, providers: p.env.Engine.Providers()}
		if pw, err := p.env.Engine.Passwords(ctx); err == nil {
			l.passwords = &pw
		}
		return l, nil
	}, func(l loaded, err error) {
		p.loading = false
		if p.closed {
			return
		}
		if p.dirty {
			p.dirty = false
			p.Reload()
		}
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.data, p.ready = l, true
		p.view.render()
	})
}

// may reports whether accounts can be changed, and why not.
func (p *Panel) may() (bool, string) {
	switch {
	case p.env.ReadOnly() != "":
		return false, p.env.Text.T("why.read_only")
	case !p.env.Operator().Rights.Has(access.Admin):
		return false, p.env.Text.T("accounts.right")
	}
	return true, ""
}

func (p *Panel) account(id int64) (delivery.Account, bool) {
	for _, a := range p.data.accounts {
		if a.ID == id {
			return a, true
		}
	}
	return delivery.Account{}, false
}

// add opens the guide.
func (p *Panel) add() { Add(p.env, func(delivery.Account) { p.Reload() }) }

// unlock asks for the passphrase.
func (p *Panel) unlock() {
	Unlock(p.env, func() {
		p.env.Toast(p.env.Text.T("accounts.unlocked"), state.Green)
		if !p.closed {
			p.Reload()
		}
	})
}

// test tries the connection of an account as it is stored.
func (p *Panel) test(id int64) {
	a, ok := p.account(id)
	if !ok {
		return
	}
	var accept func(string, func())
	if may, _ := p.may(); may {
		accept = func(pin string, then func()) { p.accept(a, pin, then) }
	}
	try(p.env, a, "", accept, nil)
}

// accept keeps the certificate that a relay is to have from now on.
func (p *Panel) accept(a delivery.Account, pin string, then func()) {
	env, who, was := p.env, p.env.Who(), a
	a.Pin = pin
	bridge.Run(env.Bridge, "accept certificate", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, env.Engine.EditAccount(ctx, who, a, "")
	}, func(_ struct{}, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		env.Did(env.Text.T("accounts.cert.accepted", "name", a.Name), func(ctx context.Context, who access.Principal) error {
			return env.Engine.EditAccount(ctx, who, was, "")
		})
		if !p.closed {
			p.Reload()
		}
		then()
	})
}

// edit opens an account at a part of its form.
func (p *Panel) edit(id int64, at state.AccountPart) {
	if a, ok := p.account(id); ok {
		edit(p.env, a, notesOf(p.data.providers, a.Provider), at)
	}
}

// remove asks, then deletes.
func (p *Panel) remove(id int64) {
	a, ok := p.account(id)
	if !ok {
		return
	}
	c := p.env.Text
	confirm.Ask(p.env.Window, confirm.Question{Title: c.T("accounts.delete_title"), Sentence: c.T("accounts.delete_sentence", "name", a.Name),
		OK: c.T("accounts.delete_ok"), Cancel: c.T("common.cancel")}, func(yes bool) {
		if !yes {
			return
		}
		who := p.env.Who()
		bridge.Run(p.env.Bridge, "delete account", func(ctx context.Context) (struct{}, error) {
			return struct{}{}, p.env.Engine.DeleteAccount(ctx, who, id)
		}, func(_ struct{}, err error) {
			switch {
			case err == nil:
				p.env.Toast(c.T("accounts.deleted", "name", a.Name), state.Green)
			case delivery.Is(err, delivery.KindInUse):
				p.env.Toast(c.T("accounts.in_use", "name", a.Name, "delivery", detail(err)), state.Amber)
			default:
				p.env.Fail(err)
			}
			if !p.closed {
				p.Reload()
			}
		})
	})
}
