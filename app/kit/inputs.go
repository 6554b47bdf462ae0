package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Entry is a line or an area to type in.
type Entry struct{ widget.Entry }

// NewEntry makes a line; NewArea makes rows of them.
func NewEntry(hint string) *Entry {
	e := &Entry{}
	e.ExtendBaseWidget(e)
	e.SetPlaceHolder(hint)
	return e
}

// NewArea makes an entry of several rows.
func NewArea(hint string, rows int) *Entry {
	e := &Entry{}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	e.SetMinRowsVisible(rows)
	e.SetPlaceHolder(hint)
	return e
}

// Value is what was typed.
func (e *Entry) Value() string { return e.Entry.Text }

// OnChange calls f after every change.
func (e *Entry) OnChange(f func(string)) { e.OnChanged = f }

// Choice is one of several.
type Choice struct {
	widget.BaseWidget
	o      fyne.CanvasObject
	chosen func() int
	choose func(int)
}

// Chosen is the index of the chosen one.
func (c *Choice) Chosen() int { return max(0, c.chosen()) }

// Choose chooses.
func (c *Choice) Choose(i int) { c.choose(i) }

// CreateRenderer implements fyne.Widget.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.o) }

func index(names []string, s string) int {
	for i, n := range names {
		if n == s {
			return i
		}
	}
	return -1
}

// NewRadio makes a list of which one is chosen.
func NewRadio(names []string, changed func(int)) *Choice {
	r := widget.NewRadioGroup(names, nil)
	r.Required = true
	r.OnChanged = func(s string) {
		if changed != nil {
			changed(index(names, s))
		}
	}
	c := &Choice{o: r, chosen: func() int { return index(names, r.Selected) }, choose: func(i int) { r.SetSelected(names[i]) }}
	c.ExtendBaseWidget(c)
	return c
}

// NewSelect makes a drop-down.
func NewSelect(names []string, _ fyne.Window) *Choice {
	r := widget.NewSelect(names, nil)
	c := &Choice{o: r, chosen: r.SelectedIndex, choose: r.SetSelectedIndex}
	c.ExtendBaseWidget(c)
	return c
}

// Field is a labelled input.
type Field struct {
	Label string
	Input fyne.CanvasObject
	Below fyne.CanvasObject
}

// NewFields puts labelled inputs under each other.
func NewFields(fs ...Field) *fyne.Container {
	var os []fyne.CanvasObject
	for _, f := range fs {
		row := VStack(4, NewText(Note, f.Label), f.Input)
		if f.Below != nil {
			row.Add(f.Below)
		}
		os = append(os, row)
	}
	return VStack(10, os...)
}

// Progress is a bar with a sentence.
type Progress struct {
	widget.BaseWidget
	bar  *widget.ProgressBar
	text *Text
	o    fyne.CanvasObject
}

// NewProgress makes one.
func NewProgress() *Progress {
	p := &Progress{bar: widget.NewProgressBar(), text: NewText(Small, "")}
	p.bar.TextFormatter = func() string { return "" }
	p.o = VStack(4, tall(6, p.bar), p.text)
	p.ExtendBaseWidget(p)
	return p
}

// Set changes share and sentence.
func (p *Progress) Set(share float64, s string) {
	p.bar.SetValue(share)
	p.text.Set(s)
}

// CreateRenderer implements fyne.Widget.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.o) }

// Rows are the facts of a confirm dialog.
type Rows struct{ rows []widgets.FactRow }

// NewRows makes none.
func NewRows() *Rows { return &Rows{} }

// Object is the list.
func (r *Rows) Object() fyne.CanvasObject { return widgets.NewFactTable(110, r.rows...) }

// Add adds a fact; open shows more of it.
func (r *Rows) Add(label, value, note string, tone state.Tone, show string, open func()) {
	f := widgets.FactRow{Label: label, Value: value, Rest: note, Tone: look.Tone(tone)}
	if open != nil {
		f.Link, f.OnTap = show, open
	}
	r.rows = append(r.rows, f)
}

// NewGate is the amber row with an entry.
func NewGate(s string, e *Entry) fyne.CanvasObject {
	t := NewText(Strong, s)
	SetTone(t, state.Amber)
	return newBox(look.AmberOn, "", 8, [4]float32{8, 12, 8, 12}, widgets.HFill(12, t, e))
}

// ListLine is one line to read.
type ListLine struct {
	Text string
	Tone state.Tone
}

// Lines makes plain lines.
func Lines(ss []string) []ListLine {
	out := make([]ListLine, len(ss))
	for i, s := range ss {
		out[i] = ListLine{Text: s}
	}
	return out
}

// NewList shows lines.
func NewList(lines []ListLine) fyne.CanvasObject {
	list := VStack(6)
	for _, l := range lines {
		t := NewText(Small, l.Text).Wrap()
		SetTone(t, l.Tone)
		list.Add(t)
	}
	return list
}
