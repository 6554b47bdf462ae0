// Package audiences is the screen of the lists of people.
//
// A Panel lives on the UI goroutine.
package audiences

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/editors"
	"sendoff/app/panel/people"
	"sendoff/app/panel/rules"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/rule"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Panel is the screen.
type Panel struct {
	env     *panel.Env
	root    *kit.Frame
	bar     *widgets.ActionBar
	list    *fyne.Container
	names   text.RuleNames
	counted map[int64]bool // rules that were asked for their count
	closed  bool
}

// New makes the screen and asks for the lists.
func New(env *panel.Env, _ panel.Place) *Panel {
	p := &Panel{env: env, counted: map[int64]bool{}}
	env.Title(env.Text.T("nav.audiences"), "")
	p.bar = widgets.NewActionBar(env.Text.T("common.more"))
	p.list = kit.VStack(kit.Gap)
	p.root = kit.NewFrame(nil, p.bar, p.list)
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

func (p *Panel) may() bool {
	return p.env.Operator().Rights.Has(access.Prepare) && p.env.ReadOnly() == ""
}

// Reload asks for the lists.
func (p *Panel) Reload() {
	c := p.env.Text
	p.bar.SetButtons()
	p.bar.SetNote(c.T("why.prepare_right"))
	if p.may() {
		p.bar.SetNote("")
		p.bar.SetButtons(kit.NewButton(c.T("home.import"), widgets.IconUpload, state.Primary, func() { p.env.Go(panel.Place{Screen: panel.Import}) }),
			kit.NewButton(c.T("rule.new"), widgets.IconFilter, state.Outlined, func() { p.env.Go(panel.Place{Screen: panel.Rule}) }))
	}
	bridge.Run(p.env.Bridge, "audiences", func(ctx context.Context) (found lists, err error) {
		if found.audiences, err = p.env.Engine.Audiences(ctx); err != nil {
			return found, err
		}
		if !slices.ContainsFunc(found.audiences, func(a delivery.Audience) bool { return a.Rule != "" }) {
			return found, nil
		}
		if found.fields, err = p.env.Engine.Fields(ctx); err != nil {
			return found, err
		}
		found.others, err = p.env.Engine.Deliveries(ctx)
		return found, err
	}, func(found lists, err error) {
		if p.closed {
			return
		}
		p.env.Fail(err)
		if err == nil {
			p.names = state.RuleNames(found.fields, found.others)
			p.show(found.audiences)
			p.count(found.audiences)
		}
	})
}

// lists is what the screen shows, and what rules call things.
type lists struct {
	audiences []delivery.Audience
	fields    []delivery.Field
	others    []delivery.View
}

// count counts, once, the rules that were not counted since they were made; the
// engine tells when it has.
func (p *Panel) count(as []delivery.Audience) {
	for _, a := range as {
		if a.Rule == "" || !a.Counted.IsZero() || p.counted[a.ID] || p.env.ReadOnly() != "" {
			continue
		}
		p.counted[a.ID] = true
		bridge.Run(p.env.Bridge, "count audience", func(ctx context.Context) (int64, error) {
			return p.env.Engine.CountAudience(ctx, a.ID)
		}, func(_ int64, err error) {
			if !p.closed && err == nil {
				p.Reload()
			}
		})
	}
}

func (p *Panel) show(as []delivery.Audience) {
	c := p.env.Text
	var cards []fyne.CanvasObject
	for _, a := range as {
		cards = append(cards, p.card(a))
	}
	if len(as) == 0 {
		cards = append(cards, widgets.NewEmptyState(widgets.IconPeople, c.T("audiences.none"), c.T("audiences.none_note")))
	}
	kit.Replace(p.list, cards)
	p.root.Object().Refresh()
}

// fields is how many columns of a list are named on its card.
const fields = 8

func (p *Panel) card(a delivery.Audience) fyne.CanvasObject {
	c := p.env.Text
	note := c.T("audience.imported", "date", c.Date(a.Imported))
	if a.Source != "" {
		note = c.T("audiences.from", "file", a.Source, "date", c.Date(a.Imported))
	}
	names := a.Columns
	more := ""
	if len(names) > fields {
		names, more = names[:fields], " …"
	}
	words := kit.VStack(4, kit.NewText(kit.RowTitle, a.Name).Trim(), kit.NewText(kit.Small, note).Trim(),
		kit.NewText(kit.Note, strings.Join(names, ", ")+more).Trim())
	size := c.Number(a.Size)
	open := func() { p.env.Go(panel.Place{Screen: panel.People, Tab: people.AudienceTab(a.ID)}) }
	if a.Rule != "" {
		open = func() { p.rule(a) }
		note = c.T("rule.not_counted")
		if a.Counted.IsZero() {
			size = c.None()
		} else {
			note = c.T("rule.counted", "date", c.DateTime(a.Counted))
		}
		words = kit.VStack(4, kit.NewText(kit.RowTitle, a.Name).Trim(), kit.NewText(kit.Small, c.RuleText(a.Rule, p.names)).Wrap(),
			kit.NewText(kit.Note, note).Trim())
	}
	figure := widgets.NewKPITile(true)
	figure.Set(c.T("audiences.people"), size, "", look.Neutral)
	show := kit.NewButton(c.T("audiences.show"), kit.IconNone, state.Outlined, open)
	show.SetToolTip(c.T("audiences.show_of", "name", a.Name))
	if a.Rule != "" {
		show = kit.NewButton(c.T("rule.edit_rule"), kit.IconNone, state.Outlined, open)
	}
	right := kit.HStack(20, widgets.Sized(90, 0, figure), kit.Wide(140, show), kit.NewMenuButton(c.T("common.more"), func() []kit.Item { return p.menu(a) }))
	return widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Insets{Top: 14, Right: 14, Bottom: 14, Left: look.CardMargin}, kit.PairEnd(words, right))
}

func (p *Panel) menu(a delivery.Audience) []kit.Item {
	c := p.env.Text
	items := []kit.Item{{Label: c.T("audiences.show"), Tap: func() {
		p.env.Go(panel.Place{Screen: panel.People, Tab: people.AudienceTab(a.ID)})
	}}}
	if a.Rule != "" {
		items = append([]kit.Item{{Label: c.T("rule.edit_rule"), Tap: func() { p.rule(a) }}}, items...)
	}
	if !p.may() {
		return items
	}
	return append(items, kit.Item{Label: c.T("audiences.write"), Tap: func() { editors.NewDeliveryTo(p.env, a) }},
		kit.Item{Label: c.T("rule.narrow"), Tap: func() {
			p.env.Go(panel.Place{Screen: panel.Rule, Search: rule.Expr{Op: rule.InAudience, Audience: rule.Ref{Name: a.Name}}.String()})
		}},
		kit.Item{Label: c.T("rule.split"), Tap: func() { rules.Split(p.env, a) }},
		kit.Item{}, kit.Item{Label: c.T("audiences.rename"), Tap: func() { p.rename(a) }}, kit.Item{Label: c.T("home.delete"), Tap: func() { p.remove(a) }})
}

// rule opens the rule of an audience.
func (p *Panel) rule(a delivery.Audience) {
	p.env.Go(panel.Place{Screen: panel.Rule, Number: a.ID})
}

func (p *Panel) rename(a delivery.Audience) {
	c := p.env.Text
	name := widgets.NewEntry(c.T("audiences.name"), "")
	name.SetText(a.Name)
	widgets.ShowForm(p.env.Window, widgets.FormSpec{Title: c.T("audiences.rename_title"), Content: name, Save: c.T("common.save"), Cancel: c.T("common.cancel"),
		Focus: name.Target(), OnSave: func(f *widgets.Form) {
			now := strings.TrimSpace(name.Text())
			if now == "" {
				name.SetError(c.T("import.need_name"))
				f.Fit()
				return
			}
			who := p.env.Who()
			f.SetBusy(true)
			bridge.Run(p.env.Bridge, "rename", func(ctx context.Context) (struct{}, error) {
				return struct{}{}, p.env.Engine.RenameAudience(ctx, who, a.ID, now)
			}, func(_ struct{}, err error) {
				if err != nil {
					f.SetBusy(false)
					name.SetError(c.Error(err))
					f.Fit()
					return
				}
				f.Close()
				p.env.Did(c.T("audiences.renamed", "name", now), func(ctx context.Context, who access.Principal) error {
					return p.env.Engine.RenameAudience(ctx, who, a.ID, a.Name)
				})
			})
		}})
}

func (p *Panel) remove(a delivery.Audience) {
	c := p.env.Text
	confirm.Ask(p.env.Window, confirm.Question{Title: c.T("audiences.delete_title"), Sentence: c.T("audiences.delete_sentence", "name", a.Name),
		OK: c.T("home.delete_ok"), Cancel: c.T("common.cancel")}, func(yes bool) {
		if !yes {
			return
		}
		who := p.env.Who()
		bridge.Run(p.env.Bridge, "delete audience", func(ctx context.Context) (struct{}, error) {
			return struct{}{}, p.env.Engine.DeleteAudience(ctx, who, a.ID)
		}, func(_ struct{}, err error) {
			if err == nil {
				p.env.Toast(c.T("home.deleted", "label", a.Name), state.Green)
			}
			p.env.Fail(err)
		})
	})
}
