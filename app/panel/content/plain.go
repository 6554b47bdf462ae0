package content

import (
	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/engine/delivery"
)

// plain is the tab with the text part.
type plain struct {
	s    *session.Session
	edit *kit.Entry
}

func newPlain(s *session.Session) session.Pane {
	p := &plain{s: s, edit: kit.NewArea(s.Env().Text.T("edit.text_hint"), 7, false)}
	bind(s, "text", p.edit, func(d *delivery.Draft) *string { return &d.Content.Text })
	return p
}

func (p *plain) Content() fyne.CanvasObject { return p.edit }
func (p *plain) Shown(bool)                 {}
func (p *plain) Close()                     {}
