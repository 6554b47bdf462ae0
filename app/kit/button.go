package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/state"
	"sendoff/resources"
	"sendoff/widgets/look"
)

// Icon names a small picture.
type Icon string

// Icons.
const (
	IconNone    Icon = ""
	IconPrepare Icon = "arrow-repeat"
	IconCheck   Icon = "check-lg"
	IconPause   Icon = "pause-fill"
	IconPlay    Icon = "play-fill"
	IconStop    Icon = "stop-fill"
	IconPen     Icon = "pencil"
	IconPlus    Icon = "plus-lg"
	IconMore    Icon = "three-dots"
	IconMenu    Icon = "list"
	IconBack    Icon = "chevron-left"
	IconDown    Icon = "chevron-down"
	IconTheme   Icon = "circle-half"
	IconSide    Icon = "layout-sidebar"
	IconUpload  Icon = "upload"
)

var (
	_ fyne.Tappable      = (*Button)(nil)
	_ fyne.Focusable     = (*Button)(nil)
	_ desktop.Hoverable  = (*Button)(nil)
	_ desktop.Cursorable = (*Button)(nil)
)

// Button is a thing to press, with Space too; Return does nothing.
type Button struct {
	widget.BaseWidget
	label   string
	icon    Icon
	weight  state.Weight
	tip     string
	tap     func()
	off     bool
	hover   bool
	focused bool
	small   bool

	rect *canvas.Rectangle
	ring *canvas.Rectangle
	text *canvas.Text
	img  *canvas.Image
}

// NewButton makes one.
func NewButton(label string, icon Icon, weight state.Weight, tap func()) *Button {
	b := &Button{label: label, icon: icon, weight: weight, tap: tap}
	b.ExtendBaseWidget(b)
	return b
}

// SetToolTip sets what a pointer that rests on it is told.
func (b *Button) SetToolTip(s string) { b.tip = s }

// Label is its text.
func (b *Button) Label() string { return b.label }

// SetLabel changes its text.
func (b *Button) SetLabel(s string) {
	if s != b.label {
		b.label = s
		b.Refresh()
	}
}

// Enable lets it be pressed or not.
func (b *Button) Enable(on bool) {
	if b.off == on {
		b.off = !on
		b.Refresh()
	}
}

// Tapped presses it.
func (b *Button) Tapped(*fyne.PointEvent) {
	if !b.off && b.tap != nil {
		b.tap()
	}
}

// MouseIn and the rest implement hovering.
func (b *Button) MouseIn(*desktop.MouseEvent)    { b.hover = true; b.Refresh() }
func (b *Button) MouseMoved(*desktop.MouseEvent) {}
func (b *Button) MouseOut()                      { b.hover = false; b.Refresh() }
func (b *Button) Cursor() desktop.Cursor {
	if b.off {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}
func (b *Button) FocusGained()   { b.focused = true; b.Refresh() }
func (b *Button) FocusLost()     { b.focused = false; b.Refresh() }
func (b *Button) TypedRune(rune) {}
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		b.Tapped(nil)
	}
}

func (b *Button) colors() (fill, line, ink fyne.ThemeColorName) {
	switch {
	case b.off && b.weight == state.Primary:
		return look.Chip, "", look.Muted
	case b.off:
		return "", "", look.Muted
	}
	switch b.weight {
	case state.Primary:
		if b.hover {
			return look.ActionHover, "", look.PrimaryText
		}
		return look.Action, "", look.PrimaryText
	case state.Outlined:
		if b.hover {
			return look.Chip, look.Line, look.Ink
		}
		return look.Surface, look.Line, look.Ink
	case state.Danger:
		if b.hover {
			return look.RedOn, "", look.Red
		}
		return "", "", look.Red
	}
	if b.hover {
		return look.Chip, "", look.Ink
	}
	return "", "", look.Ink
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.rect, b.ring, b.text = canvas.NewRectangle(nil), canvas.NewRectangle(nil), canvas.NewText("", nil)
	b.img = canvas.NewImageFromResource(nil)
	b.img.FillMode = canvas.ImageFillContain
	b.paint()
	return &renderer{objects: []fyne.CanvasObject{b.ring, b.rect, b.img, b.text}, layout: b.place, min: b.min,
		refresh: func() { b.paint(); b.place(b.Size()); canvas.Refresh(b) }}
}

func (b *Button) paint() {
	th, v := b.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	fill, line, ink := b.colors()
	b.rect.CornerRadius, b.rect.StrokeWidth = 8, 0
	b.rect.FillColor = color.Transparent
	if fill != "" {
		b.rect.FillColor = th.Color(fill, v)
	}
	if line != "" {
		b.rect.StrokeColor, b.rect.StrokeWidth = th.Color(line, v), 1
	}
	b.ring.FillColor = color.Transparent
	b.ring.CornerRadius = 10
	if b.focused {
		b.ring.FillColor = th.Color(look.Ring, v)
	}
	b.text.Text, b.text.TextSize, b.text.Color = b.label, 14, th.Color(ink, v)
	b.text.FontSource = resources.Medium
	if b.icon != IconNone {
		b.img.Resource = theme.NewColoredResource(resources.Icon(string(b.icon)), ink)
	}
}

func (b *Button) width() float32 {
	s, _ := fyne.CurrentApp().Driver().RenderedTextSize(b.label, 14, fyne.TextStyle{}, resources.Medium)
	return s.Width
}

func (b *Button) min() fyne.Size {
	if b.label == "" {
		return fyne.NewSize(32, 32)
	}
	w := b.width() + 28
	if b.icon != IconNone {
		w += 23
	}
	return fyne.NewSize(float32(int(w)+1), 34)
}

func (b *Button) place(s fyne.Size) {
	b.rect.Resize(s)
	b.ring.Move(fyne.NewPos(-3, -3))
	b.ring.Resize(s.AddWidthHeight(6, 6))
	m := b.text.MinSize()
	x := (s.Width - m.Width) / 2
	if b.icon != IconNone {
		if b.label == "" {
			x = (s.Width - 16) / 2
		} else {
			x = (s.Width - m.Width - 23) / 2
		}
		b.img.Move(fyne.NewPos(x, (s.Height-16)/2))
		b.img.Resize(fyne.NewSize(16, 16))
		x += 23
	}
	b.text.Move(fyne.NewPos(x, (s.Height-m.Height)/2))
	b.text.Resize(m)
}

// IconButton is a button with a picture alone.
type IconButton = Button

// NewIconButton makes one.
func NewIconButton(icon Icon, tip string, tap func()) *IconButton {
	b := NewButton("", icon, state.QuietButton, tap)
	b.tip = tip
	return b
}

// Item is one line of a menu; without a label it is a separator.
type Item struct {
	Label   string
	Tap     func()
	Checked bool
	Key     fyne.KeyName
}

// NewMenuButton makes a button with "…" that opens a menu made when pressed.
func NewMenuButton(tip string, w func() fyne.Window, items func() []Item) *IconButton {
	var b *Button
	b = NewIconButton(IconMore, tip, func() { popUp(w(), b, items()) })
	return b
}

func popUp(w fyne.Window, at fyne.CanvasObject, items []Item) {
	m := fyne.NewMenu("")
	for _, i := range items {
		if i.Label == "" {
			m.Items = append(m.Items, fyne.NewMenuItemSeparator())
			continue
		}
		k := fyne.NewMenuItem(i.Label, i.Tap)
		k.Checked = i.Checked
		if i.Key != "" {
			k.Shortcut = &desktop.CustomShortcut{KeyName: i.Key, Modifier: fyne.KeyModifierShortcutDefault}
		}
		m.Items = append(m.Items, k)
	}
	p := widget.NewPopUpMenu(m, w.Canvas())
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(at)
	x := max(8, min(pos.X, w.Canvas().Size().Width-p.MinSize().Width-8))
	p.ShowAtPosition(fyne.NewPos(x, pos.Y+at.Size().Height+4))
}

// NewLink makes a text to press.
func NewLink(label string, tap func()) fyne.CanvasObject {
	h := widget.NewHyperlink(label, nil)
	h.OnTapped = tap
	return container.NewHBox(h)
}

// Bar is the row of actions.
type Bar struct {
	widget.BaseWidget
	row *fyne.Container
	why *Text
}

// NewBar makes one.
func NewBar() *Bar {
	b := &Bar{row: HStack(4), why: NewText(Small, "").Trim()}
	b.ExtendBaseWidget(b)
	return b
}

// Set changes the buttons and the sentence for what is missing.
func (b *Bar) Set(bs []*Button, why string) {
	os := make([]fyne.CanvasObject, len(bs))
	for i := range bs {
		os[i] = bs[i]
	}
	Replace(b.row, os)
	b.why.Set(why)
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	g := newBox(look.Surface, "", 0, [4]float32{}, nil)
	place := func(s fyne.Size) {
		g.Resize(s)
		m := b.row.MinSize()
		b.row.Move(fyne.NewPos(16, (s.Height-m.Height)/2))
		b.row.Resize(m)
		x := 16 + m.Width + 16
		h := b.why.MinSize().Height
		b.why.Move(fyne.NewPos(x, (s.Height-h)/2))
		b.why.Resize(fyne.NewSize(max(0, s.Width-x-20), h))
	}
	return &renderer{objects: []fyne.CanvasObject{g, b.row, b.why}, layout: place,
		refresh: func() { place(b.Size()); canvas.Refresh(b) },
		min:     func() fyne.Size { return fyne.NewSize(200, 52) }}
}
