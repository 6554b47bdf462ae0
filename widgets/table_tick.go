package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// tick is the box of a row that can be ticked. The keyboard ticks through the
// table: a row of boxes would be a stop for each.
type tick struct {
	widget.BaseWidget
	on    bool
	hover bool
	box   *Box
	check *Icon
	press func()
}

var (
	_ fyne.Tappable      = (*tick)(nil)
	_ desktop.Hoverable  = (*tick)(nil)
	_ desktop.Cursorable = (*tick)(nil)
)

const tickSize float32 = 16

func newTick(press func()) *tick {
	t := &tick{press: press, box: NewBox(look.Surface, look.Muted, 4, Insets{}, nil), check: NewIcon(IconCheck, 12, look.PrimaryText)}
	t.check.Hide()
	t.ExtendBaseWidget(t)
	return t
}

func (t *tick) set(on bool) {
	if t.on != on {
		t.on = on
		t.paint()
	}
}

func (t *tick) paint() {
	switch {
	case t.on:
		t.box.SetColors(look.Action, look.Action)
	case t.hover:
		t.box.SetColors(look.Surface, look.Ink)
	default:
		t.box.SetColors(look.Surface, look.Muted)
	}
	Show(t.check, t.on)
}

// Tapped implements fyne.Tappable.
func (t *tick) Tapped(*fyne.PointEvent) { t.press() }

// MouseIn implements desktop.Hoverable.
func (t *tick) MouseIn(*desktop.MouseEvent) { t.hover = true; t.paint() }

// MouseMoved implements desktop.Hoverable.
func (t *tick) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *tick) MouseOut() { t.hover = false; t.paint() }

// Cursor implements desktop.Cursorable.
func (t *tick) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget. It takes presses in its whole height and
// a little beside it.
func (t *tick) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{t.box, t.check}, layout: func(s fyne.Size) {
		y := floor((s.Height - tickSize) / 2)
		put(t.box, tablePad, y, tickSize, tickSize)
		put(t.check, tablePad+2, y+2, 12, 12)
	}, min: func() fyne.Size { return fyne.NewSize(tablePad+tickSize, tickSize) }, refresh: t.paint}
}
