package main

import (
	"strings"
	"testing"

	"sendoff/engine/access"
	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/template"
)

// TestTemplateFile: a delivery file that names a template has its design, its HTML
// and its words in the language of the file, asking for fields that there are, and
// its pictures are kept.
func TestTemplateFile(t *testing.T) {
	f := &fake{fields: []delivery.Field{{Name: "Voornaam"}, {Name: "Woonplaats"}}}
	d, err := readDraft(t.Context(), f, access.Principal{}, write(t, "d.toml", `label = "Welkom"
template  = "welcome"
language  = "nl"
preheader = "Mijn eigen regel"`))
	if err != nil {
		t.Fatal(err)
	}
	c := d.Content
	if c.Language != "nl" || c.Preheader != "Mijn eigen regel" || !strings.HasPrefix(c.Subject, "Welkom, {{ Voornaam | default") {
		t.Errorf("%s: %s, %s", c.Language, c.Subject, c.Preheader)
	}
	doc, err := block.Parse([]byte(c.Design))
	if err != nil {
		t.Fatal(err)
	}
	html, err := block.HTML(doc)
	if err != nil || html != c.HTML || !strings.Contains(html, "{{ Woonplaats | default") {
		t.Errorf("the HTML is not that of the design: %v", err)
	}
	tpl, err := template.Open("welcome", "nl")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range tpl.Assets {
		if !strings.Contains(strings.Join(f.calls, "\n"), a.Name) {
			t.Errorf("%s is not kept: %v", a.Name, f.calls)
		}
	}
}

// TestTemplateList: of a list only the fields that are its own count.
func TestTemplateList(t *testing.T) {
	d, err := readDraft(t.Context(), &fake{}, access.Principal{}, write(t, "d.toml", "template = \"welcome\"\naudience = \"customers\""))
	if err != nil || d.Content.Language != "en" || !strings.Contains(d.Content.Subject, "{{ first_name |") || strings.Contains(d.Content.HTML, "Voornaam") {
		t.Errorf("%s, %s, %v", d.Content.Language, d.Content.Subject, err)
	}
}

func TestBadTemplate(t *testing.T) {
	for toml, want := range map[string]string{
		"template = \"welkom\"":                            "there are newsletter, offer",
		"template = \"offer\"\nhtml_inline = \"<p>x</p>\"": "both template and html",
	} {
		_, err := readDraft(t.Context(), &fake{}, access.Principal{}, write(t, "d.toml", toml))
		if !delivery.Is(err, delivery.KindTOML) || !strings.Contains(say(err), want) {
			t.Errorf("%s: %v", toml, err)
		}
	}
}
