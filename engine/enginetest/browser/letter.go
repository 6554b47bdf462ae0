package browser

import (
	_ "embed" // the script
	"fmt"
)

//go:embed letter.js
var letterScript string

// Letter is how a letter is laid out, in CSS pixels.
type Letter struct {
	Overflow  float64 // how far it is wider than its window
	Smallest  float64 // the smallest font size
	Least     float64 // the least contrast of a text
	LeastText string
	Images    []struct {
		Src                        string
		Width, Height, Left, Right float64
		Ratio                      float64 // of its proportions and those of the file; 0 when it was not loaded
	}
	Buttons []struct {
		Label         string
		Width, Height float64
	}
	Columns [][]struct{ Left, Top, Width, Height float64 } // row by row
}

// Letter measures the page as a letter of engine/block.
func (b *Browser) Letter() Letter {
	b.t.Helper()
	var l Letter
	b.Eval(letterScript, &l)
	return l
}

// Faults lists what is wrong with a letter in a window of so many pixels.
func (l Letter) Faults(window int) (out []string) {
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	phone := window < 600
	if l.Overflow > 0 {
		add("is %v px wider than its window", l.Overflow)
	}
	if l.Smallest < 14 {
		add("has text of %v px", l.Smallest)
	}
	if l.Least < 4.5 {
		add("has text with a contrast of %.2f: %s", l.Least, l.LeastText)
	}
	for _, i := range l.Images {
		if i.Width < 1 || i.Height < 1 || i.Ratio < 0.98 || i.Ratio > 1.02 || i.Left < 0 || i.Right > float64(window)+0.5 {
			add("has a picture that is %.0f × %.0f at %.0f, %.3f of its shape: %s", i.Width, i.Height, i.Left, i.Ratio, i.Src)
		}
	}
	for _, b := range l.Buttons {
		if b.Height < 40 || b.Width < 80 {
			add("has a button of %.0f × %.0f: %s", b.Width, b.Height, b.Label)
		}
	}
	for _, row := range l.Columns {
		for i := range row[1:] {
			a, b := row[i], row[i+1]
			if phone && (b.Top < a.Top+a.Height-1 || b.Left != a.Left || b.Width < 250) {
				add("has columns that do not stack: %+v", row)
			}
			// In either direction, as a language is written.
			if !phone && (b.Top != a.Top || b.Left < a.Left+a.Width-1 && a.Left < b.Left+b.Width-1) {
				add("has columns that do not stand side by side: %+v", row)
			}
		}
	}
	return out
}
