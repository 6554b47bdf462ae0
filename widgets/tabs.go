package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Tabs is a row of names of which one is chosen; what belongs to it is shown by
// others. Arrow keys move the choice. Names that find no room go into a menu.
type Tabs struct {
	widget.BaseWidget
	tabs     []*tab
	more     *Button
	rule     *Box
	selected int
	hidden   []int // tabs in the menu
	end      fyne.CanvasObject
	onChange func(int)
}

const (
	tabsHeight float32 = 42
	tabGap     float32 = 26
)

// NewTabs makes a row with the first one chosen; onChange is called when a person
// chooses. moreTip is the tip of the menu.
func NewTabs(names []string, moreTip string, onChange func(int)) *Tabs {
	t := &Tabs{rule: Rule(), onChange: onChange}
	for i, n := range names {
		t.tabs = append(t.tabs, newTab(t, i, n))
	}
	t.more = NewIconButton(IconMore, moreTip, t.menu)
	t.more.Hide()
	t.ExtendBaseWidget(t)
	return t
}

// WithEnd puts a thing at the right of the row, above its line. It is called before the
// row is shown.
func (t *Tabs) WithEnd(o fyne.CanvasObject) *Tabs {
	t.end = o
	return t
}

// Selected is the index of the chosen one.
func (t *Tabs) Selected() int { return t.selected }

// SetSelected chooses without calling back.
func (t *Tabs) SetSelected(i int) {
	if i != t.selected && i >= 0 && i < len(t.tabs) {
		t.selected = i
		t.Refresh()
	}
}

// SetName changes the name of one.
func (t *Tabs) SetName(i int, s string) {
	if t.tabs[i].text.Text() != s {
		t.tabs[i].text.Set(s)
		t.Refresh()
	}
}

// SetShown shows or hides one of them.
func (t *Tabs) SetShown(i int, on bool) {
	if t.tabs[i].off == on {
		t.tabs[i].off = !on
		t.Refresh()
	}
}

func (t *Tabs) choose(i int) {
	if i != t.selected {
		t.SetSelected(i)
		t.onChange(i)
	}
}

// step moves the choice to the next one that is shown.
func (t *Tabs) step(d int) {
	for i := t.selected + d; i >= 0 && i < len(t.tabs); i += d {
		if !t.tabs[i].off {
			t.choose(i)
			if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil && t.tabs[i].Visible() {
				c.Focus(t.tabs[i])
			}
			return
		}
	}
}

func (t *Tabs) menu() {
	var items []MenuItem
	for _, i := range t.hidden {
		items = append(items, MenuItem{Label: t.tabs[i].text.Text(), Checked: i == t.selected, OnTap: func() { t.choose(i) }})
	}
	ShowMenu(t.more, items...)
}

func (t *Tabs) place(s fyne.Size) {
	put(t.rule, 0, s.Height-1, s.Width, 1)
	total := float32(0)
	for _, b := range t.tabs {
		if !b.off {
			total += b.text.Natural() + tabGap
		}
	}
	whole := s.Width
	if t.end != nil {
		m := t.end.MinSize()
		put(t.end, max(0, s.Width-m.Width), floor((s.Height-m.Height)/2), m.Width, m.Height)
		whole -= m.Width + tabGap
	}
	room := whole
	if total-tabGap > room {
		room -= look.ButtonHeight + tabGap
		// The chosen one is always in sight.
		if b := t.tabs[t.selected]; !b.off {
			room -= b.text.Natural() + tabGap
		}
	}
	x := float32(0)
	t.hidden = t.hidden[:0]
	for i, b := range t.tabs {
		w := b.text.Natural()
		chosen := i == t.selected
		fits := !b.off && (chosen || w <= room || total-tabGap <= whole)
		if !b.off && !fits {
			t.hidden = append(t.hidden, i)
			room = 0 // keep their order: those behind go too
		}
		Show(b, fits)
		if !fits {
			continue
		}
		if !chosen {
			room -= w + tabGap
		}
		put(b, x, 0, w, s.Height)
		x += w + tabGap
	}
	Show(t.more, len(t.hidden) > 0)
	put(t.more, x, floor((s.Height-look.ButtonHeight)/2), look.ButtonHeight, look.ButtonHeight)
}

// CreateRenderer implements fyne.Widget.
func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	os := []fyne.CanvasObject{t.rule}
	for _, b := range t.tabs {
		os = append(os, b)
	}
	if t.end != nil {
		os = append(os, t.end)
	}
	return &drawn{objects: append(os, t.more), layout: t.place, min: func() fyne.Size { return fyne.NewSize(200, tabsHeight) },
		refresh: func() {
			t.place(t.Size())
			for _, b := range t.tabs {
				b.Refresh()
			}
		}}
}

// tab is one name.
type tab struct {
	widget.BaseWidget
	t       *Tabs
	i       int
	off     bool
	text    *Text
	line    *canvas.Rectangle
	ring    *canvas.Rectangle
	hover   bool
	focused bool
}

var (
	_ fyne.Tappable      = (*tab)(nil)
	_ fyne.Focusable     = (*tab)(nil)
	_ fyne.Accessible    = (*tab)(nil)
	_ desktop.Hoverable  = (*tab)(nil)
	_ desktop.Cursorable = (*tab)(nil)
)

func newTab(t *Tabs, i int, name string) *tab {
	b := &tab{t: t, i: i, text: NewText(name, TextStyle{Weight: Medium}), line: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil)}
	b.ExtendBaseWidget(b)
	return b
}

// Tapped implements fyne.Tappable.
func (b *tab) Tapped(*fyne.PointEvent) { b.t.choose(b.i) }

// TypedKey implements fyne.Focusable.
func (b *tab) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace:
		b.Tapped(nil)
	case fyne.KeyLeft:
		b.t.step(-1)
	case fyne.KeyRight:
		b.t.step(1)
	default:
		unused(b.text, e)
	}
}

// TypedRune implements fyne.Focusable.
func (b *tab) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (b *tab) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost implements fyne.Focusable.
func (b *tab) FocusLost() { b.focused = false; b.Refresh() }

// MouseIn implements desktop.Hoverable.
func (b *tab) MouseIn(*desktop.MouseEvent) { b.hover = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *tab) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *tab) MouseOut() { b.hover = false; b.Refresh() }

// Cursor implements desktop.Cursorable.
func (b *tab) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel implements fyne.Accessible.
func (b *tab) AccessibilityLabel() string { return b.text.Text() }

// AccessibilityRole implements fyne.Accessible.
func (b *tab) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (b *tab) place(s fyne.Size) {
	chosen := b.i == b.t.selected
	ink := look.Muted
	if chosen || b.hover {
		ink = look.Ink
	}
	b.text.SetColor(ink)
	h := b.text.MinSize().Height
	put(b.text, 0, floor((s.Height-h)/2)-1, s.Width, h)
	b.line.FillColor = paint(b.text, look.Clear)
	if chosen {
		b.line.FillColor = paint(b.text, look.Action)
	}
	put(b.line, 0, s.Height-2, s.Width, 2)
	b.ring.CornerRadius = look.RadiusSmall
	b.ring.FillColor = paint(b.text, look.Clear)
	if b.focused {
		b.ring.FillColor = paint(b.text, look.BlueOn)
	}
	put(b.ring, -8, 6, s.Width+16, s.Height-14)
}

// CreateRenderer implements fyne.Widget.
func (b *tab) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{b.ring, b.text, b.line}, layout: b.place,
		min:     func() fyne.Size { return fyne.NewSize(b.text.Natural(), tabsHeight) },
		refresh: func() { b.place(b.Size()); canvas.Refresh(b) }}
}
