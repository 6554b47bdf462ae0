package block_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"sendoff/engine/block"
)

// excuse says why something may be used although a family of mail programs does
// not know all of it: what its readers get in its place.
type excuse struct{ feature, clients, why string }

// excuses is the whole list; one that nothing needs is a fault as well.
var excuses = []excuse{
	{"css-border", "outlook windows", "thin borders on table cells only, which it draws"},
	{"css-border-radius", "outlook windows", "corners are square"},
	{"css-border-radius", "yahoo", "only the slash notation is missing, which is not used"},
	{"css-color-scheme", "gmail", "a hint for Apple Mail; others recolour as they do"},
	{"css-color-scheme", "outlook", "likewise"},
	{"css-color-scheme", "yahoo", "likewise"},
	{"css-display", "gmail", "inline-block only, which it knows"},
	{"css-display", "outlook windows", "columns stand in a table of their own, in a conditional comment; links and pictures are inline there"},
	{"css-display", "yahoo", "inline-block only, which it knows"},
	{"css-font-size", "outlook windows", "no rem"},
	{"css-font-size", "yahoo", "no rem"},
	{"css-font-weight", "outlook windows", "normal and bold only"},
	{"css-font-weight", "yahoo", "normal and bold only"},
	{"css-height", "outlook windows", "on table cells and pictures, which it knows"},
	{"css-height", "yahoo", "becomes min-height, which is as good for a spacer; a picture has auto"},
	{"css-line-height", "outlook windows", "mso-line-height-rule:exactly is said in a conditional comment"},
	{"css-margin", "gmail", "no negative ones"},
	{"css-margin", "outlook windows", "on paragraphs and lists; the sheet is centred by a table in a conditional comment"},
	{"css-margin", "outlook outlook-com", "no negative ones"},
	{"css-margin", "yahoo", "no negative ones"},
	{"css-max-width", "outlook windows", "pictures have a width attribute, sheet and columns a table of their own"},
	{"css-max-width", "yahoo ios", "the sheet is a table, which on a phone is as wide as the screen in any case"},
	{"css-overflow", "outlook windows", "only cuts the picture at the head to the round corners, which it has not"},
	{"css-overflow", "gmail", "hidden only, and nothing is hidden"},
	{"css-overflow", "outlook outlook-com", "hidden only"},
	{"css-overflow", "apple-mail", "hidden only"},
	{"css-overflow", "yahoo", "hidden only"},
	{"css-padding", "outlook windows", "on table cells; a button has mso-padding-alt on its cell"},
	{"css-text-align", "gmail", "left, right and center only"},
	{"css-text-align", "outlook windows", "left, right and center only"},
	{"css-text-align", "yahoo", "left, right and center only"},
	{"css-text-decoration", "gmail", "underline and none; an account elsewhere underlines all links"},
	{"css-text-decoration", "outlook windows", "underline and none only"},
	{"css-width", "outlook windows", "pictures and tables have a width attribute"},
	{"css-at-media", "gmail", "by width only; accounts elsewhere get columns that wrap by themselves"},
	{"css-at-media", "outlook windows", "is never a phone"},
	{"css-at-media", "outlook outlook-com", "not nested"},
	{"css-at-media", "yahoo", "screen and max-width only"},
	{"css-at-media-prefers-color-scheme", "gmail", "recolours by itself; its light colours can be read"},
	{"css-at-media-prefers-color-scheme", "outlook windows", "recolours by itself"},
	{"css-at-media-prefers-color-scheme", "yahoo", "stays light"},
	{"css-important", "gmail", "in lower case, in style elements"},
	{"css-important", "outlook windows", "stands behind a space where it reads it"},
	{"css-important", "yahoo", "no background-image"},
	{"css-selector-class", "gmail", "accounts elsewhere have no style elements; everything stands inline as well"},
	{"css-selector-descendant", "gmail", "of Outlook.com's own marks only"},
	{"css-selector-attribute", "gmail", "of Outlook.com's own marks only, in a style element of their own"},
	{"css-selector-attribute", "outlook windows", "likewise"},
	{"css-selector-attribute", "outlook outlook-com", "the attribute stands alone, as it has to"},
	{"css-selector-attribute", "yahoo", "of Outlook.com's own marks only"},
	{"html-body", "gmail", "becomes a div; a table in it has the ground colour"},
	{"html-body", "outlook outlook-com", "likewise"},
	{"html-body", "yahoo", "likewise"},
	{"html-doctype", "outlook windows", "has no effect there"},
	{"html-doctype", "yahoo android", "has no effect there"},
	{"html-height", "outlook windows", "in pixels"},
	{"html-lang", "yahoo", "not on cells"},
	{"html-lists", "gmail", "no reversed"},
	{"html-lists", "outlook", "no reversed, no value"},
	{"html-lists", "yahoo", "no reversed"},
	{"html-meta-color-scheme", "gmail", "a hint for Apple Mail on the Mac"},
	{"html-meta-color-scheme", "outlook", "likewise"},
	{"html-meta-color-scheme", "apple-mail ios", "takes it from the style"},
	{"html-meta-color-scheme", "yahoo", "likewise"},
	{"html-role", "yahoo", "of tables, which is what counts; the article is a nicety"},
	{"html-style", "gmail", "in the head; accounts elsewhere get what stands inline"},
	{"html-style", "outlook windows", "in the head"},
	{"html-width", "outlook windows", "of pictures in pixels; percentages of tables only"},
	{"html-mailto-links", "yahoo android", "no bcc"},
}

// feature names what caniemail calls a property, element or attribute; "-" is
// what it has no page for, as every program knows it or as nothing depends on it.
var feature = map[string]string{
	"background-color": "css-background-color", "border": "css-border", "border-top": "css-border", "border-color": "css-border", "border-collapse": "css-border-collapse",
	"border-radius": "css-border-radius", "color": "-", "color-scheme": "css-color-scheme", "display": "css-display", "font-family": "css-font", "font-size": "css-font-size",
	"font-weight": "css-font-weight", "height": "css-height", "line-height": "css-line-height", "margin": "css-margin", "max-width": "css-max-width", "overflow": "css-overflow",
	"padding": "css-padding", "padding-left": "css-padding", "padding-right": "css-padding", "text-align": "css-text-align", "text-decoration": "css-text-decoration",
	"vertical-align": "css-vertical-align", "width": "css-width",
	"-webkit-text-size-adjust": "-", // Apple's own
	"mso-padding-alt":          "-", // Outlook's own
	"mso-line-height-rule":     "-",
	"<html>":                   "html-doctype", "<head>": "-", "<meta>": "-", "<title>": "-", "<style>": "html-style", "<body>": "html-body", "<div>": "html-div", "<table>": "html-table", "<tr>": "html-table",
	"<tbody>": "html-table", "<td>": "html-table", "<p>": "-", "<a>": "-", "<h1>": "html-h1-h6", "<h2>": "html-h1-h6", "<h3>": "html-h1-h6", "<ul>": "html-lists", "<ol>": "html-lists", "<li>": "html-lists",
	"<strong>": "html-strong", "<em>": "html-strong", "<span>": "html-span", "<img>": "html-img", "<br>": "-",
	"@align": "html-align", "@valign": "html-valign", "@width": "html-width", "@height": "html-height", "@cellpadding": "html-cellpadding", "@cellspacing": "html-cellspacing",
	"@border": "-", "@bgcolor": "-", "@class": "css-selector-class", "@style": "-", "@role": "html-role", "@lang": "html-lang", "@dir": "-", "@href": "-", "@src": "-", "@alt": "-",
	"@xmlns": "-", "@xmlns:v": "-", "@xmlns:o": "-", "@charset": "-", "@name": "-", "@content": "-",
}

// values are those that the excuses speak of.
var values = map[string]*regexp.Regexp{
	"display": regexp.MustCompile(`^inline-block$`), "font-weight": regexp.MustCompile(`^(normal|bold)$`), "text-align": regexp.MustCompile(`^(left|right|center)$`),
	"overflow": regexp.MustCompile(`^hidden$`), "text-decoration": regexp.MustCompile(`^(underline|none)$`), "margin": regexp.MustCompile(`^(0 auto|0|(\d+(px)? ?)+)$`),
	"font-size": regexp.MustCompile(`^\d+(px)?(!important)?$`), "border-radius": regexp.MustCompile(`^\d+(px)?(!important)?$`),
	"border": regexp.MustCompile(`^(0|[12]px solid #[0-9A-F]{6})$`), "background-color": regexp.MustCompile(`^#[0-9A-F]{6}(!important)?$`),
}

var (
	declaration = regexp.MustCompile(`([a-z-]+):([^;{}]+)`)
	comment     = regexp.MustCompile(`(?s)<!--\[if mso\]>.*?<!\[endif\]-->`)
)

// used lists what a letter uses, as caniemail calls it. What stands in
// conditional comments is for Outlook alone, and is its own language.
func used(t *testing.T, name, letter string) map[string]bool {
	out := map[string]bool{}
	note := func(what string) {
		f, ok := feature[what]
		if !ok {
			t.Errorf("%s uses %s, which no rule is about", name, what)
		}
		if f != "-" {
			out[f] = true
		}
	}
	style := false
	for z := html.NewTokenizer(strings.NewReader(comment.ReplaceAllString(letter, ""))); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out
		}
		tok := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			note("<" + tok.Data + ">")
			style = tok.Data == "style"
			for _, a := range tok.Attr {
				note("@" + a.Key)
				switch {
				case a.Key == "style":
					for _, d := range declaration.FindAllStringSubmatch(a.Val, -1) {
						note(d[1])
						if v := values[d[1]]; v != nil && !v.MatchString(d[2]) {
							t.Errorf("%s says %s: %s", name, d[1], d[2])
						}
					}
				case a.Key == "href" && strings.HasPrefix(a.Val, "mailto:"):
					out["html-mailto-links"] = true
				case a.Key == "name" && a.Val == "color-scheme":
					out["html-meta-color-scheme"] = true
				case a.Key == "src":
					out["image-jpg"] = true
				}
			}
		case html.TextToken:
			if style {
				sheet(note, out, tok.Data)
			}
		case html.EndTagToken:
			style = false
		}
	}
}

// sheet notes what a style element uses.
func sheet(note func(string), out map[string]bool, css string) {
	out["css-important"] = true
	for line := range strings.Lines(css) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "@media (prefers-color-scheme"):
			out["css-at-media-prefers-color-scheme"] = true
			continue
		case strings.HasPrefix(line, "@media only screen and (max-width:"):
			out["css-at-media"] = true
			continue
		case strings.HasPrefix(line, "@"):
			note(line)
			continue
		}
		selector, body, _ := strings.Cut(line, "{")
		if strings.HasPrefix(selector, "[data-ogs") {
			out["css-selector-attribute"], out["css-selector-descendant"] = true, true
		}
		for _, d := range declaration.FindAllStringSubmatch(body, -1) {
			note(d[1])
		}
	}
}

// TestMailPrograms holds everything that a letter uses to the tables of
// caniemail: a program that does not know it has an excuse.
func TestMailPrograms(t *testing.T) {
	data, err := os.ReadFile("testdata/caniemail.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Features map[string]struct {
			Stats map[string]string
			Notes map[string]string
		}
	}
	if err := json.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	needed := make([]bool, len(excuses))
	for name, d := range letters() {
		letter, err := block.HTML(d)
		if err != nil {
			t.Fatal(err)
		}
		for f := range used(t, name, letter) {
			row, ok := table.Features[f]
			if !ok {
				t.Errorf("there is no %s in the table", f)
				continue
			}
			for client, support := range row.Stats {
				if strings.HasPrefix(support, "y") {
					continue
				}
				i := slices.IndexFunc(excuses, func(e excuse) bool { return e.feature == f && strings.HasPrefix(client, e.clients) })
				if i < 0 {
					t.Errorf("%s uses %s, and %s says %s %v", name, f, client, support, row.Notes)
					continue
				}
				needed[i] = true
			}
		}
	}
	for i, e := range excuses {
		if !needed[i] {
			t.Errorf("nothing needs the excuse for %s in %s", e.feature, e.clients)
		}
	}
}

// TestInlineToo: without style elements, as Gmail shows a letter to accounts that
// are elsewhere, every text still has its colour, face and size.
func TestInlineToo(t *testing.T) {
	for name, d := range letters() {
		letter, err := block.HTML(d)
		if err != nil {
			t.Fatal(err)
		}
		if len(letter) > block.Clip {
			if name == "everything" || name == "right to left" || name == "logo" {
				continue // longer than a letter
			}
			t.Errorf("%s: %d bytes", name, len(letter))
		}
		for z := html.NewTokenizer(strings.NewReader(letter)); ; {
			kind := z.Next()
			if kind == html.ErrorToken {
				break
			}
			tok := z.Token()
			if kind != html.StartTagToken || !slices.Contains([]string{"p", "h1", "h2", "h3", "li"}, tok.Data) {
				continue
			}
			style := ""
			for _, a := range tok.Attr {
				if a.Key == "style" {
					style = a.Val
				}
			}
			for _, want := range []string{"font-family:", "font-size:", "line-height:", ";color:#", "margin:"} {
				if !strings.Contains(style, want) {
					t.Errorf("%s: <%s style=%q> lacks %s", name, tok.Data, style, want)
				}
			}
		}
	}
}
