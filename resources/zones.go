package resources

import (
	_ "embed"
	"strings"
)

//go:embed zones.txt
var zones string

// Zones lists time zones by their IANA names, in order of the alphabet.
func Zones() []string {
	var out []string
	for line := range strings.Lines(zones) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}
