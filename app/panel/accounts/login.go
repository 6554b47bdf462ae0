package accounts

import (
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/provider"
	"sendoff/widgets"
)

// loginNow is the way to log in that is chosen.
func (f *fields) loginNow() state.Login {
	if i := f.login.Selected(); i >= 0 {
		return state.Logins()[i]
	}
	return state.LoginPassword
}

// logins lays out the inputs of every way to log in; one of them is in sight.
func (f *fields) logins(password fyne.CanvasObject) fyne.CanvasObject {
	c := f.env.Text
	in := func(k state.AccountField) fyne.CanvasObject { return f.in[k] }
	f.ways = map[state.Login]fyne.CanvasObject{
		state.LoginPassword: password,
		state.LoginOAuth: kit.VStack(gap,
			newRow([]float32{1, 1}, in(state.AccountFieldClient), in(state.AccountFieldSecret)),
			newRow([]float32{1, 1}, in(state.AccountFieldRefresh), in(state.AccountFieldScope)),
			in(state.AccountFieldEndpoint)),
		state.LoginCommand: kit.VStack(5, in(state.AccountFieldCommand), kit.NewText(kit.Note, c.T("accounts.command_note")).Wrap()),
	}
	f.way(f.loginNow())
	return kit.VStack(0, f.ways[state.LoginPassword], f.ways[state.LoginOAuth], f.ways[state.LoginCommand])
}

// way brings the inputs of a way to log in into sight.
func (f *fields) way(l state.Login) {
	for k, o := range f.ways {
		kit.Show(o, k == l)
	}
}

// logsIn follows the choice of a way to log in. What is known of the relay's
// token endpoint is filled in.
func (f *fields) logsIn(l state.Login) {
	f.typed()
	f.tested.Set("")
	f.way(l)
	endpoint, scope := f.in[state.AccountFieldEndpoint], f.in[state.AccountFieldScope]
	if l == state.LoginOAuth && endpoint.Text() == "" {
		host := strings.TrimSpace(f.in[state.AccountFieldHost].Text())
		for _, p := range provider.List() {
			if p.OAuth.Endpoint != "" && strings.EqualFold(p.Host, host) {
				endpoint.SetText(p.OAuth.Endpoint)
				scope.SetText(p.OAuth.Scope)
			}
		}
	}
	f.fit()
}

// accept takes one certificate by its fingerprint; empty: certificates are
// verified. A line says so, with the way back.
func (f *fields) accept(pin string) {
	f.pin = pin
	var line []fyne.CanvasObject
	if pin != "" {
		c := f.env.Text
		short, _, _ := strings.Cut(delivery.ShowFingerprint(pin[:min(len(pin), 16)]), " ")
		line = append(line, kit.HStack(8, kit.NewText(kit.Small, c.T("accounts.pin_line", "fingerprint", short+"…")),
			widgets.NewLink(c.T("accounts.pin_forget"), func() {
				f.accept("")
				f.typed()
				f.tested.Set("")
				f.fit()
			})))
	}
	kit.Replace(f.pinned, line)
	kit.Show(f.pinned, pin != "")
}
