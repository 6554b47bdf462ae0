package settings

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/widgets"
)

// operators is the block of who works here.
func (p *Panel) operators() fyne.CanvasObject {
	c := p.env.Text
	parts := []fyne.CanvasObject{kit.NewText(kit.Small, c.T("settings.people_note")).Wrap(), p.people}
	if p.may() {
		parts = append(parts, kit.HStack(8, kit.NewButton(c.T("settings.add_person"), kit.IconPlus, state.Outlined, func() { p.editOperator(access.Operator{}) })))
	} else {
		parts = append(parts, kit.NewText(kit.Muted, c.T("settings.admin_only")).Wrap())
	}
	return kit.NewBlock(c.T("settings.people"), "", nil, parts...)
}

// may reports whether who works now may change who works here.
func (p *Panel) may() bool {
	return p.env.Operator().Rights.Has(access.Admin) && p.env.ReadOnly() == ""
}

func (p *Panel) showOperators(os []access.Operator) {
	c := p.env.Text
	var rows []fyne.CanvasObject
	for i, o := range os {
		if i > 0 {
			rows = append(rows, widgets.Rule())
		}
		words := kit.VStack(2, kit.NewText(kit.Heading, o.Name), kit.NewText(kit.Small, c.Rights(o.Rights)).Wrap())
		var buttons []fyne.CanvasObject
		if o.ID == p.env.Operator().ID {
			buttons = append(buttons, widgets.NewChip(c.T("settings.works_now"), "blue"))
		} else {
			buttons = append(buttons, kit.NewButton(c.T("settings.become"), kit.IconNone, state.QuietButton, func() { p.env.Become(o) }))
		}
		if p.may() {
			buttons = append(buttons, kit.NewIconButton(widgets.IconEdit, c.T("settings.edit_person", "name", o.Name), func() { p.editOperator(o) }))
		}
		rows = append(rows, widgets.Inset(widgets.Pad(10, 0), kit.PairEnd(words, kit.HStack(8, buttons...))))
	}
	kit.Replace(p.people, rows)
	p.root.Object().Refresh()
}

// editOperator opens the form of a person; one without a number is new.
func (p *Panel) editOperator(o access.Operator) {
	c := p.env.Text
	name := widgets.NewEntry(c.T("settings.name"), "")
	name.SetText(o.Name)
	fields := []fyne.CanvasObject{name, kit.NewText(kit.Note, c.T("settings.rights"))}
	checks := map[access.Right]*widgets.Check{}
	for _, r := range access.All() {
		k := widgets.NewCheck(c.Right(r)+" — "+c.T("settings.right."+string(r)), nil)
		k.SetChecked(o.Rights.Has(r) || o.ID == 0 && r == access.Prepare)
		checks[r] = k
		fields = append(fields, k)
	}
	title := c.T("settings.add_person")
	if o.ID != 0 {
		title = c.T("settings.edit_person", "name", o.Name)
	}
	widgets.ShowForm(p.env.Window, widgets.FormSpec{Title: title, Content: kit.VStack(12, fields...), Save: c.T("common.save"), Cancel: c.T("common.cancel"),
		OnSave: func(f *widgets.Form) {
			now := access.Operator{ID: o.ID, Name: strings.TrimSpace(name.Text())}
			for _, r := range access.All() {
				if checks[r].Checked() {
					now.Rights = append(now.Rights, r)
				}
			}
			if now.Name == "" {
				name.SetError(c.T("settings.need_name"))
				f.Fit()
				return
			}
			p.saveOperator(f, o, now)
		}})
}

func (p *Panel) saveOperator(f *widgets.Form, was, now access.Operator) {
	who := p.env.Who()
	f.SetBusy(true)
	bridge.Run(p.env.Bridge, "operator", func(ctx context.Context) (struct{}, error) {
		if was.ID == 0 {
			_, err := p.env.Engine.AddOperator(ctx, who, now.Name, now.Rights)
			return struct{}{}, err
		}
		return struct{}{}, p.env.Engine.EditOperator(ctx, who, now)
	}, func(_ struct{}, err error) {
		if err != nil {
			f.SetBusy(false)
			f.SetError(p.env.Text.Error(err))
			return
		}
		f.Close()
		if was.ID == 0 {
			p.env.Toast(p.env.Text.T("settings.added", "name", now.Name), state.Green)
			return
		}
		p.env.Did(p.env.Text.T("common.saved"), func(ctx context.Context, who access.Principal) error {
			return p.env.Engine.EditOperator(ctx, who, was)
		})
	})
}
