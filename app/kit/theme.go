package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"sendoff/app/state"
	"sendoff/widgets/look"
)

// NewTheme makes the theme of the application; mode is light, dark or system.
func NewTheme(mode string) fyne.Theme { return look.New(look.Variant(mode)) }

// Dark reports whether an application in a mode is dark now.
func Dark(a fyne.App, mode string) bool {
	return mode == "dark" || mode == "system" && a.Settings().ThemeVariant() == theme.VariantDark
}

// The tones of a model are those of the look.
func ink(t state.Tone) fyne.ThemeColorName    { return look.Tone(t).Text() }
func inkOn(t state.Tone) fyne.ThemeColorName  { return look.Tone(t).TextOn() }
func ground(t state.Tone) fyne.ThemeColorName { return look.Tone(t).On() }
func fill(t state.Tone) fyne.ThemeColorName   { return look.Tone(t).Fill() }
