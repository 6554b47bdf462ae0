package message

import (
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
)

// envelope is a valid envelope for recipient 1.
func envelope() Envelope {
	return Envelope{
		Delivery:          12,
		Label:             "Summer time",
		Date:              time.Date(2026, 8, 10, 9, 0, 0, 0, time.FixedZone("", 2*3600)),
		Today:             time.Date(2026, 8, 10, 9, 0, 0, 0, time.FixedZone("", 2*3600)),
		MessageID:         MessageID(12, "w", 1, "acme.example"),
		UnsubscribeMailto: "mailto:news@acme.example?subject=unsubscribe%20abc",
	}
}

// compile compiles content from a valid sender, which must not be broken.
func compile(t testing.TB, c delivery.Content) *Template {
	t.Helper()
	if c.From == "" {
		c.From = "Acme <news@acme.example>"
	}
	tpl, findings := Compile(c)
	if tpl == nil {
		t.Fatalf("Compile(%+v): %+v", c, findings)
	}
	return tpl
}

func TestMessageIDIsStable(t *testing.T) {
	a := MessageID(1, "w", 2, "acme.example")
	if b := MessageID(1, "w", 2, "acme.example"); a != b {
		t.Errorf("not stable: %q, %q", a, b)
	}
	if !strings.HasPrefix(a, "<") || !strings.HasSuffix(a, "@acme.example>") {
		t.Errorf("not a msg-id of the domain: %q", a)
	}
	for _, other := range []string{MessageID(2, "w", 2, "acme.example"), MessageID(1, "v", 2, "acme.example"), MessageID(1, "w", 3, "acme.example"),
		MessageID(11, "", 2, "acme.example"), MessageID(1, "w\x001", 2, "acme.example")} {
		if a == other {
			t.Errorf("not unique: %q", a)
		}
	}
	if id := MessageID(1, "w", 2, "bücher.example"); !strings.HasSuffix(id, "@xn--bcher-kva.example>") {
		t.Errorf("domain not an A-label: %q", id)
	}
	if id := MessageID(1, "w", 2, "evil>\r\nBcc: x"); !messageID(id) {
		t.Errorf("broken by its domain: %q", id)
	}
}

func TestSumLeavesOutTheDate(t *testing.T) {
	tpl := compile(t, delivery.Content{Subject: "Hello", Text: "Hi {{ name }}"})
	r := Recipient{Address: "ann@example.org", Fields: map[string]string{"name": "Ann"}}
	e := envelope()
	var b Buffer
	first, err := tpl.Render(&b, r, e)
	if err != nil {
		t.Fatal(err)
	}
	data := string(first.Data)
	e.Date = e.Date.Add(time.Hour)
	second, err := tpl.Render(&b, r, e)
	if err != nil {
		t.Fatal(err)
	}
	if data == string(second.Data) {
		t.Error("the Date field did not change")
	}
	if first.Sum != second.Sum {
		t.Error("the sum changed with the date")
	}
	r.Fields["name"] = "Bob"
	third, err := tpl.Render(&b, r, e)
	if err != nil {
		t.Fatal(err)
	}
	if third.Sum == first.Sum {
		t.Error("the sum did not change with the body")
	}
}

func TestMissing(t *testing.T) {
	for _, c := range []struct {
		text, want string
	}{
		{`{{ a }}`, "a"},
		{`{{ a | default: "x" }}`, ""},
		{`{{ a | default: "" }}`, "a"},
		{`{{ a | upcase }} {{ b }}`, "a b"},
		{`{{ a }} {{ a }}`, "a"},
		{`{{ full }}`, ""},
		{`{{ space }}`, "space"},
		{`{% if a %}{{ a }}{% endif %}`, ""},
		{`{% if a == "" %}nobody{% else %}{{ a }}{% endif %}`, ""},
		{`{% if full %}{{ a }}{% endif %}`, "a"},
		{`{% unless full %}{{ a }}{% endunless %}`, ""},
		{`{% if b %}{{ a }}{% endif %}`, ""},
		{`{{ a | default: full }}`, ""},
		{`{{ a | default: b }}`, "b"},
		{`{% assign n = a %}{{ n }}`, "a"},
		{`{% assign n = a | default: "x" %}{{ n }}`, ""},
		{`{{ full | append: a }}`, "a"},
		{`{{ unsubscribe_url }}{{ recipient.email }}{{ delivery.label }}{{ today }}`, ""},
		{`{% case a %}{% when "x" %}{{ b }}{% else %}{{ full }}{% endcase %}`, ""},
	} {
		tpl := compile(t, delivery.Content{Subject: "s", Text: "x " + c.text})
		var b Buffer
		m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"full": "yes", "space": " \t"}}, envelope())
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		p, err := tpl.Preview(Recipient{Address: "ann@example.org", Fields: map[string]string{"full": "yes", "space": " \t"}}, envelope())
		if err != nil || strings.Join(p.Missing, " ") != c.want {
			t.Errorf("%s: preview misses %q, want %q (%v)", c.text, p.Missing, c.want, err)
		}
		if got := strings.Join(m.Missing, " "); got != c.want {
			t.Errorf("%s: missing %q, want %q", c.text, got, c.want)
		}
	}
}
