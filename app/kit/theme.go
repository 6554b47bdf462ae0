package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"sendoff/app/state"
)

// Colour names of our own.
const (
	colorSurface fyne.ThemeColorName = "s.surface"
	colorLine    fyne.ThemeColorName = "s.line"
	colorInk     fyne.ThemeColorName = "s.ink"
	colorMuted   fyne.ThemeColorName = "s.muted"
	colorFill    fyne.ThemeColorName = "s.fill"
	colorBlue    fyne.ThemeColorName = "s.blue"
	colorBlueOn  fyne.ThemeColorName = "s.blueOn"
	colorAction  fyne.ThemeColorName = "s.action"
	colorGreen   fyne.ThemeColorName = "s.green"
	colorGreenOn fyne.ThemeColorName = "s.greenOn"
	colorAmber   fyne.ThemeColorName = "s.amber"
	colorAmberOn fyne.ThemeColorName = "s.amberOn"
	colorRed     fyne.ThemeColorName = "s.red"
	colorRedOn   fyne.ThemeColorName = "s.redOn"
	colorViolet  fyne.ThemeColorName = "s.violet"
	colorVioletO fyne.ThemeColorName = "s.violetOn"
)

func rgb(v uint32) color.Color {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

type pair struct{ light, dark uint32 }

var _ fyne.Theme = (*Theme)(nil)

// Theme is the look of the application in one mode.
type Theme struct {
	mode   string
	colors map[fyne.ThemeColorName]pair
}

// NewTheme makes the theme; mode is light, dark or system.
func NewTheme(mode string) *Theme {
	t := &Theme{mode: mode, colors: map[fyne.ThemeColorName]pair{
		colorSurface: {0xFFFFFF, 0x1B2027}, colorLine: {0xE2E5EA, 0x2C333C}, colorInk: {0x1B2430, 0xE7EBF0},
		colorMuted: {0x636D81, 0x98A2B3}, colorFill: {0xEEF0F3, 0x262C35},
		colorBlue: {0x1D67DB, 0x5B9BFF}, colorBlueOn: {0xE8F0FE, 0x1B2A44}, colorAction: {0x1F6FEB, 0x5B9BFF},
		colorGreen: {0x197C4A, 0x4CC38A}, colorGreenOn: {0xE6F4EC, 0x17322A},
		colorAmber: {0x976500, 0xF0B440}, colorAmberOn: {0xFFF4D6, 0x33290F},
		colorRed: {0xC0352B, 0xF2786E}, colorRedOn: {0xFDEBEA, 0x3A1E1D},
		colorViolet: {0x6B4EE6, 0xA795FF}, colorVioletO: {0xEFEBFF, 0x262042},
	}}
	for name, from := range map[fyne.ThemeColorName]pair{
		theme.ColorNameBackground: {0xF4F5F7, 0x13161B}, theme.ColorNameForegroundOnPrimary: {0xFFFFFF, 0x0E1726},
		theme.ColorNameForeground: t.colors[colorInk], theme.ColorNameButton: t.colors[colorSurface],
		theme.ColorNameInputBackground: t.colors[colorSurface], theme.ColorNameMenuBackground: t.colors[colorSurface],
		theme.ColorNameOverlayBackground: t.colors[colorSurface], theme.ColorNameHeaderBackground: t.colors[colorSurface],
		theme.ColorNamePrimary: t.colors[colorAction], theme.ColorNameHyperlink: t.colors[colorBlue],
		theme.ColorNamePlaceHolder: t.colors[colorMuted], theme.ColorNameDisabled: t.colors[colorMuted],
		theme.ColorNameInputBorder: t.colors[colorLine], theme.ColorNameSeparator: t.colors[colorLine],
		theme.ColorNameHover: t.colors[colorFill], theme.ColorNamePressed: t.colors[colorBlueOn],
		theme.ColorNameSelection: t.colors[colorBlueOn], theme.ColorNameError: t.colors[colorRed],
		theme.ColorNameSuccess: t.colors[colorGreen], theme.ColorNameWarning: t.colors[colorAmber],
	} {
		t.colors[name] = from
	}
	return t
}

func (t *Theme) dark(v fyne.ThemeVariant) bool {
	return t.mode == "dark" || t.mode != "light" && v == theme.VariantDark
}

// Color gives a colour by name.
func (t *Theme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if p, ok := t.colors[n]; ok {
		if t.dark(v) {
			return rgb(p.dark)
		}
		return rgb(p.light)
	}
	if t.dark(v) {
		v = theme.VariantDark
	} else {
		v = theme.VariantLight
	}
	switch n {
	case theme.ColorNameFocus:
		c := rgb(t.colors[colorAction].light).(color.NRGBA)
		c.A = 110
		return c
	case theme.ColorNameScrollBarBackground:
		return color.Transparent
	}
	return theme.DefaultTheme().Color(n, v)
}

// Font is the default theme's.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(s) }

// Icon is the default theme's.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Size gives a length by name.
func (t *Theme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return 14
	case theme.SizeNameCaptionText:
		return 12
	case theme.SizeNameInputRadius:
		return 8
	case theme.SizeNameSelectionRadius:
		return 0
	}
	return theme.DefaultTheme().Size(n)
}

// Dark reports whether an application in a mode is dark now.
func Dark(a fyne.App, mode string) bool {
	return mode == "dark" || mode == "system" && a.Settings().ThemeVariant() == theme.VariantDark
}

func ink(t state.Tone) fyne.ThemeColorName {
	switch t {
	case state.Quiet:
		return colorMuted
	case state.Blue:
		return colorBlue
	case state.Green:
		return colorGreen
	case state.Amber:
		return colorAmber
	case state.Red:
		return colorRed
	case state.Violet:
		return colorViolet
	}
	return colorInk
}

func ground(t state.Tone) fyne.ThemeColorName {
	switch t {
	case state.Blue:
		return colorBlueOn
	case state.Green:
		return colorGreenOn
	case state.Amber:
		return colorAmberOn
	case state.Red:
		return colorRedOn
	case state.Violet:
		return colorVioletO
	}
	return colorFill
}
