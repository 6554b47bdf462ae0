package message

import (
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

// holds tells for whom an if tag with a condition is true.
func holds(t interface{ Fatalf(string, ...any) }, condition string, fields map[string]string) bool {
	tpl, findings := Compile(delivery.Content{From: "a@a.example", Text: "{% if " + condition + " %}SEEN{% endif %}"})
	if tpl == nil {
		t.Fatalf("%s: %+v", condition, findings)
	}
	p, err := tpl.Preview(Recipient{Address: "a@a.example", Fields: fields}, Envelope{})
	if err != nil {
		t.Fatalf("%s: %v", condition, err)
	}
	return p.Text == "SEEN"
}

// What a condition says is what becomes of it for people.
func TestCondition(t *testing.T) {
	type who = map[string]string
	for _, c := range []struct {
		c       Condition
		want    string
		yes, no who
	}{
		{Condition{"city", TestIs, "Utrecht", false}, `city == "Utrecht"`, who{"city": "Utrecht"}, who{"city": "Utrecht-Oost"}},
		{Condition{"city", TestIsNot, `Den "Haag"`, false}, `city != 'Den "Haag"'`, who{"city": "x"}, who{"city": `Den "Haag"`}},
		{Condition{"city", TestIs, `"'\n`, false}, `city == "\"'\\n"`, who{"city": `"'\n`}, who{"city": "\"'\n"}},
		{Condition{"disk", TestIs, `C:\new`, false}, `disk == 'C:\new'`, who{"disk": `C:\new`}, who{"disk": "C:\new"}},
		{Condition{"city", TestContains, "trecht", false}, `city contains "trecht"`, who{"city": "Utrecht"}, who{"city": "Breda"}},
		{Condition{"code", TestContains, "12", false}, `code contains "12"`, who{"code": "0123"}, who{"code": "01"}},
		{Condition{"city", TestFilled, "", false}, `city`, who{"city": "x"}, who{"city": " "}},
		{Condition{"city", TestEmpty, "", false}, `city == ""`, nil, who{"city": "x"}},
		{Condition{"age", TestMore, "17", true}, `age > 17`, who{"age": "100"}, who{"age": "17"}},
		{Condition{"age", TestMore, "17", true}, `age > 17`, who{"age": "18"}, who{"age": ""}},
		{Condition{"age", TestLess, "-2.5", true}, `age != "" and age < -2.5`, who{"age": "-3"}, who{"age": "10"}},
		{Condition{"age", TestLess, "17", true}, `age != "" and age < 17`, who{"age": "9"}, who{"age": ""}},
		{Condition{"age", TestIs, "17", true}, `age == 17`, who{"age": "17.0"}, who{"age": "170"}},
		{Condition{"post", TestIs, "0123", false}, `post == "0123"`, who{"post": "0123"}, who{"post": "123"}},
		{Condition{"since", TestMore, "2024-01-31", false}, `since > "2024-01-31"`, who{"since": "2024-02-01"}, who{"since": "2023-12-31"}},
		{Condition{"since", TestLess, "2024-01-31", false}, `since != "" and since < "2024-01-31"`, who{"since": "2023-12-31"}, who{}},
	} {
		got := c.c.String()
		if got != c.want {
			t.Errorf("%+v: %s", c.c, got)
		}
		if back, ok := ParseCondition(got); !ok || back != c.c {
			t.Errorf("%s became %+v", got, back)
		}
		if !holds(t, got, c.yes) || holds(t, got, c.no) {
			t.Errorf("%s: %v for %v, %v for %v", got, holds(t, got, c.yes), c.yes, holds(t, got, c.no), c.no)
		}
	}
	if got := (Condition{Field: "ci ty", Test: TestIs, Value: "x"}).String(); got != "" {
		t.Errorf("%s", got)
	}
	for s, want := range map[string]Condition{`city != ""`: {Field: "city", Test: TestFilled}, ` age == 3 `: {Field: "age", Test: TestIs, Value: "3", Number: true}} {
		if c, ok := ParseCondition(s); !ok || c != want {
			t.Errorf("%q became %+v", s, c)
		}
	}
	for _, s := range []string{"a and b", "age >= 3", "age < 3", `age != "" and old < 3`, `age != "" and age > 3`, `age > "3"`, "code contains 3", "true", "", `a == b`, `a == "b" or c`} {
		if c, ok := ParseCondition(s); ok {
			t.Errorf("%q became %+v", s, c)
		}
	}
}

// Whatever is typed as the value of a condition, it is that and nothing else.
func TestConditionHoldsWhatIsTyped(t *testing.T) {
	typed := rapid.StringOfN(rapid.SampledFrom([]rune(`ab '"\{}%|:é🎉<&1.-`)), 1, 12, -1)
	tests := rapid.SampledFrom([]Test{TestIs, TestIsNot, TestContains, TestMore, TestLess})
	rapid.Check(t, func(t *rapid.T) {
		c := Condition{Field: "x", Test: tests.Draw(t, "test"), Value: typed.Draw(t, "value")}
		back, ok := ParseCondition(c.String())
		c.Number = back.Number
		if !ok || back != c {
			t.Fatalf("%+v became %+v by %s", c, back, c.String())
		}
		if c.Test != TestIs || c.Value[0] == ' ' || c.Value[len(c.Value)-1] == ' ' {
			return // a value at a person has no blanks around it
		}
		if !holds(t, c.String(), map[string]string{"x": c.Value}) || holds(t, c.String(), map[string]string{"x": c.Value + "!"}) {
			t.Fatalf("%s does not hold for %q alone", c, c.Value)
		}
	})
}
