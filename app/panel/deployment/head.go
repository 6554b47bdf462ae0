package deployment

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/kit"
	"sendoff/app/state"
)

// head is what stands above the tabs: the state as a word, the ledger, and what
// can be done about the whole.
type head struct {
	widget.BaseWidget
	label, word *kit.Text
	ledger      *ledger
	right       *fyne.Container
}

func newHead(p *Panel) *head {
	c := p.env.Text
	h := &head{label: kit.NewText(kit.Muted, c.T("deployment.status")), word: kit.NewText(kit.SideTitle, ""), ledger: newLedger(p.open)}
	compute := kit.NewButton(c.T("stats.compute"), kit.IconNone, state.Outlined, p.compute)
	compute.SetToolTip(c.T("stats.tip"))
	h.right = kit.HStack(4, kit.NewButton(c.T("deployment.open_delivery"), kit.IconNone, state.QuietButton, func() { p.env.Open(p.id) }), compute)
	h.ExtendBaseWidget(h)
	return h
}

// set changes the leaves that differ.
func (h *head) set(word string, tone state.Tone, l state.Ledger) {
	was := h.word.Natural()
	h.word.Set(word)
	kit.SetTone(h.word, tone)
	h.ledger.set(l)
	if h.word.Natural() != was {
		h.Refresh()
	}
}

const (
	headGap   float32 = 32 // between word, ledger and buttons
	underWord float32 = 8  // between word and ledger when it is below
)

// beside reports whether the ledger fits between word and buttons.
func (h *head) beside(width float32) bool {
	return h.left()+h.ledger.natural()+h.right.MinSize().Width+2*headGap <= width
}

func (h *head) left() float32 { return max(h.label.Natural(), h.word.Natural()) }

// CreateRenderer implements fyne.Widget.
func (h *head) CreateRenderer() fyne.WidgetRenderer { return &headRenderer{h} }

type headRenderer struct{ h *head }

func (r *headRenderer) Destroy() {}

func (r *headRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.h.label, r.h.word, r.h.ledger, r.h.right}
}

func (r *headRenderer) Layout(s fyne.Size) {
	h := r.h
	put := func(o fyne.CanvasObject, x, y, w, height float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, height))
	}
	label, word, right := h.label.MinSize(), h.word.MinSize(), h.right.MinSize()
	put(h.label, 0, 0, h.label.Natural(), label.Height)
	put(h.word, 0, label.Height, h.word.Natural(), word.Height)
	put(h.right, s.Width-right.Width, float32(int((label.Height+word.Height-right.Height)/2)), right.Width, right.Height)
	if h.beside(s.Width) {
		// On one line with the word.
		y := label.Height + h.word.Baseline() - h.ledger.targeted.Baseline()
		put(h.ledger, h.left()+headGap, y, h.ledger.natural(), flowLine)
		return
	}
	put(h.ledger, 0, label.Height+word.Height+underWord, s.Width, s.Height-label.Height-word.Height-underWord)
}

func (r *headRenderer) MinSize() fyne.Size {
	h := r.h
	m := fyne.NewSize(320, h.label.MinSize().Height+h.word.MinSize().Height)
	w := h.Size().Width
	if w == 0 || h.beside(w) {
		return m
	}
	if h.ledger.Size().Width != w {
		h.ledger.Resize(fyne.NewSize(w, h.ledger.Size().Height))
	}
	return m.AddWidthHeight(0, underWord+h.ledger.MinSize().Height)
}

func (r *headRenderer) Refresh() {
	r.Layout(r.h.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
