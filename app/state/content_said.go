package state

import (
	"slices"
	"strings"
	"time"

	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// FieldName is what people call a field.
func FieldName(f delivery.Field) string {
	if f.Label != "" {
		return f.Label
	}
	return f.Name
}

// FieldLine is a field in a menu, with a value as an example.
func FieldLine(c *text.Catalog, f delivery.Field, value string) string {
	value = strings.Join(strings.Fields(value), " ")
	if rs := []rune(value); len(rs) > 24 {
		value = string(rs[:23]) + "…"
	}
	if value == "" {
		return FieldName(f)
	}
	return c.T("tag.line", "field", FieldName(f), "value", value)
}

// TagSays is what a tag makes of a value, and of none.
func TagSays(c *text.Catalog, t Tag, value, language string) string {
	one := func(fields map[string]string) string {
		k, _ := message.Compile(delivery.Content{Text: t.Liquid(), Language: language})
		if k == nil {
			return t.Liquid()
		}
		p, err := k.Preview(message.Recipient{Fields: fields}, message.Envelope{Today: today(t, value)})
		if err != nil {
			return t.Liquid()
		}
		return strings.TrimSpace(p.Text)
	}
	said := one(map[string]string{t.Field: value})
	switch {
	case t.Field == "today":
		return said
	case t.Default != "":
		return c.T("tag.says_default", "value", said, "default", t.Default)
	case value == "":
		return c.T("tag.says_nothing")
	}
	return c.T("tag.says", "value", said)
}

// today is the day that a tag of the same name writes.
func today(t Tag, value string) time.Time {
	d, err := time.Parse(time.DateOnly, value)
	if t.Field != "today" || err != nil {
		return time.Time{}
	}
	return d
}

// ConditionSays is a condition as a sentence.
func ConditionSays(c *text.Catalog, k message.Condition, field string) string {
	if k.Test.Compares() && strings.TrimSpace(k.Value) == "" {
		return c.T("tag.says_for."+string(k.Test), "field", field, "value", "…")
	}
	return c.T("tag.says_for."+string(k.Test), "field", field, "value", strings.TrimSpace(k.Value))
}

// FindingTone is the colour of a finding.
func FindingTone(f delivery.Finding) Tone {
	switch f.Severity {
	case delivery.SeverityError:
		return Red
	case delivery.SeverityWarning:
		return Amber
	}
	return Blue
}

// FindingSaid is a finding without its place, for where it stands at its place.
func FindingSaid(c *text.Catalog, f delivery.Finding) string {
	f.Part, f.Line, f.Column = "", 0, 0
	return c.Finding(f)
}

// FindingPlace tells where a finding is; empty when it has no place.
func FindingPlace(c *text.Catalog, f delivery.Finding) string { return c.Place(f) }

// Sorted is the findings with errors first, then warnings, then advice.
func Sorted(fs []delivery.Finding) []delivery.Finding {
	rank := func(f delivery.Finding) int {
		return slices.Index([]delivery.Severity{delivery.SeverityError, delivery.SeverityWarning, delivery.SeverityInfo}, f.Severity)
	}
	out := slices.Clone(fs)
	slices.SortStableFunc(out, func(a, b delivery.Finding) int { return rank(a) - rank(b) })
	return out
}

// TextNote tells where the text part comes from.
func TextNote(c *text.Catalog, k delivery.Content) string {
	switch {
	case strings.TrimSpace(k.Text) == "" && strings.TrimSpace(k.HTML) == "":
		return c.T("content.text_empty")
	case strings.TrimSpace(k.Text) == "":
		return c.T("content.text_derived")
	case strings.TrimSpace(k.HTML) == "":
		return c.T("content.text_alone")
	}
	return c.T("content.text_own")
}

// ChecksNote sums up what was found.
func ChecksNote(c *text.Catalog, fs []delivery.Finding, known bool) string {
	switch {
	case len(fs) > 0:
		return c.T("content.checks_some")
	case known:
		return c.T("content.checks_none")
	}
	return c.T("content.checks_wait")
}
