package blocks

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/engine/block"
	"sendoff/engine/message"
	"sendoff/widgets"
)

// artist draws blocks with the measures and colours that engine/block gives them
// in HTML.
type artist struct {
	l      *letter
	brand  block.Brand
	scheme block.Scheme
	phone  bool
	pics   *pictures
}

func (a *artist) side() float32 {
	if a.phone {
		return 20
	}
	return 32
}

// head is the logo or the name of the brand.
func (a *artist) head() fyne.CanvasObject {
	t := a.scheme.Sheet
	var o fyne.CanvasObject
	switch {
	case a.brand.Logo != "":
		w := float32(a.brand.LogoWidth)
		if w == 0 {
			w = 140
		}
		h := float32(40)
		if m := a.pics.of(a.brand.Logo); m != nil {
			h = w * float32(m.Bounds().Dy()) / float32(m.Bounds().Dx())
		}
		o = aligned(a.align(a.brand.HeadAlign), w, a.shown(a.brand.Logo, a.brand.Name, w, h, 0, t))
	case strings.TrimSpace(a.brand.Name) != "":
		o = a.prose(block.Plain(a.brand.Name), a.brand.Heading, 20, 26, true, t, t.Ink, a.brand.HeadAlign)
	default:
		return nil
	}
	f := widgets.NewFrame(a.brand.Name, color.Transparent, 0, widgets.Insets{Top: 28, Right: a.side(), Bottom: 12, Left: a.side()}, o)
	f.OnTap = func() { a.l.p.choose(nil); a.l.focus() }
	return f
}

// nothing is what stands on an empty sheet.
func (a *artist) nothing() fyne.CanvasObject {
	t := a.scheme.Sheet
	s := a.l.p.s.Env().Text.T("blocks.nothing")
	return widgets.Inset(widgets.Pad(60, a.side()), a.prose([]block.Span{{Text: s}}, a.brand.Body, 16, 26, false, t, t.Muted, block.AlignCenter))
}

// block draws one with its frame, and those in its columns.
func (a *artist) block(at block.Path, b block.Block, above, below int, around bool) (fyne.CanvasObject, []*framed) {
	t, fill := a.scheme.On(b.Fill), color.Color(color.Transparent)
	if b.Fill != block.FillNone {
		fill = rgb(t.Back)
	}
	if around {
		t = a.scheme.Around
	}
	side := a.side()
	if b.Bleed {
		side = 0
	}
	if b.Kind == block.Columns {
		side -= 12
	}
	var inner []*framed
	var o fyne.CanvasObject
	if b.Kind == block.Columns {
		o, inner = a.columns(at, b, t)
	} else {
		o = a.draw(b, t, around)
	}
	f := a.frame(at, b, fill, widgets.Insets{Top: float32(above), Right: side, Bottom: float32(below), Left: side}, o)
	return f.frame, append([]*framed{f}, inner...)
}

// frame makes a block one that can be chosen and dragged.
func (a *artist) frame(at block.Path, b block.Block, fill color.Color, in widgets.Insets, o fyne.CanvasObject) *framed {
	c := a.l.p.s.Env().Text
	if b.If != "" {
		o = kit.VStack(6, a.condition(b.If), o)
	}
	f := &framed{at, widgets.NewFrame(c.T("blocks.kind."+string(b.Kind)), fill, 0, in, o)}
	f.frame.OnTap = func() { a.l.p.choose(at); a.l.focus() }
	f.frame.OnDrag = func(pos fyne.Position) { a.l.p.choose(at); a.l.dragged(at, pos) }
	f.frame.OnDrop = func() { a.l.dropped(at) }
	return f
}

// condition says for whom a block is.
func (a *artist) condition(liquid string) fyne.CanvasObject {
	s := liquid
	c := a.l.p.s.Env().Text
	if k, ok := message.ParseCondition(liquid); ok {
		s = conditionSaid(c, k, a.l.p.s.Fields())
	}
	ink, back := "#6B4EE6", "#EFEBFF"
	if a.l.dark {
		ink, back = "#A795FF", "#262042"
	}
	label := a.prose([]block.Span{{Text: c.T("blocks.only_if", "condition", s)}}, block.FontSans, 12, 16, false, a.scheme.Sheet, ink, block.AlignStart)
	return pill(label, rgb(back), rgb(back), 0, 4, 8, 3, false, fyne.TextAlignLeading)
}

// draw draws what a block says.
func (a *artist) draw(b block.Block, t block.Tones, around bool) fyne.CanvasObject {
	ink := t.Ink
	if b.Muted {
		ink = t.Muted
	}
	switch b.Kind {
	case block.Heading:
		size, lead := []float32{34, 24, 18}[b.Level-1], []float32{40, 30, 25}[b.Level-1]
		if b.Level == 1 && a.phone {
			size, lead = 30, 36
		}
		return a.prose(a.or(block.Line(b.Text), b), a.brand.Heading, size, lead, true, t, ink, b.Align)
	case block.Text:
		return a.text(block.Paragraphs(b.Text), b, t, ink)
	case block.List:
		return a.text([]block.Paragraph{block.Items(b.Text, b.Ordered)}, b, t, ink)
	case block.Image:
		return a.image(b, t)
	case block.Button:
		return a.button(b, t)
	case block.Divider:
		r := canvas.NewRectangle(rgb(t.Rule))
		r.SetMinSize(fyne.NewSize(8, 1))
		return r
	case block.Spacer:
		r := canvas.NewRectangle(color.Transparent)
		r.SetMinSize(fyne.NewSize(8, float32(b.Height)))
		return r
	case block.Social:
		return a.social(b, t, around)
	}
	return a.footer(b, a.scheme.Around)
}

// or is the hint of a block that says nothing yet.
func (a *artist) or(s []block.Span, b block.Block) []block.Span {
	if len(s) > 0 {
		return s
	}
	return []block.Span{{Text: a.l.p.s.Env().Text.T("blocks.hint." + string(b.Kind)), Italic: true}}
}

func (a *artist) align(k block.Align) fyne.TextAlign {
	switch k {
	case block.AlignCenter:
		return fyne.TextAlignCenter
	case block.AlignEnd:
		return fyne.TextAlignTrailing
	}
	return fyne.TextAlignLeading
}

// prose draws a paragraph.
func (a *artist) prose(spans []block.Span, font block.Font, size, lead float32, bold bool, t block.Tones, ink string, align block.Align) *widgets.Prose {
	out := make([]widgets.Span, len(spans))
	for i, s := range spans {
		k := widgets.Span{Text: s.Text, Bold: bold || s.Bold, Italic: s.Italic}
		if s.Link != "" {
			k.Underline, k.Color = true, rgb(t.Link)
		}
		if s.Liquid {
			k.Text, k.Back, k.Color = tagSaid(s.Text), faint(t.Link, 34), rgb(ink)
		}
		out[i] = k
	}
	return widgets.NewProse(widgets.ProseStyle{Face: faces()[font], Size: size, Lead: lead, Color: rgb(ink), Align: a.align(align)}, out...)
}

// tagSaid is a tag in short: the name of what stands there.
func tagSaid(liquid string) string {
	s := strings.Trim(liquid, "{}%- ")
	if strings.HasPrefix(liquid, "{{") {
		s, _, _ = strings.Cut(s, "|")
	}
	return strings.TrimSpace(s)
}

// text draws paragraphs and lists.
func (a *artist) text(ps []block.Paragraph, b block.Block, t block.Tones, ink string) fyne.CanvasObject {
	size, lead := float32(16), float32(26)
	switch b.Size {
	case block.SizeSmall:
		size, lead = 14, 22
	case block.SizeLarge:
		size, lead = 19, 30
	}
	column := kit.VStack(14)
	if len(ps) == 0 || len(ps) == 1 && len(ps[0].Items) == 0 {
		ps = []block.Paragraph{{Items: [][]block.Span{a.or(nil, b)}}}
	}
	for _, p := range ps {
		if !p.List {
			column.Add(a.prose(p.Items[0], a.brand.Body, size, lead, false, t, ink, b.Align))
			continue
		}
		list := kit.VStack(6)
		for i, item := range p.Items {
			mark := "•"
			if p.Ordered {
				mark = itoa(i+1) + "."
			}
			list.Add(container.New(hang{}, a.prose([]block.Span{{Text: mark}}, a.brand.Body, size, lead, false, t, ink, block.AlignEnd),
				a.prose(item, a.brand.Body, size, lead, false, t, ink, block.AlignStart)))
		}
		column.Add(list)
	}
	return column
}
