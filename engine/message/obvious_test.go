package message

import (
	"bytes"
	htmltemplate "html/template"
	"strings"
	"testing"
	texttemplate "text/template"

	"github.com/wneessen/go-mail"

	"sendoff/engine/delivery"
)

// golang writes the content of the benchmarks in the language of Go's templates.
func golang(c delivery.Content) delivery.Content {
	r := strings.NewReplacer(`{{ first_name | default: "you" }}`, `{{ or .first_name "you" }}`, `{{ first_name | default: 'friend' }}`, `{{ or .first_name "friend" }}`,
		"{{ city }}", "{{ .city }}", "{{ code }}", "{{ .code }}", "{{ unsubscribe_url }}", "{{ .unsubscribe_url }}")
	c.Subject, c.Preheader, c.HTML, c.Text = r.Replace(c.Subject), r.Replace(c.Preheader), r.Replace(c.HTML), r.Replace(c.Text)
	return c
}

// BenchmarkRenderObvious is the message of BenchmarkRenderSpliced as one writes it
// at first: html/template for the HTML, text/template for the rest, go-mail for
// the message. It leaves the preheader and the sum out.
func BenchmarkRenderObvious(b *testing.B) {
	c := golang(campaign(""))
	html := htmltemplate.Must(htmltemplate.New("").Parse(c.HTML))
	text := texttemplate.Must(texttemplate.New("").Parse(c.Text))
	subject := texttemplate.Must(texttemplate.New("").Parse(c.Subject))
	values := map[string]string{"first_name": "Zoë", "city": "'s-Hertogenbosch", "code": "A1B2C3"}
	e := envelope()
	var out, line bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		values["unsubscribe_url"] = e.UnsubscribeMailto
		line.Reset()
		if err := subject.Execute(&line, values); err != nil {
			b.Fatal(err)
		}
		m := mail.NewMsg()
		if err := m.From(c.From); err != nil {
			b.Fatal(err)
		}
		if err := m.To("ann@example.org"); err != nil {
			b.Fatal(err)
		}
		m.Subject(line.String())
		m.SetDateWithValue(e.Date)
		m.SetMessageIDWithValue(strings.Trim(e.MessageID, "<>"))
		m.SetGenHeader(mail.HeaderListUnsubscribe, "<"+e.UnsubscribeMailto+">")
		if err := m.SetBodyTextTemplate(text, values); err != nil {
			b.Fatal(err)
		}
		if err := m.AddAlternativeHTMLTemplate(html, values); err != nil {
			b.Fatal(err)
		}
		out.Reset()
		if _, err := m.WriteTo(&out); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "B/msg")
}

// BenchmarkWhole is what the engine does with each message before it leaves:
// Render with its sum, then Guard.
func BenchmarkWhole(b *testing.B) {
	tpl := compile(b, campaign(""))
	r := Recipient{Address: "ann@example.org", Fields: map[string]string{"first_name": "Zoë", "city": "'s-Hertogenbosch", "code": "A1B2C3"}}
	e := envelope()
	var buf Buffer
	b.ReportAllocs()
	for b.Loop() {
		m, err := tpl.Render(&buf, r, e)
		if err == nil {
			err = Guard(m.Data, 20<<20)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
