package state

import (
	"strings"

	"sendoff/app/text"
	"sendoff/engine/delivery"
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
		s += " | " + string(t.Format) + ": " + quoted(t.Arg)
	default:
		s += " | " + string(t.Format)
	}
	if t.Default != "" {
		s += " | default: " + quoted(t.Default)
	}
	return s + " }}"
}

// quoted is a text within Liquid. Only double quotes know escapes there.
func quoted(s string) string {
	s = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(s)
	switch {
	case !strings.ContainsAny(s, `"\`):
		return `"` + s + `"`
	case !strings.Contains(s, "'"):
		return "'" + s + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// ConditionOp is how a condition compares.
type ConditionOp string

// Comparisons.
const (
	OpIs       ConditionOp = "is"
	OpIsNot    ConditionOp = "is_not"
	OpContains ConditionOp = "contains"
	OpMore     ConditionOp = "more"
	OpLess     ConditionOp = "less"
	OpFilled   ConditionOp = "filled"
	OpEmpty    ConditionOp = "empty"
)

// ConditionOps are the comparisons that make sense for a field.
func ConditionOps(t delivery.FieldType) []ConditionOp {
	switch t {
	case delivery.FieldNumber, delivery.FieldDate:
		return []ConditionOp{OpIs, OpIsNot, OpMore, OpLess, OpFilled, OpEmpty}
	case delivery.FieldBool, delivery.FieldCountry, delivery.FieldLanguage, delivery.FieldZone:
		return []ConditionOp{OpIs, OpIsNot, OpFilled, OpEmpty}
	}
	return []ConditionOp{OpIs, OpIsNot, OpContains, OpFilled, OpEmpty}
}

// Compares reports whether a comparison needs a value.
func (o ConditionOp) Compares() bool { return o != OpFilled && o != OpEmpty }

// Condition is for whom a part of a text is.
type Condition struct {
	Field string
	Op    ConditionOp
	Value string
	Type  delivery.FieldType
}

// Around is what stands before and behind the part; otherwise puts a place for
// everybody else.
func (c Condition) Around(otherwise bool) (before, behind string) {
	behind = "{% endif %}"
	if otherwise {
		behind = "{% else %}" + behind
	}
	return "{% if " + c.test() + " %}", behind
}

func (c Condition) test() string {
	value := quoted(strings.TrimSpace(c.Value))
	if c.Type == delivery.FieldNumber && plainNumber(c.Value) {
		value = strings.TrimSpace(c.Value)
	}
	switch c.Op {
	case OpIsNot:
		return c.Field + " != " + value
	case OpContains:
		return c.Field + " contains " + value
	case OpMore:
		return c.Field + " > " + value
	case OpLess:
		return c.Field + ` != "" and ` + c.Field + " < " + value
	case OpFilled:
		return c.Field + ` != ""`
	case OpEmpty:
		return c.Field + ` == ""`
	}
	return c.Field + " == " + value
}

// plainNumber reports whether s is a number as Liquid writes it.
func plainNumber(s string) bool {
	s = strings.TrimPrefix(strings.TrimSpace(s), "-")
	whole, part, point := strings.Cut(s, ".")
	digits := func(s string) bool {
		return s != "" && len(s) <= 15 && strings.Trim(s, "0123456789") == ""
	}
	return digits(whole) && (!point || digits(part))
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
