package kit

import (
	"fyne.io/fyne/v2"

	"sendoff/widgets"
	"sendoff/widgets/look"
)

// newBox is a rounded ground around a content; pad is top, right, bottom, left.
func newBox(fill, line fyne.ThemeColorName, radius float32, pad [4]float32, content fyne.CanvasObject) *widgets.Box {
	return widgets.NewBox(fill, line, radius, widgets.Insets{Top: pad[0], Right: pad[1], Bottom: pad[2], Left: pad[3]}, content)
}

// Show shows or hides.
func Show(o fyne.CanvasObject, show bool) { widgets.Show(o, show) }

// NewSurface is a card without a title.
func NewSurface(o fyne.CanvasObject) fyne.CanvasObject {
	return newBox(look.Surface, look.Line, look.Radius, [4]float32{12, 14, 12, 14}, o)
}
