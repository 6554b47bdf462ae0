package codeedit

import (
	"image/color"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/codeedit/lex"
	"sendoff/widgets/look"
)

const (
	rowHeight float32 = 20
	padding   float32 = 6
	textSize  float32 = 13
	right     float32 = 14 // the bar of the scroller
)

// area is the text itself, as high as all of its rows. It draws those in sight.
type area struct {
	widget.BaseWidget
	e       *Editor
	cell    float32 // width of a letter
	gutter  float32 // width of the numbers
	focused bool
	reading bool // what is above is being read
	told    int  // the mark whose remark is shown; -1: none

	line   *canvas.Rectangle // behind the row of the cursor
	fringe *canvas.Rectangle // between the numbers and the text
	caret  *canvas.Rectangle
	bubble *bubble
	chosen []*canvas.Rectangle // behind what is selected
	waves  []*wave
	slots  []*slot
	shown  []fyne.CanvasObject
}

// slot is a row in sight. It keeps its texts as long as they stay the same.
type slot struct {
	number *canvas.Text
	spot   *canvas.Circle
	texts  []*canvas.Text
	used   int
}

var (
	_ fyne.Focusable         = (*area)(nil)
	_ fyne.Shortcutable      = (*area)(nil)
	_ fyne.Tabbable          = (*area)(nil)
	_ fyne.Draggable         = (*area)(nil)
	_ fyne.DoubleTappable    = (*area)(nil)
	_ fyne.SecondaryTappable = (*area)(nil)
	_ desktop.Keyable        = (*area)(nil)
	_ desktop.Mouseable      = (*area)(nil)
	_ desktop.Hoverable      = (*area)(nil)
	_ desktop.Cursorable     = (*area)(nil)
)

func newArea(e *Editor) *area {
	a := &area{e: e, told: -1, line: &canvas.Rectangle{}, fringe: &canvas.Rectangle{}, caret: &canvas.Rectangle{}, bubble: newBubble()}
	a.bubble.Hide()
	a.ExtendBaseWidget(a)
	return a
}

func (a *area) color(n fyne.ThemeColorName) color.Color { return theme.ColorForWidget(n, a) }

// inks are the colours of the pieces.
func inks(k lex.Kind) fyne.ThemeColorName {
	switch k {
	case lex.Tag, lex.Property:
		return look.Blue
	case lex.Attr, lex.Selector, lex.Entity:
		return look.Violet
	case lex.Value, lex.Setting, lex.Literal:
		return look.Green
	case lex.Comment:
		return look.Muted
	case lex.Delim, lex.Keyword, lex.Filter, lex.Name:
		return look.Amber
	}
	return look.Ink
}

// fit breaks the lines for a width of the whole.
func (a *area) fit(w float32) {
	s, _ := fyne.CurrentApp().Driver().RenderedTextSize(strings.Repeat("0", 50), textSize, fyne.TextStyle{Monospace: true}, nil)
	a.cell = s.Width / 50
	a.gutter = a.margin()
	if a.cell > 0 && w > 0 && a.e.buf.setWidth(int((w-a.gutter-padding-right)/a.cell)) {
		a.resized()
	}
}

// margin is the width that the numbers need.
func (a *area) margin() float32 {
	digits := max(2, len(strconv.Itoa(len(a.e.buf.lines))))
	return float32(int(float32(digits)*a.cell)) + 28
}

// resized tells the scroller of another height.
func (a *area) resized() {
	if g := a.margin(); g != a.gutter {
		a.gutter = g
		a.fit(a.e.frame.Size().Width - 2)
	}
	if h := a.MinSize().Height; h != a.Size().Height {
		a.e.scroll.Refresh()
	}
	a.hush()
}

// MinSize is as high as all rows.
func (a *area) MinSize() fyne.Size {
	return fyne.NewSize(60, float32(len(a.e.buf.rows))*rowHeight+2*padding)
}

// sight is the first and the last row that can be seen.
func (a *area) sight() (first, last int) {
	off, h := a.e.scroll.Offset.Y, a.e.scroll.Size().Height
	n := len(a.e.buf.rows)
	first = max(0, min(n-1, int((off-padding)/rowHeight)))
	last = max(first, min(n-1, int((off+h-padding)/rowHeight)))
	return first, last
}

const (
	ahead = 1500 // rows that are read at once to know the colours of those in sight
	soon  = 10 * time.Millisecond
)

// ready reads what stands above a row, a part at a time; false when more is to be
// read, which is done soon.
func (a *area) ready(i int) bool {
	b := a.e.buf
	if b.read == 0 {
		b.to(0)
	}
	if i-b.read <= ahead {
		return true
	}
	b.to(b.read + ahead)
	if !a.reading {
		a.reading = true
		a.e.after(soon, func() {
			a.reading = false
			a.draw()
		})
	}
	return false
}

// draw shows what is in sight now.
func (a *area) draw() {
	if a.e.scroll == nil || a.e.scroll.Size().Height <= 0 {
		return
	}
	first, last := a.sight()
	n := last - first + 1
	for len(a.slots) < n {
		a.slots = append(a.slots, &slot{number: &canvas.Text{TextSize: 11, Alignment: fyne.TextAlignTrailing, TextStyle: fyne.TextStyle{Monospace: true}},
			spot: &canvas.Circle{}})
	}
	a.shown = append(a.shown[:0], a.fringe, a.line)
	off := a.e.scroll.Offset.Y
	a.fringe.FillColor = a.color(look.Line)
	place(a.fringe, a.gutter-1, off, 1, a.e.scroll.Size().Height)
	a.drawSelection(first, last)
	a.drawWaves(first, last)
	colored := a.ready(last)
	for i := first; i <= last; i++ {
		a.drawRow(a.slots[i%len(a.slots)], i, colored)
	}
	a.drawCaret()
	if a.bubble.Visible() {
		a.shown = append(a.shown, a.bubble)
	}
	canvas.Refresh(a)
}

func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

// top is the upper edge of a row.
func top(i int) float32 { return padding + float32(i)*rowHeight }

// x is where a cell of a row begins.
func (a *area) x(cell int) float32 { return a.gutter + padding + float32(cell)*a.cell }

func (a *area) drawRow(s *slot, i int, colored bool) {
	b := a.e.buf
	r := b.rows[i]
	line := b.lines[r.line][r.from:r.to]
	if r.from == 0 {
		s.number.Text, s.number.Color = strconv.Itoa(r.line+1), a.color(look.Muted)
		if r.line == a.e.cursor.line && a.focused {
			s.number.Color = a.color(look.Ink)
		}
		place(s.number, 0, top(i)+2, a.gutter-8, rowHeight)
		a.shown = append(a.shown, s.number)
		a.drawSpot(s.spot, r.line, i)
	}
	s.used = 0
	if !colored {
		a.put(s, i, 0, line, lex.Plain)
		return
	}
	cell := 0
	for _, t := range b.pieces(i) {
		cell = a.put(s, i, cell, line[t.From:t.To], t.Kind)
	}
}

// put shows a piece of a row from a cell on, and gives the cell behind it. Letters
// that the face of the editor may lack stand alone, each in its cell.
func (a *area) put(s *slot, i, cell int, text string, k lex.Kind) int {
	from, at := 0, cell
	flush := func(to int) {
		if part := text[from:to]; strings.TrimSpace(part) != "" {
			a.text(s, i, at, part, k)
		}
	}
	for j := 0; j < len(text); {
		c := text[j]
		if c != '\t' && c < 0x80 {
			cell++
			j++
			continue
		}
		r := []rune(text[j:min(len(text), j+4)])[0]
		n := next(text, j)
		if c != '\t' && r < 0x500 && n-j <= 2 {
			cell++
			j = n
			continue
		}
		flush(j)
		if c == '\t' {
			n = j + 1
			cell += cells(r, cell)
		} else {
			a.text(s, i, cell, text[j:n], k)
			cell += cellAt(text[j:n], n-j)
		}
		j, from, at = n, n, cell
	}
	flush(len(text))
	return cell
}

func (a *area) text(s *slot, i, cell int, text string, k lex.Kind) {
	if s.used == len(s.texts) {
		s.texts = append(s.texts, &canvas.Text{TextSize: textSize, TextStyle: fyne.TextStyle{Monospace: true}})
	}
	t := s.texts[s.used]
	s.used++
	t.Text, t.Color = strings.ToValidUTF8(text, "\uFFFD"), a.color(inks(k))
	t.TextStyle.Bold = k == lex.Tag || k == lex.Delim
	place(t, a.x(cell), top(i)+2, float32(len(text))*a.cell, rowHeight)
	a.shown = append(a.shown, t)
}

// drawSpot shows that a line has a remark.
func (a *area) drawSpot(c *canvas.Circle, line, i int) {
	for n, p := range a.e.spots {
		if p.line == line {
			c.FillColor = a.color(a.e.marks[n].Tone.Text())
			place(c, 6, top(i)+6, 8, 8)
			a.shown = append(a.shown, c)
			return
		}
	}
}

func (a *area) drawCaret() {
	i := a.e.buf.rowOf(a.e.cursor)
	a.line.Hidden = !a.focused || a.e.cursor != a.e.anchor
	a.line.FillColor = a.color(look.Chip)
	place(a.line, a.gutter, top(i), a.e.scroll.Size().Width-a.gutter, rowHeight)
	a.caret.Hidden = !a.focused || !a.e.enabled
	a.caret.FillColor = a.color(look.Action)
	place(a.caret, a.x(a.cellOf(a.e.cursor, i))-1, top(i)+1, 2, rowHeight-2)
	a.shown = append(a.shown, a.caret)
}

// cellOf is the cell of a place in its row.
func (a *area) cellOf(p pos, i int) int {
	r := a.e.buf.rows[i]
	return cellAt(a.e.buf.lines[r.line][r.from:r.to], p.col-r.from)
}

func (a *area) drawSelection(first, last int) {
	from, to := a.e.selection()
	n := 0
	if from != to {
		lo, hi := a.e.buf.rowOf(from), a.e.buf.rowOf(to)
		for i := max(first, lo); i <= min(last, hi); i++ {
			r := a.e.buf.rows[i]
			x, y := 0, 0
			if i == lo {
				x = a.cellOf(from, i)
			}
			if i == hi {
				y = a.cellOf(to, i)
			} else {
				y = a.cellOf(pos{r.line, r.to}, i)
				if r.to == len(a.e.buf.lines[r.line]) {
					y++ // the end of the line is selected as well
				}
			}
			if n == len(a.chosen) {
				a.chosen = append(a.chosen, &canvas.Rectangle{})
			}
			c := a.chosen[n]
			n++
			c.FillColor = a.color(look.Area)
			place(c, a.x(x), top(i), float32(y-x)*a.cell, rowHeight)
			a.shown = append(a.shown, c)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (a *area) CreateRenderer() fyne.WidgetRenderer { return &areaRenderer{a} }

type areaRenderer struct{ a *area }

func (r *areaRenderer) Destroy()                     {}
func (r *areaRenderer) Objects() []fyne.CanvasObject { return r.a.shown }
func (r *areaRenderer) MinSize() fyne.Size           { return r.a.MinSize() }
func (r *areaRenderer) Layout(fyne.Size)             { r.a.draw() }
func (r *areaRenderer) Refresh()                     { r.a.draw() }

// AccessibilityLabel implements fyne.Accessible.
func (a *area) AccessibilityLabel() string { return a.e.label }

// AccessibilityRole implements fyne.Accessible.
func (a *area) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
