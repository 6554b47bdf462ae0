package block

import (
	"regexp"
	"strings"
)

// Test is how a condition looks at a field.
type Test string

// Tests.
const (
	TestIs       Test = "is"
	TestIsNot    Test = "is_not"
	TestContains Test = "contains"
	TestMore     Test = "more" // a number, or a date (2006-01-02) that is later
	TestLess     Test = "less" // likewise; nobody without a value
	TestFilled   Test = "filled"
	TestEmpty    Test = "empty"
)

// Tests lists them in the order of a menu.
func Tests() []Test {
	return []Test{TestIs, TestIsNot, TestContains, TestMore, TestLess, TestFilled, TestEmpty}
}

// Condition is a condition that needs no Liquid to be written.
type Condition struct {
	Field string
	Test  Test
	Value string
}

// String is the condition as a block has it; empty when no Liquid can say it: a
// value with quotation marks of both kinds, or a name that is none.
func (c Condition) String() string {
	if !name.MatchString(c.Field) {
		return ""
	}
	quote := `"`
	if strings.Contains(c.Value, quote) {
		if quote = "'"; strings.Contains(c.Value, quote) {
			return ""
		}
	}
	value := quote + strings.ReplaceAll(c.Value, "\n", " ") + quote
	switch c.Test {
	case TestIs:
		return c.Field + " == " + value
	case TestIsNot:
		return c.Field + " != " + value
	case TestContains:
		return c.Field + " contains " + value
	case TestMore, TestLess:
		if number.MatchString(c.Value) {
			value = c.Value
		}
		if c.Test == TestMore {
			return c.Field + " > " + value
		}
		return c.Field + ` != "" and ` + c.Field + " < " + value
	case TestFilled:
		return c.Field
	case TestEmpty:
		return c.Field + ` == ""`
	}
	return ""
}

var (
	name    = regexp.MustCompile(`^[A-Za-z_][\w.-]*$`)
	number  = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,15})?$`)
	written = regexp.MustCompile(`^([A-Za-z_][\w.-]*)(?: (==|!=|contains|>|<) ("[^"]*"|'[^']*'|-?[0-9]{1,15}(?:\.[0-9]{1,15})?))?$`)
	less    = regexp.MustCompile(`^([A-Za-z_][\w.-]*) != "" and ([A-Za-z_][\w.-]*) < `)
)

// ParseCondition reads what String writes; ok is false for Liquid of more
// freedom.
func ParseCondition(s string) (c Condition, ok bool) {
	s = strings.TrimSpace(s)
	guarded := false
	if m := less.FindStringSubmatch(s); m != nil && m[1] == m[2] {
		s, guarded = strings.TrimPrefix(s, m[1]+` != "" and `), true
	}
	m := written.FindStringSubmatch(s)
	if m == nil || m[1] == "true" || m[1] == "false" || guarded != (m[2] == "<") {
		return c, false
	}
	c.Field = m[1]
	if m[2] == "" {
		c.Test = TestFilled
		return c, true
	}
	compares := m[2] == ">" || m[2] == "<"
	switch quoted := m[3][0] == '"' || m[3][0] == '\''; {
	case quoted:
		if c.Value = m[3][1 : len(m[3])-1]; compares && number.MatchString(c.Value) {
			return c, false // as text, 9 is more than 10
		}
	case compares:
		c.Value = m[3]
	default:
		return c, false
	}
	switch c.Test = map[string]Test{"==": TestIs, "!=": TestIsNot, "contains": TestContains, ">": TestMore, "<": TestLess}[m[2]]; {
	case c.Test == TestIs && c.Value == "":
		c.Test = TestEmpty
	}
	return c, true
}
