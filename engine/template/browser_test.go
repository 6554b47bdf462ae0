package template_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest/browser"
	"sendoff/engine/message"
	"sendoff/engine/template"
)

// letter is a template as somebody gets it, its pictures in it.
func letter(t testing.TB, id, lang string, fields map[string]string) string {
	t.Helper()
	tpl, err := template.Open(id, lang)
	if err != nil {
		t.Fatal(err)
	}
	source, err := block.HTML(tpl.Document)
	if err != nil {
		t.Fatal(err)
	}
	c, findings := message.Compile(delivery.Content{From: "a@a.example", Subject: tpl.Subject, Preheader: tpl.Preheader, HTML: source})
	if c == nil {
		t.Fatalf("%+v", findings)
	}
	p, err := c.Preview(message.Recipient{Address: "ann@a.example", Fields: fields}, message.Envelope{UnsubscribeMailto: "mailto:stop@a.example"})
	if err != nil {
		t.Fatal(err)
	}
	out := p.HTML
	for _, a := range tpl.Assets {
		out = strings.ReplaceAll(out, block.AssetScheme+a.Hash, "data:"+a.Type+";base64,"+base64.StdEncoding.EncodeToString(a.Data))
	}
	return out
}

// TestLayout lays every template out on a phone and on a desk, by day and by
// night. With SENDOFF_PREVIEWS set, it writes the pictures of the gallery.
func TestLayout(t *testing.T) {
	b := browser.Start(t)
	pictures := os.Getenv("SENDOFF_PICTURES")
	for _, id := range template.IDs() {
		for _, lang := range template.Languages() {
			html := letter(t, id, lang, map[string]string{"first_name": "Ann", "city": "Utrecht"})
			for _, window := range []int{360, 1280} {
				for _, dark := range []bool{false, true} {
					b.Show(html, window, dark)
					for _, f := range b.Letter().Faults(window) {
						t.Errorf("%s.%s at %d, dark %v: %s", id, lang, window, dark, f)
					}
					if pictures != "" && (lang == "en" || !dark) {
						name := fmt.Sprintf("template-%s-%s-%d-%v.png", id, lang, window, map[bool]string{true: "dark", false: "light"}[dark])
						if err := os.WriteFile(filepath.Join(pictures, name), b.Picture("png", 0), 0o644); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			if os.Getenv("SENDOFF_PREVIEWS") != "" {
				b.Show(html, 648, false)
				if err := os.WriteFile(filepath.Join("previews", id+"."+lang+".jpg"), b.Clip("jpeg", 82, 648, 864, 600.0/648), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
