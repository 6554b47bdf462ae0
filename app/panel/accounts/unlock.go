package accounts

import (
	"context"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Unlock asks for the passphrase of the file with passwords, or for a new one
// when there is neither file nor keyring. done is called once passwords can be
// had, at once when they can already; it is not when the person gives up.
func Unlock(env *panel.Env, done func()) {
	bridge.Run(env.Bridge, "passwords", func(ctx context.Context) (delivery.Passwords, error) {
		return env.Engine.Passwords(ctx)
	}, func(p delivery.Passwords, err error) {
		switch {
		case err != nil:
			env.Fail(err)
		case p.File && p.Open, p.Keyring && !p.File:
			done()
		default:
			passphrase(env, !p.File, done, nil)
		}
	})
}

// passphrase opens the dialog; fresh asks for a new one, twice. One of done and
// gaveUp, which may be nil, is called.
func passphrase(env *panel.Env, fresh bool, done, gaveUp func()) {
	c := env.Text
	one, two := widgets.NewEntry(c.T("accounts.passphrase"), ""), widgets.NewEntry(c.T("accounts.passphrase_again"), "")
	one.SetPassword(true)
	two.SetPassword(true)
	title, note, ok := c.T("accounts.passphrase_title"), c.T("accounts.passphrase_note"), c.T("accounts.passphrase_ok")
	inputs := kit.VStack(gap, one)
	if fresh {
		title, note, ok = c.T("accounts.passphrase_new_title"), c.T("accounts.passphrase_new_note"), c.T("accounts.passphrase_new_ok")
		inputs.Add(two)
		inputs.Add(widgets.NewBanner(look.AmberTone, widgets.IconWarning, c.T("accounts.passphrase_keep")))
	}
	closed, busy, open := false, false, false
	var f *widgets.Form
	wrong := func(at int, sentence string) {
		one.SetError("")
		two.SetError("")
		for i, e := range []*widgets.Entry{one, two} {
			if at == i+1 {
				e.SetError(sentence)
				env.Window.Canvas().Focus(e.Target())
			}
		}
		f.Fit()
	}
	save := func(f *widgets.Form) {
		if busy {
			return
		}
		typed, again := one.Text(), (*string)(nil)
		if fresh {
			s := two.Text()
			again = &s
		}
		if at, sentence := state.Passphrase(c, typed, again); at > 0 {
			wrong(at, sentence)
			return
		}
		wrong(0, "")
		f.SetError("")
		f.SetBusy(true)
		busy = true
		bridge.Run(env.Bridge, "open passwords", func(ctx context.Context) (struct{}, error) {
			return struct{}{}, env.Engine.OpenPasswords(ctx, typed)
		}, func(_ struct{}, err error) {
			busy = false
			if closed {
				return
			}
			f.SetBusy(false)
			switch {
			case err == nil:
				open = true
				f.Close()
				done()
			case delivery.Is(err, delivery.KindPassphrase):
				wrong(1, c.T("accounts.wrong.passphrase"))
			case delivery.Is(err, delivery.KindInvalid):
				wrong(1, c.T("accounts.wrong.passphrase_short"))
			default:
				f.SetError(c.Error(err))
			}
		})
	}
	for _, e := range []*widgets.Entry{one, two} {
		e.SetOnReturn(func() { f.Save() })
		e.SetOnChanged(func(string) {
			if e.Error() != "" {
				e.SetError("")
				f.Fit()
			}
		})
	}
	f = widgets.ShowForm(env.Window, widgets.FormSpec{Title: title, Subtitle: note, Content: fyne.CanvasObject(inputs), Save: ok,
		Cancel: c.T("common.cancel"), Width: 520, Focus: one.Target(), OnSave: save, OnClose: func() {
			if closed = true; !open && gaveUp != nil {
				gaveUp()
			}
		}})
}

// store gives a change to the engine. Where the password finds no place it asks
// for the passphrase and tries again; whatever else is refused goes to refused,
// nil when the person gave the passphrase up. over reports that the form is gone.
func store[T any](env *panel.Env, f *widgets.Form, over func() bool, do func(context.Context) (T, error), done func(T), refused func(error)) {
	f.SetError("")
	f.SetBusy(true)
	bridge.Run(env.Bridge, "store account", do, func(v T, err error) {
		switch {
		case err == nil:
			done(v)
		case over():
			env.Fail(err)
		case delivery.Is(err, delivery.KindPassphrase):
			f.SetBusy(false)
			passphrase(env, detail(err) == "new", func() {
				if !over() {
					store(env, f, over, do, done, refused)
				}
			}, func() {
				if !over() {
					refused(nil)
				}
			})
		default:
			f.SetBusy(false)
			refused(err)
		}
	})
}
