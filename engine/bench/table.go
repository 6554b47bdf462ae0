package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// bar is what a figure has to reach.
type bar struct {
	limit  float64
	most   bool // the figure is to be at most limit, not at least
	format func(float64) string
}

func atLeast(limit float64, format func(float64) string) bar { return bar{limit, false, format} }
func atMost(limit float64, format func(float64) string) bar  { return bar{limit, true, format} }

// met reports whether a figure reaches the bar.
func (b bar) met(v float64) bool {
	if b.most {
		return v <= b.limit
	}
	return v >= b.limit
}

func (b bar) String() string {
	if b.most {
		return "≤ " + b.format(b.limit)
	}
	return "≥ " + b.format(b.limit)
}

// Formats of figures.
func ratio(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
func small(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }
func whole(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }
func rate(v float64) string  { return whole(v) + "/s" }
func mib(v float64) string   { return whole(v) + " MiB" }
func span(v float64) string  { return round(time.Duration(v)).String() }

// table is what the program prints: the figures with their bars, and below them
// what they were made of.
type table struct {
	figures [][]string // figure, bar, measured, verdict, beside it
	details [][]string
	missed  int
}

// figure adds a figure that has a bar. beside says what it was measured against.
func (t *table) figure(name string, b bar, v float64, beside string) {
	verdict := "PASS"
	if !b.met(v) {
		verdict = "MISS"
		t.missed++
	}
	t.figures = append(t.figures, []string{name, b.String(), b.format(v), verdict, beside})
}

// shown adds a figure without a bar.
func (t *table) shown(name, value, beside string) {
	t.figures = append(t.figures, []string{name, "", value, "", beside})
}

// absent adds a figure that was not measured, and why.
func (t *table) absent(name string, b bar, why string) {
	t.figures = append(t.figures, []string{name, b.String(), "–", "–", why})
}

// detail adds what a figure was made of.
func (t *table) detail(name, value, note string) {
	t.details = append(t.details, []string{name, value, note})
}

func (t *table) print(w io.Writer) {
	if len(t.figures) > 0 {
		columns(w, append([][]string{{"figure", "bar", "measured", "", "beside it"}}, t.figures...))
		judged := 0
		for _, f := range t.figures {
			if f[3] == "PASS" || f[3] == "MISS" {
				judged++
			}
		}
		fmt.Fprintf(w, "\n%d of %d reach their bars.\n", judged-t.missed, judged)
	}
	if len(t.details) > 0 {
		fmt.Fprintln(w)
		columns(w, t.details)
	}
}

// columns prints rows with their cells below each other; all but the first and
// the last column are aligned to the right.
func columns(w io.Writer, rows [][]string) {
	var widths []int
	for _, r := range rows {
		for i, c := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	for _, r := range rows {
		var b strings.Builder
		for i, c := range r {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c))
			switch i {
			case 0:
				b.WriteString(c + pad)
			case len(r) - 1:
				b.WriteString("  " + c)
			default:
				b.WriteString("  " + pad + c)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// median of some values; of an even number the upper one of the two in the
// middle. There has to be one.
func median[T float64 | int64 | time.Duration](vs []T) T {
	s := slices.Sorted(slices.Values(vs))
	return s[len(s)/2]
}

func spread(ds []time.Duration) string {
	return fmt.Sprintf("%d runs, %s to %s", len(ds), round(slices.Min(ds)), round(slices.Max(ds)))
}

func round(d time.Duration) time.Duration {
	switch {
	case d > 10*time.Second:
		return d.Round(100 * time.Millisecond)
	case d > 10*time.Millisecond:
		return d.Round(time.Millisecond)
	}
	return d.Round(time.Microsecond)
}

func perSecond(n int, d time.Duration) string { return rate(float64(n) / d.Seconds()) }
