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
	TestFilled   Test = "filled"
	TestEmpty    Test = "empty"
)

// Tests lists them in the order of a menu.
func Tests() []Test { return []Test{TestIs, TestIsNot, TestContains, TestFilled, TestEmpty} }

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
	case TestFilled:
		return c.Field
	case TestEmpty:
		return c.Field + ` == ""`
	}
	return ""
}

var (
	name    = regexp.MustCompile(`^[A-Za-z_][\w.-]*$`)
	written = regexp.MustCompile(`^([A-Za-z_][\w.-]*)(?: (==|!=|contains) ("[^"]*"|'[^']*'))?$`)
)

// ParseCondition reads what String writes; ok is false for Liquid of more
// freedom.
func ParseCondition(s string) (c Condition, ok bool) {
	m := written.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil || m[1] == "true" || m[1] == "false" {
		return c, false
	}
	c.Field = m[1]
	if m[2] == "" {
		c.Test = TestFilled
		return c, true
	}
	c.Value = m[3][1 : len(m[3])-1]
	switch c.Test = map[string]Test{"==": TestIs, "!=": TestIsNot, "contains": TestContains}[m[2]]; {
	case c.Test == TestIs && c.Value == "":
		c.Test = TestEmpty
	}
	return c, true
}
