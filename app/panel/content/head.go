package content

import (
	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
)

// head is sender, subject and preheader.
type head struct {
	s       *session.Session
	root    fyne.CanvasObject
	from    *kit.Entry
	subject *kit.Entry
	pre     *kit.Entry
	count   *kit.Text
}

func newHead(s *session.Session) *head {
	c := s.Env().Text
	h := &head{s: s, from: kit.NewEntry(c.T("edit.from_hint")), subject: kit.NewEntry(""), pre: kit.NewEntry(c.T("edit.preheader_hint")),
		count: kit.NewText(kit.Small, "")}
	bind(s, "from", h.from, func(d *delivery.Draft) *string { return &d.Content.From })
	bind(s, "subject", h.subject, func(d *delivery.Draft) *string { return &d.Content.Subject })
	bind(s, "preheader", h.pre, func(d *delivery.Draft) *string { return &d.Content.Preheader })
	h.root = kit.NewFields(kit.Field{Label: c.T("edit.from"), Input: h.from},
		kit.Field{Label: c.T("edit.subject"), Input: h.subject, Below: h.count}, kit.Field{Label: c.T("edit.preheader"), Input: h.pre})
	s.Watch(h.render)
	return h
}

// bind keeps an entry and a string of the draft the same. Undo in the entry is
// that of the draft.
func bind(s *session.Session, kind string, e *kit.Entry, of func(*delivery.Draft) *string) {
	show := func() {
		d := s.Draft()
		e.SetText(*of(&d))
		ok, _ := s.Editable()
		e.SetEnabled(ok)
	}
	e.SetOnChanged(func(v string) { s.Edit(kind, func(d *delivery.Draft) { *of(d) = v }) })
	e.SetOnUndo(func(redo bool) {
		if redo {
			s.Redo()
			return
		}
		s.Undo()
	})
	show()
	s.Watch(show)
}

func (h *head) object() fyne.CanvasObject { return h.root }

func (h *head) render() {
	s, tone := state.Counter(h.s.Env().Text, h.s.Draft().Content.Subject)
	h.count.Set(s)
	kit.SetTone(h.count, tone)
}

// visit gives the keyboard to a field by its name.
func (h *head) visit(field string) {
	e := map[string]*kit.Entry{"from": h.from, "subject": h.subject, "preheader": h.pre}[field]
	if e != nil {
		h.s.Env().Window.Canvas().Focus(e.Target())
	}
}
