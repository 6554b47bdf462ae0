package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Column is one column of a Table. A negative width is a share of what the fixed
// ones leave. Numbers are set in digits of one width, at the right. Where there
// is too little room the columns with the highest Drop go first; those with 0
// stay. A column with a Key and Sorts can be sorted by its head. The first column
// may have a box to tick in place of everything else.
type Column struct {
	Title  string
	Width  float32
	Number bool
	Key    string
	Sorts  bool
	Drop   int
	Tick   bool
}

// Cell is what stands in one field of a Table: an icon, a text, or both; or a box
// that is ticked or not.
type Cell struct {
	Text   string
	Icon   IconName
	Tone   look.Tone
	Ticked bool
}

// Table shows many rows of equal height under a head. It asks for the cells that
// are in sight and for no others, at every scroll; they must be at hand. Arrow
// keys, Page Up and Down, Home and End move through it; Return and Space open a
// row as a press does.
type Table struct {
	widget.BaseWidget
	cols  []Column
	fit   []bool          // by column: in sight
	off   map[string]bool // keys of columns that a person switched off
	count func() int
	cell  func(row, col int) Cell
	least int
	head  *tableHeader
	list  *rows
	body  fyne.CanvasObject
	box   *Box
	rule  *Box

	onOpen func(row int)
	onMenu func(row int, at fyne.CanvasObject)
	onCopy func(row int)
	onTick func(row int)
	onSort func(key string, desc bool)
	sorted string
	desc   bool
}

const (
	tableHead  float32 = 34
	tablePad   float32 = 14
	tableGap   float32 = 14
	leastShare float32 = 90 // of a column that takes a share
)

// NewTable makes a table that asks for the height of least rows. cell is given
// the number of the column in cols, whichever are in sight.
func NewTable(least int, cols []Column, count func() int, cell func(row, col int) Cell) *Table {
	t := &Table{cols: cols, fit: make([]bool, len(cols)), off: map[string]bool{}, count: count, cell: cell, least: least, rule: Rule()}
	for i := range t.fit {
		t.fit[i] = true
	}
	t.head = newTableHeader(t)
	t.list = newRows(t)
	// Rows of 35 units and gaps of one, in which the separators lie.
	t.body = container.NewThemeOverride(t.list, override{sizes: map[fyne.ThemeSizeName]float32{theme.SizeNamePadding: 1},
		colors: map[fyne.ThemeColorName]fyne.ThemeColorName{theme.ColorNameShadow: "", theme.ColorNameFocus: look.BlueOn}})
	t.box = NewBox(look.Surface, look.Line, look.Radius, Insets{Top: 1, Right: 1, Bottom: 8, Left: 1}, container.New(tableLayout{t}, t.head, t.rule, t.body))
	t.ExtendBaseWidget(t)
	return t
}

// SetLeast changes how many rows it asks for.
func (t *Table) SetLeast(rows int) {
	if t.least != rows {
		t.least = rows
		t.Refresh()
	}
}

// SetOnSelected is called when a row is pressed; it does not stay selected.
func (t *Table) SetOnSelected(f func(row int)) { t.onOpen = f }

// SetOnMenu is called when a row is pressed with the second button; at stands
// where the menu belongs.
func (t *Table) SetOnMenu(f func(row int, at fyne.CanvasObject)) { t.onMenu = f }

// SetOnCopy is called when the shortcut for copying is pressed on a row.
func (t *Table) SetOnCopy(f func(row int)) { t.onCopy = f }

// SetOnTick is called when a box is pressed, or Space on a row, which then opens
// by Return and a press alone.
func (t *Table) SetOnTick(f func(row int)) { t.onTick = f }

// SetOnSort is called when a person presses the head of a column that sorts.
func (t *Table) SetOnSort(f func(key string, desc bool)) { t.onSort = f }

// SetSorted marks the column that the rows are sorted by.
func (t *Table) SetSorted(key string, desc bool) {
	if key != t.sorted || desc != t.desc {
		t.sorted, t.desc = key, desc
		t.head.update()
	}
}

// HideColumns switches columns off by key; the others are on.
func (t *Table) HideColumns(keys ...string) {
	t.off = map[string]bool{}
	for _, k := range keys {
		t.off[k] = true
	}
	t.arrange(t.Size().Width)
	t.Refresh()
}

// ColumnShown reports whether a column is switched on, in sight or not.
func (t *Table) ColumnShown(key string) bool { return !t.off[key] }

// Reload asks for the rows anew.
func (t *Table) Reload() { t.list.Refresh() }

// ReloadRow asks for one row anew.
func (t *Table) ReloadRow(row int) { t.list.RefreshItem(row) }

// ScrollToTop shows the first row.
func (t *Table) ScrollToTop() {
	t.list.ScrollToTop()
	t.list.Highlight(0)
}

// Spot is where a person stands in the table: the row that the keyboard is on, and
// how far it is scrolled, in units.
func (t *Table) Spot() (row int, scroll float32) { return t.list.at, t.list.GetScrollOffset() }

// SetSpot goes to what Spot told, as far as there are rows.
func (t *Table) SetSpot(row int, scroll float32) {
	if n := t.count(); n > 0 {
		t.list.moveTo(min(row, n-1))
		t.list.ScrollToOffset(min(scroll, max(0, float32(n)*look.RowHeight-t.list.Size().Height)))
	}
}

// Target is what gets the keyboard.
func (t *Table) Target() fyne.Focusable { return t.list }

// Current is the row that the keyboard is on.
func (t *Table) Current() int { return t.list.at }

// arrange decides which columns fit into a width.
func (t *Table) arrange(width float32) {
	for i, c := range t.cols {
		t.fit[i] = !t.off[c.Key] || c.Key == ""
	}
	for t.needs() > width {
		worst := -1
		for i, c := range t.cols {
			if t.fit[i] && c.Drop > 0 && (worst < 0 || c.Drop >= t.cols[worst].Drop) {
				worst = i
			}
		}
		if worst < 0 {
			return
		}
		t.fit[worst] = false
	}
}

// needs is the least width of the columns in sight.
func (t *Table) needs() float32 {
	w := 2*tablePad - tableGap
	for i, c := range t.cols {
		if !t.fit[i] {
			continue
		}
		if c.Width < 0 {
			w += leastShare + tableGap
		} else {
			w += c.Width + tableGap
		}
	}
	return w
}

// places calls f with the left edge and width of every column in sight.
func (t *Table) places(width float32, f func(col int, x, w float32)) {
	fixed, shares := 2*tablePad-tableGap, float32(0)
	for i, c := range t.cols {
		if !t.fit[i] {
			continue
		}
		fixed += tableGap
		if c.Width < 0 {
			shares -= c.Width
		} else {
			fixed += c.Width
		}
	}
	rest := max(0, width-fixed)
	x := tablePad
	for i, c := range t.cols {
		if !t.fit[i] {
			continue
		}
		w := c.Width
		if w < 0 {
			w = floor(rest * -w / shares)
		}
		f(i, x, w)
		x += w + tableGap
	}
}

// CreateRenderer implements fyne.Widget.
func (t *Table) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{t.box}, layout: func(s fyne.Size) { put(t.box, 0, 0, s.Width, s.Height) },
		min:     func() fyne.Size { return fyne.NewSize(320, tableHead+10+float32(t.least)*look.RowHeight) },
		refresh: func() { t.head.Refresh(); t.box.Refresh(); t.list.Refresh() }}
}

type tableLayout struct{ t *Table }

func (l tableLayout) Layout(os []fyne.CanvasObject, s fyne.Size) {
	was := slices.Clone(l.t.fit)
	l.t.arrange(s.Width)
	put(os[0], 0, 0, s.Width, tableHead)
	put(os[1], 0, tableHead, s.Width, 1)
	put(os[2], 0, tableHead+1, s.Width, s.Height-tableHead-1)
	if !slices.Equal(was, l.t.fit) {
		l.t.head.Refresh()
		l.t.list.Refresh()
	}
}

func (tableLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 100) }
