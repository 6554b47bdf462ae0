package template_test

import (
	"slices"
	"strings"
	"testing"

	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/template"
)

// list is a list's fields, as an import makes them: “Label=name”, or the name alone.
func list(names ...string) []delivery.Field {
	var fs []delivery.Field
	for _, n := range names {
		label, name, other := strings.Cut(n, "=")
		if !other {
			name = label
		}
		fs = append(fs, delivery.Field{Name: name, Label: label, Type: delivery.FieldText})
	}
	return fs
}

// TestFit: what a template asks for is asked under the name that the list has.
func TestFit(t *testing.T) {
	text := func(s string) template.Template {
		return template.Template{Subject: s, Preheader: s, Document: block.Document{Blocks: []block.Block{{Kind: block.Text, Text: s}}}}
	}
	for _, c := range []struct {
		name   string
		fields []delivery.Field
		in     string
		want   string
	}{
		{"a Dutch list", list("Voornaam", "Woonplaats"), `{{ first_name | default: "je" }} in {{city}}`, `{{ Voornaam | default: "je" }} in {{Woonplaats}}`},
		{"the field itself before another name", list("Voornaam", "first_name"), `{{ first_name }}`, `{{ first_name }}`},
		{"the given name before the name used", list("Roepnaam", "Voornaam"), `{{ first_name }}`, `{{ Voornaam }}`},
		{"by its header", list("Prénom du client=prenom_du_client", "Prénom=p1"), `{{ first_name }}`, `{{ p1 }}`},
		{"spaces and signs", list("First name=First-Name"), `{{ first_name }}`, `{{ First-Name }}`},
		{"nothing that fits", list("Naam", "Achternaam", "postcode"), `{{ first_name | default: "je" }}`, `{{ first_name | default: "je" }}`},
		{"no fields", nil, `{{ first_name | default: "je" }}`, `{{ first_name | default: "je" }}`},
		{"not in text, quotes, properties or longer names", list("Plaats", "Voornaam"),
			`city {{ x | default: "city" }} {{ recipient.city }} {{ city_id }} {{ 'first_name' }} {{ city }}`,
			`city {{ x | default: "city" }} {{ recipient.city }} {{ city_id }} {{ 'first_name' }} {{ Plaats }}`},
		{"a date in full", []delivery.Field{{Name: "Afspraak", Type: delivery.FieldDate}}, `{{ appointment_date | default: "soon" }}{% if appointment_date == "" %}{% endif %}`,
			`{{ Afspraak | date: "long" | default: "soon" }}{% if Afspraak == "" %}{% endif %}`},
		{"a date under its own name", []delivery.Field{{Name: "appointment_date", Type: delivery.FieldDate}}, `{{ appointment_date | default: "soon" }}`,
			`{{ appointment_date | date: "long" | default: "soon" }}`},
		{"in tags", list("Plaats"), `{% if city == "Ede" and city %}{{ city }}{% endif %}`, `{% if Plaats == "Ede" and Plaats %}{{ Plaats }}{% endif %}`},
		{"not what is raw", list("Plaats"), `{% raw %}{{ city }}{% endraw %}{{ city }}`, `{% raw %}{{ city }}{% endraw %}{{ Plaats }}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := template.Fit(text(c.in), c.fields)
			for what, s := range map[string]string{"subject": got.Subject, "preheader": got.Preheader, "text": got.Document.Blocks[0].Text} {
				if s != c.want {
					t.Errorf("%s: %s\nwant %s", what, s, c.want)
				}
			}
		})
	}
}

// TestFitTemplates: fitted to a Dutch list no template asks for a field under its
// English name any more, in columns and conditions neither, and nothing else changes.
func TestFitTemplates(t *testing.T) {
	fields := list("Voornaam", "Woonplaats", "Afspraakdatum", "Tijd afspraak=tijd_afspraak")
	every(t, func(t *testing.T, id, lang string, tpl template.Template) {
		before := string(tpl.Document.JSON())
		got := template.Fit(tpl, fields)
		if string(tpl.Document.JSON()) != before {
			t.Error("the template itself was changed")
		}
		out, err := block.HTML(got.Document)
		if err != nil {
			t.Fatal(err)
		}
		c, found := message.Compile(delivery.Content{From: "a@a.example", Subject: got.Subject, Preheader: got.Preheader, HTML: out})
		if c == nil {
			t.Fatal(found)
		}
		for _, f := range c.Fields() {
			if !slices.Contains([]string{"unsubscribe_url", "sender.postal_address", "Voornaam", "Woonplaats", "Afspraakdatum", "tijd_afspraak"}, f.Name) {
				t.Errorf("asks for %s", f.Name)
			}
		}
		back := got
		for _, p := range []string{"Voornaam=first_name", "Woonplaats=city", "Afspraakdatum=appointment_date", "tijd_afspraak=appointment_time"} {
			from, to, _ := strings.Cut(p, "=")
			back.Subject = strings.ReplaceAll(back.Subject, from, to)
			before = strings.ReplaceAll(before, to, from)
		}
		if string(got.Document.JSON()) != before {
			t.Error("more than names changed")
		}
		if back.Subject != tpl.Subject {
			t.Errorf("subject %s", got.Subject)
		}
	})
}

// TestFitDate: whoever has the date reads it in the language of the letter, and the
// others read what stands there instead.
func TestFitDate(t *testing.T) {
	tpl, err := template.Open(template.Appointment, "nl")
	if err != nil {
		t.Fatal(err)
	}
	tpl = template.Fit(tpl, []delivery.Field{{Name: "Afspraakdatum", Type: delivery.FieldDate}})
	c, found := message.Compile(delivery.Content{From: "a@a.example", Subject: tpl.Subject, HTML: "<p>x</p>", Language: "nl"})
	if c == nil {
		t.Fatal(found)
	}
	for value, want := range map[string]string{"2026-12-01": "Je afspraak op 1 december 2026", "": "Je afspraak op de afgesproken dag"} {
		p, err := c.Preview(message.Recipient{Address: "a@a.example", Fields: map[string]string{"Afspraakdatum": value}}, message.Envelope{})
		if err != nil || p.Subject != want {
			t.Errorf("%q: %q, %v", value, p.Subject, err)
		}
	}
}
