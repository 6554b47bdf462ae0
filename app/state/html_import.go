package state

import (
	"sendoff/app/text"
	"sendoff/engine/htmlimport"
)

// ImportNote is one line about HTML that was loaded.
type ImportNote struct {
	Text string
	Tone Tone
}

// ImportNotes says what was done with HTML that was made elsewhere. What came along
// as it should is plain; what is missing or lost asks for a look.
func ImportNotes(c *text.Catalog, notes []htmlimport.Note) []ImportNote {
	var out []ImportNote
	for _, n := range notes {
		tone := Amber
		switch n.Code {
		case htmlimport.Embedded, htmlimport.Styles, htmlimport.Charset, htmlimport.Chosen, htmlimport.Remote:
			tone = Blue
		}
		out = append(out, ImportNote{c.HTMLNote(n), tone})
	}
	return out
}
