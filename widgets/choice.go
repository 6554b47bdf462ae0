package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// mark is a small square or circle with a label, on or off.
type mark struct {
	widget.BaseWidget
	on       bool
	round    bool
	disabled bool
	hover    bool
	focused  bool
	label    *Text
	note     *Text
	ground   *crisp
	ring     *crisp
	dot      *crisp
	check    *Icon
	press    func()
	key      func(fyne.KeyName)
}

var (
	_ fyne.Tappable      = (*mark)(nil)
	_ fyne.Focusable     = (*mark)(nil)
	_ fyne.Accessible    = (*mark)(nil)
	_ desktop.Hoverable  = (*mark)(nil)
	_ desktop.Cursorable = (*mark)(nil)
)

const markSize float32 = 18

func newMark(label string, round bool, press func()) *mark {
	m := &mark{}
	m.init(label, round, press)
	m.ExtendBaseWidget(m)
	return m
}

func (m *mark) init(label string, round bool, press func()) {
	*m = mark{round: round, press: press, label: NewText(label, Body()).Wrap(), note: NewText("", SmallMuted()).Wrap(),
		ground: newCrisp(), ring: newCrisp(), dot: newCrisp(), check: NewIcon(IconCheck, 12, look.PrimaryText)}
	m.note.Hide()
}

func (m *mark) set(on bool) {
	if on != m.on {
		m.on = on
		m.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (m *mark) Tapped(*fyne.PointEvent) {
	if !m.disabled {
		m.press()
	}
}

// TypedKey implements fyne.Focusable: Space presses.
func (m *mark) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace:
		m.Tapped(nil)
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight:
		if m.key != nil && !m.disabled {
			m.key(e.Name)
		}
	default:
		unused(m.label, e)
	}
}

// TypedRune implements fyne.Focusable.
func (m *mark) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (m *mark) FocusGained() { m.focused = true; m.Refresh() }

// FocusLost implements fyne.Focusable.
func (m *mark) FocusLost() { m.focused = false; m.Refresh() }

// MouseIn implements desktop.Hoverable.
func (m *mark) MouseIn(*desktop.MouseEvent) { m.hover = true; m.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (m *mark) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (m *mark) MouseOut() { m.hover = false; m.Refresh() }

// Cursor implements desktop.Cursorable.
func (m *mark) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel implements fyne.Accessible.
func (m *mark) AccessibilityLabel() string { return m.label.Text() }

// AccessibilityRole implements fyne.Accessible.
func (m *mark) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (m *mark) paint() {
	radius := float32(5)
	if m.round {
		radius = markSize / 2
	}
	fill, line := look.Surface, look.Muted
	switch {
	case m.on && m.disabled:
		fill, line = look.Muted, look.Muted
	case m.on:
		fill, line = look.Action, look.Action
	case m.disabled:
		fill, line = look.Chip, look.Line
	case m.hover:
		line = look.Ink
	}
	scale := scaleOf(m.label)
	m.ground.set(paint(m.label, fill), paint(m.label, line), radius, 1, scale)
	ring := fyne.ThemeColorName("")
	if m.focused {
		ring = look.Ring
	}
	m.ring.set(paint(m.label, ""), paint(m.label, ring), radius+3, 2, scale)
	dot := fyne.ThemeColorName("")
	if m.on && m.round {
		dot = look.PrimaryText
	}
	m.dot.set(paint(m.label, dot), paint(m.label, ""), 4, 0, scale)
	Show(m.check, m.on && !m.round)
	ink := look.Ink
	if m.disabled {
		ink = look.Muted
	}
	m.label.SetColor(ink)
}

func (m *mark) place(s fyne.Size) {
	m.paint()
	const y = 4
	m.ground.place(0, y, fyne.NewSquareSize(markSize))
	m.ring.place(-3, y-3, fyne.NewSquareSize(markSize+6))
	m.dot.place(5, y+5, fyne.NewSquareSize(8))
	put(m.check, 3, y+3, 12, 12)
	x := markSize + 9
	h := heightFor(m.label, s.Width-x)
	put(m.label, x, y, s.Width-x, h)
	put(m.note, x, y+h+1, s.Width-x, heightFor(m.note, s.Width-x))
}

// CreateRenderer implements fyne.Widget.
func (m *mark) CreateRenderer() fyne.WidgetRenderer {
	objects := append(append(m.ring.objects(), m.ground.objects()...), m.dot.objects()...)
	return &drawn{objects: append(objects, m.check, m.label, m.note), layout: m.place,
		min: func() fyne.Size {
			m.ground.rescale(m.label)
			m.ring.rescale(m.label)
			m.dot.rescale(m.label)
			x := markSize + 9
			w := max(m.label.Natural(), 24) + x
			h := m.label.MinSize().Height
			if m.Size().Width > x {
				h = heightFor(m.label, m.Size().Width-x)
			}
			if m.note.Visible() {
				h += 1 + m.note.MinSize().Height
			}
			return fyne.NewSize(min(w, 400), h+8)
		},
		refresh: func() { m.place(m.Size()); canvas.Refresh(m.label) }}
}

// Check is a box to tick.
type Check struct{ mark }

// NewCheck makes a box; onChanged is called when a person ticks it.
func NewCheck(label string, onChanged func(bool)) *Check {
	c := &Check{}
	c.init(label, false, func() {
		c.set(!c.on)
		if onChanged != nil {
			onChanged(c.on)
		}
	})
	c.ExtendBaseWidget(c)
	return c
}

// Checked reports whether it is ticked.
func (c *Check) Checked() bool { return c.on }

// SetChecked ticks it without calling back.
func (c *Check) SetChecked(on bool) { c.set(on) }

// SetEnabled lets it be ticked or not.
func (c *Check) SetEnabled(on bool) {
	if c.disabled == on {
		c.disabled = !on
		c.Refresh()
	}
}

// Radio is a list of which one is chosen. Arrow keys move the choice.
type Radio struct {
	widget.BaseWidget
	marks     []*mark
	selected  int
	onChanged func(int)
	list      *fyne.Container
}

// NewRadio makes a list with nothing chosen; onChanged is called when a person
// chooses.
func NewRadio(options []string, onChanged func(int)) *Radio {
	r := &Radio{selected: -1, onChanged: onChanged, list: VStack(2)}
	for i, s := range options {
		m := newMark(s, true, func() { r.choose(i) })
		m.key = func(k fyne.KeyName) {
			switch n := len(r.marks); k {
			case fyne.KeyDown, fyne.KeyRight:
				r.move((i + 1) % n)
			case fyne.KeyUp, fyne.KeyLeft:
				r.move((i + n - 1) % n)
			}
		}
		r.marks = append(r.marks, m)
		r.list.Add(m)
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *Radio) move(i int) {
	r.choose(i)
	if c := fyne.CurrentApp().Driver().CanvasForObject(r.marks[i]); c != nil {
		c.Focus(r.marks[i])
	}
}

func (r *Radio) choose(i int) {
	if i == r.selected {
		return
	}
	r.SetSelected(i)
	if r.onChanged != nil {
		r.onChanged(i)
	}
}

// Selected is the index of the chosen one, -1 for none.
func (r *Radio) Selected() int { return r.selected }

// SetSelected chooses without calling back.
func (r *Radio) SetSelected(i int) {
	r.selected = i
	for k, m := range r.marks {
		m.set(k == i)
	}
}

// SetNote puts a muted sentence below one of them.
func (r *Radio) SetNote(i int, s string) {
	m := r.marks[i]
	m.note.Set(s)
	if Show(m.note, s != "") {
		m.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (r *Radio) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.list) }
