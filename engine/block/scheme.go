package block

// Tones are the colours on one ground, each "#RRGGBB".
type Tones struct{ Back, Ink, Muted, Link, Rule string }

// Scheme is all colours of a letter, by day or by night.
type Scheme struct {
	Around            Tones // around the sheet
	Sheet, Tint, Fill Tones
	Button, ButtonInk string // of a button on the sheet or the tint
}

// On returns the tones of a fill.
func (s Scheme) On(f Fill) Tones {
	switch f {
	case FillTint:
		return s.Tint
	case FillBrand:
		return s.Fill
	}
	return s.Sheet
}

// Scheme works out the colours of a brand. Every text can be read on its ground.
func (b Brand) Scheme(dark bool) Scheme {
	brand, text := rgb(b.Color), rgb(b.Text)
	sheet, tint, ground := rgb(b.Sheet), rgb(b.Tint), rgb(b.Ground)
	if dark {
		ground = color{0.067, 0.071, 0.078}.mix(brand, 0.05)
		sheet = color{0.110, 0.118, 0.129}.mix(brand, 0.05)
		tint = sheet.mix(brand, 0.16).mix(white, 0.03)
		text = color{0.92, 0.93, 0.94}
	}
	s := Scheme{Around: tones(ground, text, brand), Sheet: tones(sheet, text, brand), Tint: tones(tint, text, brand)}
	s.Around.Ink = s.Around.Muted
	s.Around.Link = s.Around.Muted
	// A button stands out from the sheet, by day as WCAG asks of a control, by night
	// like a light.
	button, apart := brand, 3.0
	if dark {
		apart = 5.5
	}
	for i := 0; i < 60 && min(contrast(button, sheet), contrast(button, tint)) < apart; i++ {
		if sheet.luminance() > 0.18 {
			button = button.mix(black, 0.05)
		} else {
			button = button.mix(white, 0.05)
		}
	}
	s.Button, s.ButtonInk = button.String(), over(rgb(button.String())).String()
	ink := over(brand).String()
	s.Fill = Tones{Back: brand.String(), Ink: ink, Muted: ink, Link: ink, Rule: brand.mix(rgb(ink), 0.35).String()}
	return s
}

func tones(back, text, link color) Tones {
	back = rgb(back.String()) // as it will be shown
	return Tones{Back: back.String(), Ink: readable(text, back).String(), Muted: readable(text.mix(back, 0.36), back).String(),
		Link: readable(link, back).String(), Rule: back.mix(text, 0.14).String()}
}
