package accounts

import (
	"context"
	"encoding/json"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/draft"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/provider"
	"sendoff/widgets"
)

// The steps of the guide.
const (
	stepAddress = iota
	stepConnection
	stepSender
)

// guide is the dialog that adds an account in three steps.
type guide struct {
	env    *panel.Env
	done   func(delivery.Account)
	fields *fields
	lookup *lookup

	form   *widgets.Form
	head   *fyne.Container
	back   *kit.Button
	stack  *fyne.Container
	pages  [3]fyne.CanvasObject
	at     int
	filled *source // what the form was filled from
	keep   *draft.Keeper
	busy   bool
	over   bool
}

// source is where the settings of a form come from.
type source struct{ Provider, Host, Address string }

// keptGuide is what stays of a guide that was not finished. The password does
// not.
type keptGuide struct {
	Which  string // the address of the first step
	Step   int
	Filled *source
	Form   state.AccountForm
}

// Add opens the guide to a new account. done, which may be nil, is called with
// the account once it is stored.
func Add(env *panel.Env, done func(delivery.Account)) {
	c := env.Text
	g := &guide{env: env, done: done, fields: newFields(env, delivery.Account{}, true), head: kit.HStack(10), stack: kit.VStack(0)}
	g.lookup = newLookup(env, g)
	g.pages = [3]fyne.CanvasObject{g.lookup.o, kit.VStack(18, g.fields.connection(), g.fields.foldedLimits()), g.fields.sender()}
	g.back = kit.NewButton(c.T("accounts.back"), widgets.IconBack, state.QuietButton, func() { g.show(g.at - 1) })
	g.place(stepAddress)
	g.form = widgets.ShowForm(env.Window, widgets.FormSpec{Title: c.T("accounts.add_title"), Head: g.head, Content: g.stack, Left: widgets.Inset(widgets.Insets{Left: -14}, g.back),
		Save: c.T("accounts.next"), Cancel: c.T("common.cancel"), Width: 680, Focus: g.lookup.address.Target(),
		OnSave: func(*widgets.Form) { g.next() },
		OnClose: func() {
			g.over = true
			g.lookup.stop()
			g.keep.Forget()
		}})
	g.fields.fit = g.form.Fit
	g.keep = draft.Keep(env, "account/new", g.kept)
	g.fields.typed = g.keep.Changed
	bridge.Run(env.Bridge, "providers", func(context.Context) ([]provider.Provider, error) {
		return env.Engine.Providers(), nil
	}, func(ps []provider.Provider, _ error) {
		if !g.over {
			g.lookup.list(ps)
			draft.Take(env, "account/new", g.restore)
		}
	})
}

// kept is what the guide holds now.
func (g *guide) kept() string {
	b, _ := json.Marshal(keptGuide{g.lookup.mail(), g.at, g.filled, g.fields.get()}) // plain strings
	return string(b)
}

// restore goes on where a guide was left, unless somebody has begun to type.
func (g *guide) restore(value string) {
	var k keptGuide
	if g.over || g.at != stepAddress || g.lookup.mail() != "" || json.Unmarshal([]byte(value), &k) != nil {
		return
	}
	g.lookup.address.SetText(k.Which)
	if k.Filled != nil {
		g.fields.set(k.Form)
		g.fields.note(notesOf(g.lookup.providers, k.Form.Provider))
		g.filled = k.Filled
	}
	if k.Step > stepAddress && k.Step <= stepSender && k.Filled != nil {
		g.show(k.Step)
	}
	g.env.Toast(g.env.Text.T("common.restored"), state.Blue)
}

// place puts a step into the dialog.
func (g *guide) place(at int) {
	c := g.env.Text
	g.at = at
	kit.Replace(g.head, steps([]string{c.T("accounts.step_address"), c.T("accounts.step_connection"), c.T("accounts.step_sender")}, at))
	kit.Show(g.back, at > stepAddress)
	kit.Replace(g.stack, []fyne.CanvasObject{g.pages[at]})
}

// show goes to a step and gives it the keyboard.
func (g *guide) show(at int) {
	if g.busy {
		return
	}
	g.place(at)
	g.form.SetError("")
	g.form.SetSave(g.env.Text.T("accounts.next"))
	switch at {
	case stepAddress:
		g.env.Window.Canvas().Focus(g.lookup.address.Target())
	case stepConnection:
		g.fields.focus(g.firstEmpty())
	case stepSender:
		g.form.SetSave(g.env.Text.T("accounts.add"))
		g.fields.focus(state.AccountFieldSender)
	}
	g.form.Fit()
}

// firstEmpty is the first thing of the connection that is still to be typed.
func (g *guide) firstEmpty() state.AccountField {
	last := map[state.Login]state.AccountField{state.LoginPassword: state.AccountFieldPassword, state.LoginOAuth: state.AccountFieldClient,
		state.LoginCommand: state.AccountFieldCommand}[g.fields.loginNow()]
	for _, k := range []state.AccountField{state.AccountFieldHost, state.AccountFieldPort, state.AccountFieldUser} {
		if g.fields.in[k].Text() == "" {
			return k
		}
	}
	return last
}

// next is the button at the right.
func (g *guide) next() {
	if g.busy {
		return
	}
	switch g.at {
	case stepAddress:
		g.lookup.next()
	case stepConnection:
		_, problems := g.fields.read()
		for f := range problems {
			if f.Part() == state.PartSender {
				delete(problems, f)
			}
		}
		g.fields.show(problems)
		if len(problems) == 0 {
			g.show(stepSender)
		}
	case stepSender:
		g.save()
	}
}

// fill goes on with the settings of a provider, nil for none that we know. What
// was typed over settings of the same source stays.
func (g *guide) fill(p *provider.Provider, address string) {
	form, notes, from := state.Blank(address), []string(nil), source{Address: address}
	if p != nil {
		form, notes, from = state.Prefill(*p, address), p.Notes, source{p.ID, p.Host, address}
	}
	if g.filled == nil || *g.filled != from {
		was := g.fields.get()
		form.Sender, form.ReplyTo, form.Postal = was.Sender, was.ReplyTo, was.Postal
		if form.Address == "" {
			form.Address = was.Address
		}
		g.fields.set(form)
		g.filled = &from
	}
	g.fields.note(notes)
	g.show(stepConnection)
}

// save stores the account.
func (g *guide) save() {
	a, problems := g.fields.read()
	if len(problems) > 0 {
		g.wrong(problems)
		return
	}
	g.fields.show(nil)
	g.busy = true
	env, c, who, password := g.env, g.env.Text, g.env.Who(), g.fields.password()
	store(env, g.form, func() bool { return g.over }, func(ctx context.Context) (delivery.Account, error) {
		return env.Engine.AddAccount(ctx, who, a, password)
	}, func(a delivery.Account) {
		g.form.Close()
		env.Toast(c.T("accounts.added", "name", a.Name), state.Green)
		if g.done != nil {
			g.done(a)
		}
	}, func(err error) {
		g.busy = false
		if err == nil {
			g.form.SetError(c.T("accounts.not_kept"))
			return
		}
		if k, sentence, ok := state.AccountProblem(c, err); ok {
			g.wrong(state.Problems{k: sentence})
			return
		}
		g.form.SetError(c.Error(err))
	})
}

// wrong shows problems at the step where they are.
func (g *guide) wrong(p state.Problems) {
	at := stepConnection
	if part, _ := p.First(); part == state.PartSender {
		at = stepSender
	}
	if at != g.at {
		g.show(at)
	}
	g.fields.show(p)
}
