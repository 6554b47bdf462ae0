package block

import (
	"fmt"
	"strconv"
	"strings"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// place is where a block stands.
type place struct {
	fill  Fill
	pad   int    // left and right, in pixels
	class string // of its cell, on phones
	width int    // in between, in pixels
}

func (p *page) sheet(int) place { return place{pad: sidePad, class: "so-p", width: p.inner()} }

// rows writes blocks, each as a table of its own, so that Liquid stands between
// tables and not in one. first is the number of the first; top says that
// something of the same ground stands above it.
func (p *page) rows(path string, first int, blocks []Block, in place, top bool) {
	for i := range blocks {
		b := &blocks[i]
		here := path + "[" + strconv.Itoa(first+i) + "]"
		if p.absent(b) {
			continue
		}
		where := in
		if b.Fill != FillNone {
			where.fill = b.Fill
		}
		above, below := Spacing(blocks, i, in.class == "", top)
		start := p.out.Len()
		p.starts = append(p.starts, begun{start, here})
		p.condition(here, b.If)
		p.block(here, b, where, above, below)
		if b.If != "" {
			p.w("{% endif %}\n")
		}
		p.compiles(here, p.out.String()[start:])
		if p.err != nil {
			return
		}
	}
}

// condition opens the condition of a block.
func (p *page) condition(here, condition string) {
	if condition == "" {
		return
	}
	open := "{% if " + condition + " %}"
	pieces, err := message.Pieces(open + "{% endif %}")
	if err != nil {
		p.fail(at(err, here+".if"))
		return
	}
	if len(pieces) != 2 {
		p.fail(&delivery.Error{Op: "design", Kind: delivery.KindTemplate, Field: here + ".if", Line: 1, Column: 1, Detail: "condition"})
		return
	}
	p.w(open, "\n")
}

// compiles looks for what is fine as Liquid and cannot stand where it stands,
// such as a value in the place of a link's scheme.
func (p *page) compiles(here, markup string) {
	if p.err != nil || !strings.Contains(markup, "{{") {
		return
	}
	if err := message.Markup(markup); err != nil {
		detail := ""
		if e, ok := err.(*delivery.Error); ok {
			detail = e.Detail
		}
		p.fail(&delivery.Error{Op: "design", Kind: delivery.KindTemplate, Field: here, Detail: detail})
	}
}

// absent reports whether there is nothing to show of a block yet.
func (p *page) absent(b *Block) bool {
	switch b.Kind {
	case Heading, Text, List, Button:
		return strings.TrimSpace(b.Text) == ""
	case Image:
		return b.Src == ""
	case Social:
		return len(b.Links) == 0
	}
	return false
}

// Spacing is what stands above and below the ith of some blocks, in pixels. top
// says that something of the same ground stands above the first.
func Spacing(blocks []Block, i int, inColumn, top bool) (above, below int) {
	b := &blocks[i]
	above, below = room(b)
	if inColumn {
		return above, below
	}
	// Room where the ground changes, so that no text touches the edge.
	if i == 0 && !top || i > 0 && blocks[i-1].Fill != b.Fill {
		above += 20
	}
	if i == len(blocks)-1 || blocks[i+1].Fill != b.Fill {
		below += 20
	}
	if !b.Bleed && i > 0 && blocks[i-1].Bleed {
		above += 12
	}
	if !b.Bleed && i < len(blocks)-1 && blocks[i+1].Bleed {
		below += 12
	}
	return above, below
}

// room is what stands above and below a block, in pixels.
func room(b *Block) (above, below int) {
	switch b.Kind {
	case Heading:
		above, below = 20, 8
		switch b.Level {
		case 1:
			above, below = 22, 12
		case 3:
			above, below = 12, 4
		}
	case Text, List:
		above, below = 6, 12
	case Image:
		if b.Bleed {
			return 0, 0
		}
		above, below = 12, 12
	case Button:
		above, below = 12, 16
	case Columns:
		above, below = 8, 8
	case Divider:
		above, below = 16, 16
	case Social, Footer:
		above, below = 20, 12
	case Spacer:
		return 0, 0
	}
	switch b.Space {
	case SpaceTight:
		above, below = above/3, below/3
	case SpaceWide:
		above, below = above+20, below+20
	}
	return above, below
}

// block writes one block.
func (p *page) block(here string, b *Block, in place, above, below int) {
	c, t := classesOf(in.fill), p.tones(in.fill)
	pad, class := in.pad, in.class
	if b.Bleed {
		pad, class = 0, ""
	}
	if b.Kind == Columns && pad > 0 {
		pad, class = pad-gutter/2, "so-q"
	}
	align := p.align(b.Align)
	if b.Kind == Footer || b.Kind == Social && in.fill == around {
		align = "center"
	}
	p.w(table, ` width="100%"><tr><td class="`, strings.TrimSpace(c.back+" "+class), `" align="`, align, `"`)
	if in.fill != FillNone && in.fill != around {
		p.w(` bgcolor="`, t.Back, `"`)
	}
	p.w(` style="padding:`, box(above, pad, below), ";")
	if in.fill != FillNone && in.fill != around {
		p.w("background-color:", t.Back, ";")
	}
	p.w("text-align:", align, ";")
	if b.Kind == Columns || b.Kind == Image {
		p.w("font-size:0;line-height:0;")
	}
	p.w(`">`)
	p.inside(here, b, in)
	p.w("</td></tr></table>\n")
}

// inside writes what a block says.
func (p *page) inside(here string, b *Block, in place) {
	switch b.Kind {
	case Heading:
		p.heading(here, b, in)
	case Text:
		p.text(here, b, in)
	case List:
		p.list(here, b, in)
	case Image:
		p.image(here, b, in)
	case Button:
		p.button(here, b, in)
	case Columns:
		p.columns(here, b, in)
	case Divider:
		p.divider(in)
	case Spacer:
		h := px(b.Height)
		p.w(table, ` width="100%"><tr><td height="`, strconv.Itoa(b.Height), `" style="height:`, h, `;line-height:`, h, `;font-size:1px;">&nbsp;</td></tr></table>`)
	case Social:
		p.social(here, b, in)
	case Footer:
		p.footer(here, b, in)
	}
}

// align is an alignment as HTML has it.
func (p *page) align(a Align) string {
	switch a {
	case AlignCenter:
		return "center"
	case AlignEnd:
		return p.end
	}
	return p.start
}

func box(above, side, below int) string { return px(above) + " " + px(side) + " " + px(below) }

// font is the style of a text.
func font(f Font, size, line int, weight string, ink string) string {
	return fmt.Sprintf("font-family:%s;font-size:%dpx;line-height:%dpx;font-weight:%s;color:%s;", stack(f), size, line, weight, ink)
}
