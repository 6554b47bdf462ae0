package kit_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sendoff/app/bridge"
	"sendoff/app/bridge/bridgetest"
	"sendoff/app/kit"
	"sendoff/widgets"
)

type row struct {
	n    int64
	text string
}

// list is a long list off the UI goroutine, which notes what was read of it.
type list struct {
	mu     sync.Mutex
	n      int64
	prefix string
	limits []int
	reads  [][2]int64
	fail   error
}

func (l *list) numbers(_ context.Context, limit int) ([]int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limits = append(l.limits, limit)
	n := l.n
	if limit > 0 {
		n = min(n, int64(limit))
	}
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i) + 1
	}
	return out, l.fail
}

func (l *list) rows(_ context.Context, numbers []int64) ([]row, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads = append(l.reads, [2]int64{numbers[0], numbers[len(numbers)-1]})
	var out []row
	for _, n := range numbers {
		out = append(out, row{n, l.prefix + strconv.FormatInt(n, 10)})
	}
	return out, l.fail
}

type grid struct {
	*kit.Grid[row]
	ui     *bridgetest.UI
	counts []int
	exact  bool
	failed error
	opened []int64
}

func open(t *testing.T, l *list) (*grid, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme("light"))
	g := &grid{ui: bridgetest.NewUI()}
	b := bridge.New(g.ui.Post, nil)
	t.Cleanup(b.Cancel)
	g.Grid = kit.NewGrid(kit.GridSpec[row]{Bridge: b, Columns: []widgets.Column{{Key: "n", Title: "Number", Width: 80}, {Key: "t", Title: "Text", Width: -1}},
		Numbers: l.numbers, Rows: l.rows, Number: func(r row) int64 { return r.n },
		Cell:    func(r row, key string) widgets.Cell { return widgets.Cell{Text: r.text} },
		Counted: func(n int, exact bool) { g.counts, g.exact = append(g.counts, n), exact },
		Failed:  func(err error) { g.failed = err },
		Open:    func(r row) { g.opened = append(g.opened, r.n) },
		Empty:   kit.NewText(kit.Body, "nothing here"),
	})
	w := test.NewTempWindow(t, widgets.Root(10, 10, g.Grid))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(600, 400))
	g.Reload()
	g.ui.Settle()
	return g, w
}

// shows reports whether a text is in sight.
func shows(w fyne.Window, s string) bool {
	found := false
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		if t, ok := o.(*kit.Text); ok && t.Text() == s {
			found = true
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, x := range o.Objects {
				walk(x)
			}
		case fyne.Widget:
			for _, x := range test.WidgetRenderer(o).Objects() {
				walk(x)
			}
		}
	}
	walk(w.Content())
	return found
}

// A million rows: the first are there at once, the count is exact, and only what
// was looked at is read.
func TestGridReadsWhatIsInSight(t *testing.T) {
	l := &list{n: 1000000}
	g, w := open(t, l)
	if len(g.counts) != 2 || g.counts[0] != 200 || g.counts[1] != 1000000 || !g.exact {
		t.Fatalf("counts %v, exact %v", g.counts, g.exact)
	}
	if !shows(w, "1") || !shows(w, "9") {
		t.Error("the first rows are not shown")
	}
	w.Canvas().Focus(g.Target())
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	g.ui.Settle()
	if !shows(w, "1000000") {
		t.Error("the last row is not shown")
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(g.opened) != 1 || g.opened[0] != 1000000 {
		t.Errorf("opened %v", g.opened)
	}
	read := int64(0)
	for _, r := range l.reads {
		read += r[1] - r[0] + 1
	}
	if read > 600 {
		t.Errorf("%d rows were read: %v", read, l.reads)
	}
}

// Rows that may have changed are read again, and shown until then.
func TestGridTouch(t *testing.T) {
	l := &list{n: 50, prefix: "old "}
	g, w := open(t, l)
	if len(g.counts) != 1 || !g.exact {
		t.Errorf("a short list needs one look: %v", l.limits)
	}
	l.mu.Lock()
	l.prefix = "new "
	l.mu.Unlock()
	g.Touch()
	if !shows(w, "old 1") {
		t.Error("the row went away while it was read again")
	}
	g.ui.Settle()
	if !shows(w, "new 1") || shows(w, "old 1") {
		t.Error("the row was not read again")
	}
	reads := len(l.reads)
	g.ui.Settle()
	if len(l.reads) != reads {
		t.Error("it goes on reading")
	}
}

// An empty list says so; a list that shrinks shows no row that is gone.
func TestGridShrinks(t *testing.T) {
	l := &list{n: 1000}
	g, w := open(t, l)
	w.Canvas().Focus(g.Target())
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	g.ui.Settle()
	l.mu.Lock()
	l.n = 3
	l.mu.Unlock()
	g.Reload()
	g.ui.Settle()
	if g.Len() != 3 || shows(w, "1000") || !shows(w, "3") {
		t.Errorf("%d rows", g.Len())
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // stood on a row that is gone
	l.mu.Lock()
	l.n = 0
	l.mu.Unlock()
	g.Reload()
	g.ui.Settle()
	if !shows(w, "nothing here") {
		t.Error("an empty list says nothing")
	}
}

func TestGridFails(t *testing.T) {
	l := &list{n: 10, fail: errors.New("no")}
	g, _ := open(t, l)
	if g.failed == nil || g.Len() != 0 {
		t.Errorf("failed with %v, %d rows", g.failed, g.Len())
	}
	l.mu.Lock()
	l.fail = nil
	l.mu.Unlock()
	g.Close()
	g.Reload()
	g.ui.Settle()
	if g.Len() != 0 {
		t.Error("a closed list was filled")
	}
}
