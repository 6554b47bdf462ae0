package widgets

import (
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"sendoff/widgets/look"
)

// sheet is an open dialog: a card over a dimmed window with a head, a body that
// scrolls when it is too high, and a foot with buttons. It has a stack of its
// own for the keyboard, so Tab stays inside.
type sheet struct {
	w      fyne.Window
	modal  *modal
	shadow *canvas.Rectangle
	card   *Box
	width  float32
	head   *fyne.Container
	body   *fyne.Container
	scroll fyne.CanvasObject
	foot   fyne.CanvasObject
	typed  func(*fyne.KeyEvent) // what the window did with keys before
	once   sync.Once
	onGone func()
}

// The measures of a dialog.
const (
	sheetEdge  float32 = 24 // to the edge of the window, at least
	sheetTop   float32 = 96 // to the top of a high window
	sheetGap   float32 = 16
	sheetWidth float32 = 700
	sheetBar   float32 = 14 // of the right margin, for the scroll bar
)

var sheetInsets = Insets{Top: 22, Right: 27, Bottom: 20, Left: 27}

// openSheet shows a sheet. onEscape is called for Escape; onGone when it is
// closed, by itself or because the dialog below it was.
func openSheet(w fyne.Window, title, subtitle string, width float32, body []fyne.CanvasObject, foot fyne.CanvasObject, onEscape, onGone func()) *sheet {
	if width == 0 {
		width = sheetWidth
	}
	s := &sheet{w: w, width: width, shadow: canvas.NewRectangle(nil), foot: foot, onGone: onGone}
	s.head = VStack(2, NewText(title, DialogTitle()).Wrap())
	if subtitle != "" {
		s.head.Add(NewText(subtitle, BodyMuted()).Wrap())
	}
	s.body = VStack(sheetGap, body...)
	s.scroll = Scroll(Inset(Insets{Right: sheetBar}, s.body)) // the bar stands beside what it scrolls
	s.card = NewBox(look.Surface, look.Line, look.Radius, sheetInsets, container.New(&sheetLayout{s}, s.head, s.scroll, foot))
	s.modal = newModal(container.NewWithoutLayout(s.shadow, s.card), s.place, onEscape)
	s.modal.closed = s.close
	s.typed = w.Canvas().OnTypedKey()
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeyEscape {
			onEscape()
		}
	})
	w.Canvas().Overlays().Add(s.modal)
	return s
}

// close takes the sheet away, once, with all that lies over it.
func (s *sheet) close() {
	first := false
	s.once.Do(func() { first = true })
	if !first {
		return
	}
	os := s.w.Canvas().Overlays()
	for above := os.Top(); above != nil && above != fyne.CanvasObject(s.modal); above = os.Top() {
		if m, ok := above.(*modal); ok && m.closed != nil {
			m.closed()
		}
		os.Remove(above)
	}
	os.Remove(s.modal)
	s.w.Canvas().SetOnTypedKey(s.typed)
	if s.onGone != nil {
		s.onGone()
	}
}

// fit gives it the height that it needs now.
func (s *sheet) fit() { s.modal.Refresh() }

func (s *sheet) place(size fyne.Size) {
	in := sheetInsets
	w := min(s.width, size.Width-2*sheetEdge)
	inner := w - in.Left - in.Right
	h := in.Top + in.Bottom + heightFor(s.head, inner) + heightFor(s.foot, inner) + sheetGap + 4
	if len(s.body.Objects) > 0 {
		h += heightFor(s.body, inner) + sheetGap
	}
	h = min(h, size.Height-2*sheetEdge)
	x, y := floor((size.Width-w)/2), max(sheetEdge, min(sheetTop, floor((size.Height-h)/2)))
	s.shadow.FillColor, s.shadow.CornerRadius = paint(s.modal, look.Surface), look.Radius
	s.shadow.Shadow = canvas.Shadow{Color: paint(s.modal, look.Shade), BlurRadius: 40, Offset: fyne.NewPos(0, 12)}
	put(s.shadow, x, y, w, h)
	put(s.card, x, y, w, h)
}

// sheetLayout places head, body and foot in the card.
type sheetLayout struct{ s *sheet }

func (l *sheetLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	s := l.s
	head, foot := heightFor(s.head, size.Width), heightFor(s.foot, size.Width)
	put(s.head, 0, 0, size.Width, head)
	put(s.scroll, 0, head+sheetGap, size.Width+sheetBar, size.Height-head-foot-2*sheetGap-4)
	put(s.foot, 0, size.Height-foot, size.Width, foot)
}

func (l *sheetLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, 100) }

// sheetFoot has a small code at the left and buttons at the right.
func sheetFoot(note string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	left := fyne.CanvasObject(NewText("", Body()))
	if note != "" {
		left = NewSelectable(note, true).Small()
	}
	return Ends(left, HStack(10, buttons...))
}
