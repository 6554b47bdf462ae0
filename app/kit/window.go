package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Window is everything in a window: strip, header, alarm, and the screen.
type Window struct {
	root *fyne.Container
	l    *windowLayout
}

type windowLayout struct{ strip, header, under, alarm, body fyne.CanvasObject }

// NewWindow makes one without a screen.
func NewWindow(strip *Strip, header *Header, alarm *Banner) *Window {
	l := &windowLayout{strip: strip, header: header.o, under: widgets.Rule(), alarm: alarm}
	return &Window{container.New(l, header.o, l.under, strip, alarm), l}
}

// Object is the window as a canvas object.
func (w *Window) Object() fyne.CanvasObject { return w.root }

// Body puts a screen below the header.
func (w *Window) Body(o fyne.CanvasObject) {
	w.l.body = o
	w.root.Objects = []fyne.CanvasObject{o, w.l.header, w.l.under, w.l.strip, w.l.alarm}
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
	if l.body != nil {
		place(l.body, max(0, s.Height-y))
	}
}

func (l *windowLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(720, 480) }

// HeaderSpec is what a header is made of.
type HeaderSpec struct {
	Back, PanelTip, ThemeTip, OperatorTip, MenuTip string
	OnBack, OnPanel, OnTheme                       func()
	Operators, Menu                                func() []Item
}

// Header is the line with the way back, the title, and who works.
type Header struct {
	o        fyne.CanvasObject
	back     *Button
	side     *Button
	title    *Text
	words    *fyne.Container // title and code
	code     *Text
	operator *Button
}

// NewHeader makes one.
func NewHeader(s HeaderSpec) *Header {
	h := &Header{title: NewText(Title, "").Trim(), code: NewText(Muted, "")}
	h.words = container.New(titled{h.title}, h.title, h.code)
	h.back = NewButton(s.Back, widgets.IconBack, state.QuietButton, s.OnBack)
	h.side = NewIconButton(widgets.IconSide, s.PanelTip, s.OnPanel)
	h.operator = NewButton("", IconNone, state.Outlined, nil).SetTrailing(widgets.IconDown)
	h.operator.SetToolTip(s.OperatorTip)
	h.operator.SetOnTap(func() { PopUp(h.operator, s.Operators()) })
	th := NewIconButton(widgets.IconTheme, s.ThemeTip, s.OnTheme)
	menu := NewIconButton(widgets.IconMenu, s.MenuTip, nil)
	menu.SetOnTap(func() { PopUp(menu, s.Menu()) })
	row := container.NewBorder(nil, nil, HStack(8, h.back, h.side), HStack(8, th, h.operator, menu),
		h.words)
	h.o = newBox(look.Surface, "", 0, [4]float32{10, 20, 10, 12}, row)
	return h
}

// Set changes title and code; back shows the way back.
func (h *Header) Set(title, code string, back bool) {
	h.title.Set(title)
	h.code.Set(code)
	h.words.Layout.Layout(h.words.Objects, h.words.Size())
	Show(h.back, back)
	Show(h.side, back)
}

// titled puts a code after a title, which is cut when there is too little room.
type titled struct{ title *Text }

const titleGap float32 = 14

func (l titled) Layout(os []fyne.CanvasObject, s fyne.Size) {
	code := os[1].MinSize()
	x := float32(0)
	if l.title.Text() != "" {
		w := max(0, min(l.title.Natural(), s.Width-code.Width-titleGap))
		h := os[0].MinSize().Height
		os[0].Move(fyne.NewPos(0, float32(int((s.Height-h)/2))))
		os[0].Resize(fyne.NewSize(w, h))
		x = w + titleGap
	}
	os[1].Move(fyne.NewPos(x, float32(int((s.Height-code.Height)/2))))
	os[1].Resize(code)
}

func (l titled) MinSize(os []fyne.CanvasObject) fyne.Size {
	a, b := os[0].MinSize(), os[1].MinSize()
	return fyne.NewSize(a.Width+titleGap+b.Width, max(a.Height, b.Height))
}

// SetOperator changes who works.
func (h *Header) SetOperator(name string) { h.operator.SetText(name) }

// Card is one delivery in the list.
type Card struct {
	widget.BaseWidget
	m     state.Card
	title *Text
	note  *Text
	chip  *widgets.Chip
	warn  *Banner
	kpis  *widgets.KPIRow
	mark  *widgets.Box
	o     *widgets.Box
	open  func()
}

// NewCard makes an empty one.
func NewCard(more string, open func(), items func() []Item) *Card {
	k := &Card{title: NewText(RowTitle, ""), note: NewText(Small, "").Trim(), chip: widgets.NewChip("", look.Quiet), warn: NewBanner(), kpis: widgets.NewKPIRow(0, true), open: open}
	words := VStack(6, widgets.Baseline(8, k.title, k.note), HStack(0, k.chip))
	k.mark = newBox(look.Quiet.Fill(), "", 4, [4]float32{}, nil)
	right := HStack(20, container.New(natural{k.kpis}, k.kpis), NewMenuButton(more, items))
	k.o = newBox(look.Surface, look.Line, look.Radius, [4]float32{14, 12, 14, look.CardMargin}, VStack(10, k.warn,
		widgets.HFill(16, widgets.Sized(8, 51, k.mark), widgets.Ends(words, right))))
	k.ExtendBaseWidget(k)
	return k
}

// natural gives a row of figures the width in which nothing is cut.
type natural struct{ row *widgets.KPIRow }

func (l natural) Layout(os []fyne.CanvasObject, s fyne.Size) {
	os[0].Move(fyne.Position{})
	os[0].Resize(s)
}

func (l natural) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.row.Natural(), l.row.Tile(0).MinSize().Height-14)
}

// Model is what it shows.
func (k *Card) Model() state.Card { return k.m }

// Set changes what it shows.
func (k *Card) Set(m state.Card) {
	k.m = m
	k.title.Set(m.Title)
	k.note.Set(m.Note)
	k.chip.Set(m.Chip.Text, look.Tone(m.Chip.Tone))
	k.mark.SetColors(look.Tone(m.Tone).Fill(), "")
	SetBanner(k.warn, m.Banner, state.Amber)
	Show(k.warn, m.Banner != "")
	SetKPIs(k.kpis, m.KPIs, false)
}

// Tapped opens the delivery.
func (k *Card) Tapped(*fyne.PointEvent) { k.open() }

// CreateRenderer implements fyne.Widget.
func (k *Card) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(k.o) }
