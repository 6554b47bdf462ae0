package deployment

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	tooltip "github.com/dweymouth/fyne-tooltip/widget"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// ledger is the line of which every term opens its rows. It breaks between terms.
type ledger struct {
	widget.BaseWidget
	targeted *kit.Text
	terms    []*term
	row      *fyne.Container
}

func newLedger(open func(delivery.MessageState)) *ledger {
	l := &ledger{targeted: kit.NewText(kit.Small, "")}
	l.row = container.New(flow{}, l.targeted)
	for i, s := range state.LedgerStates() {
		sign := "+"
		if i == 0 {
			sign = "="
		}
		t := newTerm(sign, func() { open(s) })
		l.terms = append(l.terms, t)
		l.row.Add(t)
	}
	l.ExtendBaseWidget(l)
	return l
}

// set changes the leaves that differ.
func (l *ledger) set(m state.Ledger) {
	was := l.natural()
	l.targeted.Set(m.Targeted)
	for i, t := range m.Terms {
		l.terms[i].label.Set(t.Text)
		if l.terms[i].ToolTip() != t.Tip {
			l.terms[i].SetToolTip(t.Tip)
		}
	}
	if l.natural() != was {
		l.Refresh()
	}
}

// natural is the width in which nothing breaks.
func (l *ledger) natural() float32 {
	w := float32(0)
	for i, o := range l.row.Objects {
		if i > 0 {
			w += flowGap
		}
		w += o.MinSize().Width
	}
	return w
}

// CreateRenderer implements fyne.Widget.
func (l *ledger) CreateRenderer() fyne.WidgetRenderer { return &ledgerRenderer{l} }

type ledgerRenderer struct{ l *ledger }

func (r *ledgerRenderer) Destroy()                     {}
func (r *ledgerRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.l.row} }
func (r *ledgerRenderer) Layout(s fyne.Size)           { r.l.row.Resize(s) }
func (r *ledgerRenderer) Refresh()                     { r.l.row.Refresh() }
func (r *ledgerRenderer) MinSize() fyne.Size {
	w := r.l.Size().Width
	if w == 0 {
		w = 1 << 16
	}
	return fyne.NewSize(200, flow{}.place(r.l.row.Objects, w, nil))
}

const (
	flowGap  float32 = 5
	flowLine float32 = 20
)

// flow puts things beside each other and breaks where there is no room.
type flow struct{}

func (flow) place(os []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, x, y float32)) float32 {
	x, y := float32(0), float32(0)
	for _, o := range os {
		w := o.MinSize().Width
		if x > 0 && x+w > width {
			x, y = 0, y+flowLine
		}
		if put != nil {
			put(o, x, y)
		}
		x += w + flowGap
	}
	return y + flowLine
}

func (l flow) Layout(os []fyne.CanvasObject, s fyne.Size) {
	l.place(os, s.Width, func(o fyne.CanvasObject, x, y float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(o.MinSize().Width, flowLine))
	})
}

func (l flow) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, flowLine) }

// term is one figure of the ledger with the sign before it. Its colour is that of
// text until a pointer or the keyboard is on it.
type term struct {
	tooltip.ToolTipWidget
	sign, label *kit.Text
	line        *widgets.Box
	tap         func()
	hover       bool
	focused     bool
}

var (
	_ fyne.Tappable      = (*term)(nil)
	_ fyne.Focusable     = (*term)(nil)
	_ fyne.Accessible    = (*term)(nil)
	_ desktop.Hoverable  = (*term)(nil)
	_ desktop.Cursorable = (*term)(nil)
)

func newTerm(sign string, tap func()) *term {
	t := &term{sign: kit.NewText(kit.Small, sign), label: kit.NewText(kit.Small, ""), tap: tap,
		line: widgets.NewBox(look.Blue, "", 0, widgets.Insets{}, nil)}
	t.line.Hide()
	t.ExtendBaseWidget(t)
	return t
}

// Tapped implements fyne.Tappable.
func (t *term) Tapped(*fyne.PointEvent) { t.tap() }

// TypedKey implements fyne.Focusable: Space presses.
func (t *term) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		t.tap()
		return
	}
	widgets.Unused(t, e)
}

// TypedRune implements fyne.Focusable.
func (t *term) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (t *term) FocusGained() { t.focused = true; t.light() }

// FocusLost implements fyne.Focusable.
func (t *term) FocusLost() { t.focused = false; t.light() }

// MouseIn implements desktop.Hoverable.
func (t *term) MouseIn(e *desktop.MouseEvent) {
	t.ToolTipWidget.MouseIn(e)
	t.hover = true
	t.light()
}

// MouseOut implements desktop.Hoverable.
func (t *term) MouseOut() {
	t.ToolTipWidget.MouseOut()
	t.hover = false
	t.light()
}

// Cursor implements desktop.Cursorable.
func (t *term) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel implements fyne.Accessible.
func (t *term) AccessibilityLabel() string { return t.label.Text() }

// AccessibilityRole implements fyne.Accessible.
func (t *term) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleLink }

// light shows that it would open.
func (t *term) light() {
	c := look.Muted
	if t.hover || t.focused {
		c = look.Blue
	}
	t.label.SetColor(c)
	kit.Show(t.line, t.hover || t.focused)
}

// CreateRenderer implements fyne.Widget.
func (t *term) CreateRenderer() fyne.WidgetRenderer { return &termRenderer{t} }

type termRenderer struct{ t *term }

func (r *termRenderer) Destroy() {}
func (r *termRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.sign, r.t.label, r.t.line}
}

func (r *termRenderer) Layout(s fyne.Size) {
	t := r.t
	x, h := t.sign.Natural()+flowGap, t.label.MinSize().Height
	t.sign.Resize(fyne.NewSize(t.sign.Natural(), h))
	t.label.Move(fyne.NewPos(x, 0))
	t.label.Resize(fyne.NewSize(t.label.Natural(), h))
	t.line.Move(fyne.NewPos(x, t.label.Baseline()+2))
	t.line.Resize(fyne.NewSize(t.label.Natural(), 1))
}

func (r *termRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.t.sign.Natural()+flowGap+r.t.label.Natural(), flowLine)
}

func (r *termRenderer) Refresh() { r.Layout(r.t.Size()) }
