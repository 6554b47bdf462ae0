package sample_test

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"sendoff/engine/sample"
)

var merge = regexp.MustCompile(`\{\{\s*([a-z_.]+)\s*(\|\s*default:\s*"[^"]+"\s*)?\}\}`)

// TestContent holds both letters to what a mail client needs and to what a
// training workspace may hold.
func TestContent(t *testing.T) {
	for _, lang := range sample.Languages() {
		c := sample.Content(lang)
		from, err := mail.ParseAddress(c.From)
		if err != nil || !strings.HasSuffix(from.Address, ".example") {
			t.Errorf("%s: sender %q, %v", lang, c.From, err)
		}
		if n := len(c.HTML); n < 10_000 || n > 13_000 {
			t.Errorf("%s: %d bytes of HTML", lang, n)
		}
		fields := map[string]bool{}
		for _, part := range []string{c.Subject, c.Preheader, c.HTML} {
			ms := merge.FindAllStringSubmatch(part, -1)
			if len(ms) != strings.Count(part, "{{") {
				t.Errorf("%s: a merge tag is not of the plain form", lang)
			}
			for _, m := range ms {
				fields[m[1]] = true
				if m[2] == "" && m[1] != "unsubscribe_url" {
					t.Errorf("%s: %s has no default", lang, m[1])
				}
			}
		}
		for _, want := range []string{"first_name", "city", "shop", "voucher", "unsubscribe_url"} {
			if !fields[want] {
				t.Errorf("%s: does not use %s", lang, want)
			}
		}
		for _, want := range []string{"<!--[if mso]>", "<!--[if !mso]><!-->", "<!--<![endif]-->", `lang="` + lang + `"`} {
			if !strings.Contains(c.HTML, want) {
				t.Errorf("%s: lacks %s", lang, want)
			}
		}
		if opened, closed := strings.Count(c.HTML, "<!--[if "), strings.Count(c.HTML, "<![endif]-->"); opened != closed {
			t.Errorf("%s: %d conditional comments, %d ends", lang, opened, closed)
		}
		tags(t, lang, c.HTML)
	}
	if !sample.Content("fr").Equal(sample.Content("en")) {
		t.Error("a language that is not there is not English")
	}
	if sample.Content("nl").HTML == sample.Content("en").HTML {
		t.Error("the Dutch letter is the English one")
	}
}

// tags checks that every element is closed in order, that nothing is fetched and
// that links lead nowhere.
func tags(t *testing.T, lang, doc string) {
	void := []string{"meta", "br"}
	var open []string
	for z := html.NewTokenizer(strings.NewReader(doc)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("%s: left open: %v", lang, open)
			}
			return
		case html.StartTagToken:
			tok := z.Token()
			if slices.Contains([]string{"img", "script", "iframe", "link", "object", "form"}, tok.Data) {
				t.Errorf("%s: has <%s>", lang, tok.Data)
			}
			for _, a := range tok.Attr {
				if a.Key != "href" || strings.Contains(a.Val, "unsubscribe_url") {
					continue
				}
				if u, err := url.Parse(a.Val); err != nil || u.Scheme != "https" || !strings.HasSuffix(u.Host, ".example") {
					t.Errorf("%s: link %s", lang, a.Val)
				}
			}
			if !slices.Contains(void, tok.Data) {
				open = append(open, tok.Data)
			}
		case html.EndTagToken:
			tok := z.Token()
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				t.Fatalf("%s: </%s> while open: %v", lang, tok.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
}
