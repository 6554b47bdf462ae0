package main

import "image"

// hills is an evening over layered land, for the newsletter.
func hills(c *canvas) {
	c.ground(down(0, 520, hex(0x35456E, 1), hex(0x7D6A93, 1), hex(0xD98E86, 1), hex(0xF7C79A, 1), hex(0xFCE3BC, 1)))
	c.fill(circle(770, 330, 330), glow(770, 330, 330, hex(0xFFF1C9, .75), hex(0xFFE2AE, .22), hex(0xFFE2AE, 0)))
	c.fill(circle(770, 330, 84), solid(0xFFF4D8))
	for _, b := range [][4]float64{{150, 150, 300, 16}, {90, 180, 190, 12}, {930, 120, 220, 14}, {1010, 148, 150, 11}, {420, 226, 170, 10}} {
		c.fill(round(b[0], b[1], b[2], b[3], b[3]/2), glass(0xFFF4E4, .20))
	}
	for _, l := range []struct {
		color   uint32
		heights []float64
	}{
		{0xC58A92, []float64{420, 372, 398, 352, 392, 360, 402, 372, 400}},
		{0x97708D, []float64{452, 436, 398, 432, 452, 412, 392, 440, 430}},
		{0x67587F, []float64{470, 496, 452, 478, 512, 478, 452, 470, 504}},
		{0x41456A, []float64{560, 520, 538, 560, 520, 540, 566, 532, 510}},
		{0x293253, []float64{580, 604, 620, 580, 594, 628, 606, 590, 612}},
	} {
		c.fill(ridge(c.w, c.h, l.heights...), solid(l.color))
	}
	// A path down to a house with a light.
	c.fill(new(shape).move(858, 596).cube(820, 640, 960, 640, 900, 690).line(980, 690).cube(1000, 640, 872, 630, 876, 596).close(), glass(0xF7C79A, .28))
	c.fill(poly(826, 548, 866, 514, 906, 548), solid(0x161C36))
	c.fill(rect(834, 546, 64, 52), solid(0x1E2646))
	c.fill(rect(846, 560, 16, 18), solid(0xFFD98A))
	c.fill(rect(872, 560, 16, 18), solid(0xFFD98A))
	c.fill(rect(882, 518, 9, 20), solid(0x161C36))
	for i, t := range [][3]float64{{120, 600, 92}, {168, 612, 68}, {214, 616, 104}, {268, 626, 60}, {1020, 620, 84}, {1066, 612, 112}, {1118, 612, 74}, {640, 612, 54}, {606, 606, 40}} {
		pine(c, t[0], t[1], t[2], []uint32{0x1B2342, 0x20294B}[i%2])
	}
	for _, b := range [][3]float64{{470, 300, 20}, {520, 270, 14}, {555, 306, 12}} {
		c.bend(3.4, solid(0x4A3F63), b[0]-b[2], b[1]-b[2]*.35, b[0]-b[2]*.6, b[1]-b[2]*.9, b[0]-b[2]*.2, b[1]-b[2]*.6, b[0], b[1])
		c.bend(3.4, solid(0x4A3F63), b[0]+b[2], b[1]-b[2]*.35, b[0]+b[2]*.6, b[1]-b[2]*.9, b[0]+b[2]*.2, b[1]-b[2]*.6, b[0], b[1])
	}
}

// pine is a tree with its foot at x, y.
func pine(c *canvas, x, y, h float64, color uint32) {
	c.fill(rect(x-h*.035, y-h*.1, h*.07, h*.16), solid(color))
	for i := range 3 {
		top, w := y-h+float64(i)*h*.24, h*(.17+.07*float64(i))
		c.fill(poly(x, top, x+w, top+h*.42, x-w, top+h*.42), solid(color))
	}
}

// cup is coffee, seen from above.
func cup(c *canvas) {
	c.ground(solid(0xF1D9C7))
	c.fill(circle(120, 470, 260), solid(0xE7C4AB))
	c.fill(circle(650, 20, 170), solid(0xF7E8DA))
	c.fill(circle(372, 262, 186), glass(0x9A5F45, .18))
	c.fill(circle(360, 244, 184), solid(0xFBF4EC))
	c.fill(ring(360, 244, 150, 5), solid(0xEADACB))
	c.fill(round(440, 214, 120, 60, 30), solid(0xC65D3F))
	c.fill(round(470, 232, 66, 24, 12), solid(0xFBF4EC))
	c.fill(circle(360, 244, 118), solid(0xC65D3F))
	c.fill(circle(360, 244, 102), solid(0xE2775A))
	c.fill(circle(360, 244, 92), solid(0x5A3325))
	c.fill(circle(360, 244, 84), solid(0x7A4A35))
	// A heart of milk.
	for _, h := range []struct {
		r     float64
		color uint32
	}{{1, 0xC99A78}, {.8, 0xF0D9C0}} {
		w, t := 58*h.r, 244-26*h.r
		c.fill(new(shape).move(360, t).cube(360-w*.3, t-46*h.r, 360-w*1.3, t-34*h.r, 360-w, t+14*h.r).cube(360-w*.8, t+48*h.r, 360-w*.2, t+66*h.r, 360, t+90*h.r).
			cube(360+w*.2, t+66*h.r, 360+w*.8, t+48*h.r, 360+w, t+14*h.r).cube(360+w*1.3, t-34*h.r, 360+w*.3, t-46*h.r, 360, t).close(), solid(h.color))
	}
	c.fill(round(596, 150, 16, 210, 8), solid(0xD9A98A))
	c.fill(ellipse(604, 150, 26, 38), solid(0xD9A98A))
	c.fill(ellipse(604, 148, 17, 27), solid(0xC99474))
}

// books is a stack with a plant on it.
func books(c *canvas) {
	c.ground(solid(0xDCE5E8))
	c.fill(circle(470, 210, 190), solid(0xC8D7DC))
	c.fill(rect(0, 400, c.w, 80), solid(0xF5F1EA))
	for _, b := range []struct {
		x, y, w, h   float64
		cover, label uint32
	}{{150, 344, 410, 58, 0x27496D, 0xF3C178}, {190, 290, 350, 54, 0xD9694F, 0xFBE9D7}, {168, 244, 330, 46, 0xF3C178, 0x8A5A2B}, {214, 188, 300, 56, 0x4F8A7B, 0xE6F0EC}} {
		c.fill(round(b.x, b.y, b.w, b.h, 8), solid(b.cover))
		c.fill(round(b.x+b.w-54, b.y+8, 54, b.h-16, 4), solid(0xFBF6EC))
		for i := range 3 {
			y := b.y + 8 + (b.h-16)*float64(i+1)/4
			c.fill(rect(b.x+b.w-54, y, 54, 1.6), solid(0xE2D8C6))
		}
		c.fill(rect(b.x+42, b.y, 9, b.h), glass(0xFFFFFF, .22))
		c.fill(round(b.x+84, b.y+b.h/2-5, 120, 10, 5), solid(b.label))
	}
	x, y := 320.0, 188.0
	for i, a := range []float64{-90, -122, -58, -148, -34} {
		l := []float64{132, 116, 120, 92, 96}[i]
		c.leaf(x, y-46, a, l, 44, []uint32{0x6FA58F, 0x5C967F, 0x83B59F, 0x4F8A7B, 0x6FA58F}[i], []uint32{0x4F8A7B, 0x467C6E, 0x5C967F, 0x3F7264, 0x4F8A7B}[i])
	}
	c.fill(poly(x-46, y-62, x+46, y-62, x+34, y, x-34, y), solid(0xFBF6EC))
	c.fill(rect(x-50, y-70, 100, 16), solid(0xEDE3D2))
}

// sprout is a plant in a pot, for a welcome.
func sprout(c *canvas) {
	c.ground(solid(0xE4F0E6))
	c.fill(circle(600, 330, 300), solid(0xD0E6D5))
	c.fill(circle(600, 330, 222), solid(0xBFDCC7))
	c.fill(rect(0, 560, c.w, 120), solid(0xF6EFE3))
	c.fill(ellipse(600, 604, 190, 18), glass(0x7A5A3F, .18))
	for _, s := range []struct {
		x, y, tx, ty, angle, l, w float64
		a, b                      uint32
	}{
		{600, 440, 600, 268, -90, 176, 92, 0x4C9A6A, 0x2F7A4F},
		{590, 440, 508, 318, -148, 190, 96, 0x5BAA78, 0x378658},
		{610, 440, 692, 318, -32, 190, 96, 0x3F8D5E, 0x2A6E47},
		{594, 446, 522, 396, -176, 150, 74, 0x79BD90, 0x4C9A6A},
		{606, 446, 678, 396, -4, 150, 74, 0x66B182, 0x3F8D5E},
		{596, 440, 556, 282, -118, 160, 78, 0x8CCB9F, 0x5BAA78},
		{604, 440, 646, 286, -62, 160, 78, 0x79BD90, 0x4C9A6A},
	} {
		c.bend(8, solid(0x2F7A4F), s.x, s.y, s.x, s.y-60, s.tx, s.ty+60, s.tx, s.ty)
		c.leaf(s.tx, s.ty, s.angle, s.l, s.w, s.a, s.b)
	}
	c.fill(poly(498, 452, 702, 452, 672, 600, 528, 600), solid(0xD9744F))
	c.fill(poly(600, 452, 702, 452, 672, 600, 600, 600), glass(0x8F3F22, .16))
	c.fill(round(482, 424, 236, 44, 8), solid(0xE58A63))
	c.fill(rect(482, 458, 236, 10), glass(0x8F3F22, .18))
	for _, p := range [][3]float64{{190, 150, 26}, {260, 232, 13}, {980, 130, 20}, {1048, 216, 34}, {148, 300, 9}, {930, 246, 10}} {
		c.fill(circle(p[0], p[1], p[2]), solid(0xF3C66B))
	}
	// A small pot and a watering can beside it.
	c.fill(poly(242, 520, 338, 520, 324, 602, 256, 602), solid(0xF6D9C2))
	c.fill(round(234, 504, 112, 24, 5), solid(0xFBE8D8))
	for _, a := range []float64{-90, -128, -52} {
		c.leaf(290, 506, a, 92, 46, 0x79BD90, 0x4C9A6A)
	}
	can(c, solid(0x5B8FA8), solid(0x4A7C94))
}

func can(c *canvas, body, shadow image.Image) {
	c.fill(round(880, 486, 130, 116, 14), body)
	c.fill(round(948, 486, 62, 116, 14), shadow)
	c.fill(poly(886, 556, 800, 490, 812, 476, 886, 520), body)
	c.fill(poly(780, 488, 822, 456, 830, 468, 790, 500), shadow)
	c.fill(ring(1014, 536, 40, 12), shadow)
	c.fill(round(880, 486, 130, 116, 14), body)
	c.fill(round(950, 486, 60, 116, 14), shadow)
	c.bend(11, body, 900, 488, 900, 420, 990, 420, 990, 488)
	for i := range 3 {
		a := float64(i) * 14
		c.fill(ellipse(768-a, 520+a*1.6, 5, 9), solid(0x8FB9CB))
	}
}
