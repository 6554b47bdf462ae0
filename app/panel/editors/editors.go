// Package editors are the small dialogs in which a person decides what a
// delivery says, whom it reaches and when it leaves. They change a draft and
// hand it to the engine; what they refuse, they refuse with a sentence beside
// the field.
//
// Everything here lives on the UI goroutine.
package editors

import (
	"context"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/delivery"
)

// form is a dialog with fields, a sentence for what is wrong, Cancel and Save.
type form struct {
	env   *panel.Env
	modal *kit.Modal
	save  *kit.Button
	wrong *kit.Text
	over  bool
}

// open shows the dialog; accept is called by Save.
func (f *form) open(title string, fields []fyne.CanvasObject, save string, accept func()) {
	c := f.env.Text
	f.wrong = kit.NewText(kit.Small, "").Wrap()
	kit.SetTone(f.wrong, state.Red)
	kit.Show(f.wrong, false)
	f.save = kit.NewButton(save, kit.IconNone, state.Primary, accept)
	cancel := kit.NewButton(c.T("common.cancel"), kit.IconNone, state.Outlined, f.close)
	f.modal = kit.ShowModal(f.env.Window, kit.ModalSpec{Title: title, Body: append(fields, f.wrong),
		Buttons: []*kit.Button{cancel, f.save}, Escape: f.close})
}

func (f *form) close() {
	if !f.over {
		f.over = true
		f.modal.Close()
	}
}

// complain shows a sentence beside the fields; none hides it.
func (f *form) complain(sentence string) {
	f.wrong.Set(sentence)
	kit.Show(f.wrong, sentence != "")
	f.modal.Fit()
}

// store gives the draft to the engine and closes when it was taken.
func (f *form) store(id delivery.ID, d delivery.Draft) {
	if f.over {
		return
	}
	f.save.SetEnabled(false)
	f.complain("")
	who := f.env.Who()
	bridge.Run(f.env.Bridge, "edit", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, f.env.Engine.EditDelivery(ctx, who, id, d)
	}, func(_ struct{}, err error) {
		if err != nil {
			f.save.SetEnabled(true)
			f.complain(f.env.Text.Error(err))
			return
		}
		f.close()
		f.env.Toast(f.env.Text.T("common.saved"), state.Green)
	})
}

// sealNote says that saving breaks a plan, when there is one to break.
func sealNote(env *panel.Env, v delivery.View) []fyne.CanvasObject {
	if v.Plan == nil || len(v.Broken) > 0 || v.State != delivery.Ready {
		return nil
	}
	b := kit.NewBanner()
	kit.SetBanner(b, env.Text.T("edit.seal"), state.Amber)
	return []fyne.CanvasObject{b}
}

// NewDelivery makes a delivery and opens it.
func NewDelivery(env *panel.Env) {
	who := env.Who()
	label := env.Text.T("home.untitled")
	bridge.Run(env.Bridge, "new delivery", func(ctx context.Context) (delivery.ID, error) {
		as, err := env.Engine.Accounts(ctx)
		if err != nil {
			return 0, err
		}
		d := delivery.Draft{Label: label, Schedule: delivery.Schedule{Mode: delivery.OnceConfirmed}}
		if len(as) > 0 {
			d.Account = as[0].ID
		}
		return env.Engine.CreateDelivery(ctx, who, d)
	}, func(id delivery.ID, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		env.Open(id)
	})
}

// Schedule edits when it leaves.
func Schedule(env *panel.Env, v delivery.View) {
	c := env.Text
	f := &form{env: env}
	m := state.FormOf(v.Schedule, env.Now(), c.Zone().String())
	date, clock, place := kit.NewEntry("2026-12-31"), kit.NewEntry("09:00"), kit.NewEntry("Europe/Amsterdam")
	date.SetText(m.Date)
	clock.SetText(m.Time)
	place.SetText(m.Zone)
	when := kit.NewFields(
		kit.Field{Label: c.T("edit.date_field"), Input: date},
		kit.Field{Label: c.T("edit.time_field"), Input: clock},
		kit.Field{Label: c.T("edit.zone"), Input: place})
	choice := kit.NewRadio([]string{c.T("edit.once"), c.T("edit.at")}, func(i int) {
		kit.Show(when, i == 1)
		if f.modal != nil {
			f.modal.Fit()
		}
	})
	if m.At {
		choice.Choose(1)
	} else {
		choice.Choose(0)
	}
	fields := append([]fyne.CanvasObject{choice, when}, sealNote(env, v)...)
	f.open(c.T("edit.schedule"), fields, c.T("common.save"), func() {
		s, problem := state.ScheduleForm{At: choice.Chosen() == 1, Date: date.Value(), Time: clock.Value(), Zone: place.Value()}.Schedule()
		switch problem {
		case state.DateInvalid:
			f.complain(c.T("edit.date_invalid"))
			return
		case state.ZoneInvalid:
			f.complain(c.T("edit.zone_invalid"))
			return
		}
		d := v.Draft
		d.Schedule = s
		f.store(v.ID, d)
	})
}
