package session

import (
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
)

// TestSnippet: without a preheader an inbox shows how the message begins, in its
// words and not in the addresses of its links.
func TestSnippet(t *testing.T) {
	now := time.Date(2026, 6, 1, 9, 30, 0, 0, time.UTC)
	p := delivery.Profile{Address: "a@x.example", Fields: map[string]string{"name": "Ann"}}
	for _, c := range []struct{ html, preheader, want string }{
		{`<p><a href="https://acme.example/{{ name }}">Acme</a></p><p>Dear {{ name }}, 3 < 4 and <a href="mailto:x@y.example">write</a>.</p>`, "", "Acme Dear Ann, 3 < 4 and write."},
		{`<p><a href="https://acme.example">Acme</a></p>`, "Read this", "Read this"},
	} {
		d := delivery.Draft{Content: delivery.Content{HTML: c.html, Preheader: c.preheader}}
		if got := strings.Join(strings.Fields(inboxOf(d, p, now).Preheader), " "); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	long := delivery.Draft{Content: delivery.Content{HTML: "<p>" + strings.Repeat("é", 9000) + "</p>"}}
	if got := inboxOf(long, p, now).Preheader; len(got) > 1000 || strings.Trim(got, "é") != "" {
		t.Errorf("%d bytes, %q", len(got), got[len(got)-8:])
	}
}
