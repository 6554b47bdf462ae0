package message

import (
	"fmt"
	"strings"
	"testing"

	"sendoff/engine/delivery"
)

// campaign is content whose message has about 12 KB and 35 slots.
func campaign(html string) delivery.Content {
	var b strings.Builder
	b.WriteString("<!doctype html><html><head><style>@media x{a{b:c}}</style></head><body style=\"margin:0\">")
	for i := range 15 {
		fmt.Fprintf(&b, "<!--[if mso]><table width=\"600\"><tr><td><![endif]-->\n<table width=\"100%%\" cellpadding=\"0\"><tr><td style=\"padding:10px 25px;font-family:Arial,sans-serif;font-size:13px;line-height:1.5\">"+
			"<h2>Offer %d for {{ first_name | default: \"you\" }}</h2><p>Our shop in {{ city }} has kept something special, and we would love to show it to you before everyone else sees it on the shelves this coming week.</p>"+
			"<a href=\"https://shop.acme.example/offers/%d?c={{ code }}\" style=\"color:#ffffff;background:#0a58ca;padding:12px\">See the offer</a></td></tr></table>\n", i, i)
	}
	b.WriteString(html)
	b.WriteString("<p><a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></p></body></html>")
	return delivery.Content{From: "Acme <news@acme.example>", Subject: "Summer, {{ first_name | default: 'friend' }}!", Preheader: "Only in {{ city }}", HTML: b.String(),
		Text: "Hi {{ first_name | default: 'friend' }},\n\n" + strings.Repeat("Our shop has kept something special for you.\n", 30) + "\n{{ unsubscribe_url }}\n"}
}

func benchRender(b *testing.B, c delivery.Content) {
	tpl := compile(b, c)
	r := Recipient{Address: "ann@example.org", Fields: map[string]string{"first_name": "Zoë", "city": "'s-Hertogenbosch", "code": "A1B2C3"}}
	e := envelope()
	var buf Buffer
	var n int
	b.ReportAllocs()
	for b.Loop() {
		m, err := tpl.Render(&buf, r, e)
		if err != nil {
			b.Fatal(err)
		}
		n = len(m.Data)
	}
	b.ReportMetric(float64(n), "B/msg")
}

func BenchmarkRenderSpliced(b *testing.B) { benchRender(b, campaign("")) }

func BenchmarkRenderEngine(b *testing.B) {
	benchRender(b, campaign("{% if city contains 'bosch' %}<p>Welcome to Brabant</p>{% endif %}"))
}

func BenchmarkGuard(b *testing.B) {
	tpl := compile(b, campaign(""))
	var buf Buffer
	m, err := tpl.Render(&buf, Recipient{Address: "ann@example.org", Fields: map[string]string{"first_name": "Zoë"}}, envelope())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := Guard(m.Data, 20<<20); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(m.Data)), "B/msg")
}

func BenchmarkCompile(b *testing.B) {
	c := campaign("")
	for b.Loop() {
		if t, _ := Compile(c); t == nil {
			b.Fatal("broken")
		}
	}
}

func BenchmarkMessageID(b *testing.B) {
	for b.Loop() {
		MessageID(12, "0123456789abcdef", 123456, "acme.example")
	}
}
