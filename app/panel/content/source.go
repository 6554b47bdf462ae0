package content

import (
	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/engine/delivery"
)

// source is the tab with the HTML as it is written.
type source struct {
	s    *session.Session
	edit *kit.Entry
}

func newSource(s *session.Session) session.Pane {
	p := &source{s: s, edit: kit.NewArea("", 7, true)}
	bind(s, "html", p.edit, func(d *delivery.Draft) *string { return &d.Content.HTML })
	return p
}

func (p *source) Content() fyne.CanvasObject { return p.edit }
func (p *source) Shown(bool)                 {}
func (p *source) Close()                     {}
