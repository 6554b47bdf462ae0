package content

import (
	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/engine/delivery"
)

// settings is the tab with what belongs to the delivery and is no text of it.
type settings struct {
	root fyne.CanvasObject
}

func newSettings(s *session.Session) session.Pane {
	c := s.Env().Text
	label, reply := kit.NewEntry(c.T("edit.label_hint")), kit.NewEntry(c.T("edit.reply_to_hint"))
	bind(s, "label", label, func(d *delivery.Draft) *string { return &d.Label })
	bind(s, "reply_to", reply, func(d *delivery.Draft) *string { return &d.Content.ReplyTo })
	return &settings{kit.NewScroll(kit.NewFields(kit.Field{Label: c.T("edit.label"), Input: label}, kit.Field{Label: c.T("edit.reply_to"), Input: reply}))}
}

func (p *settings) Content() fyne.CanvasObject { return p.root }
func (p *settings) Shown(bool)                 {}
func (p *settings) Close()                     {}
