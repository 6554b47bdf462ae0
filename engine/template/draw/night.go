package main

import (
	"image"
	"math"
	"math/rand/v2"
)

// lamp is a lamp over a table, for an offer.
func lamp(c *canvas) {
	c.ground(solid(0xF3E3D3))
	// An alcove.
	c.fill(new(shape).move(320, 760).line(320, 340).cube(320, 160, 440, 60, 600, 60).cube(760, 60, 880, 160, 880, 340).line(880, 760).close(), down(60, 760, hex(0xE9C7A9, 1), hex(0xDDB08B, 1)))
	c.fill(poly(470, 320, 730, 320, 960, 640, 240, 640), down(320, 640, hex(0xFFF3C9, .85), hex(0xFFF3C9, .05)))
	c.fill(ellipse(600, 640, 360, 34), glass(0xFFF3C9, .55))
	c.stroke(6, solid(0x5B3A2E), 600, -4, 600, 180)
	c.fill(round(576, 160, 48, 30, 8), solid(0x5B3A2E))
	c.fill(pie(600, 320, 140, 180, 360), solid(0xC9482F))
	c.fill(new(shape).move(600, 180).cube(700, 186, 740, 250, 740, 320).line(640, 320).cube(660, 270, 640, 210, 600, 180).close(), glass(0x7E2616, .22))
	c.fill(round(452, 312, 296, 20, 10), solid(0xA83822))
	c.fill(pie(600, 332, 40, 0, 180), solid(0xFFF8DF))
	// The table and what is on it.
	c.fill(round(150, 640, 900, 34, 6), solid(0x8A5A40))
	c.fill(rect(150, 658, 900, 16), glass(0x3F2417, .25))
	c.fill(rect(0, 674, c.w, 86), solid(0xEBD3BC))
	c.fill(rect(210, 674, 30, 86), solid(0x74472F))
	c.fill(rect(960, 674, 30, 86), solid(0x74472F))
	vase(c, 420, 640)
	for i, b := range []struct {
		w     float64
		color uint32
	}{{210, 0x2F4858}, {180, 0xE0A458}, {196, 0x7A9E9F}} {
		y := 640 - 30*float64(i+1)
		c.fill(round(650+8*float64(i), y, b.w, 30, 4), solid(b.color))
		c.fill(rect(650+8*float64(i)+b.w-30, y+5, 30, 20), solid(0xFBF3E6))
	}
	c.fill(round(700, 500, 74, 50, 10), solid(0xFBF3E6))
	c.fill(ring(778, 522, 16, 8), solid(0xFBF3E6))
	for i := range 2 {
		x := 722 + 26*float64(i)
		c.bend(4, glass(0xFFFFFF, .7), x, 488, x-14, 468, x+14, 454, x, 434)
	}
}

func vase(c *canvas, x, y float64) {
	for i, a := range []float64{-96, -80, -112, -66} {
		l := []float64{178, 206, 150, 160}[i]
		r := a * math.Pi / 180
		tx, ty := x+l*math.Cos(r), y-104+l*math.Sin(r)
		c.bend(5, solid(0x5E7A52), x, y-100, x, y-100-l*.4, tx, ty+l*.3, tx, ty)
		for k := range 4 {
			t := .35 + .18*float64(k)
			px, py := x+(tx-x)*t*t, y-104+(ty-y+104)*t
			side := float64(1 - 2*(k%2))
			c.leaf(px, py, a+side*52, 54-7*float64(k), 26, 0x86A873, 0x5E7A52)
		}
		c.leaf(tx, ty+4, a, 44, 24, 0x86A873, 0x5E7A52)
	}
	c.fill(new(shape).move(x-24, y-116).line(x+24, y-116).cube(x+24, y-90, x+64, y-78, x+60, y-36).cube(x+58, y-8, x+40, y, x+30, y).
		line(x-30, y).cube(x-40, y, x-58, y-8, x-60, y-36).cube(x-64, y-78, x-24, y-90, x-24, y-116).close(), solid(0xFBF3E6))
	c.fill(new(shape).move(x+8, y-116).line(x+24, y-116).cube(x+24, y-90, x+64, y-78, x+60, y-36).cube(x+58, y-8, x+40, y, x+30, y).
		line(x+14, y).cube(x+44, y-40, x+20, y-80, x+8, y-116).close(), solid(0xEBD8C4))
}

// poster is a grid of plain shapes, for an invitation.
func poster(c *canvas) {
	const navy, coral, corn, cream, teal, sky = 0x16233F, 0xF0604D, 0xF6B73C, 0xFBF1E0, 0x2B8C83, 0xA9D3D0
	s := 240.0
	back := [3][5]uint32{{navy, cream, coral, corn, navy}, {corn, teal, navy, cream, coral}, {cream, coral, sky, navy, teal}}
	for r := range back {
		for k, color := range back[r] {
			c.fill(rect(float64(k)*s, float64(r)*s, s+.5, s+.5), solid(color))
		}
	}
	at := func(k, r float64) (x, y float64) { return k * s, r * s }
	quarter := func(k, r float64, corner int, color uint32, part float64) {
		x, y := at(k, r)
		switch corner {
		case 0:
			c.fill(pie(x, y, s*part, 0, 90), solid(color))
		case 1:
			c.fill(pie(x+s, y, s*part, 90, 180), solid(color))
		case 2:
			c.fill(pie(x+s, y+s, s*part, 180, 270), solid(color))
		case 3:
			c.fill(pie(x, y+s, s*part, 270, 360), solid(color))
		}
	}
	disc := func(k, r, part float64, color uint32) {
		x, y := at(k, r)
		c.fill(circle(x+s/2, y+s/2, s/2*part), solid(color))
	}
	quarter(0, 0, 2, coral, 1)
	quarter(0, 0, 2, cream, .5)
	disc(1, 0, .8, teal)
	disc(1, 0, .36, corn)
	quarter(2, 0, 3, navy, 1)
	quarter(2, 0, 3, corn, .55)
	x, y := at(3, 0)
	for i := range 4 {
		c.fill(rect(x+float64(i)*s/4, y, s/8, s), solid(navy))
	}
	quarter(4, 0, 3, corn, 1)
	quarter(4, 0, 3, coral, .5)
	x, y = at(0, 1)
	c.fill(poly(x, y+s, x+s, y, x+s, y+s), solid(navy))
	quarter(1, 1, 1, cream, 1)
	quarter(1, 1, 1, coral, .5)
	disc(2, 1, .72, cream)
	x, y = at(2, 1)
	c.fill(pie(x+s/2, y+s/2, s*.36, 90, 270), solid(coral))
	for i := range 3 {
		for j := range 3 {
			x, y = at(3, 1)
			c.fill(circle(x+s*(float64(i)+.5)/3, y+s*(float64(j)+.5)/3, 22), solid([]uint32{navy, teal, coral}[(i+j)%3]))
		}
	}
	x, y = at(4, 1)
	c.fill(pie(x+s/2, y, s/2, 0, 180), solid(cream))
	c.fill(pie(x+s/2, y+s, s/2, 180, 360), solid(navy))
	quarter(0, 2, 1, teal, 1)
	quarter(0, 2, 1, navy, .5)
	x, y = at(1, 2)
	c.fill(pie(x, y+s/2, s/2, -90, 90), solid(cream))
	c.fill(pie(x+s/2, y+s/2, s/2, -90, 90), solid(corn))
	quarter(2, 2, 0, navy, 1)
	quarter(2, 2, 0, coral, .5)
	disc(3, 2, .74, corn)
	x, y = at(3, 2)
	c.fill(ring(x+s/2, y+s/2, s*.2, 16), solid(coral))
	x, y = at(4, 2)
	for i := range 4 {
		c.fill(rect(x, y+float64(i)*s/4, s, s/8), solid(cream))
	}
}

// bicycle stands before a row of houses, for an appointment.
func bicycle(c *canvas) {
	c.ground(down(0, 480, hex(0xD7E6F0, 1), hex(0xEFF4F3, 1)))
	c.fill(circle(930, 170, 86), solid(0xFBE3B4))
	x := 0.0
	for i, w := range []float64{150, 118, 138, 110, 146, 124, 132, 112, 140, 120} {
		gable(c, x, 470, w, []float64{206, 250, 180, 236, 214, 262, 190, 240, 204, 226}[i], i)
		x += w + 4
	}
	c.fill(rect(0, 470, c.w, 130), solid(0xC9D6D8))
	c.fill(rect(0, 470, c.w, 8), solid(0xB7C6C9))
	c.fill(ellipse(600, 532, 330, 15), glass(0x38474D, .18))
	frame, dark := solid(0xD6493B), solid(0x24323A)
	ax, bx, y := 430.0, 780.0, 410.0
	for _, w := range []float64{ax, bx} {
		for i := range 12 {
			a := float64(i) * math.Pi / 12
			c.stroke(1.8, solid(0x8B989C), w-108*math.Cos(a), y-108*math.Sin(a), w+108*math.Cos(a), y+108*math.Sin(a))
		}
		c.fill(ring(w, y, 114, 13), dark)
		c.fill(ring(w, y, 103, 5), solid(0xE9EEEE))
		c.fill(circle(w, y, 11), dark)
	}
	c.stroke(13, frame, ax, y, 560, y, 530, 240)
	c.stroke(13, frame, ax, y, 536, 262)
	c.stroke(13, frame, 548, 296, 724, 262)
	c.stroke(13, frame, 560, y, 730, 284)
	c.stroke(13, frame, bx, y, 716, 222)
	c.stroke(11, dark, 716, 226, 708, 196, 664, 190)
	c.fill(round(640, 181, 44, 18, 9), solid(0x7A4A35))
	c.fill(new(shape).move(486, 232).cube(500, 218, 560, 222, 584, 226).cube(588, 240, 556, 246, 530, 244).cube(508, 250, 486, 250, 486, 232).close(), solid(0x7A4A35))
	c.fill(ring(560, y, 32, 8), dark)
	c.stroke(8, dark, 560, y, 582, 456)
	c.fill(round(562, 452, 44, 12, 6), dark)
	// A basket with flowers.
	c.fill(poly(724, 190, 836, 190, 820, 262, 742, 262), solid(0xC58F5C))
	for i := range 4 {
		c.fill(rect(738+float64(i)*24, 190, 5, 70), glass(0x7A4A35, .35))
	}
	c.fill(round(718, 182, 124, 14, 7), solid(0xA8743F))
	for i, f := range [][2]float64{{744, 160}, {776, 144}, {808, 160}, {762, 176}, {794, 174}} {
		c.leaf(f[0], f[1]+16, -60-20*float64(i%3), 34, 18, 0x7FB08A, 0x5A9270)
		c.fill(circle(f[0], f[1], 15), solid([]uint32{0xF6B73C, 0xF28C7A, 0xFBF1E0, 0xF28C7A, 0xF6B73C}[i]))
		c.fill(circle(f[0], f[1], 5.5), solid(0x8A5A40))
	}
}

// gable is a house by a canal; y is the street.
func gable(c *canvas, x, y, w, h float64, i int) {
	wall := []uint32{0xB9C8CE, 0xC7B8AE, 0xAFC0C4, 0xCBBFB0, 0xB4C2BE}[i%5]
	p := solid(wall)
	top := y - h
	c.fill(rect(x, top, w, h), p)
	m := x + w/2
	switch i % 3 {
	case 0:
		for k := range 4 {
			s := w * (1 - .22*float64(k+1))
			c.fill(rect(m-s/2, top-18*float64(k+1), s, 19), p)
		}
	case 1:
		c.fill(new(shape).move(x, top).cube(x+w*.1, top-10, x+w*.22, top-20, x+w*.24, top-58).cube(x+w*.3, top-84, x+w*.7, top-84, x+w*.76, top-58).cube(x+w*.78, top-20, x+w*.9, top-10, x+w, top).close(), p)
	default:
		c.fill(poly(x, top, m, top-70, x+w, top), p)
	}
	pane := glass(0xFFFFFF, .55)
	n := 2
	if w > 125 {
		n = 3
	}
	for r := top + 22; r < y-84; r += 58 {
		for k := range n {
			ww := w / (float64(n)*1.7 + .7)
			c.fill(rect(x+ww*.7+float64(k)*ww*1.7, r, ww, 38), pane)
		}
	}
	c.fill(round(m-15, y-62, 30, 66, 4), glass(0x4A5B62, .45))
	c.fill(circle(m, top-22, 8), pane)
}

// winter is a night with snow, for the season's greetings.
func winter(c *canvas) {
	c.ground(down(0, 560, hex(0x0C1B3A, 1), hex(0x17335F, 1), hex(0x2C5A86, 1), hex(0x6F9FB8, 1)))
	r := rand.New(rand.NewPCG(12, 24))
	for range 150 {
		c.fill(circle(r.Float64()*c.w, r.Float64()*360, .8+1.5*r.Float64()), glass(0xFFFFFF, .35+.6*r.Float64()))
	}
	c.fill(circle(892, 176, 250), glow(892, 176, 250, hex(0xFFF6DC, .45), hex(0xFFF6DC, .10), hex(0xFFF6DC, 0)))
	c.fill(circle(892, 176, 82), solid(0xFFF6DC))
	for _, m := range [][3]float64{{868, 156, 17}, {918, 196, 12}, {904, 140, 8}} {
		c.fill(circle(m[0], m[1], m[2]), solid(0xF1E3BE))
	}
	c.fill(ridge(c.w, c.h, 470, 420, 452, 400, 446, 418, 384, 436, 450), solid(0x4F7F9F))
	for i := range 26 {
		x := float64(i)*48 + r.Float64()*20
		pine(c, x, 520+r.Float64()*16, 70+r.Float64()*60, 0x2B5470)
	}
	c.fill(ridge(c.w, c.h, 540, 512, 520, 548, 530, 500, 520, 540, 520), solid(0xC9DEEA))
	house(c)
	for _, t := range [][3]float64{{120, 640, 236}, {236, 668, 170}, {1010, 640, 250}, {1120, 676, 190}, {920, 610, 120}, {330, 606, 110}} {
		snowPine(c, t[0], t[1], t[2])
	}
	c.fill(ridge(c.w, c.h, 620, 650, 668, 640, 622, 640, 670, 648, 630), solid(0xEEF6FA))
	c.fill(ridge(c.w, c.h, 700, 690, 716, 712, 690, 704, 722, 700, 706), solid(0xFFFFFF))
	for range 120 {
		c.fill(circle(r.Float64()*c.w, r.Float64()*c.h, 1.6+3.4*r.Float64()), glass(0xFFFFFF, .45+.45*r.Float64()))
	}
}

func house(c *canvas) {
	c.fill(ellipse(600, 560, 210, 150), glow(600, 560, 210, hex(0xFFD27A, .5), hex(0xFFD27A, 0)))
	c.fill(rect(510, 500, 180, 140), solid(0x7C3B31))
	c.fill(poly(600, 500, 690, 500, 690, 640, 600, 640), glass(0x3E1812, .18))
	c.fill(rect(646, 400, 26, 60), solid(0x66302A))
	c.fill(round(640, 392, 38, 14, 7), solid(0xFFFFFF))
	c.fill(poly(486, 508, 600, 400, 714, 508), solid(0x4A2420))
	c.fill(new(shape).move(480, 510).line(600, 394).line(720, 510).cube(704, 520, 690, 496, 676, 504).cube(660, 510, 650, 470, 634, 468).line(600, 436).
		cube(570, 466, 560, 470, 548, 486).cube(534, 500, 520, 494, 508, 512).cube(500, 520, 490, 518, 480, 510).close(), solid(0xFFFFFF))
	for _, w := range [][2]float64{{532, 530}, {634, 530}} {
		c.fill(round(w[0], w[1], 38, 46, 4), solid(0xFFD27A))
		c.fill(rect(w[0]+17, w[1], 4, 46), solid(0x7C3B31))
		c.fill(rect(w[0], w[1]+21, 38, 4), solid(0x7C3B31))
		c.fill(round(w[0]-4, w[1]+44, 46, 9, 4), solid(0xFFFFFF))
	}
	c.fill(round(584, 556, 36, 90, 6), solid(0x2E5E4E))
	c.fill(ring(602, 584, 9, 5), solid(0xB7412F))
	for i := range 3 {
		k := float64(i)
		c.fill(circle(662+10*math.Sin(k*2)+k*10, 372-k*30, 13+k*6), image.NewUniform(hex(0xFFFFFF, .34-.09*k)))
	}
}

// snowPine is a tree under snow.
func snowPine(c *canvas, x, y, h float64) {
	c.fill(rect(x-h*.04, y-h*.1, h*.08, h*.14), solid(0x4A2E26))
	for i := range 3 {
		k := float64(2 - i)
		top, w := y-h+k*h*.24, h*(.18+.075*k)
		bottom := top + h*.42
		c.fill(poly(x, top, x+w, bottom, x-w, bottom), solid(0x1E4B46))
		c.fill(poly(x, top, x+w, bottom, x+w*.12, bottom), glass(0x0B2A2B, .30))
		c.fill(new(shape).move(x, top-2).line(x+w*.56, top+(bottom-top)*.56).cube(x+w*.36, top+(bottom-top)*.64, x+w*.3, top+(bottom-top)*.42, x+w*.1, top+(bottom-top)*.54).
			cube(x-w*.1, top+(bottom-top)*.66, x-w*.24, top+(bottom-top)*.44, x-w*.56, top+(bottom-top)*.56).close(), solid(0xF4FAFD))
	}
}
