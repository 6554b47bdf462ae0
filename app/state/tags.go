package state

import (
	"strings"

	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// TagFormat is how a merge tag writes a value.
type TagFormat string

// Formats. PlainFormat writes a value as it is.
const (
	PlainFormat   TagFormat = ""
	DateFormat    TagFormat = "date"
	NumberFormat  TagFormat = "number"
	MoneyFormat   TagFormat = "money"
	UpperFormat   TagFormat = "upcase"
	CapitalFormat TagFormat = "capitalize"
)

// Tag is a merge tag as a person chooses it.
type Tag struct {
	Field   string
	Default string // for whom there is no value; empty: none
	Format  TagFormat
	Arg     string // of a date its pattern, of an amount its currency, of a number its decimals
}

// Liquid is the tag as it stands in a template.
func (t Tag) Liquid() string {
	s := "{{ " + t.Field
	switch t.Format {
	case PlainFormat:
	case NumberFormat:
		s += " | number"
		if t.Arg != "" {
			s += ": " + t.Arg
		}
	case DateFormat, MoneyFormat:
		s += " | " + string(t.Format) + ": " + message.Quote(t.Arg)
	default:
		s += " | " + string(t.Format)
	}
	if t.Default != "" {
		s += " | default: " + message.Quote(t.Default)
	}
	return s + " }}"
}

// ConditionTests are the comparisons that make sense for a field.
func ConditionTests(t delivery.FieldType) []message.Test {
	switch t {
	case delivery.FieldNumber, delivery.FieldDate:
		return []message.Test{message.TestIs, message.TestIsNot, message.TestMore, message.TestLess, message.TestFilled, message.TestEmpty}
	case delivery.FieldBool, delivery.FieldCountry, delivery.FieldLanguage, delivery.FieldZone:
		return []message.Test{message.TestIs, message.TestIsNot, message.TestFilled, message.TestEmpty}
	}
	return []message.Test{message.TestIs, message.TestIsNot, message.TestContains, message.TestFilled, message.TestEmpty}
}

// Condition is what a person chose in menus: a field, a comparison, and a value.
func Condition(f delivery.Field, t message.Test, value string) message.Condition {
	return message.Condition{Field: f.Name, Test: t, Value: value, Number: f.Type == delivery.FieldNumber && t.Compares()}
}

// Around is what stands before and behind a part of a text that is only for some;
// otherwise puts a place for everybody else.
func Around(c message.Condition, otherwise bool) (before, behind string) {
	behind = "{% endif %}"
	if otherwise {
		behind = "{% else %}" + behind
	}
	return "{% if " + c.String() + " %}", behind
}

// FormatChoice is one way to write a value, with what it makes of it.
type FormatChoice struct {
	Format TagFormat
	Arg    string
	Label  string
}

// FormatChoices are the ways that make sense for a field; the first one is the
// usual.
func FormatChoices(c *text.Catalog, t delivery.FieldType) []FormatChoice {
	plain := FormatChoice{Label: c.T("tag.format.plain")}
	date := func(pattern, label string) FormatChoice { return FormatChoice{DateFormat, pattern, label} }
	switch t {
	case delivery.FieldDate:
		return []FormatChoice{date("long", c.T("tag.format.date_long")), date("full", c.T("tag.format.date_full")), date("short", c.T("tag.format.date_short")),
			date("%B", c.T("tag.format.date_month")), date("%Y", c.T("tag.format.date_year")), plain}
	case delivery.FieldNumber:
		out := []FormatChoice{{NumberFormat, "", c.T("tag.format.number")}, {NumberFormat, "0", c.T("tag.format.number_whole")}, {NumberFormat, "2", c.T("tag.format.number_two")}}
		for _, currency := range []string{"EUR", "USD", "GBP", "CHF"} {
			out = append(out, FormatChoice{MoneyFormat, currency, c.T("tag.format.money", "currency", currency)})
		}
		return append(out, plain)
	case delivery.FieldText, "":
		return []FormatChoice{plain, {CapitalFormat, "", c.T("tag.format.capital")}, {UpperFormat, "", c.T("tag.format.upper")}}
	}
	return []FormatChoice{plain}
}

// Special is a merge tag that is there for everybody.
type Special struct {
	Name  string // in Liquid
	Label string
	Date  bool
}

// Specials are those that a person may need.
func Specials(c *text.Catalog) []Special {
	out := []Special{{Name: "unsubscribe_url"}, {Name: "recipient.email"}, {Name: "today", Date: true}, {Name: "sender.name"},
		{Name: "sender.postal_address"}, {Name: "delivery.label"}}
	for i, s := range out {
		out[i].Label = c.T("tag.special." + strings.ReplaceAll(s.Name, ".", "_"))
	}
	return out
}
