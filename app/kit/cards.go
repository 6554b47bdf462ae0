package kit

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/state"
	"sendoff/widgets/look"
)

// Block is a card with a title and something small in its corner.
type Block = box

// NewBlock makes a card. A nil corner is empty.
func NewBlock(title string, corner fyne.CanvasObject, content ...fyne.CanvasObject) *Block {
	head := fyne.CanvasObject(tall(24, NewText(Heading, title)))
	if corner != nil {
		head = container.NewBorder(nil, nil, nil, corner, NewText(Heading, title))
		head = container.New(fixed{24, 28}, head)
	}
	return newBox(look.Surface, look.Line, 12, [4]float32{12, 18, 18, 18}, VStack(8, append([]fyne.CanvasObject{head}, content...)...))
}

// tinted is a text on a coloured ground: chips, banners, the status tile.
type tinted struct {
	box
	text *Text
	tone state.Tone
}

func newTinted(r Role, wrap bool, radius float32, p [4]float32) *tinted {
	t := &tinted{text: NewText(r, ""), tone: "none"}
	t.text.wrap = wrap
	t.box = box{fill: look.Chip, radius: radius, pad: p, content: t.text, rect: canvas.NewRectangle(nil)}
	t.ExtendBaseWidget(t)
	return t
}

// Set changes text and colour.
func (t *tinted) Set(s string, tone state.Tone) {
	t.text.Set(s)
	if tone != t.tone {
		t.tone = tone
		t.text.setInk(inkOn(tone))
		t.set(ground(tone), "")
	}
}

// Tile is the status at the top of the summary.
type Tile = tinted

// NewTile makes one.
func NewTile() *Tile { return newTinted(Tag, true, 8, [4]float32{9, 12, 9, 12}) }

// Banner is a sentence over the blocks.
type Banner = tinted

// NewBanner makes one.
func NewBanner() *Banner { return newTinted(Small, true, 8, [4]float32{9, 14, 9, 14}) }

// Strip is the line at the top of a training window.
type Strip = tinted

// NewStrip makes one.
func NewStrip(s string) *Strip {
	t := newTinted(Strong, false, 0, [4]float32{5, 20, 5, 20})
	t.text.trim = true
	t.Set("● "+s, state.Violet)
	return t
}

// chip is a small count that may open something.
type chip struct {
	tinted
	tap func()
}

func (c *chip) Tapped(*fyne.PointEvent) {
	if c.tap != nil {
		c.tap()
	}
}

func newChip(k state.Chip, tap func()) *chip {
	c := &chip{tap: tap}
	c.text, c.tone = NewText(Tag, ""), "none"
	c.box = box{fill: look.Chip, radius: 11, pad: [4]float32{3, 10, 3, 10}, content: c.text, rect: canvas.NewRectangle(nil)}
	c.ExtendBaseWidget(c)
	c.Set(k.Text, k.Tone)
	return c
}

// Chips is a row of them.
type Chips = fyne.Container

// NewChips makes an empty row.
func NewChips() *Chips { return HStack(8) }

// SetChips changes which chips there are.
func SetChips(row *Chips, cs []state.Chip, tap func(state.ChipKey) func()) {
	os := make([]fyne.CanvasObject, len(cs))
	for i, c := range cs {
		os[i] = newChip(c, tap(c.Key))
	}
	Replace(row, os)
}

// UpdateChips changes their texts.
func UpdateChips(row *Chips, cs []state.Chip) {
	for i, o := range row.Objects {
		o.(*chip).Set(cs[i].Text, cs[i].Tone)
	}
}

// Facts is the list in the summary.
type Facts struct {
	widget.BaseWidget
	shown []state.Fact
	list  *fyne.Container
}

// NewFacts makes an empty list.
func NewFacts() *Facts {
	f := &Facts{list: VStack(12)}
	f.ExtendBaseWidget(f)
	return f
}

// Set changes the facts.
func (f *Facts) Set(fs []state.Fact) {
	if len(fs) == len(f.shown) {
		for i := range fs {
			k := f.list.Objects[i].(*fyne.Container)
			k.Objects[0].(*Text).Set(fs[i].Label)
			k.Objects[1].(*Text).Set(fs[i].Value)
		}
		f.shown = fs
		return
	}
	f.shown = fs
	os := make([]fyne.CanvasObject, len(fs))
	for i, x := range fs {
		r := Body
		if x.Code {
			r = Code
		}
		os[i] = VStack(0, NewText(Note, x.Label), NewText(r, x.Value).Wrap())
	}
	Replace(f.list, os)
}

// CreateRenderer implements fyne.Widget.
func (f *Facts) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.list) }

// KPIs is the row of figures.
type KPIs struct {
	widget.BaseWidget
	role  Role
	keys  string
	tiles []*kpiTile
	row   *fyne.Container
}

type kpiTile struct {
	label, value, note *Text
	box                *fyne.Container
}

// NewKPIs makes an empty row.
func NewKPIs() *KPIs {
	k := &KPIs{role: Figure, row: container.New(&tiles{})}
	k.ExtendBaseWidget(k)
	return k
}

// Set changes the figures.
func (k *KPIs) Set(ks []state.KPI, _ bool) {
	keys := ""
	for _, x := range ks {
		keys += x.Key + " "
	}
	if keys != k.keys {
		k.keys = keys
		k.tiles = nil
		var os []fyne.CanvasObject
		for range ks {
			t := &kpiTile{label: NewText(Note, ""), value: NewText(k.role, ""), note: NewText(Note, "")}
			t.box = VStack(0, t.label, t.value, t.note)
			k.tiles = append(k.tiles, t)
			os = append(os, t.box)
		}
		defer Replace(k.row, os)
	}
	for i, x := range ks {
		t := k.tiles[i]
		t.label.Set(x.Label)
		t.value.Set(x.Value)
		t.value.SetTone(x.Tone)
		t.note.Set(x.Note)
	}
}

// CreateRenderer implements fyne.Widget.
func (k *KPIs) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(k.row) }

// tiles puts figures in a row, or in two when they do not fit.
type tiles struct{ width float32 }

func (l *tiles) slots(os []fyne.CanvasObject) []float32 {
	ws := make([]float32, len(os))
	for i, o := range os {
		ws[i] = max(96, o.MinSize().Width)
	}
	return ws
}

func sum(ws []float32, gap float32) float32 {
	t := gap * float32(max(0, len(ws)-1))
	for _, w := range ws {
		t += w
	}
	return t
}

const tileGap float32 = 34

func (l *tiles) perRow(os []fyne.CanvasObject, width float32) int {
	n := len(os)
	for rows := 1; rows <= n; rows++ {
		per := (n + rows - 1) / rows
		if rows == 1 && sum(l.slots(os), tileGap) <= width {
			return n
		}
		if rows > 1 {
			w := float32(0)
			for _, s := range l.slots(os) {
				w = max(w, s)
			}
			if float32(per)*w+float32(per-1)*tileGap <= width {
				return per
			}
		}
	}
	return 1
}

func (l *tiles) Layout(os []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	per := l.perRow(os, s.Width)
	ws := l.slots(os)
	x, y, h := float32(0), float32(0), float32(0)
	for i, o := range os {
		if i > 0 && i%per == 0 {
			x, y, h = 0, y+h+14, 0
		}
		w := ws[i]
		if per < len(os) {
			w = (s.Width - float32(per-1)*tileGap) / float32(per)
		}
		m := o.MinSize()
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, m.Height))
		x, h = x+w+tileGap, max(h, m.Height)
	}
}

func (l *tiles) MinSize(os []fyne.CanvasObject) fyne.Size {
	if len(os) == 0 {
		return fyne.Size{}
	}
	w := l.width
	if w == 0 {
		w = sum(l.slots(os), tileGap)
	}
	per := l.perRow(os, w)
	rows := (len(os) + per - 1) / per
	h := os[0].MinSize().Height
	return fyne.NewSize(120, float32(rows)*h+float32(rows-1)*14)
}

// Ring shows a share.
type Ring struct {
	widget.BaseWidget
	share        float64
	tone         state.Tone
	track, value *canvas.Arc
	text         *Text
}

// NewRing makes one.
func NewRing() *Ring {
	r := &Ring{tone: "none", track: &canvas.Arc{CutoutRatio: 0.84}, value: &canvas.Arc{CutoutRatio: 0.84, CornerRadius: 4},
		text: NewText(CardFigure, "")}
	r.ExtendBaseWidget(r)
	return r
}

// Set changes the share, from 0 to 1.
func (r *Ring) Set(share float64, tone state.Tone) {
	if share == r.share && tone == r.tone {
		return
	}
	r.share, r.tone = share, tone
	r.text.Set(strconv.Itoa(int(share*100)) + "%")
	r.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (r *Ring) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		v := fyne.CurrentApp().Settings().ThemeVariant()
		r.track.FillColor = r.Theme().Color(look.Track, v)
		r.track.StartAngle, r.track.EndAngle = 0, 360
		r.value.FillColor = r.Theme().Color(fill(r.tone), v)
		r.value.StartAngle, r.value.EndAngle = 0, float32(360*r.share)
	}
	place := func(s fyne.Size) {
		r.track.Resize(s)
		r.value.Resize(s)
		m := r.text.MinSize()
		r.text.Move(fyne.NewPos((s.Width-m.Width)/2, (s.Height-m.Height)/2))
		r.text.Resize(m)
	}
	paint()
	return &renderer{objects: []fyne.CanvasObject{r.track, r.value, r.text}, layout: place,
		min:     func() fyne.Size { return fyne.NewSize(100, 100) },
		refresh: func() { paint(); place(r.Size()); canvas.Refresh(r) }}
}

// hero puts a ring and words left, figures right or below.
type hero struct{ width float32 }

func (l *hero) wide(os []fyne.CanvasObject, w float32) bool {
	k := os[2].(*KPIs)
	t := sum((&tiles{}).slots(k.row.Objects), tileGap)
	return w-t-126-40 >= 260
}

func (l *hero) Layout(os []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	ring, words, k := os[0], os[1], os[2]
	x := float32(0)
	if ring.Visible() {
		ring.Resize(fyne.NewSize(100, 100))
		x = 126
	}
	wide := l.wide(os, s.Width)
	w := s.Width - x
	t := sum((&tiles{}).slots(k.(*KPIs).row.Objects), tileGap)
	if wide {
		w -= t + 40
	}
	words.Resize(fyne.NewSize(w, words.Size().Height))
	h := words.MinSize().Height
	top := h
	if ring.Visible() {
		top = max(100, h)
	}
	words.Move(fyne.NewPos(x, (top-h)/2))
	words.Resize(fyne.NewSize(w, h))
	if ring.Visible() {
		ring.Move(fyne.NewPos(0, (top-100)/2))
	}
	if wide {
		m := k.MinSize()
		k.Resize(fyne.NewSize(t, m.Height))
		m = k.MinSize()
		k.Move(fyne.NewPos(s.Width-t, max(0, (top-m.Height)/2)))
		k.Resize(fyne.NewSize(t, m.Height))
		return
	}
	k.Resize(fyne.NewSize(s.Width, k.Size().Height))
	k.Move(fyne.NewPos(0, top+18))
	k.Resize(fyne.NewSize(s.Width, k.MinSize().Height))
}

func (l *hero) MinSize(os []fyne.CanvasObject) fyne.Size {
	top := os[1].MinSize().Height
	if os[0].Visible() {
		top = max(100, top)
	}
	m := os[2].MinSize()
	if l.wide(os, l.width) {
		return fyne.NewSize(200, max(top, m.Height))
	}
	return fyne.NewSize(200, top+18+m.Height)
}

// NewHero puts the three together.
func NewHero(ring *Ring, words fyne.CanvasObject, k *KPIs) fyne.CanvasObject {
	return container.New(&hero{}, ring, words, k)
}

// Notes is the list of findings in a card.
type Notes struct{ *fyne.Container }

// NewNotes makes an empty list.
func NewNotes() *fyne.Container { return VStack(4) }

// SetNotes changes the findings.
func SetNotes(list *fyne.Container, fs []state.Finding) {
	os := make([]fyne.CanvasObject, len(fs))
	for i, f := range fs {
		os[i] = noteLine(f.Text, f.Tone)
	}
	Replace(list, os)
}

func noteLine(s string, tone state.Tone) fyne.CanvasObject {
	mark := NewText(Strong, map[state.Tone]string{state.Red: "✕", state.Amber: "!", state.Blue: "i"}[tone])
	mark.SetTone(tone)
	t := NewText(Small, s).Wrap()
	t.SetTone(state.Neutral)
	return container.New(marked{}, mark, t)
}

// marked puts a mark before a paragraph.
type marked struct{}

func (marked) Layout(os []fyne.CanvasObject, s fyne.Size) {
	os[0].Resize(os[0].MinSize())
	os[1].Move(fyne.NewPos(20, 0))
	os[1].Resize(fyne.NewSize(s.Width-20, s.Height))
}

func (marked) MinSize(os []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, os[1].MinSize().Height)
}

// Line is a muted label with a value.
type Line struct {
	widget.BaseWidget
	label, value *Text
	row          *fyne.Container
}

// NewLine makes one.
func NewLine(label string, strong bool) *Line {
	r := Body
	if strong {
		r = Heading
	}
	l := &Line{label: NewText(Muted, label), value: NewText(r, "").Trim()}
	l.row = Pair(l.label, l.value)
	l.ExtendBaseWidget(l)
	return l
}

// Set changes the value.
func (l *Line) Set(s string) { l.value.Set(s) }

// CreateRenderer implements fyne.Widget.
func (l *Line) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.row) }

// Sheet shows a message on paper.
type Sheet struct {
	widget.BaseWidget
	title, text, note *Text
	paper             *box
}

// NewSheet makes an empty one.
func NewSheet() *Sheet {
	s := &Sheet{title: NewText(Heading, "").Wrap(), text: NewText(Small, "").Wrap(), note: NewText(Note, "").Wrap()}
	s.paper = newBox(theme.ColorNameBackground, look.Line, 8, [4]float32{12, 16, 12, 16},
		newBox(look.Surface, "", 6, [4]float32{14, 16, 14, 16}, VStack(6, s.title, s.text, s.note)))
	s.ExtendBaseWidget(s)
	return s
}

// Set changes what is on it.
func (s *Sheet) Set(title, text, note string) {
	s.title.Set(title)
	s.text.Set(text)
	s.note.Set(note)
	Show(s.title, title != "")
	Show(s.note, note != "")
}

// CreateRenderer implements fyne.Widget.
func (s *Sheet) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.paper) }
