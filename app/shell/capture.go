package shell

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
)

// capture photographs a window. Some displays (a virtual one without a graphics
// card among them) give nothing back when the front buffer is read; then the
// same objects are painted once more in software.
func capture(w fyne.Window) image.Image {
	c := w.Canvas()
	if img := c.Capture(); img != nil && !uniform(img) {
		return img
	}
	soft := software.NewCanvas()
	soft.SetPadded(false)
	soft.SetScale(c.Scale())
	soft.Resize(c.Size())
	soft.SetContent(c.Content())
	for _, o := range c.Overlays().List() {
		soft.Overlays().Add(o)
	}
	return soft.Capture()
}

// uniform reports whether a picture has one colour only.
func uniform(img image.Image) bool {
	b := img.Bounds()
	r0, g0, b0, _ := img.At(b.Min.X, b.Min.Y).RGBA()
	for y := b.Min.Y; y < b.Max.Y; y += 3 {
		for x := b.Min.X; x < b.Max.X; x += 3 {
			if r, g, b, _ := img.At(x, y).RGBA(); r != r0 || g != g0 || b != b0 {
				return false
			}
		}
	}
	return true
}
