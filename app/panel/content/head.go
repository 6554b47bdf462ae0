package content

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/app/panel/content/personal"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

const (
	// prefHead says whether a person wants the head folded or open; empty: nobody said.
	prefHead = "content.head"
	// lowWindow is the height below which the head is folded when nobody said: the
	// letter and its preview need the room.
	lowWindow float32 = 760
)

// head is sender, subject and preheader, and how inboxes show them. Folded it is
// the subject alone, with how long it is.
type head struct {
	s       *session.Session
	root    *fyne.Container
	box     *headBox
	from    *kit.Entry
	subject *kit.Entry
	pre     *kit.Entry
	count   *kit.Text
	said    *kit.Text
	fold    *kit.Button
	inbox   *inbox
	rows    []fyne.CanvasObject // those that fold away
	folded  bool
	tools   []*kit.Button
	refit   func() // the screen gives it another height
}

func newHead(s *session.Session) *head {
	env := s.Env()
	c := env.Text
	h := &head{s: s, from: kit.NewEntry(c.T("edit.from_hint")), subject: kit.NewEntry(""), pre: kit.NewEntry(c.T("edit.preheader_hint")),
		count: kit.NewText(kit.Small, "").Slot(24).Right(), said: kit.NewText(kit.Small, "").Trim(), inbox: newInbox(s)}
	bind(s, "from", h.from, func(d *delivery.Draft) *string { return &d.Content.From })
	bind(s, "subject", h.subject, func(d *delivery.Draft) *string { return &d.Content.Subject })
	bind(s, "preheader", h.pre, func(d *delivery.Draft) *string { return &d.Content.Preheader })
	h.fold = kit.NewIconButton(widgets.IconFold, "", func() {
		wanted := "folded"
		if h.folded {
			wanted = "open"
		}
		env.Prefs.SetString(prefHead, wanted)
		h.setFolded(!h.folded)
	})
	from := line(c.T("edit.from"), h.from, kit.NewText(kit.Small, ""))
	subject := line(c.T("edit.subject"), h.subject, append(h.extras(h.subject), h.count, h.fold)...)
	below := line("", h.said)
	pre := line(c.T("edit.preheader"), h.pre, h.extras(h.pre)...)
	h.rows = []fyne.CanvasObject{from, below, pre}
	h.box = &headBox{}
	h.root = container.New(h.box, kit.VStack(6, from, subject, below, pre), h.inbox.phone, h.inbox.desktop)
	h.setFolded(env.Prefs.String(prefHead) == "folded")
	s.Watch(h.render)
	h.render()
	return h
}

// extras are the buttons of a field: emoji, and what makes it personal.
func (h *head) extras(e *kit.Entry) []fyne.CanvasObject {
	emoji := kit.NewIconButton(widgets.IconEmoji, h.s.Env().Text.T("emoji.insert"), nil)
	emoji.SetOnTap(func() { pickEmoji(h.s, emoji, e) })
	tags := personal.NewIcon(h.s, personal.Target{Insert: e.Insert, Enclose: e.Enclose, Focus: e.Target})
	h.tools = append(h.tools, emoji, tags)
	return []fyne.CanvasObject{emoji, tags}
}

// setFolded leaves the subject alone, or shows everything.
func (h *head) setFolded(on bool) {
	h.folded, h.box.folded = on, on
	for _, o := range h.rows {
		kit.Show(o, !on)
	}
	icon, word := widgets.IconFold, "fold"
	if on {
		icon, word = widgets.IconDown, "unfold"
	}
	h.fold.SetIcon(icon)
	h.fold.SetToolTip(h.s.Env().Text.T("content." + word))
	kit.Show(h.count, on) // unfolded it is said below the subject
	h.root.Refresh()
	if h.refit != nil {
		h.refit()
	}
}

// begin folds the head, unless a person wants it otherwise, where the window is low
// and what it asks for is written.
func (h *head) begin() {
	env, k := h.s.Env(), h.s.Draft().Content
	height := env.Window.Canvas().Size().Height
	low := height > 0 && height < lowWindow // 0: the window is not shown yet
	if low && env.Prefs.String(prefHead) == "" && k.From != "" && k.Subject != "" {
		h.setFolded(true)
	}
}

func (h *head) object() fyne.CanvasObject { return h.root }

func (h *head) render() {
	c := h.s.Env().Text
	b := h.s.Inbox()
	n := state.Characters(b.Subject)
	h.count.Set(c.Number(int64(n)))
	said, tone := state.Counter(c, b.Subject)
	h.said.Set(said)
	kit.SetTone(h.said, tone)
	kit.SetTone(h.count, tone)
	ok, _ := h.s.Editable()
	for _, t := range h.tools {
		t.SetEnabled(ok)
	}
	h.inbox.render()
}

// visit gives the keyboard to a field by its name.
func (h *head) visit(field string) {
	e := map[string]*kit.Entry{"from": h.from, "subject": h.subject, "preheader": h.pre}[field]
	if e == nil {
		return
	}
	if h.folded && e != h.subject {
		h.setFolded(false)
	}
	h.s.Env().Window.Canvas().Focus(e.Target())
}

// bind keeps an entry and a string of the draft the same. Undo in the entry is
// that of the draft.
func bind(s *session.Session, kind string, e *kit.Entry, of func(*delivery.Draft) *string) {
	showing := false
	show := func() {
		d := s.Draft()
		showing = true
		e.Present(*of(&d))
		showing = false
		ok, _ := s.Editable()
		e.SetEnabled(ok)
	}
	e.SetOnChanged(func(v string) {
		if !showing {
			s.Edit(kind, func(d *delivery.Draft) { *of(d) = v })
		}
	})
	e.SetOnUndo(func(redo bool) { step(s, redo) })
	show()
	s.Watch(show)
}

// Widths of the names before fields, and of what stands behind them: the fields
// have one right edge.
const (
	headings     float32 = 84
	behindFields float32 = 130
)

// line is a field with its name before and things behind it.
func line(name string, field fyne.CanvasObject, behind ...fyne.CanvasObject) fyne.CanvasObject {
	label := widgets.Sized(headings, 0, widgets.HStack(0, kit.NewText(kit.Muted, name)))
	if len(behind) == 0 {
		return widgets.HFill(0, label, field)
	}
	return widgets.HFill(0, label, kit.PairEnd(field, widgets.Sized(behindFields, 0, kit.HStack(2, behind...))))
}
