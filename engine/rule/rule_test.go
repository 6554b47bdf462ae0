package rule_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/rule"
	"sendoff/engine/rule/ruletest"
)

func field(op rule.Op, name string, vs ...rule.Value) rule.Expr {
	return rule.Expr{Op: op, Field: name, Values: vs}
}

func TestParse(t *testing.T) {
	city := field(rule.Is, "city", rule.T("Utrecht"))
	age := field(rule.AtLeast, "age", rule.N(18))
	member := field(rule.Is, "member", rule.B(true))
	for _, c := range []struct {
		src  string
		want rule.Expr
		text string // "": src
	}{
		{`city is "Utrecht"`, city, ""},
		{`CITY IS 'Utrecht'`, field(rule.Is, "CITY", rule.T("Utrecht")), `CITY is "Utrecht"`},
		{`city = “Utrecht”`, city, `city is "Utrecht"`},
		{`(((city is "Utrecht")))`, city, `city is "Utrecht"`},
		// "and" binds more than "or".
		{`city is "Utrecht" and age >= 18 or member is yes`,
			rule.Expr{Op: rule.Or, Terms: []rule.Expr{{Op: rule.And, Terms: []rule.Expr{city, age}}, member}},
			`(city is "Utrecht" and age >= 18) or member is yes`},
		{`city is "Utrecht" and (age >= 18 or member is yes)`,
			rule.Expr{Op: rule.And, Terms: []rule.Expr{city, {Op: rule.Or, Terms: []rule.Expr{age, member}}}}, ""},
		{`not city is "Utrecht"`, rule.Expr{Op: rule.Not, Terms: []rule.Expr{city}}, `not (city is "Utrecht")`},
		{`not in audience "staff"`, rule.Expr{Op: rule.NotIn, Audience: rule.Ref{Name: "staff"}}, ""},
		{`not (in audience 7)`, rule.Expr{Op: rule.Not, Terms: []rule.Expr{{Op: rule.InAudience, Audience: rule.Ref{ID: 7}}}}, ""},
		{`got delivery 12`, rule.Expr{Op: rule.Got, Delivery: 12}, `got delivery DM12`},
		{`did not get delivery dm3`, rule.Expr{Op: rule.DidNotGet, Delivery: 3}, `did not get delivery DM3`},
		{`joined between 2026-01-31 and 2026-02-28 and x is empty`, rule.Expr{Op: rule.And, Terms: []rule.Expr{
			field(rule.Between, "joined", rule.Value{Kind: rule.Date, Text: "2026-01-31"}, rule.Value{Kind: rule.Date, Text: "2026-02-28"}),
			field(rule.Empty, "x")}}, ""},
		{`joined on 2026-01-31`, field(rule.Is, "joined", rule.Value{Kind: rule.Date, Text: "2026-01-31"}), ""},
		{`added in the last 1 day`, rule.Expr{Op: rule.InLast, Field: rule.FieldAdded, Days: 1}, `added in the last 1 days`},
		{`email ends with "@acme.example"`, field(rule.EndsWith, rule.FieldEmail, rule.T("@acme.example")), ""},
		{`field "email" is "x"`, field(rule.Is, "email", rule.T("x")), ""},
		{`field "Post code" none of ("1", 'a"b')`, field(rule.NoneOf, "Post code", rule.T("1"), rule.T(`a"b`)), `field "Post code" none of ("1", "a\"b")`},
		{`age < -0.50`, field(rule.Less, "age", rule.N(-0.5)), `age < -0.5`},
		{`random part 2 of 3 seed 9`, rule.Expr{Op: rule.Random, First: 2, Last: 2, Of: 3, Seed: 9}, ""},
		{"everyone\n", rule.Expr{Op: rule.Everyone}, "everyone"},
	} {
		got, err := rule.Parse(c.src)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v", c.src, got, err)
			continue
		}
		if c.text == "" {
			c.text = c.src
		}
		if s := got.String(); s != c.text {
			t.Errorf("%s: written as %s, want %s", c.src, s, c.text)
		}
	}
}

func TestFaultsHaveAPlace(t *testing.T) {
	for _, c := range []struct {
		src, fault   string
		line, column int
	}{
		{``, rule.FaultUnexpected, 1, 1},
		{`city`, rule.FaultUnexpected, 1, 5},
		{`city is`, rule.FaultUnexpected, 1, 8},
		{`city is "é" x`, rule.FaultUnexpected, 1, 13},
		{`city is "Utrecht`, rule.FaultText, 1, 9},
		{`city is ""`, rule.FaultText, 1, 9},
		{"city is \"a\" and\n  age > 1e9", rule.FaultNumber, 2, 9},
		{`joined on 2026-02-30`, rule.FaultDate, 1, 11},
		{`joined in the last 0 days`, rule.FaultDays, 1, 20},
		{`age > "5"`, rule.FaultKind, 1, 1},
		{`x is 1 and email > 5`, rule.FaultKind, 1, 12},
		{`age between 1 and 2026-01-01`, rule.FaultKind, 1, 1},
		{`got delivery x`, rule.FaultDelivery, 1, 14},
		{`in audience 0`, rule.FaultAudience, 1, 13},
		{`random part 4 of 3`, rule.FaultParts, 1, 8},
		{`(city is "x"`, rule.FaultUnexpected, 1, 13},
		{`and is "x"`, rule.FaultUnexpected, 1, 1},
		{`field "@email" is "x"`, rule.FaultField, 1, 1},
		{`city is "a" & age > 1`, rule.FaultUnexpected, 1, 13},
	} {
		_, err := rule.Parse(c.src)
		var e *delivery.Error
		if !errors.As(err, &e) || e.Kind != delivery.KindRule || e.Field != c.fault || e.Line != c.line || e.Column != c.column {
			t.Errorf("%s: %v, want %s at %d:%d", c.src, err, c.fault, c.line, c.column)
		}
	}
}

func TestLimits(t *testing.T) {
	deep := strings.Repeat("not (", 40) + "everyone" + strings.Repeat(")", 40)
	many := strings.TrimSuffix(strings.Repeat("everyone or ", rule.MaxNodes+1), " or ")
	list := `a one of (` + strings.TrimSuffix(strings.Repeat(`"x",`, rule.MaxValues+1), ",") + `)`
	for src, want := range map[string]string{
		deep: rule.FaultDepth, many: rule.FaultSize, list: rule.FaultSize,
		strings.Repeat("(", 100_000): rule.FaultDepth, strings.Repeat(" ", rule.MaxSource+1): rule.FaultSize,
		`a is "` + strings.Repeat("x", rule.MaxText+1) + `"`: rule.FaultSize,
	} {
		_, err := rule.Parse(src)
		var e *delivery.Error
		if !errors.As(err, &e) || e.Kind != delivery.KindRule || e.Field != want {
			t.Errorf("%.40q: %v, want %s", src, err, want)
		}
	}
	if _, err := rule.Parse(strings.Repeat("not (", rule.MaxDepth-1) + "everyone" + strings.Repeat(")", rule.MaxDepth-1)); err != nil {
		t.Error(err)
	}
}

// TestFormsAgree: its text gives every rule back.
func TestFormsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := ruletest.Any(t).Expr(t, 4)
		if err := e.Validate(); err != nil {
			t.Fatalf("%s: %v", e, err)
		}
		back, err := rule.Parse(e.String())
		if err != nil || !reflect.DeepEqual(back, e) {
			t.Fatalf("%s: %+v, %v", e, back, err)
		}
		if c := e.Clone(); !reflect.DeepEqual(c, e) {
			t.Fatalf("cloned as %+v", c)
		}
	})
}

func TestOddShapesAreRefused(t *testing.T) {
	text := rule.T("x")
	for _, e := range []rule.Expr{
		{}, {Op: "x"}, {Op: rule.And, Terms: []rule.Expr{{Op: rule.Everyone}}}, {Op: rule.Not},
		{Op: rule.Is, Field: "a"}, field(rule.Is, "", text), field(rule.Is, "@other", text), field(rule.Is, "a", text, text),
		field(rule.Is, "a", rule.Value{Kind: rule.Number, Text: "01"}),
		field(rule.Greater, "a", rule.Value{Kind: rule.Number, Text: "NaN"}),
		field(rule.Greater, "a", rule.Value{Kind: rule.Number, Text: "1e5"}),
		field(rule.Is, "a", rule.Value{Kind: rule.Bool, Text: "maybe"}),
		field(rule.Is, "a", rule.T("a\x00b")), field(rule.Greater, rule.FieldAdded, rule.N(1)), field(rule.Contains, "a", rule.N(1)),
		{Op: rule.InAudience}, {Op: rule.Got}, {Op: rule.Random, Of: 3}, {Op: rule.InLast, Field: "a"},
	} {
		if err := e.Validate(); !delivery.Is(err, delivery.KindRule) {
			t.Errorf("%+v: %v", e, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`city is "Utrecht" and not in audience "staff" or (age >= 18 and joined in the last 30 days)`,
		`field "a b" none of ("x", 'y') and random part 1 to 3 of 10 seed 4`, `did not get delivery DM12`, `x between -1.50 and 2`,
		`a is “b” and not not everyone`, `((`, `a is "\`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := rule.Parse(s)
		if err != nil {
			if !delivery.Is(err, delivery.KindRule) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if err := e.Validate(); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		back, err := rule.Parse(e.String())
		if err != nil || !reflect.DeepEqual(back, e) {
			t.Fatalf("%q: %s: %v", s, e, err)
		}
	})
}
