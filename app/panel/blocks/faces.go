package blocks

import (
	"image/color"
	"strconv"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationmonobold"
	"codeberg.org/go-fonts/liberation/liberationmonobolditalic"
	"codeberg.org/go-fonts/liberation/liberationmonoitalic"
	"codeberg.org/go-fonts/liberation/liberationmonoregular"
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansbolditalic"
	"codeberg.org/go-fonts/liberation/liberationsansitalic"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-fonts/liberation/liberationserifbold"
	"codeberg.org/go-fonts/liberation/liberationserifbolditalic"
	"codeberg.org/go-fonts/liberation/liberationserifitalic"
	"codeberg.org/go-fonts/liberation/liberationserifregular"
	"fyne.io/fyne/v2"

	"sendoff/engine/block"
	"sendoff/widgets"
)

// faces are typefaces of the same measures as those that mail programs have:
// Arial, Times and Courier. Fyne keeps caches by resource, so each is one.
var faces = sync.OnceValue(func() map[block.Font]widgets.Face {
	r := func(name string, data []byte) fyne.Resource { return fyne.NewStaticResource(name, data) }
	sans := widgets.Face{Regular: r("LiberationSans.ttf", liberationsansregular.TTF), Bold: r("LiberationSans-Bold.ttf", liberationsansbold.TTF),
		Italic: r("LiberationSans-Italic.ttf", liberationsansitalic.TTF), BoldItalic: r("LiberationSans-BoldItalic.ttf", liberationsansbolditalic.TTF)}
	serif := widgets.Face{Regular: r("LiberationSerif.ttf", liberationserifregular.TTF), Bold: r("LiberationSerif-Bold.ttf", liberationserifbold.TTF),
		Italic: r("LiberationSerif-Italic.ttf", liberationserifitalic.TTF), BoldItalic: r("LiberationSerif-BoldItalic.ttf", liberationserifbolditalic.TTF)}
	mono := widgets.Face{Regular: r("LiberationMono.ttf", liberationmonoregular.TTF), Bold: r("LiberationMono-Bold.ttf", liberationmonobold.TTF),
		Italic: r("LiberationMono-Italic.ttf", liberationmonoitalic.TTF), BoldItalic: r("LiberationMono-BoldItalic.ttf", liberationmonobolditalic.TTF)}
	return map[block.Font]widgets.Face{block.FontSans: sans, block.FontHumanist: sans, block.FontGeometric: sans,
		block.FontSerif: serif, block.FontBook: serif, block.FontMono: mono}
})

// rgb is a colour of a document, "#RRGGBB".
func rgb(s string) color.NRGBA {
	n, err := strconv.ParseUint(s[min(1, len(s)):], 16, 32)
	if err != nil || len(s) != 7 {
		return color.NRGBA{A: 255}
	}
	return color.NRGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
}

// faint is a colour that shows a little.
func faint(s string, alpha uint8) color.NRGBA {
	c := rgb(s)
	c.A = alpha
	return c
}
