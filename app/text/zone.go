package text

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// LocalZone is the system's zone under its IANA name where that can be told, so
// that a person reads "Europe/Amsterdam"; else time.Local.
func LocalZone() *time.Location {
	if z := strings.TrimPrefix(os.Getenv("TZ"), ":"); z != "" {
		if loc, err := time.LoadLocation(z); err == nil {
			return loc
		}
	}
	if p, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(filepath.ToSlash(p), "/zoneinfo/"); ok {
			if loc, err := time.LoadLocation(name); err == nil {
				return loc
			}
		}
	}
	return time.Local
}
