package kit

import (
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/state"
	"sendoff/resources"
	"sendoff/widgets/look"
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
	Title
	RowTitle
	Tag
)

type style struct {
	size float32
	text fyne.TextStyle
	ink  fyne.ThemeColorName
	face fyne.Resource // instead of the theme's, for texts that it covers
}

func (r Role) style() style {
	switch r {
	case SideTitle:
		return style{24, fyne.TextStyle{}, look.Ink, resources.Light}
	case Headline:
		return style{20, fyne.TextStyle{}, look.Ink, nil}
	case Main:
		return style{17, fyne.TextStyle{}, look.Ink, nil}
	case Strong:
		return style{13, fyne.TextStyle{Bold: true}, look.Ink, nil}
	case Muted:
		return style{14, fyne.TextStyle{}, look.Muted, nil}
	case Small:
		return style{13, fyne.TextStyle{}, look.Muted, nil}
	case Note:
		return style{12, fyne.TextStyle{}, look.Muted, nil}
	case Code:
		return style{13, fyne.TextStyle{Monospace: true}, look.Ink, nil}
	case Heading:
		return style{14, fyne.TextStyle{Bold: true}, look.Ink, nil}
	case Figure:
		return style{32, fyne.TextStyle{}, look.Ink, resources.FiguresLightTabular}
	case Title:
		return style{17, fyne.TextStyle{Bold: true}, look.Ink, nil}
	case RowTitle:
		return style{16, fyne.TextStyle{Bold: true}, look.Ink, nil}
	case Tag:
		return style{12, fyne.TextStyle{Bold: true}, look.Ink, nil}
	case CardFigure:
		return style{22, fyne.TextStyle{}, look.Ink, resources.FiguresLight}
	}
	return style{14, fyne.TextStyle{}, look.Ink, nil}
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
	t.setInk(ink(tone))
}

func (t *Text) setInk(c fyne.ThemeColorName) {
	if c != t.style.ink {
		t.style.ink = c
		t.Refresh()
	}
}

func (t *Text) lead() float32 { return float32(math.Round(float64(t.style.size) * 1.36)) }

func (t *Text) measure(s string) float32 {
	if face := t.face(s); face != nil {
		size, _ := fyne.CurrentApp().Driver().RenderedTextSize(s, t.style.size, t.style.text, face)
		return size.Width
	}
	return fyne.MeasureText(s, t.style.size, t.style.text).Width
}

// face is the role's own typeface when it covers the text; it has no fallback
// for other scripts.
func (t *Text) face(s string) fyne.Resource {
	for _, r := range s {
		if r >= 0x250 && !strings.ContainsRune("–—…“”‘’·•", r) {
			return nil
		}
	}
	return t.style.face
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
		c.Text, c.Color, c.TextSize, c.TextStyle, c.FontSource = l, col, t.style.size, t.style.text, t.face(l)
		h := c.MinSize().Height
		c.Move(fyne.NewPos(0, float32(i)*t.lead()+(t.lead()-h)/2))
		c.Resize(fyne.NewSize(t.width, h))
		r.objects = append(r.objects, c)
	}
}
