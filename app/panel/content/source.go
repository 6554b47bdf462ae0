package content

import (
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/content/personal"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/codeedit"
	"sendoff/widgets/look"
)

// source is the tab with the HTML as it is written.
type source struct {
	s     *session.Session
	edit  *codeedit.View
	tools fyne.CanvasObject
	made  fyne.CanvasObject // says that a design made it
	root  fyne.CanvasObject
	where *kit.Text
	list  *findings
	marks []codeedit.Mark
	load  *kit.Button
	tags  *kit.Button
}

func newSource(s *session.Session) session.Pane {
	c := s.Env().Text
	p := &source{s: s, edit: newCode(s.Env(), c.T("edit.html"))}
	p.edit.SetOnChanged(func(text string) {
		s.Edit("html", func(d *delivery.Draft) { d.Content.HTML = text })
	})
	p.edit.SetOnUndo(func(redo bool) { step(s, redo) })
	p.edit.SetOnMenu(func(at fyne.CanvasObject) { kit.PopUp(at, p.menu()) })
	p.edit.SetOnMoved(p.place)
	p.where = kit.NewText(kit.Small, "")
	p.load = kit.NewButton(c.T("edit.load_html"), widgets.IconUpload, state.QuietButton, p.loadFile)
	find := kit.NewButton(c.T("code.find"), widgets.IconSearch, state.QuietButton, func() { p.edit.Open(true) })
	p.tags = personal.NewButton(s, personal.Target{Insert: p.edit.Insert, Enclose: p.edit.Enclose, Focus: p.edit.Target, Links: p.link})
	p.list = newFindings(s, func(f delivery.Finding) bool { return f.Part == "html" }).short()
	p.tools = widgets.Ends(kit.HStack(4, p.tags, find, p.load), p.where)
	made := kit.NewBanner()
	kit.SetBanner(made, c.T("content.made"), state.Blue)
	made.SetAction(c.T("content.unmake"), func() { s.Edit("", func(d *delivery.Draft) { d.Content.Design = "" }) })
	p.made = made
	p.root = kit.NewFilled(kit.VStack(8, p.made, p.tools), p.edit, p.list.object())
	s.Watch(p.render)
	p.render()
	p.place()
	return p
}

// newCode makes an editor for a source.
func newCode(env *panel.Env, label string) *codeedit.View {
	c := env.Text
	return codeedit.NewView(codeedit.Words{Label: label, Find: c.T("code.find_hint"), Replace: c.T("code.replace_hint"), Next: c.T("code.next"),
		Previous: c.T("code.previous"), Case: c.T("code.case"), One: c.T("code.replace"), All: c.T("code.replace_all"), Close: c.T("common.close"),
		Found: func(nth, of int) string {
			if of == 0 {
				return c.T("code.none")
			}
			return c.T("code.found", "n", nth, "of", of)
		},
		Replaced: func(n int) string { return c.N("code.replaced", int64(n)) },
	}, func(d time.Duration, f func()) { env.Bridge.After(d, f) })
}

// link puts a link to a tag around what is selected.
func (p *source) link(tag, label string) bool {
	if s := p.edit.Selected(); s != "" {
		label = s
	}
	p.edit.Insert(`<a href="` + tag + `">` + label + `</a>`)
	return true
}

// step goes back or forth.
func step(s *session.Session, redo bool) {
	if redo {
		s.Redo()
		return
	}
	s.Undo()
}

// menu is what can be done with the text, for who has a mouse.
func (p *source) menu() []kit.Item {
	c := p.s.Env().Text
	board := fyne.CurrentApp().Clipboard()
	do := func(s fyne.Shortcut) func() {
		return func() { p.edit.Target().(fyne.Shortcutable).TypedShortcut(s) }
	}
	items := []kit.Item{{Label: c.T("common.copy"), Key: fyne.KeyC, Tap: do(&fyne.ShortcutCopy{Clipboard: board})}}
	if ok, _ := p.s.Editable(); ok {
		items = append([]kit.Item{{Label: c.T("code.cut"), Key: fyne.KeyX, Tap: do(&fyne.ShortcutCut{Clipboard: board})}}, items...)
		items = append(items, kit.Item{Label: c.T("code.paste"), Key: fyne.KeyV, Tap: do(&fyne.ShortcutPaste{Clipboard: board})},
			kit.Item{}, kit.Item{Label: c.T("tag.menu"), Tap: func() { p.tags.Tapped(nil) }})
	}
	return append(items, kit.Item{Label: c.T("code.all"), Key: fyne.KeyA, Tap: do(&fyne.ShortcutSelectAll{})})
}

// render shows the draft, and what was found at its place.
func (p *source) render() {
	c := p.s.Env().Text
	ok, _ := p.s.Editable()
	designed := p.s.Draft().Content.Design != ""
	kit.Show(p.made, designed && ok)
	ok = ok && !designed
	p.edit.SetEnabled(ok)
	p.load.SetEnabled(ok)
	p.tags.SetEnabled(ok)
	p.edit.SetText(p.s.Draft().Content.HTML)
	fs, known := p.s.Findings()
	if !known {
		return
	}
	var marks []codeedit.Mark
	for _, f := range fs {
		if f.Part == "html" && f.Line > 0 {
			marks = append(marks, codeedit.Mark{Line: f.Line, Column: f.Column, Text: state.FindingSaid(c, f), Tone: look.Tone(state.FindingTone(f))})
		}
	}
	if !equalMarks(marks, p.marks) {
		p.marks = marks
		p.edit.SetMarks(marks)
	}
}

func equalMarks(a, b []codeedit.Mark) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// place tells where the cursor is.
func (p *source) place() {
	line, column := p.edit.Cursor()
	p.where.Set(p.s.Env().Text.T("code.place", "line", line, "column", column))
}

// Find implements session.Finder.
func (p *source) Find(line, column int) {
	if line > 0 {
		p.edit.Goto(line, column)
	}
	p.Focus()
}

// Focus gives the keyboard to the text.
func (p *source) Focus() { p.s.Env().Window.Canvas().Focus(p.edit.Target()) }

// Target is what gets the keyboard.
func (p *source) Target() fyne.Focusable { return p.edit.Target() }

// Search opens the bar for searching.
func (p *source) Search() { p.edit.Open(false) }

func (p *source) Content() fyne.CanvasObject { return p.root }
func (p *source) Shown(bool)                 {}
func (p *source) Close()                     {}
