package audience

import (
	"strings"

	"sendoff/engine/delivery"
)

// Type is what a column holds and how it is written there.
type Type struct {
	Kind   delivery.FieldType
	Format string // of a number or a date; empty for what can be read in one way only
}

// Formats in which numbers and dates are written.
const (
	PointNumber  = "point"  // 1,234.56
	CommaNumber  = "comma"  // 1.234,56
	DayMonthYear = "dmy"    // 31-12-2026
	MonthDayYear = "mdy"    // 12/31/2026
	YearMonthDay = "ymd"    // 2026-12-31
	SerialDate   = "serial" // 46387: days, as spreadsheets count them
)

// Formats lists the formats of a type; nil when it has one only.
func Formats(kind delivery.FieldType) []string {
	switch kind {
	case delivery.FieldNumber:
		return []string{PointNumber, CommaNumber}
	case delivery.FieldDate:
		return []string{DayMonthYear, MonthDayYear, YearMonthDay, SerialDate}
	}
	return nil
}

// String is the form that ParseType reads: "date:dmy".
func (t Type) String() string {
	if t.Format == "" {
		return string(t.Kind)
	}
	return string(t.Kind) + ":" + t.Format
}

// ParseType reads "number", "date:dmy" and the like. KindInvalid with Field
// "import.type" for anything else.
func ParseType(s string) (Type, error) {
	kind, format, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), ":")
	t := Type{delivery.FieldType(kind), format}
	_, err := t.converter()
	return t, err
}

// converter gives the function that brings a value, trimmed and not empty, into
// the form of the type, or says that it does not fit; nil for text.
func (t Type) converter() (func(string) (string, bool), error) {
	switch t.Kind {
	case delivery.FieldText, "":
		if t.Format == "" {
			return nil, nil
		}
	case delivery.FieldNumber:
		switch t.Format {
		case "", PointNumber:
			return func(s string) (string, bool) { return parseNumber(s, '.') }, nil
		case CommaNumber:
			return func(s string) (string, bool) { return parseNumber(s, ',') }, nil
		}
	case delivery.FieldDate:
		switch t.Format {
		case "", YearMonthDay, SerialDate:
			return func(s string) (string, bool) { return parseDate(s, YearMonthDay) }, nil
		case DayMonthYear, MonthDayYear:
			format := t.Format
			return func(s string) (string, bool) { return parseDate(s, format) }, nil
		}
	case delivery.FieldBool:
		if t.Format == "" {
			return parseBool, nil
		}
	case delivery.FieldLanguage:
		if t.Format == "" {
			return newLanguages().parse, nil
		}
	case delivery.FieldZone:
		if t.Format == "" {
			return newZones().parse, nil
		}
	case delivery.FieldCountry:
		if t.Format == "" {
			return newCountries().parse, nil
		}
	}
	return nil, &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "import.type", Detail: t.String()}
}

// Words for yes and no, in the languages of the window and as programs write
// them.
var (
	yesWords = []string{"yes", "y", "ja", "j", "true", "t", "1", "on", "aan", "waar", "x", "✓", "✔"}
	noWords  = []string{"no", "n", "nee", "neen", "false", "f", "0", "off", "uit", "onwaar", "-"}
)

// parseBool reads yes or no.
func parseBool(s string) (string, bool) {
	for _, w := range yesWords {
		if strings.EqualFold(s, w) {
			return "yes", true
		}
	}
	for _, w := range noWords {
		if strings.EqualFold(s, w) {
			return "no", true
		}
	}
	return "", false
}
