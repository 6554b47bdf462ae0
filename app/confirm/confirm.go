// Package confirm is the flow that lets a plan go, and the other questions that
// must not be answered by accident. Its dialogs call back exactly once, Escape
// and Cancel are no, Return does nothing, and nothing below them can be reached
// while they are open.
//
// Everything here lives on the UI goroutine.
package confirm

import (
	"strconv"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// labels is the width of the labels of the plan's facts.
const labels float32 = 118

// Dialog is the open confirm dialog.
type Dialog struct {
	*widgets.SafeDialog
	gate state.Gate
}

// Show opens the dialog of a plan. done is called once: true for OK.
func Show(w fyne.Window, c *text.Catalog, m state.Confirm, done func(bool)) *Dialog {
	rows := make([]widgets.FactRow, len(m.Rows))
	for i, r := range m.Rows {
		rows[i] = widgets.FactRow{Label: r.Label, Value: r.Value, Rest: r.Note, Tone: look.Tone(r.Tone)}
		if len(r.Lines) > 0 {
			rows[i].Link = c.T("common.show")
			rows[i].OnTap = func() { List(w, c, r.Label, r.Lead, state.Quiet, kit.Lines(r.Lines)) }
		}
	}
	d := &Dialog{gate: m.Gate}
	d.SafeDialog = widgets.ShowSafe(w, widgets.Question{Title: m.Title, Subtitle: m.Lead, Content: widgets.NewFactTable(labels, rows...),
		Note: m.Plan, OK: m.OK, Cancel: c.T("common.cancel")}, done)
	if m.Gate.Text != "" {
		d.Require(m.Gate.Text, d.number())
	}
	return d
}

func (d *Dialog) number() string { return strconv.FormatInt(d.gate.Number, 10) }

// Fill types the number that the dialog asks for, if it does.
func (d *Dialog) Fill() {
	if d.gate.Text != "" {
		d.Type(d.number())
	}
}

// Question is a yes or no.
type Question struct {
	Title    string
	Sentence string
	OK       string
	Cancel   string
}

// narrow is the width of a dialog with a sentence or two.
const narrow float32 = 480

// Ask opens a question whose yes does harm. done is called once; true for OK.
func Ask(w fyne.Window, q Question, done func(bool)) {
	widgets.ShowSafe(w, widgets.Question{Title: q.Title, Content: kit.NewText(kit.Body, q.Sentence).Wrap(),
		OK: q.OK, Cancel: q.Cancel, Danger: true, Width: narrow}, done)
}

// List shows lines to read, with one way out. The lead has a tone.
func List(w fyne.Window, c *text.Catalog, title, lead string, tone state.Tone, lines []kit.ListLine) *widgets.SafeDialog {
	return widgets.ShowSafe(w, widgets.Question{Title: title, Content: kit.NewList(lead, tone, lines), Cancel: c.T("common.close")},
		func(bool) {})
}
