package content

import (
	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/widgets"
)

// Leave goes on once this screen can be left. What is written is saved, which can
// be undone; only where that breaks a plan, or does not work, a person is asked.
func (p *Panel) Leave(then func()) {
	switch {
	case !p.s.Dirty():
		then()
	case p.s.Seals():
		p.ask(p.env.Text.T("content.leave_sentence"), then)
	default:
		p.leaveSaved(then)
	}
}

func (p *Panel) leaveSaved(then func()) {
	p.s.Save(func(err error) {
		switch {
		case p.closed:
		case err != nil:
			p.ask(p.env.Text.Error(err), then)
		default:
			then()
		}
	})
}

// ask lets a person save, keep what is written as a draft, or stay.
func (p *Panel) ask(sentence string, then func()) {
	c := p.env.Text
	var form *widgets.Form
	keep := kit.NewButton(c.T("content.leave_keep"), kit.IconNone, state.QuietButton, func() {
		form.Close()
		p.env.Toast(c.T("content.left"), state.Blue)
		then()
	})
	form = widgets.ShowForm(p.env.Window, widgets.FormSpec{Title: c.T("content.leave_title"), Content: kit.NewText(kit.Body, sentence).Wrap(),
		Save: c.T("content.leave_save"), Cancel: c.T("content.leave_stay"), Left: keep, Width: 520, OnSave: func(f *widgets.Form) {
			f.Close()
			p.leaveSaved(then)
		}})
}

// CanUndo and CanRedo report whether there is a way back and forth.
func (p *Panel) CanUndo() bool { return p.s.CanUndo() }

// CanRedo reports whether something was taken back.
func (p *Panel) CanRedo() bool { return p.s.CanRedo() }

// Load puts a file in the place of what is written, once it was read.
func (p *Panel) Load(path string) {
	if i := p.tab(TabSource); i >= 0 && p.ready {
		p.choose(i)
	}
	p.whenReady(func() { load(p.s, path) })
}

// whenReady does something now, or as soon as the delivery was read.
func (p *Panel) whenReady(f func()) {
	if p.ready {
		f()
		return
	}
	p.waiting = append(p.waiting, f)
}

// Find opens the search of what is shown.
func (p *Panel) Find() {
	if p.shown >= 0 {
		if x, ok := p.panes[p.shown].(interface{ Search() }); ok {
			x.Search()
		}
	}
}

// Focus gives the keyboard to the subject when nothing is written yet, else to
// what is shown.
func (p *Panel) Focus() {
	p.whenReady(func() {
		var f fyne.Focusable = p.head.subject.Target()
		if x, ok := p.panes[p.shown].(interface{ Target() fyne.Focusable }); ok && p.s.Draft().Content.Subject != "" {
			f = x.Target()
		}
		p.env.Window.Canvas().Focus(f)
	})
}

var _ session.Finder = (*source)(nil)
