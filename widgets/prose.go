package widgets

import (
	"image/color"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Face is a typeface in four styles.
type Face struct{ Regular, Bold, Italic, BoldItalic fyne.Resource }

func (f Face) of(s Span) fyne.Resource {
	switch {
	case s.Bold && s.Italic:
		return f.BoldItalic
	case s.Bold:
		return f.Bold
	case s.Italic:
		return f.Italic
	}
	return f.Regular
}

// Span is a piece of text of one look; "\n" breaks the line.
type Span struct {
	Text         string
	Bold, Italic bool
	Underline    bool
	Color        color.Color // nil: that of the text
	Back         color.Color // a ground of its own: it stands for something else and is not broken
}

// ProseStyle is what all of a text has in common. Size is a whole number of
// units, Lead the height of a line.
type ProseStyle struct {
	Face  Face
	Size  float32
	Lead  float32
	Color color.Color
	Align fyne.TextAlign
}

// Prose is a paragraph whose words differ in weight, slant and colour. Unlike
// everything else here its colours are not the theme's: it shows a document.
type Prose struct {
	widget.BaseWidget
	spans   []Span
	style   ProseStyle
	width   float32
	height  float32
	objects []fyne.CanvasObject
	fresh   bool
}

var _ fyne.Accessible = (*Prose)(nil)

// NewProse makes a paragraph.
func NewProse(style ProseStyle, spans ...Span) *Prose {
	p := &Prose{spans: spans, style: style}
	p.ExtendBaseWidget(p)
	return p
}

// AccessibilityLabel implements fyne.Accessible.
func (p *Prose) AccessibilityLabel() string {
	var b strings.Builder
	for _, s := range p.spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// AccessibilityRole implements fyne.Accessible.
func (p *Prose) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// word is what is not broken, with the space before it.
type word struct {
	span    Span
	text    string
	w       float32
	base    float32
	space   float32
	newline bool
	joined  bool // stands at the word before it without a space
}

const chipPad float32 = 6

func (p *Prose) measure(text string, s Span) (size fyne.Size, base float32, face fyne.Resource) {
	face = p.style.Face.of(s)
	if face != nil && strings.ContainsFunc(text, foreign) {
		face = nil // the theme has more letters
	}
	size, base = fyne.CurrentApp().Driver().RenderedTextSize(text, p.style.Size, fyne.TextStyle{Bold: s.Bold && face == nil, Italic: s.Italic && face == nil}, face)
	return size, base, face
}

// foreign reports whether a letter is beyond what the usual typefaces have:
// Latin, Greek, Cyrillic and signs.
func foreign(r rune) bool { return r > 0x52F && (r < 0x2000 || r > 0x22FF) }

func (p *Prose) words() []word {
	var out []word
	spaced := false
	add := func(text string, s Span) {
		size, base, _ := p.measure(text, s)
		k := word{span: s, text: text, w: size.Width, base: base, joined: !spaced && len(out) > 0}
		if s.Back != nil {
			k.w += 2 * chipPad
		}
		if spaced {
			space, _, _ := p.measure(" ", s)
			k.space = space.Width
		}
		out = append(out, k)
		spaced = false
	}
	for _, s := range p.spans {
		if s.Back != nil {
			add(s.Text, s)
			continue
		}
		rest := s.Text
		for rest != "" {
			i := strings.IndexFunc(rest, unicode.IsSpace)
			switch {
			case i < 0:
				add(rest, s)
				rest = ""
				continue
			case i > 0:
				add(rest[:i], s)
			}
			if rest[i] == '\n' {
				out = append(out, word{newline: true})
				spaced = false
			} else {
				spaced = len(out) > 0 && !out[len(out)-1].newline
			}
			rest = strings.TrimPrefix(rest[i:], string([]rune(rest[i:])[0]))
		}
	}
	return out
}

// flow sets the words for the width.
func (p *Prose) flow() {
	if p.fresh || p.width <= 0 {
		return
	}
	p.fresh = true
	p.objects = p.objects[:0]
	ws := p.words()
	rtl := rightToLeft(ws)
	align := p.style.Align
	if rtl && align == fyne.TextAlignLeading {
		align = fyne.TextAlignTrailing
	}
	y := float32(0)
	var line []word
	used := float32(0)
	flush := func() {
		x := float32(0)
		line = visual(line, rtl)
		switch align {
		case fyne.TextAlignCenter:
			x = floor((p.width - used) / 2)
		case fyne.TextAlignTrailing:
			x = p.width - used
		}
		p.set(line, max(0, x), y)
		y += p.style.Lead
		line, used = nil, 0
	}
	for i := 0; i < len(ws); {
		if ws[i].newline {
			flush()
			i++
			continue
		}
		// What is joined goes to the next line together.
		n, w := i+1, ws[i].w
		for n < len(ws) && ws[n].joined && !ws[n].newline {
			w += ws[n].w
			n++
		}
		if len(line) > 0 && used+ws[i].space+w > p.width+0.5 {
			flush()
		}
		for ; i < n; i++ {
			k := ws[i]
			if len(line) == 0 {
				k.space = 0
			}
			used += k.space + k.w
			line = append(line, k)
		}
	}
	if len(line) > 0 || y == 0 {
		flush()
	}
	p.height = y
}

// set draws one line.
func (p *Prose) set(line []word, x, y float32) {
	ruled := false // the word before is underlined too
	for _, k := range line {
		x += k.space
		c := k.span.Color
		if c == nil {
			c = p.style.Color
		}
		tx := x
		size, base, face := p.measure(k.text, k.span)
		if k.span.Back != nil {
			r := canvas.NewRectangle(k.span.Back)
			r.CornerRadius = 4
			put(r, x, y+floor((p.style.Lead-p.style.Size*1.35)/2), k.w, floor(p.style.Size*1.35))
			p.objects = append(p.objects, r)
			tx += chipPad
		}
		t := canvas.NewText(k.text, c)
		t.TextSize, t.FontSource = p.style.Size, face
		t.TextStyle = fyne.TextStyle{Bold: k.span.Bold && face == nil, Italic: k.span.Italic && face == nil}
		// All of a line stand on one line.
		ground := y + floor(p.style.Lead/2+p.style.Size*0.36)
		put(t, tx, ground-ceil(base), size.Width, size.Height)
		p.objects = append(p.objects, t)
		if k.span.Underline {
			u := canvas.NewRectangle(c)
			put(u, tx, ground+2, size.Width, 1)
			if ruled {
				put(u, tx-k.space, ground+2, size.Width+k.space, 1)
			}
			p.objects = append(p.objects, u)
		}
		ruled = k.span.Underline
		x += k.w
	}
}

// Resize sets the width that the lines are broken for.
func (p *Prose) Resize(s fyne.Size) {
	if s.Width != p.width {
		p.width, p.fresh = s.Width, false
		p.flow()
	}
	p.BaseWidget.Resize(s)
}

// MinSize is the height for the last width.
func (p *Prose) MinSize() fyne.Size {
	p.ExtendBaseWidget(p)
	p.flow()
	return fyne.NewSize(8, max(p.height, p.style.Lead))
}

// Natural is the width of the longest line that is not broken.
func (p *Prose) Natural() float32 {
	w, most := float32(0), float32(0)
	for _, k := range p.words() {
		if k.newline {
			w = 0
			continue
		}
		w += k.space + k.w
		most = max(most, w)
	}
	return ceil(most)
}

// CreateRenderer implements fyne.Widget.
func (p *Prose) CreateRenderer() fyne.WidgetRenderer { return proseRenderer{p} }

type proseRenderer struct{ p *Prose }

func (r proseRenderer) Destroy()                     {}
func (r proseRenderer) Layout(fyne.Size)             { r.p.flow() }
func (r proseRenderer) MinSize() fyne.Size           { return r.p.MinSize() }
func (r proseRenderer) Objects() []fyne.CanvasObject { return r.p.objects }
func (r proseRenderer) Refresh()                     { r.p.fresh = false; r.p.flow(); canvas.Refresh(r.p) }
