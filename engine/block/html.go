package block

import (
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// Clip is where Gmail cuts a letter off, in bytes of HTML.
const Clip = 102 << 10

// HTML writes the document as mail programs show it. A picture that is stored
// keeps its address "asset:HASH". The error is of KindInvalid, as Check's; of
// KindTemplate, for Liquid that is broken, with the field, its line and column;
// or of KindTooLarge.
func HTML(d Document) (string, error) {
	p, err := write(d)
	if err != nil {
		return "", err
	}
	return p.out.String(), nil
}

// Where names the block from which a place of the HTML was made, such as
// "blocks[2].columns[0].blocks[1]"; empty when it is of none, or the document has
// no HTML. Line and column count from 1, columns in characters.
func Where(d Document, line, column int) string {
	p, err := write(d)
	if err != nil {
		return ""
	}
	off := 0
	for l := range strings.Lines(p.out.String()) {
		if line--; line == 0 {
			for i := range l {
				if column--; column == 0 {
					off += i
					break
				}
			}
			break
		}
		off += len(l)
	}
	field := ""
	for _, s := range p.starts {
		if s.offset <= off {
			field = s.field
		}
	}
	return field
}

// write makes the HTML.
func write(d Document) (*page, error) {
	if err := Check(d); err != nil {
		return nil, err
	}
	p := newPage(d)
	main, tail := Split(d.Blocks)
	p.head()
	p.rows("blocks", 0, main, p.sheet(len(main)), p.brandRow())
	p.middle()
	p.rows("blocks", len(main), tail, place{fill: around, pad: sidePad, width: p.inner()}, false)
	p.foot()
	if p.err != nil {
		return nil, p.err
	}
	if p.out.Len() > message.MaxSource {
		return nil, &delivery.Error{Op: "design", Kind: delivery.KindTooLarge, Detail: strconv.Itoa(p.out.Len())}
	}
	return p, nil
}

// Split tells what stands on the sheet from the social links and footers below
// it.
func Split(blocks []Block) (main, tail []Block) {
	n := len(blocks)
	for n > 0 && blocks[n-1].Fill == FillNone && (blocks[n-1].Kind == Footer || blocks[n-1].Kind == Social && n < len(blocks)) {
		n--
	}
	return blocks[:n], blocks[n:]
}

// Measures, in pixels.
const (
	sidePad = 32 // left and right of a block
	gutter  = 24 // between columns
)

// around is the ground around the sheet, as a fill.
const around Fill = "around"

// page is a letter that is being written.
type page struct {
	d          Document
	light      Scheme
	start, end string // left and right, where the language begins and ends
	out        strings.Builder
	err        error
	starts     []begun
}

// begun is where a block begins in the HTML.
type begun struct {
	offset int
	field  string
}

func newPage(d Document) *page {
	p := &page{d: d, light: d.Brand.Scheme(false), start: "left", end: "right"}
	if rightToLeft(d.Language) {
		p.start, p.end = "right", "left"
	}
	return p
}

// rightToLeft reports whether a language is written so.
func rightToLeft(tag string) bool {
	t, err := language.Parse(tag)
	if err != nil {
		return false
	}
	script, _ := t.Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm":
		return true
	}
	return false
}

func (p *page) inner() int { return p.d.Brand.Width - 2*sidePad }

// tones are the colours on a fill by day.
func (p *page) tones(f Fill) Tones {
	if f == around {
		return p.light.Around
	}
	return p.light.On(f)
}

func (p *page) w(parts ...string) {
	for _, s := range parts {
		p.out.WriteString(s)
	}
}

// fail keeps the first error.
func (p *page) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// tokens reads a text of a block.
func (p *page) tokens(field, s string, marks bool) []tok {
	ts, err := tokens(s, marks)
	if err != nil {
		p.fail(at(err, field))
	}
	return ts
}

// at says where an error of engine/message is.
func at(err error, field string) error {
	if e, ok := err.(*delivery.Error); ok {
		e.Op, e.Field = "design", field
	}
	return err
}

// attr escapes a text for an attribute.
func (p *page) attr(field, s string) string { return escape(p.tokens(field, s, false), " ") }

// prose escapes a text and keeps its line breaks.
func (p *page) prose(field, s string) string { return escape(p.tokens(field, s, false), "<br>") }

// title is what the window of a reader is called.
func (p *page) title() string {
	if p.d.Title != "" {
		return p.attr("title", p.d.Title)
	}
	for i, b := range p.d.Blocks {
		if b.Kind == Heading && strings.TrimSpace(b.Text) != "" {
			ts := p.tokens("blocks["+strconv.Itoa(i)+"].text", b.Text, true)
			said := ts[:0]
			for _, t := range ts {
				if t.kind != '*' && t.kind != '2' {
					said = append(said, t)
				}
			}
			return escape(said, " ")
		}
	}
	if p.d.Brand.Name != "" {
		return p.attr("brand.name", p.d.Brand.Name)
	}
	return "E-mail"
}

const (
	table   = `<table role="presentation" cellpadding="0" cellspacing="0" border="0"`
	ghost   = `<!--[if mso]>`
	unghost = `<![endif]-->`
)

// head writes all that comes before the first block.
func (p *page) head() {
	dir := "ltr"
	if p.start == "right" {
		dir = "rtl"
	}
	lang, width, t := p.d.Language, strconv.Itoa(p.d.Brand.Width), p.light
	p.w(`<!DOCTYPE html>
<html lang="`, lang, `" dir="`, dir, `" xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="x-apple-disable-message-reformatting">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>`, p.title(), `</title>
<!--[if mso]><xml><o:OfficeDocumentSettings><o:AllowPNG/><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml>
<style>table{border-collapse:collapse}td,p,a,li,h1,h2,h3{font-family:`, outlook(p.d.Brand.Body), ` !important;mso-line-height-rule:exactly}h1,h2,h3{font-family:`, outlook(p.d.Brand.Heading), ` !important}</style><![endif]-->
`)
	p.styles()
	p.w(`</head>
<body class="so-g" style="margin:0;padding:0;width:100%;background-color:`, t.Around.Back, `;-webkit-text-size-adjust:100%;">
<div role="article" lang="`, lang, `" dir="`, dir, `">
`, table, ` width="100%" class="so-g" bgcolor="`, t.Around.Back, `" style="background-color:`, t.Around.Back, `;"><tr><td class="so-o" align="center" style="padding:24px 12px;">
`, ghost, table, ` width="`, width, `" align="center"><tr><td>`, unghost, `
`, table, ` width="100%" style="max-width:`, width, `px;margin:0 auto;"><tr><td class="so-s so-c" bgcolor="`, t.Sheet.Back,
		`" style="background-color:`, t.Sheet.Back, `;border-radius:`, px(p.d.Brand.Radius), `;overflow:hidden;">
`)
}

// middle ends the sheet.
func (p *page) middle() { p.w("</td></tr><tr><td>\n") }

func (p *page) foot() {
	p.w(`</td></tr></table>
`, ghost, `</td></tr></table>`, unghost, `
</td></tr></table>
</div>
</body>
</html>
`)
}

func px(n int) string {
	if n == 0 {
		return "0"
	}
	return strconv.Itoa(n) + "px"
}

// outlook is the one family that Outlook is told, as it gives up at the first
// that it does not know.
func outlook(f Font) string {
	switch f {
	case FontSerif:
		return "Georgia,serif"
	case FontBook:
		return "'Palatino Linotype',serif"
	case FontMono:
		return "'Courier New',monospace"
	case FontGeometric:
		return "'Century Gothic',sans-serif"
	case FontHumanist:
		return "'Segoe UI',sans-serif"
	}
	return "Arial,sans-serif"
}
