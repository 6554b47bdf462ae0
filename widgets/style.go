package widgets

import (
	"bytes"
	"sync"

	"fyne.io/fyne/v2"
	"github.com/go-text/typesetting/font"

	"sendoff/resources"
	"sendoff/widgets/look"
)

// Weight of a typeface.
type Weight int

// Weights.
const (
	Regular Weight = iota
	Light
	Medium
	SemiBold
)

// TextStyle says how a text looks. The zero value of a field is the usual: 14
// units, regular, ink.
type TextStyle struct {
	Size    float32
	Weight  Weight
	Color   fyne.ThemeColorName
	Tabular bool    // digits of one width, for what counts or stands in columns
	Tight   bool    // large numbers, set closer
	Mono    bool    // code
	Lead    float32 // height of a line; 0 for one that fits the size
}

// The styles of the application.

// Body is plain text.
func Body() TextStyle { return TextStyle{} }

// BodyMuted is text of less weight.
func BodyMuted() TextStyle { return TextStyle{Color: look.Muted} }

// Strong is the value in a line of facts.
func Strong() TextStyle { return TextStyle{Weight: SemiBold} }

// Heading is the title of a card.
func Heading() TextStyle { return TextStyle{Weight: SemiBold} }

// Caption is the small muted text above and below figures.
func Caption() TextStyle { return TextStyle{Size: look.SizeCaption, Color: look.Muted} }

// Small is the text of tables and dialogs.
func Small() TextStyle { return TextStyle{Size: look.SizeSmall} }

// SmallMuted is its muted companion.
func SmallMuted() TextStyle { return TextStyle{Size: look.SizeSmall, Color: look.Muted} }

// SmallStrong is its bold companion.
func SmallStrong() TextStyle { return TextStyle{Size: look.SizeSmall, Weight: SemiBold} }

// RowTitle is the name of a thing in a list.
func RowTitle() TextStyle { return TextStyle{Size: look.SizeRow, Weight: SemiBold} }

// MainText is the first line of a card.
func MainText() TextStyle { return TextStyle{Size: look.SizeMain} }

// WindowTitle stands in the header.
func WindowTitle() TextStyle { return TextStyle{Size: look.SizeMain, Weight: SemiBold} }

// DialogTitle is the title of a dialog.
func DialogTitle() TextStyle { return TextStyle{Size: look.SizeHeadline, Weight: SemiBold} }

// Headline is the sentence beside the ring.
func Headline() TextStyle { return TextStyle{Size: look.SizeHeadline} }

// SideTitle is the name in the side panel.
func SideTitle() TextStyle { return TextStyle{Size: look.SizeTitle, Weight: Light} }

// Figure is a large number.
func Figure() TextStyle { return TextStyle{Size: look.SizeFigure, Weight: Light, Tight: true} }

// SmallFigure is the number in a card of a list.
func SmallFigure() TextStyle { return TextStyle{Size: look.SizeNumber, Weight: Light, Tight: true} }

// In is the style in another colour.
func (s TextStyle) In(c fyne.ThemeColorName) TextStyle { s.Color = c; return s }

// Counting is the style with digits of one width.
func (s TextStyle) Counting() TextStyle { s.Tabular = true; return s }

func (s TextStyle) normal() TextStyle {
	if s.Size == 0 {
		s.Size = look.SizeBody
	}
	s.Size = floor(s.Size)
	if s.Color == "" {
		s.Color = look.Ink
	}
	if s.Lead == 0 {
		if s.Lead = round(s.Size * 1.32); s.Size >= look.SizeTitle {
			s.Lead = round(s.Size * 1.25)
		}
	}
	return s
}

// run is a piece of a line set in one face.
type run struct {
	text   string
	style  fyne.TextStyle
	source fyne.Resource
}

func (r run) measure(size float32) (w, h, baseline float32) {
	s, b := fyne.CurrentApp().Driver().RenderedTextSize(r.text, size, r.style, r.source)
	return s.Width, s.Height, b
}

// runs splits a line by face. A face of our own has no fallback, so what it
// lacks is set by the theme, in a piece apart: a piece that mixes faces is cut
// off below.
func (s TextStyle) runs(line string) []run {
	plain := fyne.TextStyle{Bold: s.Weight == SemiBold, Monospace: s.Mono}
	if s.Mono {
		return []run{{line, plain, nil}}
	}
	if f := s.figures(); f != nil && covers(f, line) {
		return []run{{line, fyne.TextStyle{}, f}}
	}
	var source fyne.Resource
	switch s.Weight {
	case Light:
		source = resources.Light
	case Medium:
		source = resources.Medium
	}
	if covers(resources.Regular, line) {
		return []run{{line, plain, source}}
	}
	var out []run
	for _, r := range line {
		k := r == ' ' || covers(resources.Regular, string(r))
		n := len(out)
		same := n > 0 && (r == ' ' || k == (out[n-1].style != theirs(plain)))
		if same {
			out[n-1].text += string(r)
			continue
		}
		if k {
			out = append(out, run{string(r), plain, source})
		} else {
			out = append(out, run{string(r), theirs(plain), nil})
		}
	}
	return out
}

// theirs marks the style of a piece that the fallback faces set. TabWidth means
// nothing for text without tabs.
func theirs(s fyne.TextStyle) fyne.TextStyle { s.TabWidth = 1; return s }

// figures is the face for numbers that the style asks for.
func (s TextStyle) figures() fyne.Resource {
	switch {
	case s.Weight == Light && s.Tight && s.Tabular:
		return resources.FiguresLightTabular
	case s.Weight == Light && s.Tight:
		return resources.FiguresLight
	case s.Weight == Regular && s.Tabular:
		return resources.FiguresTabular
	}
	return nil
}

// parsed reads each face once.
var parsed = sync.OnceValue(func() map[string]*font.Face {
	m := map[string]*font.Face{}
	for _, r := range []fyne.Resource{resources.Regular, resources.FiguresLight, resources.FiguresLightTabular, resources.FiguresTabular} {
		if f, err := font.ParseTTF(bytes.NewReader(r.Content())); err == nil {
			m[r.Name()] = f
		}
	}
	return m
})

// covers reports whether a face has every rune of s.
func covers(face fyne.Resource, s string) bool {
	f := parsed()[face.Name()]
	if f == nil {
		return false
	}
	for _, r := range s {
		if r >= ' ' && r < 0x7F && face == resources.Regular {
			continue
		}
		if _, ok := f.NominalGlyph(r); !ok {
			return false
		}
	}
	return true
}
