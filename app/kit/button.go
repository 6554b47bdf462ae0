package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Icon names a small picture.
type Icon = widgets.IconName

// Icons.
const (
	IconNone    = widgets.NoIcon
	IconPrepare = widgets.IconPrepare
	IconCheck   = widgets.IconCheck
	IconPause   = widgets.IconPause
	IconPlay    = widgets.IconPlay
	IconStop    = widgets.IconStop
	IconPen     = widgets.IconEdit
	IconPlus    = widgets.IconAdd
)

// Button is a thing to press.
type Button = widgets.Button

// IconButton is a button with a picture alone.
type IconButton = widgets.Button

// NewButton makes a button.
func NewButton(label string, icon Icon, weight state.Weight, tap func()) *Button {
	kind := map[state.Weight]widgets.Kind{state.QuietButton: widgets.Quiet, state.Outlined: widgets.Outlined,
		state.Primary: widgets.Primary, state.Danger: widgets.Danger}[weight]
	return widgets.NewButton(label, icon, kind, tap)
}

// NewIconButton makes a button with a picture alone.
func NewIconButton(icon Icon, tip string, tap func()) *IconButton {
	return widgets.NewIconButton(icon, tip, tap)
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
	b := NewIconButton(widgets.IconMore, tip, nil)
	b.SetOnTap(func() { PopUp(w(), b, items()) })
	return b
}

// PopUp opens a menu below at.
func PopUp(w fyne.Window, at fyne.CanvasObject, items []Item) {
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
	return widgets.HStack(0, widgets.NewLink(label, tap))
}

// Bar is the row of actions.
type Bar struct {
	widget.BaseWidget
	row *fyne.Container
	why *Text
}

// NewBar makes one.
func NewBar() *Bar {
	b := &Bar{row: HStack(4), why: NewText(Small, "").Trim().Right()}
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
		b.row.Move(fyne.NewPos(16, float32(int((s.Height-m.Height)/2))))
		b.row.Resize(m)
		x := 16 + m.Width + 16
		h := b.why.MinSize().Height
		b.why.Move(fyne.NewPos(x, float32(int((s.Height-h)/2))))
		b.why.Resize(fyne.NewSize(max(0, s.Width-x-20), h))
	}
	return &renderer{objects: []fyne.CanvasObject{g, b.row, b.why}, layout: place,
		refresh: func() { place(b.Size()); canvas.Refresh(b) },
		min:     func() fyne.Size { return fyne.NewSize(200, look.BarHeight) }}
}

// renderer is a WidgetRenderer made of functions.
type renderer struct {
	objects []fyne.CanvasObject
	layout  func(fyne.Size)
	refresh func()
	min     func() fyne.Size
}

func (r *renderer) Destroy()                     {}
func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *renderer) Layout(s fyne.Size)           { r.layout(s) }
func (r *renderer) MinSize() fyne.Size           { return r.min() }
func (r *renderer) Refresh()                     { r.refresh() }
