package blocks

import (
	"regexp"
	"strconv"

	"sendoff/engine/block"
)

var fieldPlace = regexp.MustCompile(`^blocks\[(\d+)\](?:\.columns\[(\d+)\](?:\.blocks\[(\d+)\])?)?(?:\.(.*))?$`)

// place reads where an error of engine/block is: a block and a field of it; no
// path for the document as a whole.
func place(field string) (block.Path, string) {
	m := fieldPlace.FindStringSubmatch(field)
	if m == nil {
		return nil, field
	}
	n := func(s string) int { i, _ := strconv.Atoi(s); return i }
	at := block.Path{n(m[1])}
	if m[3] != "" {
		at = append(at, n(m[2]), n(m[3]))
	}
	return at, m[4]
}
