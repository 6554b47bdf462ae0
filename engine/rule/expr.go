package rule

import (
	"strconv"
	"time"

	"sendoff/engine/delivery"
)

// Op is what a node of a rule does. Drafts are kept with the codes.
type Op string

// Groups. And and Or have two terms or more, Not has one.
const (
	And Op = "and"
	Or  Op = "or"
	Not Op = "not"
)

// Conditions on a field.
const (
	Is          Op = "is"           // one value of any kind
	IsNot       Op = "is_not"       // one value of any kind
	Contains    Op = "contains"     // text
	NotContains Op = "not_contains" // text
	StartsWith  Op = "starts_with"  // text
	EndsWith    Op = "ends_with"    // text
	OneOf       Op = "one_of"       // texts or numbers
	NoneOf      Op = "none_of"      // texts or numbers
	Between     Op = "between"      // two numbers or two dates, both included
	Greater     Op = "greater"      // number
	AtLeast     Op = "at_least"     // number
	Less        Op = "less"         // number
	AtMost      Op = "at_most"      // number
	Before      Op = "before"       // date
	After       Op = "after"        // date
	InLast      Op = "in_last"      // Days: not later than today, and at most so many days ago
	NotInLast   Op = "not_in_last"  // Days: the others, those without a date included
	Empty       Op = "empty"
	NotEmpty    Op = "not_empty"
)

// Conditions on a person.
const (
	Everyone   Op = "everyone"
	InAudience Op = "in_audience"
	NotIn      Op = "not_in_audience"
	Got        Op = "got"         // a message of Delivery was accepted for the person or the mailbox
	DidNotGet  Op = "did_not_get" // the others
	Random     Op = "random"      // parts First to Last of Of, shuffled by Seed
)

// Fields that every person has. They cannot be names of columns.
const (
	FieldEmail = "@email" // the address, a text
	FieldAdded = "@added" // when the person was first stored, a date
)

// Expr is one node of a rule: a group or a condition. Only what its Op needs is
// set.
type Expr struct {
	Op       Op
	Terms    []Expr
	Field    string
	Values   []Value
	Days     int // 1 to MaxDays
	Audience Ref
	Delivery delivery.ID
	First    int // parts, from 1
	Last     int
	Of       int // 2 to MaxParts
	Seed     uint32
}

// Ref names an audience: by number as it is stored, by name as it is written.
type Ref struct {
	ID   int64
	Name string
}

// Kind is the kind of a literal.
type Kind string

// Kinds.
const (
	Text   Kind = "text"
	Number Kind = "number"
	Date   Kind = "date"
	Bool   Kind = "bool"
)

// Value is a literal. Text is what people read: the text itself, the shortest
// decimal of a number, "2006-01-02" of a date, "yes" or "no".
type Value struct {
	Kind Kind
	Text string
}

// T, N, D and B make values.
func T(s string) Value { return Value{Text, s} }

// N is a number.
func N(f float64) Value { return Value{Number, strconv.FormatFloat(f, 'f', -1, 64)} }

// D is a date.
func D(t time.Time) Value { return Value{Date, t.Format(time.DateOnly)} }

// B is an answer.
func B(b bool) Value {
	if b {
		return Value{Bool, Yes}
	}
	return Value{Bool, No}
}

// Answers.
const (
	Yes = "yes"
	No  = "no"
)

// Limits of a rule.
const (
	MaxDepth  = 8         // groups within groups
	MaxNodes  = 500       // groups and conditions
	MaxValues = 1000      // of one condition
	MaxText   = 1000      // bytes of a value or a name
	MaxSource = 256 << 10 // bytes of the text form
	MaxDays   = 36500
	MaxParts  = 1000
)

// Group reports whether the op joins terms.
func (o Op) Group() bool { return o == And || o == Or || o == Not }

// ofField reports whether a condition is on a field.
func (o Op) ofField() bool {
	switch o {
	case Is, IsNot, Contains, NotContains, StartsWith, EndsWith, OneOf, NoneOf, Between,
		Greater, AtLeast, Less, AtMost, Before, After, InLast, NotInLast, Empty, NotEmpty:
		return true
	}
	return false
}

// Walk calls fn for every node, parents first.
func (e *Expr) Walk(fn func(*Expr)) {
	fn(e)
	for i := range e.Terms {
		e.Terms[i].Walk(fn)
	}
}

// Clone copies a rule with everything in it.
func (e Expr) Clone() Expr {
	e.Values = append([]Value(nil), e.Values...)
	terms := e.Terms
	e.Terms = nil
	for _, t := range terms {
		e.Terms = append(e.Terms, t.Clone())
	}
	return e
}

// Audiences lists the audiences that a rule refers to, in order, each once.
func (e Expr) Audiences() []Ref {
	var out []Ref
	seen := map[Ref]bool{}
	e.Walk(func(x *Expr) {
		if (x.Op == InAudience || x.Op == NotIn) && !seen[x.Audience] {
			seen[x.Audience] = true
			out = append(out, x.Audience)
		}
	})
	return out
}
