package text_test

import (
	"strings"
	"testing"

	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/htmlimport"
)

// Every note and every refusal of an import has a sentence in both languages.
func TestHTMLNotes(t *testing.T) {
	for _, lang := range text.Languages() {
		c := load(t, lang)
		for _, code := range htmlimport.Codes() {
			for _, n := range []int{1, 7} {
				s := c.HTMLNote(htmlimport.Note{Code: code, Count: n, Detail: "the-detail"})
				if s == "" || strings.ContainsAny(s, "{}") || strings.Contains(s, string(code)) {
					t.Errorf("%s: %s reads %q", lang, code, s)
				}
			}
		}
		for _, d := range []string{htmlimport.NoHTML, htmlimport.NotHTML, htmlimport.TooLarge, htmlimport.Bomb, htmlimport.BadPath, htmlimport.BadLink, htmlimport.Encrypted,
			htmlimport.BadZip, htmlimport.Unclean} {
			s := c.Error(&delivery.Error{Kind: delivery.KindInvalid, Field: "html_import", Detail: d})
			if strings.HasPrefix(s, "error.") || strings.Contains(s, "html_import") || !strings.HasSuffix(s, ".") {
				t.Errorf("%s: %s reads %q", lang, d, s)
			}
		}
	}
}
