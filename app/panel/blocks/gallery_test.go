package blocks_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
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

// TestOnlyMore: a block is for those with more of a number, in the words of the
// list; a comparison that the field does not have is not offered.
func TestOnlyMore(t *testing.T) {
	w, p := open(t, paneltest.Options{H: 1600, W: 1280}, template.Greetings)
	w.Engine.SetFields(delivery.Field{Name: "age_2", Label: "Age (years)", Type: delivery.FieldNumber}, delivery.Field{Name: "city", Label: "Town"})
	p.Reload()
	w.Settle()
	w.Window.Canvas().Focus(board(t, w))
	w.Key(fyne.KeyHome, fyne.KeyDown)
	for _, k := range paneltest.All[*widgets.Check](w) {
		if k.AccessibilityLabel() == "Only for some people" {
			k.Tapped(nil)
		}
	}
	w.Settle()
	said := func(test message.Test) string { return w.Words.T("tag.op." + string(test)) }
	w.Tap(said(message.TestFilled))
	w.Choose(said(message.TestMore))
	entries(w)[len(entries(w))-1].SetText("17")
	w.Settle()
	if b := design(t, p).Blocks[1]; b.If != "age_2 > 17" {
		t.Errorf("%s", b.If)
	}
	w.Want("Age (years)")
	w.Picture("blocks-only-more")
	agree(t, p)
	w.Tap("Age (years)")
	w.Choose("Town")
	if b := design(t, p).Blocks[1]; b.If != `city == "17"` {
		t.Errorf("%s", b.If)
	}
}
