package gallery

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"sendoff/resources"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// document shows a board with its frames: at rest, chosen, and with a fault.
func document() fyne.CanvasObject {
	face := widgets.Face{Regular: resources.Regular, Bold: resources.SemiBold, Italic: resources.Light, BoldItalic: resources.SemiBold}
	ink, blue := color.NRGBA{0x1F, 0x29, 0x37, 255}, color.NRGBA{0x25, 0x63, 0xEB, 255}
	prose := func(align fyne.TextAlign) fyne.CanvasObject {
		return widgets.NewProse(widgets.ProseStyle{Face: face, Size: 16, Lead: 26, Color: ink, Align: align},
			widgets.Span{Text: "Dear "}, widgets.Span{Text: "first_name", Back: color.NRGBA{0x25, 0x63, 0xEB, 34}}, widgets.Span{Text: ", a paragraph of "},
			widgets.Span{Text: "several weights", Bold: true}, widgets.Span{Text: " and "}, widgets.Span{Text: "links of two words", Underline: true, Color: blue}, widgets.Span{Text: "."})
	}
	white := color.NRGBA{255, 255, 255, 255}
	plain := widgets.NewFrame("plain", white, 0, widgets.Pad(12, 16), prose(fyne.TextAlignLeading))
	chosen := widgets.NewFrame("chosen", white, 0, widgets.Pad(12, 16), prose(fyne.TextAlignCenter))
	chosen.SetSelected(true)
	wrong := widgets.NewFrame("wrong", white, 0, widgets.Pad(12, 16), prose(fyne.TextAlignTrailing))
	wrong.SetWrong(true)
	b := widgets.NewBoard("document", widgets.VStack(8, plain, chosen, wrong))
	return b
}

// choosing shows what one chooses from.
func choosing() fyne.CanvasObject {
	off := widgets.NewTile("Not now", widgets.IconImage, func() {})
	off.Disable()
	used := widgets.NewSwatch("Chosen", nil, color.NRGBA{0x23, 0x70, 0x3F, 255}, color.NRGBA{0xE4, 0xF0, 0xE6, 255})
	used.SetChosen(true)
	m := image.NewNRGBA(image.Rect(0, 0, 60, 80))
	for i := range m.Pix {
		m.Pix[i] = uint8(120 + i/4%60 + 60*(i%4/3))
	}
	card := widgets.NewPictureCard("A picture", canvas.NewImageFromImage(m), func() {})
	steps := widgets.NewSteps("File", "Columns", "Check")
	steps.Set(1)
	figure := func(label, n string, tone look.Tone) *widgets.FigureButton {
		f := widgets.NewFigureButton(label, func() {})
		f.Set(n, "of 1,000", tone)
		return f
	}
	open := figure("New", "900", look.GreenTone)
	open.SetChosen(true)
	return widgets.VStack(14, steps, widgets.HStack(10, open, figure("Updated", "60", look.BlueTone), figure("Refused", "5", look.AmberTone)),
		widgets.HStack(8, widgets.NewTile("Heading", widgets.IconHeading, func() {}), widgets.NewTile("Text", widgets.IconParagraph, func() {}), off),
		widgets.HStack(4, widgets.NewSwatch("One", nil, color.NRGBA{0xB8, 0x3E, 0x26, 255}), used),
		widgets.HStack(0, card))
}
