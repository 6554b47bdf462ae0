package audience

import (
	"strings"

	"sendoff/engine/delivery"
)

// guesser tells what the values of a column are.
type guesser struct {
	countries countries
	languages languages
	zones     zones
}

func newGuesser() *guesser {
	return &guesser{newCountries(), newLanguages(), newZones()}
}

// Headers that say what is in their columns, or that it is no amount, as
// plainHeader writes them.
var (
	languageHeaders = []string{"language", "taal", "lang", "locale", "voertaal"}
	countryHeaders  = []string{"country", "land", "countrycode", "landcode", "nation"}
	labelHeaders    = []string{"phone", "telefoon", "mobile", "mobiel", "tel", "zip", "postcode", "postalcode", "id", "nummer", "number", "code", "iban", "kvk", "btw", "vat"}
)

// guess tells a type by the header and the values.
func (g *guesser) guess(header string, values []string) (t Type, ambiguous bool) {
	if len(values) == 0 {
		return Type{Kind: delivery.FieldText}, false
	}
	header = plainHeader(header)
	named := func(words []string) bool {
		for _, w := range words {
			if header == w || len(w) > 3 && strings.Contains(header, w) {
				return true
			}
		}
		return false
	}
	switch {
	case fits(g.zones.parse, values):
		return Type{Kind: delivery.FieldZone}, false
	case named(languageHeaders) && fits(g.languages.parse, values):
		return Type{Kind: delivery.FieldLanguage}, false
	case named(countryHeaders) && fits(g.countries.parse, values):
		return Type{Kind: delivery.FieldCountry}, false
	case fits(parseBool, values) && twoValues(values):
		return Type{Kind: delivery.FieldBool}, false
	}
	for _, kind := range []delivery.FieldType{delivery.FieldDate, delivery.FieldNumber} {
		t, ambiguous := g.settle(Type{Kind: kind}, values)
		convert, err := t.converter()
		if err == nil && fits(convert, values) && !(kind == delivery.FieldDate && plainInts(values)) &&
			!(kind == delivery.FieldNumber && (named(labelHeaders) || leadingZero(values))) {
			return t, ambiguous
		}
	}
	return Type{Kind: delivery.FieldText}, false
}

// settle finds the format of a type whose format is open.
func (g *guesser) settle(t Type, values []string) (settled Type, ambiguous bool) {
	if t.Format != "" {
		return t, false
	}
	switch t.Kind {
	case delivery.FieldNumber:
		var v numberVotes
		separator := byte('.')
		for _, s := range values {
			if v.add(s); strings.Contains(s, ",") && !strings.Contains(s, ".") {
				separator = ','
			}
		}
		t.Format, ambiguous = v.format(separator)
	case delivery.FieldDate:
		var v dateVotes
		for _, s := range values {
			v.add(s)
		}
		t.Format, ambiguous = v.format()
	}
	return t, ambiguous
}

// fits reports whether a type fits nineteen of twenty values.
func fits(convert func(string) (string, bool), values []string) bool {
	bad := 0
	for _, v := range values {
		if _, ok := convert(v); !ok {
			if bad++; bad*20 > len(values) {
				return false
			}
		}
	}
	return true
}

// twoValues keeps a column of nothing but "1" or "x" from being a yes or no when
// there are many of them.
func twoValues(values []string) bool {
	seen := map[string]bool{}
	for _, v := range values {
		v, _ = parseBool(v)
		seen[v] = true
	}
	return seen["yes"] && seen["no"] || !plainInts(values)
}

// plainInts reports whether the values are digits alone: an amount, not days.
func plainInts(values []string) bool {
	for _, v := range values {
		if !allDigits(v) {
			return false
		}
	}
	return true
}

// leadingZero finds values that would lose something as numbers: "0612345678".
func leadingZero(values []string) bool {
	for _, v := range values {
		if len(v) > 1 && (v[0] == '0' && allDigits(v) || v[0] == '+' && allDigits(v[1:])) {
			return true
		}
	}
	return false
}
