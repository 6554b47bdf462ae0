package blocks_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/content"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/template"
	"sendoff/widgets"
)

// open shows the design of a delivery; id names the template that it is, empty
// for none.
func open(t *testing.T, o paneltest.Options, id string) (*paneltest.Window, *content.Panel) {
	t.Helper()
	e := bridgetest.New()
	v := bridgetest.Sample(7, delivery.Editing)
	v.Content.HTML, v.Content.Design = "", ""
	if id != "" {
		lang := o.Lang
		if lang == "" {
			lang = "en"
		}
		tpl, err := template.Open(id, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range tpl.Assets {
			e.SetAsset(a.Hash, a.Data)
		}
		if v.Content.HTML, err = block.HTML(tpl.Document); err != nil {
			t.Fatal(err)
		}
		v.Content.Design, v.Content.Language = string(tpl.Document.JSON()), lang
	}
	e.Put(v)
	var p *content.Panel
	w := paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen {
		p = content.New(env, panel.Place{Screen: panel.Content, Delivery: 7, Tab: content.TabDesign})
		return p
	})
	w.Settle()
	return w, p
}

func TestPicture(t *testing.T) {
	for _, c := range []struct {
		name string
		o    paneltest.Options
		id   string
	}{
		{"gallery", paneltest.Options{W: 1280, H: 820}, ""},
		{"gallery-nl-1024", paneltest.Options{W: 1024, H: 700, Lang: "nl", Theme: "dark"}, ""},
		{"newsletter", paneltest.Options{W: 1280, H: 820}, template.Newsletter},
		{"offer-dark", paneltest.Options{W: 1280, H: 1400, Theme: "dark"}, template.Offer},
		{"welcome-nl-1024", paneltest.Options{W: 1024, H: 700, Lang: "nl"}, template.Welcome},
		{"appointment", paneltest.Options{W: 1440, H: 1400}, template.Appointment},
	} {
		w, _ := open(t, c.o, c.id)
		w.NothingIsCut()
		w.Picture("blocks-" + c.name)
	}
}

// TestPictureOfEditing photographs the editor with blocks chosen.
func TestPictureOfEditing(t *testing.T) {
	w, _ := open(t, paneltest.Options{W: 1280, H: 900}, template.Newsletter)
	w.Window.Canvas().Focus(paneltest.All[*widgets.Board](w)[0])
	w.Key(fyne.KeyHome, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown)
	w.NothingIsCut()
	w.Picture("blocks-text")
	w.Key(fyne.KeyDown, fyne.KeyDown)
	w.Picture("blocks-button")
	w, _ = open(t, paneltest.Options{W: 1280, H: 1100, Theme: "dark", Lang: "nl"}, template.Appointment)
	w.Tap("Donkere modus")
	w.Tap("Op een telefoon")
	w.Window.Canvas().Focus(paneltest.All[*widgets.Board](w)[0])
	w.Key(fyne.KeyEnd, fyne.KeyUp, fyne.KeyUp)
	w.NothingIsCut()
	w.Picture("blocks-night-phone-nl")
	w, _ = open(t, paneltest.Options{W: 1024, H: 700, Lang: "nl"}, template.Offer)
	w.Window.Canvas().Focus(paneltest.All[*widgets.Board](w)[0])
	w.Key(fyne.KeyEnd, fyne.KeyUp)
	w.NothingIsCut()
	w.Picture("blocks-social-nl-1024")
}
