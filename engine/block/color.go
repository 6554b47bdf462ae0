package block

import (
	"fmt"
	"math"
	"strconv"
)

// color is one of sRGB, its parts from 0 to 1.
type color struct{ r, g, b float64 }

// parseColor reads "#RRGGBB".
func parseColor(s string) (color, bool) {
	if len(s) != 7 || s[0] != '#' {
		return color{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return color{}, false
	}
	return color{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, true
}

// rgb reads a colour that Check has seen.
func rgb(s string) color {
	c, _ := parseColor(s)
	return c
}

func (c color) String() string {
	b := func(x float64) int { return int(math.Round(min(max(x, 0), 1) * 255)) }
	return fmt.Sprintf("#%02X%02X%02X", b(c.r), b(c.g), b(c.b))
}

// luminance is the relative luminance of WCAG 2.2.
func (c color) luminance() float64 {
	lin := func(x float64) float64 {
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.r) + 0.7152*lin(c.g) + 0.0722*lin(c.b)
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b color) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// mix goes part of the way from c to d.
func (c color) mix(d color, part float64) color {
	return color{c.r + (d.r-c.r)*part, c.g + (d.g-c.g)*part, c.b + (d.b-c.b)*part}
}

var white, black = color{1, 1, 1}, color{}

// legible is the contrast that a text has at least.
const legible = 4.5

// readable returns c, or what of its hue can be read on every one of the
// grounds. Where white and black would both do, it goes the shorter way.
func readable(c color, on ...color) color {
	worst := func(c color) float64 {
		w := 21.0
		for _, g := range on {
			w = min(w, contrast(rgb(c.String()), g))
		}
		return w
	}
	if worst(c) >= legible {
		return c
	}
	for i := 1; i <= 50; i++ {
		a, b := c.mix(black, float64(i)/50), c.mix(white, float64(i)/50)
		okA, okB := worst(a) >= legible, worst(b) >= legible
		switch {
		case okA && okB:
			if contrast(a, on[0]) >= contrast(b, on[0]) {
				return a
			}
			return b
		case okA:
			return a
		case okB:
			return b
		}
	}
	if worst(black) > worst(white) {
		return black
	}
	return white
}

// over is the colour of text on a fill: white where it can be read, else black
// with a hint of the fill.
func over(fill color) color {
	if contrast(white, fill) >= legible {
		return white
	}
	return readable(fill.mix(black, 0.85), fill)
}
