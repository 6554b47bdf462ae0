package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Card is one delivery in the list. It opens by a press, Return or Space.
type Card struct {
	widget.BaseWidget
	m       state.Card
	title   *Text
	note    *Text
	chip    *widgets.Chip
	warn    *Banner
	kpis    *widgets.KPIRow
	line    *widgets.ProgressLine
	mark    *widgets.Box
	o       *widgets.Box
	open    func()
	decide  func() // what the action of the sentence does
	hover   bool
	focused bool
}

var (
	_ fyne.Focusable     = (*Card)(nil)
	_ fyne.Accessible    = (*Card)(nil)
	_ desktop.Hoverable  = (*Card)(nil)
	_ desktop.Cursorable = (*Card)(nil)
)

// NewCard makes an empty one. decide is what the word beside its sentence does.
func NewCard(more string, open, decide func(), items func() []Item) *Card {
	k := &Card{title: NewText(RowTitle, "").Trim(), note: NewText(Small, "").Trim(), chip: widgets.NewChip("", look.Quiet), warn: NewBanner(),
		kpis: widgets.NewKPIRow(0, true), line: widgets.NewProgressLine(), open: open, decide: decide}
	words := VStack(6, container.New(titled{k.title, k.note}, k.title, k.note), HStack(0, k.chip))
	k.mark = newBox(look.Quiet.Fill(), "", 4, [4]float32{}, nil)
	k.line.Hide()
	right := HStack(20, container.New(natural{k.kpis}, k.kpis), NewMenuButton(more, items))
	k.o = newBox(look.Surface, look.Line, look.Radius, [4]float32{14, 12, 14, look.CardMargin}, VStack(10, k.warn,
		widgets.HFill(16, widgets.Sized(8, 51, k.mark), widgets.Ends(words, right)), k.line))
	k.ExtendBaseWidget(k)
	return k
}

// natural gives a row of figures the width in which nothing is cut.
type natural struct{ row *widgets.KPIRow }

func (l natural) Layout(os []fyne.CanvasObject, s fyne.Size) {
	os[0].Move(fyne.Position{})
	os[0].Resize(s)
}

func (l natural) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.row.Natural(), l.row.Tile(0).MinSize().Height-14)
}

// Model is what it shows.
func (k *Card) Model() state.Card { return k.m }

// Set changes what it shows.
func (k *Card) Set(m state.Card) {
	k.m = m
	k.title.Set(m.Title)
	k.note.Set(m.Note)
	k.chip.Set(m.Chip.Text, look.Tone(m.Chip.Tone))
	k.mark.SetColors(look.Tone(m.Tone).Fill(), "")
	SetBanner(k.warn, m.Banner, state.Amber)
	k.warn.SetAction(m.Decide, k.decide)
	Show(k.warn, m.Banner != "")
	SetKPIs(k.kpis, m.KPIs, false)
	k.line.Set(m.Progress)
	Show(k.line, m.Progress > 0)
}

// Tapped opens the delivery.
func (k *Card) Tapped(*fyne.PointEvent) { k.open() }

// TypedKey implements fyne.Focusable.
func (k *Card) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		k.open()
	default:
		widgets.Unused(k, e)
	}
}

// TypedRune implements fyne.Focusable.
func (k *Card) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (k *Card) FocusGained() { k.focused = true; k.edge() }

// FocusLost implements fyne.Focusable.
func (k *Card) FocusLost() { k.focused = false; k.edge() }

// MouseIn implements desktop.Hoverable.
func (k *Card) MouseIn(*desktop.MouseEvent) { k.hover = true; k.edge() }

// MouseMoved implements desktop.Hoverable.
func (k *Card) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (k *Card) MouseOut() { k.hover = false; k.edge() }

// Cursor implements desktop.Cursorable.
func (k *Card) Cursor() desktop.Cursor { return desktop.PointerCursor }

// edge tells by its border that it would open.
func (k *Card) edge() {
	line := look.Line
	switch {
	case k.focused:
		line = look.Action
	case k.hover:
		line = look.Muted
	}
	k.o.SetColors(look.Surface, line)
}

// AccessibilityLabel implements fyne.Accessible.
func (k *Card) AccessibilityLabel() string { return k.m.Title + ", " + k.m.Chip.Text }

// AccessibilityRole implements fyne.Accessible.
func (k *Card) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (k *Card) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(k.o) }
