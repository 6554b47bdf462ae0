package imports

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// settle is how long typing rests before the rows are counted again.
const settle = 400 * time.Millisecond

// mostRows is how many rows are seen without scrolling, at most.
const mostRows = 5

// existing lists what can be done with people who are there, as the radio has it.
func existing() []delivery.Existing {
	return []delivery.Existing{delivery.ExistingUpdate, delivery.ExistingFill, delivery.ExistingSkip}
}

// checkStep shows what would happen and asks what is still to be decided.
type checkStep struct {
	p     *Panel
	page  fyne.CanvasObject
	tiles []*widgets.FigureButton
	notes *fyne.Container
	wait  *kit.Text
	title *kit.Text
	rows  []state.ImportRow
	table *widgets.Table
	none  *kit.Text
	join  *widgets.Radio
	fresh *kit.Text
	later *bridge.Pace
}

func newCheckStep(p *Panel) *checkStep {
	c := p.env.Text
	s := &checkStep{p: p, notes: kit.NewNotes(), wait: kit.NewText(kit.Small, c.T("import.checking")), title: kit.NewText(kit.Heading, "")}
	for _, x := range state.ImportSorts(c, bridge.ImportCheck{}) {
		t := widgets.NewFigureButton(x.Label, func() {
			if p.sort == x.Key {
				p.sort = "" // a second press closes them
			} else {
				p.sort = x.Key
			}
			s.show()
		})
		t.Set("–", "", look.Quiet)
		s.tiles = append(s.tiles, t)
	}
	s.table = widgets.NewTable(mostRows, []widgets.Column{{Title: c.T("import.line"), Width: 64, Number: true}, {Title: c.T("import.address"), Width: -0.4}, {Title: c.T("import.what"), Width: -0.6}},
		func() int { return len(s.rows) }, func(row, col int) widgets.Cell {
			r := s.rows[row]
			return widgets.Cell{Text: []string{r.Line, r.Address, r.What}[col]}
		})
	s.none = kit.NewText(kit.Muted, c.T("import.no_rows"))
	var tiles []fyne.CanvasObject
	for _, t := range s.tiles {
		tiles = append(tiles, t)
	}
	s.page = kit.VStack(kit.Gap,
		kit.NewBlock(c.T("import.would"), "", nil, kit.VStack(12, widgets.Split(560, 10, 0.2, tiles...), s.wait, s.title, s.none, s.table, s.notes)),
		widgets.Split(look.StackBelow, kit.Gap, 0.56, s.list(), s.people()))
	s.show()
	return s
}

// list asks for the name of the list.
func (s *checkStep) list() fyne.CanvasObject {
	c, p := s.p.env.Text, s.p
	name := widgets.NewEntry(c.T("import.name"), "")
	name.SetText(p.form.Name)
	s.later = bridge.NewPace(p.env.Bridge, settle, func() {
		if !p.closed && p.step == stepCheck && p.checking == s {
			p.checkNow()
		}
	})
	name.SetOnChanged(func(typed string) {
		p.form.Name = typed
		p.fail("")
		s.later.Ask()
	})
	s.fresh = kit.NewText(kit.Small, c.T("import.list_new")).Wrap()
	s.join = kit.NewRadio([]string{c.T("import.list_replace"), c.T("import.list_join")}, func(i int) { p.form.Join = i == 1 })
	s.join.SetSelected(0)
	if p.form.Join {
		s.join.SetSelected(1)
	}
	kit.Show(s.join, false)
	source := widgets.NewEntry(c.T("import.consent_source"), c.T("import.consent_hint"))
	source.SetText(p.form.ConsentSource)
	day := widgets.NewEntry(c.T("import.consent_date"), p.today())
	day.SetText(p.form.ConsentDate)
	source.SetOnChanged(func(typed string) { p.form.ConsentSource = typed; p.fail("") })
	day.SetOnChanged(func(typed string) {
		p.form.ConsentDate = typed
		day.SetError("")
		if _, ok := p.form.Consent(); !ok && len(typed) >= len(time.DateOnly) {
			day.SetError(c.T("edit.date_bad"))
		}
	})
	return kit.NewBlock(c.T("import.list"), "", nil, kit.VStack(14, name, s.fresh, s.join,
		widgets.Split(420, 12, 0.64, source, day), kit.NewText(kit.Small, c.T("import.consent_note")).Wrap()))
}

// people asks what becomes of those who are there already.
func (s *checkStep) people() fyne.CanvasObject {
	c, p := s.p.env.Text, s.p
	var names []string
	for _, x := range existing() {
		names = append(names, c.T("import.existing."+string(x)))
	}
	r := kit.NewRadio(names, func(i int) {
		p.form.Existing = existing()[i]
		p.checkNow()
	})
	for i, x := range existing() {
		r.SetNote(i, c.T("import.existing_note."+string(x)))
	}
	r.SetSelected(max(0, slices.Index(existing(), p.form.Existing)))
	return kit.NewBlock(c.T("import.existing"), "", nil, r)
}

// checkNow counts what would happen.
func (p *Panel) checkNow() {
	if p.cancel != nil {
		p.cancel()
	}
	p.turn++
	turn, r, s := p.turn, p.request(), p.checking
	if _, ok := p.form.Consent(); !ok {
		r.ConsentAt = time.Time{}
	}
	if r.ConsentSource == "" {
		r.ConsentAt = time.Time{}
	}
	kit.Show(s.wait, true)
	s.wait.Set(p.env.Text.T("import.checking"))
	latest := bridge.NewLatest(p.env.Bridge, func(at bridge.ImportProgress) {
		if turn == p.turn {
			s.wait.Set(p.env.Text.T("import.checking_rows", "rows", at.Rows))
		}
	})
	p.cancel = bridge.Run(p.env.Bridge, "check an import", func(ctx context.Context) (bridge.ImportCheck, error) {
		return p.env.Engine.CheckImport(ctx, r, latest.Set)
	}, func(k bridge.ImportCheck, err error) {
		if p.closed || turn != p.turn || p.step != stepCheck {
			return
		}
		p.cancel = nil
		kit.Show(s.wait, false)
		if err != nil {
			p.check = nil
			p.fail(p.env.Text.Error(err))
			p.buttons()
			return
		}
		p.check = &k
		p.fail("")
		s.show()
		p.buttons()
	})
}

// show shows the counts and the rows of the sort that is chosen.
func (s *checkStep) show() {
	c, p := s.p.env.Text, s.p
	kit.Show(s.title, p.check != nil && p.sort != "")
	if p.check == nil {
		kit.Show(s.table, false)
		kit.Show(s.none, false)
		return
	}
	for i, x := range state.ImportSorts(c, *p.check) {
		s.tiles[i].Set(x.Count, x.Note, look.Tone(x.Tone))
		s.tiles[i].SetChosen(x.Key == p.sort)
		if x.Key == p.sort {
			s.title.Set(c.T("import.first_rows", "sort", x.Label))
		}
	}
	kit.SetNotes(s.notes, state.ImportRemarks(c, *p.check))
	s.rows = state.ImportRows(c, *p.check, p.sort)
	kit.Show(s.none, len(s.rows) == 0 && p.sort != "")
	kit.Show(s.table, len(s.rows) > 0)
	s.table.SetLeast(min(mostRows, max(1, len(s.rows))))
	s.table.Reload()
	kit.Show(s.join, p.check.Audience.ID != 0)
	kit.Show(s.fresh, p.check.Audience.ID == 0)
	p.shell.Refresh()
}
