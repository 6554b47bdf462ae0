package text

import (
	"regexp"
	"strconv"

	"sendoff/engine/delivery"
)

var blockPlace = regexp.MustCompile(`^blocks\[(\d+)\](?:\.columns\[(\d+)\])?`)

// design is the sentence for what is wrong with a letter made of blocks: in which
// block, counted from the top.
func (c *Catalog) design(e *delivery.Error) string {
	where := c.T("design.letter")
	if m := blockPlace.FindStringSubmatch(e.Field); m != nil {
		n, _ := strconv.Atoi(m[1])
		where = c.T("design.block", "n", n+1)
		if m[2] != "" {
			k, _ := strconv.Atoi(m[2])
			where = c.T("design.column", "n", n+1, "column", k+1)
		}
	}
	switch e.Kind {
	case delivery.KindTemplate:
		return c.T("design.template", "where", where, "cause", c.Fault(e.Detail))
	case delivery.KindTooLarge:
		return c.T("design.too_large")
	}
	if e.Field == "version" {
		return c.T("design.version")
	}
	return c.T("design.invalid", "where", where, "field", e.Field, "detail", e.Detail)
}
