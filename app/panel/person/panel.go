// Package person is the page of one person: what is known, and what can be done.
//
// A Panel lives on the UI goroutine.
package person

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Panel is the page.
type Panel struct {
	env    *panel.Env
	id     int64
	root   *kit.Frame
	bar    *widgets.ActionBar
	chip   *widgets.Chip
	note   *kit.Text
	facts  *fyne.Container
	fields *fyne.Container
	v      delivery.Profile
	order  []string
	closed bool
}

// New makes the page and asks for the person.
func New(env *panel.Env, at panel.Place) *Panel {
	p := &Panel{env: env, id: at.Number}
	c := env.Text
	p.bar = widgets.NewActionBar(c.T("common.more"))
	p.chip = widgets.NewChip("", look.Quiet)
	p.note = kit.NewText(kit.Small, "").Wrap()
	p.facts, p.fields = kit.VStack(0), kit.VStack(0)
	left := kit.NewBlock(c.T("person.state"), "", nil, kit.HStack(0, p.chip), p.note, p.facts)
	right := kit.NewBlock(c.T("person.fields"), "", nil, p.fields)
	p.root = kit.NewFrame(nil, p.bar, kit.Columns(left, right))
	p.Reload()
	return p
}

// Content is the screen.
func (p *Panel) Content() fyne.CanvasObject { return p.root.Object() }

// Close ends what is still awaited.
func (p *Panel) Close() { p.closed = true }

// Handle takes events of the engine.
func (p *Panel) Handle(es []event.Event) {
	if slices.ContainsFunc(es, func(e event.Event) bool { _, ok := e.(event.Lists); return ok }) {
		p.Reload()
	}
}

type loaded struct {
	v     delivery.Profile
	order []string
}

// Reload asks for the person.
func (p *Panel) Reload() {
	bridge.Run(p.env.Bridge, "person", func(ctx context.Context) (loaded, error) {
		v, err := p.env.Engine.Profile(ctx, p.id)
		if err != nil {
			return loaded{}, err
		}
		order, err := p.env.Engine.FieldNames(ctx)
		return loaded{v, order}, err
	}, func(l loaded, err error) {
		switch {
		case p.closed:
		case delivery.Is(err, delivery.KindNotFound):
			p.env.Back() // deleted by somebody
		case err != nil:
			p.env.Fail(err)
		default:
			p.v, p.order = l.v, l.order
			p.show()
		}
	})
}

func (p *Panel) show() {
	c, v := p.env.Text, p.v
	title := v.Address
	if title == "" {
		title = c.T("people.no_address")
	}
	p.env.Title(title, state.PersonName(v.Fields))
	k := state.PersonState(c, v)
	p.chip.Set(k.Text, look.Tone(k.Tone))
	switch {
	case v.Denied && v.DeniedBy != "":
		p.note.Set(c.T("person.denied_by", "name", v.DeniedBy, "date", c.Date(v.DeniedAt)))
	case v.Denied:
		p.note.Set(c.T("person.denied_note"))
	case v.Quarantine != "":
		p.note.Set(c.T("person.quarantine_note", "reason", state.QuarantineReason(c, v.Quarantine)))
	case v.Test:
		p.note.Set(c.T("person.test_note"))
	default:
		p.note.Set(c.T("person.fine_note"))
	}
	rows := []widgets.FactRow{{Label: c.T("people.address"), Value: title}}
	if !v.LastSent.IsZero() {
		rows = append(rows, widgets.FactRow{Label: c.T("people.last_sent"), Value: c.Date(v.LastSent)})
	}
	rows = append(rows, widgets.FactRow{Label: c.T("people.created"), Value: c.Date(v.Created)},
		widgets.FactRow{Label: c.T("person.modified"), Value: c.Date(v.Modified)})
	if v.ConsentSource != "" {
		consent := v.ConsentSource
		if !v.ConsentAt.IsZero() {
			consent = c.T("person.consent_value", "source", v.ConsentSource, "date", c.Date(v.ConsentAt))
		}
		rows = append(rows, widgets.FactRow{Label: c.T("person.consent"), Value: consent})
	}
	if len(v.Audiences) > 0 {
		rows = append(rows, widgets.FactRow{Label: c.T("nav.audiences"), Value: c.List(v.Audiences)})
	}
	kit.Replace(p.facts, []fyne.CanvasObject{widgets.NewFactTable(130, rows...)})
	rows = nil
	for _, f := range state.PersonFields(v, p.order) {
		rows = append(rows, widgets.FactRow{Label: f.Name, Value: f.Value})
	}
	if len(rows) == 0 {
		kit.Replace(p.fields, []fyne.CanvasObject{kit.NewText(kit.Muted, c.T("person.no_fields")).Wrap()})
	} else {
		kit.Replace(p.fields, []fyne.CanvasObject{widgets.NewFactTable(150, rows...)})
	}
	p.setBar()
	p.root.Object().Refresh()
}

func (p *Panel) setBar() {
	c, v := p.env.Text, p.v
	if !p.env.Operator().Rights.Has(access.Prepare) || p.env.ReadOnly() != "" {
		p.bar.SetButtons()
		p.bar.SetNote(c.T("why.prepare_right"))
		return
	}
	p.bar.SetNote("")
	deny, icon := c.T("people.deny"), widgets.IconDenied
	if v.Denied {
		deny, icon = c.T("people.allow"), widgets.IconAllowed
	}
	buttons := []*kit.Button{kit.NewButton(c.T("common.edit"), widgets.IconEdit, state.Outlined, func() { Edit(p.env, v) }),
		kit.NewButton(deny, icon, state.Outlined, func() { Deny(p.env, v, !v.Denied) })}
	test := c.T("people.make_test")
	if v.Test {
		test = c.T("people.end_test")
	}
	buttons = append(buttons, kit.NewButton(test, widgets.IconTest, state.Outlined, func() { Test(p.env, v, !v.Test) }))
	if v.Quarantine != "" {
		buttons = append(buttons, kit.NewButton(c.T("person.release"), kit.IconNone, state.Outlined, func() {
			p.env.Go(panel.Place{Screen: panel.Suppression, Tab: "quarantine", Search: v.Address})
		}))
	}
	p.bar.SetButtons(append(buttons, kit.NewButton(c.T("people.delete"), widgets.IconTrash, state.Danger, p.remove))...)
}

func (p *Panel) remove() {
	c := p.env.Text
	confirm.Ask(p.env.Window, confirm.Question{Title: c.T("people.delete_title"), Sentence: c.T("people.delete_sentence", "address", p.v.Address),
		OK: c.T("home.delete_ok"), Cancel: c.T("common.cancel")}, func(yes bool) {
		if yes {
			Delete(p.env, p.v, p.env.Back)
		}
	})
}
