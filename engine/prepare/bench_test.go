package prepare

import (
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// BenchmarkPress is the rendering of one message of 12 KB from its frozen fields, as
// every connection does it.
func BenchmarkPress(b *testing.B) {
	body := strings.Repeat("<p>A paragraph of the newsletter that everybody gets.</p>\n", 180)
	d := delivery.Draft{Content: delivery.Content{From: "Acme <news@acme.example>", Subject: "Hi {{ first_name }}",
		HTML: "<html><body><p>Dear {{ first_name }} of {{ city }}</p>" + body + "</body></html>",
		Text: "Dear {{ first_name }}, your code is {{ voucher }}."}}
	t, findings := message.Compile(d.Content)
	if t == nil {
		b.Fatal(findings)
	}
	p := NewPress(t, 1, d, "w", time.Now())
	var buf message.Buffer
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Render(&buf, 1, "ann@example.org", `{"first_name":"Ann","last_name":"Smith","city":"Utrecht","voucher":"A-1","language":"en"}`, time.Now()); err != nil {
			b.Fatal(err)
		}
	}
}
