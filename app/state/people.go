package state

import (
	"slices"
	"strings"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// PersonName is how somebody is called, from the usual columns of a list; empty
// when there is none.
func PersonName(fields map[string]string) string {
	get := func(names ...string) string {
		for _, n := range names {
			for k, v := range fields {
				if strings.EqualFold(k, n) && strings.TrimSpace(v) != "" {
					return strings.TrimSpace(v)
				}
			}
		}
		return ""
	}
	if full := get("name", "full_name", "naam", "volledige_naam"); full != "" {
		return full
	}
	var parts []string
	for _, p := range []string{get("first_name", "firstname", "voornaam"), get("infix", "tussenvoegsel"), get("last_name", "lastname", "surname", "achternaam")} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " ")
}

// PersonState is why somebody is not written to, as a chip; without a text when
// nothing keeps mail away.
func PersonState(c *text.Catalog, p delivery.Profile) Chip {
	switch {
	case p.Denied:
		return Chip{Text: c.T("people.denied"), Tone: Red}
	case p.Quarantine != "":
		return Chip{Text: c.T("people.quarantined"), Tone: Amber}
	case p.Test:
		return Chip{Text: c.T("people.test"), Tone: Violet}
	}
	return Chip{Text: c.T("people.fine"), Tone: Quiet}
}

// QuarantineReason is a reason in words.
func QuarantineReason(c *text.Catalog, code string) string {
	switch code {
	case "manual":
		return c.T("people.reason_manual")
	case "denylist":
		return c.T("people.reason_denylist")
	}
	return c.Nature(delivery.Nature(code))
}

// PersonField is a name with a value.
type PersonField struct{ Name, Value string }

// PersonFields are the fields of somebody in the order of names, those that it
// does not know behind.
func PersonFields(p delivery.Profile, order []string) []PersonField {
	var out []PersonField
	for _, n := range order {
		if v, ok := p.Fields[n]; ok {
			out = append(out, PersonField{n, v})
		}
	}
	var rest []string
	for n := range p.Fields {
		if !slices.Contains(order, n) {
			rest = append(rest, n)
		}
	}
	slices.Sort(rest)
	for _, n := range rest {
		out = append(out, PersonField{n, p.Fields[n]})
	}
	return out
}
