package store_test

import (
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/store"
)

func TestDrafts(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if d, err := s.Draft(ctx, "content/DM1"); err != nil || d != (delivery.FormDraft{}) {
		t.Errorf("none: %+v, %v", d, err)
	}
	for _, value := range []string{"first", `{"subject":"Zoë"}`, strings.Repeat("x", 16<<20)} {
		if err := s.SaveDraft(ctx, "content/DM1", value); err != nil {
			t.Fatal(err)
		}
		if d, err := s.Draft(ctx, "content/DM1"); err != nil || d.Value != value || time.Since(d.At) > time.Minute {
			t.Errorf("%.20q: %.20q, %v, %v", value, d.Value, d.At, err)
		}
	}
	if err := s.SaveDraft(ctx, "content/DM1", strings.Repeat("x", 16<<20+1)); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("too much: %v", err)
	}
	if err := s.SaveDraft(ctx, "content/DM1", ""); err != nil {
		t.Fatal(err)
	}
	if d, err := s.Draft(ctx, "content/DM1"); err != nil || d != (delivery.FormDraft{}) {
		t.Errorf("forgotten: %.20q, %v", d.Value, err)
	}
}

func TestOldDraftsAreDropped(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, key := range []string{"old", "new"} {
		if err := s.SaveDraft(ctx, key, "text"); err != nil {
			t.Fatal(err)
		}
	}
	for key, days := range map[string]int{"old": -31, "new": -29} {
		if _, err := raw(t, dir).Exec(`UPDATE drafts SET at = ? WHERE key = ?`, time.Now().AddDate(0, 0, days).UnixMilli(), key); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	s = open(t, dir)
	if d, err := s.Draft(ctx, "old"); err != nil || d.Value != "" {
		t.Errorf("after 31 days %+v, %v", d, err)
	}
	if d, err := s.Draft(ctx, "new"); err != nil || d.Value != "text" {
		t.Errorf("after 29 days %+v, %v", d, err)
	}
	s.Close()
	ro, err := store.Open(ctx, store.Options{Dir: dir, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer ro.Close()
	if err := ro.SaveDraft(ctx, "new", "other"); !delivery.Is(err, delivery.KindReadOnly) {
		t.Errorf("read-only: %v", err)
	}
	if d, err := ro.Draft(ctx, "new"); err != nil || d.Value != "text" {
		t.Errorf("reading: %+v, %v", d, err)
	}
}
