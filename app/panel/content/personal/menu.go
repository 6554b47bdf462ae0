package personal

import (
	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// Target is the text that is made personal.
type Target struct {
	Insert  func(liquid string)          // puts a tag at the cursor, in place of what is selected
	Enclose func(before, behind string)  // puts a condition around what is selected; nil: none are offered
	Focus   func() fyne.Focusable        // what has the keyboard afterwards; may be nil
	Links   func(url, label string) bool // inserts a link when it can; nil or false: the bare tag is inserted
}

// NewButton makes the button that opens the menu.
func NewButton(s *session.Session, t Target) *kit.Button {
	b := kit.NewButton(s.Env().Text.T("tag.menu"), widgets.IconBraces, state.QuietButton, nil)
	b.SetOnTap(func() { Show(s, b, t) })
	return b
}

// NewIcon makes a small one, for a field of one line.
func NewIcon(s *session.Session, t Target) *kit.Button {
	b := kit.NewIconButton(widgets.IconBraces, s.Env().Text.T("tag.menu"), nil)
	b.SetOnTap(func() { Show(s, b, t) })
	return b
}

// Show opens the menu below a thing. What it inserts is one step back.
func Show(s *session.Session, at fyne.CanvasObject, t Target) {
	insert := t.Insert
	t.Insert = func(liquid string) { s.Settle(); insert(liquid); s.Settle() }
	if enclose := t.Enclose; enclose != nil {
		t.Enclose = func(before, behind string) { s.Settle(); enclose(before, behind); s.Settle() }
	}
	c := s.Env().Text
	var items []widgets.MenuItem
	if t.Enclose != nil && len(s.Fields()) > 0 {
		items = append(items, widgets.MenuItem{Label: c.T("tag.only_if"), Icon: widgets.IconBranch, OnTap: func() { only(s, t) }}, widgets.MenuItem{})
	}
	for _, f := range s.Fields() {
		items = append(items, widgets.MenuItem{Label: state.FieldLine(c, f, s.Value(f)), OnTap: func() { field(s, t, f) }})
	}
	if len(s.Fields()) > 0 {
		items = append(items, widgets.MenuItem{})
	}
	for _, x := range state.Specials(c) {
		items = append(items, widgets.MenuItem{Label: x.Label, OnTap: func() { special(s, t, x) }})
	}
	widgets.ShowSearchMenu(at, c.T("tag.search"), items...)
}

// special inserts what is there for everybody.
func special(s *session.Session, t Target, x state.Special) {
	if x.Date {
		field(s, t, delivery.Field{Name: x.Name, Type: delivery.FieldDate, Label: x.Label, Sample: s.Env().Now().Format("2006-01-02")})
		return
	}
	tag := state.Tag{Field: x.Name}.Liquid()
	if x.Name != "unsubscribe_url" || t.Links == nil || !t.Links(tag, s.Env().Text.T("tag.unsubscribe")) {
		t.Insert(tag)
	}
	t.back(s)
}

// back gives the keyboard to the text again.
func (t Target) back(s *session.Session) {
	if t.Focus != nil {
		if f := t.Focus(); f != nil {
			s.Env().Window.Canvas().Focus(f)
		}
	}
}
