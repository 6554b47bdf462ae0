package blocks

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/personal"
	"sendoff/app/state"
	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// form is the inputs of a block.
func (q *props) form(b block.Block) []fyne.CanvasObject {
	c := q.p.s.Env().Text
	text := func(b *block.Block) *string { return &b.Text }
	url := func(b *block.Block) *string { return &b.URL }
	os := []fyne.CanvasObject{q.title(b.Kind)}
	add := func(o ...fyne.CanvasObject) { os = append(os, o...) }
	switch b.Kind {
	case block.Heading:
		add(q.personal(q.T("blocks.text"), "text", "", text), choice(q, q.T("blocks.level"), []int{1, 2, 3}, func(n int) string { return c.T("blocks.level." + itoa(n)) },
			func(b *block.Block) int { return b.Level }, func(b *block.Block, n int) { b.Level = n }), q.align(), q.check(q.T("blocks.muted"), func(b *block.Block) *bool { return &b.Muted }))
	case block.Text:
		add(q.rich(q.T("blocks.text"), 9), q.size(), q.align(), q.check(q.T("blocks.muted"), func(b *block.Block) *bool { return &b.Muted }))
	case block.List:
		add(q.rich(q.T("blocks.items"), 7), q.check(q.T("blocks.ordered"), func(b *block.Block) *bool { return &b.Ordered }), q.size())
	case block.Image:
		add(q.picture(b)...)
	case block.Button:
		add(q.personal(q.T("blocks.label"), "text", "", text), q.address(q.T("blocks.url"), "url", url), q.align(),
			q.check(q.T("blocks.outline"), func(b *block.Block) *bool { return &b.Outline }), q.check(q.T("blocks.full"), func(b *block.Block) *bool { return &b.Full }))
	case block.Columns:
		add(q.columns(b)...)
	case block.Spacer:
		add(choice(q, q.T("blocks.height"), []int{8, 16, 24, 32, 48, 64, 96}, func(n int) string { return itoa(n) + " px" },
			func(b *block.Block) int { return b.Height }, func(b *block.Block, n int) { b.Height = n }))
	case block.Social:
		add(q.social(b)...)
	case block.Footer:
		add(q.entry(q.T("blocks.reason"), "text", "", 3, text), q.entry(q.T("blocks.address"), "address", "", 2, func(b *block.Block) *string { return &b.Address }),
			q.entry(q.T("blocks.unsubscribe_label"), "unsubscribe", c.T("blocks.unsubscribe"), 1, func(b *block.Block) *string { return &b.Unsubscribe }))
	}
	if b.Kind != block.Spacer && b.Kind != block.Divider {
		add(widgets.Rule())
	}
	if len(q.path) == 1 {
		add(choice(q, q.T("blocks.fill"), []block.Fill{"", block.FillTint, block.FillBrand}, func(f block.Fill) string { return c.T("blocks.fill." + or(string(f), "none")) },
			func(b *block.Block) block.Fill { return b.Fill }, func(b *block.Block, f block.Fill) { b.Fill = f }))
	}
	if b.Kind != block.Spacer && !b.Bleed {
		add(choice(q, q.T("blocks.space"), []block.Space{block.SpaceTight, "", block.SpaceWide}, func(s block.Space) string { return c.T("blocks.space." + or(string(s), "normal")) },
			func(b *block.Block) block.Space { return b.Space }, func(b *block.Block, s block.Space) { b.Space = s }))
	}
	add(q.condition(b)...)
	return os
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func (q *props) align() fyne.CanvasObject {
	c := q.p.s.Env().Text
	return choice(q, q.T("blocks.align"), []block.Align{"", block.AlignCenter, block.AlignEnd}, func(a block.Align) string { return c.T("blocks.align." + or(string(a), "start")) },
		func(b *block.Block) block.Align { return b.Align }, func(b *block.Block, a block.Align) { b.Align = a })
}

func (q *props) size() fyne.CanvasObject {
	c := q.p.s.Env().Text
	return choice(q, q.T("blocks.size"), []block.Size{block.SizeSmall, "", block.SizeLarge}, func(s block.Size) string { return c.T("blocks.size." + or(string(s), "normal")) },
		func(b *block.Block) block.Size { return b.Size }, func(b *block.Block, s block.Size) { b.Size = s })
}

// rich is a text with a bar of marks above it.
func (q *props) rich(label string, rows int) fyne.CanvasObject {
	c := q.p.s.Env().Text
	o := q.entry("", "text", "", rows, func(b *block.Block) *string { return &b.Text })
	e := q.wrong["text"]
	back := func() { q.p.s.Env().Window.Canvas().Focus(e.Target()) }
	tool := func(i widgets.IconName, tip string, f func()) *kit.Button {
		b := kit.NewIconButton(i, tip, func() { f(); back() })
		b.SetEnabled(q.p.editable)
		return b
	}
	bar := kit.HStack(0, tool(widgets.IconBold, q.T("blocks.bold"), func() { e.Enclose("**", "**") }), tool(widgets.IconItalic, q.T("blocks.italic"), func() { e.Enclose("*", "*") }))
	link := kit.NewIconButton(widgets.IconLink, c.T("blocks.link"), func() { q.link(e) })
	link.SetEnabled(q.p.editable)
	bar.Add(link)
	if q.kind == block.Text {
		bar.Add(tool(widgets.IconBullets, q.T("blocks.bullets"), func() { e.Each(func(_ int, s string) string { return "- " + s }) }))
		bar.Add(tool(widgets.IconNumbers, q.T("blocks.numbers"), func() { e.Each(func(i int, s string) string { return itoa(i+1) + ". " + s }) }))
	}
	menu := personal.NewIcon(q.p.s, personal.Target{Insert: e.Insert, Enclose: e.Enclose, Focus: e.Target})
	menu.SetEnabled(q.p.editable)
	bar.Add(menu)
	return kit.VStack(4, kit.NewText(kit.Note, label), bar, o)
}

// link asks where a link leads.
func (q *props) link(e *kit.Entry) {
	c := q.p.s.Env().Text
	to := kit.NewEntry("https://")
	form := widgets.ShowForm(q.p.s.Env().Window, widgets.FormSpec{Title: c.T("blocks.link"), Content: kit.NewFields(kit.Field{Label: c.T("blocks.url"), Input: to}),
		Save: c.T("blocks.link_insert"), Cancel: c.T("common.cancel"), Focus: to.Target(), OnSave: func(f *widgets.Form) {
			a, ok := block.Address(to.Text())
			if !ok || a == "" {
				f.SetError(c.T("blocks.address_wrong"))
				return
			}
			f.Close()
			before := q.p.doc.At(q.path)
			e.Enclose("[", "]("+a+")")
			// Without a selection the link says its own address.
			if b := q.p.doc.At(q.path); b != nil && before != nil && strings.Contains(b.Text, "[]("+a+")") {
				e.SetText(strings.Replace(b.Text, "[]("+a+")", "["+strings.TrimPrefix(strings.TrimPrefix(a, "https://"), "http://")+"]("+a+")", 1))
			}
			q.p.s.Env().Window.Canvas().Focus(e.Target())
		}})
	to.SetOnReturn(form.Save)
}

// picture is the inputs of an image.
func (q *props) picture(b block.Block) []fyne.CanvasObject {
	c, at := q.p.s.Env().Text, q.path
	choose := kit.NewButton(c.T("blocks.choose_picture"), widgets.IconFolder, state.Outlined, func() {
		q.p.pics.pick(c.T("blocks.choose_picture"), func(a delivery.Asset) {
			q.p.change(at, "", func(b *block.Block) { shows(b, a) })
		})
	})
	choose.SetEnabled(q.p.editable)
	q.remember(choose)
	widths := []int{0, 160, 240, 320, 400}
	if b.Width != 0 && !slices.Contains(widths, b.Width) {
		widths = append(widths, b.Width)
	}
	return []fyne.CanvasObject{choose, kit.NewText(kit.Small, c.T("blocks.drop_picture")).Wrap(),
		q.entry(q.T("blocks.alt"), "alt", c.T("blocks.alt_hint"), 1, func(b *block.Block) *string { return &b.Alt }),
		q.address(q.T("blocks.picture_url"), "url", func(b *block.Block) *string { return &b.URL }),
		choice(q, q.T("blocks.width"), widths, func(n int) string {
			if n == 0 {
				return c.T("blocks.width.full")
			}
			return itoa(n) + " px"
		}, func(b *block.Block) int { return b.Width }, func(b *block.Block, n int) { b.Width = n }),
		q.align(), q.check(q.T("blocks.bleed"), func(b *block.Block) *bool { return &b.Bleed })}
}

// columns is the inputs of columns: how many, how wide, which are cards.
func (q *props) columns(b block.Block) []fyne.CanvasObject {
	c := q.p.s.Env().Text
	os := []fyne.CanvasObject{choice(q, q.T("blocks.columns"), []int{2, 3}, func(n int) string { return itoa(n) },
		func(b *block.Block) int { return len(b.Columns) }, func(b *block.Block, n int) {
			for len(b.Columns) < n {
				b.Columns = append(b.Columns, block.Column{Blocks: []block.Block{}})
			}
			// What stood in the last one goes to the one before it.
			for len(b.Columns) > n {
				k := len(b.Columns) - 1
				b.Columns[k-1].Blocks = append(b.Columns[k-1].Blocks, b.Columns[k].Blocks...)
				b.Columns = b.Columns[:k]
			}
		})}
	if len(b.Columns) == 2 {
		shares := [][2]int{{1, 1}, {2, 1}, {1, 2}, {3, 1}, {1, 3}}
		os = append(os, choice(q, q.T("blocks.shares"), shares, func(s [2]int) string { return itoa(s[0]) + " : " + itoa(s[1]) },
			func(b *block.Block) [2]int { return [2]int{max(1, b.Columns[0].Share), max(1, b.Columns[1].Share)} },
			func(b *block.Block, s [2]int) { b.Columns[0].Share, b.Columns[1].Share = s[0], s[1] }))
	}
	os = append(os, choice(q, q.T("blocks.card"), []block.Fill{"", block.FillTint, block.FillBrand}, func(f block.Fill) string { return c.T("blocks.fill." + or(string(f), "none")) },
		func(b *block.Block) block.Fill { return b.Columns[0].Fill }, func(b *block.Block, f block.Fill) {
			for i := range b.Columns {
				b.Columns[i].Fill = f
			}
		}), kit.NewText(kit.Small, c.T("blocks.columns_note")).Wrap())
	return os
}

// social is a row of inputs for each link.
func (q *props) social(b block.Block) []fyne.CanvasObject {
	c, at := q.p.s.Env().Text, q.path
	var os []fyne.CanvasObject
	for i := range b.Links {
		link := func(b *block.Block) *block.Link {
			if i < len(b.Links) {
				return &b.Links[i]
			}
			return &block.Link{}
		}
		drop := kit.NewIconButton(widgets.IconClose, c.T("blocks.link_remove"), func() {
			q.p.change(at, "", func(b *block.Block) { b.Links = slices.Delete(b.Links, i, i+1) })
		})
		drop.SetEnabled(q.p.editable)
		name := "links[" + itoa(i) + "]"
		os = append(os, kit.VStack(4, kit.PairEnd(q.entry("", name+".name", c.T("blocks.link_name"), 1, func(b *block.Block) *string { return &link(b).Name }), drop),
			q.address("", name+".url", func(b *block.Block) *string { return &link(b).URL })))
	}
	more := kit.NewButton(c.T("blocks.link_add"), kit.IconPlus, state.Outlined, func() {
		q.p.change(at, "", func(b *block.Block) { b.Links = append(b.Links, block.Link{Name: c.T("blocks.link_name")}) })
	})
	more.SetEnabled(q.p.editable && len(b.Links) < block.MaxSocial)
	return append(os, more, q.align())
}
