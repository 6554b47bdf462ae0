package check

import (
	"strconv"
	"strings"
)

// look is how the text of an element looks, as far as it can be told from the
// markup alone.
type look struct {
	ink, ground           rgb
	inkKnown, groundKnown bool
	size                  float64 // of the type, in CSS pixels
	bold                  bool
	hidden                bool
}

// plain is how a mail program shows what says nothing.
var plain = look{ink: black, ground: white, inkKnown: true, groundKnown: true, size: 16}

// declarations splits a style attribute. Names are lower case; of one name the
// last counts.
func declarations(style string) map[string]string {
	out := map[string]string{}
	for _, d := range strings.Split(style, ";") {
		if name, value, ok := strings.Cut(d, ":"); ok {
			out[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
		}
	}
	return out
}

// within is how an element looks that stands in one that looks like l. attr gives
// an attribute's value; s says what a style sheet may have a say in.
func (l look) within(tag string, attr func(string) string, s said) look {
	switch tag {
	case "b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6":
		l.bold = true
	case "a":
		l.ink, l.inkKnown = linkBlue, true
	}
	switch tag {
	case "h1":
		l.size = 32
	case "h2":
		l.size = 24
	case "h3":
		l.size = 18.72
	}
	if v := attr("bgcolor"); v != "" {
		l.ground, l.groundKnown = parseColor(v)
	}
	if v := attr("color"); v != "" && tag == "font" {
		l.ink, l.inkKnown = parseColor(v)
	}
	if attr("background") != "" {
		l.groundKnown = false
	}
	l.inkKnown = l.inkKnown && s&saidInk == 0
	l.groundKnown = l.groundKnown && s&saidGround == 0
	d := declarations(attr("style"))
	if v, ok := d["background"]; ok {
		l.ground, l.groundKnown = parseColor(v)
	}
	if v, ok := d["background-color"]; ok {
		l.ground, l.groundKnown = parseColor(v)
	}
	if v, ok := d["background-image"]; ok && !strings.EqualFold(v, "none") {
		l.groundKnown = false
	}
	if v, ok := d["color"]; ok && !strings.EqualFold(v, "inherit") {
		l.ink, l.inkKnown = parseColor(v)
	}
	if v, ok := d["font-size"]; ok {
		l.size = size(v, l.size)
	}
	if v, ok := d["font-weight"]; ok {
		n, err := strconv.Atoi(v)
		l.bold = v == "bold" || v == "bolder" || err == nil && n >= 700
	}
	if strings.EqualFold(d["display"], "none") || strings.EqualFold(d["visibility"], "hidden") || strings.HasPrefix(d["mso-hide"], "all") || d["opacity"] == "0" || l.size == 0 {
		l.hidden = true
	}
	return l
}

// size reads a font size into pixels; what it cannot read leaves it as it was.
func size(v string, was float64) float64 {
	v = strings.ToLower(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "!important")))
	if v == "0" {
		return 0
	}
	for _, u := range []struct {
		unit string
		px   float64
	}{{"px", 1}, {"pt", 4.0 / 3}, {"rem", 16}, {"em", was}, {"%", was / 100}} {
		if n, ok := strings.CutSuffix(v, u.unit); ok {
			if x, err := strconv.ParseFloat(strings.TrimSpace(n), 64); err == nil && x >= 0 {
				return x * u.px
			}
			return was
		}
	}
	return was
}

// large reports whether WCAG 2.2 counts the type as large: 24 pixels, or 18.66
// and bold.
func (l look) large() bool { return l.size >= 24 || l.bold && l.size >= 18.66 }

// Contrast that text needs (WCAG 2.2, success criterion 1.4.3).
const (
	contrastText  = 4.5
	contrastLarge = 3.0
)

func (l look) needs() float64 {
	if l.large() {
		return contrastLarge
	}
	return contrastText
}

// said is what of an element a style sheet speaks of.
type said uint8

const (
	saidInk said = 1 << iota
	saidGround
)

// sheet is what a style sheet may have a say in, by tag, ".class" and "#id".
type sheet map[string]said

// read takes the rules that speak of colours, those within @media left out: they
// are for another screen than the usual one.
func (s sheet) read(css string) {
	css = uncommented(css)
	for css != "" {
		open := strings.IndexByte(css, '{')
		if open < 0 {
			return
		}
		selector := strings.TrimSpace(css[:open])
		shut := matching(css[open:])
		body := css[open+1 : max(open+1, open+shut)]
		css = css[min(len(css), open+shut+1):]
		if strings.HasPrefix(selector, "@") {
			continue
		}
		var of said
		for name := range declarations(body) {
			switch {
			case name == "color":
				of |= saidInk
			case strings.HasPrefix(name, "background"):
				of |= saidGround
			}
		}
		if of == 0 {
			continue
		}
		for _, one := range strings.Split(selector, ",") {
			s[subject(one)] |= of
		}
	}
}

// uncommented is css without its comments.
func uncommented(css string) string {
	var b strings.Builder
	for {
		i := strings.Index(css, "/*")
		if i < 0 {
			b.WriteString(css)
			return b.String()
		}
		b.WriteString(css[:i])
		end := strings.Index(css[i+2:], "*/")
		if end < 0 {
			return b.String()
		}
		css = css[i+2+end+2:]
	}
}

// subject is what the last part of a selector is about; "*" for anything.
func subject(selector string) string {
	parts := strings.FieldsFunc(selector, func(r rune) bool { return strings.ContainsRune(" >+~\n\t\r\f", r) })
	if len(parts) == 0 {
		return "*"
	}
	last := parts[len(parts)-1]
	if i := strings.IndexAny(last, ":["); i >= 0 {
		last = last[:i]
	}
	if i := strings.LastIndexAny(last, ".#"); i >= 0 {
		return last[i:]
	}
	if last == "" {
		return "*"
	}
	return strings.ToLower(last)
}

// of is what the sheet may say of an element.
func (s sheet) of(tag, class, id string) said {
	if len(s) == 0 {
		return 0
	}
	all := s[tag] | s["*"]
	if id != "" {
		all |= s["#"+id]
	}
	for _, c := range strings.Fields(class) {
		all |= s["."+c]
	}
	return all
}

// matching returns the index of the brace that closes the one at s[0].
func matching(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}
