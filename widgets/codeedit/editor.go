package codeedit

import (
	"strings"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets"
	"sendoff/widgets/codeedit/lex"
	"sendoff/widgets/look"
)

// Mark is a remark at a place of the text. Line and Column count letters from 1.
type Mark struct {
	Line, Column int
	Text         string
	Tone         look.Tone // red or amber
}

// Editor is a text being edited.
type Editor struct {
	widget.BaseWidget
	buf    *buffer
	area   *area
	scroll *container.Scroll
	body   fyne.CanvasObject
	frame  *widgets.Box

	cursor, anchor pos // the selection is between them
	goal           int // cell that the cursor keeps when it goes up and down; -1: its own
	marks          []Mark
	spots          []pos // of the marks; they move with the text
	enabled        bool
	shift          bool
	released       bool // Tab leaves the editor
	label          string

	after     func(time.Duration, func())
	onChanged func(string)
	onUndo    func(redo bool)
	onFind    func(replace bool)
	onNext    func(back bool)
	onMenu    func(at fyne.CanvasObject)
	onMoved   func()
	last      pos // that onMoved was told of
}

// New makes an empty editor; label is what it is called. after calls a function on the UI goroutine later.
func New(label string, after func(time.Duration, func())) *Editor {
	e := &Editor{label: label, buf: newBuffer(), goal: -1, enabled: true, after: after}
	e.area = newArea(e)
	e.scroll, e.body = widgets.NewScroller(e.area)
	e.scroll.OnScrolled = func(fyne.Position) { e.area.draw() }
	e.frame = widgets.NewBox(look.Surface, look.Line, look.RadiusSmall, widgets.Pad(1, 1), e.body)
	e.ExtendBaseWidget(e)
	return e
}

// SetOnChanged is called with the whole text after every change that a person
// makes.
func (e *Editor) SetOnChanged(f func(string)) { e.onChanged = f }

// SetOnUndo is called when a person wants to go back or forth.
func (e *Editor) SetOnUndo(f func(redo bool)) { e.onUndo = f }

// SetPlain makes it an editor of plain text, in which only Liquid has colours.
func (e *Editor) SetPlain() { e.buf.start, e.buf.read = lex.PlainText(), 0 }

// SetOnMoved is called when the cursor is elsewhere.
func (e *Editor) SetOnMoved(f func()) { e.onMoved = f }

// SetOnMenu is called when the menu of the text is asked for, with what it opens
// at.
func (e *Editor) SetOnMenu(f func(at fyne.CanvasObject)) { e.onMenu = f }

// Target is what gets the keyboard.
func (e *Editor) Target() fyne.Focusable { return e.area }

// Text is all of it.
func (e *Editor) Text() string { return e.buf.text() }

// SetText shows another text. Where most of it stays, the cursor stays too, or
// goes where the change is.
func (e *Editor) SetText(s string) {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	empty := len(e.buf.rows) == 1 && e.buf.lines[0] == ""
	from, to, end := e.buf.set(s)
	if from == to && from == end {
		return
	}
	e.shiftMarks(from, to, end)
	if e.cursor, e.anchor, e.goal = end, end, -1; empty {
		e.cursor, e.anchor = pos{}, pos{}
	}
	e.area.resized()
	e.reveal()
}

// SetEnabled lets it be changed or only read.
func (e *Editor) SetEnabled(on bool) {
	if on != e.enabled {
		e.enabled = on
		e.area.draw()
	}
}

// Selected is the text that is selected.
func (e *Editor) Selected() string {
	from, to := e.selection()
	return e.buf.slice(from, to)
}

// selection is between what, in order.
func (e *Editor) selection() (from, to pos) {
	if e.cursor.before(e.anchor) {
		return e.cursor, e.anchor
	}
	return e.anchor, e.cursor
}

// Insert puts a text in the place of the selection.
func (e *Editor) Insert(s string) { e.Enclose(s, "") }

// Enclose puts one text before and one behind the selection; the cursor is between
// them when nothing is selected.
func (e *Editor) Enclose(before, behind string) {
	if !e.enabled {
		return
	}
	inside := ""
	if behind != "" {
		inside = e.Selected()
	}
	from, to := e.selection()
	at := e.replace(from, to, before+inside)
	e.replace(at, at, behind)
	e.cursor, e.anchor = at, at
	e.changed()
}

// replace puts s between two places; marks behind them move along.
func (e *Editor) replace(from, to pos, s string) pos {
	end := e.buf.replace(from, to, s)
	e.shiftMarks(from, to, end)
	return end
}

func (e *Editor) shiftMarks(from, to, end pos) {
	for i, p := range e.spots {
		switch {
		case p.before(to) && !p.before(from):
			e.spots[i] = from
		case !p.before(to) && p.line == to.line:
			e.spots[i] = pos{end.line, p.col - to.col + end.col}
		case p.line > to.line:
			e.spots[i].line += end.line - to.line
		}
	}
}

// edit replaces what is between two places and puts the cursor behind it.
func (e *Editor) edit(from, to pos, s string) {
	if !e.enabled || from == to && s == "" {
		return
	}
	e.cursor = e.replace(from, to, s)
	e.anchor = e.cursor
	e.changed()
}

// changed shows a change that a person made.
func (e *Editor) changed() {
	e.goal = -1
	e.area.resized()
	e.reveal()
	if e.onChanged != nil {
		e.onChanged(e.buf.text())
	}
}

// move puts the cursor somewhere; with keep the selection grows.
func (e *Editor) move(p pos, keep bool) {
	e.cursor = e.buf.clamp(p)
	if !keep {
		e.anchor = e.cursor
	}
	e.reveal()
}

// Goto puts the cursor at a line and a column, counted in letters from 1, and
// shows it in the middle.
func (e *Editor) Goto(line, column int) {
	p := e.place(line, column)
	e.cursor, e.anchor, e.goal = p, p, -1
	e.center()
}

// place is the place of a letter.
func (e *Editor) place(line, column int) pos {
	p := e.buf.clamp(pos{line - 1, 0})
	if p.line != line-1 {
		return p
	}
	for l := e.buf.lines[p.line]; column > 1 && p.col < len(l); column-- {
		_, n := utf8.DecodeRuneInString(l[p.col:])
		p.col += n
	}
	return p
}

// Cursor is the line and the column of the cursor, counted in letters from 1.
func (e *Editor) Cursor() (line, column int) {
	return e.cursor.line + 1, utf8.RuneCountInString(e.buf.lines[e.cursor.line][:e.cursor.col]) + 1
}

// SetMarks replaces the remarks.
func (e *Editor) SetMarks(marks []Mark) {
	e.marks, e.spots = marks, e.spots[:0]
	for _, m := range marks {
		e.spots = append(e.spots, e.place(max(1, m.Line), m.Column))
	}
	e.area.hush()
	e.area.draw()
}

// NextMark goes to the next remark behind the cursor, or before it, and around
// the end; false without one.
func (e *Editor) NextMark(back bool) bool {
	best := -1
	var at pos
	better := func(p, q pos) bool { return p.before(q) }
	if back {
		better = func(p, q pos) bool { return q.before(p) }
	}
	for round := range 2 {
		for i, p := range e.spots {
			if (round == 1 || better(e.cursor, p)) && (best < 0 || better(p, at)) {
				best, at = i, p
			}
		}
		if best >= 0 {
			break
		}
	}
	if best < 0 {
		return false
	}
	e.cursor, e.anchor, e.goal = at, at, -1
	e.center()
	e.area.tell(best)
	return true
}

// CreateRenderer implements fyne.Widget.
func (e *Editor) CreateRenderer() fyne.WidgetRenderer { return &editorRenderer{e} }

type editorRenderer struct{ e *Editor }

func (r *editorRenderer) Destroy()                     {}
func (r *editorRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.e.frame} }
func (r *editorRenderer) MinSize() fyne.Size           { return fyne.NewSize(200, 4*rowHeight) }
func (r *editorRenderer) Layout(s fyne.Size) {
	r.e.frame.Resize(s)
	r.e.area.fit(s.Width - 2)
	r.e.area.draw()
}
func (r *editorRenderer) Refresh() {
	r.e.frame.Refresh()
	r.e.area.draw()
}
