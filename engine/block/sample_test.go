package block_test

import (
	"sendoff/engine/block"
	"sendoff/engine/template"
)

// everything is a document with every block in every form.
func everything(lang string) block.Document {
	d := block.New(lang)
	d.Brand.Name = "Everything & more"
	text := block.Block{Kind: block.Text, Text: "First **bold**, *italic*, ***both*** and [a link](https://a.example/?a=1&b=2).\nA second line.\n\n- one\n- two **2**\n\n1. first\n2. second\n\nAn end, {{ first_name | default: \"friend\" }}."}
	picture := block.Block{Kind: block.Image, Src: "https://a.example/picture.png", Alt: "A picture", PixelW: 800, PixelH: 400}
	in := func(b block.Block, f func(*block.Block)) block.Block { f(&b); return b }
	for _, fill := range []block.Fill{block.FillNone, block.FillTint, block.FillBrand} {
		for level := 1; level <= 3; level++ {
			d.Blocks = append(d.Blocks, block.Block{Kind: block.Heading, Level: level, Text: "A heading of *its* level", Fill: fill, Muted: level == 3})
		}
		d.Blocks = append(d.Blocks,
			in(text, func(b *block.Block) { b.Fill = fill }),
			in(text, func(b *block.Block) { b.Fill, b.Size, b.Muted, b.If = fill, block.SizeSmall, true, `city == "Utrecht"` }),
			in(text, func(b *block.Block) { b.Fill, b.Size, b.Align = fill, block.SizeLarge, block.AlignCenter }),
			block.Block{Kind: block.List, Text: "one\ntwo\n**three**", Fill: fill},
			block.Block{Kind: block.List, Text: "one\ntwo", Ordered: true, Fill: fill},
			in(picture, func(b *block.Block) { b.Fill = fill }),
			in(picture, func(b *block.Block) {
				b.Fill, b.Width, b.Align, b.URL = fill, 200, block.AlignCenter, "https://a.example"
			}),
			in(picture, func(b *block.Block) { b.Fill, b.Bleed = fill, true }),
			block.Block{Kind: block.Button, Text: "Press me", URL: "https://a.example", Fill: fill},
			block.Block{Kind: block.Button, Text: "Press me at the end", URL: "https://a.example", Outline: true, Align: block.AlignEnd, Fill: fill},
			block.Block{Kind: block.Button, Text: "Press me anywhere", URL: "https://a.example", Full: true, Fill: fill},
			block.Block{Kind: block.Divider, Fill: fill}, block.Block{Kind: block.Spacer, Height: 40, Fill: fill},
			block.Block{Kind: block.Columns, Fill: fill, Columns: []block.Column{
				{Blocks: []block.Block{picture, text}}, {Fill: block.FillTint, Blocks: []block.Block{{Kind: block.Heading, Level: 3, Text: "Card"}, text, {Kind: block.Button, Text: "More", URL: "https://a.example"}}}}},
			block.Block{Kind: block.Columns, Fill: fill, Columns: []block.Column{{Share: 2, Blocks: []block.Block{text}}, {Fill: block.FillBrand, Blocks: []block.Block{text}}, {}}},
			block.Block{Kind: block.Social, Fill: fill, Links: []block.Link{{Name: "Instagram", URL: "https://a.example"}, {Name: "Nobody"}}},
		)
	}
	d.Blocks = append(d.Blocks, block.Block{Kind: block.Social, Links: []block.Link{{Name: "LinkedIn", URL: "https://a.example"}}},
		block.Block{Kind: block.Footer, Text: "You get this because.", Address: "Street 1\nTown"})
	return d
}

// letters are documents of every kind, by name.
func letters() map[string]block.Document {
	out := map[string]block.Document{"everything": everything("en"), "right to left": everything("ar")}
	logo := everything("nl")
	logo.Brand.Name, logo.Brand.Logo, logo.Brand.LogoURL, logo.Brand.Radius = "Logo", "https://a.example/logo.png", "https://a.example", 0
	out["logo"] = logo
	for _, id := range template.IDs() {
		for _, lang := range template.Languages() {
			t, err := template.Open(id, lang)
			if err != nil {
				panic(err)
			}
			out[id+"."+lang] = t.Document
		}
	}
	return out
}
