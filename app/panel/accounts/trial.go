package accounts

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// trial is the dialog of a trial connection. Closing it ends the connection.
type trial struct {
	env      *panel.Env
	account  delivery.Account
	password string
	done     func(steps []delivery.AccountStep, failure error)
	accept   func(pin string, then func())

	form    *widgets.Form
	list    *fyne.Container
	verdict *kit.Banner
	shown   *fyne.Container // the certificate that was not accepted
	trust   *kit.Button     // accepts it: never the button that one presses by habit
	steps   []delivery.AccountStep
	failure error
	over    bool // the trial has ended
	closed  bool
	turn    int
	cancel  func()
}

// stepName is how wide the name of a step may be.
const stepName float32 = 150

// try connects as an account would and shows how far it comes. An empty password
// is looked up. done, which may be nil, is called when the dialog closes after
// the trial has ended. accept, which may be nil, keeps a certificate that the
// person accepted and then goes on.
func try(env *panel.Env, a delivery.Account, password string, accept func(pin string, then func()), done func([]delivery.AccountStep, error)) {
	c := env.Text
	t := &trial{env: env, account: a, password: password, done: done, accept: accept, list: kit.VStack(0), verdict: kit.NewBanner(), shown: kit.VStack(0)}
	t.trust = kit.NewButton(c.T("accounts.cert.accept"), kit.IconNone, state.QuietButton, t.ask)
	kit.Show(t.trust, false)
	kit.Show(t.verdict, false)
	note := c.T("accounts.trial_note", "server", state.ServerWords(c, a))
	if a.Training() {
		note = c.T("accounts.trial_note_training")
	}
	t.form = widgets.ShowForm(env.Window, widgets.FormSpec{Title: c.T("accounts.trial_title"), Subtitle: note, Cancel: c.T("common.cancel"), Width: 620,
		Content: kit.VStack(kit.Gap, t.list, t.verdict, t.shown),
		Left:    widgets.Inset(widgets.Insets{Left: -14}, t.trust),
		OnSave: func(*widgets.Form) {
			Unlock(env, func() {
				if !t.closed {
					t.start()
				}
			})
		},
		OnClose: func() {
			t.closed = true
			t.cancel()
			if t.over && t.done != nil {
				t.done(t.steps, t.failure)
			}
		}})
	t.start()
}

func (t *trial) start() {
	t.turn++
	t.steps, t.failure, t.over = nil, nil, false
	turn := t.turn
	kit.Show(t.verdict, false)
	kit.Show(t.shown, false)
	kit.Show(t.trust, false)
	t.form.SetSave("")
	t.form.SetCancel(t.env.Text.T("common.cancel"))
	t.draw()
	latest := bridge.NewLatest(t.env.Bridge, func(steps []delivery.AccountStep) {
		if turn == t.turn && !t.over && !t.closed {
			t.steps = steps
			t.draw()
		}
	})
	var steps []delivery.AccountStep // of the goroutine that connects
	a, password := t.account, t.password
	t.cancel = bridge.Run(t.env.Bridge, "test account", func(ctx context.Context) (delivery.AccountTest, error) {
		return t.env.Engine.TestAccount(ctx, a, password, func(s delivery.AccountStep) {
			steps = append(steps, s)
			latest.Set(slices.Clone(steps))
		})
	}, func(r delivery.AccountTest, err error) {
		if turn == t.turn && !t.closed {
			t.ended(r, err)
		}
	})
}

// ended shows the verdict.
func (t *trial) ended(r delivery.AccountTest, err error) {
	c := t.env.Text
	t.over, t.failure = true, state.TrialFailure(r, err)
	if len(r.Steps) > 0 {
		t.steps = r.Steps
	}
	t.draw()
	if t.failure == nil {
		kit.SetBanner(t.verdict, c.T("accounts.trial_ok"), state.Green)
	} else {
		tone := state.Red
		if delivery.Is(t.failure, delivery.KindPassphrase) {
			tone = state.Amber
			t.form.SetSave(c.T("accounts.unlock"))
		}
		kit.SetBanner(t.verdict, state.TrialSentence(c, t.account, t.steps, t.failure), tone)
	}
	kit.Show(t.verdict, true)
	t.certificate()
	t.form.SetCancel(c.T("common.close"))
	t.form.Fit()
}

// certificate shows the one that was not accepted, with the offer to accept it.
func (t *trial) certificate() {
	c, seen := t.env.Text, state.SeenCertificate(t.steps)
	if seen == nil || !delivery.Is(t.failure, delivery.KindCertificate) {
		return
	}
	kit.Replace(t.shown, []fyne.CanvasObject{certificateTable(c, *seen, t.env.Now())})
	kit.Show(t.shown, true)
	kit.Show(t.trust, t.accept != nil)
}

// ask asks whether the person means it, and goes on with the certificate.
func (t *trial) ask() {
	c, seen := t.env.Text, state.SeenCertificate(t.steps)
	if seen == nil || t.accept == nil {
		return
	}
	confirm.Ask(t.env.Window, confirm.Question{Title: c.T("accounts.cert.title"), Sentence: c.T("accounts.cert.sentence", "server", state.ServerWords(c, t.account)),
		OK: c.T("accounts.cert.ok"), Cancel: c.T("common.cancel")}, func(yes bool) {
		if !yes || t.closed {
			return
		}
		t.accept(seen.Fingerprint, func() {
			if !t.closed {
				t.account.Pin = seen.Fingerprint
				t.start()
			}
		})
	})
}

// certificateTable is what a person holds against what the relay's owner says.
func certificateTable(c *text.Catalog, seen delivery.Certificate, now time.Time) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, r := range state.CertificateRows(c, seen, now) {
		value := []fyne.CanvasObject{widgets.NewText(r.Value, widgets.Small()).Wrap()}
		if r.Note != "" {
			value = append(value, widgets.NewText(r.Note, widgets.Small().In(look.Red)).Wrap())
		}
		rows = append(rows, newRow([]float32{-stepName, 1}, widgets.NewText(r.Label, widgets.SmallMuted()), kit.VStack(2, value...)))
	}
	return kit.VStack(8, rows...)
}

// draw shows the steps.
func (t *trial) draw() {
	lines := state.Trial(t.env.Text, t.account, t.password != "", t.steps, t.over)
	if t.over && len(t.steps) == 0 {
		lines = nil // it did not begin
	}
	os := make([]fyne.CanvasObject, len(lines))
	for i, l := range lines {
		os[i] = stepLine(l)
	}
	kit.Replace(t.list, os)
	kit.Show(t.list, len(os) > 0)
	t.form.Fit()
}

// stepLine is one step. What a server answered to one that failed is shown whole.
func stepLine(l state.TrialStep) fyne.CanvasObject {
	icon, ink, style := widgets.IconClock, look.Muted, widgets.BodyMuted()
	found := widgets.NewText(l.Detail, widgets.SmallMuted()).Trim()
	switch l.Look {
	case state.TrialRuns:
		icon, ink, style = widgets.IconPrepare, look.Blue, widgets.Body()
	case state.TrialDone:
		icon, ink, style = widgets.IconDone, look.Green, widgets.Body()
	case state.TrialFailed:
		icon, ink, style = widgets.IconError, look.Red, widgets.TextStyle{Weight: widgets.SemiBold, Color: look.Red}
		found = widgets.NewText(l.Detail, widgets.SmallMuted()).Wrap()
	case state.TrialSkipped:
		icon = widgets.IconBlocked
	}
	took := widgets.NewText(l.Took, widgets.SmallMuted().Counting()).Right()
	return widgets.Inset(widgets.Pad(7, 0), newRow([]float32{-16, -stepName, 1, -64},
		widgets.Inset(widgets.Insets{Top: 1}, widgets.NewIcon(icon, 16, ink)), widgets.NewText(l.Name, style), found, took))
}
