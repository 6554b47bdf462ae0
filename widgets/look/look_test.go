package look

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// luminance and contrast are those of WCAG 2.1, "relative luminance" and
// "contrast ratio".
func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	part := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n.R) + 0.7152*part(n.G) + 0.0722*part(n.B)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

func TestContrastFormula(t *testing.T) {
	if c := contrast(color.Black, color.White); math.Abs(c-21) > 0.01 {
		t.Errorf("black on white: %v, want 21", c)
	}
	if c := contrast(color.NRGBA{0x77, 0x77, 0x77, 255}, color.White); math.Abs(c-4.48) > 0.01 {
		t.Errorf("#777 on white: %v, want 4.48", c)
	}
}

// TestTextCanBeRead holds every pair of text and ground against 4.5 : 1.
func TestTextCanBeRead(t *testing.T) {
	type p struct{ text, ground fyne.ThemeColorName }
	var pairs []p
	for _, ground := range []fyne.ThemeColorName{Ground, Side, Surface} {
		for _, text := range []fyne.ThemeColorName{Ink, Muted, Blue, Green, Amber, Red, Violet} {
			pairs = append(pairs, p{text, ground})
		}
	}
	for _, tone := range []Tone{Neutral, Quiet, BlueTone, GreenTone, AmberTone, RedTone, VioletTone} {
		pairs = append(pairs, p{tone.TextOn(), tone.On()}, p{tone.Text(), Surface}, p{Ink, tone.On()})
	}
	pairs = append(pairs, p{PrimaryText, Action}, p{PrimaryText, ActionHover}, p{PrimaryText, RedFill}, p{PrimaryText, RedHover}, p{Ink, Chip}, p{ChipText, Chip},
		p{theme.ColorNamePlaceHolder, theme.ColorNameInputBackground}, p{theme.ColorNameForeground, theme.ColorNameSelection},
		p{theme.ColorNameHyperlink, theme.ColorNameBackground}, p{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
		p{theme.ColorNameForegroundOnError, theme.ColorNameError}, p{theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess},
		p{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning})
	for _, v := range []Variant{Light, Dark} {
		th := New(v)
		for _, p := range pairs {
			if c := contrast(th.Color(p.text, 0), th.Color(p.ground, 0)); c < 4.5 {
				t.Errorf("%s: %s on %s has %.2f : 1", v, p.text, p.ground, c)
			}
		}
	}
}

func TestVariants(t *testing.T) {
	for _, c := range []struct {
		v       Variant
		desktop fyne.ThemeVariant
		dark    bool
	}{{Light, theme.VariantDark, false}, {Dark, theme.VariantLight, true}, {System, theme.VariantDark, true},
		{System, theme.VariantLight, false}, {"", theme.VariantDark, true}} {
		th := New(c.v)
		if got := luminance(th.Color(Ground, c.desktop)) < 0.5; got != c.dark {
			t.Errorf("%q on a desktop of %v: dark %v", c.v, c.desktop, got)
		}
	}
	th := New(Light)
	th.SetVariant(Dark)
	if th.Variant() != Dark || !th.Dark(theme.VariantLight) {
		t.Error("the variant did not change")
	}
}

// TestFacesHaveNames: Fyne keeps text textures by the name of the face.
func TestFacesHaveNames(t *testing.T) {
	th := New(Light)
	seen := map[string]bool{}
	for _, s := range []fyne.TextStyle{{}, {Bold: true}, {Monospace: true}, {Symbol: true}} {
		f := th.Font(s)
		if f == nil || seen[f.Name()] {
			t.Errorf("%+v: %v", s, f)
			continue
		}
		seen[f.Name()] = true
	}
}
