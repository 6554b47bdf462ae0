package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sendoff/widgets/look"
)

// TestMarkup holds a few parts against pictures in words: what is drawn, where,
// how large and in what colour.
func TestMarkup(t *testing.T) {
	figures := NewKPIRow(3, false)
	figures.Set(0, "Targeted", "10,000", "", look.Neutral)
	figures.Set(1, "To deliver", "9,786", "97.9 % of targeted", look.Neutral)
	figures.Set(2, "Delivered", "97.1 %", "9,502", look.GreenTone)
	facts := NewFacts()
	facts.Set([]Fact{{Label: "Sender", Value: "Acme Garden <news@acme.example>"}, {Label: "Plan", Value: "7f3a·c41e", Code: true}})
	ring := NewRing(98)
	ring.SetValue(0.63, "63%")
	banner := NewBanner(look.AmberTone, IconWarning, "It waits for your confirmation.")
	banner.SetAction("Open", func() {})
	for _, c := range []struct {
		name string
		w, h float32
		o    fyne.CanvasObject
	}{
		{"figures", 520, 80, VStack(0, figures)},
		{"figures-narrow", 330, 180, VStack(0, figures)},
		{"facts", 191, 120, VStack(0, facts)},
		{"button", 200, 60, HStack(0, NewButton("Confirm send", IconCheck, Primary, nil))},
		{"ring", 120, 120, HStack(0, ring)},
		{"banner", 400, 60, VStack(0, banner)},
		{"table", 500, 80, NewFactTable(118, FactRow{Label: "Messages", Value: "9,786", Rest: "214 excluded", Link: "show", OnTap: func() {}})},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := window(t, c.w, c.h, Root(1, 1, c.o))
			test.AssertRendersToMarkup(t, c.name+".xml", w.Canvas())
		})
	}
}

// TestBothLooks draws every part in both looks: no colour may be missing, and
// nothing may keep the colour of the other.
func TestBothLooks(t *testing.T) {
	title := NewText("Deployment", Heading())
	chip := NewChip("Finished", look.GreenTone)
	w := window(t, 300, 100, VStack(4, title, chip, NewButton("Stop", IconStop, Danger, nil)))
	settings := fyne.CurrentApp().Settings()
	light := settings.Theme()
	t.Cleanup(func() { settings.SetTheme(light) })
	before := title.pieces[0].Color
	ground := chip.ground.fills[0].FillColor
	settings.SetTheme(look.New(look.Dark))
	title.Refresh()
	chip.Refresh()
	if title.pieces[0].Color == before || chip.ground.fills[0].FillColor == ground {
		t.Error("a colour stayed light")
	}
	w.Canvas().Capture()
}
