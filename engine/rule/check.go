package rule

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sendoff/engine/delivery"
)

// Faults of a rule, as the Field of a *delivery.Error of KindRule. Detail is what
// was found, Line and Column where, when the rule was text.
const (
	FaultUnexpected = "unexpected" // something else was expected here; Detail: what is there, empty at the end
	FaultText       = "text"       // a text that is not closed, or holds what it may not
	FaultNumber     = "number"
	FaultDate       = "date"
	FaultDays       = "days"  // not 1 to MaxDays
	FaultParts      = "parts" // not First to Last within 2 to MaxParts
	FaultKind       = "kind"  // the condition cannot be asked of such a value or field; Detail: the field
	FaultShape      = "shape" // a node that no text has, such as a group of one
	FaultDepth      = "depth"
	FaultSize       = "size"
	FaultField      = "field"    // no such field; Detail: its name
	FaultAudience   = "audience" // no such audience; Detail: its name or number
	FaultDelivery   = "delivery" // no such delivery; Detail: its number
	FaultCycle      = "cycle"    // the rule needs itself; Detail: the audience through which
)

func fault(what, detail string) error {
	return &delivery.Error{Op: "rule", Kind: delivery.KindRule, Field: what, Detail: detail}
}

// Validate checks that a rule could be written as text: its shape, its values and
// its limits. The errors are of KindRule.
func (e Expr) Validate() error {
	n := 0
	return e.validate(1, &n)
}

func (e Expr) validate(depth int, n *int) error {
	if depth > MaxDepth {
		return fault(FaultDepth, "")
	}
	if *n++; *n > MaxNodes {
		return fault(FaultSize, "")
	}
	switch e.Op {
	case And, Or:
		if len(e.Terms) < 2 {
			return fault(FaultShape, string(e.Op))
		}
	case Not:
		if len(e.Terms) != 1 {
			return fault(FaultShape, string(e.Op))
		}
	default:
		return e.condition()
	}
	for _, t := range e.Terms {
		if err := t.validate(depth+1, n); err != nil {
			return err
		}
	}
	return nil
}

func (e Expr) condition() error {
	switch e.Op {
	case Everyone:
		return nil
	case InAudience, NotIn:
		if e.Audience.Name == "" && e.Audience.ID < 1 || !Plain(e.Audience.Name) {
			return fault(FaultAudience, e.Audience.Name)
		}
		return nil
	case Got, DidNotGet:
		if e.Delivery < 1 {
			return fault(FaultDelivery, e.Delivery.String())
		}
		return nil
	case Random:
		if e.Of < 2 || e.Of > MaxParts || e.First < 1 || e.Last < e.First || e.Last > e.Of {
			return fault(FaultParts, "")
		}
		return nil
	}
	if !e.Op.ofField() {
		return fault(FaultShape, string(e.Op))
	}
	switch {
	case e.Field == FieldEmail || e.Field == FieldAdded:
	case e.Field == "" || strings.HasPrefix(e.Field, "@") || !Plain(e.Field):
		return fault(FaultField, e.Field)
	}
	for _, v := range e.Values {
		if err := v.check(); err != nil {
			return err
		}
	}
	return e.values()
}

// values checks number and kinds of a condition's values.
func (e Expr) values() error {
	kinds := func(n int, allowed ...Kind) error {
		if len(e.Values) != n {
			return fault(FaultShape, string(e.Op))
		}
		for _, v := range e.Values {
			if v.Kind != e.Values[0].Kind || !slices.Contains(allowed, v.Kind) {
				return fault(FaultKind, e.Field)
			}
		}
		if e.Field == FieldEmail && n > 0 && e.Values[0].Kind != Text || e.Field == FieldAdded && n > 0 && e.Values[0].Kind != Date {
			return fault(FaultKind, e.Field)
		}
		return nil
	}
	switch e.Op {
	case Is, IsNot:
		return kinds(1, Text, Number, Date, Bool)
	case Contains, NotContains, StartsWith, EndsWith:
		return kinds(1, Text)
	case OneOf, NoneOf:
		if len(e.Values) < 1 || len(e.Values) > MaxValues {
			return fault(FaultSize, "")
		}
		return kinds(len(e.Values), Text, Number)
	case Between:
		return kinds(2, Number, Date)
	case Greater, AtLeast, Less, AtMost:
		return kinds(1, Number)
	case Before, After:
		return kinds(1, Date)
	case InLast, NotInLast:
		if e.Days < 1 || e.Days > MaxDays {
			return fault(FaultDays, strconv.Itoa(e.Days))
		}
		if e.Field == FieldEmail {
			return fault(FaultKind, e.Field)
		}
	}
	return kinds(0)
}

// Plain reports whether a text may be part of a rule: a value, or a name.
func Plain(s string) bool {
	return len(s) <= MaxText && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func (v Value) check() error {
	switch v.Kind {
	case Text:
		if !Plain(v.Text) || v.Text == "" {
			return fault(FaultText, v.Text)
		}
	case Number:
		f, err := strconv.ParseFloat(v.Text, 64)
		if err != nil || !(f > -1e15 && f < 1e15) || N(f).Text != v.Text {
			return fault(FaultNumber, v.Text)
		}
	case Date:
		if t, err := time.Parse(time.DateOnly, v.Text); err != nil || t.Year() < 1 {
			return fault(FaultDate, v.Text)
		}
	case Bool:
		if v.Text != Yes && v.Text != No {
			return fault(FaultText, v.Text)
		}
	default:
		return fault(FaultKind, string(v.Kind))
	}
	return nil
}
