package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// tinted is an icon and a text on a coloured ground.
type tinted struct {
	widget.BaseWidget
	tone   look.Tone
	icon   IconName
	size   float32 // of the icon
	radius float32
	insets Insets
	gap    float32
	text   *Text
	img    *Icon
	right  fyne.CanvasObject
	ground *crisp
}

func (t *tinted) init(s string, style TextStyle) {
	t.text = NewText(s, style.In(t.tone.TextOn()))
	t.img = NewIcon(t.icon, t.size, t.tone.TextOn())
	t.ground = newCrisp()
}

// Set changes text and tone.
func (t *tinted) Set(s string, tone look.Tone) { t.set(t.icon, s, tone) }

func (t *tinted) set(icon IconName, s string, tone look.Tone) {
	if icon == t.icon && tone == t.tone && s == t.text.Text() {
		return
	}
	t.icon, t.tone = icon, tone
	t.text.Set(s)
	t.Refresh()
}

// Text is what it says.
func (t *tinted) Text() string { return t.text.Text() }

// AccessibilityLabel implements fyne.Accessible.
func (t *tinted) AccessibilityLabel() string { return t.text.Text() }

// AccessibilityRole implements fyne.Accessible.
func (t *tinted) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func (t *tinted) paint() {
	t.ground.set(paint(t.text, t.tone.On()), paint(t.text, ""), t.radius, 0, scaleOf(t.text))
	t.text.SetColor(t.tone.TextOn())
	t.img.Set(t.icon, t.tone.TextOn())
	Show(t.img, t.icon != NoIcon)
}

func (t *tinted) left() float32 {
	if t.icon == NoIcon {
		return t.insets.Left
	}
	return t.insets.Left + t.size + t.gap
}

func (t *tinted) rightWidth() float32 {
	if t.right == nil || !t.right.Visible() {
		return 0
	}
	return t.right.MinSize().Width + 16
}

func (t *tinted) place(s fyne.Size) {
	t.paint()
	t.ground.place(0, 0, s)
	x := t.left()
	w := s.Width - x - t.insets.Right - t.rightWidth()
	h := heightFor(t.text, w)
	y := floor((s.Height - h) / 2)
	put(t.text, x, y, w, h)
	put(t.img, t.insets.Left, y+floor((t.text.style.Lead-t.size)/2), t.size, t.size)
	if r := t.rightWidth(); r > 0 {
		m := t.right.MinSize()
		put(t.right, s.Width-t.insets.Right-m.Width, floor((s.Height-m.Height)/2), m.Width, m.Height)
	}
}

func (t *tinted) min() fyne.Size {
	t.ground.rescale(t.text)
	m := t.text.MinSize()
	if w := t.Size().Width - t.left() - t.insets.Right - t.rightWidth(); t.text.wrap && w > 0 {
		m.Height = heightFor(t.text, w)
	}
	return m.AddWidthHeight(t.left()+t.insets.Right+t.rightWidth(), t.insets.Top+t.insets.Bottom)
}

// CreateRenderer implements fyne.Widget.
func (t *tinted) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	objects := append(t.ground.objects(), t.img, t.text)
	if t.right != nil {
		objects = append(objects, t.right)
	}
	return &drawn{objects: objects, layout: t.place, min: t.min, refresh: func() { t.place(t.Size()); canvas.Refresh(t.text) }}
}

// Chip is a few words on a small ground; with an action it can be pressed.
type Chip struct {
	tinted
	onTap   func()
	ring    *crisp
	focused bool
}

var (
	_ fyne.Tappable      = (*Chip)(nil)
	_ fyne.Focusable     = (*Chip)(nil)
	_ fyne.Disableable   = (*Chip)(nil)
	_ desktop.Cursorable = (*Chip)(nil)
)

// NewChip makes a chip.
func NewChip(s string, tone look.Tone) *Chip {
	c := &Chip{ring: newCrisp(), tinted: tinted{tone: tone, size: 12, radius: 11, insets: Pad(3, 10), gap: 6}}
	c.init(s, TextStyle{Size: look.SizeCaption, Weight: SemiBold, Lead: 16})
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey implements fyne.Focusable: Space presses.
func (c *Chip) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		c.Tapped(nil)
		return
	}
	unused(c.text, e)
}

// TypedRune implements fyne.Focusable.
func (c *Chip) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (c *Chip) FocusGained() { c.focused = true; c.Refresh() }

// FocusLost implements fyne.Focusable.
func (c *Chip) FocusLost() { c.focused = false; c.Refresh() }

// Disabled implements fyne.Disableable: the keyboard passes chips that do
// nothing.
func (c *Chip) Disabled() bool { return c.onTap == nil }

// Enable implements fyne.Disableable.
func (c *Chip) Enable() {}

// Disable implements fyne.Disableable.
func (c *Chip) Disable() {}

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	inner := c.tinted.CreateRenderer()
	layout := func(s fyne.Size) {
		inner.Layout(s)
		line := fyne.ThemeColorName("")
		if c.focused {
			line = look.Action
		}
		c.ring.set(paint(c.text, ""), paint(c.text, line), c.radius, 2, scaleOf(c.text))
		c.ring.place(0, 0, s)
	}
	return &drawn{objects: append(inner.Objects(), c.ring.objects()...), layout: layout,
		min:     func() fyne.Size { c.ring.rescale(c.text); return inner.MinSize() },
		refresh: func() { inner.Refresh(); layout(c.Size()) }}
}

// SetOnTap sets what pressing does; nil for nothing.
func (c *Chip) SetOnTap(f func()) { c.onTap = f }

// Tapped implements fyne.Tappable.
func (c *Chip) Tapped(*fyne.PointEvent) {
	if c.onTap != nil {
		c.onTap()
	}
}

// Cursor implements desktop.Cursorable.
func (c *Chip) Cursor() desktop.Cursor {
	if c.onTap == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// Banner is a sentence on a coloured ground, with an action or without.
type Banner struct {
	tinted
	action *actionWord
}

// NewBanner makes a banner.
func NewBanner(tone look.Tone, icon IconName, s string) *Banner {
	b := &Banner{tinted: tinted{tone: tone, icon: icon, size: 14, radius: look.RadiusSmall, insets: Pad(8, 14), gap: 8}}
	b.init(s, TextStyle{Size: look.SizeSmall, Weight: Medium})
	b.text.Wrap()
	b.action = newActionWord()
	b.action.Hide()
	b.right = b.action
	b.ExtendBaseWidget(b)
	return b
}

// Set changes everything but the action.
func (b *Banner) Set(tone look.Tone, icon IconName, s string) {
	b.action.setColor(tone.TextOn())
	b.set(icon, s, tone)
}

// SetAction sets the word at the right and what it does; an empty word is none.
func (b *Banner) SetAction(label string, onTap func()) {
	b.action.onTap = onTap
	b.action.setColor(b.tone.TextOn())
	b.action.text.Set(label)
	if Show(b.action, label != "") {
		b.Refresh()
	}
}

// actionWord is a bold word to press in the colour of its ground.
type actionWord struct{ Link }

func newActionWord() *actionWord {
	a := &actionWord{}
	a.text, a.line = NewText("", SmallStrong()), canvas.NewRectangle(nil)
	a.ExtendBaseWidget(a)
	return a
}

func (a *actionWord) setColor(c fyne.ThemeColorName) { a.text.SetColor(c) }

// Strip is the line at the top of a window that says where one is.
type Strip struct{ tinted }

// NewStrip makes a strip.
func NewStrip(tone look.Tone, s string) *Strip {
	k := &Strip{tinted{tone: tone, insets: Pad(6, look.Margin), radius: 0}}
	k.init(s, TextStyle{Size: look.SizeSmall, Weight: SemiBold, Lead: 16})
	k.text.Trim()
	k.ExtendBaseWidget(k)
	return k
}

// CreateRenderer implements fyne.Widget; a dot comes before the words.
func (k *Strip) CreateRenderer() fyne.WidgetRenderer {
	k.paint()
	dot := newCrisp()
	place := func(s fyne.Size) {
		k.paint()
		k.ground.place(0, 0, s)
		dot.set(paint(k.text, k.tone.TextOn()), paint(k.text, ""), 5, 0, scaleOf(k.text))
		dot.place(k.insets.Left, floor(s.Height/2)-5, fyne.NewSquareSize(10))
		put(k.text, k.insets.Left+16, floor((s.Height-16)/2), s.Width-k.insets.Left-k.insets.Right-16, 16)
	}
	return &drawn{objects: append(append(k.ground.objects(), dot.objects()...), k.text), layout: place,
		min: func() fyne.Size {
			k.ground.rescale(k.text)
			dot.rescale(k.text)
			return fyne.NewSize(200, look.StripHeight)
		},
		refresh: func() { place(k.Size()); canvas.Refresh(k.text) }}
}

// StatusTile says in the side panel what kind of thing this is and how it is.
type StatusTile struct{ tinted }

// NewStatusTile makes a tile.
func NewStatusTile(tone look.Tone, icon IconName, s string) *StatusTile {
	t := &StatusTile{tinted{tone: tone, icon: icon, size: 14, radius: look.RadiusSmall, insets: Pad(9, 12), gap: 8}}
	t.init(s, TextStyle{Size: look.SizeCaption, Weight: SemiBold, Lead: 17})
	t.text.Wrap()
	t.ExtendBaseWidget(t)
	return t
}

// Set changes the tile.
func (t *StatusTile) Set(tone look.Tone, icon IconName, s string) { t.set(icon, s, tone) }
