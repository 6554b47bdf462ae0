package blocks

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/widgets"
)

// palette is what can be added.
type palette struct {
	p     *Pane
	root  fyne.CanvasObject
	tiles []*widgets.Tile
	kinds []block.Kind
}

func newPalette(p *Pane) *palette {
	c := p.s.Env().Text
	l := &palette{p: p, kinds: block.Kinds()}
	grid := container.New(twoByTwo{})
	for _, k := range l.kinds {
		t := widgets.NewTile(c.T("blocks.kind."+string(k)), icon(k), func() { p.add(k) })
		l.tiles = append(l.tiles, t)
		grid.Add(t)
	}
	l.root = kit.NewScroll(widgets.Inset(widgets.Insets{Top: 4, Right: 4, Bottom: 8, Left: 4}, kit.VStack(8, kit.NewText(kit.Note, c.T("blocks.add")), grid)))
	return l
}

func (l *palette) object() fyne.CanvasObject { return l.root }

// render tells what may stand where the next block goes.
func (l *palette) render() {
	for i, t := range l.tiles {
		t.SetEnabled(l.p.editable && len(l.p.doc.Paths()) < block.MaxBlocks)
		_ = i
	}
}

func icon(k block.Kind) widgets.IconName {
	switch k {
	case block.Heading:
		return widgets.IconHeading
	case block.Text:
		return widgets.IconParagraph
	case block.List:
		return widgets.IconBullets
	case block.Image:
		return widgets.IconImage
	case block.Button:
		return widgets.IconPress
	case block.Columns:
		return widgets.IconSideBy
	case block.Divider:
		return widgets.IconDivide
	case block.Spacer:
		return widgets.IconSpace
	case block.Social:
		return widgets.IconShare
	}
	return widgets.IconPostcard
}

// made is a new block, with words to begin with.
func (p *Pane) made(k block.Kind) block.Block {
	c := p.s.Env().Text
	b := block.Block{Kind: k}
	switch k {
	case block.Heading:
		b.Level, b.Text = 2, c.T("blocks.new.heading")
	case block.Text:
		b.Text = c.T("blocks.new.text")
	case block.List:
		b.Text = c.T("blocks.new.list")
	case block.Button:
		b.Text = c.T("blocks.new.button")
	case block.Columns:
		b.Columns = []block.Column{{Blocks: []block.Block{}}, {Blocks: []block.Block{}}}
	case block.Spacer:
		b.Height = 32
	case block.Social:
		b.Align = block.AlignCenter
		b.Links = []block.Link{{Name: "Instagram"}, {Name: "LinkedIn"}}
	case block.Footer:
		b.Text, b.Unsubscribe = c.T("blocks.new.footer"), c.T("blocks.unsubscribe")
		b.Address = `{{ sender.postal_address | default: "` + c.T("blocks.new.address") + `" }}`
	}
	return b
}

// twoByTwo is a grid of two columns.
type twoByTwo struct{}

const tileGap float32 = 6

func (twoByTwo) Layout(os []fyne.CanvasObject, s fyne.Size) {
	w := float32(int((s.Width - tileGap) / 2))
	for i, o := range os {
		h := o.MinSize().Height
		put(o, float32(i%2)*(w+tileGap), float32(i/2)*(h+tileGap), w, h)
	}
}

func (twoByTwo) MinSize(os []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	if len(os) > 0 {
		h = os[0].MinSize().Height
	}
	rows := float32((len(os) + 1) / 2)
	return fyne.NewSize(120, rows*(h+tileGap)-tileGap)
}

// conditionSaid is a condition in words.
func conditionSaid(c *text.Catalog, k message.Condition, fields []delivery.Field) string {
	s := k.Field
	for _, f := range fields {
		if f.Name == k.Field {
			s = state.FieldName(f)
		}
	}
	s += " " + c.T("tag.op."+string(k.Test))
	if k.Test.Compares() {
		s += " “" + k.Value + "”"
	}
	return s
}
