package blocks

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/template"
	"sendoff/widgets"
)

// gallery offers templates to begin with.
type gallery struct {
	p     *Pane
	root  fyne.CanvasObject
	note  *kit.Text
	cards []*widgets.PictureCard
	empty *kit.Button
	back  *kit.Button
	busy  bool
}

func newGallery(p *Pane) *gallery {
	c := p.s.Env().Text
	g := &gallery{p: p, note: kit.NewText(kit.Body, "").Wrap()}
	grid := container.New(&shelf{})
	for _, id := range template.IDs() {
		r := fyne.NewStaticResource(id+"."+c.Language()+".jpg", template.Preview(id, c.Language()))
		card := widgets.NewPictureCard(c.T("blocks.template."+id), canvas.NewImageFromResource(r), func() { g.take(id) })
		g.cards = append(g.cards, card)
		grid.Add(card)
	}
	g.empty = kit.NewButton(c.T("blocks.template_none"), kit.IconPlus, state.Outlined, g.blank)
	g.back = kit.NewButton(c.T("blocks.templates_back"), widgets.IconBack, state.QuietButton, func() { p.leaveGallery() })
	g.root = kit.NewScroll(widgets.Inset(widgets.Insets{Top: 4, Right: 16, Bottom: 24, Left: 4},
		kit.VStack(16, widgets.Ends(kit.NewText(kit.Headline, c.T("blocks.begin")), kit.HStack(8, g.back, g.empty)), g.note, grid)))
	return g
}

func (g *gallery) object() fyne.CanvasObject { return g.root }

// render says what a choice replaces.
func (g *gallery) render() {
	c, d := g.p.s.Env().Text, g.p.s.Draft().Content
	switch {
	case d.Design != "":
		g.note.Set(c.T("blocks.begin_again"))
	case d.HTML != "":
		g.note.Set(c.T("blocks.begin_html"))
	default:
		g.note.Set(c.T("blocks.begin_note"))
	}
	kit.Show(g.back, d.Design != "")
	g.empty.SetEnabled(g.p.editable && !g.busy)
	for _, k := range g.cards {
		k.SetEnabled(g.p.editable && !g.busy)
	}
	g.root.Refresh()
}

// blank starts with an empty letter.
func (g *gallery) blank() {
	c := g.p.s.Env().Text
	d := block.New(c.Language())
	d.Brand.Name = brandName(g.p.s.Draft().Content.From)
	d.Blocks = []block.Block{g.p.made(block.Heading), g.p.made(block.Text), g.p.made(block.Footer)}
	g.p.begin(d, "", "")
}

// take starts with a template, which asks for the fields of the audience under the
// names that they have there; its pictures are stored first.
func (g *gallery) take(id string) {
	env := g.p.s.Env()
	t, err := template.Open(id, env.Text.Language())
	if err != nil {
		env.Fail(err)
		return
	}
	g.busy = true
	g.render()
	who := env.Who()
	bridge.Run(env.Bridge, "template", func(ctx context.Context) (struct{}, error) {
		for _, a := range t.Assets {
			if _, err := env.Engine.AddAsset(ctx, who, a.Name, a.Data); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	}, func(_ struct{}, err error) {
		g.busy = false
		g.render()
		if err != nil {
			env.Fail(err)
			return
		}
		t := template.Fit(t, g.p.s.Fields())
		g.p.begin(t.Document, t.Subject, t.Preheader)
	})
}

// brandName is the name in a sender's address.
func brandName(from string) string {
	for i, r := range from {
		if r == '<' {
			return strings.Trim(from[:i], " \"")
		}
	}
	return ""
}

// begin puts a document in the place of what there is; a subject and a preheader
// only where there is none.
func (p *Pane) begin(d block.Document, subject, preheader string) {
	html, err := block.HTML(d)
	if err != nil {
		p.s.Env().Fail(err)
		return
	}
	p.selected = nil
	p.design = ""
	p.s.Edit("", func(n *delivery.Draft) {
		n.Content.Design, n.Content.HTML, n.Content.Text = string(d.JSON()), html, ""
		n.Content.Language = d.Language
		if n.Content.Subject == "" {
			n.Content.Subject = subject
		}
		if n.Content.Preheader == "" {
			n.Content.Preheader = preheader
		}
	})
	p.render()
	p.letter.focus()
}

// again shows the templates while there is a design.
func (p *Pane) again() {
	p.start.render()
	kit.Replace(p.root, []fyne.CanvasObject{p.start.object()})
}

// leaveGallery goes back to the letter.
func (p *Pane) leaveGallery() {
	p.design = ""
	p.render()
}

// shelf puts cards in rows of as many as there is room for.
type shelf struct{ width float32 }

const (
	shelfGap  float32 = 20
	cardLeast float32 = 260
	cardMost  float32 = 320
)

func (l *shelf) grid(n int) (columns int, w float32) {
	columns = max(1, min(n, int((l.width+shelfGap)/(cardLeast+shelfGap))))
	return columns, min(cardMost, float32(int((l.width-shelfGap*float32(columns-1))/float32(columns))))
}

func (l *shelf) Layout(os []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	n, w := l.grid(len(os))
	for i, o := range os {
		h := tall(o, w)
		put(o, float32(i%n)*(w+shelfGap), float32(i/n)*(h+shelfGap), w, h)
	}
}

func (l *shelf) MinSize(os []fyne.CanvasObject) fyne.Size {
	if len(os) == 0 {
		return fyne.Size{}
	}
	n, _ := l.grid(len(os))
	h := os[0].MinSize().Height
	rows := float32((len(os) + n - 1) / n)
	return fyne.NewSize(cardLeast, rows*(h+shelfGap)-shelfGap)
}
