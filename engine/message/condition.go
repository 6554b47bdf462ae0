package message

import (
	"regexp"
	"strings"
)

// Test is how a Condition looks at a field.
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

// Compares reports whether a test needs a value.
func (t Test) Compares() bool { return t != TestFilled && t != TestEmpty }

// Condition is a condition of an if tag that needs no Liquid to be written: what
// menus offer.
type Condition struct {
	Field  string
	Test   Test
	Value  string
	Number bool // Value is compared as the number that it is
}

// String is the condition as an if tag has it; empty when its field has a name that
// Liquid does not know. TestMore and TestLess compare numbers wherever the value is
// one: as text, 9 is more than 10.
func (c Condition) String() string {
	if !conditionField.MatchString(c.Field) {
		return ""
	}
	value := Quote(c.Value)
	if (c.Number || c.Test == TestMore || c.Test == TestLess) && conditionNumber.MatchString(c.Value) {
		value = c.Value
	}
	switch c.Test {
	case TestIs:
		return c.Field + " == " + value
	case TestIsNot:
		return c.Field + " != " + value
	case TestContains:
		return c.Field + " contains " + Quote(c.Value)
	case TestMore:
		return c.Field + " > " + value
	case TestLess:
		return c.Field + ` != "" and ` + c.Field + " < " + value
	case TestFilled:
		return c.Field
	case TestEmpty:
		return c.Field + ` == ""`
	}
	return ""
}

var (
	conditionField  = regexp.MustCompile(`^[A-Za-z_][\w.-]*$`)
	conditionNumber = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,15})?$`)
	conditionText   = regexp.MustCompile(`^([A-Za-z_][\w.-]*)(?: (==|!=|contains|>|<) ("(?:[^"\\]|\\.)*"|'[^']*'|-?[0-9]{1,15}(?:\.[0-9]{1,15})?))?$`)
	conditionLess   = regexp.MustCompile(`^([A-Za-z_][\w.-]*) != "" and ([A-Za-z_][\w.-]*) < `)
)

// ParseCondition reads what String writes; ok is false for Liquid of more freedom.
func ParseCondition(s string) (c Condition, ok bool) {
	s = strings.TrimSpace(s)
	guarded := false
	if m := conditionLess.FindStringSubmatch(s); m != nil && m[1] == m[2] {
		s, guarded = strings.TrimPrefix(s, m[1]+` != "" and `), true
	}
	m := conditionText.FindStringSubmatch(s)
	if m == nil || m[1] == "true" || m[1] == "false" || guarded != (m[2] == "<") {
		return c, false
	}
	c.Field = m[1]
	if m[2] == "" {
		c.Test = TestFilled
		return c, true
	}
	c.Test = map[string]Test{"==": TestIs, "!=": TestIsNot, "contains": TestContains, ">": TestMore, "<": TestLess}[m[2]]
	ordered := c.Test == TestMore || c.Test == TestLess
	switch {
	case m[3][0] != '"' && m[3][0] != '\'':
		if c.Test == TestContains {
			return Condition{}, false
		}
		c.Value, c.Number = m[3], true
	case ordered && conditionNumber.MatchString(unquote(m[3])):
		return Condition{}, false // compared as text, which String does not write
	default:
		c.Value = unquote(m[3])
	}
	switch {
	case c.Value != "":
	case c.Test == TestIs:
		c.Test = TestEmpty
	case c.Test == TestIsNot:
		c.Test = TestFilled
	}
	return c, true
}

// Quote is a text as a literal of Liquid, line breaks made blanks. Only double
// quotes know escapes there.
func Quote(s string) string {
	s = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(s)
	switch {
	case !strings.ContainsAny(s, `"\`):
		return `"` + s + `"`
	case !strings.Contains(s, "'"):
		return "'" + s + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
