package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	tooltip "github.com/dweymouth/fyne-tooltip/widget"

	"sendoff/widgets/look"
)

// ActionBar is a row of buttons with something at the right. Where there is too
// little room the right side goes first, then the last quiet buttons move into a
// menu.
type ActionBar struct {
	widget.BaseWidget
	buttons []*Button
	note    *Text
	right   fyne.CanvasObject
	more    *Button
	hidden  []*Button
	ground  *Box
	objects []fyne.CanvasObject
}

// NewActionBar makes an empty bar; the tip is that of the menu.
func NewActionBar(moreTip string) *ActionBar {
	b := &ActionBar{note: NewText("", SmallMuted()).Trim(), ground: NewBox(look.Surface, "", 0, Insets{}, nil)}
	b.more = NewIconButton(IconMore, moreTip, b.openMore)
	b.more.Hide()
	b.ExtendBaseWidget(b)
	b.SetButtons()
	return b
}

// SetButtons changes the buttons.
func (b *ActionBar) SetButtons(buttons ...*Button) {
	b.buttons = append([]*Button(nil), buttons...)
	b.build()
}

// SetNote changes the muted sentence after the buttons.
func (b *ActionBar) SetNote(s string) {
	if s != b.note.Text() {
		b.note.Set(s)
		b.Refresh()
	}
}

// SetRight changes what stands at the right edge; nil for nothing.
func (b *ActionBar) SetRight(o fyne.CanvasObject) {
	b.right = o
	b.build()
}

func (b *ActionBar) build() {
	b.objects = []fyne.CanvasObject{b.ground}
	for _, k := range b.buttons {
		b.objects = append(b.objects, k)
	}
	b.objects = append(b.objects, b.more, b.note)
	if b.right != nil {
		b.objects = append(b.objects, b.right)
	}
	b.Refresh()
}

func (b *ActionBar) openMore() {
	var items []MenuItem
	for _, k := range b.hidden {
		items = append(items, MenuItem{Label: k.Text(), Icon: k.icon, Disabled: k.Disabled(), OnTap: func() { k.Tapped(nil) }})
	}
	ShowMenu(b.more, items...)
}

const barGap float32 = 4

func (b *ActionBar) place(s fyne.Size) {
	b.ground.Resize(s)
	room := s.Width - 2*look.Gap
	total := float32(0)
	for _, k := range b.buttons {
		total += k.MinSize().Width + barGap
	}
	right := float32(0)
	if b.right != nil {
		right = b.right.MinSize().Width + 16
		if Show(b.right, total+right <= room); !b.right.Visible() {
			right = 0
		}
	}
	// The last button that may go goes first.
	b.hidden = b.hidden[:0]
	gone := map[*Button]bool{}
	for i := len(b.buttons) - 1; i > 0 && total > room; i-- {
		k := b.buttons[i]
		if k.kind == Primary {
			continue
		}
		if len(gone) == 0 {
			total += 32 + barGap
		}
		gone[k] = true
		total -= k.MinSize().Width + barGap
	}
	x := look.Gap
	for _, k := range b.buttons {
		Show(k, !gone[k])
		if gone[k] {
			b.hidden = append(b.hidden, k)
			continue
		}
		m := k.MinSize()
		put(k, x, ceil((s.Height-m.Height)/2), m.Width, m.Height)
		x += m.Width + barGap
	}
	if Show(b.more, len(b.hidden) > 0); b.more.Visible() {
		put(b.more, x, ceil((s.Height-32)/2), 32, 32)
		x += 32 + barGap
	}
	left := s.Width - look.Margin - right - x - 12
	Show(b.note, left >= 120)
	h := b.note.MinSize().Height
	put(b.note, x+12, floor((s.Height-h)/2), left, h)
	if right > 0 {
		m := b.right.MinSize()
		put(b.right, s.Width-look.Gap-m.Width, ceil((s.Height-m.Height)/2), m.Width, m.Height)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *ActionBar) CreateRenderer() fyne.WidgetRenderer { return &barRenderer{b} }

type barRenderer struct{ b *ActionBar }

func (r *barRenderer) Destroy()                     {}
func (r *barRenderer) Objects() []fyne.CanvasObject { return r.b.objects }
func (r *barRenderer) Layout(s fyne.Size)           { r.b.place(s) }
func (r *barRenderer) MinSize() fyne.Size {
	// As wide as it would like, so that a parent hears of other labels.
	w := float32(0)
	for _, k := range r.b.buttons {
		w += k.MinSize().Width + barGap
	}
	return fyne.NewSize(w+2*look.Gap, look.BarHeight-1)
}
func (r *barRenderer) Refresh() { r.b.place(r.b.Size()); canvas.Refresh(r.b) }

// NavItem is one line of the navigation at the left.
type NavItem struct {
	tooltip.ToolTipWidget
	compact  bool
	label    string
	badge    *Text
	dot      *crisp
	selected bool
	hover    bool
	focused  bool
	ground   *crisp
	icon     *Icon
	name     IconName
	text     *Text
	onTap    func()
}

var (
	_ fyne.Tappable     = (*NavItem)(nil)
	_ fyne.Focusable    = (*NavItem)(nil)
	_ desktop.Hoverable = (*NavItem)(nil)
)

// NewNavItem makes a line.
func NewNavItem(icon IconName, s string, onTap func()) *NavItem {
	n := &NavItem{name: icon, label: s, badge: NewText("", Caption()), dot: newCrisp(), ground: newCrisp(), icon: NewIcon(icon, 16, look.Ink), text: NewText(s, TextStyle{Weight: Medium}).Trim(), onTap: onTap}
	n.ExtendBaseWidget(n)
	return n
}

// SetCompact leaves the icon alone, 40 × 40, with the label as its tip.
func (n *NavItem) SetCompact(on bool) {
	if on == n.compact {
		return
	}
	n.compact = on
	tip := ""
	if on {
		tip = n.label
	}
	n.SetToolTip(tip)
	n.Refresh()
}

// Badge puts a small count at the right; where there is the icon alone it is a
// dot. An empty one is none.
func (n *NavItem) Badge(s string) {
	if s != n.badge.Text() {
		n.badge.Set(s)
		n.Refresh()
	}
}

// SetSelected lights the line.
func (n *NavItem) SetSelected(on bool) {
	if on != n.selected {
		n.selected = on
		n.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (n *NavItem) Tapped(*fyne.PointEvent) {
	if n.onTap != nil {
		n.onTap()
	}
}

// TypedKey implements fyne.Focusable: Space presses.
func (n *NavItem) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		n.Tapped(nil)
		return
	}
	unused(n.text, e)
}

// TypedRune implements fyne.Focusable.
func (n *NavItem) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (n *NavItem) FocusGained() { n.focused = true; n.Refresh() }

// FocusLost implements fyne.Focusable.
func (n *NavItem) FocusLost() { n.focused = false; n.Refresh() }

// MouseIn implements desktop.Hoverable.
func (n *NavItem) MouseIn(e *desktop.MouseEvent) {
	n.hover = true
	if c := fyne.CurrentApp().Driver().CanvasForObject(n); c != nil && c.Overlays().Top() == nil {
		n.ToolTipWidget.MouseIn(e)
	}
	n.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (n *NavItem) MouseMoved(e *desktop.MouseEvent) { n.ToolTipWidget.MouseMoved(e) }

// MouseOut implements desktop.Hoverable.
func (n *NavItem) MouseOut() {
	n.hover = false
	n.ToolTipWidget.MouseOut()
	n.Refresh()
}

// AccessibilityLabel implements fyne.Accessible.
func (n *NavItem) AccessibilityLabel() string { return n.text.Text() }

// AccessibilityRole implements fyne.Accessible.
func (n *NavItem) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (n *NavItem) CreateRenderer() fyne.WidgetRenderer {
	layout := func(s fyne.Size) {
		fill, line, ink := fyne.ThemeColorName(""), fyne.ThemeColorName(""), look.Ink
		switch {
		case n.selected:
			fill, ink = look.BlueOn, look.Blue
		case n.hover:
			fill = look.Chip
		}
		if n.focused {
			line = look.Ring
		}
		n.ground.set(paint(n, fill), paint(n, line), look.RadiusSmall, 2, scaleOf(n))
		n.ground.place(0, 0, s)
		n.icon.Set(n.name, ink)
		n.text.SetColor(ink)
		left := float32(14)
		if n.compact {
			left = floor((s.Width - 16) / 2)
		}
		put(n.icon, left, floor((s.Height-16)/2), 16, 16)
		Show(n.text, !n.compact)
		counted := n.badge.Text() != ""
		Show(n.badge, counted && !n.compact)
		w, h := float32(0), n.badge.MinSize().Height
		if counted {
			w = n.badge.Natural() + 12
			put(n.badge, s.Width-w, floor((s.Height-h)/2), w-12, h)
		}
		fill = ""
		if counted && n.compact {
			fill = look.Amber
		}
		n.dot.set(paint(n, fill), paint(n, fill), 3, 1, scaleOf(n))
		n.dot.place(left+14, floor((s.Height-16)/2)-2, fyne.NewSize(6, 6))
		h = n.text.MinSize().Height
		put(n.text, 40, floor((s.Height-h)/2), s.Width-50-w, h)
	}
	return &drawn{objects: append(append(n.ground.objects(), n.dot.objects()...), n.icon, n.text, n.badge), layout: layout,
		min: func() fyne.Size {
			n.ground.rescale(n)
			n.dot.rescale(n)
			if n.compact {
				return fyne.NewSize(40, 40)
			}
			return fyne.NewSize(120, look.ButtonHeight)
		},
		refresh: func() { layout(n.Size()); canvas.Refresh(n) }}
}
