package rule

import (
	"slices"
	"strconv"
	"strings"

	"sendoff/engine/delivery"
)

// Parse reads the text of a rule. "and" binds more than "or". Keywords may be in
// any case. The errors are of KindRule, Field is one of the faults; with Line and
// Column, both from 1, unless it is the rule as a whole.
func Parse(src string) (Expr, error) {
	ts, err := lex(src)
	if err != nil {
		return Expr{}, err
	}
	p := &parser{src: src, ts: ts}
	e, err := p.or(1)
	if err != nil {
		return Expr{}, err
	}
	if p.peek().kind != end {
		return Expr{}, p.unexpected()
	}
	if err := e.Validate(); err != nil {
		return Expr{}, err
	}
	return e, nil
}

type parser struct {
	src string
	ts  []token
	n   int
}

func (p *parser) peek() token { return p.ts[p.n] }

func (p *parser) next() token {
	t := p.ts[p.n]
	if t.kind != end {
		p.n++
	}
	return t
}

func (p *parser) unexpected() error {
	t := p.peek()
	return place(p.src, t.at, FaultUnexpected, t.shown())
}

// accept takes the next tokens when they are these words or symbols.
func (p *parser) accept(ss ...string) bool {
	for i, s := range ss {
		if p.n+i >= len(p.ts) {
			return false
		}
		t := p.ts[p.n+i]
		if t.kind != word && t.kind != symbol || !strings.EqualFold(t.s, s) {
			return false
		}
	}
	p.n += len(ss)
	return true
}

func (p *parser) expect(ss ...string) error {
	for _, s := range ss {
		if !p.accept(s) {
			return p.unexpected()
		}
	}
	return nil
}

func (p *parser) or(depth int) (Expr, error) {
	return p.join(Or, depth, func(d int) (Expr, error) {
		return p.join(And, d, p.not)
	})
}

// join reads terms with one word between them; a single one stands for itself.
func (p *parser) join(op Op, depth int, term func(int) (Expr, error)) (Expr, error) {
	if depth > 4*MaxDepth {
		return Expr{}, place(p.src, p.peek().at, FaultDepth, "")
	}
	e, err := term(depth + 1)
	if err != nil || !p.accept(string(op)) {
		return e, err
	}
	all := []Expr{e}
	for {
		if e, err = term(depth + 1); err != nil {
			return e, err
		}
		if all = append(all, e); len(all) > MaxNodes {
			return e, place(p.src, p.peek().at, FaultSize, "")
		}
		if !p.accept(string(op)) {
			return Expr{Op: op, Terms: all}, nil
		}
	}
}

func (p *parser) not(depth int) (Expr, error) {
	if depth > 4*MaxDepth {
		return Expr{}, place(p.src, p.peek().at, FaultDepth, "")
	}
	switch {
	case p.accept("not", "in", "audience"):
		return p.audience(NotIn)
	case p.accept("not"):
		e, err := p.not(depth + 1)
		return Expr{Op: Not, Terms: []Expr{e}}, err
	case p.accept("("):
		e, err := p.or(depth + 1)
		if err == nil {
			err = p.expect(")")
		}
		return e, err
	}
	return p.condition()
}

func (p *parser) condition() (Expr, error) {
	switch {
	case p.accept("everyone"):
		return Expr{Op: Everyone}, nil
	case p.accept("in", "audience"):
		return p.audience(InAudience)
	case p.accept("got", "delivery"):
		return p.delivery(Got)
	case p.accept("did", "not", "get", "delivery"):
		return p.delivery(DidNotGet)
	case p.accept("random"):
		return p.random()
	}
	t := p.peek()
	var field string
	switch {
	case t.kind != word:
		return Expr{}, p.unexpected()
	case p.accept("field"):
		if p.peek().kind != text {
			return Expr{}, p.unexpected()
		}
		if field = p.next().s; field == "" || strings.HasPrefix(field, "@") {
			return Expr{}, place(p.src, t.at, FaultField, field)
		}
	case p.accept("email"):
		field = FieldEmail
	case p.accept("added"):
		field = FieldAdded
	case slices.Contains(words, strings.ToLower(t.s)):
		return Expr{}, p.unexpected()
	default:
		field = p.next().s
	}
	e, err := p.ofField(field)
	if err == nil {
		if verr := e.condition(); verr != nil {
			de := verr.(*delivery.Error)
			return e, place(p.src, t.at, de.Field, de.Detail)
		}
	}
	return e, err
}

// ofField reads what is asked of a field.
func (p *parser) ofField(field string) (Expr, error) {
	e := Expr{Field: field}
	one := func(op Op) (Expr, error) {
		v, err := p.value()
		e.Op, e.Values = op, []Value{v}
		return e, err
	}
	switch {
	case p.accept("is", "empty"):
		e.Op = Empty
		return e, nil
	case p.accept("is", "not", "empty"):
		e.Op = NotEmpty
		return e, nil
	case p.accept("is", "not"):
		return one(IsNot)
	case p.accept("is"), p.accept("="), p.accept("on"):
		return one(Is)
	case p.accept("not", "on"):
		return one(IsNot)
	case p.accept("contains"):
		return one(Contains)
	case p.accept("does", "not", "contain"):
		return one(NotContains)
	case p.accept("starts", "with"):
		return one(StartsWith)
	case p.accept("ends", "with"):
		return one(EndsWith)
	case p.accept(">"):
		return one(Greater)
	case p.accept(">="):
		return one(AtLeast)
	case p.accept("<"):
		return one(Less)
	case p.accept("<="):
		return one(AtMost)
	case p.accept("before"):
		return one(Before)
	case p.accept("after"):
		return one(After)
	case p.accept("one", "of"):
		return p.list(e, OneOf)
	case p.accept("none", "of"):
		return p.list(e, NoneOf)
	case p.accept("between"):
		e.Op = Between
		from, err := p.value()
		if err != nil {
			return e, err
		}
		if err := p.expect("and"); err != nil {
			return e, err
		}
		to, err := p.value()
		e.Values = []Value{from, to}
		return e, err
	case p.accept("in", "the", "last"):
		return p.days(e, InLast)
	case p.accept("not", "in", "the", "last"):
		return p.days(e, NotInLast)
	}
	return e, p.unexpected()
}

func (p *parser) value() (Value, error) {
	t := p.peek()
	switch {
	case t.kind == text:
		if t.s == "" {
			return Value{}, place(p.src, t.at, FaultText, `""`)
		}
		p.next()
		return Value{Text, t.s}, nil
	case t.kind == number:
		p.next()
		return Value{Number, t.s}, nil
	case t.kind == date:
		p.next()
		return Value{Date, t.s}, nil
	case p.accept(Yes):
		return Value{Bool, Yes}, nil
	case p.accept(No):
		return Value{Bool, No}, nil
	}
	return Value{}, p.unexpected()
}

func (p *parser) list(e Expr, op Op) (Expr, error) {
	e.Op = op
	if err := p.expect("("); err != nil {
		return e, err
	}
	for {
		v, err := p.value()
		if err != nil {
			return e, err
		}
		if e.Values = append(e.Values, v); len(e.Values) > MaxValues {
			return e, place(p.src, p.peek().at, FaultSize, "")
		}
		if p.accept(")") {
			return e, nil
		}
		if err := p.expect(","); err != nil {
			return e, err
		}
	}
}

func (p *parser) days(e Expr, op Op) (Expr, error) {
	var err error
	e.Op = op
	if e.Days, err = p.whole(1, MaxDays, FaultDays); err != nil {
		return e, err
	}
	if !p.accept("days") && !p.accept("day") {
		return e, p.unexpected()
	}
	return e, nil
}

// whole reads a whole number within limits.
func (p *parser) whole(from, to int, what string) (int, error) {
	t := p.peek()
	if t.kind != number {
		return 0, p.unexpected()
	}
	n, err := strconv.Atoi(t.s)
	if err != nil || n < from || n > to {
		return 0, place(p.src, t.at, what, t.s)
	}
	p.next()
	return n, nil
}

func (p *parser) audience(op Op) (Expr, error) {
	t := p.peek()
	switch {
	case t.kind == text && t.s != "":
		p.next()
		return Expr{Op: op, Audience: Ref{Name: t.s}}, nil
	case t.kind == number:
		n, err := strconv.ParseInt(t.s, 10, 64)
		if err != nil || n < 1 {
			return Expr{}, place(p.src, t.at, FaultAudience, t.s)
		}
		p.next()
		return Expr{Op: op, Audience: Ref{ID: n}}, nil
	}
	return Expr{}, p.unexpected()
}

func (p *parser) delivery(op Op) (Expr, error) {
	t := p.peek()
	if t.kind != word && t.kind != number {
		return Expr{}, p.unexpected()
	}
	id, err := delivery.ParseID(t.s)
	if err != nil {
		return Expr{}, place(p.src, t.at, FaultDelivery, t.s)
	}
	p.next()
	return Expr{Op: op, Delivery: id}, nil
}

func (p *parser) random() (Expr, error) {
	e := Expr{Op: Random}
	t := p.peek()
	if !p.accept("part") && !p.accept("parts") {
		return e, p.unexpected()
	}
	var err error
	if e.First, err = p.whole(1, MaxParts, FaultParts); err != nil {
		return e, err
	}
	e.Last = e.First
	if p.accept("to") {
		if e.Last, err = p.whole(e.First, MaxParts, FaultParts); err != nil {
			return e, err
		}
	}
	if err := p.expect("of"); err != nil {
		return e, err
	}
	if e.Of, err = p.whole(2, MaxParts, FaultParts); err != nil {
		return e, err
	}
	if e.Last > e.Of {
		return e, place(p.src, t.at, FaultParts, "")
	}
	if p.accept("seed") {
		s := p.peek()
		n, err := strconv.ParseUint(s.s, 10, 32)
		if s.kind != number || err != nil {
			return e, p.unexpected()
		}
		p.next()
		e.Seed = uint32(n)
	}
	return e, nil
}
