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
