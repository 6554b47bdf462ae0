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
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/schedule"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// open shows a form. accept is called by Save.
func open(env *panel.Env, title, save string, fields []fyne.CanvasObject, accept func(*widgets.Form), gone func()) *widgets.Form {
	return widgets.ShowForm(env.Window, widgets.FormSpec{Title: title, Content: kit.VStack(kit.Gap, fields...), Save: save,
		Cancel: env.Text.T("common.cancel"), Width: 600, OnSave: accept, OnClose: gone})
}

// store gives the draft to the engine and closes when it was taken. The draft
// that it replaces can be had back.
func store(env *panel.Env, f *widgets.Form, v delivery.View, d delivery.Draft) {
	id, was := v.ID, v.Draft
	f.SetBusy(true)
	f.SetError("")
	who := env.Who()
	bridge.Run(env.Bridge, "edit", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, env.Engine.EditDelivery(ctx, who, id, d)
	}, func(_ struct{}, err error) {
		if err != nil {
			f.SetBusy(false)
			f.SetError(env.Text.Error(err))
			return
		}
		f.Close()
		if d.Equal(was) {
			return
		}
		env.Did(env.Text.T("common.saved"), func(ctx context.Context, who access.Principal) error {
			return env.Engine.EditDelivery(ctx, who, id, was)
		})
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

// NewDelivery makes a delivery and opens its content.
func NewDelivery(env *panel.Env) { create(env, delivery.Audience{}) }

// NewDeliveryTo makes a delivery to a list and opens its content.
func NewDeliveryTo(env *panel.Env, a delivery.Audience) { create(env, a) }

// create begins a delivery with the first real account, and with who writes
// through it.
func create(env *panel.Env, to delivery.Audience) {
	who := env.Who()
	label := env.Text.T("home.untitled")
	bridge.Run(env.Bridge, "new delivery", func(ctx context.Context) (delivery.ID, error) {
		as, err := env.Engine.Accounts(ctx)
		if err != nil {
			return 0, err
		}
		d := delivery.Draft{Label: label, Audience: to.ID, Schedule: delivery.Schedule{Mode: delivery.OnceConfirmed}}
		if a, ok := state.FirstAccount(as); ok {
			d.Account = a.ID
			d.Content.From, d.Content.ReplyTo = a.Brand.From(), a.Brand.ReplyTo
		}
		return env.Engine.CreateDelivery(ctx, who, d)
	}, func(id delivery.ID, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		env.Open(id) // what Back leads to
		env.Go(panel.Place{Screen: panel.Content, Delivery: id})
	})
}

// Duplicate copies a delivery, without its schedule, and opens the copy.
func Duplicate(env *panel.Env, id delivery.ID) {
	who := env.Who()
	bridge.Run(env.Bridge, "duplicate", func(ctx context.Context) (delivery.ID, error) {
		return env.Engine.DuplicateDelivery(ctx, who, id)
	}, func(id delivery.ID, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		env.Toast(env.Text.T("home.duplicated"), state.Blue)
		env.Open(id)
	})
}

// Schedule edits when it leaves.
func Schedule(env *panel.Env, v delivery.View) {
	c := env.Text
	var f *widgets.Form
	when := widgets.NewDateTimeZone(widgets.PickerWords{Date: c.T("edit.date_field"), Time: c.T("edit.time_field"), Zone: c.T("edit.zone"),
		BadDate: c.T("edit.date_bad"), BadTime: c.T("edit.time_bad"), Calendar: c.T("edit.calendar"), Previous: c.T("edit.previous"),
		Next: c.T("edit.next"), Search: c.T("edit.zone_search"), NoZone: c.T("edit.zone_none"), Months: c.MonthNames(), Days: c.DayNames(),
	}, schedule.Zones(), env.Now, func() {
		if f != nil {
			f.Fit()
		}
	})
	when.SetValue(state.Suggest(v.Schedule, env.Now(), c.Zone().String()))
	when.SetNote(func(local, zone string) (string, look.Tone) {
		s, tone := state.ScheduleNote(c, local, zone, env.Now())
		return s, look.Tone(tone)
	})
	at := v.Schedule.Mode == delivery.AtDate
	choice := kit.NewRadio([]string{c.T("edit.once"), c.T("edit.at")}, func(i int) {
		kit.Show(when, i == 1)
		if f != nil {
			f.Fit()
		}
	})
	choice.SetSelected(0)
	if at {
		choice.SetSelected(1)
	}
	kit.Show(when, at)
	fields := append([]fyne.CanvasObject{choice, when}, sealNote(env, v)...)
	f = open(env, c.T("edit.schedule"), c.T("common.save"), fields, func(f *widgets.Form) {
		s := delivery.Schedule{Mode: delivery.OnceConfirmed}
		if choice.Selected() == 1 {
			local, zone, ok := when.Value()
			if !ok {
				f.SetError(c.T("edit.date_missing"))
				return
			}
			s = delivery.Schedule{Mode: delivery.AtDate, Local: local, Zone: zone}
		}
		d := v.Draft
		d.Schedule = s
		store(env, f, v, d)
	}, nil)
}
