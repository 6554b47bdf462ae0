package shell

import (
	"io/fs"

	"fyne.io/fyne/v2/lang"
)

// speak gives the toolkit's own words (file dialog, context menus) the language
// that was chosen. The toolkit always looks its words up by the system's
// locale, so the wanted words are filed under that name.
func speak(files fs.FS, language string) error {
	b, err := fs.ReadFile(files, "fyne/"+language+".json")
	if err != nil {
		return err
	}
	return lang.AddTranslationsForLocale(b, lang.SystemLocale())
}
