// Package settings is the screen of what concerns the whole window: how it looks
// and speaks, who works here, where things are kept, and what it is made of.
//
// A Panel lives on the UI goroutine.
package settings

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/widgets"
)

// Panel is the screen.
type Panel struct {
	env    *panel.Env
	root   *kit.Frame
	modes  *widgets.Radio
	people *fyne.Container
	kept   *kit.Text
	closed bool
}

// New makes the screen and asks for what it shows.
func New(env *panel.Env, _ panel.Place) *Panel {
	p := &Panel{env: env}
	env.Title(env.Text.T("nav.settings"), "")
	p.people = kit.VStack(0)
	p.kept = kit.NewText(kit.Body, env.Text.T("settings.kept.asking")).Wrap()
	left := kit.VStack(kit.Gap, p.looks(), p.language(), p.place())
	right := kit.VStack(kit.Gap, p.operators(), p.about())
	p.root = kit.NewFrame(nil, nil, kit.Columns(left, right))
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

// Reload asks who works here and where passwords are.
func (p *Panel) Reload() {
	bridge.Run(p.env.Bridge, "operators", func(ctx context.Context) ([]access.Operator, error) {
		return p.env.Engine.Operators(ctx)
	}, func(os []access.Operator, err error) {
		if p.closed {
			return
		}
		p.env.Fail(err)
		if err == nil {
			p.showOperators(os)
		}
	})
	bridge.Run(p.env.Bridge, "passwords", func(ctx context.Context) (delivery.Passwords, error) {
		return p.env.Engine.Passwords(ctx)
	}, func(k delivery.Passwords, err error) {
		if p.closed {
			return
		}
		p.env.Fail(err)
		p.kept.Set(p.env.Text.T("settings.kept." + state.PasswordsKept(k)))
	})
}

func (p *Panel) looks() fyne.CanvasObject {
	c := p.env.Text
	p.modes = kit.NewRadio([]string{c.T("menu.light"), c.T("menu.dark"), c.T("menu.system")}, func(i int) { p.env.Choose.Mode(modes()[i]) })
	p.Look()
	return kit.NewBlock(c.T("settings.looks"), "", nil, p.modes)
}

func modes() []string { return []string{"light", "dark", "system"} }

// Look follows a change of the theme that was made elsewhere.
func (p *Panel) Look() { p.modes.SetSelected(slices.Index(modes(), p.env.Mode())) }

func (p *Panel) language() fyne.CanvasObject {
	c := p.env.Text
	languages := text.Languages()
	names := make([]string, len(languages))
	for i, l := range languages {
		names[i] = c.T("settings.language." + l)
	}
	r := kit.NewRadio(names, func(i int) { p.env.Choose.Language(languages[i]) })
	r.SetSelected(slices.Index(languages, c.Language()))
	return kit.NewBlock(c.T("settings.language"), "", nil, r)
}

func (p *Panel) place() fyne.CanvasObject {
	c := p.env.Text
	dir := p.env.Engine.Dir()
	open := kit.NewButton(c.T("settings.open_folder"), widgets.IconFolder, state.Outlined, func() {
		if p.env.Launch(dir) != nil {
			p.env.Toast(c.T("settings.no_program"), state.Amber)
		}
	})
	return kit.NewBlock(c.T("settings.place"), "", nil, kit.NewText(kit.Small, c.T("settings.place_note")).Wrap(),
		widgets.NewSelectable(dir, true), kit.HStack(8, open),
		widgets.Inset(widgets.Insets{Top: 10}, kit.NewText(kit.Small, c.T("settings.passwords"))), p.kept)
}

func (p *Panel) about() fyne.CanvasObject {
	c := p.env.Text
	a := state.AboutOf(c, p.env.Engine.Dir() != "")
	show := kit.NewButton(c.T("settings.libraries"), kit.IconNone, state.Outlined, p.libraries)
	copied := kit.NewButton(c.T("settings.diagnostics"), widgets.IconCopy, state.Outlined, func() {
		size := p.env.Window.Canvas().Size()
		p.env.Copy(state.Diagnostics(p.env.Mode(), c.Language(), int(size.Width), int(size.Height)))
	})
	return kit.NewBlock(c.T("settings.about"), "", nil, kit.NewText(kit.Main, a.Title), kit.NewText(kit.Body, a.Sentence).Wrap(),
		kit.NewText(kit.Small, a.Licence).Wrap(), kit.HStack(8, show, copied))
}

// libraries lists what Sendoff is made of.
func (p *Panel) libraries() {
	c := p.env.Text
	var rows []widgets.FactRow
	for _, l := range state.Libraries() {
		rows = append(rows, widgets.FactRow{Label: l.Licence, Value: l.Name, Rest: c.T("settings.uses." + l.Use)})
	}
	widgets.ShowSafe(p.env.Window, widgets.Question{Title: c.T("settings.libraries"), Subtitle: c.T("settings.libraries_note"),
		Content: widgets.NewFactTable(118, rows...), Cancel: c.T("common.close")}, func(bool) {})
}
