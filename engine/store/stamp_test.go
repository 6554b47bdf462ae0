package store_test

import (
	"context"
	"testing"
	"time"

	"sendoff/engine/segment"
	"sendoff/engine/store"
)

// TestChangesAreSeenWhenTheClockWasSetBack: whoever is changed after a time in the
// future was stamped is still found as changed.
func TestChangesAreSeenWhenTheClockWasSetBack(t *testing.T) {
	dir := t.TempDir()
	s, who := open(t, dir), marieke
	future := time.Now().Add(time.Hour).UnixMilli()
	if _, err := raw(t, dir).Exec(`UPDATE meta SET value = ? WHERE key = 'stamp'`, future); err != nil {
		t.Fatal(err)
	}
	var x segment.Index
	sync := func() int64 {
		t.Helper()
		n, err := s.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer n.Close()
		if err := x.Sync(t.Context(), n, nil); err != nil {
			t.Fatal(err)
		}
		var newest int64
		if err := n.People(context.Background(), -1, func(p segment.Person) error { newest = max(newest, p.Modified); return nil }); err != nil {
			t.Fatal(err)
		}
		return newest
	}
	id, err := s.AddProfile(t.Context(), who, store.Profile{Address: "a@x.example", Key: "a@x.example", Fields: `{"city":"Ede"}`})
	if err != nil {
		t.Fatal(err)
	}
	if newest := sync(); newest != future+1 {
		t.Errorf("stamped %d, the last one was %d", newest, future)
	}
	// So is a denial, or the next change would be earlier than it.
	if err := s.Deny(t.Context(), who, []int64{id}, true); err != nil {
		t.Fatal(err)
	}
	if newest := sync(); newest != future+2 {
		t.Errorf("a denial was stamped %d, the last one was %d", newest, future+1)
	}
	if err := s.EditProfile(t.Context(), who, id, store.Profile{Address: "a@x.example", Key: "a@x.example", Fields: `{"city":"Zeist"}`}); err != nil {
		t.Fatal(err)
	}
	sync()
	if vs := x.Values("city", "", 5); len(vs) != 1 || vs[0].Text != "Zeist" {
		t.Errorf("the index has %v", vs)
	}
	if err := s.DeleteProfile(t.Context(), who, id); err != nil {
		t.Fatal(err)
	}
	sync()
	if x.Len() != 0 {
		t.Error("somebody who was deleted is still there")
	}
}
