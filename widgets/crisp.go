package widgets

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// crisp is a rounded rectangle whose straight edges are exact: a stroked rounded
// rectangle of the canvas has edges two pixels soft at scale 1. It is made of
// plain rectangles and four small pictures of the corners.
type crisp struct {
	fills   [3]*canvas.Rectangle
	edges   [4]*canvas.Rectangle
	corners [4]*canvas.Image
	want    cornerKey // as asked for; the radius may shrink with the size
	have    cornerKey // as drawn
	size    fyne.Size
}

type cornerKey struct {
	fill, line    color.NRGBA
	radius, width float32
	scale         float32
}

func newCrisp() *crisp {
	c := &crisp{}
	for i := range c.fills {
		c.fills[i] = canvas.NewRectangle(color.Transparent)
	}
	for i := range c.edges {
		c.edges[i] = canvas.NewRectangle(color.Transparent)
	}
	for i := range c.corners {
		c.corners[i] = &canvas.Image{ScaleMode: canvas.ImageScalePixels, FillMode: canvas.ImageFillStretch}
	}
	return c
}

func (c *crisp) objects() []fyne.CanvasObject {
	var os []fyne.CanvasObject
	for _, r := range c.fills {
		os = append(os, r)
	}
	for _, r := range c.edges {
		os = append(os, r)
	}
	for _, r := range c.corners {
		os = append(os, r)
	}
	return os
}

// set chooses the look; a transparent line is none.
func (c *crisp) set(fill, line color.Color, radius, width, scale float32) {
	f, l := color.NRGBAModel.Convert(fill).(color.NRGBA), color.NRGBAModel.Convert(line).(color.NRGBA)
	if l.A == 0 {
		width = 0
	}
	key := cornerKey{f, l, radius, width, scale}
	if key == c.want {
		return
	}
	c.want = key
	for _, r := range c.fills {
		r.FillColor = f
		Show(r, f.A > 0)
	}
	for _, r := range c.edges {
		r.FillColor = l
		Show(r, width > 0)
	}
	c.draw()
}

// rescale draws the corners anew when o is on another kind of screen. An object
// learns of its screen only after it was laid out, so the sizes are asked here.
func (c *crisp) rescale(o fyne.CanvasObject) {
	if s := scaleOf(o); s != c.want.scale {
		c.want.scale = s
		c.draw()
	}
}

// place gives the box a position in its parent and a size.
func (c *crisp) place(x, y float32, s fyne.Size) {
	c.size = s
	c.draw()
	r, w := c.have.radius, c.want.width
	put(c.fills[0], x+r, y, s.Width-2*r, s.Height)
	put(c.fills[1], x, y+r, r, s.Height-2*r)
	put(c.fills[2], x+s.Width-r, y+r, r, s.Height-2*r)
	put(c.edges[0], x+r, y, s.Width-2*r, w)
	put(c.edges[1], x+r, y+s.Height-w, s.Width-2*r, w)
	put(c.edges[2], x, y+r, w, s.Height-2*r)
	put(c.edges[3], x+s.Width-w, y+r, w, s.Height-2*r)
	for i, o := range c.corners {
		put(o, x+float32(i%2)*(s.Width-r), y+float32(i/2)*(s.Height-r), r, r)
	}
}

// draw paints the corners when they are not what they should be.
func (c *crisp) draw() {
	key := c.want
	if !c.size.IsZero() {
		key.radius = max(0, min(key.radius, floor(c.size.Width/2), floor(c.size.Height/2)))
	}
	if key == c.have {
		return
	}
	c.have = key
	n := int(math.Round(float64(key.radius * key.scale)))
	for i, o := range c.corners {
		if Show(o, n > 0); n == 0 {
			continue
		}
		o.Image = corner(key, n, i%2 == 1, i/2 == 1)
		o.Refresh()
	}
}

// corner paints the n × n pixels of one corner with 16 samples each.
func corner(k cornerKey, n int, right, bottom bool) image.Image {
	const sub = 4
	img := image.NewRGBA(image.Rect(0, 0, n, n))
	outer := float64(n)
	inner := outer - math.Round(float64(k.width*k.scale))
	for y := range n {
		for x := range n {
			var fill, line int
			for s := range sub * sub {
				dx := outer - float64(x) - (float64(s%sub)+0.5)/sub
				dy := outer - float64(y) - (float64(s/sub)+0.5)/sub
				switch d := math.Hypot(dx, dy); {
				case d > outer:
				case d > inner && k.line.A > 0:
					line++
				default:
					fill++
				}
			}
			px, py := x, y
			if right {
				px = n - 1 - x
			}
			if bottom {
				py = n - 1 - y
			}
			img.SetRGBA(px, py, mix(k.fill, fill, k.line, line, sub*sub))
		}
	}
	return img
}

// mix is the premultiplied colour of a pixel of which na/n is a and nb/n is b.
func mix(a color.NRGBA, na int, b color.NRGBA, nb, n int) color.RGBA {
	part := func(x, y uint8) uint8 {
		v := float64(x)*float64(a.A)*float64(na) + float64(y)*float64(b.A)*float64(nb)
		return uint8(math.Round(v / 255 / float64(n)))
	}
	return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), part(255, 255)}
}
