package preview_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/content"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/engine/preview"
	"sendoff/engine/preview/web"
	"sendoff/widgets"
)

const hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

const letter = `<!DOCTYPE html><html><body><span style="display:none">secret preheader</span>
<h1>Three things to plant</h1><p>Dear <b>{{ first_name | default: "gardener" }}</b>, the longest day is near. Read <a href="https://acme.example/a">what to do now</a>.</p>
<p align="center"><img src="asset:` + hash + `" alt="A row of tulips" width="280"></p>
<ul><li>Beans, in warm soil</li><li>Courgettes for your garden in {{ city }}</li></ul>
<p>שלום {{ first_name }}, מה שלומך היום</p>
<a href="https://acme.example/shop" style="display:inline-block;padding:12px 20px;background-color:#197c4a;color:#fff">Go to the shop</a>
<hr><p><img src="https://elsewhere.example/x.png" alt="Map"></p><p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>`

// tulips is a small picture.
func tulips(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range 7 {
		c := color.RGBA{uint8(200 - 20*i), 60, uint8(40 + 25*i), 255}
		draw.Draw(m, image.Rect(i*w/7, 0, (i+1)*w/7, h), image.NewUniform(c), image.Point{}, draw.Src)
	}
	return m
}

func open(t *testing.T, o paneltest.Options, edit func(*bridgetest.Engine, *delivery.View)) *paneltest.Window {
	t.Helper()
	e := bridgetest.New()
	v := bridgetest.Sample(7, delivery.Editing)
	v.Content.HTML = letter
	var b bytes.Buffer
	if err := png.Encode(&b, tulips(560, 200)); err != nil {
		t.Fatal(err)
	}
	e.SetAsset(hash, b.Bytes())
	e.SetRisks(preview.Risk{Reason: preview.Missing, Profile: 4, Fields: []string{"city"}}, preview.Risk{Reason: preview.Longest, Profile: 10, Fields: []string{"first_name"}},
		preview.Risk{Reason: preview.RightToLeft, Profile: 5}, preview.Risk{Reason: preview.Emoji, Profile: 6}, preview.Risk{Reason: preview.IDN, Profile: 7},
		preview.Risk{Reason: preview.Largest, Profile: 9, Size: 34_100})
	if edit != nil {
		edit(e, &v)
	}
	e.Put(v)
	w := paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen {
		return content.New(env, panel.Place{Screen: panel.Content, Delivery: 7, Tab: "preview"})
	})
	w.Settle()
	return w
}

// chip presses a chip by what it says.
func chip(t *testing.T, w *paneltest.Window, s string) {
	t.Helper()
	for _, k := range paneltest.All[*widgets.Chip](w) {
		if k.Text() == s {
			k.Tapped(nil)
			w.Settle()
			return
		}
	}
	t.Fatalf("there is no chip %q", s)
}

// The tab shows the message as the first person of the audience gets it, drawn from its
// HTML: what is hidden is not there, what is elsewhere is not fetched.
func TestOutline(t *testing.T) {
	for _, o := range []paneltest.Options{{Lang: "en", W: 1024, H: 700}, {Lang: "nl", Theme: "dark", W: 1024, H: 700}, {Lang: "en", W: 1440, H: 900}} {
		w := open(t, o, nil)
		w.Want("Three things to plant", "Eva", "Beans, in warm soil", "Go to the shop", w.Words.T("preview.image_remote", "alt", "Map"), "Eva Jansen · jansen.0@post.example")
		if w.Says("secret preheader") {
			t.Error("it shows what is hidden")
		}
		w.NothingIsCut()
		w.Picture("preview-" + o.Lang + o.Theme)
		w.Tap(w.Words.T("preview.desktop_tip"))
		w.Tap(w.Words.T("preview.dark_tip"))
		w.NothingIsCut()
		w.Picture("preview-desktop-" + o.Lang + o.Theme)
		w.Tap(w.Words.T("preview.images_tip"))
		w.Want(w.Words.T("preview.image_off", "alt", "A row of tulips"))
	}
}

// People are gone through with buttons and keys, found by a part of their address, and
// the riskiest are a press away.
func TestPeople(t *testing.T) {
	w := open(t, paneltest.Options{W: 1024, H: 700}, nil)
	w.Tap("The next person (Alt+Down)")
	w.Want("Noor de Vries")
	shortcut := func(k fyne.KeyName) {
		t.Helper()
		s, ok := w.Window.Canvas().(interface {
			TypedShortcut(fyne.Shortcut)
		})
		if !ok {
			t.Skip("the test canvas knows no shortcuts")
		}
		s.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierAlt})
		w.Settle()
	}
	shortcut(fyne.KeyDown)
	w.Want("Piet Bell")
	shortcut(fyne.KeyUp)
	shortcut(fyne.KeyUp)
	shortcut(fyne.KeyUp)
	w.Want("Eva Jansen")
	if n := len(w.Toasts); n == 0 || w.Toasts[n-1] != "This is the first person." {
		t.Errorf("%q", w.Toasts)
	}
	chip(t, w, "Empty: city")
	w.Want("Anna van den Berg")
	chip(t, w, "Largest: 34.1 kB")
	w.Want("Fatima")
	var search *widgets.Entry
	for _, e := range paneltest.All[*widgets.Entry](w) {
		search = e // the last one is that of the tab
	}
	search.SetText("vdberg")
	w.Window.Canvas().Focus(search.Target())
	w.Key(fyne.KeyReturn)
	w.Want("Nobody found")
	search.SetText("yılmaz.4@")
	w.Key(fyne.KeyReturn)
	w.Want("José")
}

// What is being written is shown at once, faults too.
func TestWriting(t *testing.T) {
	w := open(t, paneltest.Options{W: 1024, H: 700}, nil)
	p := w.Screen.(*content.Panel)
	write := func(html string, want ...string) {
		t.Helper()
		p.Session().Edit("", func(d *delivery.Draft) { d.Content.HTML = html })
		w.UI.Until(t, html, func() bool { return w.Says(want[0]) })
		w.Settle()
		w.Want(want...)
	}
	write("<h1>New words</h1><a href=x style='background:#123'>Press, {{ first_name }}</a>", "Press, Eva")
	write("{{ broken", "HTML, line 1")
	if w.Says("Press, Eva") {
		t.Error("what was there before a fault is still shown")
	}
	write("", "There is nothing to show yet.")
}

// The browser gets the view that is on the screen, and a proof the draft and the person.
func TestBrowserAndProof(t *testing.T) {
	w := open(t, paneltest.Options{W: 1024, H: 700}, nil)
	w.Tap("The next person (Alt+Down)")
	w.Tap("As a dark mail program shows it")
	w.Tap("Open in browser")
	if pages := w.Engine.Pages(); len(pages) != 1 || pages[0] != (web.View{Profile: 2, Dark: true}) || len(w.Launched) != 1 || w.Launched[0] != "http://127.0.0.1:4321/token/" {
		t.Errorf("%+v, %q", w.Engine.Pages(), w.Launched)
	}
	w.Tap("Send a proof…")
	w.Want("What you are writing is sent, saved or not.")
	w.Picture("preview-proof")
	es := paneltest.All[*widgets.Entry](w)
	es[len(es)-2].SetText("boss@acme.example")
	w.Settle()
	w.Tap("Send proof")
	sent, drafts := w.Engine.Proofs()
	if len(sent) != 1 || drafts != 1 || sent[0][0] != (delivery.ProofAddress{Address: "boss@acme.example", As: 2}) {
		t.Errorf("%v, %d", sent, drafts)
	}
}

// With a browser on the machine there is a true picture.
func TestPicture(t *testing.T) {
	w := open(t, paneltest.Options{W: 1024, H: 700}, nil)
	choose := func(mode string) {
		t.Helper()
		w.Tap("Outline")
		w.Choose(mode)
	}
	w.Tap("Outline")
	found := false
	for _, o := range w.Window.Canvas().Overlays().List() {
		paneltest.Walk(o, fyne.Position{}, func(o fyne.CanvasObject, _ fyne.Position) {
			if x, ok := o.(*widgets.Text); ok && x.Text() == "Picture" {
				found = true
			}
		})
	}
	if found {
		t.Error("there is a picture without a browser")
	}
	w.Choose("Text")
	w.Want("Dear Eva, the longest day is near.")
	w = open(t, paneltest.Options{W: 1024, H: 700}, func(e *bridgetest.Engine, _ *delivery.View) { e.SetPicture(tulips(360, 900)) })
	choose("Picture")
	if w.Says("Go to the shop") || w.Says("The browser draws it") {
		t.Error("it is no picture")
	}
	w.Picture("preview-picture")
}
