package accounts

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/provider"
	"sendoff/widgets"
)

// lookup is the first step of the guide: which relay it is.
type lookup struct {
	env *panel.Env
	g   *guide
	o   fyne.CanvasObject

	address   *widgets.Entry
	said      *kit.Banner
	choice    *widgets.Select
	providers []provider.Provider
	found     *provider.Found // of the address as it is typed
	cancel    func()
	turn      int
}

func newLookup(env *panel.Env, g *guide) *lookup {
	c := env.Text
	l := &lookup{env: env, g: g, address: widgets.NewEntry("", c.T("accounts.which_hint")), said: kit.NewBanner()}
	kit.Show(l.said, false)
	l.address.SetOnChanged(func(string) { l.void() })
	l.address.SetOnReturn(func() { l.look(false) })
	ask := kit.NewButton(c.T("accounts.look_up"), widgets.IconSearch, state.Outlined, func() { l.look(false) })
	l.choice = widgets.NewSelect(nil, c.T("accounts.choose_provider"), func(int) { l.void() }).Searchable(c.T("accounts.search_provider"))
	other := kit.NewLink(c.T("accounts.other"), l.other)
	l.o = kit.VStack(18,
		kit.VStack(8, widgets.Field(c.T("accounts.which"), newRow([]float32{1, -ask.MinSize().Width}, l.address, ask)),
			kit.NewText(kit.Note, c.T("accounts.which_note")).Wrap(), l.said),
		kit.VStack(12, widgets.Field(c.T("accounts.or_provider"), l.choice), other))
	return l
}

// list offers providers.
func (l *lookup) list(ps []provider.Provider) {
	l.providers = ps
	names := make([]string, len(ps))
	for i, p := range ps {
		names[i] = p.Name
	}
	l.choice.SetOptions(names)
}

// void forgets what was found, for another address or because a provider was
// chosen.
func (l *lookup) void() {
	l.stop()
	l.found = nil
	if l.g.keep != nil {
		l.g.keep.Changed()
	}
	l.address.SetError("")
	l.say("", state.Neutral)
}

func (l *lookup) say(s string, tone state.Tone) {
	kit.SetBanner(l.said, s, tone)
	kit.Show(l.said, s != "")
	if l.g.form != nil {
		l.g.form.Fit()
	}
}

// mail is the address that was typed.
func (l *lookup) mail() string { return strings.TrimSpace(l.address.Text()) }

// next goes on with what was chosen or found, or looks for it first.
func (l *lookup) next() {
	switch i := l.choice.Selected(); {
	case i >= 0 && l.mail() != "" && !state.IsAddress(l.mail()):
		l.wrong(l.env.Text.T("accounts.wrong.address"))
	case i >= 0:
		l.g.fill(&l.providers[i], l.mail())
	case l.found != nil:
		l.g.fill(&l.found.Provider, l.mail())
	default:
		l.look(true)
	}
}

// other goes on without any provider.
func (l *lookup) other() {
	if l.mail() != "" && !state.IsAddress(l.mail()) {
		l.wrong(l.env.Text.T("accounts.wrong.address"))
		return
	}
	l.stop()
	l.choice.SetSelected(-1)
	l.g.fill(nil, l.mail())
}

func (l *lookup) wrong(sentence string) {
	l.address.SetError(sentence)
	l.env.Window.Canvas().Focus(l.address.Target())
	l.g.form.Fit()
}

// look finds the relay of the address and, when on, goes on with it.
func (l *lookup) look(on bool) {
	c, mail := l.env.Text, l.mail()
	switch {
	case mail == "":
		l.wrong(c.T("accounts.wrong.which"))
		return
	case !state.IsAddress(mail):
		l.wrong(c.T("accounts.wrong.address"))
		return
	}
	l.stop()
	l.choice.SetSelected(-1)
	l.address.SetError("")
	_, domain, _ := strings.Cut(mail, "@")
	l.say(c.T("accounts.looking", "domain", domain), state.Blue)
	l.g.form.SetBusy(true)
	turn := l.turn
	l.cancel = bridge.Run(l.env.Bridge, "look up", func(ctx context.Context) (provider.Found, error) {
		return l.env.Engine.LookUp(ctx, mail)
	}, func(f provider.Found, err error) {
		if turn != l.turn {
			return
		}
		l.cancel = nil
		l.g.form.SetBusy(false)
		switch {
		case err == nil:
			l.found = &f
			l.say(state.LookedUp(c, f, mail), state.Green)
			if on {
				l.next()
			}
		case delivery.Is(err, delivery.KindNotFound):
			l.say(c.T("accounts.not_found", "domain", domain), state.Amber)
		case delivery.Is(err, delivery.KindInvalid):
			l.say("", state.Neutral)
			l.wrong(c.T("accounts.wrong.address"))
		default:
			l.say(c.T("accounts.look_up_failed", "cause", c.Error(err)), state.Amber)
		}
	})
}

// stop ends a look-up that is under way; its result comes too late.
func (l *lookup) stop() {
	l.turn++
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
		l.g.form.SetBusy(false)
	}
}
