package block

// styles writes the rules that cannot stand in the elements: phones, and dark
// mode. Each sheet is one that a program which stumbles over it can leave out
// alone: Gmail drops a whole style element for one selector it does not know.
func (p *page) styles() {
	p.w(`<style>
:root{color-scheme:light dark}
@media only screen and (max-width:620px){
.so-o{padding:0!important}
.so-c{border-radius:0!important}
.so-p{padding-left:20px!important;padding-right:20px!important}
.so-q{padding-left:8px!important;padding-right:8px!important}
.so-k{max-width:100%!important}
.so-1{font-size:30px!important;line-height:36px!important}
.so-w{max-width:100%!important}
}
</style>
`)
	night := p.d.Brand.Scheme(true)
	ink := []struct{ class, color string }{
		{"so-i", night.Sheet.Ink}, {"so-m", night.Sheet.Muted}, {"so-l", night.Sheet.Link},
		{"so-ti", night.Tint.Ink}, {"so-tm", night.Tint.Muted}, {"so-tl", night.Tint.Link},
		{"so-gi", night.Around.Ink}, {"so-fi", night.Fill.Ink}, {"so-ft", night.Fill.Back}, {"so-bi", night.ButtonInk},
	}
	back := []struct{ class, color string }{
		{"so-g", night.Around.Back}, {"so-s", night.Sheet.Back}, {"so-t", night.Tint.Back}, {"so-f", night.Fill.Back}, {"so-fb", night.Fill.Ink}, {"so-bb", night.Button},
	}
	line := []struct{ class, color string }{
		{"so-r", night.Sheet.Rule}, {"so-tr", night.Tint.Rule}, {"so-gr", night.Around.Rule}, {"so-lr", night.Sheet.Link}, {"so-tlr", night.Tint.Link},
		{"so-fr", night.Fill.Rule}, {"so-flr", night.Fill.Link}, {"so-fb", night.Fill.Ink}, {"so-bb", night.Button},
	}
	rules := func(before, beforeBack string) {
		for _, c := range ink {
			p.w(before, ".", c.class, "{color:", c.color, "!important}\n")
		}
		for _, c := range line {
			p.w(before, ".", c.class, "{border-color:", c.color, "!important}\n")
		}
		for _, c := range back {
			p.w(beforeBack, ".", c.class, "{background-color:", c.color, "!important}\n")
		}
	}
	p.w("<style>\n@media (prefers-color-scheme:dark){\n")
	rules("", "")
	p.w("}\n</style>\n<style>\n")
	// Outlook.com and Outlook on phones mark what they have recoloured.
	rules("[data-ogsc] ", "[data-ogsb] ")
	p.w("</style>\n")
}

// classes are the names of the colours on a fill.
type classes struct{ back, ink, muted, link, rule, linkRule string }

func classesOf(f Fill) classes {
	switch f {
	case FillTint:
		return classes{"so-t", "so-ti", "so-tm", "so-tl", "so-tr", "so-tlr"}
	case FillBrand:
		return classes{"so-f", "so-fi", "so-fi", "so-fi", "so-fr", "so-flr"}
	case around:
		return classes{"so-g", "so-gi", "so-gi", "so-gi", "so-gr", "so-gr"}
	}
	return classes{"so-s", "so-i", "so-m", "so-l", "so-r", "so-lr"}
}
