package accounts

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/draft"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// editor is the dialog that changes an account: its parts behind tabs.
type editor struct {
	env    *panel.Env
	was    delivery.Account
	fields *fields
	form   *widgets.Form
	tabs   *widgets.Tabs
	pages  []fyne.CanvasObject // by part
	stack  *fyne.Container
	keep   *draft.Keeper
	busy   bool
	over   bool
}

// edit opens an account at a part. Of the training relay there is the sender
// alone.
func edit(env *panel.Env, a delivery.Account, notes []string, at state.AccountPart) {
	c := env.Text
	e := &editor{env: env, was: a, fields: newFields(env, a, false), stack: kit.VStack(0)}
	e.fields.note(notes)
	spec := widgets.FormSpec{Title: c.T("accounts.edit_title", "name", state.AccountName(c, a)), Content: e.stack, Save: c.T("common.save"),
		Cancel: c.T("common.cancel"), Width: 680, OnSave: func(*widgets.Form) { e.save() }, OnClose: func() {
			e.over = true
			e.keep.Forget()
		}}
	if a.Training() {
		e.pages = []fyne.CanvasObject{nil, nil, e.fields.sender()}
		at = state.PartSender
	} else {
		e.pages = []fyne.CanvasObject{e.fields.connection(), e.fields.limits(), e.fields.sender()}
		e.tabs = widgets.NewTabs([]string{c.T("accounts.tab.connection"), c.T("accounts.tab.limits"), c.T("accounts.tab.sender")}, c.T("common.more"),
			func(i int) { e.show(state.AccountParts()[i]) })
		spec.Head = e.tabs
	}
	e.fields.set(state.AccountFormOf(a))
	e.place(at)
	first := map[state.AccountPart]state.AccountField{state.PartConnection: state.AccountFieldHost, state.PartLimits: state.AccountFieldConnections,
		state.PartSender: state.AccountFieldSender}[at]
	spec.Focus = e.fields.in[first].Target()
	e.form = widgets.ShowForm(env.Window, spec)
	e.fields.fit = e.form.Fit
	key := "account/" + strconv.FormatInt(a.ID, 10)
	e.keep = draft.Keep(env, key, e.kept)
	e.fields.typed = e.keep.Changed
	draft.Take(env, key, e.restore)
}

// kept is what the form holds now, without the password.
func (e *editor) kept() string {
	b, _ := json.Marshal(e.fields.get()) // plain strings
	return string(b)
}

// restore puts back what was typed and not saved.
func (e *editor) restore(value string) {
	var f state.AccountForm
	if e.over || e.fields.get() != state.AccountFormOf(e.was) || json.Unmarshal([]byte(value), &f) != nil {
		return
	}
	e.fields.set(f)
	e.env.Toast(e.env.Text.T("common.restored"), state.Blue)
}

// place puts a part into the dialog.
func (e *editor) place(p state.AccountPart) {
	i := slices.Index(state.AccountParts(), p)
	if e.tabs != nil {
		e.tabs.SetSelected(i)
	}
	kit.Replace(e.stack, []fyne.CanvasObject{e.pages[i]})
}

func (e *editor) show(p state.AccountPart) {
	e.place(p)
	e.form.Fit()
}

// wrong shows problems in the first part that has one.
func (e *editor) wrong(p state.Problems) {
	part, _ := p.First()
	e.show(part)
	e.fields.show(p)
}

// save stores what was changed. It can be taken back, except a password, which
// nobody has any more.
func (e *editor) save() {
	if e.busy {
		return
	}
	a, problems := e.fields.read()
	if len(problems) > 0 {
		e.wrong(problems)
		return
	}
	env, c, was, password := e.env, e.env.Text, e.was, e.fields.password()
	if a == was && password == "" {
		e.form.Close()
		return
	}
	e.fields.show(nil)
	e.busy = true
	who := env.Who()
	store(env, e.form, func() bool { return e.over }, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, env.Engine.EditAccount(ctx, who, a, password)
	}, func(struct{}) {
		e.form.Close()
		said := c.T("accounts.changed", "name", state.AccountName(c, a))
		if password != "" {
			env.Toast(said, state.Green)
			return
		}
		env.Did(said, func(ctx context.Context, who access.Principal) error {
			return env.Engine.EditAccount(ctx, who, was, "")
		})
	}, func(err error) {
		e.busy = false
		if err == nil {
			e.form.SetError(c.T("accounts.not_kept"))
			return
		}
		if k, sentence, ok := state.AccountProblem(c, err); ok && (e.tabs != nil || k.Part() == state.PartSender) {
			e.wrong(state.Problems{k: sentence})
			return
		}
		if delivery.Is(err, delivery.KindInUse) {
			e.form.SetError(c.T("accounts.busy", "name", a.Name, "delivery", detail(err)))
			return
		}
		e.form.SetError(c.Error(err))
	})
}
