package text

import (
	"path/filepath"

	"sendoff/engine/delivery"
)

// importFault is the sentence for a value with which a file of people cannot be
// read, with its place in the file; empty for others.
func (c *Catalog) importFault(e *delivery.Error) string {
	key := "error." + e.Field
	switch e.Field {
	case "quote", "header", "delimiter", "map", "import.encoding", "import.kind", "import.sheet", "import.type", "import.card", "import.existing", "import.consent":
		return c.T(key, "file", filepath.Base(e.File), "line", e.Line, "detail", e.Detail)
	}
	return ""
}
