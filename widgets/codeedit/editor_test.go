package codeedit

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"sendoff/widgets/look"
)

// show puts an editor into a window.
func show(t testing.TB, s string) (*View, fyne.Window) {
	t.Helper()
	a := test.NewApp()
	t.Cleanup(func() { test.NewApp() })
	a.Settings().SetTheme(look.New(look.Variant("light")))
	v := NewView(Words{Label: "Source", Found: func(nth, of int) string { return strings.Repeat("i", nth) + "/" + strings.Repeat("i", of) },
		Replaced: func(n int) string { return strings.Repeat("i", n) }}, func(_ time.Duration, f func()) { f() })
	w := a.NewWindow("")
	w.SetPadded(false)
	w.SetContent(v)
	w.Resize(fyne.NewSize(900, 500))
	t.Cleanup(w.Close)
	v.SetText(s)
	w.Canvas().Focus(v.Target())
	return v, w
}

func (v *View) press(ks ...fyne.KeyName) {
	for _, k := range ks {
		v.area.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func (v *View) ctrl(k fyne.KeyName) {
	v.area.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault})
}

// wide is ctrl with Shift.
func (v *View) wide(k fyne.KeyName) {
	v.area.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift})
}

func (v *View) typed(s string) {
	for _, r := range s {
		v.area.TypedRune(r)
	}
}

func (v *View) hold(f func()) {
	v.area.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	f()
	v.area.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		name, text string
		do         func(*View)
		want       string
		line, col  int
	}{
		{"typing", "ab", func(v *View) { v.press(fyne.KeyEnd); v.typed("é🎉") }, "abé🎉", 1, 5},
		{"Return keeps the indentation", "  <p>", func(v *View) { v.press(fyne.KeyEnd, fyne.KeyReturn); v.typed("x") }, "  <p>\n  x", 2, 4},
		{"Backspace takes a whole letter", "👍🏽a", func(v *View) { v.press(fyne.KeyRight, fyne.KeyBackspace) }, "a", 1, 1},
		{"Backspace joins lines", "a\nb", func(v *View) { v.press(fyne.KeyDown, fyne.KeyBackspace) }, "ab", 1, 2},
		{"Delete", "abc", func(v *View) { v.press(fyne.KeyDelete) }, "bc", 1, 1},
		{"Ctrl+Backspace takes a word", "one two", func(v *View) { v.press(fyne.KeyEnd); v.ctrl(fyne.KeyBackspace) }, "one ", 1, 5},
		{"Home goes behind blanks, then before", "  ab", func(v *View) { v.press(fyne.KeyEnd, fyne.KeyHome, fyne.KeyHome); v.typed("x") }, "x  ab", 1, 2},
		{"selection by keys", "abcd", func(v *View) { v.hold(func() { v.press(fyne.KeyRight, fyne.KeyRight) }); v.typed("x") }, "xcd", 1, 2},
		{"up and down keep the cell", "long line\na\nlong line", func(v *View) { v.press(fyne.KeyEnd, fyne.KeyDown, fyne.KeyDown); v.typed("x") }, "long line\na\nlong linex", 3, 11},
		{"Tab puts blanks", "a", func(v *View) { v.press(fyne.KeyTab) }, "  a", 1, 3},
		{"Tab moves lines", "a\nb\nc", func(v *View) { v.hold(func() { v.press(fyne.KeyDown, fyne.KeyRight) }); v.press(fyne.KeyTab) }, "  a\n  b\nc", 2, 4},
		{"Shift+Tab moves them back", "    a\n b", func(v *View) {
			v.area.TypedShortcut(&fyne.ShortcutSelectAll{})
			v.hold(func() { v.press(fyne.KeyTab) })
		}, "  a\nb", 2, 2},
		{"Ctrl+End", "a\nb", func(v *View) { v.ctrl(fyne.KeyEnd); v.typed("x") }, "a\nbx", 2, 3},
		{"enclosing", "say hello", func(v *View) { v.ctrl(fyne.KeyEnd); v.wide(fyne.KeyLeft); v.Enclose("<b>", "</b>") }, "say <b>hello</b>", 1, 13},
	} {
		v, _ := show(t, c.text)
		c.do(v)
		line, col := v.Cursor()
		if v.Text() != c.want || line != c.line || col != c.col {
			t.Errorf("%s: %q, cursor at %d:%d; want %q, %d:%d", c.name, v.Text(), line, col, c.want, c.line, c.col)
		}
	}
}

func TestClipboard(t *testing.T) {
	v, _ := show(t, "one two")
	board := fyne.CurrentApp().Clipboard()
	v.hold(func() {
		v.area.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyRight, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift})
	})
	v.area.TypedShortcut(&fyne.ShortcutCut{Clipboard: board})
	if v.Text() != "two" || board.Content() != "one " {
		t.Fatalf("%q, on the clipboard %q", v.Text(), board.Content())
	}
	board.SetContent("a\r\nb ")
	v.area.TypedShortcut(&fyne.ShortcutPaste{Clipboard: board})
	if v.Text() != "a\nb two" {
		t.Errorf("%q", v.Text())
	}
	// What may only be read can be copied, and no more.
	v.SetEnabled(false)
	v.typed("x")
	v.area.TypedShortcut(&fyne.ShortcutSelectAll{})
	v.area.TypedShortcut(&fyne.ShortcutCut{Clipboard: board})
	v.area.TypedShortcut(&fyne.ShortcutCopy{Clipboard: board})
	if v.Text() != "a\nb two" || board.Content() != "a\nb two" {
		t.Errorf("%q, on the clipboard %q", v.Text(), board.Content())
	}
}

func TestMouse(t *testing.T) {
	v, _ := show(t, "<p>Hello you</p>\nmore")
	a := v.area
	at := func(line, cell int) fyne.Position { return fyne.NewPos(a.x(cell)+1, top(line)+5) }
	a.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(0, 3)}, Button: desktop.MouseButtonPrimary})
	a.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(1, 2)}})
	if got := v.Selected(); got != "Hello you</p>\nmo" {
		t.Errorf("dragging selected %q", got)
	}
	a.DoubleTapped(&fyne.PointEvent{Position: at(0, 5)})
	if got := v.Selected(); got != "Hello" {
		t.Errorf("two taps selected %q", got)
	}
	a.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(0, 12)}, Modifier: fyne.KeyModifierShift})
	if got := v.Selected(); got != "Hello you" {
		t.Errorf("Shift selected %q", got)
	}
}

func TestSearch(t *testing.T) {
	v, w := show(t, "One two one TWO")
	v.ctrl(fyne.KeyF)
	if w.Canvas().Focused() != v.find.Target() {
		t.Fatal("Ctrl+F does not go to the search")
	}
	v.find.SetText("two")
	if line, col := v.Cursor(); line != 1 || col != 8 || v.Selected() != "two" || v.count.Text() != "i/ii" {
		t.Errorf("at %d:%d %q %s", line, col, v.Selected(), v.count.Text())
	}
	v.step(false)
	v.step(false)
	v.step(true)
	if v.Selected() != "TWO" {
		t.Errorf("%q", v.Selected())
	}
	v.exact.Tapped(nil)
	if v.count.Text() != "i/i" {
		t.Errorf("with capitals %s", v.count.Text())
	}
	v.exact.Tapped(nil)
	v.with.SetText("2")
	if n := v.substituteAll(v.q, "2"); n != 2 || v.Text() != "One 2 one 2" {
		t.Errorf("%d replaced: %q", n, v.Text())
	}
	v.Shut()
	if w.Canvas().Focused() != v.Target() {
		t.Error("the keyboard is lost")
	}
}

func TestMarks(t *testing.T) {
	v, _ := show(t, "a\n<p>{{ x }}\nb")
	v.SetMarks([]Mark{{3, 1, "third", look.AmberTone}, {2, 7, "second", look.RedTone}})
	v.press(fyne.KeyF8)
	if line, col := v.Cursor(); line != 2 || col != 7 || v.area.bubble.text.Text() != "second" {
		t.Errorf("F8 leads to %d:%d, %q", line, col, v.area.bubble.text.Text())
	}
	v.press(fyne.KeyF8)
	if line, _ := v.Cursor(); line != 3 {
		t.Errorf("F8 again leads to %d", line)
	}
	v.press(fyne.KeyF8)
	if line, _ := v.Cursor(); line != 2 {
		t.Errorf("and around to %d", line)
	}
	// They move along with what is written before them.
	v.ctrl(fyne.KeyHome)
	v.press(fyne.KeyReturn)
	v.press(fyne.KeyF8)
	if line, col := v.Cursor(); line != 3 || col != 7 {
		t.Errorf("moved to %d:%d", line, col)
	}
}

// Escape, then Tab leaves: nobody is caught.
func TestTabLeaves(t *testing.T) {
	v, _ := show(t, "a")
	if !v.area.AcceptsTab() {
		t.Error("Tab does not indent")
	}
	v.press(fyne.KeyEscape)
	if v.area.AcceptsTab() {
		t.Error("Tab does not leave after Escape")
	}
	v.typed("x")
	if !v.area.AcceptsTab() {
		t.Error("Tab leaves after typing")
	}
}

// Another text leaves the cursor where it was when that stays.
func TestSetText(t *testing.T) {
	v, _ := show(t, "one\ntwo")
	v.Goto(2, 4)
	v.SetText("one\ntwo")
	if line, col := v.Cursor(); line != 2 || col != 4 {
		t.Errorf("at %d:%d", line, col)
	}
	v.SetText("one more\ntwo")
	if line, col := v.Cursor(); line != 1 || col != 9 {
		t.Errorf("at %d:%d, want behind the change", line, col)
	}
	v.SetText("a\r\nb")
	if v.Text() != "a\nb" {
		t.Errorf("%q", v.Text())
	}
}

// Only what is in sight is drawn.
func TestDrawsWhatIsInSight(t *testing.T) {
	v, _ := show(t, big(100<<10))
	if n := len(v.area.shown); n > 800 {
		t.Errorf("%d things are drawn", n)
	}
	said := func() (out string) {
		for _, o := range v.area.shown {
			if x, ok := o.(*canvas.Text); ok {
				out += x.Text
			}
		}
		return out
	}
	v.ctrl(fyne.KeyEnd)
	v.typed("the very end")
	if !strings.Contains(said(), "the very end") {
		t.Error("what was typed is not in sight")
	}
}

// BenchmarkKey types into 600 KB; a key may take 8 ms.
func BenchmarkKey(b *testing.B) {
	for _, c := range []struct{ name, text string }{{"lines", big(600 << 10)}, {"one line", strings.ReplaceAll(big(600<<10), "\n", "")}} {
		for _, where := range []string{"first", "middle", "last"} {
			b.Run(c.name+"/"+where, func(b *testing.B) {
				v, _ := show(b, c.text)
				v.SetOnChanged(func(string) {})
				switch where {
				case "middle":
					v.Goto(len(v.buf.lines)/2+1, len(c.text)/2/len(v.buf.lines))
				case "last":
					v.ctrl(fyne.KeyEnd)
				}
				b.ResetTimer()
				for b.Loop() {
					v.area.TypedRune('x')
				}
			})
		}
	}
}
