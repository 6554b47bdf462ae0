package engine_test

import (
	"strings"
	"testing"

	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/template"
)

// TestDesign: a content with a design says what the design says, whatever HTML
// came with it; a design that cannot be is not stored.
func TestDesign(t *testing.T) {
	w := newWork(t, t.TempDir(), 1)
	v, err := w.Delivery(t.Context(), w.id)
	if err != nil {
		t.Fatal(err)
	}
	tpl, err := template.Open(template.Welcome, "nl")
	if err != nil {
		t.Fatal(err)
	}
	want, err := block.HTML(tpl.Document)
	if err != nil {
		t.Fatal(err)
	}
	d := v.Draft
	d.Content.Design, d.Content.HTML = " "+string(tpl.Document.JSON())+"\n", "<p>something else"
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	if v, err = w.Delivery(t.Context(), w.id); err != nil {
		t.Fatal(err)
	}
	if v.Content.HTML != want || v.Content.Design != string(tpl.Document.JSON()) || v.Content.Language != "nl" {
		t.Errorf("stored %d bytes of HTML in %q, want %d", len(v.Content.HTML), v.Content.Language, len(want))
	}
	d.Content.Language = "nl-BE"
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	if v, _ = w.Delivery(t.Context(), w.id); !strings.Contains(v.Content.HTML, `lang="nl-BE"`) || !strings.Contains(v.Content.Design, `"nl-BE"`) {
		t.Error("the language of the content is not that of its design")
	}
	want = v.Content.HTML
	for _, c := range []struct {
		design string
		kind   delivery.Kind
		field  string
	}{
		{"{", delivery.KindInvalid, "design"},
		{strings.Replace(d.Content.Design, `"level":1`, `"level":9`, 1), delivery.KindInvalid, "blocks[1].level"},
		{strings.Replace(d.Content.Design, `| default: \"plantenvriend\" }}`, `|`, 1), delivery.KindTemplate, "blocks[1].text"},
	} {
		d.Content.Design = c.design
		err := w.EditDelivery(t.Context(), w.who, w.id, d)
		e, ok := err.(*delivery.Error)
		if !ok || e.Kind != c.kind || e.Field != c.field {
			t.Errorf("%v, want %s %s", err, c.kind, c.field)
		}
	}
	if v, err = w.Delivery(t.Context(), w.id); err != nil || v.Content.HTML != want {
		t.Errorf("what was refused left a trace: %v", err)
	}
}

// TestTemplatesAreDelivered: each template, in Dutch, from its pictures to the
// mailbox: prepared without an error, sent, and read by an independent parser
// with its pictures inside, byte for byte.
func TestTemplatesAreDelivered(t *testing.T) {
	for _, id := range template.IDs() {
		t.Run(id, func(t *testing.T) {
			w, _, box, _ := signingWork(t, 2)
			tpl, err := template.Open(id, "nl")
			if err != nil {
				t.Fatal(err)
			}
			pictures := map[string]bool{}
			for _, a := range tpl.Assets {
				got, err := w.AddAsset(t.Context(), w.who, a.Name, a.Data)
				if err != nil || got.Hash != a.Hash || got.Width != a.Width || got.Height != a.Height {
					t.Fatalf("%s: %+v, %v", a.Name, got, err)
				}
				pictures[string(a.Data)] = true
			}
			w.edit(func(c *delivery.Content) {
				c.Subject, c.Preheader, c.HTML, c.Design = tpl.Subject, tpl.Preheader, "", string(tpl.Document.JSON())
			})
			plan := w.prepare()
			for _, f := range plan.Findings {
				// The list has no appointments; the tag has a default.
				if f.Code == delivery.FindUnknownField && id == template.Appointment {
					continue
				}
				if f.Severity != delivery.SeverityInfo && f.Part == "html" {
					t.Errorf("found %s: %s", f.Code, f.Detail)
				}
			}
			if err := w.Confirm(t.Context(), w.who, w.id, plan.Hash); err != nil {
				t.Fatal(err)
			}
			w.Run()
			w.until(delivery.Finished)
			got := box.all()
			if len(got) != 2 {
				t.Fatalf("%d messages", len(got))
			}
			for to, data := range got {
				e := envelopeOf(t, data)
				if len(e.Inlines) != len(pictures) {
					t.Errorf("%s: %d pictures, want %d", to, len(e.Inlines), len(pictures))
				}
				for _, part := range e.Inlines {
					if !pictures[string(part.Content)] || !strings.Contains(e.HTML, "cid:"+part.ContentID) {
						t.Errorf("%s: another picture, or one that is not shown: %s", to, part.ContentID)
					}
				}
				if strings.Contains(e.HTML, block.AssetScheme) || !strings.Contains(e.HTML, `lang="nl"`) || !strings.Contains(e.Text, "Afmelden <") {
					t.Errorf("%s: HTML of %d bytes, text:\n%s", to, len(e.HTML), e.Text)
				}
			}
		})
	}
}
