package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Gap is the distance between cards.
const Gap = look.Gap

// widest is as wide as a page gets: longer lines are harder to read.
const widest float32 = 1600

// VStack puts things under each other.
func VStack(gap float32, os ...fyne.CanvasObject) *fyne.Container { return widgets.VStack(gap, os...) }

// HStack puts things beside each other.
func HStack(gap float32, os ...fyne.CanvasObject) *fyne.Container { return widgets.HStack(gap, os...) }

// Replace changes the things in a stack.
func Replace(c *fyne.Container, os []fyne.CanvasObject) { widgets.Replace(c, os...) }

// Pair puts a fixed thing before one that takes the rest.
func Pair(a, b fyne.CanvasObject) *fyne.Container { return widgets.HFill(12, a, b) }

// PairEnd puts a fixed thing after one that takes the rest.
func PairEnd(a, b fyne.CanvasObject) *fyne.Container {
	return container.NewBorder(nil, nil, nil, HStack(0, gapBefore(8, b)), a)
}

// gapBefore keeps a distance before a thing.
func gapBefore(w float32, o fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Inset(widgets.Insets{Left: w}, o)
}

// NewScroll shows what may be higher than its place.
func NewScroll(o fyne.CanvasObject) fyne.CanvasObject { return widgets.Scroll(o) }

// Columns puts two things side by side where there is room.
func Columns(a, b fyne.CanvasObject) *fyne.Container { return widgets.Columns(0.44, a, b) }

// fixed gives a thing a size to ask for.
type fixed struct{ w, h float32 }

func (l fixed) Layout(os []fyne.CanvasObject, s fyne.Size) {
	for _, o := range os {
		o.Move(fyne.Position{})
		o.Resize(s)
	}
}
func (l fixed) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(l.w, l.h) }

// Wide gives a thing a width.
func Wide(w float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(fixed{w, o.MinSize().Height}, o)
}

func tall(h float32, o fyne.CanvasObject) *fyne.Container { return container.New(fixed{24, h}, o) }

// Side makes the summary of a dashboard.
func Side(os ...fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Scroll(widgets.Inset(widgets.Pad(look.Margin, look.Margin), VStack(18, os...)))
}

// Frame is a screen: a summary that folds, an action bar and a page that
// scrolls.
type Frame struct{ shell *widgets.Shell }

// NewFrame makes a screen. A nil side or bar means there is none.
func NewFrame(side fyne.CanvasObject, bar *widgets.ActionBar, page ...fyne.CanvasObject) *Frame {
	if bar == nil {
		return &Frame{widgets.NewShell(side, nil, widgets.Page(widest, page...))}
	}
	return &Frame{widgets.NewShell(side, bar, widgets.Page(widest, page...))}
}

// NewListFrame makes a screen that does not scroll as a whole: the last thing, a
// list, gets the height that the others leave.
func NewListFrame(bar *widgets.ActionBar, os ...fyne.CanvasObject) *Frame {
	return &Frame{widgets.NewShell(nil, bar, widgets.PageFill(widest, os...))}
}

// Object is the screen as a canvas object.
func (f *Frame) Object() fyne.CanvasObject { return f.shell }

// ToggleSide shows or hides the summary.
func (f *Frame) ToggleSide() { f.shell.ToggleSide() }
