package text

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sendoff/engine/delivery"
	"sendoff/engine/rule"
)

// RuleNames are what a rule refers to, as people call it. Both may be nil.
type RuleNames struct {
	Fields     []delivery.Field
	Deliveries func(delivery.ID) string // empty for one that is not known
}

// Rule is the sentence of a rule: "People who live in Utrecht and who are not in
// “Staff”."
func (c *Catalog) Rule(e rule.Expr, names RuleNames) string {
	if e.Op == rule.Everyone {
		return c.T("rule.everybody")
	}
	return c.T("rule.people", "clauses", c.clause(e, names, false))
}

// RuleText is the sentence of a rule that is text; the text itself when it is
// none.
func (c *Catalog) RuleText(text string, names RuleNames) string {
	e, err := rule.Parse(text)
	if err != nil {
		return text
	}
	return c.Rule(e, names)
}

// clause is one node as a part of the sentence; a group within another one stands
// in parentheses.
func (c *Catalog) clause(e rule.Expr, names RuleNames, within bool) string {
	switch e.Op {
	case rule.And, rule.Or:
		parts := make([]string, len(e.Terms))
		for i, t := range e.Terms {
			parts[i] = c.clause(t, names, true)
		}
		s := c.List(parts)
		if e.Op == rule.Or {
			s = c.either(parts)
		}
		if within {
			return "(" + s + ")"
		}
		return s
	case rule.Not:
		t := e.Terms[0]
		if op, ok := opposites[t.Op]; ok {
			t.Op = op
			return c.condition(t, names)
		}
		s := c.T("rule.not", "clauses", c.clause(t, names, false))
		if within {
			return "(" + s + ")"
		}
		return s
	}
	return c.condition(e, names)
}

// opposites are conditions that hold for exactly those for whom the other one does
// not.
var opposites = map[rule.Op]rule.Op{
	rule.Is: rule.IsNot, rule.IsNot: rule.Is, rule.Contains: rule.NotContains, rule.NotContains: rule.Contains,
	rule.OneOf: rule.NoneOf, rule.NoneOf: rule.OneOf, rule.InLast: rule.NotInLast, rule.NotInLast: rule.InLast,
	rule.Empty: rule.NotEmpty, rule.NotEmpty: rule.Empty, rule.InAudience: rule.NotIn, rule.NotIn: rule.InAudience,
	rule.Got: rule.DidNotGet, rule.DidNotGet: rule.Got,
}

// either joins alternatives: "a, b or c".
func (c *Catalog) either(parts []string) string {
	last := len(parts) - 1
	if last == 0 {
		return parts[0]
	}
	return c.T("rule.or", "first", strings.Join(parts[:last], ", "), "last", parts[last])
}

func (c *Catalog) condition(e rule.Expr, names RuleNames) string {
	op := string(e.Op)
	switch e.Op {
	case rule.Everyone:
		return c.T("rule.cond.everyone")
	case rule.InAudience, rule.NotIn:
		name := e.Audience.Name
		if name == "" {
			name = strconv.FormatInt(e.Audience.ID, 10)
		}
		return c.T("rule.cond."+op, "value", c.quoted(name))
	case rule.Got, rule.DidNotGet:
		return c.T("rule.cond."+op, "value", c.deliveryName(e.Delivery, names))
	case rule.Random:
		parts := c.Number(int64(e.First))
		if e.Last > e.First {
			parts += "–" + c.Number(int64(e.Last))
		}
		return c.T("rule.cond."+op, "parts", parts, "of", c.Number(int64(e.Of)))
	}
	values := make([]string, len(e.Values))
	for i, v := range e.Values {
		values[i] = c.ruleValue(v)
	}
	pairs := []any{"field", c.RuleField(e.Field, names.Fields), "values", ""}
	if len(values) > 0 {
		pairs = append(pairs, "value", values[0], "to", values[len(values)-1])
		pairs[3] = c.either(values)
	}
	lasting := e.Op == rule.InLast || e.Op == rule.NotInLast
	switch {
	case e.Field == rule.FieldAdded && lasting:
		return c.N("rule.added."+op, int64(e.Days), pairs...)
	case lasting:
		return c.N("rule.cond."+op, int64(e.Days), pairs...)
	case e.Field == rule.FieldAdded && c.Has("rule.added."+op):
		return c.T("rule.added."+op, pairs...)
	case c.isTown(e.Field, names.Fields) && len(values) > 0 && e.Values[0].Kind == rule.Text && c.Has("rule.town."+op):
		return c.T("rule.town."+op, pairs...)
	}
	return c.T("rule.cond."+op, pairs...)
}

func (c *Catalog) deliveryName(id delivery.ID, names RuleNames) string {
	if names.Deliveries != nil {
		if label := names.Deliveries(id); label != "" {
			return c.quoted(label) + " (" + id.String() + ")"
		}
	}
	return id.String()
}

func (c *Catalog) quoted(s string) string { return "“" + s + "”" }

// ruleValue is a literal as people read it.
func (c *Catalog) ruleValue(v rule.Value) string {
	switch v.Kind {
	case rule.Number:
		f, err := strconv.ParseFloat(v.Text, 64)
		if err != nil {
			return v.Text
		}
		_, digits, _ := strings.Cut(v.Text, ".")
		return c.Decimal(f, len(digits))
	case rule.Date:
		t, err := time.Parse(time.DateOnly, v.Text)
		if err != nil {
			return v.Text
		}
		return c.dateIn(t, time.UTC)
	case rule.Bool:
		return c.T("rule.answer." + v.Text)
	}
	return c.quoted(v.Text)
}

// RuleField is the name of a field within a sentence: the header under which it
// came, with a small letter.
func (c *Catalog) RuleField(name string, fields []delivery.Field) string {
	s := c.FieldName(name, fields)
	first, n := utf8.DecodeRuneInString(s)
	if second, _ := utf8.DecodeRuneInString(s[n:]); !unicode.IsUpper(second) {
		return string(unicode.ToLower(first)) + s[n:]
	}
	return s
}

// FieldName is the name of a field in a list: the header under which it came.
func (c *Catalog) FieldName(name string, fields []delivery.Field) string {
	switch name {
	case rule.FieldEmail:
		return c.T("rule.field.email")
	case rule.FieldAdded:
		return c.T("rule.field.added")
	}
	for _, f := range fields {
		if f.Name == name && strings.TrimSpace(f.Label) != "" {
			return strings.TrimSpace(f.Label)
		}
	}
	return strings.ReplaceAll(name, "_", " ")
}

// isTown reports whether a field says where somebody lives.
func (c *Catalog) isTown(name string, fields []delivery.Field) bool {
	towns := []string{"city", "town", "plaats", "woonplaats", "stad"}
	return slices.Contains(towns, strings.ToLower(name)) || slices.Contains(towns, strings.ToLower(c.FieldName(name, fields)))
}
