package accounts

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// fields are the inputs of an account, for the guide and for editing.
type fields struct {
	env   *panel.Env
	base  delivery.Account // what the form does not have; zero for a new one
	fresh bool             // no password is kept yet
	fit   func()           // the dialog takes the height that it needs now
	typed func()           // something was changed

	in       map[state.AccountField]*widgets.Entry
	security *widgets.Select
	unsafe   *kit.Text // what is wrong with the encryption
	login    *widgets.Select
	ways     map[state.Login]fyne.CanvasObject // the inputs of each way to log in
	pin      string
	pinned   *fyne.Container // says that one certificate is accepted
	provider string          // its ID

	notes    *fyne.Container
	tested   *kit.Text
	fold     *widgets.Link // says the limits and opens them
	arrow    *widgets.Icon
	foldLine *fyne.Container
	folded   fyne.CanvasObject
	from     preview
}

// preview is the sender as a mailbox shows it.
type preview struct {
	letter, name, address *kit.Text
	line                  *fyne.Container
}

func securities() []delivery.Security {
	return []delivery.Security{delivery.SecurityStartTLS, delivery.SecurityTLS, delivery.SecurityNone}
}

func newFields(env *panel.Env, base delivery.Account, fresh bool) *fields {
	c := env.Text
	f := &fields{env: env, base: base, fresh: fresh, fit: func() {}, typed: func() {}, in: map[state.AccountField]*widgets.Entry{}, notes: kit.NewNotes()}
	line := func(k state.AccountField, label, hint string) {
		e := widgets.NewEntry(label, hint)
		e.SetOnChanged(func(string) { f.changed(k) })
		f.in[k] = e
	}
	line(state.AccountFieldName, c.T("accounts.name"), c.T("accounts.name_hint"))
	line(state.AccountFieldHost, c.T("accounts.host"), c.T("accounts.host_hint"))
	line(state.AccountFieldPort, c.T("accounts.port"), "587")
	line(state.AccountFieldUser, c.T("accounts.user"), "")
	hint := c.T("accounts.password_hint")
	if !fresh {
		hint = c.T("accounts.password_unchanged")
	}
	if base.PasswordEnv != "" {
		hint = c.T("accounts.password_env", "name", base.PasswordEnv)
	}
	line(state.AccountFieldPassword, "", hint)
	f.in[state.AccountFieldPassword].SetPassword(true)
	kept := c.T("accounts.password_hint")
	if !fresh && state.LoginOf(base) == state.LoginOAuth {
		kept = c.T("accounts.password_unchanged")
	}
	line(state.AccountFieldClient, c.T("accounts.client"), c.T("accounts.client_hint"))
	line(state.AccountFieldSecret, c.T("accounts.client_secret"), c.T("accounts.client_secret_hint"))
	line(state.AccountFieldRefresh, c.T("accounts.refresh"), kept)
	line(state.AccountFieldScope, c.T("accounts.scope"), c.T("accounts.scope_hint"))
	line(state.AccountFieldEndpoint, c.T("accounts.endpoint"), "https://…/token")
	line(state.AccountFieldCommand, c.T("accounts.command"), c.T("accounts.command_hint"))
	f.in[state.AccountFieldSecret].SetPassword(true)
	f.in[state.AccountFieldRefresh].SetPassword(true)
	line(state.AccountFieldConnections, c.T("accounts.connections"), "1–256")
	line(state.AccountFieldEach, c.T("accounts.per_connection"), c.T("accounts.per_connection_hint"))
	line(state.AccountFieldSecond, c.T("accounts.per_second"), c.T("accounts.limit_hint"))
	line(state.AccountFieldMinute, c.T("accounts.per_minute"), c.T("accounts.limit_hint"))
	line(state.AccountFieldHour, c.T("accounts.per_hour"), c.T("accounts.limit_hint"))
	line(state.AccountFieldDay, c.T("accounts.per_day"), c.T("accounts.limit_hint"))
	line(state.AccountFieldSender, c.T("accounts.sender"), c.T("accounts.sender_hint"))
	line(state.AccountFieldAddress, c.T("accounts.address"), c.T("accounts.address_hint"))
	line(state.AccountFieldReply, c.T("accounts.reply"), c.T("accounts.reply_hint"))
	postal := widgets.NewArea(c.T("accounts.postal"), c.T("accounts.postal_hint"), 3, false)
	postal.SetOnChanged(func(string) { f.changed(state.AccountFieldPostal) })
	f.in[state.AccountFieldPostal] = postal

	names := make([]string, len(securities()))
	for i, s := range securities() {
		names[i] = c.T("accounts.security." + string(s))
	}
	f.unsafe = widgets.NewText("", widgets.Caption().In(look.Red)).Wrap()
	kit.Show(f.unsafe, false)
	f.security = widgets.NewSelect(names, "", func(i int) { f.secured(securities()[i]) })
	logins := make([]string, len(state.Logins()))
	for i, l := range state.Logins() {
		logins[i] = c.T("accounts.login." + cmp.Or(string(l), "password"))
	}
	f.login = widgets.NewSelect(logins, "", func(i int) { f.logsIn(state.Logins()[i]) })
	f.pinned = kit.VStack(0)
	f.tested = kit.NewText(kit.Small, "").Wrap()
	f.from = preview{letter: widgets.NewText("", widgets.Strong().In(look.Blue)), name: widgets.NewText("", widgets.Strong()).Trim(), address: kit.NewText(kit.Small, "").Trim()}
	f.from.line = kit.HStack(6, f.from.name, f.from.address)
	return f
}

// set fills the form. The password stays.
func (f *fields) set(a state.AccountForm) {
	f.provider = a.Provider
	for k, s := range map[state.AccountField]string{state.AccountFieldName: a.Name, state.AccountFieldHost: a.Host, state.AccountFieldPort: a.Port,
		state.AccountFieldUser: a.User, state.AccountFieldClient: a.Client, state.AccountFieldScope: a.Scope, state.AccountFieldEndpoint: a.Endpoint,
		state.AccountFieldCommand: a.Command, state.AccountFieldConnections: a.Connections, state.AccountFieldEach: a.Each,
		state.AccountFieldSecond: a.PerSecond, state.AccountFieldMinute: a.PerMinute,
		state.AccountFieldHour: a.PerHour, state.AccountFieldDay: a.PerDay, state.AccountFieldSender: a.Sender,
		state.AccountFieldAddress: a.Address, state.AccountFieldReply: a.ReplyTo, state.AccountFieldPostal: a.Postal} {
		f.in[k].SetText(s)
		f.in[k].SetError("")
	}
	for i, s := range securities() {
		if s == a.Security {
			f.security.SetSelected(i)
		}
	}
	f.login.SetSelected(slices.Index(state.Logins(), a.Login))
	f.way(a.Login)
	f.accept(a.Pin)
	f.tested.Set("")
	f.summarise()
	f.sign()
}

// get is what the form says.
func (f *fields) get() state.AccountForm {
	text := func(k state.AccountField) string { return f.in[k].Text() }
	a := state.AccountForm{Provider: f.provider, Name: text(state.AccountFieldName), Host: text(state.AccountFieldHost), Port: text(state.AccountFieldPort),
		User: text(state.AccountFieldUser), Connections: text(state.AccountFieldConnections), Each: text(state.AccountFieldEach),
		PerSecond: text(state.AccountFieldSecond), PerMinute: text(state.AccountFieldMinute),
		PerHour: text(state.AccountFieldHour), PerDay: text(state.AccountFieldDay), Sender: text(state.AccountFieldSender),
		Client: text(state.AccountFieldClient), Scope: text(state.AccountFieldScope), Endpoint: text(state.AccountFieldEndpoint),
		Command: text(state.AccountFieldCommand), Pin: f.pin, Login: f.loginNow(),
		Address: text(state.AccountFieldAddress), ReplyTo: text(state.AccountFieldReply), Postal: text(state.AccountFieldPostal)}
	if i := f.security.Selected(); i >= 0 {
		a.Security = securities()[i]
	}
	return a
}

// password is the secret that was typed: with OAuth 2 a delivery.OAuthSecret as
// text.
func (f *fields) password() string {
	switch f.loginNow() {
	case state.LoginOAuth:
		return delivery.OAuthSecret{Refresh: strings.TrimSpace(f.in[state.AccountFieldRefresh].Text()),
			Client: strings.TrimSpace(f.in[state.AccountFieldSecret].Text())}.String()
	case state.LoginCommand:
		return ""
	}
	return f.in[state.AccountFieldPassword].Text()
}

// read checks the form. Problems are not shown.
func (f *fields) read() (delivery.Account, state.Problems) {
	return f.get().Account(f.env.Text, f.base, f.password(), f.fresh)
}

// show puts problems beside their fields, and the keyboard on the first.
func (f *fields) show(p state.Problems) {
	for k, e := range f.in {
		e.SetError(p[k])
	}
	f.insecure(p[state.AccountFieldSecurity])
	if len(p.In(state.PartLimits)) > 0 {
		f.unfold()
	}
	for _, k := range order() {
		if p[k] != "" {
			f.focus(k)
			break
		}
	}
	f.fit()
}

// order are the fields as one reads them.
func order() []state.AccountField {
	return []state.AccountField{state.AccountFieldHost, state.AccountFieldPort, state.AccountFieldUser, state.AccountFieldPassword,
		state.AccountFieldClient, state.AccountFieldSecret, state.AccountFieldRefresh, state.AccountFieldScope, state.AccountFieldEndpoint,
		state.AccountFieldCommand, state.AccountFieldName,
		state.AccountFieldConnections, state.AccountFieldEach, state.AccountFieldSecond, state.AccountFieldMinute, state.AccountFieldHour,
		state.AccountFieldDay,
		state.AccountFieldSender, state.AccountFieldAddress, state.AccountFieldReply, state.AccountFieldPostal}
}

func (f *fields) focus(k state.AccountField) { f.env.Window.Canvas().Focus(f.in[k].Target()) }

func (f *fields) insecure(s string) {
	f.unsafe.Set(s)
	kit.Show(f.unsafe, s != "")
}

// changed takes a complaint back once its field is typed in again.
func (f *fields) changed(k state.AccountField) {
	f.typed()
	if f.in[k].Error() != "" {
		f.in[k].SetError("")
		f.fit()
	}
	switch k {
	case state.AccountFieldConnections, state.AccountFieldEach, state.AccountFieldSecond, state.AccountFieldMinute, state.AccountFieldHour, state.AccountFieldDay:
		f.summarise()
	case state.AccountFieldSender, state.AccountFieldAddress:
		f.sign()
	case state.AccountFieldHost, state.AccountFieldPort, state.AccountFieldUser, state.AccountFieldPassword, state.AccountFieldClient,
		state.AccountFieldSecret, state.AccountFieldRefresh, state.AccountFieldScope, state.AccountFieldEndpoint, state.AccountFieldCommand:
		f.tested.Set("")
		if f.unsafe.Text() != "" {
			f.insecure("")
			f.fit()
		}
	}
}

// secured follows the encryption: a port that is the usual one of another becomes
// the usual one of this.
func (f *fields) secured(s delivery.Security) {
	f.typed()
	f.tested.Set("")
	f.insecure("")
	port := f.in[state.AccountFieldPort]
	switch typed := strings.TrimSpace(port.Text()); {
	case s == delivery.SecurityTLS && (typed == "" || typed == "587"):
		port.SetText("465")
	case s == delivery.SecurityStartTLS && (typed == "" || typed == "465"):
		port.SetText("587")
	}
	f.fit()
}
