package rule

import (
	"slices"
	"strconv"
	"strings"
)

// words are those that a name must be quoted to be.
var words = []string{"and", "or", "not", "in", "got", "did", "random", "everyone", "field", "email", "added"}

// String writes a rule as text, in the one form that Parse gives back unchanged.
// An audience is written by its name when that is known.
func (e Expr) String() string {
	var b strings.Builder
	e.write(&b)
	return b.String()
}

func (e Expr) write(b *strings.Builder) {
	switch e.Op {
	case And, Or:
		for i, t := range e.Terms {
			if i > 0 {
				b.WriteString(" " + string(e.Op) + " ")
			}
			if t.Op == And || t.Op == Or {
				t.parens(b)
			} else {
				t.write(b)
			}
		}
	case Not:
		b.WriteString("not ")
		e.Terms[0].parens(b)
	case Everyone:
		b.WriteString("everyone")
	case InAudience, NotIn:
		if e.Op == NotIn {
			b.WriteString("not ")
		}
		b.WriteString("in audience ")
		if e.Audience.Name != "" {
			b.WriteString(quote(e.Audience.Name))
		} else {
			b.WriteString(strconv.FormatInt(e.Audience.ID, 10))
		}
	case Got:
		b.WriteString("got delivery " + e.Delivery.String())
	case DidNotGet:
		b.WriteString("did not get delivery " + e.Delivery.String())
	case Random:
		if b.WriteString("random part "); e.Last > e.First {
			b.WriteString(strconv.Itoa(e.First) + " to ")
		}
		b.WriteString(strconv.Itoa(e.Last) + " of " + strconv.Itoa(e.Of) + " seed " + strconv.FormatUint(uint64(e.Seed), 10))
	default:
		e.writeField(b)
	}
}

func (e Expr) parens(b *strings.Builder) {
	b.WriteByte('(')
	e.write(b)
	b.WriteByte(')')
}

// phrases are the words of the conditions on fields, before their values.
var phrases = map[Op]string{
	Is: "is", IsNot: "is not", Contains: "contains", NotContains: "does not contain",
	StartsWith: "starts with", EndsWith: "ends with", OneOf: "one of", NoneOf: "none of", Between: "between",
	Greater: ">", AtLeast: ">=", Less: "<", AtMost: "<=", Before: "before", After: "after",
	InLast: "in the last", NotInLast: "not in the last", Empty: "is empty", NotEmpty: "is not empty",
}

func (e Expr) writeField(b *strings.Builder) {
	b.WriteString(fieldName(e.Field) + " ")
	phrase := phrases[e.Op]
	if len(e.Values) == 1 && e.Values[0].Kind == Date {
		switch e.Op {
		case Is:
			phrase = "on"
		case IsNot:
			phrase = "not on"
		}
	}
	b.WriteString(phrase)
	switch e.Op {
	case OneOf, NoneOf:
		b.WriteString(" (")
		for i, v := range e.Values {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(v.String())
		}
		b.WriteByte(')')
	case Between:
		b.WriteString(" " + e.Values[0].String() + " and " + e.Values[1].String())
	case InLast, NotInLast:
		b.WriteString(" " + strconv.Itoa(e.Days) + " days")
	default:
		for _, v := range e.Values {
			b.WriteString(" " + v.String())
		}
	}
}

// String writes a value as a literal.
func (v Value) String() string {
	if v.Kind == Text {
		return quote(v.Text)
	}
	return v.Text
}

func fieldName(name string) string {
	switch {
	case name == FieldEmail:
		return "email"
	case name == FieldAdded:
		return "added"
	case isName(name) && !slices.Contains(words, strings.ToLower(name)):
		return name
	}
	return "field " + quote(name)
}

// isName reports whether a name stands without quotes.
func isName(s string) bool {
	for i := range len(s) {
		if !nameByte(s[i], i == 0) {
			return false
		}
	}
	return s != ""
}

func nameByte(c byte, first bool) bool {
	letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
	return letter || !first && (c >= '0' && c <= '9' || c == '-')
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
