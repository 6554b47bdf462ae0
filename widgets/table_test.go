package widgets

import (
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestTableAsksForWhatIsInSight of a hundred thousand rows.
func TestTableAsksForWhatIsInSight(t *testing.T) {
	asked := map[int]bool{}
	picked := -1
	table := NewTable(5, []Column{{"", 20, false}, {"Address", -2, false}, {"Reason", -3, false}, {"Bytes", 80, true}},
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
