package state

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// Version is that of the program.
const Version = "0.1.0"

// PasswordsKept is the code of where passwords are kept: keyring, open, locked or
// nowhere.
func PasswordsKept(p delivery.Passwords) string {
	switch {
	case p.Keyring:
		return "keyring"
	case p.Open:
		return "open"
	case p.File:
		return "locked"
	}
	return "nowhere"
}

// About is what the program says of itself.
type About struct{ Title, Sentence, Licence string }

// AboutOf makes it.
func AboutOf(c *text.Catalog, _ bool) About {
	return About{Title: c.T("app.name") + " " + Version, Sentence: c.T("settings.about_sentence"), Licence: c.T("settings.licence")}
}

// Diagnostics tells what helps to find a fault, and nothing of a person.
func Diagnostics(mode, language string, width, height int) string {
	build := ""
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" {
				build = " " + s.Value
			}
		}
	}
	return fmt.Sprintf("Sendoff %s%s\n%s, %s/%s\ntheme %s, language %s, window %d x %d\n", Version, build, runtime.Version(), runtime.GOOS, runtime.GOARCH,
		mode, language, width, height)
}

// Library is a part of the program that others made.
type Library struct{ Path, Name, Licence, Use string }

// Libraries are those that the program names in its go.mod and ships.
func Libraries() []Library {
	return []Library{
		{"fyne.io/fyne/v2", "Fyne", "BSD-3-Clause", "window"},
		{"github.com/dweymouth/fyne-tooltip", "fyne-tooltip", "BSD-3-Clause", "window"},
		{"github.com/go-text/typesetting", "go-text", "BSD-3-Clause", "window"},
		{"golang.org/x/image", "Go image", "BSD-3-Clause", "window"},
		{"gonum.org/v1/plot", "Gonum plot", "BSD-3-Clause", "chart"},
		{"github.com/mattn/go-sqlite3", "go-sqlite3", "MIT", "store"},
		{"github.com/cespare/xxhash/v2", "xxhash", "MIT", "store"},
		{"github.com/emersion/go-smtp", "go-smtp", "MIT", "mail"},
		{"github.com/emersion/go-sasl", "go-sasl", "MIT", "mail"},
		{"github.com/xdg-go/scram", "scram", "Apache-2.0", "mail"},
		{"github.com/emersion/go-message", "go-message", "MIT", "mail"},
		{"github.com/osteele/liquid", "Liquid", "MIT", "templates"},
		{"github.com/pelletier/go-toml/v2", "go-toml", "MIT", "files"},
		{"github.com/xuri/excelize/v2", "Excelize", "BSD-3-Clause", "files"},
		{"github.com/emersion/go-vcard", "go-vcard", "MIT", "files"},
		{"github.com/zalando/go-keyring", "go-keyring", "MIT", "passwords"},
		{"filippo.io/age", "age", "BSD-3-Clause", "passwords"},
		{"github.com/gofrs/flock", "flock", "BSD-3-Clause", "files"},
		{"golang.org/x/net", "Go net", "BSD-3-Clause", "mail"},
		{"golang.org/x/sync", "Go sync", "BSD-3-Clause", "store"},
		{"golang.org/x/sys", "Go sys", "BSD-3-Clause", "files"},
		{"golang.org/x/text", "Go text", "BSD-3-Clause", "files"},
		{"codeberg.org/go-fonts/liberation", "Liberation", "OFL-1.1", "type"},
		{"", "Inter", "OFL-1.1", "type"},
		{"", "Bootstrap Icons", "MIT", "icons"},
	}
}
