// Package welcome is the first thing that somebody new sees: three ways in.
//
// A Panel lives on the UI goroutine.
package welcome

import (
	"context"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Panel is the page.
type Panel struct {
	env  *panel.Env
	root fyne.CanvasObject
	busy bool
}

// most is as wide as the page gets.
const most float32 = 1040

// New makes the page. connect opens the guide to an account.
func New(env *panel.Env, connect func()) *Panel {
	p := &Panel{env: env}
	c := env.Text
	env.Title(c.T("app.name"), "")
	cards := widgets.Split(900, kit.Gap, 1.0/3,
		p.way(widgets.IconTraining, "try", state.Primary, p.try),
		p.way(widgets.IconPeople, "import", state.Outlined, func() { env.Go(panel.Place{Screen: panel.Import}) }),
		p.way(widgets.IconAccount, "connect", state.Outlined, connect))
	steps := kit.VStack(10)
	for _, s := range []string{"prepare", "confirm", "know"} {
		steps.Add(widgets.HFill(12, widgets.Sized(110, 0, kit.NewText(kit.Heading, c.T("welcome.step."+s))), kit.NewText(kit.Body, c.T("welcome.step_note."+s)).Wrap()))
	}
	p.root = widgets.Page(most,
		widgets.Inset(widgets.Insets{Top: 24, Bottom: 4}, kit.VStack(6, widgets.NewText(c.T("welcome.title"), widgets.SideTitle()).Wrap(), kit.NewText(kit.Muted, c.T("welcome.lead")).Wrap())),
		cards,
		kit.NewBlock(c.T("welcome.how"), "", nil, steps),
		kit.HStack(18, kit.NewLink(c.T("welcome.skip"), env.Home), p.languages()))
	return p
}

// way is a card with one way in.
func (p *Panel) way(icon widgets.IconName, key string, w state.Weight, do func()) fyne.CanvasObject {
	c := p.env.Text
	disc := widgets.NewBox(look.BlueOn, "", 22, widgets.Pad(12, 12), widgets.NewIcon(icon, 20, look.Blue))
	return widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Pad(20, look.CardMargin), kit.VStack(12,
		kit.HStack(0, widgets.Sized(44, 44, disc)), kit.NewText(kit.Headline, c.T("welcome.way."+key)).Wrap(),
		kit.NewText(kit.Muted, c.T("welcome.way_note."+key)).Wrap(), kit.HStack(0, kit.NewButton(c.T("welcome.way_do."+key), kit.IconNone, w, do))))
}

func (p *Panel) languages() fyne.CanvasObject {
	row := kit.HStack(12)
	for _, l := range text.Languages() {
		if l != p.env.Text.Language() {
			row.Add(kit.NewLink(p.env.Text.T("settings.language."+l), func() { p.env.Choose.Language(l) }))
		}
	}
	return row
}

// try makes the training campaign and opens it.
func (p *Panel) try() {
	if p.busy {
		return
	}
	p.busy = true
	bridge.Run(p.env.Bridge, "sample", func(ctx context.Context) (delivery.ID, error) {
		return p.env.Engine.AddSample(ctx)
	}, func(id delivery.ID, err error) {
		p.busy = false
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.env.Open(id)
	})
}

// Content is the page.
func (p *Panel) Content() fyne.CanvasObject { return p.root }

// Handle takes events of the engine; none matters here.
func (p *Panel) Handle([]event.Event) {}

// Reload has nothing to ask.
func (p *Panel) Reload() {}

// Close has nothing to end.
func (p *Panel) Close() {}
