package widgets

import (
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Text is a line, or a paragraph when it may wrap.
type Text struct {
	widget.BaseWidget
	text  string
	style TextStyle
	wrap  bool
	trim  bool
	align fyne.TextAlign
	slot  float32
	width float32

	lines   []string // as broken for width
	natural float32  // width of the longest line without breaking
	fresh   bool     // lines and natural are up to date
	pieces  []*canvas.Text
}

var (
	_ fyne.Widget     = (*Text)(nil)
	_ fyne.Accessible = (*Text)(nil)
)

// NewText makes a text that is as wide as it is.
func NewText(s string, style TextStyle) *Text {
	t := &Text{text: s, style: style.normal()}
	t.ExtendBaseWidget(t)
	return t
}

// Wrap lets the text take as many lines as it needs.
func (t *Text) Wrap() *Text { t.wrap = true; return t }

// Trim lets the text end in an ellipsis where there is no room.
func (t *Text) Trim() *Text { t.trim = true; return t }

// Right aligns at the right edge.
func (t *Text) Right() *Text { t.align = fyne.TextAlignTrailing; return t }

// Center aligns in the middle.
func (t *Text) Center() *Text { t.align = fyne.TextAlignCenter; return t }

// Slot is the least width that the text asks for, so that a number that counts
// does not push its neighbours.
func (t *Text) Slot(w float32) *Text { t.slot = w; return t }

// Text is what it says.
func (t *Text) Text() string { return t.text }

// Set changes what it says.
func (t *Text) Set(s string) {
	if s != t.text {
		t.text = s
		t.changed()
	}
}

// SetColor changes the colour.
func (t *Text) SetColor(n fyne.ThemeColorName) {
	if n != t.style.Color {
		t.style.Color = n
		t.Refresh()
	}
}

// SetTone changes the colour to that of a tone.
func (t *Text) SetTone(tone look.Tone) { t.SetColor(tone.Text()) }

// SetStyle changes everything else about it.
func (t *Text) SetStyle(s TextStyle) {
	if s = s.normal(); s != t.style {
		t.style = s
		t.changed()
	}
}

func (t *Text) changed() {
	t.fresh = false
	t.Refresh()
}

// AccessibilityLabel implements fyne.Accessible.
func (t *Text) AccessibilityLabel() string { return t.text }

// AccessibilityRole implements fyne.Accessible.
func (t *Text) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func (t *Text) measure(s string) float32 {
	w := float32(0)
	for _, r := range t.style.runs(s) {
		k, _, _ := r.measure(t.style.Size)
		w += k
	}
	return w
}

// Natural is the width that the text takes when nothing breaks it.
func (t *Text) Natural() float32 {
	t.flow()
	return t.natural
}

// Baseline is the distance from the top to the line that the letters of the
// first line stand on.
func (t *Text) Baseline() float32 {
	_, h, b := t.style.runs("x")[0].measure(t.style.Size)
	return floor((t.style.Lead-h)/2) + ceil(b)
}

// flow breaks the lines for the width.
func (t *Text) flow() {
	if t.fresh {
		return
	}
	t.fresh = true
	paras := strings.Split(t.text, "\n")
	t.natural = 0
	for _, p := range paras {
		t.natural = max(t.natural, ceil(t.measure(p)))
	}
	t.lines = append(t.lines[:0], paras...)
	switch {
	case t.width <= 0 || t.natural <= t.width:
	case t.wrap:
		t.lines = t.lines[:0]
		for _, p := range paras {
			t.lines = append(t.lines, t.broken(p)...)
		}
	case t.trim:
		for i, l := range t.lines {
			t.lines[i] = t.cut(l, "…")
		}
	}
}

// cut shortens a line to the width, with an end that shows it.
func (t *Text) cut(s, end string) string {
	if t.measure(s) <= t.width {
		return s
	}
	rs := []rune(s)
	n := sort.Search(len(rs), func(n int) bool { return t.measure(string(rs[:n+1])+end) > t.width })
	return strings.TrimRight(string(rs[:n]), " ") + end
}

// broken breaks a paragraph between words, and inside those that are too long
// for a line.
func (t *Text) broken(p string) []string {
	var out []string
	line := ""
	for _, w := range strings.Split(p, " ") {
		next := w
		if line != "" {
			next = line + " " + w
		}
		if t.measure(next) <= t.width {
			line = next
			continue
		}
		if line != "" {
			out = append(out, line)
		}
		for t.measure(w) > t.width {
			head := t.cut(w, "")
			if head == "" {
				_, size := firstRune(w)
				head = w[:size]
			}
			if head == w {
				break
			}
			out = append(out, head)
			w = w[len(head):]
		}
		line = w
	}
	return append(out, line)
}

func firstRune(s string) (rune, int) {
	for i, r := range s {
		if i > 0 {
			return r, i
		}
	}
	return 0, len(s)
}

// MinSize is that of the text at its last width.
func (t *Text) MinSize() fyne.Size {
	t.flow()
	w := max(t.natural, t.slot)
	if t.wrap || t.trim {
		w = min(w, 24)
	}
	return fyne.NewSize(w, t.style.Lead*float32(max(1, len(t.lines))))
}

// Resize breaks the lines anew.
func (t *Text) Resize(s fyne.Size) {
	if s.Width != t.width {
		t.width = s.Width
		t.fresh = t.fresh && !t.wrap && !t.trim
		t.BaseWidget.Resize(s)
		t.Refresh()
		return
	}
	t.BaseWidget.Resize(s)
}

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{t: t}
	r.build()
	return r
}

type textRenderer struct {
	t       *Text
	objects []fyne.CanvasObject
}

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *textRenderer) MinSize() fyne.Size           { return r.t.MinSize() }
func (r *textRenderer) Layout(fyne.Size)             { r.build() }
func (r *textRenderer) Refresh() {
	r.build()
	canvas.Refresh(r.t)
}

// build fits the pieces to the lines.
func (r *textRenderer) build() {
	t := r.t
	t.flow()
	ink := paint(t, t.style.Color)
	n := 0
	r.objects = r.objects[:0]
	baseline := t.Baseline()
	for i, l := range t.lines {
		runs := t.style.runs(l)
		x := float32(0)
		if t.align != fyne.TextAlignLeading {
			if x = t.width - t.measure(l); t.align == fyne.TextAlignCenter {
				x = floor(x / 2)
			}
			x = max(0, x)
		}
		for _, k := range runs {
			if n == len(t.pieces) {
				t.pieces = append(t.pieces, &canvas.Text{})
			}
			p := t.pieces[n]
			n++
			w, h, b := k.measure(t.style.Size)
			p.Text, p.TextStyle, p.FontSource, p.TextSize, p.Color = k.text, k.style, k.source, t.style.Size, ink
			put(p, x, float32(i)*t.style.Lead+baseline-ceil(b), w, h)
			x += w
			r.objects = append(r.objects, p)
		}
	}
}
