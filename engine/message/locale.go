package message

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"sendoff/engine/delivery"
)

// locale is how the content's language writes numbers, amounts and dates. It is
// only read.
type locale struct {
	habits
	names dateNames
	tag   language.Tag
	name  string // under which the tables know it
}

// localeOf returns the locale of a BCP 47 tag: that of language and region when
// they are known, else of the language, else of American English.
func localeOf(tag string) *locale {
	parsed, err := language.Parse(strings.TrimSpace(tag))
	if err != nil || tag == "" {
		parsed = language.AmericanEnglish
	}
	base, _ := parsed.Base()
	region, _ := parsed.Region()
	lang := base.String()
	if lang == "no" || lang == "nn" {
		lang = "nb"
	}
	l := &locale{names: namesOf(lang), tag: parsed}
	for _, t := range []string{lang + "-" + region.String(), lang} {
		var ok bool
		if l.habits, ok = habitsOf(t); ok {
			l.name, l.names = t, l.names.regional(t)
			return l
		}
	}
	l.habits, _ = habitsOf("en")
	l.tag, l.name = language.AmericanEnglish, "en"
	return l
}

// Language is the language in which content writes numbers and dates, as a BCP 47
// tag; never empty.
func Language(c delivery.Content) string {
	return localeOf(languageOf(c.Language, c.HTML)).tag.String()
}

// languageOf is the language of content: its own, else that of the HTML's lang
// attribute.
func languageOf(own, html string) string {
	if strings.TrimSpace(own) != "" {
		return own
	}
	const tag = "<html"
	for at := 0; ; {
		i := indexFold(html[at:], tag)
		if i < 0 {
			return ""
		}
		at += i + len(tag)
		attrs, _, ok := strings.Cut(html[at:min(len(html), at+1<<10)], ">")
		if !ok {
			return ""
		}
		for j := 0; ; {
			k := indexFold(attrs[j:], "lang")
			if k < 0 {
				break
			}
			j += k + len("lang")
			if before := attrs[:j-len("lang")]; before == "" || !strings.ContainsAny(before[len(before)-1:], " \t\n\f/\"'") {
				continue // as in xml:lang, or hreflang
			}
			value, ok := strings.CutPrefix(strings.TrimLeft(attrs[j:], " \t\n\f"), "=")
			if !ok {
				continue
			}
			value = strings.TrimLeft(value, " \t\n\f\"'")
			end := strings.IndexFunc(value, func(r rune) bool { return r != '-' && (r > 'z' || !alnum(byte(r))) })
			if end < 0 {
				end = len(value)
			}
			return value[:end]
		}
	}
}

// indexFold is strings.Index without regard to the case of ASCII letters; low is in
// lower case.
func indexFold(s, low string) int {
	up := strings.ToUpper(low)
	for i := 0; i+len(low) <= len(s); i++ {
		j := strings.IndexAny(s[i:], low[:1]+up[:1])
		if i += j; j < 0 || i+len(low) > len(s) {
			return -1
		}
		if strings.EqualFold(s[i:i+len(low)], low) {
			return i
		}
	}
	return -1
}

// decimal is a number digit by digit, so that what a person typed is rounded as they
// would do it.
type decimal struct {
	negative    bool
	whole, frac string
}

// maxDigits bounds a number that is formatted.
const maxDigits = 400

// parseDecimal reads what parseNumber takes.
func parseDecimal(s string) (d decimal, ok bool) {
	s = strings.TrimSpace(s)
	n, ok := parseNumber(s)
	if !ok || len(s) > maxDigits {
		return d, false
	}
	if strings.ContainsAny(s, "eE") {
		s = strconv.FormatFloat(n.f, 'f', -1, 64)
	}
	d.negative = strings.HasPrefix(s, "-")
	d.whole, d.frac, _ = strings.Cut(strings.TrimLeft(s, "+-"), ".")
	d.whole = strings.TrimLeft(d.whole, "0")
	return d, true
}

// round rounds to so many places, halves away from zero; with negative places it
// leaves the number as it is.
func (d decimal) round(places int) decimal {
	if places >= 0 && len(d.frac) > places {
		up := d.frac[places] >= '5'
		digits := []byte(d.whole + d.frac[:places])
		if up {
			i := len(digits) - 1
			for ; i >= 0 && digits[i] == '9'; i-- {
				digits[i] = '0'
			}
			if i >= 0 {
				digits[i]++
			} else {
				digits = append([]byte{'1'}, digits...)
			}
		}
		d.whole, d.frac = string(digits[:len(digits)-places]), string(digits[len(digits)-places:])
	}
	if places > len(d.frac) {
		d.frac += strings.Repeat("0", places-len(d.frac))
	}
	if strings.Trim(d.whole+d.frac, "0") == "" {
		d.negative = false
	}
	return d
}

// plain writes the digits with their separators, without a sign.
func (d decimal) plain(group, point string, least int) string {
	whole := d.whole
	if whole == "" {
		whole = "0"
	}
	var b strings.Builder
	for i := range len(whole) {
		if left := len(whole) - i; i > 0 && left%3 == 0 && len(whole) >= 3+least {
			b.WriteString(group)
		}
		b.WriteByte(whole[i])
	}
	if d.frac != "" {
		b.WriteString(point)
		b.WriteString(d.frac)
	}
	return b.String()
}

// number formats a number; what is none stays as it is.
func (l *locale) number(places int) func(string) string {
	return func(s string) string {
		d, ok := parseDecimal(s)
		if !ok {
			return s
		}
		d = d.round(places)
		out := d.plain(l.group, l.decimal, l.least)
		if d.negative {
			out = l.minus + out
		}
		return out
	}
}

// amount formats an amount of money (ISO 4217), with the places that the currency
// has or those given; what is no number stays as it is.
func (l *locale) amount(code string, places int) func(string) string {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return func(s string) string { return s }
	}
	if places < 0 {
		places = minorDigits(unit)
	}
	symbol := currencySymbol(l.name, unit.String())
	below := l.negative
	if below == "" {
		below = l.minus + l.money
	}
	before, after := apart(l.money, symbol)
	beforeNegative, afterNegative := apart(below, symbol)
	return func(s string) string {
		d, ok := parseDecimal(s)
		if !ok {
			return s
		}
		d = d.round(places)
		digits := d.plain(l.moneyGroup, l.moneyDecimal, l.least)
		if d.negative {
			return beforeNegative + digits + afterNegative
		}
		return before + digits + after
	}
}

// apart puts the symbol of a currency into a pattern, with a space between letters
// and digits (Unicode TR 35, Currencies: currencySpacing).
func apart(pattern, symbol string) (before, after string) {
	pattern = strings.Replace(pattern, "¤", "\x00", 1)
	head, tail, _ := strings.Cut(pattern, "\x00")
	switch {
	case strings.HasPrefix(tail, "n") && alnum(symbol[len(symbol)-1]):
		tail = "\u00a0" + tail
	case strings.HasSuffix(head, "n") && alnum(symbol[0]):
		head += "\u00a0"
	}
	if h, t, ok := strings.Cut(head, "n"); ok {
		return h, t + symbol + tail
	}
	h, t, _ := strings.Cut(tail, "n")
	return head + symbol + h, t
}

// date formats a date like strftime, or in one of the locale's own ways; what is no
// date stays as it is.
func (l *locale) date(format string) func(string) string {
	switch format {
	case "full":
		format = l.full
	case "long":
		format = l.long
	case "medium":
		format = l.medium
	case "short":
		format = l.short
	}
	return func(s string) string {
		for _, layout := range dateLayouts() {
			if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
				return l.strftime(t, format)
			}
		}
		return s
	}
}

func (l *locale) strftime(t time.Time, format string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(format, "%")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		layout, n := directive(after)
		switch after[:n] {
		case "B":
			b.WriteString(nth(l.names.months, int(t.Month())-1))
		case "b", "h":
			b.WriteString(nth(l.names.mon, int(t.Month())-1))
		case "A":
			b.WriteString(nth(l.names.days, int(t.Weekday())))
		case "a":
			b.WriteString(nth(l.names.day, int(t.Weekday())))
		case "p":
			b.WriteString(nth(l.names.halves, t.Hour()/12))
		default:
			b.WriteString(t.Format(layout))
		}
		format = after[n:]
	}
}

// nth is the n-th of a list that is divided by commas.
func nth(list string, n int) string {
	for ; n > 0; n-- {
		_, list, _ = strings.Cut(list, ",")
	}
	word, _, _ := strings.Cut(list, ",")
	return word
}
