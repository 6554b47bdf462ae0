package blocks

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// Pane is the tab.
type Pane struct {
	s      *session.Session
	root   *fyne.Container
	editor fyne.CanvasObject
	start  *gallery

	design   string // the one that doc was read from
	doc      block.Document
	selected block.Path // nil: nothing; may name the empty end of a column
	fault    fault
	last     made
	editable bool
	closed   bool

	letter  *letter
	palette *palette
	props   *props
	pics    *pictures
}

// fault is what is wrong with the document that is written.
type fault struct {
	path  block.Path
	field string
	err   error
}

// New makes the tab.
func New(s *session.Session) session.Pane {
	p := &Pane{s: s}
	p.pics = newPictures(s.Env(), func() { p.letter.redraw() })
	p.letter = newLetter(p)
	p.palette = newPalette(p)
	p.props = newProps(p)
	p.start = newGallery(p)
	p.editor = container.New(&threefold{}, p.palette.object(), p.letter.object(), p.props.object())
	p.root = kit.Stack()
	s.Watch(p.render)
	p.render()
	return p
}

// Content implements session.Pane.
func (p *Pane) Content() fyne.CanvasObject { return p.root }

// Shown implements session.Pane.
func (p *Pane) Shown(bool) {}

// Close implements session.Pane.
func (p *Pane) Close() { p.closed = true }

// render shows the draft.
func (p *Pane) render() {
	if p.closed || !p.s.Loaded() {
		return
	}
	editable, _ := p.s.Editable()
	design := p.s.Draft().Content.Design
	first := len(p.root.Objects) == 0
	if !first && design == p.design && editable == p.editable {
		return
	}
	p.editable = editable
	was := p.design
	p.design = design
	if design == "" {
		p.selected, p.fault = nil, fault{}
		p.start.render()
		kit.Replace(p.root, []fyne.CanvasObject{p.start.object()})
		return
	}
	d, err := block.Parse([]byte(design))
	if err != nil {
		// Only somebody else's program writes such a design.
		p.s.Env().Fail(err)
		p.design = ""
		kit.Replace(p.root, []fyne.CanvasObject{p.start.object()})
		return
	}
	p.doc = d
	if p.selected != nil && !p.exists(p.selected) {
		p.selected = nil
	}
	p.check()
	if was == "" || first {
		kit.Replace(p.root, []fyne.CanvasObject{p.editor})
	}
	p.palette.render()
	p.letter.render()
	p.props.render()
}

// exists reports whether there is such a block, or such a place in a column.
func (p *Pane) exists(at block.Path) bool {
	if p.doc.At(at) != nil {
		return true
	}
	return len(at) == 3 && at[0] < len(p.doc.Blocks) && at[1] < len(p.doc.Blocks[at[0]].Columns) && at[2] == 0 && len(p.doc.Blocks[at[0]].Columns[at[1]].Blocks) == 0
}

// made is the HTML of a design, or why there is none.
type made struct {
	design, html string
	err          error
}

// html makes it once.
func (p *Pane) html(d block.Document) made {
	if s := string(d.JSON()); s != p.last.design {
		html, err := block.HTML(d)
		p.last = made{s, html, err}
	}
	return p.last
}

// check looks for what HTML would refuse.
func (p *Pane) check() {
	p.fault = fault{}
	if err := p.html(p.doc).err; err != nil {
		p.fault = fault{err: err}
		if e, ok := err.(*delivery.Error); ok {
			p.fault.path, p.fault.field = place(e.Field)
		}
	}
}

// edit changes the document. Changes of one kind are taken back together.
func (p *Pane) edit(kind string, f func(*block.Document)) {
	d := p.doc.Clone()
	f(&d)
	p.replace(kind, d)
}

// replace puts another document in the place of this one.
func (p *Pane) replace(kind string, d block.Document) {
	if !p.editable {
		return
	}
	m := p.html(d)
	if m.design == p.design {
		return // an input was set to what it should be
	}
	p.s.Edit(kind, func(n *delivery.Draft) {
		n.Content.Design = m.design
		if n.Content.Language == "" {
			n.Content.Language = d.Language
		}
		// What is half typed waits; the engine makes it anew when it is saved.
		if m.err == nil {
			n.Content.HTML = m.html
		}
	})
}

// change changes one block.
func (p *Pane) change(at block.Path, what string, f func(*block.Block)) {
	p.edit("blocks."+what, func(d *block.Document) {
		if b := d.At(at); b != nil {
			f(b)
		}
	})
}

// choose selects a block; nil selects the letter as a whole.
func (p *Pane) choose(at block.Path) {
	if at != nil && !p.exists(at) {
		at = nil
	}
	p.selected = at
	p.letter.mark()
	p.palette.render()
	p.props.render()
}

// add puts a new block behind the chosen one and chooses it.
func (p *Pane) add(k block.Kind) {
	b := p.made(k)
	at := p.target(b)
	d, at, ok := p.doc.Insert(at, b)
	if !ok {
		return
	}
	p.replace("", d)
	p.choose(at)
	p.letter.reveal()
	p.props.focus()
}

// target is where a new block goes.
func (p *Pane) target(b block.Block) block.Path {
	at := p.selected
	switch {
	case at == nil:
		_, tail := block.Split(p.doc.Blocks)
		return block.Path{len(p.doc.Blocks) - len(tail)}
	case p.doc.At(at) == nil && block.Fits(b, at):
		return at
	case !block.Fits(b, at):
		return block.Path{at[0] + 1}
	}
	next := append(block.Path(nil), at...)
	next[len(next)-1]++
	return next
}

// done takes what an operation on the document yields.
func (p *Pane) done(d block.Document, at block.Path, ok bool) bool {
	if !ok {
		return false
	}
	p.replace("", d)
	p.choose(at)
	p.letter.reveal()
	return true
}

func (p *Pane) step(by int) bool { return p.done(p.doc.Step(p.selected, by)) }

func (p *Pane) duplicate() bool { return p.done(p.doc.Duplicate(p.selected)) }

func (p *Pane) remove() bool {
	if p.doc.At(p.selected) == nil {
		return false
	}
	d, next := p.doc.Remove(p.selected)
	return p.done(d, next, true)
}

// plain goes on without blocks: HTML is written by hand from then on.
func (p *Pane) plain() {
	c := p.s.Env().Text
	widgets.ShowSafe(p.s.Env().Window, widgets.Question{Title: c.T("blocks.plain_title"), Content: kit.NewText(kit.Body, c.T("blocks.plain_sentence")).Wrap(),
		OK: c.T("blocks.plain"), Cancel: c.T("common.cancel")}, func(yes bool) {
		if yes {
			p.s.Edit("", func(d *delivery.Draft) { d.Content.Design = "" })
			p.s.Show("source", 0, 0)
		}
	})
}

// Find shows the block in which something was found: what it cannot be, else what
// stands at a place of its HTML.
func (p *Pane) Find(line, column int) {
	at := p.fault.path
	if p.fault.err == nil {
		at, _ = place(block.Where(p.doc, line, column))
	}
	if at != nil {
		p.choose(at)
		p.letter.reveal()
		p.letter.focus()
	}
}

// Drop takes a picture that was dragged onto the window: the chosen image block
// shows it, or a new one.
func (p *Pane) Drop(file string) bool {
	if p.design == "" || !p.editable {
		return false
	}
	p.pics.add(file, func(a delivery.Asset) {
		if b := p.doc.At(p.selected); b != nil && b.Kind == block.Image {
			p.change(p.selected, "", func(b *block.Block) { shows(b, a) })
			return
		}
		b := block.Block{Kind: block.Image}
		shows(&b, a)
		p.done(p.doc.Insert(p.target(b), b))
	})
	return true
}

// shows makes an image block show an asset.
func shows(b *block.Block, a delivery.Asset) {
	b.Src, b.PixelW, b.PixelH = block.AssetScheme+a.Hash, a.Width, a.Height
}

// threefold puts a palette, the letter and what belongs to the chosen block side
// by side.
type threefold struct{}

const (
	paletteWidth float32 = 152
	propsWidth   float32 = 292
)

func (threefold) Layout(os []fyne.CanvasObject, s fyne.Size) {
	gap := float32(12)
	put(os[0], 0, 0, paletteWidth, s.Height)
	put(os[1], paletteWidth+gap, 0, s.Width-paletteWidth-propsWidth-2*gap, s.Height)
	put(os[2], s.Width-propsWidth, 0, propsWidth, s.Height)
}

func (threefold) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(640, 200) }

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(0, w), max(0, h)))
}

var (
	_ session.Pane   = (*Pane)(nil)
	_ session.Finder = (*Pane)(nil)
)
