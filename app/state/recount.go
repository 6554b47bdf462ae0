package state

import (
	"sendoff/app/text"
	engine "sendoff/engine/kpi"
)

// Recount is what a recount found, "nothing differs" above all, with the ledger
// so that a person can add it up.
type Recount struct {
	Title string
	Lead  string
	Tone  Tone
	Lines []RecountLine
}

// RecountLine is a difference or the ledger.
type RecountLine struct {
	Text string
	Tone Tone
}

// RecountOf makes it.
func RecountOf(c *text.Catalog, r engine.Recount) Recount {
	m := Recount{Title: c.T("stats.title"), Lead: c.T("stats.nothing"), Tone: Green}
	if n := int64(len(r.Differences)); n > 0 {
		m.Lead, m.Tone = c.N("stats.differences", n), Amber
		for _, d := range r.Differences {
			m.Lines = append(m.Lines, RecountLine{c.T("stats.difference", "name", counter(c, d.Name), "stored", d.Stored, "counted", d.Counted), Amber})
		}
	}
	m.Lines = append(m.Lines, RecountLine{LedgerOf(c, r.Counted).String(), Neutral})
	return m
}

// counter is the word for a counter by its code.
func counter(c *text.Catalog, name string) string {
	if s, ok := messageState(name); ok {
		return c.Message(s)
	}
	if name == "targeted" {
		return c.T("counter.targeted")
	}
	return name
}
