package person

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/draft"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// Deny puts somebody on the denylist or takes them off; it can be undone.
func Deny(env *panel.Env, v delivery.Profile, on bool) {
	who := env.Who()
	bridge.Run(env.Bridge, "deny", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, env.Engine.Deny(ctx, who, []int64{v.ID}, on)
	}, func(_ struct{}, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		done := env.Text.T("people.allowed", "address", v.Address)
		if on {
			done = env.Text.T("people.denied_now", "address", v.Address)
		}
		env.Did(done, func(ctx context.Context, who access.Principal) error {
			return env.Engine.Deny(ctx, who, []int64{v.ID}, !on)
		})
	})
}

// Test makes somebody a test profile or an ordinary person; it can be undone.
func Test(env *panel.Env, v delivery.Profile, on bool) {
	who := env.Who()
	bridge.Run(env.Bridge, "test profile", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, env.Engine.SetTest(ctx, who, []int64{v.ID}, on)
	}, func(_ struct{}, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		done := env.Text.T("people.test_ended", "address", v.Address)
		if on {
			done = env.Text.T("people.test_made", "address", v.Address)
		}
		env.Did(done, func(ctx context.Context, who access.Principal) error {
			return env.Engine.SetTest(ctx, who, []int64{v.ID}, !on)
		})
	})
}

// Delete removes somebody for good.
func Delete(env *panel.Env, v delivery.Profile, done func()) {
	who := env.Who()
	bridge.Run(env.Bridge, "delete person", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, env.Engine.DeleteProfile(ctx, who, v.ID)
	}, func(_ struct{}, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		env.Toast(env.Text.T("people.deleted", "address", v.Address), state.Green)
		done()
	})
}

// form is the dialog of one person.
type form struct {
	env     *panel.Env
	was     delivery.Profile
	form    *widgets.Form
	address *kit.Entry
	names   []string
	values  map[string]*kit.Entry
	rows    *fyne.Container
	more    *kit.Entry // the name of a field to be added
	keep    *draft.Keeper
}

// typed is what is kept of a form that was not saved.
type typed struct {
	Address string
	Fields  map[string]string
}

// Edit opens the form of a person; one without a number is new.
func Edit(env *panel.Env, v delivery.Profile) {
	bridge.Run(env.Bridge, "field names", func(ctx context.Context) ([]string, error) {
		return env.Engine.FieldNames(ctx)
	}, func(names []string, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		newForm(env, v, names)
	})
}

func newForm(env *panel.Env, v delivery.Profile, names []string) {
	c := env.Text
	f := &form{env: env, was: v, address: widgets.NewEntry(c.T("people.address"), "naam@voorbeeld.nl"), values: map[string]*kit.Entry{},
		rows: kit.VStack(10), more: widgets.NewEntry("", c.T("person.new_field"))}
	title, key := c.T("people.add"), "person/new"
	if v.ID != 0 {
		title, key = c.T("person.edit"), "person/"+strconv.FormatInt(v.ID, 10)
	}
	f.keep = draft.Keep(env, key, f.state)
	f.address.SetText(v.Address)
	f.address.SetOnChanged(func(string) { f.keep.Changed() })
	for _, n := range names {
		f.field(n, v.Fields[n])
	}
	for _, n := range slices.Sorted(maps.Keys(v.Fields)) {
		f.field(n, v.Fields[n])
	}
	add := kit.NewButton(c.T("person.add_field"), kit.IconPlus, state.Outlined, f.add)
	f.form = widgets.ShowForm(env.Window, widgets.FormSpec{Title: title, Save: c.T("common.save"), Cancel: c.T("common.cancel"), Focus: f.address.Target(),
		Content: kit.VStack(12, f.address, f.rows, kit.PairEnd(f.more, add)), OnSave: func(*widgets.Form) { f.save() }, OnClose: f.keep.Forget})
	draft.Take(env, key, func(value string) {
		var t typed
		if json.Unmarshal([]byte(value), &t) != nil {
			return
		}
		f.address.SetText(t.Address)
		for _, n := range slices.Sorted(maps.Keys(t.Fields)) {
			f.field(n, "")
			f.values[n].SetText(t.Fields[n])
		}
		env.Toast(c.T("common.restored"), state.Blue)
		f.form.Fit()
	})
}

// field adds an input once.
func (f *form) field(name, value string) {
	if f.values[name] != nil {
		return
	}
	e := widgets.NewEntry(name, "")
	e.SetText(value)
	e.SetOnChanged(func(string) { f.keep.Changed() })
	f.names, f.values[name] = append(f.names, name), e
	f.rows.Add(e)
}

func (f *form) add() {
	name := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(f.more.Text()), " ", "_"))
	if name == "" {
		f.more.SetError(f.env.Text.T("person.need_field"))
		f.form.Fit()
		return
	}
	f.more.SetError("")
	f.more.SetText("")
	f.field(name, "")
	f.form.Fit()
	f.env.Window.Canvas().Focus(f.values[name].Target())
}

func (f *form) state() string {
	t := typed{Address: f.address.Text(), Fields: map[string]string{}}
	for n, e := range f.values {
		t.Fields[n] = e.Text()
	}
	b, _ := json.Marshal(t) // plain strings
	return string(b)
}

func (f *form) save() {
	env, c := f.env, f.env.Text
	now := delivery.Profile{ID: f.was.ID, Address: strings.TrimSpace(f.address.Text()), Fields: map[string]string{}}
	for n, e := range f.values {
		if v := strings.TrimSpace(e.Text()); v != "" {
			now.Fields[n] = v
		}
	}
	f.address.SetError("")
	f.form.SetError("")
	f.form.SetBusy(true)
	who := env.Who()
	bridge.Run(env.Bridge, "save person", func(ctx context.Context) (int64, error) {
		if now.ID == 0 {
			return env.Engine.AddProfile(ctx, who, now)
		}
		return now.ID, env.Engine.EditProfile(ctx, who, now)
	}, func(id int64, err error) {
		if err != nil {
			f.form.SetBusy(false)
			switch {
			case delivery.Is(err, delivery.KindExists):
				f.address.SetError(c.T("person.exists"))
			case delivery.Is(err, delivery.KindInvalid) && strings.HasSuffix(fieldOf(err), ".address"):
				f.address.SetError(c.T("person.bad_address"))
			default:
				f.form.SetError(c.Error(err))
			}
			f.form.Fit()
			return
		}
		was := f.was
		f.form.Close()
		if was.ID == 0 {
			env.Toast(c.T("person.added", "address", now.Address), state.Green)
			env.Go(panel.Place{Screen: panel.Person, Number: id})
			return
		}
		env.Did(c.T("common.saved"), func(ctx context.Context, who access.Principal) error {
			return env.Engine.EditProfile(ctx, who, was)
		})
	})
}

func fieldOf(err error) string {
	if e, ok := err.(*delivery.Error); ok {
		return e.Field
	}
	return ""
}
