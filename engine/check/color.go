package check

import (
	"math"
	"strconv"
	"strings"
)

// rgb is an opaque colour; each part is 0 to 255.
type rgb struct{ r, g, b uint8 }

var (
	black    = rgb{0, 0, 0}
	white    = rgb{255, 255, 255}
	linkBlue = rgb{0, 0, 238} // what mail programs give a link that has no colour of its own
)

// String returns "#RRGGBB".
func (c rgb) String() string {
	const hex = "0123456789ABCDEF"
	b := [7]byte{'#'}
	for i, v := range [3]uint8{c.r, c.g, c.b} {
		b[1+2*i], b[2+2*i] = hex[v>>4], hex[v&15]
	}
	return string(b[:])
}

// luminance is the relative luminance of WCAG 2.2, 0 to 1.
func (c rgb) luminance() float64 {
	part := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.r) + 0.7152*part(c.g) + 0.0722*part(c.b)
}

// contrast is the contrast ratio of WCAG 2.2, 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

// named are the colours that people write by name in mails (CSS Color Module
// Level 4, section 6.1); others count as not known.
func named(s string) (rgb, bool) {
	switch s {
	case "black":
		return black, true
	case "white":
		return white, true
	case "gray", "grey":
		return rgb{128, 128, 128}, true
	case "silver":
		return rgb{192, 192, 192}, true
	case "lightgray", "lightgrey":
		return rgb{211, 211, 211}, true
	case "darkgray", "darkgrey":
		return rgb{169, 169, 169}, true
	case "red":
		return rgb{255, 0, 0}, true
	case "green":
		return rgb{0, 128, 0}, true
	case "blue":
		return rgb{0, 0, 255}, true
	case "yellow":
		return rgb{255, 255, 0}, true
	case "orange":
		return rgb{255, 165, 0}, true
	case "purple":
		return rgb{128, 0, 128}, true
	case "navy":
		return rgb{0, 0, 128}, true
	case "teal":
		return rgb{0, 128, 128}, true
	case "maroon":
		return rgb{128, 0, 0}, true
	case "whitesmoke":
		return rgb{245, 245, 245}, true
	}
	return rgb{}, false
}

// parseColor reads a CSS or HTML colour without transparency.
func parseColor(s string) (rgb, bool) {
	s = strings.ToLower(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "!important")))
	if c, ok := named(s); ok {
		return c, true
	}
	if inner, ok := strings.CutPrefix(s, "rgb("); ok && strings.HasSuffix(inner, ")") {
		parts := strings.FieldsFunc(inner[:len(inner)-1], func(r rune) bool { return r == ',' || r == ' ' })
		if len(parts) != 3 {
			return rgb{}, false
		}
		var v [3]uint8
		for i, p := range parts {
			n, err := strconv.ParseUint(p, 10, 8)
			if err != nil {
				return rgb{}, false
			}
			v[i] = uint8(n)
		}
		return rgb{v[0], v[1], v[2]}, true
	}
	s, ok := strings.CutPrefix(s, "#")
	if !ok {
		return rgb{}, false
	}
	if len(s) == 3 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil || len(s) != 6 {
		return rgb{}, false
	}
	return rgb{uint8(n >> 16), uint8(n >> 8), uint8(n)}, true
}
