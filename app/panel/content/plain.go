package content

import (
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/personal"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/codeedit"
)

// plain is the tab with the text part. As long as nobody writes one it is derived
// from the HTML and follows it.
type plain struct {
	s      *session.Session
	edit   *codeedit.View
	note   *kit.Text
	derive *kit.Button
	tags   *kit.Button
	list   *findings
	root   fyne.CanvasObject
}

func newPlain(s *session.Session) session.Pane {
	c := s.Env().Text
	p := &plain{s: s, edit: newCode(s.Env(), c.T("edit.text")), note: kit.NewText(kit.Small, "").Trim()}
	p.edit.SetPlain()
	p.edit.SetOnChanged(func(text string) { s.Edit("text", func(d *delivery.Draft) { d.Content.Text = text }) })
	p.edit.SetOnUndo(func(redo bool) { step(s, redo) })
	p.derive = kit.NewButton(c.T("content.derive"), widgets.IconPrepare, state.Outlined, func() {
		s.Edit("", func(d *delivery.Draft) { d.Content.Text = "" })
	})
	p.tags = personal.NewButton(s, personal.Target{Insert: p.edit.Insert, Enclose: p.edit.Enclose, Focus: p.edit.Target})
	p.list = newFindings(s, func(f delivery.Finding) bool { return f.Part == "text" }).short()
	p.root = kit.NewFilled(widgets.Ends(widgets.HFill(12, p.tags, p.note), p.derive), p.edit, p.list.object())
	s.Watch(p.render)
	p.render()
	return p
}

func (p *plain) render() {
	c := p.s.Env().Text
	ok, _ := p.s.Editable()
	k := p.s.Draft().Content
	own := strings.TrimSpace(k.Text) != ""
	p.note.Set(state.TextNote(c, k))
	kit.Show(p.derive, own && strings.TrimSpace(k.HTML) != "")
	p.derive.SetEnabled(ok)
	p.tags.SetEnabled(ok)
	p.edit.SetEnabled(ok)
	if own {
		p.edit.SetText(k.Text)
		return
	}
	// While it is derived, what stands here changes with the HTML; a text that was
	// emptied by hand is derived again.
	p.edit.SetText(p.s.Derived())
}

// Find implements session.Finder.
func (p *plain) Find(line, column int) {
	if line > 0 {
		p.edit.Goto(line, column)
	}
	p.s.Env().Window.Canvas().Focus(p.edit.Target())
}

// Search opens the bar for searching.
func (p *plain) Search() { p.edit.Open(false) }

func (p *plain) Content() fyne.CanvasObject { return p.root }
func (p *plain) Shown(bool)                 {}
func (p *plain) Close()                     {}
