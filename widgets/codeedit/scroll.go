package codeedit

import "fyne.io/fyne/v2"

// reveal scrolls so that the cursor is in sight.
func (e *Editor) reveal() {
	y := float32(e.buf.rowOf(e.cursor))*rowHeight + padding
	h := e.scroll.Size().Height
	off := e.scroll.Offset
	switch {
	case h <= 0:
	case y-padding < off.Y:
		off.Y = y - padding
	case y+rowHeight+padding > off.Y+h:
		off.Y = y + rowHeight + padding - h
	}
	e.to(off)
}

// center scrolls so that the cursor is in the middle, unless it is in sight.
func (e *Editor) center() {
	y := float32(e.buf.rowOf(e.cursor))*rowHeight + padding
	off, h := e.scroll.Offset, e.scroll.Size().Height
	if y < off.Y+rowHeight || y > off.Y+h-2*rowHeight {
		off.Y = y - float32(int(h/2/rowHeight))*rowHeight
	}
	e.to(off)
}

func (e *Editor) to(off fyne.Position) {
	off.Y = max(0, min(off.Y, e.area.MinSize().Height-e.scroll.Size().Height))
	if off != e.scroll.Offset {
		e.scroll.ScrollToOffset(off)
	}
	e.area.draw()
	if e.last != e.cursor {
		if e.last = e.cursor; e.onMoved != nil {
			e.onMoved()
		}
	}
}
