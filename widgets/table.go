package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Column is one column of a Table. A negative width is a share of what the fixed
// ones leave. Numbers are set in digits of one width, at the right.
type Column struct {
	Title  string
	Width  float32
	Number bool
}

// Cell is what stands in one field of a Table: an icon, a text, or both.
type Cell struct {
	Text string
	Icon IconName
	Tone look.Tone
}

// Table shows many rows of equal height under a head. It asks for the cells that
// are in sight and for no others, at every scroll; they must be at hand.
type Table struct {
	widget.BaseWidget
	cols  []Column
	count func() int
	cell  func(row, col int) Cell
	least int
	head  *tableRow
	list  *widget.List
	body  fyne.CanvasObject
	box   *Box
	rule  *Box
}

const tableHead float32 = 34

// NewTable makes a table that asks for the height of least rows.
func NewTable(least int, cols []Column, count func() int, cell func(row, col int) Cell) *Table {
	t := &Table{cols: cols, count: count, cell: cell, least: least, rule: Rule()}
	t.head = newTableRow(cols, true)
	for i, c := range cols {
		t.head.set(i, Cell{Text: c.Title, Tone: look.Quiet})
	}
	t.list = widget.NewList(count, func() fyne.CanvasObject { return newTableRow(cols, false) },
		func(row widget.ListItemID, o fyne.CanvasObject) {
			for i := range cols {
				o.(*tableRow).set(i, cell(row, i))
			}
		})
	t.list.HideSeparators = false
	// Rows of 35 units and gaps of one, in which the separators lie.
	t.body = container.NewThemeOverride(t.list, override{sizes: map[fyne.ThemeSizeName]float32{theme.SizeNamePadding: 1},
		colors: map[fyne.ThemeColorName]fyne.ThemeColorName{theme.ColorNameShadow: ""}})
	t.box = NewBox(look.Surface, look.Line, look.Radius, Insets{Top: 1, Right: 1, Bottom: 8, Left: 1}, container.New(tableLayout{}, t.head, t.rule, t.body))
	t.ExtendBaseWidget(t)
	return t
}

// SetOnSelected is called when a row is pressed; it does not stay selected.
func (t *Table) SetOnSelected(f func(row int)) {
	t.list.OnSelected = func(row widget.ListItemID) {
		t.list.Unselect(row)
		f(row)
	}
}

// Reload asks for the rows anew.
func (t *Table) Reload() { t.list.Refresh() }

// ReloadRow asks for one row anew.
func (t *Table) ReloadRow(row int) { t.list.RefreshItem(row) }

// ScrollToTop shows the first row.
func (t *Table) ScrollToTop() { t.list.ScrollToTop() }

// CreateRenderer implements fyne.Widget.
func (t *Table) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{t.box}, layout: func(s fyne.Size) { put(t.box, 0, 0, s.Width, s.Height) },
		min:     func() fyne.Size { return fyne.NewSize(320, tableHead+10+float32(t.least)*look.RowHeight) },
		refresh: func() { t.head.Refresh(); t.box.Refresh(); t.list.Refresh() }}
}

type tableLayout struct{}

func (tableLayout) Layout(os []fyne.CanvasObject, s fyne.Size) {
	put(os[0], 0, 0, s.Width, tableHead)
	put(os[1], 0, tableHead, s.Width, 1)
	put(os[2], 0, tableHead+1, s.Width, s.Height-tableHead-1)
}

func (tableLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 100) }

// tableRow is one row, or the head.
type tableRow struct {
	widget.BaseWidget
	cols  []Column
	texts []*Text
	icons []*Icon
}

func newTableRow(cols []Column, head bool) *tableRow {
	r := &tableRow{cols: cols}
	for _, c := range cols {
		style := Small()
		if head {
			style = TextStyle{Size: look.SizeCaption, Weight: Medium, Color: look.Muted}
		}
		if c.Number {
			style.Tabular = !head
		}
		t := NewText("", style).Trim()
		if c.Number {
			t.Right()
		}
		i := NewIcon(NoIcon, 14, look.Ink)
		i.Hide()
		r.texts, r.icons = append(r.texts, t), append(r.icons, i)
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *tableRow) set(col int, c Cell) {
	r.texts[col].Set(c.Text)
	r.texts[col].SetTone(c.Tone)
	r.icons[col].Set(c.Icon, c.Tone.Text())
	if Show(r.icons[col], c.Icon != NoIcon) {
		r.place(r.Size())
	}
}

func (r *tableRow) place(s fyne.Size) {
	const pad, gap = 14, 14
	fixed, shares := float32(2*pad), float32(0)
	for i, c := range r.cols {
		if i > 0 {
			fixed += gap
		}
		if c.Width < 0 {
			shares -= c.Width
		} else {
			fixed += c.Width
		}
	}
	rest := max(0, s.Width-fixed)
	x := float32(pad)
	for i, c := range r.cols {
		w := c.Width
		if w < 0 {
			w = floor(rest * -w / shares)
		}
		t, left := r.texts[i], x
		if r.icons[i].Visible() {
			put(r.icons[i], x, floor((s.Height-14)/2), 14, 14)
			left += 22
		}
		h := t.MinSize().Height
		put(t, left, floor((s.Height-h)/2), x+w-left, h)
		x += w + gap
	}
}

// CreateRenderer implements fyne.Widget.
func (r *tableRow) CreateRenderer() fyne.WidgetRenderer {
	var os []fyne.CanvasObject
	for i := range r.cols {
		os = append(os, r.texts[i], r.icons[i])
	}
	return &drawn{objects: os, layout: r.place, min: func() fyne.Size { return fyne.NewSize(100, look.RowHeight-1) },
		refresh: func() { r.place(r.Size()); canvas.Refresh(r) }}
}
