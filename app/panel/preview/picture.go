package preview

import (
	"bytes"
	"context"
	"image"
	_ "image/gif"  // as messages have them
	_ "image/jpeg" // the same
	_ "image/png"  // the same

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/bridge"
	"sendoff/app/state"
)

// mostPixels is the largest image that is decoded for the window.
const mostPixels = 40_000_000

// picture is an image with the number of its pixels for a CSS pixel.
type picture struct {
	image.Image
	scale int
}

// pictures decodes the images of an outline that are kept here; those that had been
// decoded before are used again. What cannot be decoded is left out.
func pictures(ctx context.Context, e bridge.Engine, o state.Outline, had map[string]picture) map[string]picture {
	out := map[string]picture{}
	for _, b := range o.Blocks {
		if b.Kind != state.OutlineImage || b.Asset == "" || ctx.Err() != nil {
			continue
		}
		if _, done := out[b.Asset]; done {
			continue
		}
		if m, ok := had[b.Asset]; ok {
			out[b.Asset] = m
			continue
		}
		_, data, err := e.Asset(ctx, b.Asset)
		if err != nil {
			continue
		}
		c, _, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil || c.Width*c.Height > mostPixels {
			continue
		}
		if m, _, err := image.Decode(bytes.NewReader(data)); err == nil {
			out[b.Asset] = picture{m, 1}
		}
	}
	return out
}

// imageBox shows a picture no wider than its place, in its proportions.
type imageBox struct {
	widget.BaseWidget
	img   *canvas.Image
	w, h  float32 // as it would like to be
	width float32 // that it has
}

// newImage makes one; want is the width that the message asks for, 0 for the picture's.
func newImage(m picture, want float32) *imageBox {
	b := m.Bounds()
	box := &imageBox{img: canvas.NewImageFromImage(m.Image), w: float32(b.Dx()) / float32(max(1, m.scale)), h: float32(b.Dy()) / float32(max(1, m.scale))}
	if want > 0 && box.w > 0 {
		box.w, box.h = want, box.h*want/box.w
	}
	box.img.FillMode = canvas.ImageFillStretch
	box.img.ScaleMode = canvas.ImageScaleSmooth
	box.ExtendBaseWidget(box)
	return box
}

// Wanted implements natural.
func (b *imageBox) Wanted(width float32) float32 { return min(b.w, width) }

// Resize remembers the width, because the height depends on it.
func (b *imageBox) Resize(s fyne.Size) {
	b.width = s.Width
	b.BaseWidget.Resize(s)
}

// MinSize is the height at the last width.
func (b *imageBox) MinSize() fyne.Size {
	w := b.w
	if b.width > 0 {
		w = min(w, b.width)
	}
	if b.w == 0 {
		return fyne.NewSize(8, 8)
	}
	return fyne.NewSize(8, b.h*w/b.w)
}

// CreateRenderer implements fyne.Widget.
func (b *imageBox) CreateRenderer() fyne.WidgetRenderer { return imageRenderer{b} }

type imageRenderer struct{ b *imageBox }

func (r imageRenderer) Destroy() {}
func (r imageRenderer) Layout(s fyne.Size) {
	w := min(r.b.w, s.Width)
	r.b.img.Resize(fyne.NewSize(w, r.b.h*w/max(1, r.b.w)))
}
func (r imageRenderer) MinSize() fyne.Size           { return r.b.MinSize() }
func (r imageRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.b.img} }
func (r imageRenderer) Refresh()                     { canvas.Refresh(r.b.img) }
