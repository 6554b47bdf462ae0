package message

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/kit"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// step is one point of a timeline: a disc with a picture, a line down, and what
// happened.
type step struct {
	widget.BaseWidget
	disc, line *widgets.Box
	icon       *widgets.Icon
	words      fyne.CanvasObject
}

const (
	discSize  float32 = 26
	stepWords float32 = 40 // left edge of the words
)

func newStep(icon kit.Icon, tone look.Tone, last bool, words fyne.CanvasObject) *step {
	s := &step{disc: widgets.NewBox(tone.On(), "", discSize/2, widgets.Insets{}, nil), line: widgets.NewBox(look.Line, "", 0, widgets.Insets{}, nil),
		icon: widgets.NewIcon(icon, 13, tone.TextOn()), words: words}
	kit.Show(s.line, !last)
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *step) CreateRenderer() fyne.WidgetRenderer { return &stepRenderer{s} }

type stepRenderer struct{ s *step }

func (r *stepRenderer) Destroy() {}

func (r *stepRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.s.line, r.s.disc, r.s.icon, r.s.words}
}

func (r *stepRenderer) Layout(size fyne.Size) {
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	put(r.s.disc, 0, 0, discSize, discSize)
	put(r.s.icon, 0, 0, discSize, discSize)
	put(r.s.line, discSize/2, discSize, 1, max(0, size.Height-discSize))
	put(r.s.words, stepWords, 4, max(0, size.Width-stepWords), max(0, size.Height-4))
}

func (r *stepRenderer) MinSize() fyne.Size {
	if w := r.s.Size().Width; w > stepWords && r.s.words.Size().Width != w-stepWords {
		r.s.words.Resize(fyne.NewSize(w-stepWords, r.s.words.Size().Height))
	}
	return fyne.NewSize(200, max(discSize, 4+r.s.words.MinSize().Height))
}

func (r *stepRenderer) Refresh() {
	r.Layout(r.s.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
