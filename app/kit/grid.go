package kit

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/bridge"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// GridSpec is what a Grid is made of. Numbers and Rows run off the UI goroutine;
// everything else is called on it.
type GridSpec[T any] struct {
	Bridge  *bridge.Bridge
	Columns []widgets.Column

	// Numbers are the numbers of the rows in order; at most limit of them when
	// that is not 0.
	Numbers func(ctx context.Context, limit int) ([]int64, error)
	// Rows reads some by number.
	Rows   func(ctx context.Context, numbers []int64) ([]T, error)
	Number func(T) int64
	Cell   func(row T, key string) widgets.Cell // by Column.Key

	Open    func(T)                    // a row was pressed; nil when rows do not open
	Menu    func(T) []Item             // of the second button; nil for none
	Copy    func(T) string             // what the shortcut for copying takes; nil for none
	Tick    func(T)                    // a box was pressed, or Space; nil when there are none
	OnSort  func(key string, d bool)   // the order that a person asks for; call Sorted and Reload
	Counted func(n int, exact bool)    // how many rows there are
	Failed  func(error)                // a list could not be read
	Empty   fyne.CanvasObject          // instead of the table when there are no rows; may be nil
	Copied  func(s string, rows int64) // puts a text on the clipboard; needed with Copy
	Least   int                        // rows that it asks room for; 0: six
}

// Grid is a table over a list of any length. It keeps the rows that were looked
// at and reads others when they come into sight.
type Grid[T any] struct {
	widget.BaseWidget
	spec  GridSpec[T]
	pages *pages[T]
	table *widgets.Table
	o     *fyne.Container

	back   bool // to the spot, as soon as the list is long enough for it
	row    int
	scroll float32
}

// NewGrid makes an empty one; Reload fills it.
func NewGrid[T any](s GridSpec[T]) *Grid[T] {
	if s.Least == 0 {
		s.Least = 6
	}
	g := &Grid[T]{spec: s}
	g.pages = &pages[T]{b: s.Bridge, numbers: s.Numbers, rows: s.Rows, number: s.Number, failed: s.Failed,
		counted: g.counted, arrived: g.arrived}
	g.table = widgets.NewTable(s.Least, s.Columns, g.pages.len, func(row, col int) widgets.Cell {
		v, ok := g.pages.at(row)
		if !ok {
			return widgets.Cell{}
		}
		return s.Cell(v, s.Columns[col].Key)
	})
	with := func(f func(T)) func(int) {
		return func(row int) {
			if v, ok := g.pages.at(row); ok {
				f(v)
			}
		}
	}
	if s.Open != nil {
		g.table.SetOnSelected(with(s.Open))
	}
	if s.Menu != nil {
		g.table.SetOnMenu(func(row int, at fyne.CanvasObject) {
			if v, ok := g.pages.at(row); ok {
				PopUp(at, s.Menu(v))
			}
		})
	}
	if s.Copy != nil {
		g.table.SetOnCopy(with(func(v T) { s.Copied(s.Copy(v), 1) }))
	}
	if s.Tick != nil {
		g.table.SetOnTick(with(s.Tick))
	}
	if s.OnSort != nil {
		g.table.SetOnSort(s.OnSort)
	}
	g.o = container.NewStack(g.table)
	if s.Empty != nil {
		s.Empty.Hide()
		g.o.Add(container.NewVBox(s.Empty))
	}
	g.ExtendBaseWidget(g)
	return g
}

// Reload reads the order anew; rows on the screen stay until it is there.
func (g *Grid[T]) Reload() { g.pages.reload() }

// Touch reads the rows in sight again: their contents may have changed, not
// their order.
func (g *Grid[T]) Touch() {
	g.pages.touch()
	g.table.Reload()
}

// Redraw asks for the cells in sight anew; the rows are the same.
func (g *Grid[T]) Redraw() { g.table.Reload() }

// Sorted marks the column that the rows are sorted by.
func (g *Grid[T]) Sorted(key string, desc bool) { g.table.SetSorted(key, desc) }

// HideColumns switches columns off by key; the others are on.
func (g *Grid[T]) HideColumns(keys ...string) { g.table.HideColumns(keys...) }

// ScrollToTop shows the first row.
func (g *Grid[T]) ScrollToTop() {
	g.back = false
	g.table.ScrollToTop()
}

// Spot is where a person stands in the list: the row that the keyboard is on, and
// how far it is scrolled.
func (g *Grid[T]) Spot() (row int, scroll float32) {
	if g.back {
		return g.row, g.scroll
	}
	return g.table.Spot()
}

// Return goes to what Spot told, once the list has been read that far.
func (g *Grid[T]) Return(row int, scroll float32) {
	g.back, g.row, g.scroll = row > 0 || scroll > 0, row, scroll
}

// Target is what gets the keyboard.
func (g *Grid[T]) Target() fyne.Focusable { return g.table.Target() }

// Current is the row that the keyboard is on.
func (g *Grid[T]) Current() (T, bool) { return g.pages.at(g.table.Current()) }

// Len is how many rows are known of.
func (g *Grid[T]) Len() int { return g.pages.len() }

// Close ends what is still being read.
func (g *Grid[T]) Close() { g.pages.close() }

func (g *Grid[T]) counted(n int, exact bool) {
	g.table.Reload()
	if e := g.spec.Empty; e != nil {
		widgets.Show(e, n == 0)
		widgets.Show(g.table, n > 0)
	}
	if long := n > g.row && float32(n)*look.RowHeight >= g.scroll+g.table.Size().Height; g.back && (long || exact) {
		g.back = false
		g.table.SetSpot(g.row, g.scroll)
	}
	if g.spec.Counted != nil {
		g.spec.Counted(n, exact)
	}
}

func (g *Grid[T]) arrived(from, to int) { g.table.Reload() }

// CreateRenderer implements fyne.Widget.
func (g *Grid[T]) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(g.o) }
