package blocks

import (
	"image"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/engine/block"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

func (a *artist) image(b block.Block, t block.Tones) fyne.CanvasObject {
	if b.Src == "" {
		c := a.l.p.s.Env().Text
		hint := kit.VStack(6, container.NewCenter(widgets.NewIcon(widgets.IconImage, 22, look.Muted)),
			a.prose([]block.Span{{Text: c.T("blocks.hint.image")}}, a.brand.Body, 14, 22, false, t, t.Muted, block.AlignCenter))
		r := canvas.NewRectangle(faint(t.Muted, 28))
		r.CornerRadius = float32(min(a.brand.Radius, 16))
		return container.New(stacked{}, r, widgets.Inset(widgets.Pad(28, 16), hint))
	}
	w, h := float32(b.PixelW), float32(b.PixelH)
	if m := a.pics.of(b.Src); m != nil {
		w, h = float32(m.Bounds().Dx()), float32(m.Bounds().Dy())
	}
	if w == 0 || h == 0 {
		w, h = 3, 2
	}
	r := float32(min(a.brand.Radius, 16))
	if b.Bleed {
		r = 0
	}
	return container.New(pictured{most: float32(b.Width), ratio: h / w, align: a.align(b.Align)}, a.shown(b.Src, b.Alt, 0, 0, r, t))
}

// shown is a picture, or its alternative text where there is none to show.
func (a *artist) shown(src, alt string, w, h, radius float32, t block.Tones) fyne.CanvasObject {
	var m image.Image = a.pics.of(src)
	if m == nil {
		r := canvas.NewRectangle(faint(t.Muted, 28))
		r.CornerRadius = radius
		return container.NewStack(r, container.NewCenter(widgets.NewText(alt, widgets.Caption()).Trim()))
	}
	o := canvas.NewImageFromImage(m)
	o.FillMode = canvas.ImageFillStretch
	o.ScaleMode = canvas.ImageScaleSmooth
	o.CornerRadius = radius
	return o
}

func (a *artist) button(b block.Block, t block.Tones) fyne.CanvasObject {
	back, ink := color.Color(rgb(a.scheme.Button)), a.scheme.ButtonInk
	line := back
	if t == a.scheme.Fill {
		back, line, ink = rgb(t.Ink), rgb(t.Ink), t.Back
	}
	if b.Outline {
		back, line, ink = color.Transparent, rgb(t.Link), t.Link
	}
	label := a.prose(a.or(block.Plain(b.Text), b), a.brand.Body, 16, 20, true, t, ink, block.AlignCenter)
	return pill(label, back, line, 2, float32(min(a.brand.Radius, 28)), 28, 14, b.Full, a.align(b.Align))
}

func (a *artist) social(b block.Block, t block.Tones, around bool) fyne.CanvasObject {
	align := a.align(b.Align)
	if around {
		align = fyne.TextAlignCenter
	}
	row := container.New(flow{align: align, gap: 6})
	for _, l := range b.Links {
		label := a.prose(block.Plain(l.Name), a.brand.Body, 14, 20, false, t, t.Link, block.AlignCenter)
		row.Add(pill(label, color.Transparent, rgb(t.Rule), 1, 19, 16, 9, false, fyne.TextAlignLeading))
	}
	if len(b.Links) == 0 {
		return a.prose(a.or(nil, b), a.brand.Body, 14, 22, false, t, t.Muted, b.Align)
	}
	return row
}

func (a *artist) footer(b block.Block, t block.Tones) fyne.CanvasObject {
	c := a.l.p.s.Env().Text
	column := kit.VStack(10)
	for _, s := range []string{b.Text, b.Address} {
		if strings.TrimSpace(s) != "" {
			column.Add(a.prose(block.Line(s), a.brand.Body, 14, 22, false, t, t.Ink, block.AlignCenter))
		}
	}
	label := b.Unsubscribe
	if label == "" {
		label = c.T("blocks.unsubscribe")
	}
	column.Add(a.prose([]block.Span{{Text: label, Link: "x"}}, a.brand.Body, 14, 22, false, t, t.Ink, block.AlignCenter))
	return column
}

// columns draws them side by side, on a phone below each other.
func (a *artist) columns(at block.Path, b block.Block, t block.Tones) (fyne.CanvasObject, []*framed) {
	c := a.l.p.s.Env().Text
	var frames []*framed
	row := container.New(sideBySide{b.Columns, a.phone})
	for j, k := range b.Columns {
		in := t
		if k.Fill != block.FillNone {
			in = a.scheme.On(k.Fill)
		}
		stack := kit.VStack(0)
		for n, x := range k.Blocks {
			above, below := block.Spacing(k.Blocks, n, true, true)
			f := a.frame(block.Path{at[0], j, n}, x, color.Transparent, widgets.Insets{Top: float32(above), Bottom: float32(below)}, a.draw(x, in, false))
			stack.Add(f.frame)
			frames = append(frames, f)
		}
		if len(k.Blocks) == 0 {
			path := block.Path{at[0], j, 0}
			hint := a.prose([]block.Span{{Text: c.T("blocks.empty_column")}}, a.brand.Body, 14, 22, false, in, in.Muted, block.AlignCenter)
			f := &framed{path, widgets.NewFrame(c.T("blocks.empty_column"), faint(in.Muted, 24), 8, widgets.Pad(20, 8), hint)}
			f.frame.OnTap = func() { a.l.p.choose(path); a.l.focus() }
			stack.Add(f.frame)
			frames = append(frames, f)
		}
		var o fyne.CanvasObject = stack
		if k.Fill != block.FillNone {
			r := canvas.NewRectangle(rgb(in.Back))
			r.CornerRadius = float32(min(a.brand.Radius, 16))
			o = container.New(stacked{}, r, widgets.Inset(widgets.Pad(12, 20), stack))
		}
		row.Add(widgets.Inset(widgets.Pad(8, 12), o))
	}
	return row, frames
}
