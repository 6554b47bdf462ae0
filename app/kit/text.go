package kit

import (
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/state"
)

// Role is what a text is for; it decides size, weight and colour.
type Role int

// Roles.
const (
	Body Role = iota
	SideTitle
	Headline
	Main
	Strong
	Muted
	Small
	Note
	Code
	Heading
	Figure
	CardFigure
)

type style struct {
	size float32
	text fyne.TextStyle
	ink  fyne.ThemeColorName
}

func (r Role) style() style {
	switch r {
	case SideTitle:
		return style{24, fyne.TextStyle{}, colorInk}
	case Headline:
		return style{20, fyne.TextStyle{}, colorInk}
	case Main:
		return style{17, fyne.TextStyle{}, colorInk}
	case Strong:
		return style{13, fyne.TextStyle{Bold: true}, colorInk}
	case Muted:
		return style{14, fyne.TextStyle{}, colorMuted}
	case Small:
		return style{13, fyne.TextStyle{}, colorMuted}
	case Note:
		return style{12, fyne.TextStyle{}, colorMuted}
	case Code:
		return style{13, fyne.TextStyle{Monospace: true}, colorInk}
	case Heading:
		return style{14, fyne.TextStyle{Bold: true}, colorInk}
	case Figure:
		return style{32, fyne.TextStyle{}, colorInk}
	case CardFigure:
		return style{22, fyne.TextStyle{}, colorInk}
	}
	return style{14, fyne.TextStyle{}, colorInk}
}

// Text is a line or a paragraph.
type Text struct {
	widget.BaseWidget
	text  string
	style style
	wrap  bool
	trim  bool
	width float32
	lines []*canvas.Text
}

// NewText makes a text of a role.
func NewText(r Role, s string) *Text {
	t := &Text{text: s, style: r.style()}
	t.ExtendBaseWidget(t)
	return t
}

// Wrap lets the text take more lines.
func (t *Text) Wrap() *Text { t.wrap = true; return t }

// Trim lets the text end in an ellipsis.
func (t *Text) Trim() *Text { t.trim = true; return t }

// Text is what it says.
func (t *Text) Text() string { return t.text }

// Set changes what it says.
func (t *Text) Set(s string) {
	if s == t.text {
		return
	}
	t.text = s
	t.Refresh()
}

// SetTone changes its colour; Neutral is plain ink.
func (t *Text) SetTone(tone state.Tone) {
	if c := ink(tone); c != t.style.ink {
		t.style.ink = c
		t.Refresh()
	}
}

func (t *Text) lead() float32 { return float32(math.Round(float64(t.style.size) * 1.36)) }

func (t *Text) measure(s string) float32 {
	return fyne.MeasureText(s, t.style.size, t.style.text).Width
}

func (t *Text) broken(width float32) []string {
	if !t.wrap || width <= 0 {
		return strings.Split(t.text, "\n")
	}
	var out []string
	for _, para := range strings.Split(t.text, "\n") {
		line := ""
		for _, w := range strings.Split(para, " ") {
			next := w
			if line != "" {
				next = line + " " + w
			}
			if line != "" && t.measure(next) > width {
				out = append(out, line)
				next = w
			}
			line = next
		}
		out = append(out, line)
	}
	return out
}

// MinSize is that of the text at its last width.
func (t *Text) MinSize() fyne.Size {
	t.ExtendBaseWidget(t)
	if t.wrap {
		w := t.width
		if w == 0 {
			w = 240
		}
		return fyne.NewSize(24, t.lead()*float32(len(t.broken(w))))
	}
	if t.trim {
		return fyne.NewSize(24, t.lead())
	}
	return fyne.NewSize(float32(math.Ceil(float64(t.measure(t.text)))), t.lead())
}

// Resize breaks the lines anew.
func (t *Text) Resize(s fyne.Size) {
	if s.Width != t.width {
		t.width = s.Width
		t.BaseWidget.Resize(s)
		t.Refresh()
		return
	}
	t.BaseWidget.Resize(s)
}

// CreateRenderer makes the lines.
func (t *Text) CreateRenderer() fyne.WidgetRenderer { return &textRenderer{t: t} }

type textRenderer struct {
	t       *Text
	objects []fyne.CanvasObject
}

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) Objects() []fyne.CanvasObject { r.build(); return r.objects }
func (r *textRenderer) MinSize() fyne.Size           { return r.t.MinSize() }
func (r *textRenderer) Layout(fyne.Size)             { r.build() }
func (r *textRenderer) Refresh()                     { r.build(); canvas.Refresh(r.t) }

func (r *textRenderer) build() {
	t := r.t
	lines := t.broken(t.width)
	if t.trim && len(lines) > 0 && t.width > 0 && t.measure(lines[0]) > t.width {
		rs := []rune(lines[0])
		for len(rs) > 0 && t.measure(string(rs)+"…") > t.width {
			rs = rs[:len(rs)-1]
		}
		lines = []string{strings.TrimRight(string(rs), " ") + "…"}
	}
	v := fyne.CurrentApp().Settings().ThemeVariant()
	col := t.Theme().Color(t.style.ink, v)
	for len(t.lines) < len(lines) {
		t.lines = append(t.lines, canvas.NewText("", col))
	}
	r.objects = r.objects[:0]
	for i, l := range lines {
		c := t.lines[i]
		c.Text, c.Color, c.TextSize, c.TextStyle = l, col, t.style.size, t.style.text
		h := c.MinSize().Height
		c.Move(fyne.NewPos(0, float32(i)*t.lead()+(t.lead()-h)/2))
		c.Resize(fyne.NewSize(t.width, h))
		r.objects = append(r.objects, c)
	}
}
