package template

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"image"
	_ "image/jpeg" // the pictures'
	"strings"

	"sendoff/engine/block"
	"sendoff/engine/delivery"
)

//go:embed pictures/*.jpg
var pictures embed.FS

//go:embed previews/*.jpg
var previews embed.FS

// Names of the templates.
const (
	Newsletter  = "newsletter"
	Offer       = "offer"
	Invitation  = "invitation"
	Welcome     = "welcome"
	Appointment = "appointment"
	Greetings   = "greetings"
)

// IDs lists the templates in the order of a gallery.
func IDs() []string {
	return []string{Newsletter, Offer, Invitation, Welcome, Appointment, Greetings}
}

// Languages lists the languages, the usual one first.
func Languages() []string { return []string{"en", "nl"} }

// Template is a letter to begin with.
type Template struct {
	ID        string
	Subject   string
	Preheader string
	Document  block.Document
	Assets    []Asset // the pictures that Document shows, each once
}

// Asset is a picture. Document calls it block.AssetScheme + Hash.
type Asset struct {
	Name, Type    string
	Hash          string // lower-case hex SHA-256 of Data
	Data          []byte
	Width, Height int // in pixels
}

// Open returns a template in a language, in English when it is neither of
// Languages. The error is of KindNotFound.
func Open(id, lang string) (Template, error) {
	w := &writer{dutch: lang == "nl" || strings.HasPrefix(lang, "nl-")}
	write, ok := map[string]func(*writer){Newsletter: newsletter, Offer: offer, Invitation: invitation,
		Welcome: welcome, Appointment: appointment, Greetings: greetings}[id]
	if !ok {
		return Template{}, &delivery.Error{Op: "template", Kind: delivery.KindNotFound, Field: "template", Detail: id}
	}
	w.t.ID = id
	w.t.Document = block.New(w.say("en", "nl"))
	write(w)
	return w.t, w.err
}

// Preview is a picture of a template, a JPEG of 600 by 800 pixels; nil when
// there is no such template.
func Preview(id, lang string) []byte {
	if lang != "nl" && !strings.HasPrefix(lang, "nl-") {
		lang = "en"
	}
	data, _ := previews.ReadFile("previews/" + id + "." + lang[:2] + ".jpg")
	return data
}

// writer writes one template in one language.
type writer struct {
	dutch bool
	t     Template
	err   error
}

// say chooses a language.
func (w *writer) say(english, dutch string) string {
	if w.dutch {
		return dutch
	}
	return english
}

func (w *writer) add(blocks ...block.Block) {
	w.t.Document.Blocks = append(w.t.Document.Blocks, blocks...)
}

// picture is an image block with one of the drawn pictures.
func (w *writer) picture(name, alt string) block.Block {
	a, err := asset(name)
	if err != nil {
		w.err = err
		return block.Block{Kind: block.Image}
	}
	if !has(w.t.Assets, a.Hash) {
		w.t.Assets = append(w.t.Assets, a)
	}
	return block.Block{Kind: block.Image, Src: block.AssetScheme + a.Hash, Alt: alt, PixelW: a.Width, PixelH: a.Height}
}

func has(assets []Asset, hash string) bool {
	for _, a := range assets {
		if a.Hash == hash {
			return true
		}
	}
	return false
}

func asset(name string) (Asset, error) {
	data, err := pictures.ReadFile("pictures/" + name + ".jpg")
	if err != nil {
		return Asset{}, err
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return Asset{}, err
	}
	sum := sha256.Sum256(data)
	return Asset{Name: name + ".jpg", Type: "image/jpeg", Hash: hex.EncodeToString(sum[:]), Data: data, Width: c.Width, Height: c.Height}, nil
}

// The blocks of the templates, in short.

func heading(level int, text string) block.Block {
	return block.Block{Kind: block.Heading, Level: level, Text: text}
}

func text(s string) block.Block { return block.Block{Kind: block.Text, Text: s} }

func small(s string) block.Block {
	return block.Block{Kind: block.Text, Text: s, Size: block.SizeSmall, Muted: true}
}

func large(s string) block.Block {
	return block.Block{Kind: block.Text, Text: s, Size: block.SizeLarge}
}

func button(label, url string) block.Block {
	return block.Block{Kind: block.Button, Text: label, URL: url}
}

func columns(c ...block.Column) block.Block { return block.Block{Kind: block.Columns, Columns: c} }

func column(blocks ...block.Block) block.Column { return block.Column{Blocks: blocks} }

func card(blocks ...block.Block) block.Column {
	return block.Column{Fill: block.FillTint, Blocks: blocks}
}

func divider() block.Block { return block.Block{Kind: block.Divider} }

// with changes a block.
func with(b block.Block, f func(*block.Block)) block.Block { f(&b); return b }

func centred(b block.Block) block.Block {
	return with(b, func(b *block.Block) { b.Align = block.AlignCenter })
}

func tinted(b block.Block) block.Block {
	return with(b, func(b *block.Block) { b.Fill = block.FillTint })
}

func filled(b block.Block) block.Block {
	return with(b, func(b *block.Block) { b.Fill = block.FillBrand })
}

func tight(b block.Block) block.Block {
	return with(b, func(b *block.Block) { b.Space = block.SpaceTight })
}

func bleed(b block.Block) block.Block { return with(b, func(b *block.Block) { b.Bleed = true }) }

func outline(b block.Block) block.Block { return with(b, func(b *block.Block) { b.Outline = true }) }

// end writes the social links and the footer.
func (w *writer) end(site, reason, address string) {
	w.add(block.Block{Kind: block.Social, Align: block.AlignCenter, Links: []block.Link{
		{Name: "Instagram", URL: site + "/instagram"}, {Name: "LinkedIn", URL: site + "/linkedin"}, {Name: w.say("Website", "Website"), URL: site}}},
		block.Block{Kind: block.Footer, Text: reason, Address: `{{ sender.postal_address | default: "` + address + `" }}`, Unsubscribe: w.say("Unsubscribe", "Afmelden")})
}
