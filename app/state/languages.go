package state

import "sendoff/app/text"

// ContentLanguages are the languages that a content may be said to be in, each in
// its own name; the first is what the HTML says.
func ContentLanguages(c *text.Catalog) (codes, names []string) {
	codes, names = []string{""}, []string{c.T("content.language_html")}
	for _, l := range [][2]string{{"en", "English"}, {"nl", "Nederlands"}, {"de", "Deutsch"}, {"fr", "Français"}, {"es", "Español"},
		{"it", "Italiano"}, {"pt", "Português"}, {"pt-BR", "Português (Brasil)"}, {"da", "Dansk"}, {"sv", "Svenska"}, {"nb", "Norsk bokmål"},
		{"fi", "Suomi"}, {"pl", "Polski"}, {"cs", "Čeština"}, {"hu", "Magyar"}, {"ro", "Română"}, {"el", "Ελληνικά"}, {"uk", "Українська"},
		{"tr", "Türkçe"}, {"en-US", "English (United States)"}, {"en-GB", "English (United Kingdom)"}} {
		codes, names = append(codes, l[0]), append(names, l[1])
	}
	return codes, names
}
