package look

import (
	"image/color"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"sendoff/resources"
)

// Variant is which of the two looks to show.
type Variant string

// Variants. System follows the desktop.
const (
	System Variant = "system"
	Light  Variant = "light"
	Dark   Variant = "dark"
)

// Theme is the look of the application.
type Theme struct {
	variant atomic.Value // Variant
}

var _ fyne.Theme = (*Theme)(nil)

// New makes the theme in a variant; an unknown one is System.
func New(v Variant) *Theme {
	t := &Theme{}
	t.SetVariant(v)
	return t
}

// SetVariant changes the look. Call Settings().SetTheme with the theme after it.
func (t *Theme) SetVariant(v Variant) {
	if v != Light && v != Dark {
		v = System
	}
	t.variant.Store(v)
}

// Variant is the look that was asked for.
func (t *Theme) Variant() Variant { return t.variant.Load().(Variant) }

// Dark reports whether the look is dark, on a desktop of the given variant.
func (t *Theme) Dark(desktop fyne.ThemeVariant) bool {
	switch t.Variant() {
	case Light:
		return false
	case Dark:
		return true
	}
	return desktop == theme.VariantDark
}

// Color implements fyne.Theme.
func (t *Theme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	dark := t.Dark(v)
	if p, ok := palette(n); ok {
		if dark {
			return rgba(p.dark)
		}
		return rgba(p.light)
	}
	if dark {
		return theme.DefaultTheme().Color(n, theme.VariantDark)
	}
	return theme.DefaultTheme().Color(n, theme.VariantLight)
}

// Font implements fyne.Theme. Scripts that Inter lacks come from Fyne's own
// faces; so do code and symbols.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource {
	switch {
	case s.Monospace || s.Symbol:
		return theme.DefaultTheme().Font(s)
	case s.Bold:
		return resources.SemiBold
	}
	return resources.Regular
}

// Icon implements fyne.Theme.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Size implements fyne.Theme.
func (t *Theme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return 14
	case theme.SizeNameCaptionText:
		return 12
	case theme.SizeNameHeadingText:
		return 22
	case theme.SizeNameSubHeadingText:
		return 17
	case theme.SizeNamePadding:
		return 4
	case theme.SizeNameInnerPadding:
		return 8
	case theme.SizeNameLineSpacing:
		return 2
	case theme.SizeNameInlineIcon:
		return 16
	case theme.SizeNameInputRadius, theme.SizeNameButtonRadius, theme.SizeNameMenuRadius, theme.SizeNamePopupRadius:
		return RadiusSmall
	case theme.SizeNameDialogRadius, theme.SizeNameCardRadius:
		return Radius
	case theme.SizeNameSelectionRadius, theme.SizeNameModalBlurRadius:
		return 0
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 4
	case theme.SizeNameScrollBarRadius:
		return 5
	case theme.SizeNameSeparatorThickness:
		return 1
	}
	return theme.DefaultTheme().Size(n)
}

// Distances, in units of the window.
const (
	Gap         float32 = 16 // between cards
	Margin      float32 = 20 // around a page
	CardMargin  float32 = 18 // inside a card
	Radius      float32 = 12 // of cards and dialogs
	RadiusSmall float32 = 8  // of buttons, entries, tiles

	ButtonHeight float32 = 34
	BarHeight    float32 = 52
	HeaderHeight float32 = 56
	StripHeight  float32 = 28
	RowHeight    float32 = 36
	SideWidth    float32 = 232

	FoldBelow  float32 = 1100 // windows narrower than this hide the side panel
	StackBelow float32 = 1000 // columns narrower than this together stand under each other
)

// Text sizes. Only whole numbers: the advances of other sizes are rounded up.
const (
	SizeChart    float32 = 11
	SizeCaption  float32 = 12
	SizeSmall    float32 = 13
	SizeBody     float32 = 14
	SizeRow      float32 = 16
	SizeMain     float32 = 17
	SizeHeadline float32 = 20
	SizeNumber   float32 = 22
	SizeTitle    float32 = 24
	SizeFigure   float32 = 32
)
