package codeedit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// at is the place of the text under a point of the area.
func (a *area) at(p fyne.Position) pos {
	i := max(0, min(len(a.e.buf.rows)-1, int((p.Y-padding)/rowHeight)))
	if a.cell <= 0 {
		return pos{}
	}
	return a.e.buf.in(i, max(0, (p.X-a.gutter-padding)/a.cell))
}

// MouseDown implements desktop.Mouseable.
func (a *area) MouseDown(m *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(a); c != nil && !a.focused {
		c.Focus(a)
	}
	p := a.at(m.Position)
	if m.Button == desktop.MouseButtonSecondary {
		from, to := a.e.selection()
		if p.before(from) || !p.before(to) {
			a.e.move(p, false)
		}
		return
	}
	a.e.goal = -1
	a.e.move(p, m.Modifier&fyne.KeyModifierShift != 0)
}

// MouseUp implements desktop.Mouseable.
func (a *area) MouseUp(*desktop.MouseEvent) {}

// Dragged implements fyne.Draggable.
func (a *area) Dragged(d *fyne.DragEvent) {
	a.e.goal = -1
	a.e.move(a.at(d.Position), true)
}

// DragEnd implements fyne.Draggable.
func (a *area) DragEnd() {}

// DoubleTapped implements fyne.DoubleTappable: it selects a word.
func (a *area) DoubleTapped(p *fyne.PointEvent) {
	at := a.at(p.Position)
	line := a.e.buf.lines[at.line]
	a.e.anchor = pos{at.line, wordLeft(line, next(line, at.col))}
	end := at.col
	for end < len(line) {
		n := next(line, end)
		if !wordRune([]rune(line[end:n])[0]) {
			break
		}
		end = n
	}
	a.e.move(pos{at.line, max(end, a.e.anchor.col)}, true)
}

// TappedSecondary implements fyne.SecondaryTappable.
func (a *area) TappedSecondary(*fyne.PointEvent) {
	if a.e.onMenu != nil {
		a.e.onMenu(a.caret)
	}
}

// Cursor implements desktop.Cursorable.
func (a *area) Cursor() desktop.Cursor { return desktop.TextCursor }

// MouseIn implements desktop.Hoverable.
func (a *area) MouseIn(m *desktop.MouseEvent) { a.MouseMoved(m) }

// MouseMoved implements desktop.Hoverable: it tells what is wrong under the
// pointer.
func (a *area) MouseMoved(m *desktop.MouseEvent) {
	if len(a.e.marks) == 0 {
		return
	}
	i := int((m.Position.Y - padding) / rowHeight)
	if i < 0 || i >= len(a.e.buf.rows) {
		a.hush()
		return
	}
	r := a.e.buf.rows[i]
	for n, p := range a.e.spots {
		if p.line != r.line {
			continue
		}
		from, to := a.reach(n)
		if m.Position.X < a.gutter || a.e.buf.rowOf(p) == i && m.Position.X >= a.x(from)-2 && m.Position.X <= a.x(to)+2 {
			if a.told != n {
				a.tell(n)
			}
			return
		}
	}
	a.hush()
}

// MouseOut implements desktop.Hoverable.
func (a *area) MouseOut() { a.hush() }
