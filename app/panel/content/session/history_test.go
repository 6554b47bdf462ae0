package session

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

// Back and forth are inverses: whatever was written, going back all the way and
// forth again ends where it began, and every step is a draft that there was.
func TestHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h history
		now := time.Unix(0, 0)
		d := delivery.Draft{}
		seen := map[string]bool{"": true}
		for range rapid.IntRange(0, 30).Draw(t, "changes") {
			now = now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "ms")) * time.Millisecond)
			h.add(rapid.SampledFrom([]string{"", "subject", "html"}).Draw(t, "kind"), d, now)
			d.Content.Subject = rapid.String().Draw(t, "subject")
			seen[d.Content.Subject] = true
		}
		last, steps := d, 0
		for {
			var ok bool
			if d, ok = h.back(d); !ok {
				break
			}
			if steps++; !seen[d.Content.Subject] {
				t.Fatalf("%q was never written", d.Content.Subject)
			}
		}
		for range steps {
			var ok bool
			if d, ok = h.forth(d); !ok {
				t.Fatal("a step forth is missing")
			}
		}
		if _, ok := h.forth(d); ok || d.Content.Subject != last.Content.Subject {
			t.Fatalf("ends at %q, want %q", d.Content.Subject, last.Content.Subject)
		}
	})
}

// Typing without a pause is one step; another field, a pause or a change that
// stands alone begins a new one.
func TestStepsOfTyping(t *testing.T) {
	var h history
	now := time.Unix(0, 0)
	for _, k := range []struct {
		kind  string
		after time.Duration
		want  int
	}{{"subject", 0, 1}, {"subject", time.Second, 1}, {"subject", time.Second, 1}, {"subject", 2 * time.Second, 2}, {"html", 0, 3}, {"", 0, 4}, {"", 0, 5}, {"html", 0, 6}} {
		now = now.Add(k.after)
		h.add(k.kind, delivery.Draft{}, now)
		if len(h.past) != k.want {
			t.Errorf("%q after %v: %d steps, want %d", k.kind, k.after, len(h.past), k.want)
		}
	}
}

// What is kept to go back is bounded, in steps and in bytes.
func TestHistoryIsBounded(t *testing.T) {
	var h history
	large := delivery.Draft{Content: delivery.Content{HTML: strings.Repeat("x", weight/4)}}
	for range 10 {
		h.add("", large, time.Time{})
	}
	if n := len(h.past); n != 4 {
		t.Errorf("%d large drafts are kept", n)
	}
	h = history{}
	for range 2 * steps {
		h.add("", delivery.Draft{}, time.Time{})
	}
	if n := len(h.past); n != steps {
		t.Errorf("%d small drafts are kept", n)
	}
}
