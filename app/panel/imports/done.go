package imports

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/editors"
	"sendoff/app/panel/people"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// runStep shows how far the import is.
type runStep struct {
	p      *Panel
	page   fyne.CanvasObject
	title  *kit.Text
	line   *kit.Progress
	result bridge.ImportResult
}

func newRunStep(p *Panel) *runStep {
	c := p.env.Text
	s := &runStep{p: p, title: kit.NewText(kit.Headline, c.T("import.reading")), line: kit.NewProgress()}
	stop := kit.NewButton(c.T("import.cancel"), widgets.IconStop, state.Danger, func() {
		if p.cancel != nil {
			p.cancel()
		}
	})
	s.page = widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Pad(28, 32), kit.VStack(16, s.title, s.line,
		widgets.Ends(kit.NewText(kit.Muted, c.T("import.cancel_note")).Wrap(), stop)))
	return s
}

// progress follows the import: reading is the first half, writing the second.
func (s *runStep) progress(at bridge.ImportProgress) {
	c := s.p.env.Text
	if at.Writing {
		share := 0.5
		if at.Rows > 0 {
			share += float64(at.Written) / float64(at.Rows) / 2
		}
		s.title.Set(c.T("import.writing"))
		s.line.Set(share, c.T("import.written", "written", at.Written, "rows", at.Rows))
		return
	}
	share := 0.0
	if at.Total > 0 {
		share = float64(at.Bytes) / float64(at.Total) / 2
	}
	s.line.Set(share, c.T("import.running", "rows", at.Rows, "rejected", at.Rejected))
}

// newDoneStep shows what the import did and where one can go from there.
func newDoneStep(p *Panel) fyne.CanvasObject {
	c, r := p.env.Text, p.running.result
	figures := kit.NewKPIs()
	sorts := state.ImportSorts(c, bridge.ImportCheck{Rows: r.Rows, Added: r.Added, Updated: r.Updated, Unchanged: r.Unchanged, Merged: r.Merged, Rejected: r.Rejected})
	kpis := make([]state.KPI, len(sorts))
	for i, x := range sorts {
		kpis[i] = state.KPI{Label: x.Label, Value: x.Count, Note: x.Note, Tone: x.Tone}
	}
	kit.SetKPIs(figures, kpis, false)
	disc := widgets.NewBox(look.GreenOn, "", 22, widgets.Pad(12, 12), widgets.NewIcon(widgets.IconDone, 20, look.Green))
	head := widgets.HFill(16, widgets.Sized(44, 44, disc), kit.VStack(2, kit.NewText(kit.Headline, c.T("import.done", "name", r.Audience.Name)).Wrap(),
		kit.NewText(kit.Muted, c.N("import.done_people", r.Audience.Size))))
	parts := []fyne.CanvasObject{head, widgets.Inset(widgets.Insets{Top: 6}, figures)}
	if notes := state.ImportRemarks(c, bridge.ImportCheck{Misfits: r.Misfits}); len(notes) > 0 {
		list := kit.NewNotes()
		kit.SetNotes(list, notes)
		parts = append(parts, list)
	}
	if r.RejectFile != "" {
		b := kit.NewButton(c.T("import.open_folder"), widgets.IconFolder, state.QuietButton, func() {
			if err := p.env.Launch(filepath.Dir(r.RejectFile)); err != nil {
				p.env.Copy(r.RejectFile)
			}
		})
		b.SetToolTip(r.RejectFile)
		parts = append(parts, widgets.Ends(kit.NewText(kit.Small, c.T("import.reject_file", "file", r.RejectFile)).Wrap(), b))
	}
	write := kit.NewButton(c.T("import.write"), widgets.IconSend, state.Primary, func() { editors.NewDeliveryTo(p.env, r.Audience) })
	if p.at.Delivery != 0 {
		write = kit.NewButton(c.T("import.use"), widgets.IconCheck, state.Primary, func() { p.use(r.Audience.ID) })
	}
	undo := kit.NewButton(c.T("import.undo"), widgets.IconUndo, state.Outlined, nil)
	said := kit.NewBanner()
	kit.Show(said, false)
	next := widgets.Wrap(8, write,
		kit.NewButton(c.T("import.show"), widgets.IconPeople, state.Outlined, func() {
			p.env.Go(panel.Place{Screen: panel.People, Tab: people.AudienceTab(r.Audience.ID)})
		}), undo,
		kit.NewButton(c.T("import.another"), kit.IconNone, state.QuietButton, func() {
			p.form, p.check = state.NewImportForm(""), nil
			p.show(stepFile)
			p.Focus()
		}))
	undo.SetOnTap(func() {
		p.undo(r.Import, func(u delivery.ImportUndo) {
			kit.SetBanner(said, c.T("import.was_taken_back")+" "+state.ImportUndone(c, u), state.Green)
			kit.Show(said, true)
			undo.SetEnabled(false)
			write.SetEnabled(false)
			p.shell.Refresh()
		})
	})
	parts = append(parts, widgets.Inset(widgets.Insets{Top: 8}, next))
	return kit.VStack(kit.Gap, said, widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Pad(26, 28), kit.VStack(16, parts...)))
}

// use gives the list to the delivery that the import was opened for.
func (p *Panel) use(audience int64) {
	id, who := p.at.Delivery, p.env.Who()
	bridge.Run(p.env.Bridge, "use audience", func(ctx context.Context) (struct{}, error) {
		v, err := p.env.Engine.Delivery(ctx, id)
		if err != nil {
			return struct{}{}, err
		}
		d := v.Draft
		d.Audience = audience
		return struct{}{}, p.env.Engine.EditDelivery(ctx, who, id, d)
	}, func(_ struct{}, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.env.Open(id)
	})
}
