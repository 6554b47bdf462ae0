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
	body := strings.Repeat("<p>A paragraph of the newsletter that everybody gets.</p>\n", 100)
	d := delivery.Draft{Content: delivery.Content{From: "Acme <news@acme.example>", Subject: `{{ first_name | default: "friend" }}, your garden`,
		HTML: `<html><body><p>Dear {{ first_name | default: "friend" }} of {{ city | default: "town" }}: {{ shop }}</p>` + body +
			`<p>{{ voucher }}</p><p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>`}}
	t, findings := message.Compile(d.Content)
	if t == nil {
		b.Fatal(findings)
	}
	p := NewPress(t, 1, d, "w", time.Now())
	var buf message.Buffer
	const fields = `{"city":"Utrecht","country":"NL","first_name":"Zoë","gender":"f","language":"nl","last_name":"Smith","shop":"Utrecht Oudegracht","since":"2021-03-04","voucher":"A-1"}`
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Render(&buf, 1, "ann@example.org", fields, time.Now()); err != nil {
			b.Fatal(err)
		}
	}
}
