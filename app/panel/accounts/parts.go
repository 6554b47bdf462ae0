package accounts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// connection lays out how the relay is reached.
func (f *fields) connection() fyne.CanvasObject {
	c := f.env.Text
	password := f.in[state.AccountFieldPassword]
	hidden := true
	var eye *kit.Button
	eye = kit.NewIconButton(widgets.IconEye, c.T("accounts.password_show"), func() {
		hidden = !hidden
		password.SetPassword(hidden)
		eye.SetToolTip(c.T("accounts.password_show"))
		if !hidden {
			eye.SetToolTip(c.T("accounts.password_hide"))
		}
	})
	secret := widgets.Field(c.T("accounts.password"), container.New(row{[]float32{1, -32}, 6, 0, new(bool)}, password, widgets.Sized(32, look.ButtonHeight, eye)))
	// The button stands beside the last field, below its label.
	test := widgets.Field(" ", widgets.HFill(12, kit.NewButton(c.T("accounts.test"), widgets.IconPlug, state.Outlined, f.test), f.tested))
	return kit.VStack(gap, f.notes,
		newRow([]float32{1, -92, -190}, f.in[state.AccountFieldHost], f.in[state.AccountFieldPort],
			widgets.Field(c.T("accounts.security"), kit.VStack(5, f.security, f.unsafe))),
		newRow([]float32{1, 1}, f.in[state.AccountFieldUser], widgets.Field(c.T("accounts.login"), f.login)),
		f.logins(secret), f.pinned,
		newRow([]float32{1, 1}, f.in[state.AccountFieldName], test))
}

// limits lays out how much may go through it.
func (f *fields) limits() fyne.CanvasObject {
	c := f.env.Text
	with := func(k state.AccountField, note string) fyne.CanvasObject {
		return kit.VStack(5, f.in[k], kit.NewText(kit.Note, note).Wrap())
	}
	return kit.VStack(gap, kit.NewText(kit.Small, c.T("accounts.limits_note")).Wrap(),
		newRow([]float32{1, 1, 1}, with(state.AccountFieldConnections, c.T("accounts.connections_note")),
			with(state.AccountFieldEach, c.T("accounts.per_connection_note")), with(state.AccountFieldSecond, c.T("accounts.per_second_note"))),
		newRow([]float32{1, 1, 1}, f.in[state.AccountFieldMinute], f.in[state.AccountFieldHour], f.in[state.AccountFieldDay]))
}

// foldedLimits are the limits behind a line that says them.
func (f *fields) foldedLimits() fyne.CanvasObject {
	f.folded = f.limits()
	kit.Show(f.folded, false)
	f.fold, f.arrow = widgets.NewLinkStyle("", widgets.Body(), func() {
		if !f.folded.Visible() {
			f.unfold()
			return
		}
		kit.Show(f.folded, false)
		f.arrow.Set(widgets.IconForward, look.Blue)
		f.fit()
	}), widgets.NewIcon(widgets.IconForward, 12, look.Blue)
	f.foldLine = kit.HStack(8, f.arrow, f.fold)
	return kit.VStack(10, f.foldLine, f.folded)
}

func (f *fields) unfold() {
	if f.folded == nil {
		return
	}
	kit.Show(f.folded, true)
	f.arrow.Set(widgets.IconDown, look.Blue)
	f.fit()
}

// sender lays out who writes.
func (f *fields) sender() fyne.CanvasObject {
	c := f.env.Text
	postal := kit.VStack(5, f.in[state.AccountFieldPostal], kit.NewText(kit.Note, c.T("accounts.postal_note")).Wrap())
	inbox := widgets.NewBox(look.Ground, "", look.RadiusSmall, widgets.Pad(14, 14), widgets.HFill(12, disc(36, 18, look.BlueOn, f.from.letter),
		kit.VStack(1, f.from.line, kit.NewText(kit.Small, c.T("accounts.preview_subject")))))
	return kit.VStack(gap, kit.NewText(kit.Small, c.T("accounts.sender_note")).Wrap(),
		newRow([]float32{1, 1}, f.in[state.AccountFieldSender], f.in[state.AccountFieldAddress]),
		newRow([]float32{1, 1}, postal, kit.VStack(gap, f.in[state.AccountFieldReply], widgets.Field(c.T("accounts.preview"), inbox))))
}

// note shows what a person must know of a provider.
func (f *fields) note(codes []string) {
	c := f.env.Text
	var fs []state.Finding
	for _, code := range codes {
		if c.Has("providers.note." + code) {
			fs = append(fs, state.Finding{Text: c.T("providers.note." + code), Tone: state.Amber})
		}
	}
	kit.SetNotes(f.notes, fs)
	kit.Show(f.notes, len(fs) > 0)
}

// test tries what is typed. The address of the sender is tried too once it is
// one.
func (f *fields) test() {
	a, problems := f.read()
	if p := problems.In(state.PartConnection); len(p) > 0 {
		f.show(p)
		return
	}
	if len(problems) > 0 {
		a.Brand = delivery.Brand{}
	}
	c := f.env.Text
	accept := func(pin string, then func()) {
		f.accept(pin)
		f.typed()
		f.fit()
		then()
	}
	try(f.env, a, f.password(), accept, func(steps []delivery.AccountStep, failure error) {
		if failure == nil {
			kit.SetTone(f.tested, state.Green)
			f.tested.Set(c.T("accounts.trial_ok_short"))
			f.fit()
			return
		}
		kit.SetTone(f.tested, state.Red)
		f.tested.Set(state.TrialSentence(c, a, steps, failure))
		if n := len(steps); n > 0 && steps[n-1].Err != nil {
			f.tested.Set(c.T("accounts.trial_bad_short", "step", state.StepName(c, a, steps[n-1].Step)))
		}
		if k := state.TrialField(a, failure); k.Part() == state.PartConnection {
			f.focus(k)
		}
		f.fit()
	})
}
