package text_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"sendoff/engine/check"
	"sendoff/engine/delivery"
)

// detailsOf are details of the findings that have more than one word in theirs,
// as the constants of engine/delivery describe them.
func detailsOf(code delivery.FindingCode) []string {
	switch code {
	case delivery.FindContrast:
		return []string{"4.4 #777777 #FFFFFF 4.5"}
	case delivery.FindHeadingSkipped:
		return []string{"1 3"}
	case delivery.FindLanguageDiffers:
		return []string{"en nl-NL"}
	case delivery.FindPhrase:
		return []string{"hurry act now", "money 100% free", "promise guaranteed", "account verify your account"}
	case delivery.FindPictureHeavy:
		return []string{"600000 beach.jpg"}
	case delivery.FindPicturesHeavy:
		return []string{"3000000"}
	case delivery.FindLinkDead:
		return []string{"404 https://a.example", "dns https://a.example", "refused https://a.example", "timeout https://a.example",
			"tls https://a.example", "redirects https://a.example", "network https://a.example"}
	}
	return []string{"x", ""}
}

// detailOf is one of them.
func detailOf(code string) string { return detailsOf(delivery.FindingCode(code))[0] }

// Every finding about how content is written has a whole sentence in both
// languages, with its detail taken apart.
func TestWrittenFindings(t *testing.T) {
	src, err := os.ReadFile("../../engine/delivery/finding.go")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(src), "// Findings about how content is written.")
	block, _, _ = strings.Cut(block, "\n)")
	codes := regexp.MustCompile(`FindingCode = "(\w+)"`).FindAllStringSubmatch(block, -1)
	if len(codes) < 25 {
		t.Fatalf("%d codes", len(codes))
	}
	for _, lang := range []string{"en", "nl"} {
		c := load(t, lang)
		for _, m := range codes {
			code := delivery.FindingCode(m[1])
			for _, d := range detailsOf(code) {
				for _, n := range []int64{0, 2, 7} {
					s := c.Finding(delivery.Finding{Code: code, Severity: delivery.SeverityInfo, Detail: d, Count: n})
					if s == "" || strings.ContainsAny(s, "{}") || strings.Contains(s, string(code)) || !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "….") && !strings.HasSuffix(s, "\"….") {
						t.Errorf("%s: %s %q: %q", lang, code, d, s)
					}
				}
			}
		}
	}
}

// The numbers in it are written as the language writes them.
func TestContrastSentence(t *testing.T) {
	f := check.Content(check.Input{Content: delivery.Content{HTML: `<html lang="nl"><p style="color:#777">Grijs</p></html>`}})
	if len(f) != 1 {
		t.Fatalf("%+v", f)
	}
	got := load(t, "nl").Finding(f[0])
	if want := "HTML, regel 1, kolom 39: Deze tekst is slecht te lezen: #777777 op #FFFFFF heeft een contrast van 4,4 : 1, en 4,5 : 1 is nodig. Neem een donkerder of lichter kleur."; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
