package state_test

import (
	"slices"
	"testing"

	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/resources/translations"
)

func english(t *testing.T) *text.Catalog {
	t.Helper()
	c, err := text.Load(translations.FS, "en", nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Characters are what people count (UAX #29).
func TestCharacters(t *testing.T) {
	for s, want := range map[string]int{"": 0, "Hello": 5, "Grüße": 5, "e\u0301": 1, "👍🏽": 1, "👨‍👩‍👧‍👦": 1, "🇳🇱🇧🇪": 2, "❤️": 1, "日本": 2, "a\r\nb": 3} {
		if got := state.Characters(s); got != want {
			t.Errorf("%q has %d, want %d", s, got, want)
		}
	}
}

func TestCounter(t *testing.T) {
	c := english(t)
	of := func(n int) string { return string(slices.Repeat([]rune("é"), n)) }
	for _, k := range []struct {
		n    int
		says string
		tone state.Tone
	}{{0, "", state.Neutral}, {1, "1 characters", state.Quiet}, {38, "38 characters", state.Quiet},
		{39, "39 characters; phones show about 38", state.Quiet}, {65, "65 characters; phones show about 38", state.Quiet},
		{66, "66 characters; most inboxes cut it after 65", state.Amber}} {
		want := k.says
		if k.n == 1 {
			want = "1 character"
		}
		if says, tone := state.Counter(c, of(k.n)); says != want || tone != k.tone {
			t.Errorf("%d: %q %s, want %q %s", k.n, says, tone, want, k.tone)
		}
	}
}

func TestFirstTab(t *testing.T) {
	for _, k := range []struct {
		c    delivery.Content
		want string
	}{{delivery.Content{}, "design"}, {delivery.Content{HTML: "<p>"}, "source"}, {delivery.Content{HTML: "<p>", Design: "{}"}, "design"},
		{delivery.Content{Text: "x"}, "text"}, {delivery.Content{HTML: "<p>", Text: "x"}, "source"}} {
		if got := state.FirstTab(k.c); got != k.want {
			t.Errorf("%+v opens with %s, want %s", k.c, got, k.want)
		}
	}
}

func TestInboxOf(t *testing.T) {
	c := english(t)
	got := state.InboxOf(c, state.Mail{From: "Acme\n Garden", Subject: " Hello ", Preheader: "And\tmore", For: "anna@post.example"})
	if want := (state.InboxRow{From: "Acme Garden", Subject: "Hello", Preheader: "And more", Snippet: "– And more", Whose: "In the inbox of anna@post.example"}); got != want {
		t.Errorf("%+v", got)
	}
	if got := state.InboxOf(c, state.Mail{}); got.From != "No sender" || got.Subject != "No subject" || got.Snippet != "" || got.Whose != "In the inbox" {
		t.Errorf("%+v", got)
	}
}

// A finding leads to where it is written: for a design that made the HTML, to it.
func TestFindingTab(t *testing.T) {
	for part, want := range map[string]string{"html": "source", "text": "text", "from": "from", "subject": "subject", "preheader": "preheader",
		"reply_to": "settings", "attachment": "settings", "": ""} {
		if got := state.FindingTab(delivery.Finding{Part: part}, false); got != want {
			t.Errorf("%q leads to %q, want %q", part, got, want)
		}
	}
	if got := state.FindingTab(delivery.Finding{Part: "html"}, true); got != "design" {
		t.Errorf("of a design: %q", got)
	}
}

func TestSorted(t *testing.T) {
	in := []delivery.Finding{{Severity: delivery.SeverityInfo, Line: 1}, {Severity: delivery.SeverityError, Line: 2}, {Severity: delivery.SeverityWarning, Line: 3}, {Severity: delivery.SeverityError, Line: 4}}
	var lines []int
	for _, f := range state.Sorted(in) {
		lines = append(lines, f.Line)
	}
	if !slices.Equal(lines, []int{2, 4, 3, 1}) || in[0].Line != 1 {
		t.Errorf("%v", lines)
	}
}

func TestAttachmentOf(t *testing.T) {
	c := english(t)
	for _, k := range []struct {
		a     delivery.Attachment
		file  delivery.Asset
		known bool
		want  state.AttachmentRow
	}{
		{delivery.Attachment{Asset: "h"}, delivery.Asset{Name: "a.pdf", Size: 2048}, true, state.AttachmentRow{Name: "a.pdf", Note: c.Bytes(2048) + ", the same for everybody"}},
		{delivery.Attachment{Asset: "h", Name: "Plan.pdf"}, delivery.Asset{}, false, state.AttachmentRow{Name: "Plan.pdf", Note: "the same for everybody"}},
		{delivery.Attachment{Asset: "h"}, delivery.Asset{}, false, state.AttachmentRow{Name: "File", Note: "the same for everybody"}},
		{delivery.Attachment{File: "bills/{{ n }}.pdf"}, delivery.Asset{}, false, state.AttachmentRow{Name: "{{ n }}.pdf", Note: "for each recipient: bills/{{ n }}.pdf"}},
	} {
		if got := state.AttachmentOf(c, k.a, k.file, k.known); got != k.want {
			t.Errorf("%+v: %+v, want %+v", k.a, got, k.want)
		}
	}
}
