package blocks

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// scheme is five colours that go together.
type scheme struct{ name, color, tint, text, sheet, ground string }

// schemes are those to begin with.
func schemes() []scheme {
	return []scheme{
		{"blue", "#2563EB", "#EFF4FE", "#1F2937", "#FFFFFF", "#F3F4F6"},
		{"forest", "#23703F", "#EDF6EF", "#1F2E25", "#FFFFFF", "#E4F0E6"},
		{"plum", "#6B3F69", "#F8F1F4", "#2B2338", "#FFFFFF", "#EFE8EE"},
		{"brick", "#B83E26", "#FBF1E7", "#33231C", "#FFFFFF", "#F6EADD"},
		{"navy", "#16233F", "#FBF1E0", "#16233F", "#FFFFFF", "#F3E7D3"},
		{"teal", "#0F766E", "#ECF6F5", "#1C2B2A", "#FFFFFF", "#E3EFEE"},
		{"rose", "#BE185D", "#FDF0F5", "#33202A", "#FFFFFF", "#F7E8EE"},
		{"ink", "#111827", "#F3F4F6", "#111827", "#FFFFFF", "#E9EAEC"},
	}
}

// brandForm is the inputs of the brand.
func (q *props) brandForm() []fyne.CanvasObject {
	c, p := q.p.s.Env().Text, q.p
	set := func(kind string, f func(*block.Brand)) {
		p.edit("blocks.brand."+kind, func(d *block.Document) { f(&d.Brand) })
	}
	name := kit.NewEntry("")
	name.SetEnabled(p.editable)
	name.SetOnChanged(func(s string) { set("name", func(b *block.Brand) { b.Name = s }) })
	name.SetOnUndo(q.undo)
	name.SetOnEscape(q.p.letter.focus)
	q.remember(name.Target())
	q.brand = append(q.brand, func(b *block.Brand) { name.SetText(b.Name) })

	logo := kit.NewButton(c.T("blocks.logo_choose"), widgets.IconFolder, state.Outlined, func() {
		p.pics.pick(c.T("blocks.logo_choose"), func(a delivery.Asset) {
			set("", func(b *block.Brand) { b.Logo, b.LogoWidth = block.AssetScheme+a.Hash, min(a.Width, 160) })
		})
	})
	noLogo := kit.NewButton(c.T("blocks.logo_remove"), kit.IconNone, state.QuietButton, func() { set("", func(b *block.Brand) { b.Logo, b.LogoWidth = "", 0 }) })
	logo.SetEnabled(p.editable)
	q.brand = append(q.brand, func(b *block.Brand) { kit.Show(noLogo, b.Logo != "" && p.editable) })

	os := []fyne.CanvasObject{kit.NewText(kit.Heading, c.T("blocks.brand")), kit.NewText(kit.Small, c.T("blocks.brand_note")).Wrap(),
		q.labelled(q.T("blocks.brand_name"), name), kit.VStack(6, logo, noLogo), q.palettes(set)}
	for _, k := range []struct {
		name string
		of   func(*block.Brand) *string
	}{{"color", func(b *block.Brand) *string { return &b.Color }}, {"tint", func(b *block.Brand) *string { return &b.Tint }}, {"text", func(b *block.Brand) *string { return &b.Text }},
		{"sheet", func(b *block.Brand) *string { return &b.Sheet }}, {"ground", func(b *block.Brand) *string { return &b.Ground }}} {
		os = append(os, q.color(k.name, k.of, set))
	}
	fonts := block.Fonts()
	words := make([]string, len(fonts))
	for i, f := range fonts {
		words[i] = c.T("blocks.font." + string(f))
	}
	menu := func(label string, names []string, index func(*block.Brand) int, pick func(*block.Brand, int)) {
		s := widgets.NewSelect(names, "", func(i int) { set("", func(b *block.Brand) { pick(b, i) }) })
		s.SetEnabled(p.editable)
		q.brand = append(q.brand, func(b *block.Brand) { s.SetSelected(index(b)) })
		os = append(os, q.labelled(label, s))
	}
	menu(q.T("blocks.font_heading"), words, func(b *block.Brand) int { return slices.Index(fonts, b.Heading) }, func(b *block.Brand, i int) { b.Heading = fonts[i] })
	menu(q.T("blocks.font_body"), words, func(b *block.Brand) int { return slices.Index(fonts, b.Body) }, func(b *block.Brand, i int) { b.Body = fonts[i] })
	radii := []int{0, 4, 8, 10, 12, 14, 16, 18, 24}
	var round []string
	for _, r := range radii {
		round = append(round, itoa(r)+" px")
	}
	menu(q.T("blocks.radius"), round, func(b *block.Brand) int { return slices.Index(radii, b.Radius) }, func(b *block.Brand, i int) { b.Radius = radii[i] })
	aligns := []block.Align{"", block.AlignCenter, block.AlignEnd}
	menu(q.T("blocks.head_align"), []string{c.T("blocks.align.start"), c.T("blocks.align.center"), c.T("blocks.align.end")},
		func(b *block.Brand) int { return slices.Index(aligns, b.HeadAlign) }, func(b *block.Brand, i int) { b.HeadAlign = aligns[i] })
	return os
}

// palettes is a row of colours that go together.
func (q *props) palettes(set func(string, func(*block.Brand))) fyne.CanvasObject {
	c := q.p.s.Env().Text
	row := kit.HStack(0)
	for i, k := range schemes() {
		s := widgets.NewSwatch(c.T("blocks.scheme."+k.name), func() {
			set("", func(b *block.Brand) {
				b.Color, b.Tint, b.Text, b.Sheet, b.Ground = k.color, k.tint, k.text, k.sheet, k.ground
			})
		}, rgb(k.color), rgb(k.ground))
		q.brand = append(q.brand, func(b *block.Brand) { s.SetChosen(b.Color == k.color && b.Ground == k.ground) })
		row.Add(s)
		_ = i
	}
	return q.labelled(q.T("blocks.schemes"), row)
}

// color is an input for one colour.
func (q *props) color(name string, of func(*block.Brand) *string, set func(string, func(*block.Brand))) fyne.CanvasObject {
	c := q.p.s.Env().Text
	e := kit.NewEntry("#RRGGBB")
	swatch := widgets.NewSwatch("", func() { q.p.s.Env().Window.Canvas().Focus(e.Target()) }, color.Color(color.White))
	e.SetEnabled(q.p.editable)
	e.SetOnChanged(func(s string) {
		v, ok := block.Color(s)
		if !ok {
			e.SetError(c.T("blocks.color_wrong"))
			return
		}
		e.SetError("")
		set(name, func(b *block.Brand) { *of(b) = v })
	})
	e.SetOnUndo(q.undo)
	e.SetOnEscape(q.p.letter.focus)
	q.brand = append(q.brand, func(b *block.Brand) {
		swatch.SetColors(rgb(*of(b)))
		if v, ok := block.Color(e.Text()); ok && v == *of(b) || !ok && q.p.s.Env().Window.Canvas().Focused() == e.Target() {
			return
		}
		e.SetText(*of(b))
		e.SetError("")
	})
	return q.labelled(q.T("blocks.color."+name), kit.Pair(swatch, e))
}
