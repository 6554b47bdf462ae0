package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/bridge"
	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// ModalSpec is what a dialog is made of.
type ModalSpec struct {
	Title, Lead string
	Body        []fyne.CanvasObject
	Corner      string // small code at the bottom left
	Buttons     []*Button
	Escape      func()
	Narrow      bool
}

// Modal is an open dialog over a window.
type Modal struct {
	w       fyne.Window
	overlay fyne.CanvasObject
	card    *fyne.Container
	onClose func()
	closed  bool
}

// ShowModal opens a dialog. Escape is its way out; Return does nothing.
func ShowModal(w fyne.Window, s ModalSpec) *Modal {
	m := &Modal{w: w}
	head := []fyne.CanvasObject{NewText(Title, s.Title).Wrap()}
	if s.Lead != "" {
		head = append(head, NewText(Muted, s.Lead).Wrap())
	}
	row := HStack(10)
	for _, b := range s.Buttons {
		row.Add(b)
	}
	foot := container.NewBorder(nil, nil, NewText(Code, s.Corner), row)
	body := container.NewVScroll(VStack(12, s.Body...))
	width := float32(700)
	if s.Narrow {
		width = 480
	}
	inner := container.New(&sheet{}, VStack(2, head...), body, foot)
	m.card = container.New(&dialogLayout{width: width, inner: inner, body: body}, newDim(),
		newBox(look.Surface, look.Line, 12, [4]float32{24, 27, 20, 27}, inner))
	m.overlay = m.card
	w.Canvas().Overlays().Add(m.overlay)
	m.card.Resize(w.Canvas().Size())
	return m
}

// OnClose is called when the dialog goes, however it goes.
func (m *Modal) OnClose(f func()) { m.onClose = f }

// Fit gives it the height that it needs now.
func (m *Modal) Fit() { m.card.Refresh() }

// Close takes it away.
func (m *Modal) Close() {
	if m.closed {
		return
	}
	m.closed = true
	m.w.Canvas().Overlays().Remove(m.overlay)
	if m.onClose != nil {
		m.onClose()
	}
}

// ModalOpen reports whether something lies over a window.
func ModalOpen(w fyne.Window) bool { return w.Canvas().Overlays().Top() != nil }

// CloseModals takes away everything that lies over a window.
func CloseModals(w fyne.Window) {
	for o := w.Canvas().Overlays().Top(); o != nil; o = w.Canvas().Overlays().Top() {
		w.Canvas().Overlays().Remove(o)
	}
}

// dim takes every tap away from what is below.
type dim struct {
	widget.BaseWidget
	rect *widgets.Box
}

func newDim() *dim {
	d := &dim{rect: newBox(look.Dim, "", 0, [4]float32{}, nil)}
	d.ExtendBaseWidget(d)
	return d
}

// CreateRenderer implements fyne.Widget.
func (d *dim) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(d.rect) }

func (d *dim) Tapped(*fyne.PointEvent) {}

type sheet struct{}

func (sheet) Layout(os []fyne.CanvasObject, s fyne.Size) {
	os[0].Resize(fyne.NewSize(s.Width, os[0].Size().Height))
	h := os[0].MinSize().Height
	os[0].Resize(fyne.NewSize(s.Width, h))
	f := os[2].MinSize().Height
	os[2].Move(fyne.NewPos(0, s.Height-f))
	os[2].Resize(fyne.NewSize(s.Width, f))
	os[1].Move(fyne.NewPos(0, h+14))
	os[1].Resize(fyne.NewSize(s.Width, s.Height-h-f-30))
}

func (sheet) MinSize(os []fyne.CanvasObject) fyne.Size { return fyne.NewSize(300, 100) }

type dialogLayout struct {
	width float32
	inner *fyne.Container
	body  *container.Scroll
}

func (l *dialogLayout) Layout(os []fyne.CanvasObject, s fyne.Size) {
	os[0].Resize(s)
	w := min(l.width, s.Width-48)
	in := w - 54
	head, foot := l.inner.Objects[0], l.inner.Objects[2]
	head.Resize(fyne.NewSize(in, head.Size().Height))
	l.body.Content.Resize(fyne.NewSize(in, l.body.Content.Size().Height))
	h := head.MinSize().Height + foot.MinSize().Height + l.body.Content.MinSize().Height + 30 + 44
	h = min(h, s.Height-48)
	os[1].Resize(fyne.NewSize(w, h))
	os[1].Move(fyne.NewPos((s.Width-w)/2, min(96, (s.Height-h)/2)))
}

func (l *dialogLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, 200) }

// Toast says something in passing.
func Toast(w fyne.Window, b *bridge.Bridge, s string, tone state.Tone) {
	t := NewBanner()
	SetBanner(t, s, tone)
	p := widget.NewPopUp(t, w.Canvas())
	size := fyne.NewSize(min(520, w.Canvas().Size().Width-40), 60)
	p.Resize(size)
	p.ShowAtPosition(fyne.NewPos((w.Canvas().Size().Width-size.Width)/2, w.Canvas().Size().Height-size.Height-24))
	b.After(6*time.Second, p.Hide)
}
