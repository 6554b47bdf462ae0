package text

import "sendoff/engine/htmlimport"

// HTMLNote is one line of what an import of HTML did or found.
func (c *Catalog) HTMLNote(n htmlimport.Note) string {
	return c.N("html_import."+string(n.Code), int64(n.Count), "detail", n.Detail)
}
