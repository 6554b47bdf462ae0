package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Window is everything in a window: strip, header, alarm, navigation, and the
// screen.
type Window struct {
	root *fyne.Container
	l    *windowLayout
}

type windowLayout struct {
	strip, header, under, alarm, body fyne.CanvasObject
	nav                               *Nav
}

// NewWindow makes one without a screen.
func NewWindow(strip *Strip, header *Header, alarm *Banner, nav *Nav) *Window {
	l := &windowLayout{strip: strip, header: header.o, under: widgets.Rule(), alarm: alarm, nav: nav}
	return &Window{container.New(l, header.o, l.under, strip, alarm, nav), l}
}

// Object is the window as a canvas object.
func (w *Window) Object() fyne.CanvasObject { return w.root }

// Body puts a screen below the header, with the navigation beside it or without.
func (w *Window) Body(o fyne.CanvasObject, nav bool) {
	w.l.body = o
	Show(w.l.nav, nav)
	// In this order the keyboard walks from the header over the navigation into
	// the screen.
	w.root.Objects = []fyne.CanvasObject{w.l.strip, w.l.header, w.l.under, w.l.alarm, w.l.nav, o}
	w.l.Layout(nil, w.root.Size())
	w.root.Refresh()
}

// Relayout places everything anew, after the strip came or went.
func (w *Window) Relayout() { w.l.Layout(nil, w.root.Size()) }

func (l *windowLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	place := func(o fyne.CanvasObject, h float32) {
		if o.Visible() {
			o.Move(fyne.NewPos(0, y))
			o.Resize(fyne.NewSize(s.Width, h))
			y += h
		}
	}
	place(l.strip, 28)
	place(l.header, look.HeaderHeight-1)
	place(l.under, 1)
	if l.alarm.Visible() {
		l.alarm.Resize(fyne.NewSize(s.Width, l.alarm.Size().Height))
		place(l.alarm, l.alarm.MinSize().Height)
	}
	x, h := float32(0), max(0, s.Height-y)
	if l.nav.Visible() {
		x = l.nav.width(s.Width)
		l.nav.Move(fyne.NewPos(0, y))
		l.nav.Resize(fyne.NewSize(x, h))
	}
	if l.body != nil {
		l.body.Move(fyne.NewPos(x, y))
		l.body.Resize(fyne.NewSize(s.Width-x, h))
	}
}

func (l *windowLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(720, 480) }

// HeaderSpec is what a header is made of.
type HeaderSpec struct {
	PanelTip, ThemeTip, OperatorTip, MenuTip, HelpTip string
	OnBack, OnPanel, OnTheme, OnHelp                  func()
	Operators, Menu                                   func() []Item
	Search                                            *widgets.Search
}

// Header is the line with the way back, the title, a search, and who works.
type Header struct {
	o        fyne.CanvasObject
	back     *Button
	side     *Button
	title    *Text
	words    *fyne.Container // title and code
	code     *Text
	operator *Button
	menu     *Button
	search   *widgets.Search
	items    func() []Item
}

// NewHeader makes one.
func NewHeader(s HeaderSpec) *Header {
	h := &Header{title: NewText(Title, "").Trim(), code: NewText(Muted, "").Trim(), search: s.Search, items: s.Menu}
	h.words = container.New(titled{h.title, h.code}, h.title, h.code)
	h.back = NewButton("", widgets.IconBack, state.QuietButton, s.OnBack)
	h.side = NewIconButton(widgets.IconSide, s.PanelTip, s.OnPanel)
	h.operator = NewButton("", IconNone, state.Outlined, nil).SetTrailing(widgets.IconDown)
	h.operator.SetToolTip(s.OperatorTip)
	h.operator.SetOnTap(func() { PopUp(h.operator, s.Operators()) })
	th := NewIconButton(widgets.IconTheme, s.ThemeTip, s.OnTheme)
	help := NewIconButton(widgets.IconQuestion, s.HelpTip, s.OnHelp)
	h.menu = NewIconButton(widgets.IconMenu, s.MenuTip, nil)
	h.menu.SetOnTap(h.OpenMenu)
	row := container.NewBorder(nil, nil, HStack(8, h.back, h.side), HStack(8, h.search, help, th, h.operator, h.menu),
		h.words)
	h.o = newBox(look.Surface, "", 0, [4]float32{10, 20, 10, 12}, row)
	return h
}

// OpenMenu opens the menu of the window.
func (h *Header) OpenMenu() { PopUp(h.menu, h.items()) }

// Set changes title and code.
func (h *Header) Set(title, code string) {
	h.title.Set(title)
	h.code.Set(code)
	h.words.Layout.Layout(h.words.Objects, h.words.Size())
}

// Arrange shows what belongs to a screen: the way back, by name, the button that
// folds its summary, the search.
func (h *Header) Arrange(back string, side, search bool) {
	h.back.SetText(back)
	Show(h.back, back != "")
	Show(h.side, side)
	Show(h.search, search)
	h.o.Refresh()
}

// titled puts a code after a title. Where there is too little room the code is
// cut, then the title.
type titled struct{ title, code *Text }

const titleGap float32 = 14

func (l titled) Layout(os []fyne.CanvasObject, s fyne.Size) {
	x := float32(0)
	put := func(t *Text, most float32) {
		w := max(0, min(t.Natural(), most))
		h := t.MinSize().Height
		t.Move(fyne.NewPos(x, float32(int((s.Height-h)/2))))
		t.Resize(fyne.NewSize(w, h))
		x += w
	}
	if l.title.Text() != "" {
		put(l.title, s.Width)
		x += titleGap
	}
	// A few letters of it would tell nothing.
	if room := s.Width - x; room >= min(leastCode, l.code.Natural()) {
		put(l.code, room)
	} else {
		l.code.Move(fyne.NewPos(s.Width, 0))
		l.code.Resize(fyne.NewSize(0, 0))
	}
	Show(l.code, l.code.Size().Width > 0)
}

// leastCode is the least room in which a part of a code is worth showing.
const leastCode float32 = 60

func (l titled) MinSize(os []fyne.CanvasObject) fyne.Size {
	a, b := os[0].MinSize(), os[1].MinSize()
	return fyne.NewSize(a.Width+titleGap+b.Width, max(a.Height, b.Height))
}

// SetOperator changes who works.
func (h *Header) SetOperator(name string) { h.operator.SetText(name) }
