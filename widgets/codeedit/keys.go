package codeedit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"sendoff/widgets"
)

// AcceptsTab implements fyne.Tabbable. After Escape the next Tab leaves, so that
// nobody is caught here.
func (a *area) AcceptsTab() bool { return !a.e.released && a.e.enabled }

// FocusGained implements fyne.Focusable.
func (a *area) FocusGained() { a.focused, a.e.released, a.e.shift = true, false, false; a.draw() }

// FocusLost implements fyne.Focusable.
func (a *area) FocusLost() { a.focused = false; a.draw() }

// TypedRune implements fyne.Focusable.
func (a *area) TypedRune(r rune) {
	from, to := a.e.selection()
	a.e.released = false
	a.e.edit(from, to, string(r))
}

// KeyDown implements desktop.Keyable.
func (a *area) KeyDown(k *fyne.KeyEvent) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		a.e.shift = true
	}
}

// KeyUp implements desktop.Keyable.
func (a *area) KeyUp(k *fyne.KeyEvent) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		a.e.shift = false
	}
}

// TypedKey implements fyne.Focusable.
func (a *area) TypedKey(k *fyne.KeyEvent) {
	e := a.e
	if k.Name != fyne.KeyEscape {
		e.released = false
	}
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		from, to := e.selection()
		l := e.buf.lines[from.line][:from.col]
		e.edit(from, to, "\n"+l[:len(l)-len(strings.TrimLeft(l, " \t"))])
	case fyne.KeyTab:
		e.indent(e.shift)
	case fyne.KeyBackspace, fyne.KeyDelete:
		e.remove(k.Name == fyne.KeyBackspace, false)
	case fyne.KeyF3:
		if e.onNext != nil {
			e.onNext(e.shift)
		}
	case fyne.KeyF8:
		e.NextMark(e.shift)
	case fyne.KeyEscape:
		if e.cursor != e.anchor {
			e.move(e.cursor, false)
			return
		}
		e.released = true
		widgets.Unused(a, k)
	default:
		if !e.walk(k.Name, false, e.shift) {
			widgets.Unused(a, k)
		}
	}
}

// walk moves the cursor by a key; words tells that Ctrl is held.
func (e *Editor) walk(k fyne.KeyName, words, keep bool) bool {
	c, goal := e.cursor, -1
	from, to := e.selection()
	line := e.buf.lines[c.line]
	switch k {
	case fyne.KeyLeft:
		switch {
		case from != to && !keep && !words:
			c = from
		case c.col == 0 && c.line > 0:
			c = pos{c.line - 1, len(e.buf.lines[c.line-1])}
		case words:
			c.col = wordLeft(line, c.col)
		default:
			c.col = prev(line, c.col)
		}
	case fyne.KeyRight:
		switch {
		case from != to && !keep && !words:
			c = to
		case c.col == len(line) && c.line+1 < len(e.buf.lines):
			c = pos{c.line + 1, 0}
		case words:
			c.col = wordRight(line, c.col)
		default:
			c.col = next(line, c.col)
		}
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		n := 1
		if k == fyne.KeyPageUp || k == fyne.KeyPageDown {
			n = max(1, int(e.scroll.Size().Height/rowHeight)-1)
		}
		if k == fyne.KeyUp || k == fyne.KeyPageUp {
			n = -n
		}
		c, goal = e.vertical(n)
	case fyne.KeyHome:
		c.col = home(line, c.col)
		if words {
			c = pos{}
		}
	case fyne.KeyEnd:
		c.col = len(line)
		if words {
			c = e.buf.end()
		}
	default:
		return false
	}
	e.move(c, keep)
	e.goal = goal
	return true
}

// home is the first letter of a line that is no blank, or its beginning when the
// cursor is there.
func home(line string, col int) int {
	n := len(line) - len(strings.TrimLeft(line, " \t"))
	if col == n {
		return 0
	}
	return n
}

// vertical is the place some rows below, or above, in the cell that the cursor
// came from.
func (e *Editor) vertical(n int) (pos, int) {
	i := e.buf.rowOf(e.cursor)
	r := e.buf.rows[i]
	goal := e.goal
	if goal < 0 {
		goal = cellAt(e.buf.lines[r.line][r.from:r.to], e.cursor.col-r.from)
	}
	switch to := i + n; {
	case to < 0:
		return pos{}, -1
	case to >= len(e.buf.rows):
		return e.buf.end(), -1
	default:
		return e.buf.in(to, float32(goal)), goal
	}
}

// in is the place in a row that is nearest to a cell.
func (b *buffer) in(i int, cell float32) pos {
	r := b.rows[i]
	s := b.lines[r.line][r.from:r.to]
	col := colAt(s, cell)
	if r.from+col == r.to && r.to < len(b.lines[r.line]) {
		col = prev(s, col) // the end is the beginning of the next row
	}
	return pos{r.line, r.from + col}
}

// remove takes away the selection, or a letter or word beside the cursor.
func (e *Editor) remove(back, words bool) {
	from, to := e.selection()
	if from == to {
		e.goal = -1
		was := e.cursor
		k := fyne.KeyRight
		if back {
			k = fyne.KeyLeft
		}
		if !e.enabled || !e.walk(k, words, false) {
			return
		}
		from, to = e.cursor, was
		if to.before(from) {
			from, to = to, from
		}
	}
	e.edit(from, to, "")
}

// indentation is what Tab puts before lines.
const indentation = "  "

// indent moves the lines of the selection, or puts blanks at the cursor.
func (e *Editor) indent(back bool) {
	from, to := e.selection()
	if !back && from.line == to.line {
		e.edit(from, to, indentation)
		return
	}
	if !e.enabled {
		return
	}
	anchor, cursor := e.anchor, e.cursor
	for i := from.line; i <= to.line; i++ {
		if i == to.line && to.col == 0 && from.line < to.line {
			break
		}
		l, d := e.buf.lines[i], 0
		switch {
		case !back && l != "":
			e.replace(pos{i, 0}, pos{i, 0}, indentation)
			d = len(indentation)
		case back && strings.HasPrefix(l, "\t"):
			d = -1
		case back:
			d = -min(len(indentation), len(l)-len(strings.TrimLeft(l, " ")))
		}
		if d < 0 {
			e.replace(pos{i, 0}, pos{i, -d}, "")
		}
		for _, p := range []*pos{&anchor, &cursor} {
			if p.line == i {
				p.col = max(0, p.col+d)
			}
		}
	}
	e.anchor, e.cursor = anchor, cursor
	e.changed()
}

// TypedShortcut implements fyne.Shortcutable.
func (a *area) TypedShortcut(s fyne.Shortcut) {
	e := a.e
	from, to := e.selection()
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		if from != to {
			s.Clipboard.SetContent(e.Selected())
		}
	case *fyne.ShortcutCut:
		if from != to && e.enabled {
			s.Clipboard.SetContent(e.Selected())
			e.edit(from, to, "")
		}
	case *fyne.ShortcutPaste:
		e.edit(from, to, strings.ReplaceAll(strings.ReplaceAll(s.Clipboard.Content(), "\r\n", "\n"), "\r", "\n"))
	case *fyne.ShortcutSelectAll:
		e.anchor, e.cursor = pos{}, e.buf.end()
		a.draw()
	case *fyne.ShortcutUndo, *fyne.ShortcutRedo:
		_, redo := s.(*fyne.ShortcutRedo)
		e.undo(redo)
	case *desktop.CustomShortcut:
		if !e.custom(s) {
			widgets.PassOn(a, s)
		}
	default:
		widgets.PassOn(a, s)
	}
}

func (e *Editor) undo(redo bool) {
	if e.onUndo != nil {
		e.onUndo(redo)
	}
}

// custom does what the other shortcuts mean here; false when they mean nothing.
func (e *Editor) custom(s *desktop.CustomShortcut) bool {
	keep := s.Modifier&fyne.KeyModifierShift != 0
	if s.Modifier&^fyne.KeyModifierShift != fyne.KeyModifierShortcutDefault {
		return false
	}
	switch s.KeyName {
	case fyne.KeyBackspace, fyne.KeyDelete:
		e.remove(s.KeyName == fyne.KeyBackspace, true)
	case fyne.KeyF, fyne.KeyH:
		if e.onFind == nil || keep {
			return false
		}
		e.onFind(s.KeyName == fyne.KeyH)
	case fyne.KeyZ:
		e.undo(true)
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd:
		return e.walk(s.KeyName, true, keep)
	default:
		return false
	}
	return true
}
