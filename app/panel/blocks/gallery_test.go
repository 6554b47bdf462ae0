package blocks_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/engine/template"
	"sendoff/widgets"
)

// TestFields: a template asks for what the audience has, under its names.
func TestFields(t *testing.T) {
	w, p := open(t, paneltest.Options{Lang: "nl"}, "")
	v, _ := w.Engine.Delivery(t.Context(), 7)
	v.Content.Subject = ""
	w.Engine.Put(v)
	w.Engine.SetFields(delivery.Field{Name: "Voornaam"}, delivery.Field{Name: "Woonplaats"})
	p.Reload()
	w.Settle()
	paneltest.All[*widgets.PictureCard](w)[slices.Index(template.IDs(), template.Welcome)].TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	w.Settle()
	c := p.Session().Draft().Content
	for _, want := range []string{"{{ Voornaam | default", "{{ Woonplaats | default"} {
		if !strings.Contains(c.HTML, want) {
			t.Errorf("the letter does not ask for %s", want)
		}
	}
	if strings.Contains(c.HTML, "{{ city") || strings.Contains(c.HTML, "{{ first_name") || !strings.Contains(c.Subject, "{{ Voornaam") {
		t.Errorf("subject %s", c.Subject)
	}
	agree(t, p)
}
