// Package resources embeds what the window is dressed with: typefaces, icons and
// the application's icon. It holds data alone; sentences are in the package
// translations.
//
// Everything here is immutable and safe for concurrent use. Fyne keeps caches by
// resource, so each file is one resource for the life of the program.
package resources

import (
	"embed"

	"fyne.io/fyne/v2"
)

// Typefaces: Inter, and figures made of it whose digits all have one width
// (Tabular) or that are set tight for large numbers (FiguresLight).
var (
	//go:embed fonts/Inter-Light.otf
	interLight []byte
	//go:embed fonts/Inter-Regular.otf
	interRegular []byte
	//go:embed fonts/Inter-Medium.otf
	interMedium []byte
	//go:embed fonts/Inter-SemiBold.otf
	interSemiBold []byte
	//go:embed fonts/Sendoff-Figures-Light.otf
	figuresLight []byte
	//go:embed fonts/Sendoff-Figures-LightTabular.otf
	figuresLightTabular []byte
	//go:embed fonts/Sendoff-Figures-Tabular.otf
	figuresTabular []byte

	Light               fyne.Resource = fyne.NewStaticResource("Inter-Light.otf", interLight)
	Regular             fyne.Resource = fyne.NewStaticResource("Inter-Regular.otf", interRegular)
	Medium              fyne.Resource = fyne.NewStaticResource("Inter-Medium.otf", interMedium)
	SemiBold            fyne.Resource = fyne.NewStaticResource("Inter-SemiBold.otf", interSemiBold)
	FiguresLight        fyne.Resource = fyne.NewStaticResource("Sendoff-Figures-Light.otf", figuresLight)
	FiguresLightTabular fyne.Resource = fyne.NewStaticResource("Sendoff-Figures-LightTabular.otf", figuresLightTabular)
	FiguresTabular      fyne.Resource = fyne.NewStaticResource("Sendoff-Figures-Tabular.otf", figuresTabular)
)

//go:embed icon.png
var appIcon []byte

// AppIcon is the icon of the application, 512 pixels square.
var AppIcon fyne.Resource = fyne.NewStaticResource("icon.png", appIcon)

//go:embed icons/*.svg
var icons embed.FS

// Icon returns a small picture by its file name without ending, such as
// "envelope"; its colour is the theme's to choose. An unknown name is nil.
func Icon(name string) fyne.Resource {
	b, err := icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		return nil
	}
	return fyne.NewStaticResource(name+".svg", b)
}
