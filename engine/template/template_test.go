package template_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	_ "image/jpeg"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jhillyerd/enmime/v2"
	"golang.org/x/net/html"

	"sendoff/engine/block"
	"sendoff/engine/check"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/template"
)

// every calls f for each template in each language.
func every(t *testing.T, f func(t *testing.T, id, lang string, tpl template.Template)) {
	for _, id := range template.IDs() {
		for _, lang := range template.Languages() {
			t.Run(id+"."+lang, func(t *testing.T) {
				tpl, err := template.Open(id, lang)
				if err != nil {
					t.Fatal(err)
				}
				f(t, id, lang, tpl)
			})
		}
	}
}

// TestTemplates: a template reads as a document, shows pictures that it brings,
// leads nowhere by accident, can be sent to anybody and is not cut off.
func TestTemplates(t *testing.T) {
	value := regexp.MustCompile(`\{\{\s*([a-z_.]+)\s*(\|[^}]*)?\}\}`)
	every(t, func(t *testing.T, id, lang string, tpl template.Template) {
		if tpl.ID != id || tpl.Document.Language != lang || tpl.Subject == "" || tpl.Preheader == "" {
			t.Errorf("%s in %s: %q, %q", tpl.ID, tpl.Document.Language, tpl.Subject, tpl.Preheader)
		}
		if _, err := block.Parse(tpl.Document.JSON()); err != nil {
			t.Error(err)
		}
		out, err := block.HTML(tpl.Document)
		if err != nil {
			t.Fatal(err)
		}
		if len(out) > block.Clip*3/4 {
			t.Errorf("%d bytes leave no room to write", len(out))
		}
		for _, a := range tpl.Assets {
			sum := sha256.Sum256(a.Data)
			if hex.EncodeToString(sum[:]) != a.Hash || len(a.Data) > 100<<10 || a.Width < 600 || !strings.HasSuffix(a.Name, ".jpg") {
				t.Errorf("%s: %d bytes, %d wide, %s", a.Name, len(a.Data), a.Width, a.Hash)
			}
			if strings.Count(out, block.AssetScheme+a.Hash) == 0 {
				t.Errorf("%s is not shown", a.Name)
			}
			out = strings.ReplaceAll(out, block.AssetScheme+a.Hash, "")
		}
		if strings.Contains(out, block.AssetScheme) {
			t.Error("shows a picture that it does not bring")
		}
		for _, m := range value.FindAllStringSubmatch(tpl.Subject+tpl.Preheader+out, -1) {
			if m[1] != "unsubscribe_url" && !strings.Contains(m[2], "default:") {
				t.Errorf("%s has no default", m[0])
			}
		}
		links(t, out)
	})
}

func links(t *testing.T, doc string) {
	stop := false
	for z := html.NewTokenizer(strings.NewReader(doc)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		tok := z.Token()
		for _, a := range tok.Attr {
			switch {
			case a.Key == "alt" && a.Val == "":
				t.Error("a picture says nothing")
			case a.Key != "href":
			case a.Val == "{{ unsubscribe_url }}":
				stop = true
			default:
				u, err := url.Parse(a.Val)
				if err != nil || !(u.Scheme == "https" && strings.HasSuffix(u.Host, ".example") || u.Scheme == "mailto" && strings.HasSuffix(u.Opaque, ".example")) {
					t.Errorf("leads to %s", a.Val)
				}
			}
		}
	}
	if !stop {
		t.Error("has no way to unsubscribe")
	}
}

// TestDutch: the Dutch letter is not the English one, and says "je".
func TestDutch(t *testing.T) {
	formal := regexp.MustCompile(`(?i)\b(u|uw)\b`)
	for _, id := range template.IDs() {
		en, _ := template.Open(id, "en")
		nl, _ := template.Open(id, "nl-BE")
		if len(en.Document.Blocks) != len(nl.Document.Blocks) || len(en.Assets) != len(nl.Assets) {
			t.Errorf("%s: the languages have different blocks", id)
		}
		if en.Subject == nl.Subject || en.Preheader == nl.Preheader {
			t.Errorf("%s: the subject is the same", id)
		}
		for i, b := range nl.Document.Blocks {
			if b.Kind == block.Text && b.Text == en.Document.Blocks[i].Text {
				t.Errorf("%s: block %d is the same", id, i)
			}
			if formal.MatchString(b.Text) {
				t.Errorf("%s: %s", id, b.Text)
			}
		}
		fr, _ := template.Open(id, "fr")
		if fr.Subject != en.Subject {
			t.Errorf("%s: French is not English", id)
		}
	}
	if _, err := template.Open("nothing", "en"); !delivery.Is(err, delivery.KindNotFound) {
		t.Error(err)
	}
}

// TestPreview: the gallery has a picture of each template.
func TestPreview(t *testing.T) {
	every(t, func(t *testing.T, id, lang string, _ template.Template) {
		c, kind, err := image.DecodeConfig(bytes.NewReader(template.Preview(id, lang)))
		if err != nil || kind != "jpeg" || c.Width != 600 || c.Height != 800 {
			t.Errorf("%s %v %v", kind, c, err)
		}
	})
	if template.Preview("nothing", "fr") != nil {
		t.Error("a preview of nothing")
	}
}

// TestMessage: the message of a template is what an independent parser takes it
// for, to a person with fields and to one without.
func TestMessage(t *testing.T) {
	every(t, func(t *testing.T, id, lang string, tpl template.Template) {
		source, err := block.HTML(tpl.Document)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range tpl.Assets {
			source = strings.ReplaceAll(source, block.AssetScheme+a.Hash, "https://www.acme.example/"+a.Name)
		}
		c, findings := message.Compile(delivery.Content{From: "Acme <news@acme.example>", Subject: tpl.Subject, Preheader: tpl.Preheader, HTML: source})
		if len(findings) > 0 {
			t.Fatalf("%+v", findings)
		}
		for _, fields := range []map[string]string{{"first_name": `Zoë <"&">`, "city": "Utrecht"}, nil} {
			var buf message.Buffer
			at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
			m, err := c.Render(&buf, message.Recipient{Address: "ann@a.example", Fields: fields}, message.Envelope{Delivery: 1, Date: at, Today: at,
				MessageID: "<x@acme.example>", UnsubscribeMailto: "mailto:stop@acme.example"})
			if err != nil {
				t.Fatal(err)
			}
			if len(m.Missing) > 0 {
				t.Errorf("missing: %v", m.Missing)
			}
			e, err := enmime.ReadEnvelope(bytes.NewReader(m.Data))
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range e.Errors {
				t.Errorf("enmime: %s", fault.Error())
			}
			if !strings.Contains(e.HTML, `lang="`+lang+`"`) || len(e.HTML) > block.Clip {
				t.Errorf("HTML of %d bytes", len(e.HTML))
			}
			text(t, tpl, e.Text, fields)
		}
	})
}

// text holds the derived text part to what a reader of it needs: the headings,
// nothing of the markup, a way out.
func text(t *testing.T, tpl template.Template, got string, fields map[string]string) {
	t.Helper()
	for _, bad := range []string{"{{", "{%", "&nbsp;", "<td", "style=", "\n\n\n\n"} {
		if strings.Contains(got, bad) {
			t.Errorf("the text has %q:\n%s", bad, got)
		}
	}
	for _, b := range tpl.Document.Blocks {
		if b.Kind == block.Heading && !strings.ContainsAny(b.Text, "*{") && !strings.Contains(got, b.Text) {
			t.Errorf("the text lacks %q", b.Text)
		}
		if b.If != "" {
			if there := strings.Contains(got, "Utrecht le") || strings.Contains(got, "Utrecht you"); there != (fields["city"] == "Utrecht") {
				t.Errorf("for %v the conditional block is there: %v", fields, there)
			}
		}
	}
	if !strings.Contains(got, "mailto:stop@acme.example") {
		t.Errorf("the text has no way to unsubscribe:\n%s", got)
	}
}

// TestNothingFound: who begins with a template begins without a warning.
func TestNothingFound(t *testing.T) {
	every(t, func(t *testing.T, id, lang string, tpl template.Template) {
		out, err := block.HTML(tpl.Document)
		if err != nil {
			t.Fatal(err)
		}
		sizes := map[string]template.Asset{}
		for _, a := range tpl.Assets {
			sizes[a.Hash] = a
		}
		for _, f := range check.Content(check.Input{Content: delivery.Content{From: "Acme <news@acme.example>", Subject: tpl.Subject, Preheader: tpl.Preheader,
			HTML: out, Design: string(tpl.Document.JSON()), Language: lang},
			Asset: func(hash string) (delivery.Asset, bool) {
				a, ok := sizes[hash]
				return delivery.Asset{Hash: a.Hash, Name: a.Name, Type: a.Type, Size: int64(len(a.Data)), Width: a.Width, Height: a.Height}, ok
			}}) {
			t.Errorf("%s: %s %s", f.Code, f.Part, f.Detail)
		}
	})
}
