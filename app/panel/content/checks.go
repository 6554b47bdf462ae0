package content

import (
	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
)

// checks is the tab with what was found.
type checks struct {
	s    *session.Session
	root fyne.CanvasObject
	list *fyne.Container
}

func newChecks(s *session.Session) session.Pane {
	p := &checks{s: s, list: kit.VStack(8)}
	p.root = kit.NewScroll(p.list)
	s.Watch(p.render)
	p.render()
	return p
}

func (p *checks) render() {
	c := p.s.Env().Text
	fs, known := p.s.Findings()
	var os []fyne.CanvasObject
	for _, f := range fs {
		os = append(os, kit.NewText(kit.Body, c.Finding(f)).Wrap())
	}
	switch {
	case len(os) > 0:
	case known:
		os = append(os, kit.NewText(kit.Muted, c.T("content.checks_none")))
	default:
		os = append(os, kit.NewText(kit.Muted, c.T("content.checks_wait")))
	}
	kit.Replace(p.list, os)
}

func (p *checks) Content() fyne.CanvasObject { return p.root }
func (p *checks) Shown(bool)                 {}
func (p *checks) Close()                     {}
