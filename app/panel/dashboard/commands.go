package dashboard

import (
	"context"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/panel/accounts"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// command gives a command and says what went wrong. While one is on its way a
// second one is not given: a double click is one click.
func (p *Panel) command(name string, do func(context.Context, access.Principal, delivery.ID) error) {
	if p.busy {
		return
	}
	p.busy = true
	who := p.env.Who()
	bridge.Run(p.env.Bridge, name, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, do(ctx, who, p.id)
	}, func(_ struct{}, err error) {
		p.busy = false
		p.env.Fail(err)
		p.Reload()
	})
	p.Reload() // a preparation shows itself at once
}

// resume goes on. Where passwords are locked, their passphrase is asked for first:
// without it the delivery would stop again at once.
func (p *Panel) resume() {
	if !state.Locked(p.in.View) {
		p.command("resume", p.env.Engine.Resume)
		return
	}
	accounts.Unlock(p.env, func() {
		// Meanwhile somebody else may have resumed or stopped it.
		if !p.closed && state.Locked(p.in.View) {
			p.command("resume", p.env.Engine.Resume)
		}
	})
}

// confirm opens the dialog of the plan on the screen. OK confirms that plan and
// no other.
func (p *Panel) confirm() {
	if p.dialog != nil {
		return
	}
	p.in.Now = p.env.Now()
	m, ok := state.ConfirmOf(p.env.Text, p.in, p.first.Subject, p.first.Address)
	if !ok {
		return
	}
	who := p.env.Who()
	p.dialog = confirm.Show(p.env.Window, p.env.Text, m, func(yes bool) {
		p.dialog = nil
		if !yes {
			return
		}
		p.busy = true
		bridge.Run(p.env.Bridge, "confirm", func(ctx context.Context) (struct{}, error) {
			return struct{}{}, p.env.Engine.Confirm(ctx, who, p.id, m.Hash)
		}, func(_ struct{}, err error) {
			p.busy = false
			if err == nil {
				p.env.Toast(m.Done, state.Green)
			}
			p.env.Fail(err)
			p.Reload()
		})
	})
}

// Dialog is the open confirm dialog, or nil.
func (p *Panel) Dialog() *confirm.Dialog { return p.dialog }

// stop asks first: the rest is cancelled for good.
func (p *Panel) stop() {
	c, k := p.env.Text, p.in.View.Counters
	confirm.Ask(p.env.Window, confirm.Question{
		Title:    c.T("stop.title"),
		Sentence: c.T("stop.sentence", "sent", k.Accepted+k.Rejected, "open", k.Open()),
		OK:       c.T("stop.ok"), Cancel: c.T("stop.keep"),
	}, func(yes bool) {
		if yes {
			p.command("stop", p.env.Engine.Stop)
		}
	})
}
