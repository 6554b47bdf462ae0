package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Selectable is a text that can be selected and copied: a hash, a reply.
type Selectable struct {
	widget.BaseWidget
	label *widget.Label
	frame fyne.CanvasObject
}

// NewSelectable makes one; it wraps.
func NewSelectable(s string, mono bool) *Selectable {
	l := widget.NewLabelWithStyle(s, fyne.TextAlignLeading, fyne.TextStyle{Monospace: mono})
	l.Selectable = true
	l.Wrapping = fyne.TextWrapBreak
	t := &Selectable{label: l, frame: bare(l)}
	t.ExtendBaseWidget(t)
	return t
}

// Small makes it small and muted.
func (t *Selectable) Small() *Selectable {
	t.label.SizeName, t.label.Importance = theme.SizeNameCaptionText, widget.LowImportance
	t.label.Refresh()
	return t
}

// Prose lets it break between words, as sentences do.
func (t *Selectable) Prose() *Selectable {
	t.label.Wrapping = fyne.TextWrapWord
	return t
}

// Set changes what it says.
func (t *Selectable) Set(s string) {
	if s != t.label.Text {
		t.label.SetText(s)
	}
}

// Text is what it says.
func (t *Selectable) Text() string { return t.label.Text }

// CreateRenderer implements fyne.Widget.
func (t *Selectable) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.frame) }
