package codeedit

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"sendoff/widgets/codeedit/lex"
	"sendoff/widgets/look"
)

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
