package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"sendoff/widgets/look"
)

// NewTheme makes the theme of the application; mode is light, dark or system.
func NewTheme(mode string) fyne.Theme { return look.New(look.Variant(mode)) }

// Dark reports whether an application in a mode is dark now.
func Dark(a fyne.App, mode string) bool {
	return mode == "dark" || mode == "system" && a.Settings().ThemeVariant() == theme.VariantDark
}
