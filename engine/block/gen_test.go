package block

import (
	"strings"

	"pgregory.net/rapid"
)

// words are what texts in generated documents are made of: markup, HTML, Liquid
// that is whole and signs that are not.
var words = []string{"Hello", " ", "\n", "\n\n", "- ", "1. ", "**", "*", "***", "[", "](https://a.example/x?y=1&z)", "](javascript:x)", "](", ")", "\\", "<b>", "</td>", "&", `"`, "'",
	"{{ first_name | default: \"friend\" }}", "{{ city }}", "{% if vip %}", "{% else %}", "{% endif %}", "{% raw %}<i>{{{% endraw %}", "{% comment %}-->{% endcomment %}",
	"{", "}", "-->", "<!--", "é", "مرحبا", "🌷", "]]>", "<script>"}

func text() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 14).Draw(t, "words"), "")
		if _, err := tokens(s, true); err != nil {
			// Broken Liquid is refused, which another test looks at.
			return strings.NewReplacer("{%", "(", "{{", "(").Replace(s)
		}
		return s
	})
}

func url() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"", "https://a.example/?a=1&b={{ id | url_encode }}", "{{ shop_url | default: 'https://a.example' }}", "mailto:a@b.example", "HTTPS://X.example/\"'<>"})
}

func anyBlock(inColumn bool) *rapid.Generator[Block] {
	return rapid.Custom(func(t *rapid.T) Block {
		kinds := Kinds()
		if inColumn {
			kinds = []Kind{Heading, Text, List, Image, Button, Divider, Spacer, Social}
		}
		b := Block{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		b.If = rapid.SampledFrom([]string{"", "", "", `city == "Utrecht"`, "age > 18 and vip"}).Draw(t, "if")
		b.Space = rapid.SampledFrom([]Space{"", SpaceTight, SpaceWide}).Draw(t, "space")
		if !inColumn {
			b.Fill = rapid.SampledFrom([]Fill{"", FillTint, FillBrand}).Draw(t, "fill")
		}
		for _, f := range fields() {
			if !has(f.kinds, b.Kind) {
				continue
			}
			switch f.name {
			case "align":
				b.Align = rapid.SampledFrom([]Align{"", AlignCenter, AlignEnd}).Draw(t, f.name)
			case "text":
				b.Text = text().Draw(t, f.name)
			case "level":
				b.Level = rapid.IntRange(1, 3).Draw(t, f.name)
			case "size":
				b.Size = rapid.SampledFrom([]Size{"", SizeSmall, SizeLarge}).Draw(t, f.name)
			case "muted":
				b.Muted = rapid.Bool().Draw(t, f.name)
			case "ordered":
				b.Ordered = rapid.Bool().Draw(t, f.name)
			case "url":
				b.URL = url().Draw(t, f.name)
			case "src":
				b.Src = rapid.SampledFrom([]string{"", "https://a.example/a.png", AssetScheme + strings.Repeat("0f", 32)}).Draw(t, f.name)
			case "alt":
				b.Alt = text().Draw(t, f.name)
			case "width":
				b.Width = rapid.IntRange(0, 700).Draw(t, f.name)
			case "px_w":
				if rapid.Bool().Draw(t, f.name) {
					b.PixelW, b.PixelH = rapid.IntRange(1, 20_000).Draw(t, "w"), rapid.IntRange(1, 20_000).Draw(t, "h")
				}
			case "bleed":
				b.Bleed = rapid.Bool().Draw(t, f.name)
			case "height":
				b.Height = rapid.IntRange(4, 120).Draw(t, f.name)
			case "outline":
				b.Outline, b.Full = rapid.Bool().Draw(t, f.name), rapid.Bool().Draw(t, "full")
			case "columns":
				for range rapid.IntRange(2, MaxColumns).Draw(t, f.name) {
					b.Columns = append(b.Columns, Column{Share: rapid.IntRange(0, 4).Draw(t, "share"),
						Fill:   rapid.SampledFrom([]Fill{"", FillTint, FillBrand}).Draw(t, "fill"),
						Blocks: rapid.SliceOfN(anyBlock(true), 0, 3).Draw(t, "column")})
				}
			case "links":
				for range rapid.IntRange(0, 3).Draw(t, f.name) {
					b.Links = append(b.Links, Link{text().Draw(t, "name"), url().Draw(t, "url")})
				}
			case "address":
				b.Address = text().Draw(t, f.name)
			case "unsubscribe":
				b.Unsubscribe = text().Draw(t, f.name)
			}
		}
		if len(b.Unsubscribe) > 200 {
			b.Unsubscribe = ""
		}
		for i := range b.Links {
			if len(b.Links[i].Name) > 100 {
				b.Links[i].Name = "x"
			}
		}
		return b
	})
}

func anyColor() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		c := rapid.SliceOfN(rapid.Float64Range(0, 1), 3, 3).Draw(t, "rgb")
		return color{c[0], c[1], c[2]}.String()
	})
}

func anyDocument() *rapid.Generator[Document] {
	return rapid.Custom(func(t *rapid.T) Document {
		d := New(rapid.SampledFrom([]string{"en", "nl", "ar", "nl-BE"}).Draw(t, "language"))
		d.Title = text().Draw(t, "title")
		d.Brand = Brand{Name: text().Draw(t, "name"), Logo: rapid.SampledFrom([]string{"", "https://a.example/l.png"}).Draw(t, "logo"), LogoURL: url().Draw(t, "logo_url"),
			Color: anyColor().Draw(t, "color"), Tint: anyColor().Draw(t, "tint"), Text: anyColor().Draw(t, "text"), Sheet: anyColor().Draw(t, "sheet"), Ground: anyColor().Draw(t, "ground"),
			Heading: rapid.SampledFrom(Fonts()).Draw(t, "heading"), Body: rapid.SampledFrom(Fonts()).Draw(t, "body"),
			Radius: rapid.IntRange(0, 32).Draw(t, "radius"), Width: rapid.IntRange(480, 700).Draw(t, "width")}
		if len(d.Brand.Name) > 200 {
			d.Brand.Name = ""
		}
		d.Blocks = rapid.SliceOfN(anyBlock(false), 0, 8).Draw(t, "blocks")
		return d
	})
}
