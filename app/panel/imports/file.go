package imports

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/panel/files"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// earlier is how many imports are listed.
const earlier = 8

// fileStep asks for the file and lists what was imported before.
type fileStep struct {
	p      *Panel
	page   fyne.CanvasObject
	choose *kit.Button
	path   *kit.Entry
	list   *fyne.Container
}

func newFileStep(p *Panel) *fileStep {
	c := p.env.Text
	s := &fileStep{p: p, list: kit.VStack(0)}
	s.choose = kit.NewButton(c.T("import.choose"), widgets.IconFolder, state.Primary, func() {
		p.env.Pick(c.T("import.title"), Extensions(), p.chosen)
	})
	s.path = widgets.NewEntry(c.T("import.file"), c.T("import.file_hint"))
	s.path.SetText(p.form.File)
	s.path.SetOnChanged(func(typed string) {
		if file := files.Typed(typed); file != p.form.File {
			p.form = state.NewImportForm(file)
		}
		p.fail("")
		p.buttons()
	})
	s.path.SetOnReturn(func() {
		if p.next.Disabled() {
			return
		}
		p.goOn()
	})
	disc := widgets.NewBox(look.BlueOn, "", 26, widgets.Pad(14, 14), widgets.NewIcon(widgets.IconUpload, 24, look.Blue))
	drop := widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Pad(34, 40), kit.VStack(14,
		center(widgets.Sized(52, 52, disc)),
		kit.NewText(kit.Headline, c.T("import.drop")).Center(),
		kit.NewText(kit.Muted, c.T("import.drop_note")).Wrap().Center(),
		center(s.choose),
		center(widgets.Sized(460, 0, s.path))))
	s.page = kit.VStack(kit.Gap, drop, kit.NewBlock(c.T("import.earlier"), "", nil, s.list))
	s.reload()
	return s
}

// reload asks for the earlier imports.
func (s *fileStep) reload() {
	bridge.Run(s.p.env.Bridge, "imports", func(ctx context.Context) ([]delivery.Import, error) {
		return s.p.env.Engine.ImportList(ctx)
	}, func(is []delivery.Import, err error) {
		if s.p.closed {
			return
		}
		s.p.env.Fail(err)
		s.show(is)
	})
}

func (s *fileStep) show(is []delivery.Import) {
	c := s.p.env.Text
	var rows []fyne.CanvasObject
	for i, x := range is {
		if i == earlier {
			break
		}
		if i > 0 {
			rows = append(rows, widgets.Rule())
		}
		words := kit.VStack(2, widgets.Baseline(8, kit.NewText(kit.Heading, x.File), kit.NewText(kit.Small, c.T("import.to", "name", x.AudienceName, "date", c.Date(x.At))).Trim()),
			kit.NewText(kit.Small, state.ImportDone(c, x)).Trim())
		row := fyne.CanvasObject(words)
		if x.Undo && s.p.may() {
			b := kit.NewButton(c.T("import.undo"), widgets.IconUndo, state.Outlined, func() { s.p.undo(x.ID, nil) })
			b.SetToolTip(c.T("import.undo_of", "file", x.File))
			row = widgets.Ends(words, b)
		}
		rows = append(rows, widgets.Inset(widgets.Pad(10, 0), row))
	}
	if len(rows) == 0 {
		rows = append(rows, kit.NewText(kit.Muted, c.T("import.earlier_none")))
	}
	kit.Replace(s.list, rows)
	s.p.shell.Refresh()
}

// undo takes an import back after a question; done is told what came of it.
func (p *Panel) undo(id int64, done func(delivery.ImportUndo)) {
	c := p.env.Text
	confirm.Ask(p.env.Window, confirm.Question{Title: c.T("import.undo_title"), Sentence: c.T("import.undo_sentence"),
		OK: c.T("import.undo_ok"), Cancel: c.T("common.cancel")}, func(yes bool) {
		if !yes {
			return
		}
		who := p.env.Who()
		bridge.Run(p.env.Bridge, "undo import", func(ctx context.Context) (delivery.ImportUndo, error) {
			return p.env.Engine.UndoImport(ctx, who, id)
		}, func(u delivery.ImportUndo, err error) {
			if err != nil {
				p.env.Fail(err)
				return
			}
			p.env.Toast(strings.TrimSpace(state.ImportUndone(c, u)), state.Green)
			if done != nil && !p.closed {
				done(u)
			}
		})
	})
}

// center puts a thing in the middle of the width.
func center(o fyne.CanvasObject) fyne.CanvasObject { return container.NewCenter(o) }
