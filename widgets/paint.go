package widgets

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"sendoff/widgets/look"
)

// paint is a colour of the theme that a widget lives in; the empty name is no
// colour.
func paint(w fyne.Widget, n fyne.ThemeColorName) color.Color {
	if n == "" || n == look.Clear {
		return color.NRGBA{}
	}
	if c := theme.ColorForWidget(n, w); c != nil {
		return c
	}
	return color.NRGBA{} // a theme that is not ours
}

// scaleOf is how many pixels of the screen a unit has where o is shown.
func scaleOf(o fyne.CanvasObject) float32 {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.Scale() > 0 {
		return c.Scale()
	}
	return 1
}

func floor(f float32) float32 { return float32(math.Floor(float64(f))) }
func round(f float32) float32 { return float32(math.Round(float64(f))) }
func ceil(f float32) float32  { return float32(math.Ceil(float64(f))) }

// drawn is a WidgetRenderer made of functions; nil ones do nothing.
type drawn struct {
	objects []fyne.CanvasObject
	layout  func(fyne.Size)
	min     func() fyne.Size
	refresh func()
}

func (r *drawn) Destroy()                     {}
func (r *drawn) Objects() []fyne.CanvasObject { return r.objects }
func (r *drawn) Layout(s fyne.Size)           { r.layout(s) }
func (r *drawn) MinSize() fyne.Size           { return r.min() }
func (r *drawn) Refresh() {
	if r.refresh != nil {
		r.refresh()
	}
}

// put moves and resizes.
func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(0, w), max(0, h)))
}

// heightFor gives o a width and asks for the height it then needs.
func heightFor(o fyne.CanvasObject, width float32) float32 {
	if o.Size().Width != width {
		o.Resize(fyne.NewSize(width, o.Size().Height))
	}
	return o.MinSize().Height
}

// Show shows or hides o when it is not so already, and tells whether it changed.
func Show(o fyne.CanvasObject, show bool) bool {
	if o.Visible() == show {
		return false
	}
	if show {
		o.Show()
	} else {
		o.Hide()
	}
	return true
}
