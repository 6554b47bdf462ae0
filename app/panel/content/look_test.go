package content_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/panel/content"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
)

// letter is a content with something of everything, and some faults.
func letter(v *delivery.View) {
	v.Content = delivery.Content{From: "Acme Garden <news@acme.example>", Subject: "🌷 {{ first_name | default: \"Hello\" }}, three things to plant before the longest day",
		Preheader: "And a voucher for your shop in {{ city }}",
		HTML: `<!DOCTYPE html>
<html>
<head>
  <style>
    .button { background: #1f6feb; color: #ffffff; padding: 12px 20px; border-radius: 6px }
    @media (max-width: 600px) { .wide { width: 100% !important } }
  </style>
</head>
<body>
  <!-- the head of the letter -->
  <h1 style="color: #1b2430">Hello {{ first_name | default: "you" }} 🌷</h1>
  <p>Three things to plant before the longest day &amp; a voucher for your shop in {{ city }}.</p>
  {% if city == "Utrecht" %}<p>See you at the Vredenburg on Saturday.</p>{% else %}<p>See you online.</p>{% endif %}
  <img src="https://acme.example/flowers.png">
  <p><a class="button" href="http://acme.example/shop?utm_source=mail&utm_campaign=june">To the shop</a></p>
  <p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>
</body>
</html>`}
}

func TestLook(t *testing.T) {
	for _, o := range []paneltest.Options{{Lang: "en", Theme: "light", W: 1280, H: 766}, {Lang: "nl", Theme: "dark", W: 1024, H: 646}, {Lang: "nl", Theme: "light", W: 720, H: 560}} {
		for _, tab := range []string{"source", "text", "checks", "settings"} {
			w, p := open(t, o, tab, letter)
			w.UI.Until(t, "the findings", func() bool { _, known := p.Session().Findings(); return known && p.Session().Inbox().From != "" })
			w.Settle()
			w.NothingIsCut()
			w.Picture(strings.Join([]string{"content", tab, o.Lang, o.Theme}, "-"))
		}
	}
}

func TestLookOfParts(t *testing.T) {
	w, p := open(t, paneltest.Options{Lang: "nl", W: 1024, H: 646}, content.TabSource, letter)
	w.UI.Until(t, "the findings", func() bool { _, known := p.Session().Findings(); return known })
	w.Settle()
	p.Find()
	w.Settle()
	w.Picture("content-find")
	w.Key(fyne.KeyEscape, fyne.KeyF8)
	w.Picture("content-mark")
	w.Tap("Persoonlijk maken")
	w.Picture("content-personal")
	w.Choose("Voornaam – Joris")
	w.Picture("content-field")
	w.Tap("Annuleren")
	w.Tap("Persoonlijk maken")
	w.Choose("Alleen voor sommige personen…")
	w.Picture("content-only")
	w.Tap("Annuleren")
	w.Tap("Emoji invoegen")
	w.Picture("content-emoji")
}
