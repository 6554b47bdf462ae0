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
