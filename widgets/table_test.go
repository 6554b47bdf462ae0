package widgets

import (
	"slices"
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestTableAsksForWhatIsInSight of a hundred thousand rows.
func TestTableAsksForWhatIsInSight(t *testing.T) {
	asked := map[int]bool{}
	picked := -1
	table := NewTable(5, []Column{{Width: 20}, {Title: "Address", Width: -2}, {Title: "Reason", Width: -3}, {Title: "Bytes", Width: 80, Number: true}},
		func() int { return 100000 },
		func(row, col int) Cell {
			asked[row] = true
			return Cell{Text: strconv.Itoa(row) + "/" + strconv.Itoa(col)}
		})
	table.SetOnSelected(func(row int) { picked = row })
	w := window(t, 800, 400, Root(10, 10, table))
	if len(asked) > 40 {
		t.Errorf("asked for %d rows", len(asked))
	}
	// The third row: below the head, two strides of 36 down.
	test.TapCanvas(w.Canvas(), fyne.NewPos(200, tableHead+2+2*36+18))
	if picked != 2 {
		t.Errorf("picked row %d, want 2", picked)
	}
	texts(table, fyne.Position{}, func(x *Text, at fyne.Position) {
		if at.X+x.Size().Width > 800-14 {
			t.Errorf("%q ends at %v", x.Text(), at.X+x.Size().Width)
		}
	})
}

func wide(n int, opened *[]int) *Table {
	t := NewTable(3, []Column{{Key: "icon", Width: 20}, {Key: "date", Title: "Date", Width: 120, Sorts: true},
		{Key: "address", Title: "Address", Width: -2, Sorts: true}, {Key: "nature", Title: "Nature", Width: -1, Drop: 1},
		{Key: "reply", Title: "Reason", Width: -2, Drop: 2}},
		func() int { return n }, func(row, col int) Cell { return Cell{Text: strconv.Itoa(row)} })
	t.SetOnSelected(func(row int) { *opened = append(*opened, row) })
	return t
}

// TestTableKeys moves through a table and opens rows without a mouse.
func TestTableKeys(t *testing.T) {
	var opened, copied []int
	table := wide(1000, &opened)
	table.SetOnCopy(func(row int) { copied = append(copied, row) })
	w := window(t, 800, 34+10+36*10, Root(10, 10, table))
	w.Canvas().Focus(table.Target())
	type press struct {
		key  fyne.KeyName
		want int
	}
	for _, p := range []press{{fyne.KeyDown, 1}, {fyne.KeyDown, 2}, {fyne.KeyUp, 1}, {fyne.KeyEnd, 999}, {fyne.KeyDown, 999},
		{fyne.KeyHome, 0}, {fyne.KeyUp, 0}, {fyne.KeyPageDown, 9}, {fyne.KeyPageUp, 0}, {fyne.KeyDown, 1}} {
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: p.key})
		if table.Current() != p.want {
			t.Errorf("after %s at row %d, want %d", p.key, table.Current(), p.want)
		}
	}
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeySpace} {
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
	}
	if !slices.Equal(opened, []int{1, 1, 1, 1}) {
		t.Errorf("opened %v", opened)
	}
	w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutCopy{})
	if !slices.Equal(copied, []int{1}) {
		t.Errorf("copied %v", copied)
	}
}

// TestTableSort turns the direction at the second press and leaves columns alone
// that do not sort.
func TestTableSort(t *testing.T) {
	var got []string
	table := wide(10, new([]int))
	table.SetOnSort(func(key string, desc bool) {
		got = append(got, key+strconv.FormatBool(desc))
		table.SetSorted(key, desc)
	})
	window(t, 800, 400, Root(10, 10, table))
	for _, col := range []int{1, 1, 1, 2, 3} {
		test.Tap(table.head.heads[col])
	}
	if want := []string{"datefalse", "datetrue", "datefalse", "addressfalse"}; !slices.Equal(got, want) {
		t.Errorf("sorted %v, want %v", got, want)
	}
}

// TestTableDropsColumns where there is too little room, the least needed first.
func TestTableDropsColumns(t *testing.T) {
	for _, c := range []struct {
		width float32
		off   []string
		want  []bool
	}{
		{800, nil, []bool{true, true, true, true, true}},
		{480, nil, []bool{true, true, true, true, false}},
		{340, nil, []bool{true, true, true, false, false}},
		{100, nil, []bool{true, true, true, false, false}},
		{800, []string{"date", "reply"}, []bool{true, false, true, true, false}},
	} {
		table := wide(10, new([]int))
		table.HideColumns(c.off...)
		window(t, c.width, 400, Root(10, 10, table))
		if !slices.Equal(table.fit, c.want) {
			t.Errorf("%v wide without %v: %v, want %v", c.width, c.off, table.fit, c.want)
		}
	}
}
