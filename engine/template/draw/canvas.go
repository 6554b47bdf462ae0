package main

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// canvas is a picture with its origin at the top left.
type canvas struct {
	img  *image.RGBA
	w, h float64
}

func newCanvas(w, h int) *canvas {
	return &canvas{image.NewRGBA(image.Rect(0, 0, w, h)), float64(w), float64(h)}
}

// hex is a colour from 0xRRGGBB, part opaque.
func hex(n uint32, alpha float64) color.NRGBA {
	return color.NRGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), uint8(alpha*255 + .5)}
}

func solid(n uint32) image.Image { return image.NewUniform(hex(n, 1)) }

func glass(n uint32, alpha float64) image.Image { return image.NewUniform(hex(n, alpha)) }

// shade is a colour for every point.
type shade struct {
	at func(x, y float64) color.NRGBA
}

func (shade) ColorModel() color.Model   { return color.NRGBAModel }
func (shade) Bounds() image.Rectangle   { return image.Rect(-1e6, -1e6, 1e6, 1e6) }
func (s shade) At(x, y int) color.Color { return s.at(float64(x), float64(y)) }
func lerp(a, b uint8, t float64) uint8  { return uint8(float64(a) + (float64(b)-float64(a))*t + .5) }
func mix(a, b color.NRGBA, t float64) color.NRGBA {
	t = min(max(t, 0), 1)
	return color.NRGBA{lerp(a.R, b.R, t), lerp(a.G, b.G, t), lerp(a.B, b.B, t), lerp(a.A, b.A, t)}
}

// down is a gradient from y0 to y1 through colours at equal distances.
func down(y0, y1 float64, colors ...color.NRGBA) image.Image {
	return shade{func(_, y float64) color.NRGBA { return ramp((y-y0)/(y1-y0), colors) }}
}

// glow is a gradient from a point outwards.
func glow(cx, cy, r float64, colors ...color.NRGBA) image.Image {
	return shade{func(x, y float64) color.NRGBA { return ramp(math.Hypot(x-cx, y-cy)/r, colors) }}
}

func ramp(t float64, colors []color.NRGBA) color.NRGBA {
	t = min(max(t, 0), 1) * float64(len(colors)-1)
	i := min(int(t), len(colors)-2)
	return mix(colors[i], colors[i+1], t-float64(i))
}

// shape is a path that is filled.
type shape struct{ do []func(*vector.Rasterizer) }

func (s *shape) add(f func(*vector.Rasterizer)) *shape { s.do = append(s.do, f); return s }

func (s *shape) move(x, y float64) *shape {
	return s.add(func(r *vector.Rasterizer) { r.MoveTo(float32(x), float32(y)) })
}
func (s *shape) line(x, y float64) *shape {
	return s.add(func(r *vector.Rasterizer) { r.LineTo(float32(x), float32(y)) })
}
func (s *shape) cube(a, b, c, d, x, y float64) *shape {
	return s.add(func(r *vector.Rasterizer) {
		r.CubeTo(float32(a), float32(b), float32(c), float32(d), float32(x), float32(y))
	})
}
func (s *shape) close() *shape { return s.add(func(r *vector.Rasterizer) { r.ClosePath() }) }

func (c *canvas) fill(s *shape, paint image.Image) {
	r := vector.NewRasterizer(int(c.w), int(c.h))
	for _, f := range s.do {
		f(r)
	}
	r.DrawOp = draw.Over
	r.Draw(c.img, c.img.Bounds(), paint, image.Point{})
}

func (c *canvas) ground(paint image.Image) { c.fill(rect(0, 0, c.w, c.h), paint) }

func rect(x, y, w, h float64) *shape {
	return new(shape).move(x, y).line(x+w, y).line(x+w, y+h).line(x, y+h).close()
}

func poly(xy ...float64) *shape {
	s := new(shape).move(xy[0], xy[1])
	for i := 2; i+1 < len(xy); i += 2 {
		s.line(xy[i], xy[i+1])
	}
	return s.close()
}

// round is a rectangle with round corners.
func round(x, y, w, h, r float64) *shape {
	k := r * .5523
	return new(shape).move(x+r, y).line(x+w-r, y).cube(x+w-r+k, y, x+w, y+r-k, x+w, y+r).
		line(x+w, y+h-r).cube(x+w, y+h-r+k, x+w-r+k, y+h, x+w-r, y+h).
		line(x+r, y+h).cube(x+r-k, y+h, x, y+h-r+k, x, y+h-r).line(x, y+r).cube(x, y+r-k, x+r-k, y, x+r, y).close()
}

// pie is a sector of a circle; angles in degrees, clockwise from the right.
func pie(cx, cy, r, from, to float64) *shape {
	s := new(shape).move(cx, cy)
	n := int(math.Abs(to-from)/3) + 2
	for i := range n {
		a := (from + (to-from)*float64(i)/float64(n-1)) * math.Pi / 180
		s.line(cx+r*math.Cos(a), cy+r*math.Sin(a))
	}
	return s.close()
}

func circle(cx, cy, r float64) *shape { return ellipse(cx, cy, r, r) }

func ellipse(cx, cy, rx, ry float64) *shape {
	a, b := rx*.5523, ry*.5523
	return new(shape).move(cx+rx, cy).cube(cx+rx, cy+b, cx+a, cy+ry, cx, cy+ry).cube(cx-a, cy+ry, cx-rx, cy+b, cx-rx, cy).
		cube(cx-rx, cy-b, cx-a, cy-ry, cx, cy-ry).cube(cx+a, cy-ry, cx+rx, cy-b, cx+rx, cy).close()
}

// ring is a circle's line: its outside, and its inside the other way round.
func ring(cx, cy, r, width float64) *shape {
	s := circle(cx, cy, r+width/2)
	i := r - width/2
	k := i * .5523
	return s.move(cx+i, cy).cube(cx+i, cy-k, cx+k, cy-i, cx, cy-i).cube(cx-k, cy-i, cx-i, cy-k, cx-i, cy).
		cube(cx-i, cy+k, cx-k, cy+i, cx, cy+i).cube(cx+k, cy+i, cx+i, cy+k, cx+i, cy).close()
}

// stroke draws a line with round ends through points.
func (c *canvas) stroke(width float64, paint image.Image, xy ...float64) {
	for i := 0; i+3 < len(xy); i += 2 {
		x, y, u, v := xy[i], xy[i+1], xy[i+2], xy[i+3]
		d := math.Hypot(u-x, v-y)
		nx, ny := (v-y)/d*width/2, (x-u)/d*width/2
		c.fill(poly(x+nx, y+ny, u+nx, v+ny, u-nx, v-ny, x-nx, y-ny), paint)
		c.fill(circle(u, v, width/2), paint)
		if i == 0 {
			c.fill(circle(x, y, width/2), paint)
		}
	}
}

// bend draws a curved line: a cubic from the first to the last point.
func (c *canvas) bend(width float64, paint image.Image, x, y, a, b, d, e, u, v float64) {
	var xy []float64
	for i := range 25 {
		t := float64(i) / 24
		s := 1 - t
		xy = append(xy, s*s*s*x+3*s*s*t*a+3*s*t*t*d+t*t*t*u, s*s*s*y+3*s*s*t*b+3*s*t*t*e+t*t*t*v)
	}
	c.stroke(width, paint, xy...)
}

// ridge is the land below a smooth line through heights at equal distances.
func ridge(w, h float64, heights ...float64) *shape {
	s := new(shape).move(0, h).line(0, heights[0])
	step := w / float64(len(heights)-1)
	at := func(i int) float64 { return heights[min(max(i, 0), len(heights)-1)] }
	for i := range len(heights) - 1 {
		x := float64(i) * step
		s.cube(x+step/3, at(i)+(at(i+1)-at(i-1))/6, x+2*step/3, at(i+1)-(at(i+2)-at(i))/6, x+step, at(i+1))
	}
	return s.line(w, h).close()
}

// leaf is one leaf from a point, in a direction (degrees, clockwise from the
// right), its halves in two colours.
func (c *canvas) leaf(x, y, angle, length, width float64, light, dark uint32) {
	a := angle * math.Pi / 180
	dx, dy := math.Cos(a), math.Sin(a)
	p := func(along, aside float64) (float64, float64) {
		return x + dx*along*length - dy*aside*width, y + dy*along*length + dx*aside*width
	}
	for _, half := range []struct {
		side  float64
		color uint32
	}{{1, light}, {-1, dark}} {
		ax, ay := p(.3, half.side*.75)
		bx, by := p(.75, half.side*.55)
		tx, ty := p(1, 0)
		mx, my := p(.6, -.04)
		nx, ny := p(.3, .03)
		c.fill(new(shape).move(x, y).cube(ax, ay, bx, by, tx, ty).cube(mx, my, nx, ny, x, y).close(), solid(half.color))
	}
}
