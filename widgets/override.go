package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// override is the theme of the application with some sizes and colours of its
// own. Faces are left alone: text is measured with those of the application.
type override struct {
	sizes  map[fyne.ThemeSizeName]float32
	colors map[fyne.ThemeColorName]fyne.ThemeColorName
}

func (o override) base() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

func (o override) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if k, ok := o.colors[n]; ok {
		if k == "" {
			return color.NRGBA{}
		}
		n = k
	}
	return o.base().Color(n, v)
}

func (o override) Font(s fyne.TextStyle) fyne.Resource     { return o.base().Font(s) }
func (o override) Icon(n fyne.ThemeIconName) fyne.Resource { return o.base().Icon(n) }
func (o override) Size(n fyne.ThemeSizeName) float32 {
	if s, ok := o.sizes[n]; ok {
		return s
	}
	return o.base().Size(n)
}

// bare shows a widget of Fyne without the space it keeps around its text.
func bare(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(o, override{sizes: map[fyne.ThemeSizeName]float32{
		theme.SizeNameInnerPadding: 0, theme.SizeNameLineSpacing: 0}})
}
