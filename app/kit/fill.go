package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/widgets"
)

// Fill puts things under each other; the last one gets the height that the others
// leave.
func Fill(gap float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(fill{gap}, os...)
}

type fill struct{ gap float32 }

func (l fill) Layout(os []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for i, o := range os {
		if !o.Visible() {
			continue
		}
		o.Move(fyne.NewPos(0, y))
		h := max(0, s.Height-y)
		if i < len(os)-1 {
			if o.Size().Width != s.Width {
				o.Resize(fyne.NewSize(s.Width, o.Size().Height)) // heights depend on widths
			}
			h = o.MinSize().Height
		}
		o.Resize(fyne.NewSize(s.Width, h))
		y += h + l.gap
	}
}

func (l fill) MinSize(os []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range os {
		if o.Visible() {
			k := o.MinSize()
			m = fyne.NewSize(max(m.Width, k.Width), m.Height+k.Height+l.gap)
		}
	}
	return m.SubtractWidthHeight(0, l.gap)
}

// Stack puts things over each other; those in sight are hidden and shown by
// others.
func Stack(os ...fyne.CanvasObject) *fyne.Container { return container.NewStack(os...) }

// NewPlain is a screen without an action bar that does not scroll as a whole: the
// last thing gets the height that the others leave.
func NewPlain(os ...fyne.CanvasObject) fyne.CanvasObject {
	return widgets.NewShell(nil, nil, widgets.PageFill(widest, os...))
}

// filled gives the middle of three things the height that the others leave.
type filled struct{ gap float32 }

func (l filled) Layout(os []fyne.CanvasObject, s fyne.Size) {
	height := func(o fyne.CanvasObject) float32 {
		if !o.Visible() {
			return -l.gap
		}
		if o.Size().Width != s.Width {
			o.Resize(fyne.NewSize(s.Width, o.Size().Height))
		}
		return o.MinSize().Height
	}
	top, bottom := height(os[0]), height(os[2])
	put := func(o fyne.CanvasObject, y, h float32) {
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(s.Width, max(0, h)))
	}
	put(os[0], 0, top)
	put(os[1], top+l.gap, s.Height-top-bottom-2*l.gap)
	put(os[2], s.Height-bottom, bottom)
}

func (l filled) MinSize(os []fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 120) }

// NewFilled puts one thing above and one below a third, which gets the height that
// is left.
func NewFilled(top, middle, bottom fyne.CanvasObject) fyne.CanvasObject {
	return container.New(filled{8}, top, middle, bottom)
}
