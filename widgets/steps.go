package widgets

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Steps shows how far something is that has a few steps in order. It only shows;
// it is not pressed.
type Steps struct {
	widget.BaseWidget
	names   []string
	at      int
	discs   []*crisp
	numbers []*Text
	checks  []*Icon
	labels  []*Text
	lines   []*Box
	objects []fyne.CanvasObject
}

const (
	stepDisc float32 = 22
	stepGap  float32 = 8  // between disc and name
	stepLine float32 = 18 // between two steps, with as much air on either side as stepGap
)

// NewSteps makes one at its first step.
func NewSteps(names ...string) *Steps {
	s := &Steps{names: names}
	for i, name := range names {
		d := newCrisp()
		number := NewText(strconv.Itoa(i+1), SmallStrong()).Center()
		check := NewIcon(IconCheck, 12, look.PrimaryText)
		label := NewText(name, Small())
		s.discs, s.numbers, s.checks, s.labels = append(s.discs, d), append(s.numbers, number), append(s.checks, check), append(s.labels, label)
		s.objects = append(append(s.objects, d.objects()...), number, check, label)
		if i > 0 {
			l := Rule()
			s.lines = append(s.lines, l)
			s.objects = append(s.objects, l)
		}
	}
	s.ExtendBaseWidget(s)
	return s
}

// Set says which step is being done; those before it are done.
func (s *Steps) Set(at int) {
	if at != s.at {
		s.at = at
		s.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (s *Steps) AccessibilityLabel() string {
	return strconv.Itoa(s.at+1) + "/" + strconv.Itoa(len(s.names)) + " " + s.names[s.at]
}

// AccessibilityRole implements fyne.Accessible.
func (s *Steps) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// natural is the width with all names.
func (s *Steps) natural() float32 {
	w := float32(0)
	for i, l := range s.labels {
		if i > 0 {
			w += stepLine + 2*stepGap
		}
		w += stepDisc + stepGap + l.Natural()
	}
	return w
}

// place shows all names when there is room, else that of the step alone.
func (s *Steps) place(size fyne.Size) {
	all := s.natural() <= size.Width+0.5
	scale := scaleOf(s)
	x, y := float32(0), floor((size.Height-stepDisc)/2)
	for i := range s.names {
		if i > 0 {
			x += stepGap
			put(s.lines[i-1], x, floor(size.Height/2), stepLine, 1)
			x += stepLine + stepGap
		}
		fill, line, ink := look.Surface, look.Line, look.Muted
		switch {
		case i == s.at:
			fill, line, ink = look.Action, look.Action, look.PrimaryText
		case i < s.at:
			fill, line, ink = look.Green, look.Green, look.PrimaryText
		}
		s.discs[i].set(paint(s, fill), paint(s, line), stepDisc/2, 1, scale)
		s.discs[i].place(x, y, fyne.NewSize(stepDisc, stepDisc))
		s.numbers[i].SetColor(ink)
		h := s.numbers[i].MinSize().Height
		put(s.numbers[i], x, y+floor((stepDisc-h)/2), stepDisc, h)
		put(s.checks[i], x+5, y+5, 12, 12)
		Show(s.numbers[i], i >= s.at)
		Show(s.checks[i], i < s.at)
		x += stepDisc
		shown := all || i == s.at
		Show(s.labels[i], shown)
		if !shown {
			continue
		}
		style := Small()
		if i == s.at {
			style = SmallStrong()
		}
		s.labels[i].SetStyle(style)
		if i != s.at {
			s.labels[i].SetColor(look.Muted)
		}
		w, lh := s.labels[i].Natural()+1, s.labels[i].MinSize().Height
		put(s.labels[i], x+stepGap, floor((size.Height-lh)/2), w, lh)
		x += stepGap + w
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Steps) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: s.objects, layout: s.place,
		min: func() fyne.Size {
			return fyne.NewSize(float32(len(s.names))*(stepDisc+stepLine+2*stepGap)+90, stepDisc)
		},
		refresh: func() { s.place(s.Size()); canvas.Refresh(s) }}
}
