package state

import (
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/rule"
)

// RuleNames are what the sentences of rules call things.
func RuleNames(fields []delivery.Field, others []delivery.View) text.RuleNames {
	return text.RuleNames{Fields: fields, Deliveries: func(id delivery.ID) string {
		for _, v := range others {
			if v.ID == id {
				return v.Label
			}
		}
		return ""
	}}
}

// RuleJoin is how the parts of a group belong together.
type RuleJoin string

// Joins; the codes are those of the sentences.
const (
	JoinAll  RuleJoin = "all"
	JoinAny  RuleJoin = "any"
	JoinNone RuleJoin = "none"
)

// RuleJoins lists them in the order of a menu.
func RuleJoins() []RuleJoin { return []RuleJoin{JoinAll, JoinAny, JoinNone} }

// Conditions that are not on a field, where RuleNode has a field's name.
const (
	AskAudience = "@audience"
	AskDelivery = "@delivery"
	AskRandom   = "@random"
)

// RuleNode is a group or a condition of a rule that is being made: what was chosen
// and typed so far, whether it makes sense or not.
type RuleNode struct {
	Join RuleJoin    `json:"join,omitempty"` // empty: a condition
	Kids []*RuleNode `json:"kids,omitempty"`

	Field  string    `json:"field,omitempty"` // a field, one of rule's, or one of the conditions above
	Op     rule.Op   `json:"op,omitempty"`
	Kind   rule.Kind `json:"kind,omitempty"` // of the values
	Values []string  `json:"values,omitempty"`
	Seed   uint32    `json:"seed,omitempty"`
}

// Group reports whether it has parts.
func (n *RuleNode) Group() bool { return n.Join != "" }

// NewRuleGroup makes a group with one condition to be filled in.
func NewRuleGroup(j RuleJoin, kids ...*RuleNode) *RuleNode { return &RuleNode{Join: j, Kids: kids} }

// Copy copies it with everything in it.
func (n *RuleNode) Copy() *RuleNode {
	c := *n
	c.Values = slices.Clone(n.Values)
	c.Kids = nil
	for _, k := range n.Kids {
		c.Kids = append(c.Kids, k.Copy())
	}
	return &c
}

// Depth is how deep groups lie in it, itself included.
func (n *RuleNode) Depth() int {
	d := 0
	for _, k := range n.Kids {
		d = max(d, k.Depth())
	}
	return d + 1
}

// RuleOps lists what can be asked of a field of a type, or of one of the other
// conditions.
func RuleOps(field string, t delivery.FieldType) []rule.Op {
	switch field {
	case AskAudience:
		return []rule.Op{rule.InAudience, rule.NotIn}
	case AskDelivery:
		return []rule.Op{rule.Got, rule.DidNotGet}
	case AskRandom:
		return []rule.Op{rule.Random}
	case rule.FieldAdded:
		return []rule.Op{rule.InLast, rule.NotInLast, rule.Before, rule.After, rule.Is, rule.Between}
	case rule.FieldEmail:
		return []rule.Op{rule.Contains, rule.NotContains, rule.StartsWith, rule.EndsWith, rule.Is, rule.IsNot, rule.OneOf, rule.NoneOf, rule.Empty}
	}
	switch t {
	case delivery.FieldNumber:
		return []rule.Op{rule.Is, rule.IsNot, rule.Greater, rule.AtLeast, rule.Less, rule.AtMost, rule.Between, rule.Empty, rule.NotEmpty}
	case delivery.FieldDate:
		return []rule.Op{rule.Is, rule.Before, rule.After, rule.Between, rule.InLast, rule.NotInLast, rule.Empty, rule.NotEmpty}
	case delivery.FieldBool:
		return []rule.Op{rule.Is, rule.IsNot, rule.Empty, rule.NotEmpty}
	case delivery.FieldLanguage, delivery.FieldZone, delivery.FieldCountry:
		return []rule.Op{rule.Is, rule.IsNot, rule.OneOf, rule.NoneOf, rule.Empty, rule.NotEmpty}
	}
	return []rule.Op{rule.Is, rule.IsNot, rule.Contains, rule.NotContains, rule.StartsWith, rule.EndsWith, rule.OneOf, rule.NoneOf, rule.Empty, rule.NotEmpty}
}

// RuleKind is what the values of a field of a type are compared as.
func RuleKind(field string, t delivery.FieldType) rule.Kind {
	switch {
	case field == rule.FieldAdded || t == delivery.FieldDate:
		return rule.Date
	case t == delivery.FieldNumber:
		return rule.Number
	case t == delivery.FieldBool:
		return rule.Bool
	}
	return rule.Text
}

// RuleInput is what the value of a condition is typed or chosen with.
type RuleInput string

// Inputs.
const (
	InputNone     RuleInput = ""
	InputText     RuleInput = "text"
	InputTexts    RuleInput = "texts" // several, separated by commas
	InputNumber   RuleInput = "number"
	InputNumbers  RuleInput = "numbers" // several, separated by commas
	InputDate     RuleInput = "date"
	InputBool     RuleInput = "bool"
	InputDays     RuleInput = "days"
	InputAudience RuleInput = "audience"
	InputDelivery RuleInput = "delivery"
	InputParts    RuleInput = "parts" // of a random deal
)

// Input tells the input of a condition, and how many of it there are.
func (n *RuleNode) Input() (RuleInput, int) {
	switch n.Op {
	case rule.Empty, rule.NotEmpty, rule.Everyone:
		return InputNone, 0
	case rule.InLast, rule.NotInLast:
		return InputDays, 1
	case rule.InAudience, rule.NotIn:
		return InputAudience, 1
	case rule.Got, rule.DidNotGet:
		return InputDelivery, 1
	case rule.Random:
		return InputParts, 2
	case rule.OneOf, rule.NoneOf:
		if n.Kind == rule.Number {
			return InputNumbers, 1
		}
		return InputTexts, 1
	}
	k := 1
	if n.Op == rule.Between {
		k = 2
	}
	switch n.Kind {
	case rule.Number:
		return InputNumber, k
	case rule.Date:
		return InputDate, k
	case rule.Bool:
		return InputBool, 1
	}
	return InputText, k
}

// Ask gives a condition another field, and what is left of what it asked.
func (n *RuleNode) Ask(field string, t delivery.FieldType) {
	input, _ := n.Input()
	n.Field, n.Kind = field, RuleKind(field, t)
	if ops := RuleOps(field, t); !slices.Contains(ops, n.Op) {
		n.Op = ops[0]
	}
	if now, _ := n.Input(); now != input {
		n.Values = nil
	}
	if field == AskRandom {
		n.Values = []string{"1", "2"}
	}
}

// Compare gives a condition another comparison.
func (n *RuleNode) Compare(op rule.Op) {
	input, _ := n.Input()
	n.Op = op
	if now, _ := n.Input(); now != input && !(input == InputText && now == InputTexts || input == InputTexts && now == InputText) {
		n.Values = nil
	}
}

// Value is the i-th value as it was typed.
func (n *RuleNode) Value(i int) string {
	if i < len(n.Values) {
		return n.Values[i]
	}
	return ""
}

// SetValue changes the i-th value.
func (n *RuleNode) SetValue(i int, s string) {
	for len(n.Values) <= i {
		n.Values = append(n.Values, "")
	}
	n.Values[i] = s
}

// Complete is a copy of a group without the conditions that are not complete.
func (n *RuleNode) Complete() *RuleNode {
	c := *n
	c.Kids = nil
	for _, k := range n.Kids {
		if _, missing, _ := k.Rule(); k.Group() {
			c.Kids = append(c.Kids, k.Complete())
		} else if len(missing) == 0 {
			c.Kids = append(c.Kids, k.Copy())
		}
	}
	return &c
}

// Rule makes the rule of what was chosen. missing are the conditions that are not
// complete or not right; then ok is false. A group without conditions says nothing
// and is left out; a rule without any names everybody.
func (n *RuleNode) Rule() (e rule.Expr, missing []*RuleNode, ok bool) {
	e, ok = n.expr(&missing)
	if len(missing) > 0 {
		return rule.Expr{}, missing, false
	}
	if !ok {
		return rule.Expr{Op: rule.Everyone}, nil, true
	}
	return e, nil, e.Validate() == nil
}

// expr makes one node; ok is false for a group without parts.
func (n *RuleNode) expr(missing *[]*RuleNode) (rule.Expr, bool) {
	if !n.Group() {
		e, ok := n.condition()
		if !ok || e.Validate() != nil {
			*missing = append(*missing, n)
		}
		return e, true
	}
	var terms []rule.Expr
	for _, k := range n.Kids {
		if e, ok := k.expr(missing); ok {
			terms = append(terms, e)
		}
	}
	if len(terms) == 0 {
		return rule.Expr{}, false
	}
	e := terms[0]
	if len(terms) > 1 {
		op := rule.Or
		if n.Join == JoinAll {
			op = rule.And
		}
		e = rule.Expr{Op: op, Terms: terms}
	}
	if n.Join == JoinNone {
		e = rule.Expr{Op: rule.Not, Terms: []rule.Expr{e}}
	}
	return e, true
}

func (n *RuleNode) condition() (rule.Expr, bool) {
	e := rule.Expr{Op: n.Op}
	switch n.Op {
	case "":
		return e, false
	case rule.Everyone:
		return e, true
	case rule.InAudience, rule.NotIn:
		e.Audience.Name = n.Value(0)
		return e, e.Audience.Name != ""
	case rule.Got, rule.DidNotGet:
		id, err := delivery.ParseID(n.Value(0))
		e.Delivery = id
		return e, err == nil
	case rule.Random:
		return n.random(e)
	}
	e.Field = n.Field
	input, k := n.Input()
	switch input {
	case InputNone:
		return e, true
	case InputDays:
		days, err := strconv.Atoi(strings.TrimSpace(n.Value(0)))
		e.Days = days
		return e, err == nil
	case InputTexts, InputNumbers:
		for _, s := range SplitList(n.Value(0)) {
			v, ok := ruleValue(n.Kind, s)
			if !ok {
				return e, false
			}
			e.Values = append(e.Values, v)
		}
		return e, len(e.Values) > 0
	}
	for i := range k {
		v, ok := ruleValue(n.Kind, n.Value(i))
		if !ok {
			return e, false
		}
		e.Values = append(e.Values, v)
	}
	return e, true
}

func (n *RuleNode) random(e rule.Expr) (rule.Expr, bool) {
	e.Seed = n.Seed
	from, to, several := strings.Cut(strings.ReplaceAll(n.Value(0), "–", "-"), "-")
	if !several {
		to = from
	}
	var errs [3]error
	e.First, errs[0] = strconv.Atoi(strings.TrimSpace(from))
	e.Last, errs[1] = strconv.Atoi(strings.TrimSpace(to))
	e.Of, errs[2] = strconv.Atoi(strings.TrimSpace(n.Value(1)))
	return e, errs == [3]error{}
}

// ruleValue reads what was typed as a literal of a kind.
func ruleValue(k rule.Kind, s string) (rule.Value, bool) {
	s = strings.TrimSpace(s)
	switch k {
	case rule.Number:
		if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
			s = strings.Replace(s, ",", ".", 1) // as it is typed in Dutch
		}
		f, ok := rule.ParseNumber(s)
		return rule.N(f), ok
	case rule.Date:
		t, err := time.Parse(time.DateOnly, s)
		return rule.D(t), err == nil
	case rule.Bool:
		return rule.B(s == rule.Yes), s == rule.Yes || s == rule.No
	}
	return rule.T(s), s != ""
}

// SplitList reads texts that are separated by commas. One with a comma in it
// stands in quotation marks.
func SplitList(s string) []string {
	r := csv.NewReader(strings.NewReader(strings.ReplaceAll(s, "\n", ",")))
	r.LazyQuotes, r.TrimLeadingSpace = true, true
	fields, err := r.Read()
	if err != nil {
		fields = strings.Split(s, ",")
	}
	var out []string
	for _, f := range fields {
		if f = strings.TrimSpace(f); f != "" && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// JoinList writes texts as SplitList reads them.
func JoinList(ss []string) string {
	quoted := make([]string, len(ss))
	for i, s := range ss {
		if quoted[i] = s; strings.ContainsAny(s, `,"`) {
			quoted[i] = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
	}
	return strings.Join(quoted, ", ")
}

// RuleTree makes what can be edited of a rule: always a group.
func RuleTree(e rule.Expr) *RuleNode {
	n := ruleNode(e)
	switch {
	case n.Op == rule.Everyone:
		return NewRuleGroup(JoinAll)
	case !n.Group():
		return NewRuleGroup(JoinAll, n)
	}
	return n
}

func ruleNode(e rule.Expr) *RuleNode {
	kids := func(j RuleJoin, es []rule.Expr) *RuleNode {
		n := &RuleNode{Join: j}
		for _, t := range es {
			n.Kids = append(n.Kids, ruleNode(t))
		}
		return n
	}
	switch e.Op {
	case rule.And:
		return kids(JoinAll, e.Terms)
	case rule.Or:
		return kids(JoinAny, e.Terms)
	case rule.Not:
		if e.Terms[0].Op == rule.Or {
			return kids(JoinNone, e.Terms[0].Terms)
		}
		return kids(JoinNone, e.Terms)
	}
	n := &RuleNode{Field: e.Field, Op: e.Op, Kind: rule.Text, Seed: e.Seed}
	switch e.Op {
	case rule.InAudience, rule.NotIn:
		n.Field, n.Values = AskAudience, []string{e.Audience.Name}
		if e.Audience.Name == "" {
			n.Values[0] = strconv.FormatInt(e.Audience.ID, 10)
		}
	case rule.Got, rule.DidNotGet:
		n.Field, n.Values = AskDelivery, []string{e.Delivery.String()}
	case rule.Random:
		parts := strconv.Itoa(e.First)
		if e.Last > e.First {
			parts += "-" + strconv.Itoa(e.Last)
		}
		n.Field, n.Values = AskRandom, []string{parts, strconv.Itoa(e.Of)}
	case rule.InLast, rule.NotInLast:
		n.Kind, n.Values = rule.Date, []string{strconv.Itoa(e.Days)}
	case rule.OneOf, rule.NoneOf:
		var texts []string
		for _, v := range e.Values {
			texts, n.Kind = append(texts, v.Text), v.Kind
		}
		n.Values = []string{JoinList(texts)}
	default:
		for _, v := range e.Values {
			n.Values, n.Kind = append(n.Values, v.Text), v.Kind
		}
	}
	return n
}
