package block

import (
	"html"
	"strconv"
	"strings"
)

// brandRow writes the logo or the name at the head and reports whether there is
// one.
func (p *page) brandRow() bool {
	b, t := p.d.Brand, p.light.Sheet
	if b.Logo == "" && strings.TrimSpace(b.Name) == "" {
		return false
	}
	align := p.align(b.HeadAlign)
	p.w(table, ` width="100%"><tr><td class="so-s so-p" align="`, align, `" style="padding:28px `, px(sidePad), ` 12px;text-align:`, align, `;`,
		font(b.Heading, 20, 26, "bold", t.Ink), `">`)
	link := b.LogoURL != ""
	if link {
		p.w(`<a class="so-i" href="`, p.attr("brand.logo_url", b.LogoURL), `" style="color:`, t.Ink, `;text-decoration:none;">`)
	}
	name := p.prose("brand.name", b.Name)
	if b.Logo == "" {
		p.w(`<span class="so-i" style="color:`, t.Ink, `;">`, name, `</span>`)
	} else {
		w := b.LogoWidth
		if w == 0 {
			w = 140
		}
		p.w(`<img src="`, p.attr("brand.logo", b.Logo), `" alt="`, p.attr("brand.name", b.Name), `" width="`, strconv.Itoa(w),
			`" style="display:inline-block;width:`, px(w), `;max-width:100%;height:auto;border:0;">`)
	}
	if link {
		p.w("</a>")
	}
	p.w("</td></tr></table>\n")
	p.compiles("brand", p.out.String())
	return true
}

func (p *page) heading(here string, b *Block, in place) {
	size, line, class := 34, 40, "so-1"
	switch b.Level {
	case 2:
		size, line, class = 24, 30, ""
	case 3:
		size, line, class = 18, 25, ""
	}
	ink, name := p.ink(b.Muted, in)
	tag := "h" + strconv.Itoa(b.Level)
	p.w("<", tag, ` class="`, strings.TrimSpace(name+" "+class), `" style="margin:0;`, font(p.d.Brand.Heading, size, line, "bold", ink), `">`,
		p.markup(here+".text", strings.TrimSpace(b.Text), in), "</", tag, ">")
}

// ink is the colour of a text and its class.
func (p *page) ink(muted bool, in place) (ink, class string) {
	t, c := p.tones(in.fill), classesOf(in.fill)
	if muted {
		return t.Muted, c.muted
	}
	return t.Ink, c.ink
}

// markup writes one line of marked text, or several.
func (p *page) markup(field, s string, in place) string {
	return p.inliner(in).write(p.tokens(field, s, true), false)
}

func (p *page) inliner(in place) *inliner {
	t, c := p.tones(in.fill), classesOf(in.fill)
	return &inliner{link: func(href, inner string) string {
		return `<a class="` + c.link + `" href="` + href + `" style="color:` + t.Link + `;text-decoration:underline;">` + inner + `</a>`
	}}
}

// size is the font size and the line height of running text.
func size(s Size) (size, line int) {
	switch s {
	case SizeSmall:
		return 14, 22
	case SizeLarge:
		return 19, 30
	}
	return 16, 26
}

func (p *page) text(here string, b *Block, in place) {
	ps := paragraphs(p.tokens(here+".text", strings.TrimSpace(b.Text), true))
	for i, para := range ps {
		p.para(para, b, in, i == len(ps)-1)
	}
}

func (p *page) list(here string, b *Block, in place) {
	l := para{list: 'u'}
	if b.Ordered {
		l.list = 'o'
	}
	for _, line := range lines(p.tokens(here+".text", b.Text, true)) {
		if blankLine(line) {
			continue
		}
		_, rest := bullet(line)
		l.items = append(l.items, rest)
	}
	p.para(l, b, in, true)
}

// para writes a paragraph or a list of a text.
func (p *page) para(para para, b *Block, in place, last bool) {
	n, line := size(b.Size)
	ink, class := p.ink(b.Muted, in)
	style := font(p.d.Brand.Body, n, line, "normal", ink)
	below := 14
	if last {
		below = 0
	}
	w := p.inliner(in)
	if para.list == 0 {
		p.w(`<p class="`, class, `" style="margin:0 0 `, px(below), `;`, style, `">`, w.write(para.items[0], false), `</p>`)
		return
	}
	tag, margin := string(para.list)+"l", "margin:0 0 "+px(below)+" 24px;"
	if p.start == "right" {
		margin = "margin:0 24px " + px(below) + " 0;"
	}
	p.w("<", tag, ` class="`, class, `" style="`, margin, "padding:0;text-align:", p.start, ";", style, `">`)
	for i, item := range para.items {
		gap := 6
		if i == len(para.items)-1 {
			gap = 0
		}
		p.w(`<li class="`, class, `" style="margin:0 0 `, px(gap), `;`, style, `">`, w.write(item, false), `</li>`)
	}
	p.w("</", tag, ">")
}

func (p *page) image(here string, b *Block, in place) {
	room := in.width
	if b.Bleed {
		room = in.width + 2*in.pad
	}
	w := room
	if b.Width > 0 {
		w = min(b.Width, room)
	}
	if b.URL != "" {
		p.w(`<a href="`, p.attr(here+".url", b.URL), `" style="text-decoration:none;">`)
	}
	t, c := p.tones(in.fill), classesOf(in.fill)
	class := c.ink
	if b.Width == 0 && !b.Bleed {
		class += " so-w"
	}
	p.w(`<img class="`, class, `" src="`, p.attr(here+".src", b.Src), `" alt="`, p.attr(here+".alt", b.Alt), `" width="`, strconv.Itoa(w), `"`)
	if b.PixelW > 0 {
		p.w(` height="`, strconv.Itoa(max(1, (w*b.PixelH+b.PixelW/2)/b.PixelW)), `"`)
	}
	p.w(` style="display:inline-block;vertical-align:top;width:100%;max-width:`, px(w), `;height:auto;border:0;`)
	if r := min(p.d.Brand.Radius, 16); r > 0 && !b.Bleed {
		p.w("border-radius:", px(r), ";")
	}
	// What is read in its place.
	p.w(font(p.d.Brand.Body, 14, 22, "normal", t.Ink), `">`)
	if b.URL != "" {
		p.w("</a>")
	}
}

func (p *page) divider(in place) {
	c, t := classesOf(in.fill), p.tones(in.fill)
	p.w(table, ` width="100%"><tr><td class="`, c.rule, `" height="1" style="border-top:1px solid `, t.Rule, `;height:1px;font-size:0;line-height:0;">&nbsp;</td></tr></table>`)
}

// button writes a link that looks like one. The colour is the cell's and
// Outlook's padding as well, as it knows none of a link's: so a label may have
// any length, merge tags included.
func (p *page) button(here string, b *Block, in place) {
	t, c := p.tones(in.fill), classesOf(in.fill)
	back, ink, cell, label := p.light.Button, p.light.ButtonInk, "so-bb", "so-bi"
	if in.fill == FillBrand {
		back, ink, cell, label = t.Ink, t.Back, "so-fb", "so-ft"
	}
	border := back
	if b.Outline {
		back, ink, border, cell, label = "", t.Link, t.Link, c.linkRule, c.link
	}
	r := min(p.d.Brand.Radius, 28)
	width := ""
	if b.Full {
		width = ` width="100%"`
	}
	p.w(table, width, ` align="`, p.align(b.Align), `" style="border-collapse:separate;"><tr><td class="`, cell, `" align="center"`)
	if back != "" {
		p.w(` bgcolor="`, back, `"`)
	}
	p.w(` style="`)
	if back != "" {
		p.w("background-color:", back, ";")
	}
	p.w("border:2px solid ", border, ";border-radius:", px(r), `;mso-padding-alt:12px 28px;">`)
	href := ""
	if b.URL != "" {
		href = ` href="` + p.attr(here+".url", b.URL) + `"`
	}
	p.w(`<a class="`, label, `"`, href, ` style="display:inline-block;padding:12px 26px;`, font(p.d.Brand.Body, 16, 20, "bold", ink), `text-decoration:none;">`,
		p.prose(here+".text", strings.TrimSpace(b.Text)), `</a></td></tr></table>`)
}

// columns writes cells that stand side by side while there is room for them and
// below each other where there is not, with or without media queries; Outlook
// gets a table.
func (p *page) columns(here string, b *Block, in place) {
	all, parts := 0, in.width+gutter
	for _, c := range b.Columns {
		all += max(c.Share, 1)
	}
	p.w(ghost, table, ` width="`, strconv.Itoa(parts), `"><tr>`, unghost)
	for i, c := range b.Columns {
		w := parts * max(c.Share, 1) / all
		if i == len(b.Columns)-1 {
			w = parts
			for _, o := range b.Columns[:i] {
				w -= (in.width + gutter) * max(o.Share, 1) / all
			}
		}
		width := strconv.Itoa(w)
		p.w(ghost, `<td width="`, width, `" valign="top">`, unghost,
			`<div class="so-k" style="display:inline-block;width:100%;max-width:`, width, `px;vertical-align:top;">`)
		p.column(here+".columns["+strconv.Itoa(i)+"].blocks", c, in, w)
		p.w("</div>", ghost, "</td>", unghost)
	}
	p.w(ghost, "</tr></table>", unghost)
}

// column writes one of them; one with a fill is a card.
func (p *page) column(path string, c Column, in place, width int) {
	p.w(table, ` width="100%"><tr><td align="`, p.start, `" style="padding:8px `, px(gutter/2), `;text-align:`, p.start, `;">`)
	inner := place{fill: in.fill, width: width - gutter}
	if c.Fill != FillNone {
		k, t := classesOf(c.Fill), p.tones(c.Fill)
		inner.fill, inner.width = c.Fill, width-gutter-40
		p.w(table, ` width="100%" style="border-collapse:separate;"><tr><td class="`, k.back, `" bgcolor="`, t.Back,
			`" style="background-color:`, t.Back, `;border-radius:`, px(min(p.d.Brand.Radius, 16)), `;padding:12px 20px;">`)
	}
	if len(c.Blocks) == 0 {
		p.w("&nbsp;")
	}
	p.rows(path, 0, c.Blocks, inner, true)
	if c.Fill != FillNone {
		p.w("</td></tr></table>")
	}
	p.w("</td></tr></table>")
}

func (p *page) social(here string, b *Block, in place) {
	t, c := p.tones(in.fill), classesOf(in.fill)
	for i, l := range b.Links {
		field := here + ".links[" + strconv.Itoa(i) + "]"
		href := ""
		if l.URL != "" {
			href = ` href="` + p.attr(field+".url", l.URL) + `"`
		}
		if i > 0 {
			p.w(" ")
		}
		p.w(`<a class="`, strings.TrimSpace(c.link+" "+c.rule), `"`, href, ` style="display:inline-block;margin:0 2px 8px;padding:8px 16px;border:1px solid `, t.Rule, `;border-radius:20px;`,
			font(p.d.Brand.Body, 14, 20, "normal", t.Link), `text-decoration:none;">`, p.prose(field+".name", l.Name), `</a>`)
	}
}

// footer says who writes, and how to end it.
func (p *page) footer(here string, b *Block, in place) {
	ink, class := p.ink(true, in)
	style := font(p.d.Brand.Body, 14, 22, "normal", ink)
	for _, part := range []struct{ field, text string }{{".text", b.Text}, {".address", b.Address}} {
		if s := strings.TrimSpace(part.text); s != "" {
			p.w(`<p class="`, class, `" style="margin:0 0 10px;`, style, `">`, p.markup(here+part.field, s, in), `</p>`)
		}
	}
	label := p.prose(here+".unsubscribe", strings.TrimSpace(b.Unsubscribe))
	if label == "" {
		label = html.EscapeString(unsubscribe(p.d.Language))
	}
	p.w(`<p class="`, class, `" style="margin:0 0 10px;`, style, `"><a class="`, class, `" href="{{ unsubscribe_url }}" style="color:`, ink,
		`;text-decoration:underline;">`, label, `</a></p>`)
}

// unsubscribe is what the link says when nobody said otherwise.
func unsubscribe(lang string) string {
	if lang == "nl" || strings.HasPrefix(lang, "nl-") {
		return "Afmelden"
	}
	return "Unsubscribe"
}
