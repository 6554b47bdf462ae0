package widgets

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestSearchWaitsForAPause in typing, and tells every text once.
func TestSearchWaitsForAPause(t *testing.T) {
	var told []string
	var later []func()
	s := NewSearch("Search", func(d time.Duration, f func()) { later = append(later, f) }, func(text string) { told = append(told, text) })
	w := window(t, 400, 60, Root(10, 10, s))
	test.Type(s.in, "ann")
	for _, f := range later {
		f()
	}
	if want := []string{"ann"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q: only the last pause counts", told, want)
	}
	w.Canvas().Focus(s.Target())
	press := func(k fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k}) }
	test.Type(s.in, "a")
	press(fyne.KeyReturn)
	press(fyne.KeyReturn)
	press(fyne.KeyEscape)
	if want := []string{"ann", "anna", ""}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	s.SetText("set by the program")
	for _, f := range later {
		f()
	}
	if len(told) != 3 {
		t.Errorf("told %q of a text that nobody typed", told)
	}
}

func tabs(width float32, t *testing.T, names ...string) (*Tabs, *[]int) {
	var chosen []int
	b := NewTabs(names, "More", func(i int) { chosen = append(chosen, i) })
	window(t, width, 60, Root(10, 10, b))
	return b, &chosen
}

// TestTabsAreChosen by a press and by arrow keys, past those that are hidden.
func TestTabsAreChosen(t *testing.T) {
	b, chosen := tabs(800, t, "Log", "Sending logs", "In doubt", "Causes")
	b.SetShown(2, false)
	test.Tap(b.tabs[1])
	test.Tap(b.tabs[1])
	b.tabs[1].TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	b.tabs[3].TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	b.tabs[3].TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	b.tabs[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if want := []int{1, 3, 1, 0}; !slices.Equal(*chosen, want) {
		t.Errorf("chose %v, want %v", *chosen, want)
	}
}

// TestTabsWithoutRoom go into a menu, never the chosen one.
func TestTabsWithoutRoom(t *testing.T) {
	b, _ := tabs(260, t, "Log", "Sending logs", "Exclusion logs", "Exclusion causes")
	if len(b.hidden) == 0 || !b.more.Visible() {
		t.Fatalf("hidden %v", b.hidden)
	}
	b.SetSelected(3)
	if !b.tabs[3].Visible() || slices.Contains(b.hidden, 3) {
		t.Errorf("the chosen tab is hidden: %v", b.hidden)
	}
	for _, x := range b.tabs {
		if x.Visible() && x.Position().X+x.Size().Width > 260 {
			t.Errorf("%q ends at %v", x.text.Text(), x.Position().X+x.Size().Width)
		}
	}
	wide, _ := tabs(900, t, "Log", "Sending logs", "Exclusion logs", "Exclusion causes")
	if len(wide.hidden) > 0 || wide.more.Visible() {
		t.Errorf("hidden in a wide window: %v", wide.hidden)
	}
}

// TestTabsWithAnEnd: the line goes on below what stands at the right, and no name
// reaches into it.
func TestTabsWithAnEnd(t *testing.T) {
	end := Sized(150, 34, NewText("Saved", Body()))
	b := NewTabs([]string{"Design", "Source", "Preview", "Settings"}, "More", func(int) {}).WithEnd(end)
	w := window(t, 640, 60, Root(10, 10, b))
	for width := float32(320); width <= 640; width += 20 {
		w.Resize(fyne.NewSize(width, 60))
		if b.rule.Size().Width != width || end.Position().X+end.Size().Width != width {
			t.Errorf("%v wide: the line is %v, the end ends at %v", width, b.rule.Size().Width, end.Position().X+end.Size().Width)
		}
		for _, x := range b.tabs {
			if x.Visible() && x.Position().X+x.Size().Width > end.Position().X {
				t.Errorf("%v wide: %q reaches into the end", width, x.text.Text())
			}
		}
	}
	if len(b.hidden) > 0 {
		t.Errorf("hidden with room: %v", b.hidden)
	}
	w.Resize(fyne.NewSize(400, 60))
	if len(b.hidden) == 0 {
		t.Error("nothing is hidden without room")
	}
}

// TestToolsBreak into rows, with the last thing at the right edge.
func TestToolsBreak(t *testing.T) {
	for _, c := range []struct {
		width float32
		rows  int
	}{{1000, 1}, {420, 2}, {250, 4}} {
		a, b, d, last := Sized(240, 34, NewText("", Body())), Sized(120, 34, NewText("", Body())), Sized(200, 34, NewText("", Body())), Sized(90, 20, NewText("", Body()))
		tools := Tools(a, b, d, last)
		window(t, c.width, 400, VStack(0, tools))
		if want := float32(c.rows)*34 + float32(c.rows-1)*8; tools.MinSize().Height != want {
			t.Errorf("%v wide: %v high, want %v for %d rows", c.width, tools.MinSize().Height, want, c.rows)
		}
		if right := last.Position().X + last.Size().Width; right != c.width {
			t.Errorf("%v wide: the last thing ends at %v", c.width, right)
		}
	}
}
