// Package translations holds every sentence that a person may see, as JSON: flat
// dotted keys, {name} placeholders, and plural forms as "key.one" and
// "key.other". "en.json" has what screens share, "people.en.json" what one screen
// says. It does not look them up; app/text does.
//
// The folder fyne holds the toolkit's own words (its file dialog, its context
// menus) in the toolkit's own format.
package translations

import "embed"

// FS holds the files of each language, such as "en.json", and one in "fyne". It
// is read-only.
//
//go:embed *.json fyne/*.json
var FS embed.FS
