package check

import (
	"slices"
	"strings"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// Input is the content to be looked at.
type Input struct {
	Content delivery.Content
	// Asset tells about a stored picture that the content refers to by its hash;
	// nil when there are none.
	Asset func(hash string) (delivery.Asset, bool)
	// Uses of merge fields, of which those are named that have no default. A
	// preparation leaves it nil: it knows who lacks a value.
	Uses []message.Field
}

// most is how many findings of one code are listed by their places; the last one
// of them counts the rest.
const most = 5

// Content looks at the content of a delivery. The findings come part by part and
// by their place in it. Broken templates are not reported: the message compiler
// does that; what can be read of them is looked at all the same.
func Content(in Input) []delivery.Finding {
	c := &checker{in: in, counts: map[delivery.FindingCode]int{}, worn: map[string]bool{}}
	c.subject(in.Content.Subject)
	if strings.TrimSpace(in.Content.HTML) != "" {
		c.html(in.Content.HTML)
	}
	if strings.TrimSpace(in.Content.Text) != "" {
		c.text(in.Content.Text)
	}
	c.defaults()
	slices.SortStableFunc(c.found, func(a, b delivery.Finding) int {
		if a.Part != b.Part {
			return order(a.Part) - order(b.Part)
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return c.found
}

// order puts the parts as a person reads them.
func order(part string) int {
	return slices.Index([]string{message.PartSubject, message.PartPreheader, message.PartHTML, message.PartText}, part)
}

// checker gathers findings.
type checker struct {
	in     Input
	found  []delivery.Finding
	counts map[delivery.FindingCode]int

	worn map[string]bool // phrases that were named, by part
}

// add records a finding. Of one code only the first few are listed; the last of
// these says in Count how many there are from it on.
func (c *checker) add(f delivery.Finding) {
	c.counts[f.Code]++
	if n := c.counts[f.Code]; n > most {
		for i := len(c.found) - 1; i >= 0; i-- {
			if c.found[i].Code == f.Code {
				c.found[i].Count = int64(n - most + 1)
				return
			}
		}
	}
	c.found = append(c.found, f)
}

// warn and note record a finding at a place in a part.
func (c *checker) warn(code delivery.FindingCode, part string, line, column int, detail string) {
	c.add(delivery.Finding{Code: code, Severity: delivery.SeverityWarning, Part: part, Line: line, Column: column, Detail: detail})
}

func (c *checker) note(code delivery.FindingCode, part string, line, column int, detail string) {
	c.add(delivery.Finding{Code: code, Severity: delivery.SeverityInfo, Part: part, Line: line, Column: column, Detail: detail})
}

// defaults names the merge tags that leave a hole for whoever lacks the value.
func (c *checker) defaults() {
	seen := map[string]bool{}
	for _, f := range c.in.Uses {
		if f.Default || message.Special(f.Name) || seen[f.Name] {
			continue
		}
		seen[f.Name] = true
		c.note(delivery.FindNoDefault, f.Part, f.Line, f.Column, f.Name)
	}
}
