package blocks

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/block"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// letter is the document as it will look.
type letter struct {
	p      *Pane
	dark   bool
	phone  bool
	root   fyne.CanvasObject
	board  *widgets.Board
	body   *fyne.Container // on the board
	ground *canvas.Rectangle
	scroll *container.Scroll
	sheet  *onGround

	frames []*framed // as one reads them
	cache  []cached  // of blocks at the top
	drop   block.Path

	night, narrow      *kit.Button
	templates, asPlain *kit.Button
}

// framed is a block, or the empty end of a column, with its frame.
type framed struct {
	path  block.Path
	frame *widgets.Frame
}

// cached is what was drawn of a block, for as long as it does not change.
type cached struct {
	block        block.Block
	above, below int
	look         appearance
	object       fyne.CanvasObject
	frames       []*framed
}

// appearance is what all blocks depend on.
type appearance struct {
	brand    block.Brand
	language string
	dark     bool
	phone    bool
	around   bool // it stands below the sheet
}

func newLetter(p *Pane) *letter {
	c := p.s.Env().Text
	l := &letter{p: p, body: kit.VStack(0), ground: canvas.NewRectangle(nil), sheet: &onGround{}}
	l.board = widgets.NewBoard(c.T("blocks.letter"), container.New(l.sheet, l.ground, l.body))
	l.board.OnKey, l.board.OnShortcut = l.key, l.shortcut
	l.board.OnFocus = func(on bool) {
		if on && p.selected == nil && len(l.frames) > 0 {
			p.choose(l.frames[0].path)
		}
	}
	scroll, shown := widgets.NewScroller(l.board)
	l.scroll = scroll
	l.night = kit.NewIconButton(widgets.IconMoon, c.T("blocks.night"), func() { l.dark = !l.dark; l.render() })
	l.narrow = kit.NewIconButton(widgets.IconPhone, c.T("blocks.phone"), func() { l.phone = !l.phone; l.render() })
	l.templates = kit.NewButton(c.T("blocks.templates"), kit.IconNone, state.QuietButton, p.again)
	l.asPlain = kit.NewButton(c.T("blocks.plain"), widgets.IconCode, state.QuietButton, p.plain)
	bar := widgets.Ends(kit.HStack(4, l.narrow, l.night), kit.HStack(4, l.templates, l.asPlain))
	page := widgets.NewBox(look.Surface, look.Line, look.RadiusSmall, widgets.Pad(1, 1), container.New(&paged{l}, shown))
	l.root = kit.Fill(6, bar, page)
	return l
}

func (l *letter) object() fyne.CanvasObject { return l.root }

// paged gives the board the width of its place before the scroller asks for its
// height.
type paged struct{ l *letter }

func (g *paged) Layout(os []fyne.CanvasObject, s fyne.Size) {
	b := g.l.board
	if b.Size().Width != s.Width {
		b.Resize(fyne.NewSize(s.Width, b.Size().Height))
	}
	b.Resize(fyne.NewSize(s.Width, max(s.Height, b.MinSize().Height)))
	put(os[0], 0, 0, s.Width, s.Height)
}

func (*paged) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, 80) }

// onGround centres the letter on its ground, as wide as it is.
type onGround struct{ most float32 }

const edge float32 = 16

func (l *onGround) Layout(os []fyne.CanvasObject, s fyne.Size) {
	put(os[0], 0, 0, s.Width, s.Height)
	w := min(l.most, s.Width-2*edge)
	if os[1].Size().Width != w {
		os[1].Resize(fyne.NewSize(w, os[1].Size().Height))
	}
	put(os[1], float32(int((s.Width-w)/2)), edge, w, os[1].MinSize().Height)
}

func (l *onGround) MinSize(os []fyne.CanvasObject) fyne.Size {
	return os[1].MinSize().AddWidthHeight(0, 2*edge)
}

// render draws what has changed.
func (l *letter) render() {
	p := l.p
	brand := p.doc.Brand
	scheme := brand.Scheme(l.dark)
	l.ground.FillColor = rgb(scheme.Around.Back)
	most := float32(brand.Width)
	if l.phone {
		most = 360
	}
	l.sheet.most = most
	main, tail := block.Split(p.doc.Blocks)
	a := &artist{l: l, brand: brand, scheme: scheme, phone: l.phone, pics: p.pics}
	rows, below := kit.VStack(0), kit.VStack(0)
	if head := a.head(); head != nil {
		rows.Add(head)
	}
	top := len(rows.Objects) > 0
	l.frames = l.frames[:0]
	old := l.cache
	l.cache = nil
	for i := range p.doc.Blocks {
		b := p.doc.Blocks[i]
		k := cached{block: b, look: appearance{brand, p.doc.Language, l.dark, l.phone, i >= len(main)}}
		if i < len(main) {
			k.above, k.below = block.Spacing(main, i, false, top)
		} else {
			k.above, k.below = block.Spacing(tail, i-len(main), true, false)
		}
		if i < len(old) && reflect.DeepEqual(old[i].block, k.block) && old[i].look == k.look && old[i].above == k.above && old[i].below == k.below {
			k = old[i]
		} else {
			k.object, k.frames = a.block(block.Path{i}, b, k.above, k.below, i >= len(main))
		}
		l.cache = append(l.cache, k)
		l.frames = append(l.frames, k.frames...)
		if i < len(main) {
			rows.Add(k.object)
		} else {
			below.Add(k.object)
		}
	}
	if len(main) == 0 {
		rows.Add(a.nothing())
	}
	sheet := canvas.NewRectangle(rgb(scheme.Sheet.Back))
	if !l.phone {
		sheet.CornerRadius = float32(brand.Radius)
	}
	l.body.Objects = []fyne.CanvasObject{container.New(stacked{}, sheet, rows), below}
	l.mark()
	l.night.SetKind(on(l.dark))
	l.narrow.SetKind(on(l.phone))
	l.asPlain.SetEnabled(p.editable)
	l.templates.SetEnabled(p.editable)
	l.fit()
}

func on(yes bool) widgets.Kind {
	if yes {
		return widgets.Outlined
	}
	return widgets.Quiet
}

// redraw draws everything anew: a picture was read.
func (l *letter) redraw() {
	l.cache = nil
	if l.p.design != "" {
		l.render()
	}
}

// fit lays the letter out again at its width.
func (l *letter) fit() {
	w := l.board.Size().Width
	if w > 0 {
		l.board.Resize(fyne.NewSize(w+1, l.board.Size().Height))
		l.board.Resize(fyne.NewSize(w, max(l.scroll.Size().Height, l.board.MinSize().Height)))
	}
	l.board.Refresh()
	l.scroll.Refresh()
}

// stacked puts a ground behind a stack that knows its height.
type stacked struct{}

func (stacked) Layout(os []fyne.CanvasObject, s fyne.Size) {
	for _, o := range os {
		put(o, 0, 0, s.Width, s.Height)
	}
}
func (stacked) MinSize(os []fyne.CanvasObject) fyne.Size { return os[len(os)-1].MinSize() }

// mark draws the frames around the chosen block and around what has a fault.
func (l *letter) mark() {
	for _, f := range l.frames {
		f.frame.SetSelected(l.p.selected != nil && f.path.Equal(l.p.selected))
		f.frame.SetWrong(l.p.fault.err != nil && f.path.Equal(l.p.fault.path))
	}
}

// index is the chosen one among the frames, -1 for none.
func (l *letter) index() int {
	for i, f := range l.frames {
		if l.p.selected != nil && f.path.Equal(l.p.selected) {
			return i
		}
	}
	return -1
}

// at is where an object is on the board.
func (l *letter) at(o fyne.CanvasObject) fyne.Position {
	d := fyne.CurrentApp().Driver()
	return d.AbsolutePositionForObject(o).Subtract(d.AbsolutePositionForObject(l.board))
}

// reveal scrolls to the chosen block.
func (l *letter) reveal() {
	i := l.index()
	if i < 0 {
		return
	}
	f := l.frames[i].frame
	y, h, room := l.at(f).Y, f.Size().Height, l.scroll.Size().Height
	at := l.scroll.Offset.Y
	switch {
	case y < at || h > room:
		at = y - edge
	case y+h > at+room:
		at = y + h - room + edge
	default:
		return
	}
	l.scroll.ScrollToOffset(fyne.NewPos(0, max(0, at)))
}
