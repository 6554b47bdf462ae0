package preview

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/widgets"
)

// Measures of the paper, in units.
const (
	margin     float32 = 24
	phoneEdge  float32 = 16
	column     float32 = 640 // letters are rarely wider
	paperEdge  float32 = 10  // its corners
	leastPaper float32 = 120
)

// inks are the colours of a message that has none of its own.
type inks struct{ ground, ink, muted, link, line color.NRGBA }

func inksOf(dark bool) inks {
	if dark {
		return inks{color.NRGBA{0x1b, 0x1d, 0x21, 255}, color.NRGBA{0xe8, 0xea, 0xed, 255}, color.NRGBA{0x9a, 0xa3, 0xb2, 255}, color.NRGBA{0x8a, 0xb4, 0xf8, 255}, color.NRGBA{0x3c, 0x40, 0x46, 255}}
	}
	return inks{color.NRGBA{255, 255, 255, 255}, color.NRGBA{0x1b, 0x24, 0x30, 255}, color.NRGBA{0x5f, 0x68, 0x77, 255}, color.NRGBA{0x18, 0x5b, 0xc7, 255}, color.NRGBA{0xd8, 0xdc, 0xe3, 255}}
}

// paper is the sheet on which a message is drawn. Its colours are the message's and not
// the window's.
type paper struct {
	c       *text.Catalog
	inks    inks
	desktop bool
	bare    bool // what is on it has its own margins
	ground  *canvas.Rectangle
	body    *fyne.Container
	root    *fyne.Container
}

func newPaper(c *text.Catalog) *paper {
	p := &paper{c: c, ground: canvas.NewRectangle(color.White), body: kit.VStack(0)}
	p.ground.CornerRadius, p.ground.StrokeWidth = paperEdge, 1
	p.root = container.New(sheet{p}, p.ground, p.body)
	p.dress(false, false)
	return p
}

func (p *paper) object() fyne.CanvasObject { return p.root }

// dress sets width and colours of the paper.
func (p *paper) dress(wide, dark bool) {
	p.desktop, p.inks = wide, inksOf(dark)
	p.ground.FillColor, p.ground.StrokeColor = p.inks.ground, p.inks.line
	p.ground.Refresh()
}

func (p *paper) set(os ...fyne.CanvasObject) {
	p.bare = false
	p.put(os)
}

func (p *paper) put(os []fyne.CanvasObject) {
	kit.Replace(p.body, os)
	p.root.Refresh()
}

func (p *paper) prose(size float32, c color.Color, align fyne.TextAlign, spans ...widgets.Span) *widgets.Prose {
	lead := float32(int(size*1.5 + 0.5))
	return widgets.NewProse(widgets.ProseStyle{Size: size, Lead: lead, Color: c, Align: align}, spans...)
}

// say shows a sentence in place of a message.
func (p *paper) say(s string) {
	p.set(p.prose(14, p.inks.muted, fyne.TextAlignLeading, widgets.Span{Text: s}))
}

// text shows the text part.
func (p *paper) text(s string) {
	p.set(p.prose(14, p.inks.ink, fyne.TextAlignLeading, widgets.Span{Text: s}))
}

// image shows a picture of the whole message.
func (p *paper) image(m picture) {
	p.bare = true
	p.put([]fyne.CanvasObject{newImage(m, 0)})
}

// outline draws the pieces of a message.
func (p *paper) outline(o state.Outline, images map[string]picture, plain bool) {
	var os []fyne.CanvasObject
	for i, b := range o.Blocks {
		if i > 0 {
			os = append(os, gap(above(b, o.Blocks[i-1])))
		}
		os = append(os, p.block(b, images, plain))
	}
	if o.Cut {
		os = append(os, gap(16), p.prose(13, p.inks.muted, fyne.TextAlignLeading, widgets.Span{Text: p.c.T("preview.cut")}))
	}
	p.set(os...)
}

// above is the distance between a block and the one before it.
func above(b, before state.OutlineBlock) float32 {
	switch {
	case b.Kind == state.OutlineHeading:
		return 20
	case b.Kind == state.OutlineItem && before.Kind == state.OutlineItem:
		return 2
	case b.Kind == state.OutlineButton, b.Kind == state.OutlineRule, before.Kind == state.OutlineRule:
		return 16
	}
	return 10
}

func (p *paper) block(b state.OutlineBlock, images map[string]picture, plain bool) fyne.CanvasObject {
	align := fyne.TextAlignLeading
	if b.Center {
		align = fyne.TextAlignCenter
	}
	switch b.Kind {
	case state.OutlineHeading:
		spans := p.spans(b.Spans)
		for i := range spans {
			spans[i].Bold = true
		}
		return p.prose([]float32{26, 26, 22, 19, 17, 15, 14}[min(6, max(1, b.Level))], p.inks.ink, align, spans...)
	case state.OutlineItem:
		mark := p.prose(15, p.inks.muted, fyne.TextAlignLeading, widgets.Span{Text: b.Mark})
		return container.New(item{float32(22 * max(1, b.Level))}, mark, p.prose(15, p.inks.ink, align, p.spans(b.Spans)...))
	case state.OutlineRule:
		line := canvas.NewRectangle(p.inks.line)
		line.SetMinSize(fyne.NewSize(1, 1))
		return line
	case state.OutlineButton:
		return p.button(b)
	case state.OutlineImage:
		if m, ok := images[b.Asset]; ok && !plain {
			return container.New(placed{b.Center}, newImage(m, float32(b.Width)))
		}
		return container.New(placed{b.Center}, p.instead(b))
	}
	return p.prose(15, p.inks.ink, align, p.spans(b.Spans)...)
}

func (p *paper) spans(in []state.OutlineSpan) []widgets.Span {
	out := make([]widgets.Span, len(in))
	for i, s := range in {
		out[i] = widgets.Span{Text: s.Text, Bold: s.Bold, Italic: s.Italic}
		if s.Link != "" {
			out[i].Color, out[i].Underline = p.inks.link, true
		}
	}
	return out
}

// button draws a link that looks like a button.
func (p *paper) button(b state.OutlineBlock) fyne.CanvasObject {
	fill, ink := p.inks.link, p.inks.ground
	if c, ok := rgb(b.Fill); ok {
		fill = c
		// What can be read on it (the luminance of WCAG 2, roughly).
		ink = color.NRGBA{255, 255, 255, 255}
		if 299*int(c.R)+587*int(c.G)+114*int(c.B) > 150_000 {
			ink = color.NRGBA{0x11, 0x14, 0x18, 255}
		}
	}
	ground := canvas.NewRectangle(fill)
	ground.CornerRadius = 6
	var label widgets.Span
	if len(b.Spans) > 0 {
		label = widgets.Span{Text: b.Spans[0].Text, Bold: true}
	}
	words := p.prose(15, ink, fyne.TextAlignCenter, label)
	return container.New(placed{b.Center}, container.New(pressed{}, ground, words))
}

// instead stands in the place of an image that is not shown.
func (p *paper) instead(b state.OutlineBlock) fyne.CanvasObject {
	s := p.c.T("preview.image_none")
	switch {
	case b.Remote && b.Alt != "":
		s = p.c.T("preview.image_remote", "alt", b.Alt)
	case b.Alt != "":
		s = p.c.T("preview.image_off", "alt", b.Alt)
	}
	edge := canvas.NewRectangle(p.inks.ground)
	edge.StrokeColor, edge.StrokeWidth, edge.CornerRadius = p.inks.line, 1, 4
	return container.New(pressed{}, edge, p.prose(13, p.inks.muted, fyne.TextAlignLeading, widgets.Span{Text: s}))
}

// rgb reads "#rrggbb".
func rgb(s string) (color.NRGBA, bool) {
	if len(s) != 7 || s[0] != '#' {
		return color.NRGBA{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 24)
	return color.NRGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}, err == nil
}
