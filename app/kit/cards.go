package kit

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Block is a card with a title.
type Block = widgets.Block

// NewBlock makes a card that a pencil opens; edit is what the pencil says.
func NewBlock(title, edit string, open func(), content ...fyne.CanvasObject) *Block {
	b := widgets.NewBlock(title, open)
	b.SetToolTip(edit)
	b.SetContent(VStack(8, content...))
	return b
}

// Tile is the status at the top of the summary.
type Tile = widgets.StatusTile

// NewTile makes one.
func NewTile() *Tile { return widgets.NewStatusTile(look.Quiet, widgets.IconMail, "") }

// SetTile changes text and colour.
func SetTile(t *Tile, s string, tone state.Tone) { t.Set(look.Tone(tone), widgets.IconMail, s) }

// Banner is a sentence over the blocks.
type Banner = widgets.Banner

// NewBanner makes one.
func NewBanner() *Banner { return widgets.NewBanner(look.Quiet, widgets.NoIcon, "") }

// SetBanner changes text and colour.
func SetBanner(b *Banner, s string, tone state.Tone) {
	b.Set(look.Tone(tone), IconOf(tone), s)
}

// IconOf goes with a tone, so that colour never speaks alone.
func IconOf(tone state.Tone) Icon {
	switch tone {
	case state.Amber:
		return widgets.IconWarning
	case state.Red:
		return widgets.IconError
	case state.Green:
		return widgets.IconDone
	}
	return widgets.IconInfo
}

// Strip is the line at the top of a training window.
type Strip = widgets.Strip

// NewStrip makes one.
func NewStrip(s string) *Strip { return widgets.NewStrip(look.VioletTone, s) }

// Chips is a row of them.
type Chips = fyne.Container

// NewChips makes an empty row.
func NewChips() *Chips { return HStack(8) }

// SetChips changes which chips there are.
func SetChips(row *Chips, cs []state.Chip, tap func(state.ChipKey) func()) {
	os := make([]fyne.CanvasObject, len(cs))
	for i, c := range cs {
		k := widgets.NewChip(c.Text, look.Tone(c.Tone))
		k.SetOnTap(tap(c.Key))
		os[i] = k
	}
	Replace(row, os)
}

// UpdateChips changes their texts.
func UpdateChips(row *Chips, cs []state.Chip) {
	for i, o := range row.Objects {
		o.(*widgets.Chip).Set(cs[i].Text, look.Tone(cs[i].Tone))
	}
}

// Facts is the list in the summary.
type Facts = widgets.Facts

// NewFacts makes an empty list.
func NewFacts() *Facts { return widgets.NewFacts() }

// SetFacts changes the facts.
func SetFacts(f *Facts, fs []state.Fact, show string) {
	out := make([]widgets.Fact, len(fs))
	for i, x := range fs {
		out[i] = widgets.Fact{Label: x.Label, Value: x.Value, Code: x.Code}
		if x.Opens != 0 {
			out[i].Link = show
		}
	}
	f.Set(out)
}

// KPIs is the row of figures.
type KPIs = widgets.KPIRow

// NewKPIs makes an empty row.
func NewKPIs() *KPIs { return widgets.NewKPIRow(0, false) }

// SetKPIs changes the figures; while they move their digits have one width.
func SetKPIs(row *KPIs, ks []state.KPI, moving bool) {
	row.SetCount(len(ks))
	for i, k := range ks {
		row.Set(i, k.Label, k.Value, k.Note, look.Tone(k.Tone))
		row.Tile(i).SetCounting(moving)
		if row.Tile(i).ToolTip() != k.Tip {
			row.Tile(i).SetToolTip(k.Tip)
		}
	}
}

// Ring shows a share.
type Ring = widgets.Ring

// NewRing makes one.
func NewRing() *Ring { return widgets.NewRing(100) }

// SetRing changes the share, from 0 to 1. It is rounded down: 99.9 % is not done.
func SetRing(r *Ring, share float64, tone state.Tone) {
	r.SetTone(look.Tone(tone))
	r.SetValue(share, strconv.Itoa(int(share*100))+"%")
}

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
	SetTone(mark, tone)
	t := NewText(Small, s).Wrap()
	SetTone(t, state.Neutral)
	return container.New(marked{}, mark, t)
}

// NewPoint is one of a list of things to read.
func NewPoint(s string) fyne.CanvasObject {
	return container.New(marked{}, NewText(Muted, "•"), NewText(Body, s).Wrap())
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
	paper             *widgets.Box
}

// NewSheet makes an empty one.
func NewSheet() *Sheet {
	s := &Sheet{title: NewText(Heading, "").Wrap(), text: NewText(Small, "").Wrap(), note: NewText(Note, "").Wrap()}
	s.paper = newBox(look.Ground, look.Line, 8, [4]float32{12, 16, 12, 16},
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
