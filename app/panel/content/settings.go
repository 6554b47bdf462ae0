package content

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// settings is the tab with what belongs to the delivery and is no text of it.
type settings struct {
	s        *session.Session
	root     fyne.CanvasObject
	relays   *relays
	language *widgets.Select
	images   *widgets.Radio
	files    *attachments
}

func newSettings(s *session.Session) session.Pane {
	c := s.Env().Text
	p := &settings{s: s}
	label, reply := kit.NewEntry(c.T("edit.label_hint")), kit.NewEntry(c.T("edit.reply_to_hint"))
	bind(s, "label", label, func(d *delivery.Draft) *string { return &d.Label })
	bind(s, "reply_to", reply, func(d *delivery.Draft) *string { return &d.Content.ReplyTo })
	p.relays = newRelays(s)
	codes, names := state.ContentLanguages(c)
	p.language = widgets.NewSelect(names, "", func(i int) {
		s.Edit("", func(d *delivery.Draft) { d.Content.Language = codes[i] })
	}).Searchable(c.T("content.language_search"))
	p.images = kit.NewRadio([]string{c.T("content.images_embed"), c.T("content.images_link")}, func(i int) {
		s.Edit("", func(d *delivery.Draft) {
			d.Content.Images = []delivery.ImageMode{delivery.ImagesEmbed, delivery.ImagesLink}[i]
		})
	})
	left := kit.NewSurface(kit.NewFields(kit.Field{Label: c.T("edit.label"), Input: label}, kit.Field{Label: c.T("edit.reply_to"), Input: reply},
		kit.Field{Label: c.T("edit.account"), Input: p.relays.box}))
	right := kit.NewSurface(kit.NewFields(kit.Field{Label: c.T("content.language"), Input: p.language, Below: kit.NewText(kit.Small, c.T("content.language_note")).Wrap()},
		kit.Field{Label: c.T("content.images"), Input: p.images}))
	p.files = newAttachments(s)
	p.root = kit.NewScroll(kit.VStack(kit.Gap, widgets.Split(760, kit.Gap, 0.5, left, right), kit.NewSurface(p.files.box)))
	s.Watch(func() { p.render(codes) })
	p.render(codes)
	return p
}

func (p *settings) render(codes []string) {
	ok, _ := p.s.Editable()
	k := p.s.Draft().Content
	p.language.SetSelected(max(0, slices.Index(codes, k.Language)))
	p.language.SetEnabled(ok)
	p.images.SetSelected(0)
	if k.Images == delivery.ImagesLink {
		p.images.SetSelected(1)
	}
	p.relays.render()
	p.files.render()
}

func (p *settings) Content() fyne.CanvasObject { return p.root }
func (p *settings) Shown(bool)                 {}
func (p *settings) Close()                     {}
