// Package confirm is the flow that lets a plan go, and the other questions that
// must not be answered by accident. Its dialogs call back exactly once, Escape
// and a click on Cancel are no, Return does nothing, and nothing below them can
// be reached while they are open.
//
// Everything here lives on the UI goroutine.
package confirm

import (
	"strconv"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/app/text"
)

// Dialog is the open confirm dialog.
type Dialog struct {
	m     state.Confirm
	modal *kit.Modal
	ok    *kit.Button
	entry *kit.Entry // nil without a gate
	done  func(bool)
	over  bool
}

// Show opens the dialog of a plan. done is called once: true for OK.
func Show(w fyne.Window, c *text.Catalog, m state.Confirm, done func(bool)) *Dialog {
	d := &Dialog{m: m, done: done}
	rows := kit.NewRows()
	for _, r := range m.Rows {
		var open func()
		if len(r.Lines) > 0 {
			open = func() { List(w, c, r.Label, r.Lead, kit.Lines(r.Lines)) }
		}
		rows.Add(r.Label, r.Value, r.Note, r.Tone, c.T("common.show"), open)
	}
	body := []fyne.CanvasObject{rows.Object()}
	if m.Gate.Text != "" {
		d.entry = kit.NewEntry("")
		d.entry.OnChange(func(string) { d.gate() })
		body = append(body, kit.NewGate(m.Gate.Text, d.entry))
	}
	cancel := kit.NewButton(c.T("common.cancel"), kit.IconNone, state.Outlined, func() { d.end(false) })
	d.ok = kit.NewButton(m.OK, kit.IconNone, state.Primary, func() { d.end(true) })
	d.gate()
	d.modal = kit.ShowModal(w, kit.ModalSpec{Title: m.Title, Lead: m.Lead, Body: body, Corner: m.Plan,
		Buttons: []*kit.Button{cancel, d.ok}, Escape: func() { d.end(false) }})
	return d
}

// gate lets OK be pressed once the number was typed.
func (d *Dialog) gate() { d.ok.SetEnabled(d.open()) }

func (d *Dialog) open() bool {
	return d.entry == nil || d.m.Gate.Open(d.entry.Value())
}

// end answers once; what comes after the first answer is nothing.
func (d *Dialog) end(yes bool) {
	if d.over || yes && !d.open() {
		return
	}
	d.over = true
	d.modal.Close()
	d.done(yes)
}

// Fill types the number that the dialog asks for.
func (d *Dialog) Fill() {
	if d.entry != nil {
		d.entry.SetText(strconv.FormatInt(d.m.Gate.Number, 10))
	}
}

// Accept presses OK; false when it cannot be pressed.
func (d *Dialog) Accept() bool {
	if d.over || !d.open() {
		return false
	}
	d.ok.Tapped(nil)
	return true
}

// Cancel presses Cancel.
func (d *Dialog) Cancel() { d.end(false) }

// Question is a yes or no.
type Question struct {
	Title    string
	Sentence string
	OK       string
	Cancel   string
	Danger   bool
}

// Ask opens a question. done is called once; true when OK was pressed.
func Ask(w fyne.Window, q Question, done func(bool)) {
	var m *kit.Modal
	over := false
	end := func(yes bool) {
		if over {
			return
		}
		over = true
		m.Close()
		done(yes)
	}
	weight := state.Primary
	if q.Danger {
		weight = state.Danger
	}
	cancel := kit.NewButton(q.Cancel, kit.IconNone, state.Outlined, func() { end(false) })
	ok := kit.NewButton(q.OK, kit.IconNone, weight, func() { end(true) })
	m = kit.ShowModal(w, kit.ModalSpec{Title: q.Title, Narrow: true,
		Body:    []fyne.CanvasObject{kit.NewText(kit.Body, q.Sentence).Wrap()},
		Buttons: []*kit.Button{cancel, ok}, Escape: func() { end(false) }})
}

// List shows lines to read, with one way out.
func List(w fyne.Window, c *text.Catalog, title, lead string, lines []kit.ListLine) {
	ListTone(w, c, title, lead, state.Quiet, lines)
}

// ListTone is List with a coloured lead.
func ListTone(w fyne.Window, c *text.Catalog, title, lead string, tone state.Tone, lines []kit.ListLine) {
	var m *kit.Modal
	end := func() { m.Close() }
	var body []fyne.CanvasObject
	if lead != "" {
		t := kit.NewText(kit.Body, lead).Wrap()
		kit.SetTone(t, tone)
		body = append(body, t)
	}
	if len(lines) > 0 {
		body = append(body, kit.NewList(lines))
	}
	m = kit.ShowModal(w, kit.ModalSpec{Title: title, Body: body, Escape: end,
		Buttons: []*kit.Button{kit.NewButton(c.T("common.close"), kit.IconNone, state.Outlined, end)}})
}
