package blocks

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"sendoff/engine/block"
)

// key walks through the letter and changes it.
func (l *letter) key(k fyne.KeyName) bool {
	p, i := l.p, l.index()
	visit := func(n int) bool {
		if n < 0 || n >= len(l.frames) {
			return false
		}
		p.choose(l.frames[n].path)
		l.reveal()
		return true
	}
	switch k {
	case fyne.KeyDown:
		return visit(i+1) || true
	case fyne.KeyUp:
		return visit(max(i-1, 0)) || true
	case fyne.KeyHome:
		return visit(0) || true
	case fyne.KeyEnd:
		return visit(len(l.frames)-1) || true
	case fyne.KeyDelete, fyne.KeyBackspace:
		p.remove()
		return true
	case fyne.KeyReturn, fyne.KeyEnter:
		p.props.focus()
		return true
	case fyne.KeyEscape:
		if p.selected != nil {
			p.choose(nil)
			return true
		}
	}
	return false
}

// shortcut moves the chosen block with Alt and an arrow, and makes a second one
// of it with Ctrl+D.
func (l *letter) shortcut(s *desktop.CustomShortcut) bool {
	switch {
	case s.Modifier == fyne.KeyModifierAlt && s.KeyName == fyne.KeyUp:
		l.p.step(-1)
	case s.Modifier == fyne.KeyModifierAlt && s.KeyName == fyne.KeyDown:
		l.p.step(1)
	case s.Modifier == fyne.KeyModifierShortcutDefault && s.KeyName == fyne.KeyD:
		l.p.duplicate()
	default:
		return false
	}
	return true
}

// dragged shows where a block would land that is held over the letter.
func (l *letter) dragged(from block.Path, at fyne.Position) {
	if !l.p.editable || l.p.doc.At(from) == nil {
		return
	}
	pos := at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(l.board))
	// Near an edge of what is in sight the letter moves along.
	view := pos.Y - l.scroll.Offset.Y
	switch {
	case view < 36 && l.scroll.Offset.Y > 0:
		l.scroll.ScrollToOffset(fyne.NewPos(0, max(0, l.scroll.Offset.Y-18)))
	case view > l.scroll.Size().Height-36:
		l.scroll.ScrollToOffset(fyne.NewPos(0, l.scroll.Offset.Y+18))
	}
	l.drop = nil
	var line fyne.Position
	width, best := float32(0), float32(1e9)
	offer := func(to block.Path, y, x, w float32) {
		d := y - pos.Y
		if d < 0 {
			d = -d
		}
		if _, _, ok := l.p.doc.Move(from, to); ok && d < best {
			best, l.drop, line, width = d, to, fyne.NewPos(x, y), w
		}
	}
	for _, f := range l.frames {
		o, s := l.at(f.frame), f.frame.Size()
		if len(f.path) == 3 && (pos.X < o.X || pos.X > o.X+s.Width) {
			continue // another column
		}
		behind := append(block.Path(nil), f.path...)
		behind[len(behind)-1]++
		offer(f.path, o.Y, o.X, s.Width)
		if l.p.doc.At(f.path) != nil {
			offer(behind, o.Y+s.Height, o.X, s.Width)
		}
	}
	if l.drop == nil {
		l.board.HideLine()
		return
	}
	l.board.ShowLine(line, width)
}

// dropped lets it land.
func (l *letter) dropped(from block.Path) {
	l.board.HideLine()
	if l.drop != nil {
		l.p.done(l.p.doc.Move(from, l.drop))
		l.drop = nil
	}
}
