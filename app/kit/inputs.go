package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/state"
	"sendoff/widgets"
)

// Entry is a line or an area to type in.
type Entry = widgets.Entry

// NewEntry makes a line; hint is what an empty one shows.
func NewEntry(hint string) *Entry { return widgets.NewEntry("", hint) }

// NewArea makes an entry of several rows; code is set in a fixed-width face.
func NewArea(hint string, rows int, code bool) *Entry { return widgets.NewArea("", hint, rows, code) }

// NewRadio makes a list of which one is chosen.
func NewRadio(names []string, changed func(int)) *widgets.Radio {
	return widgets.NewRadio(names, changed)
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
		row := widgets.Field(f.Label, f.Input)
		if f.Below != nil {
			row.Add(f.Below)
		}
		os = append(os, row)
	}
	return VStack(12, os...)
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

// NewList shows lines below a lead.
func NewList(lead string, tone state.Tone, lines []ListLine) fyne.CanvasObject {
	list := VStack(6)
	if lead != "" {
		t := NewText(Body, lead).Wrap()
		SetTone(t, tone)
		list.Add(widgets.Inset(widgets.Insets{Bottom: 6}, t))
	}
	for _, l := range lines {
		t := NewText(Small, l.Text).Wrap()
		SetTone(t, l.Tone)
		list.Add(t)
	}
	return list
}
