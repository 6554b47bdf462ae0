// Package ruletest draws random rules for properties of whoever reads or
// evaluates them.
package ruletest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/rule"
)

// World is what random rules may refer to. Empty lists leave those conditions
// out.
type World struct {
	Fields     []string
	Texts      []string // values to compare with
	Audiences  []rule.Ref
	Deliveries []delivery.ID
	Today      time.Time
}

// Expr draws a valid rule with groups up to a depth.
func (w World) Expr(t *rapid.T, depth int) rule.Expr {
	if depth > 1 && rapid.IntRange(0, 2).Draw(t, "group") > 0 {
		switch rapid.IntRange(0, 4).Draw(t, "join") {
		case 0:
			return rule.Expr{Op: rule.Not, Terms: []rule.Expr{w.Expr(t, depth-1)}}
		case 1, 2:
			return rule.Expr{Op: rule.And, Terms: w.terms(t, depth)}
		default:
			return rule.Expr{Op: rule.Or, Terms: w.terms(t, depth)}
		}
	}
	return w.condition(t)
}

func (w World) terms(t *rapid.T, depth int) []rule.Expr {
	out := make([]rule.Expr, rapid.IntRange(2, 4).Draw(t, "terms"))
	for i := range out {
		out[i] = w.Expr(t, depth-1)
	}
	return out
}

var fieldOps = []rule.Op{rule.Is, rule.IsNot, rule.Contains, rule.NotContains, rule.StartsWith, rule.EndsWith,
	rule.OneOf, rule.NoneOf, rule.Between, rule.Greater, rule.AtLeast, rule.Less, rule.AtMost, rule.Before, rule.After,
	rule.InLast, rule.NotInLast, rule.Empty, rule.NotEmpty}

func (w World) condition(t *rapid.T) rule.Expr {
	kinds := []string{"field", "field", "field", "field", "random", "everyone"}
	if len(w.Audiences) > 0 {
		kinds = append(kinds, "audience", "audience")
	}
	if len(w.Deliveries) > 0 {
		kinds = append(kinds, "delivery", "delivery")
	}
	switch rapid.SampledFrom(kinds).Draw(t, "condition") {
	case "audience":
		return rule.Expr{Op: rapid.SampledFrom([]rule.Op{rule.InAudience, rule.NotIn}).Draw(t, "op"),
			Audience: rapid.SampledFrom(w.Audiences).Draw(t, "audience")}
	case "delivery":
		return rule.Expr{Op: rapid.SampledFrom([]rule.Op{rule.Got, rule.DidNotGet}).Draw(t, "op"),
			Delivery: rapid.SampledFrom(w.Deliveries).Draw(t, "delivery")}
	case "random":
		of := rapid.IntRange(2, 100).Draw(t, "of")
		first := rapid.IntRange(1, of).Draw(t, "first")
		return rule.Expr{Op: rule.Random, Of: of, First: first, Last: rapid.IntRange(first, of).Draw(t, "last"),
			Seed: rapid.Uint32().Draw(t, "seed")}
	case "everyone":
		return rule.Expr{Op: rule.Everyone}
	}
	e := rule.Expr{Op: rapid.SampledFrom(fieldOps).Draw(t, "op"),
		Field: rapid.SampledFrom(append([]string{rule.FieldEmail, rule.FieldAdded}, w.Fields...)).Draw(t, "field")}
	n, kind := 1, []rule.Kind{rule.Text}
	switch e.Op {
	case rule.Empty, rule.NotEmpty:
		return e
	case rule.InLast, rule.NotInLast:
		e.Days = rapid.IntRange(1, 400).Draw(t, "days")
		if e.Field == rule.FieldEmail {
			e.Field = rule.FieldAdded
		}
		return e
	case rule.Is, rule.IsNot:
		kind = []rule.Kind{rule.Text, rule.Number, rule.Date, rule.Bool}
	case rule.OneOf, rule.NoneOf:
		n, kind = rapid.IntRange(1, 4).Draw(t, "n"), []rule.Kind{rule.Text, rule.Number}
	case rule.Between:
		n, kind = 2, []rule.Kind{rule.Number, rule.Date}
	case rule.Greater, rule.AtLeast, rule.Less, rule.AtMost:
		kind = []rule.Kind{rule.Number}
	case rule.Before, rule.After:
		kind = []rule.Kind{rule.Date}
	}
	k := rapid.SampledFrom(kind).Draw(t, "kind")
	for range n {
		e.Values = append(e.Values, w.value(t, k))
	}
	if e.Validate() != nil { // the address is a text, and the day of adding a date
		e.Field = w.Fields[0]
	}
	return e
}

func (w World) value(t *rapid.T, k rule.Kind) rule.Value {
	switch k {
	case rule.Number:
		return rule.N(float64(rapid.IntRange(-400, 4000).Draw(t, "number")) / 4)
	case rule.Date:
		return rule.D(w.Today.AddDate(0, 0, rapid.IntRange(-400, 30).Draw(t, "day")))
	case rule.Bool:
		return rule.B(rapid.Bool().Draw(t, "answer"))
	}
	return rule.T(rapid.SampledFrom(w.Texts).Draw(t, "text"))
}

// Any is a world of names and texts that are hard to write down.
func Any(t *rapid.T) World {
	name := rapid.StringMatching(`[\pL\pN "'\\“”()=,.\-]{1,12}`)
	w := World{Today: time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC),
		Fields: append(rapid.SliceOfN(rapid.StringMatching(`[a-zA-Z_][a-zA-Z0-9_-]{0,8}`), 1, 3).Draw(t, "fields"),
			"and", "Not", "email", "added", "is", "one", "between", "yes", "on", name.Draw(t, "strange")),
		Texts: append(rapid.SliceOfN(name, 1, 5).Draw(t, "texts"), `"`, `\`, `\"`, "yes", "12", "2026-01-01", "é", "👋🏽", "مرحبا"),
	}
	for i := range 3 {
		w.Audiences = append(w.Audiences, rule.Ref{Name: name.Draw(t, fmt.Sprint("audience", i))}, rule.Ref{ID: int64(i + 1)})
		w.Deliveries = append(w.Deliveries, delivery.ID(i*i+1))
	}
	return w
}
